"""Records: the members, types and order that AWS's own have, for every type of event."""

import json

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.events.records import make_detail
from tests.messaging.people import CANADA, GERMANY, US

# Where the lists below come from.
EVENT_DATA = 'user guide, "Example event data"'
EVENT_BRIDGE = 'user guide, "Monitoring with EventBridge"'
RCS_EVENTS = 'user guide, "RCS message events"'

EVERY_TYPE = ("eventType", "eventVersion", "eventTimestamp", "isFinal")
NUMBERS = ("originationPhoneNumber", "destinationPhoneNumber", "isoCountryCode")
NETWORK = ("mcc", "mnc", "carrierName")
IDS = ("messageId", "messageRequestTimestamp")
STATUS = ("messageType", "messageStatus", "messageStatusDescription", "context")
PRICES = ("totalMessageParts", "totalMessagePrice", "totalCarrierFee")
PROTECT = ("protectConfiguration", "protectConfigurationAssessment")

ORDINARY = (*EVERY_TYPE, *NUMBERS, "isInternationalSend")
TEXT_END = (*IDS, "messageEncoding", *STATUS, *PRICES)
NAMED = (*ORDINARY, *NETWORK, *TEXT_END)
UNNAMED = (*ORDINARY, *TEXT_END)
BLOCKED = (*EVERY_TYPE, "destinationPhoneNumber", "isoCountryCode", *TEXT_END)
PROTECT_BLOCKED = (*EVERY_TYPE, *NUMBERS, "mcc", "mnc", *TEXT_END, *PROTECT)
MEDIA = ("contentType", *EVERY_TYPE, *NUMBERS, *IDS, *STATUS, *PRICES)
MEDIA_BLOCKED = tuple(name for name in MEDIA if name != "originationPhoneNumber")
CALLING = (*EVERY_TYPE, *NUMBERS, *IDS, "messageStatus", "context")
CALLED = (
    *CALLING[:-1],
    "callDurationInSeconds",
    "totalDurationInMinutes",
    "totalMessagePrice",
    "context",
)
RCS = (*UNNAMED, "rcsBusinessId", "agentIsoCountryCode")
RCS_DELIVERED = (*UNNAMED, "rcsMetadata", "rcsBusinessId", "agentIsoCountryCode")
RCS_BLOCKED = tuple(name for name in RCS if name != "isInternationalSend") + PROTECT

# The exact members of each type, in their order, with the source of the list; a context is given.
MEMBERS = {
    "TEXT_PENDING": (UNNAMED, "inferred: no network is known yet"),
    "TEXT_QUEUED": (UNNAMED, "inferred: no network is known yet"),
    "TEXT_SUCCESSFUL": (NAMED, "observed/TEXT_SUCCESSFUL-1.json"),
    "TEXT_DELIVERED": (NAMED, "observed/TEXT_DELIVERED-2.json"),
    "TEXT_INVALID": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_INVALID_MESSAGE": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_UNREACHABLE": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_CARRIER_UNREACHABLE": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json"),
    "TEXT_BLOCKED": (BLOCKED, "observed/TEXT_BLOCKED-1.json"),
    "TEXT_CARRIER_BLOCKED": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_SPAM": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_UNKNOWN": (UNNAMED, "observed/TEXT_CARRIER_UNREACHABLE-1.json, another failure"),
    "TEXT_TTL_EXPIRED": (NAMED, "observed/TEXT_TTL_EXPIRED-1.json"),
    "TEXT_PROTECT_BLOCKED": (PROTECT_BLOCKED, f"{EVENT_DATA}, SMS Protect example log"),
    "VOICE_INITIATED": (CALLING, f"observed/eventbridge-VOICE_INITIATED-1.json; {EVENT_BRIDGE}"),
    "VOICE_RINGING": (CALLING, "inferred: the call is not over, as with VOICE_INITIATED"),
    "VOICE_ANSWERED": (CALLING, "inferred: the call is not over, as with VOICE_INITIATED"),
    "VOICE_COMPLETED": (CALLED, f"{EVENT_DATA}, Voice example event log"),
    "VOICE_BUSY": (CALLED, f"{EVENT_DATA}, table of voice events"),
    "VOICE_NO_ANSWER": (CALLED, f"{EVENT_DATA}, table of voice events"),
    "VOICE_FAILED": (CALLED, f"{EVENT_DATA}, table of voice events"),
    "VOICE_TTL_EXPIRED": (CALLED, f"{EVENT_DATA}, table of voice events"),
    **dict.fromkeys(
        [each for each in EVENT_TYPES if each.startswith("MEDIA_")],
        (MEDIA, f"{EVENT_DATA}, MMS example log"),
    ),
    "MEDIA_BLOCKED": (MEDIA_BLOCKED, "inferred: it gets no further than a blocked text"),
    "RCS_QUEUED": (RCS, f"{RCS_EVENTS}, common fields"),
    "RCS_SENT": (RCS, f"{RCS_EVENTS}, common fields"),
    "RCS_DELIVERED": (RCS_DELIVERED, f"{RCS_EVENTS}, delivery status events"),
    "RCS_READ": (RCS, "observed/RCS_READ-1.json"),
    "RCS_FAILED": (RCS, f"{RCS_EVENTS}, common fields"),
    "RCS_TTL_EXPIRED": (RCS, f"{RCS_EVENTS}, common fields"),
    "RCS_PROTECT_BLOCKED": (RCS_BLOCKED, "inferred: as TEXT_PROTECT_BLOCKED"),
    "RCS_FALLEN_BACK_TO_SMS": (RCS, f"{RCS_EVENTS}, common fields"),
}
TYPES = {
    "eventTimestamp": int,
    "isFinal": bool,
    "isInternationalSend": bool,
    "messageRequestTimestamp": int,
    "context": dict,
    "totalMessageParts": int,
    "totalMessagePrice": float,
    "totalCarrierFee": float,
    "callDurationInSeconds": int,
    "totalDurationInMinutes": int,
    "rcsMetadata": dict,
    "protectConfiguration": dict,
    "protectConfigurationAssessment": dict,
}
CAPABILITIES = {"text": "SMS", "media": "MMS", "voice": "VOICE", "rcs": "RCS"}


@pytest.fixture
def send(request):
    """Send a message of a channel."""

    def call(channel, **members):
        if channel == "text":
            request.getfixturevalue("number")
        return request.getfixturevalue(channel)(**members)

    return call


@pytest.fixture
def rule(sms, protection):
    """Set the rule of a country in the protect configuration."""

    def update(status, capability="SMS", country="US"):
        # The rule for SMS holds for RCS too.
        for each in {capability, "SMS"} if capability == "RCS" else {capability}:
            sms.update_protect_configuration_country_rule_set(
                ProtectConfigurationId=protection.id,
                NumberCapability=each,
                CountryRuleSetUpdates={country: {"ProtectStatus": status}},
            )

    return update


def test_every_type_has_its_list():
    """The lists contain all types."""
    assert set(MEMBERS) == set(EVENT_TYPES)


@pytest.mark.rule("event-record-members", "event-record-order")
@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_the_members_of_each_type(emulator, send, protection, rule, event_type):
    """A record has exactly the members that AWS's has, in the same order, with the same types."""
    members, _source = MEMBERS[event_type]
    channel = EVENT_TYPES[event_type].channel
    given = {}
    if "PROTECT_BLOCKED" in event_type:
        rule("FILTER", CAPABILITIES[channel])
        given = {"ProtectConfigurationId": protection.id}
    emulator.outcome(event_type)

    message = send(channel, Context={"order": "17"}, **given)

    [record] = [each for each in message.events if each["eventType"] == event_type]
    assert tuple(record) == members
    assert {name: type(value) for name, value in record.items()} == {
        name: TYPES.get(name, str) for name in members
    }


# Values.


def test_the_record_of_a_text(text, number):
    """Each member of a text's record has its value."""
    message = text(Context={"order": "17"}, MessageType="TRANSACTIONAL")
    sent, delivered = message.events

    assert delivered == {
        "eventType": "TEXT_DELIVERED",
        "eventVersion": "1.0",
        "eventTimestamp": int(message.created.timestamp() * 1000),
        "isFinal": True,
        "originationPhoneNumber": number.phone_number,
        "destinationPhoneNumber": US,
        "isoCountryCode": "US",
        "isInternationalSend": False,
        "mcc": "310",
        "mnc": "800",
        "carrierName": "T-mobile USA Inc.",
        "messageId": message.id,
        "messageRequestTimestamp": int(message.created.timestamp() * 1000),
        "messageEncoding": "GSM",
        "messageType": "TRANSACTIONAL",
        "messageStatus": "DELIVERED",
        "messageStatusDescription": "Message has been accepted by phone",
        "context": {"order": "17"},
        "totalMessageParts": 1,
        "totalMessagePrice": 0.00581,
        "totalCarrierFee": 0.006,
    }
    assert sent["messageStatus"] == "SUCCESSFUL"
    assert sent["messageStatusDescription"] == "Message has been accepted by phone carrier"


@pytest.mark.rule("event-record-encoding")
def test_the_record_of_a_long_text(text, number):
    """Parts are counted and priced, and the encoding is in capitals."""
    record = text(MessageBody="ж" * 135).events[-1]

    assert record["messageEncoding"] == "UNICODE"
    assert record["totalMessageParts"] == 3
    assert record["totalMessagePrice"] == pytest.approx(3 * 0.00581)
    assert record["totalCarrierFee"] == pytest.approx(3 * 0.006)


def test_the_record_of_a_picture(media):
    """An MMS has its type, and one part."""
    record = media(MessageBody="A cat").events[-1]

    assert (record["contentType"], record["totalMessageParts"]) == ("MMS", 1)


def test_the_records_of_a_call(voice):
    """A call's duration and price are in the last record."""
    *before, completed = voice(MessageBody="word " * 200).events

    assert [each["messageStatus"] for each in before] == ["INITIATED", "RINGING", "ANSWERED"]
    assert completed["callDurationInSeconds"] == 67
    assert completed["totalDurationInMinutes"] == 2
    assert completed["totalMessagePrice"] == pytest.approx(2 * 0.013)


def test_an_unanswered_call(emulator, voice):
    """The call ends at once, and costs nothing."""
    emulator.outcome("VOICE_NO_ANSWER")

    [record] = voice().events

    assert record["callDurationInSeconds"] == record["totalDurationInMinutes"] == 0
    assert record["totalMessagePrice"] == 0


def test_a_call_in_ssml_lasts_as_long_as_its_words(voice):
    """Tags are not spoken."""
    ssml = "<speak>" + "<break/>" * 100 + "Hello</speak>"

    completed = voice(MessageBody=ssml, MessageBodyTextType="SSML").events[-1]

    assert completed["callDurationInSeconds"] == 1


@pytest.mark.rule("event-record-network")
@pytest.mark.parametrize(
    ("number_type", "network"),
    [("SHORT_CODE", ["carrierName"]), ("TOLL_FREE", []), ("TEN_DLC", list(NETWORK))],
)
def test_the_network_of_a_sent_text(emulator, text, number_type, network):
    """Short codes get only the carrier, toll-free numbers nothing, others everything."""
    emulator.add_number("+12065550107", number_type=number_type)

    record = text(OriginationIdentity="+12065550107").events[0]

    assert record["messageStatus"] == "SUCCESSFUL"
    assert [name for name in record if name in NETWORK] == network


def test_a_country_without_a_known_carrier(text, number):
    """Unknown networks are omitted."""
    record = text(DestinationPhoneNumber=GERMANY, OriginationIdentity=number.id).events[-1]

    assert record["isoCountryCode"] == "DE"
    assert not set(record) & set(NETWORK)


def test_without_a_context(text, number):
    """A context that was not given is absent."""
    assert all("context" not in record for record in text().events)


def test_international_sending(emulator, text):
    """A record has whether the number can send abroad."""
    emulator.add_number("+12065550107", international_sending_enabled=True)

    record = text(OriginationIdentity="+12065550107").events[-1]

    assert record["isInternationalSend"] is True


def test_a_sender_id_is_the_origin(sms, text, sender_id):
    """A sender ID is in the place of a number."""
    record = text(DestinationPhoneNumber="+447700900123", OriginationIdentity="SHOP").events[-1]

    assert record["originationPhoneNumber"] == "SHOP"


@pytest.mark.rule("event-blocked")
@pytest.mark.parametrize("channel", ["text", "media"])
def test_a_blocked_message(emulator, send, sms, channel):
    """A message that AWS blocks costs nothing, and does not count towards the limit."""
    emulator.outcome(f"{channel.upper()}_BLOCKED")

    message = send(channel)

    [record] = message.events
    assert record["messageStatusDescription"] == "Phone has blocked SMS"
    assert (record["totalMessagePrice"], record["totalCarrierFee"]) == (0, 0)
    assert message.price == 0
    assert all(
        not any(month.values())
        for month in engine_of(emulator).account("123456789012", "us-east-1").spent.values()
    )


@pytest.mark.rule("event-ttl-expired")
@pytest.mark.parametrize("channel", ["text", "media"])
def test_a_message_that_expires(emulator, send, channel):
    """A message that is not delivered in time has a price, and a record of that."""
    emulator.outcome(f"{channel.upper()}_TTL_EXPIRED")

    [record] = send(channel).events

    assert record["messageStatusDescription"] == "The delivery TTL has expired"
    assert record["totalMessagePrice"] > 0


# Protect configurations.


@pytest.mark.rule("event-protect-configuration")
@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("status", ["ALLOW", "MONITOR", "FILTER"])
@pytest.mark.parametrize("channel", CAPABILITIES)
def test_the_protect_configuration_is_last_in_every_record(send, protection, rule, channel, status):
    """Records of a message that a protect configuration decided about end with it."""
    rule(status, CAPABILITIES[channel])

    records = send(channel, ProtectConfigurationId=protection.id).events

    judged = {"protectConfigurationId": protection.id, "protectStatus": status}
    assessed = PROTECT if status != "ALLOW" else PROTECT[:1]
    assert records
    for record in records:
        assert tuple(record)[-len(assessed) :] == assessed
        assert record["protectConfiguration"] == judged


@pytest.mark.rule("protect-monitor-recommendation")
@pytest.mark.since("1.40")
@pytest.mark.parametrize(
    ("outcome", "recommendation"),
    [(None, "BLOCK"), ("TEXT_PROTECT_BLOCKED", "BLOCK"), ("TEXT_DELIVERED", "ALLOW")],
)
def test_monitor_recommends(emulator, text, number, protection, rule, outcome, recommendation):
    """With MONITOR, every record has the decision of FILTER, and the message is sent."""
    rule("MONITOR")
    if outcome:
        emulator.outcome(outcome)

    message = text(ProtectConfigurationId=protection.id)

    assert message.status == "DELIVERED"
    assert [
        each["protectConfigurationAssessment"]["protectRecommendation"] for each in message.events
    ] == [recommendation] * 2


@pytest.mark.rule("protect-filter-assessment")
@pytest.mark.since("1.40")
def test_filter_recommends(emulator, text, number, protection, rule):
    """FILTER's decision is in the record: allowed, or blocked with the reason, without a price."""
    rule("FILTER")
    emulator.outcome("TEXT_DELIVERED", times=1)

    passed = text(ProtectConfigurationId=protection.id).events[-1]
    [blocked] = text(ProtectConfigurationId=protection.id).events

    assert passed["protectConfigurationAssessment"] == {"protectRecommendation": "ALLOW"}
    assert blocked["messageStatus"] == "PROTECT_BLOCKED"
    assert blocked["messageStatusDescription"] == "Message blocked by protect configuration"
    assert (blocked["totalMessagePrice"], blocked["totalCarrierFee"]) == (0, 0)
    assert blocked["protectConfigurationAssessment"] == {
        "protectRecommendation": "BLOCK",
        "protectInsights": {"blockReason": "AIT_SUSPECTED"},
    }


def test_without_a_protect_configuration(text, number):
    """Without a decision, the members are missing."""
    assert all(not set(record) & set(PROTECT) for record in text().events)


# EventBridge, conversations.


@pytest.mark.rule("event-bridge-detail")
def test_the_detail_of_event_bridge(text, number, protection, rule):
    """It has all members except the recipient and the context."""
    rule("ALLOW")
    record = text(Context={"order": "17"}, ProtectConfigurationId=protection.id).events[-1]

    detail = make_detail(record)

    assert list(detail) == [
        name for name in record if name not in ("destinationPhoneNumber", "context")
    ]
    assert "protectConfiguration" in detail


@pytest.mark.rule("event-conversation")
@pytest.mark.since("1.44.5")
def test_the_record_of_a_conversation(rcs):
    """The delivery of a message in a conversation has its members, after the agent."""
    message = rcs(DestinationPhoneNumber=CANADA)
    message.conversation_initiating_message_id = message.id
    message.conversation_initiating_message_type = "OUTBOUND"
    message.conversation_session_fee = 0.012

    sent, delivered = message.events

    assert list(delivered)[-4:] == [
        "agentIsoCountryCode",
        "conversationInitiatingMessageId",
        "conversationInitiatingMessageType",
        "conversationSessionFee",
    ]
    assert not any(name.startswith("conversation") for name in sent)


def test_records_are_json(emulator, text, voice, media):
    """Every record can be written and read again unchanged."""
    text(Context={"greeting": "¡olé!"})
    voice()
    media()

    records = [each.record for each in emulator.events]

    assert json.loads(json.dumps(records)) == records
    assert len(records) == 2 + 4 + 2
