"""The delivery of RCS messages: events, fallbacks, and texts that agents send."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.messaging.people import BRITAIN, CANADA, US
from tests.messaging.sending.rcs_content import EVENT, SMS, card, words

# Events.

pytestmark = pytest.mark.since("1.44.5")

# The price of a part of a text to the US, fee included.
TEXT_PRICE = 0.01181


@pytest.mark.rule("event-rcs-sequence")
def test_events(rcs, emulator, event_types_of):
    """By default a message is sent and delivered; it is read if a test sets that outcome."""
    assert event_types_of(rcs()) == [("RCS_SENT", False), ("RCS_DELIVERED", True)]

    emulator.outcome("RCS_READ")
    read = rcs()

    assert event_types_of(read) == [
        ("RCS_SENT", False),
        ("RCS_DELIVERED", True),
        ("RCS_READ", True),
    ]
    assert read.status == "READ"


def test_a_record(rcs, agent):
    """A record is as the user guide shows it."""
    message = rcs(RcsMessageContent=card())

    delivered = message.events[-1]
    del delivered["eventTimestamp"], delivered["messageRequestTimestamp"]
    assert delivered == {
        "eventType": "RCS_DELIVERED",
        "eventVersion": "1.0",
        "isFinal": True,
        "originationPhoneNumber": agent.id,
        "destinationPhoneNumber": US,
        "isoCountryCode": "US",
        "isInternationalSend": False,
        "messageId": message.id,
        "messageEncoding": "UNICODE",
        "messageType": "TRANSACTIONAL",
        "messageStatus": "DELIVERED",
        "messageStatusDescription": "Message has been accepted by phone",
        "totalMessageParts": 1,
        "totalMessagePrice": 0.007,
        "totalCarrierFee": 0.00494,
        "rcsMetadata": {"billingEventType": "RICH"},
        "rcsBusinessId": f"{agent.id[4:]}_agent",
        "agentIsoCountryCode": "US",
    }


@pytest.mark.rule("rcs-send-price")
@pytest.mark.parametrize("event", ["RCS_FAILED", "RCS_TTL_EXPIRED"])
def test_failures_without_a_fallback(rcs, emulator, account, event_types_of, event):
    """Without a fallback a failure is final, and free."""
    emulator.outcome(event)
    message = rcs()

    assert event_types_of(message) == [(event, True)]
    assert message.price == 0
    assert [float(spent["RCS"]) for spent in account.spent.values()] == [0]


@pytest.mark.rule("rcs-send-expired")
def test_a_message_that_expires(rcs, emulator, event_types_of):
    """A message without a delivery expires after its time to live."""
    emulator.outcome("RCS_SENT")
    message = rcs(TimeToLive=30)

    before = event_types_of(message)
    emulator.clock.advance(seconds=30)

    assert before == [("RCS_SENT", False)]
    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_TTL_EXPIRED", True)]


@pytest.mark.rule("rcs-send-no-ttl")
def test_a_message_without_time_to_live_does_not_expire(rcs, emulator, number, event_types_of):
    """Without TimeToLive a message waits for delivery, without a fallback."""
    emulator.outcome("RCS_SENT")
    message = rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})
    plain = rcs()

    emulator.clock.advance(days=365)

    assert event_types_of(message) == event_types_of(plain) == [("RCS_SENT", False)]
    assert emulator.messages == [message, plain]


# Fallback.


@pytest.mark.rule("rcs-send-fallback-sms")
@pytest.mark.parametrize(
    ("reason", "wrong"),
    [
        ("MISSING_PARAMETER", {"Channel": "SMS"}),
        ("INVALID_PARAMETER", SMS | {"MediaUrls": ["s3://pictures/cat.png"]}),
        ("INVALID_PARAMETER", {"Channel": "SMS", "MediaUrls": ["s3://pictures/cat.png"]}),
        ("MISSING_PARAMETER", {"Channel": "MMS"}),
    ],
)
def test_required_members_of_a_fallback(rcs, number, refused, wrong, reason):
    """SMS needs a text and takes no files; MMS needs either."""
    with refused("ValidationException", reason, fields=["FallbackConfiguration"]):
        rcs(FallbackConfiguration=wrong | {"OriginationIdentity": number.id})


@pytest.mark.rule("rcs-send-fallback-sms")
@pytest.mark.parametrize(
    "content",
    [
        {"MessageBody": "Shoes"},
        {"MediaUrls": ["s3://pictures/cat.png"]},
        {"MessageBody": "Shoes", "MediaUrls": ["s3://pictures/cat.png"]},
    ],
)
def test_falling_back_to_mms(rcs, emulator, mms_number, content):
    """An MMS has a text, a file or both."""
    emulator.outcome("RCS_FAILED")
    members = {"Channel": "MMS", "OriginationIdentity": mms_number.phone_number, **content}
    message = rcs(FallbackConfiguration=members)

    [_, sent] = emulator.messages
    assert (sent.channel, sent.sender, sent.fallback_of) == (
        "media",
        mms_number.phone_number,
        message.id,
    )
    assert sent.body == content.get("MessageBody")
    assert sent.media_urls == content.get("MediaUrls", [])


@pytest.mark.rule("rcs-send-fallback-identity")
def test_the_origin_of_a_fallback(sms, rcs, emulator, agent, number, sender_id, mixed, refused):
    """It is a number or sender ID, or the pool's number; others are refused."""
    emulator.outcome("RCS_FAILED")
    for name in (number.phone_number, number.id, number.arn):
        rcs(FallbackConfiguration=SMS | {"OriginationIdentity": name})
    for name in (sender_id.id, sender_id.arn):
        members = SMS | {"OriginationIdentity": name}
        rcs(DestinationPhoneNumber=BRITAIN, FallbackConfiguration=members)
    senders = [each.sender for each in emulator.messages if each.fallback_of]
    assert senders == [number.phone_number] * 3 + ["SHOP"] * 2
    engine_of(emulator).state.messages.clear()

    rcs(OriginationIdentity=mixed.id, FallbackConfiguration=SMS)

    [first, second] = emulator.messages
    assert (first.sender, second.sender) == (agent.id, number.phone_number)
    assert second.pool_id == mixed.id
    for wrong in (mixed.id, mixed.arn, agent.id, agent.arn):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["FallbackConfiguration"]):
            rcs(FallbackConfiguration=SMS | {"OriginationIdentity": wrong})
    with refused("ValidationException", "MISSING_PARAMETER", fields=["FallbackConfiguration"]):
        rcs(FallbackConfiguration=SMS)
    with refused("ResourceNotFoundException", about=("phone-number", "phone-" + "0" * 32)):
        rcs(FallbackConfiguration=SMS | {"OriginationIdentity": "phone-" + "0" * 32})


@pytest.mark.rule("rcs-send-fallback-trigger", "rcs-send-price")
def test_falling_back_after_a_failure(rcs, emulator, number, account, event_types_of):
    """A failed message is sent as SMS at once; there is one final event, and one price."""
    emulator.outcome("RCS_FAILED")
    members = SMS | {"OriginationIdentity": number.id}
    message = rcs(FallbackConfiguration=members, Context={"order": "7"})

    [_, sent] = emulator.messages
    assert event_types_of(message) == [("RCS_FALLEN_BACK_TO_SMS", False)]
    assert event_types_of(sent) == [("TEXT_SUCCESSFUL", False), ("TEXT_DELIVERED", True)]
    assert (sent.body, sent.fallback_of, sent.context) == (
        "Shoes: they run",
        message.id,
        {"order": "7"},
    )
    # The caller has only one id.
    assert {each["messageId"] for each in [*message.events, *sent.events]} == {message.id}
    assert (message.price, sent.price) == (0, TEXT_PRICE)
    [spent] = account.spent.values()
    assert {kind: float(total) for kind, total in spent.items()} == {"RCS": 0, "TEXT": TEXT_PRICE}


@pytest.mark.rule("rcs-send-fallback-trigger")
def test_falling_back_after_the_time_to_live(rcs, emulator, number, event_types_of):
    """A message that is sent and not delivered within its time to live is sent as SMS then."""
    emulator.outcome("RCS_SENT")
    message = rcs(TimeToLive=60, FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    emulator.clock.advance(seconds=59)
    before = event_types_of(message)
    emulator.clock.advance(seconds=1)

    assert before == [("RCS_SENT", False)]
    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    assert emulator.messages[-1].fallback_of == message.id


@pytest.mark.rule("rcs-send-fallback-trigger")
@pytest.mark.pinpoint_sms(delivery_seconds=100)
def test_falling_back_when_it_takes_too_long(rcs, emulator, number, event_types_of):
    """A message that would be delivered later than its time to live is sent as SMS."""
    members = {"FallbackConfiguration": SMS | {"OriginationIdentity": number.id}}
    slow, patient = rcs(TimeToLive=60, **members), rcs(TimeToLive=100, **members)

    emulator.clock.advance(seconds=100)

    assert event_types_of(slow) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    assert event_types_of(patient) == [("RCS_SENT", False), ("RCS_DELIVERED", True)]
    assert [each.fallback_of for each in emulator.messages] == [None, None, slow.id]


@pytest.mark.rule("rcs-send-fallback-trigger")
@pytest.mark.pinpoint_sms(delivery_seconds=100)
def test_the_time_to_live_is_that_of_the_rcs_message(rcs, emulator, number, event_types_of):
    """The fallback has the time to live of an SMS."""
    rcs(TimeToLive=1, FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    emulator.clock.advance(seconds=101)

    sent = emulator.messages[-1]
    assert (sent.time_to_live, event_types_of(sent)[-1]) == (259_200, ("TEXT_DELIVERED", True))


@pytest.mark.rule("rcs-send-fallback-trigger")
def test_no_fallback_where_it_arrives(rcs, emulator, number):
    """A delivered message has no fallback."""
    rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})
    emulator.clock.advance(days=3)

    assert [each.status for each in emulator.messages] == ["DELIVERED"]


def test_a_fallback_that_cannot_be_sent(sms, rcs, emulator, number, event_types_of):
    """A reason to refuse an SMS prevents the fallback, and the message has failed."""
    emulator.outcome("RCS_FAILED")
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)

    message = rcs(FallbackConfiguration=SMS | {"OriginationIdentity": number.id})

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert emulator.messages == [message]


def test_a_snapshot_holds_a_fallback(rcs, emulator, number, event_types_of):
    """A fallback that is still to come comes after a restart too."""
    emulator.outcome("RCS_SENT")
    members = {"FallbackConfiguration": SMS | {"OriginationIdentity": number.id}}
    suggestion = {"CreateCalendarEvent": EVENT | {"StartTime": 1, "EndTime": 2}}
    rcs(TimeToLive=60, RcsMessageContent=words(Suggestions=[suggestion]), **members)

    emulator.restore(emulator.snapshot())
    emulator.clock.advance(seconds=60)

    assert [each.channel for each in emulator.messages] == ["rcs", "text"]


# SendTextMessage.


@pytest.mark.rule("rcs-send-first")
def test_an_agent_comes_first(text, agent, mixed, number):
    """In a pool, and in the account, an agent is chosen before a number."""
    assert text(OriginationIdentity=mixed.id).sender == agent.id
    assert text(OriginationIdentity=None, DestinationPhoneNumber=CANADA).sender == agent.id


@pytest.mark.rule("rcs-send-first")
def test_a_recent_number_is_preferred_to_an_agent(text, emulator, mixed, number, agent):
    """A number that has sent to the recipient within 25 hours is chosen before the agent."""
    text(OriginationIdentity=number.id)

    assert text(OriginationIdentity=mixed.id).sender == number.phone_number
    emulator.clock.advance(hours=25)
    assert text(OriginationIdentity=mixed.id).sender == agent.id


@pytest.mark.rule("rcs-send-first")
def test_a_text_by_an_agent_falls_back(text, emulator, mixed, number, event_types_of):
    """A message that is not delivered within 25 seconds is sent as SMS by a number of the pool."""
    emulator.outcome("RCS_SENT", times=1)
    message = text(OriginationIdentity=mixed.id, MessageType="TRANSACTIONAL")

    emulator.clock.advance(seconds=24)
    assert event_types_of(message) == [("RCS_SENT", False)]
    emulator.clock.advance(seconds=1)

    assert event_types_of(message) == [("RCS_SENT", False), ("RCS_FALLEN_BACK_TO_SMS", False)]
    sent = emulator.messages[-1]
    assert (sent.sender, sent.body, sent.fallback_of) == (
        number.phone_number,
        "Hello",
        message.id,
    )
    # The number has written last.
    assert text(OriginationIdentity=mixed.id).sender == number.phone_number


@pytest.mark.rule("rcs-send-first")
def test_a_text_of_the_account_falls_back(text, emulator, agent, number):
    """Without an origin, the fallback is sent from any number of the account."""
    emulator.outcome("RCS_FAILED")
    text()

    assert [each.sender for each in emulator.messages] == [agent.id, number.phone_number]


@pytest.mark.rule("rcs-fallback-none")
def test_no_fallback_for_an_agent_that_is_named(text, emulator, agent, number, event_types_of):
    """A message from an agent by name has no fallback."""
    emulator.outcome("RCS_FAILED")
    message = text(OriginationIdentity=agent.id)

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert emulator.messages == [message]


@pytest.mark.rule("rcs-fallback-none")
def test_a_pool_without_numbers(sms, text, emulator, agent, event_types_of):
    """A pool with only an agent has no fallback."""
    emulator.outcome("RCS_FAILED")
    made = sms.create_pool(
        OriginationIdentity=agent.id, IsoCountryCode="US", MessageType="PROMOTIONAL"
    )
    message = text(OriginationIdentity=made["PoolId"])

    assert event_types_of(message) == [("RCS_FAILED", True)]
    assert message.message_type == "PROMOTIONAL"


# Recipients.


@pytest.mark.rule("rcs-keywords")
def test_recipients_reply_to_agents(emulator, agent, rcs, sms):
    """Agents have keywords and a two-way channel as numbers have."""
    sms.update_rcs_agent(
        RcsAgentId=agent.id,
        TwoWayEnabled=True,
        TwoWayChannelArn="arn:aws:sns:us-east-1:123456789012:answers",
    )
    sent = rcs()

    inbound = emulator.receive("Stop", sender=US, recipient=agent.id)

    assert (inbound.keyword, inbound.action) == ("STOP", "OPT_OUT")
    received, reply = emulator.messages[-2:]
    assert (received.channel, received.sender, received.recipient) == ("rcs", US, agent.id)
    assert (reply.channel, reply.sender, reply.in_reply_to) == ("rcs", agent.id, received.id)
    [result] = received.events
    assert result["previousPublishedMessageId"] == sent.id
    assert result["destinationNumber"] == agent.id


@pytest.mark.pinpoint_sms(registrations="required")
def test_an_inactive_agent_receives_nothing(sms, emulator):
    """An agent that is not launched does not receive messages."""
    agent = sms.create_rcs_agent()["RcsAgentId"]

    with pytest.raises(ValueError, match="it is CREATED"):
        emulator.receive("Hello", sender=US, recipient=agent)


@pytest.mark.rule("rcs-send-size")
def test_a_message_has_250_kilobytes(sms, rcs, refused):
    """More than 250 KB of content in all is refused."""

    def carousel(postback):
        suggestion = {"Reply": {"Text": "Yes", "PostbackData": postback}}
        card = {
            "Title": "ж" * 200,
            "Description": "ж" * 2000,
            "Suggestions": [suggestion] * 4,
        }
        content = {"Carousel": {"CardWidth": "MEDIUM", "CardContents": [card] * 10}}
        return {"Content": content, "Suggestions": [suggestion] * 11}

    assert rcs(RcsMessageContent=carousel("a" * 2000)).status == "DELIVERED"
    with refused("ValidationException", "INVALID_PARAMETER", fields=["RcsMessageContent"]):
        rcs(RcsMessageContent=carousel("語" * 2048))
