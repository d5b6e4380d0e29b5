"""Events: what is told of messages, in the members, types and order that AWS documents."""

import json

import pytest

from pinpoint_sms_emu.messaging.events.records import make_detail
from tests.messaging.people import CUBA, GERMANY, US

TOPIC = "arn:aws:sns:us-east-1:123456789012:receipts"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/receipts"
LOG = "arn:aws:logs:us-east-1:123456789012:log-group:receipts"
ROLE = "arn:aws:iam::123456789012:role/events"

# User guide, "Event data", and what published records have beside it.
OF_A_TEXT = {
    "eventType": str,
    "eventVersion": str,
    "eventTimestamp": int,
    "isFinal": bool,
    "originationPhoneNumber": str,
    "destinationPhoneNumber": str,
    "isInternationalSend": bool,
    "isoCountryCode": str,
    "mcc": str,
    "mnc": str,
    "carrierName": str,
    "messageId": str,
    "messageRequestTimestamp": int,
    "messageEncoding": str,
    "messageType": str,
    "messageStatus": str,
    "messageStatusDescription": str,
    "context": dict,
    "totalMessageParts": int,
    "totalMessagePrice": float,
    "totalCarrierFee": float,
}
OF_A_CALL = {
    "eventType": str,
    "eventVersion": str,
    "eventTimestamp": int,
    "isFinal": bool,
    "originationPhoneNumber": str,
    "destinationPhoneNumber": str,
    "isoCountryCode": str,
    "messageId": str,
    "messageRequestTimestamp": int,
    "messageStatus": str,
    "callDurationInSeconds": int,
    "totalDurationInMinutes": int,
    "totalMessagePrice": float,
    "context": dict,
}


@pytest.fixture
def add_destination(sms, configuration_set):
    """Add a destination to the configuration set: a topic that gets everything, if nothing else."""

    def add(name="receipts", types=("ALL",), **sink):
        sms.create_event_destination(
            ConfigurationSetName=configuration_set.name,
            EventDestinationName=name,
            MatchingEventTypes=list(types),
            **(sink or {"SnsDestination": {"TopicArn": TOPIC}}),
        )

    return add


def types_of(record):
    """The members of a record in their order, with their types."""
    return [(name, type(value)) for name, value in record.items()]


def without(members, *names: str):
    """What is left of a record when optional members are absent."""
    return [(name, of) for name, of in members.items() if name not in names]


# Records.


def test_the_record_of_a_text(text, number):
    """A text's record has the documented members, in their order and with their types."""
    message = text(Context={"order": "17"}, MessageType="TRANSACTIONAL")
    sent, delivered = message.events

    assert types_of(sent) == types_of(delivered) == list(OF_A_TEXT.items())
    assert delivered == {
        "eventType": "TEXT_DELIVERED",
        "eventVersion": "1.0",
        "eventTimestamp": int(message.created.timestamp() * 1000),
        "isFinal": True,
        "originationPhoneNumber": number.phone_number,
        "destinationPhoneNumber": US,
        "isInternationalSend": False,
        "isoCountryCode": "US",
        "mcc": "310",
        "mnc": "800",
        "carrierName": "T-Mobile",
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


def test_the_record_of_a_long_text(text, number):
    """Parts are counted and paid for, and the encoding is told."""
    record = text(MessageBody="ж" * 135).events[-1]

    assert record["messageEncoding"] == "Unicode"
    assert record["totalMessageParts"] == 3
    assert record["totalMessagePrice"] == pytest.approx(3 * 0.00581)
    assert record["totalCarrierFee"] == pytest.approx(3 * 0.006)


def test_the_record_of_a_picture(media):
    """An MMS's record begins with its contentType, and is a text's otherwise."""
    message = media(Context={"order": "17"}, MessageBody="A cat")

    assert types_of(message.events[-1]) == [("contentType", str), *OF_A_TEXT.items()]
    assert message.events[-1]["contentType"] == "MMS"
    assert message.events[-1]["totalMessageParts"] == 1


def test_the_records_of_a_call(voice):
    """A call's records tell how long it took and what it cost, once that is known."""
    *before, completed = voice(Context={"order": "17"}, MessageBody="word " * 200).events

    assert all(types_of(each) == list(OF_A_CALL.items()) for each in [*before, completed])
    assert [each["callDurationInSeconds"] for each in before] == [0, 0, 0]
    assert [each["totalMessagePrice"] for each in before] == [0, 0, 0]
    assert completed["callDurationInSeconds"] == 67
    assert completed["totalDurationInMinutes"] == 2
    assert completed["totalMessagePrice"] == pytest.approx(2 * 0.013)


def test_a_call_in_ssml_lasts_as_long_as_its_words(voice):
    """Tags are not spoken."""
    ssml = "<speak>" + "<break/>" * 100 + "Hello</speak>"

    completed = voice(MessageBody=ssml, MessageBodyTextType="SSML").events[-1]

    assert completed["callDurationInSeconds"] == 1


def test_members_that_are_absent(emulator, text, number):
    """What there is nothing to tell of is absent."""
    emulator.add_number("12345")
    plain = text(OriginationIdentity=number.id).events[-1]
    short = text(OriginationIdentity="12345").events[-1]
    emulator.outcome("TEXT_UNREACHABLE", times=1)
    failed = text().events[-1]
    carrier = ("mcc", "mnc", "carrierName")

    assert types_of(plain) == without(OF_A_TEXT, "context")
    assert types_of(short) == without(OF_A_TEXT, "context", "mcc", "mnc")
    assert types_of(failed) == without(OF_A_TEXT, "context", *carrier)


def test_a_country_without_a_known_carrier(text, number):
    """No network is made up."""
    record = text(DestinationPhoneNumber=GERMANY, OriginationIdentity=number.id).events[-1]

    assert record["isoCountryCode"] == "DE"
    assert types_of(record) == without(OF_A_TEXT, "context", "mcc", "mnc", "carrierName")


def test_international_sending(emulator, text):
    """A record tells whether the number may send abroad."""
    emulator.add_number("+12065550107", international_sending_enabled=True)

    record = text(OriginationIdentity="+12065550107").events[-1]

    assert record["isInternationalSend"] is True


def test_a_sender_id_is_the_origin(sms, text, sender_id):
    """A sender ID stands where a number would."""
    record = text(DestinationPhoneNumber="+447700900123", OriginationIdentity="SHOP").events[-1]

    assert record["originationPhoneNumber"] == "SHOP"


@pytest.mark.since("1.40")
def test_the_record_of_a_filtered_text(sms, text, number, protection):
    """A filtered message costs nothing, and its record tells what has filtered it, and why."""
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protection.id,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "FILTER"}},
    )

    [record] = text(ProtectConfigurationId=protection.id).events

    members = without(OF_A_TEXT, "context", "mcc", "mnc", "carrierName")
    assert types_of(record) == [
        *members,
        ("protectConfiguration", dict),
        ("protectConfigurationAssessment", dict),
    ]
    assert record["messageStatus"] == "PROTECT_BLOCKED"
    assert record["messageStatusDescription"] == "Message blocked by protect configuration"
    assert (record["totalMessagePrice"], record["totalCarrierFee"]) == (0, 0)
    assert record["protectConfiguration"] == {
        "protectConfigurationId": protection.id,
        "protectStatus": "FILTER",
    }
    assert record["protectConfigurationAssessment"] == {
        "protectRecommendation": "BLOCK",
        "protectInsights": {"blockReason": "AIT_SUSPECTED"},
    }


def test_what_event_bridge_is_told(sms, text, number, protection):
    """EventBridge is told neither who got the message nor its context, but what protected it."""
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protection.id,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "ALLOW"}},
    )
    message = text(Context={"order": "17"}, ProtectConfigurationId=protection.id)

    detail = make_detail(message, message.events[-1])

    members = without(OF_A_TEXT, "context", "destinationPhoneNumber")
    assert types_of(detail) == [*members, ("protectConfiguration", dict)]
    assert detail["protectConfiguration"] == {
        "protectConfigurationId": protection.id,
        "protectStatus": "ALLOW",
    }


def test_records_are_json(emulator, text, voice, media):
    """Every record can be written down and read again as it is."""
    text(Context={"greeting": "¡olé!"})
    voice()
    media()

    records = [each.record for each in emulator.events]

    assert json.loads(json.dumps(records)) == records
    assert len(records) == 2 + 4 + 2


# Where they go.


@pytest.mark.rule("text-config-set-events", "voice-events")
def test_events_go_to_the_destinations_that_match(
    emulator, text, voice, add_destination, configuration_set
):
    """Each event goes to the destinations of the message's set that are enabled and match."""
    add_destination("topic", ["ALL"])
    add_destination(
        "stream",
        ["TEXT_DELIVERED", "VOICE_COMPLETED"],
        KinesisFirehoseDestination={"DeliveryStreamArn": STREAM, "IamRoleArn": ROLE},
    )
    add_destination(
        "log",
        ["VOICE_ALL"],
        CloudWatchLogsDestination={"LogGroupArn": LOG, "IamRoleArn": ROLE},
    )
    text(ConfigurationSetName=configuration_set.name)
    voice(ConfigurationSetName=configuration_set.name)

    gone = {
        event.record["eventType"]: [(each.name, each.kind) for each in event.destinations]
        for event in emulator.events
    }

    topic, stream, log = ("topic", "sns"), ("stream", "firehose"), ("log", "cloudwatch_logs")
    assert gone == {
        "TEXT_SUCCESSFUL": [topic],
        "TEXT_DELIVERED": [topic, stream],
        "VOICE_INITIATED": [topic, log],
        "VOICE_RINGING": [topic, log],
        "VOICE_ANSWERED": [topic, log],
        "VOICE_COMPLETED": [topic, stream, log],
    }


@pytest.mark.rule("text-config-set-none")
def test_without_a_set_events_go_nowhere(emulator, text, number, add_destination):
    """The events of a message without a configuration set are recorded, and go nowhere."""
    add_destination()

    text()

    assert [each.destinations for each in emulator.events] == [[], []]


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_the_destinations_at_the_time_of_the_event_count(
    sms, emulator, text, number, add_destination, configuration_set
):
    """An event goes where the set says when it happens, not when the message was sent."""
    text(ConfigurationSetName=configuration_set.name)
    emulator.clock.advance(seconds=30)
    add_destination()

    emulator.clock.advance(seconds=30)

    gone = [[each.name for each in event.destinations] for event in emulator.events]
    assert gone == [[], ["receipts"]]


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_set_that_is_gone(sms, emulator, text, number, add_destination, configuration_set):
    """The events of a message whose set was deleted meanwhile go nowhere."""
    add_destination()
    text(ConfigurationSetName=configuration_set.name)
    sms.delete_configuration_set(ConfigurationSetName=configuration_set.name)

    emulator.clock.advance(seconds=60)

    assert [each.destinations for each in emulator.events] == [[], []]


def test_without_an_endpoint_events_are_recorded(
    emulator, text, number, add_destination, configuration_set
):
    """Nothing is sent anywhere unless the user says where; it can be read all the same."""
    add_destination()

    message = text(ConfigurationSetName=configuration_set.name)

    for event in emulator.events:
        [destination] = event.destinations
        assert (destination.status, destination.attempts) == ("recorded", 0)
        assert event.event_bridge.status == "recorded"
    assert [event.record for event in emulator.events] == message.events
    assert emulator.flush(timeout=0) is True


# Who looks.


def test_events_are_in_the_order_they_were_made(emulator, text, number):
    """Events of all messages are in one order, each with its message's id, account and Region."""
    first, second = text(), text()

    assert [(each.message_id, each.account_id, each.region) for each in emulator.events] == [
        (each.id, "123456789012", "us-east-1") for each in (first, first, second, second)
    ]


def test_finding_events(emulator, client):
    """Events are found by message, account and Region, and cut at a limit."""
    emulator.add_number("+12065550103")
    emulator.add_number("+12065550101", account_id="111122223333", region="eu-west-1")
    own = client().send_text_message(DestinationPhoneNumber=US, MessageBody="Hello")
    client("111122223333", "eu-west-1").send_text_message(
        DestinationPhoneNumber=US, MessageBody="Hello"
    )

    def found(**asked):
        return [each.account_id for each in emulator.find_events(**asked).events]

    here, there = "123456789012", "111122223333"
    assert found() == [here, here, there, there]
    assert found(account_id=there) == found(region="eu-west-1") == [there, there]
    assert found(message_id=own["MessageId"]) == [here, here]
    assert found(limit=1) == [here]
    assert emulator.find_events(limit=1).total == 4
    for wrong in ({"limit": -1}, {"account_id": 123456789012}, {"region": ""}):
        with pytest.raises(ValueError, match=f"{next(iter(wrong))} must be"):
            emulator.find_events(**wrong)


@pytest.mark.pinpoint_sms(max_messages=2)
def test_records_leave_with_their_messages(emulator, text, number):
    """When a message is forgotten, so are its records."""
    text()
    kept = [text().id, text().id]

    assert [each.message_id for each in emulator.events] == [kept[0]] * 2 + [kept[1]] * 2

    emulator.clear_messages()

    assert emulator.events == []
    # What was delivered, or never was to go anywhere, is not lost.
    assert emulator.find_events().forgotten == {}


def test_no_event_of_a_refused_message(sms, emulator, number):
    """A message that is refused has no events."""
    with pytest.raises(sms.exceptions.ValidationException):
        sms.send_text_message(DestinationPhoneNumber=CUBA, MessageBody="Hello")

    assert emulator.events == []


def test_events_are_state(emulator, text, number, add_destination, configuration_set):
    """Events come back with the state, and those of later messages come after them."""
    add_destination()
    text(ConfigurationSetName=configuration_set.name)
    before = emulator.events
    state = json.loads(json.dumps(emulator.snapshot()))
    emulator.reset()

    emulator.restore(state)
    text()

    assert emulator.events[:2] == before
    assert len(emulator.events) == 4


def test_events_of_one_message(emulator, text, number):
    """An id finds the records of its message; one that is none, be it empty, finds nothing."""
    one, _other = text(), text()

    assert [each.message_id for each in emulator.find_events(message_id=one.id).events] == [
        one.id,
        one.id,
    ]
    assert emulator.find_events(message_id="").total == 0
    assert emulator.find_events(message_id="unknown").total == 0
