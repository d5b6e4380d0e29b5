"""Delivery: the events of a message, and their times."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from tests.messaging.people import SIMULATOR_FAILURE, SIMULATOR_SUCCESS, US

GOOD_CALL = ["VOICE_INITIATED", "VOICE_RINGING", "VOICE_ANSWERED", "VOICE_COMPLETED"]
# Statuses that are not events, but part of a delivery.
_PASSING = ("PENDING", "QUEUED", "SUCCESSFUL", "DELIVERED", "COMPLETED", *GOOD_CALL)
# The final status by channel, whatever was requested.
FAILURES = sorted(
    name
    for name, kind in EVENT_TYPES.items()
    if kind.channel != "rcs" and kind.status not in _PASSING and name not in _PASSING
)


@pytest.fixture
def event_types_of(emulator):
    """Return the events of a message, and whether each is final."""

    def of(message):
        emulator.messages  # noqa: B018  lets happen what is due
        return [(each["eventType"], each["isFinal"]) for each in message.events]

    return of


@pytest.fixture
def send(text, voice, media):
    """Send a message of a channel."""
    return {"TEXT": text, "VOICE": voice, "MEDIA": media}


# At once.


@pytest.mark.rule("event-text-sequence")
def test_a_long_code(text, number, event_types_of):
    """The carrier has a text, then the phone: the last event is the final one."""
    assert event_types_of(text()) == [("TEXT_SUCCESSFUL", False), ("TEXT_DELIVERED", True)]


@pytest.mark.rule("event-text-sequence")
def test_a_short_code(text, emulator, event_types_of):
    """A message from a short code has only the event that the carrier has accepted it."""
    emulator.add_number("12345")

    message = text(OriginationIdentity="12345")

    assert event_types_of(message) == [("TEXT_SUCCESSFUL", True)]
    assert message.status == "SUCCESSFUL"


@pytest.mark.rule("voice-events")
def test_a_call(voice, event_types_of):
    """A call is initiated, rings, is answered, and ends."""
    message = voice()

    assert event_types_of(message) == [(each, each == GOOD_CALL[-1]) for each in GOOD_CALL]
    assert message.status == "COMPLETED"


@pytest.mark.rule("event-media-sequence")
def test_a_picture(media, event_types_of):
    """The carrier has an MMS, then the phone."""
    assert event_types_of(media()) == [("MEDIA_SUCCESSFUL", False), ("MEDIA_DELIVERED", True)]


def test_status_when_the_call_returns(sms, emulator, number):
    """By default a message has arrived when the call that sends it returns."""
    sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello")

    [message] = engine_of(emulator).state.messages
    assert message.status == "DELIVERED"


@pytest.mark.rule("event-failure-final")
@pytest.mark.parametrize("event", FAILURES)
def test_failures(emulator, send, number, event_types_of, event):
    """A failure is one event, and final; its status is the message's."""
    emulator.outcome(event)

    message = send[event.partition("_")[0]]()

    assert event_types_of(message) == [(event, True)]
    assert message.status == EVENT_TYPES[event].status == event.partition("_")[2]


@pytest.mark.rule("simulator-numbers")
def test_simulator_numbers(text, media, number, event_types_of):
    """AWS's simulator has numbers that always and numbers that never receive messages."""
    assert event_types_of(text(DestinationPhoneNumber=SIMULATOR_SUCCESS))[-1] == (
        "TEXT_DELIVERED",
        True,
    )
    assert event_types_of(media(DestinationPhoneNumber=SIMULATOR_SUCCESS))[-1] == (
        "MEDIA_DELIVERED",
        True,
    )
    for send, failure in (
        (text, "TEXT_CARRIER_UNREACHABLE"),
        (media, "MEDIA_CARRIER_UNREACHABLE"),
    ):
        assert event_types_of(send(DestinationPhoneNumber=SIMULATOR_FAILURE)) == [(failure, True)]


@pytest.mark.rule("text-dry-run")
def test_a_dry_run_is_not_delivered(sms, emulator, number):
    """A dry run has no events."""
    sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello", DryRun=True)

    assert emulator.events == []


# No final event.


@pytest.mark.rule("text-ttl-expired")
@pytest.mark.parametrize("event", ["TEXT_PENDING", "TEXT_QUEUED"])
def test_a_message_that_is_not_handed_off(emulator, text, number, event_types_of, event):
    """A message that stays pending or queued expires with its time to live."""
    emulator.outcome(event)
    message = text(TimeToLive=60)

    before = event_types_of(message)
    emulator.clock.advance(seconds=60)

    assert before == [(event, False)]
    assert event_types_of(message) == [(event, False), ("TEXT_TTL_EXPIRED", True)]
    assert message.status == "TTL_EXPIRED"


@pytest.mark.rule("event-unknown")
def test_a_message_without_a_receipt(emulator, text, number, event_types_of):
    """After 72 hours without a final event, the status of a message is unknown."""
    emulator.outcome("TEXT_SUCCESSFUL")
    message = text(TimeToLive=60)

    emulator.clock.advance(hours=71, minutes=59)
    before = event_types_of(message)
    emulator.clock.advance(minutes=1)

    assert before == [("TEXT_SUCCESSFUL", False)]
    assert event_types_of(message)[1:] == [("TEXT_UNKNOWN", True)]


@pytest.mark.parametrize("last", GOOD_CALL[:-1])
def test_a_call_that_goes_on(emulator, voice, event_types_of, last):
    """A call that stays in a state has the events before it, and expires."""
    emulator.outcome(last)
    message = voice(TimeToLive=60)
    so_far = GOOD_CALL[: GOOD_CALL.index(last) + 1]

    before = event_types_of(message)
    emulator.clock.advance(seconds=60)

    assert before == [(each, False) for each in so_far]
    assert event_types_of(message)[len(so_far) :] == [("VOICE_TTL_EXPIRED", True)]


# Over time.


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_delivery_takes_time(emulator, text, number, event_types_of):
    """The events of a message are spread over the duration of its delivery."""
    emulator.clock.freeze()
    message = text()
    seen = [event_types_of(message)]

    for _ in range(2):
        emulator.clock.advance(seconds=30)
        seen.append(event_types_of(message))

    assert [len(each) for each in seen] == [0, 1, 2]
    assert message.status == "DELIVERED"
    times = [each["eventTimestamp"] - each["messageRequestTimestamp"] for each in message.events]
    assert times == [30_000, 60_000]


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_message_under_way_is_pending(text, number):
    """A message is PENDING until its first event."""
    assert text().status == "PENDING"


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_events_have_their_own_time_when_read_later(emulator, voice, event_types_of):
    """Events have their own times, also if the clock is advanced by an hour."""
    emulator.clock.freeze()
    message = voice()

    emulator.clock.advance(hours=1)

    start = message.events[0]["messageRequestTimestamp"]
    assert [each["eventTimestamp"] - start for each in message.events] == [
        15_000,
        30_000,
        45_000,
        60_000,
    ]


@pytest.mark.rule("text-ttl-expired")
@pytest.mark.pinpoint_sms(delivery_seconds=3600)
@pytest.mark.parametrize("channel", ["TEXT", "VOICE", "MEDIA"])
def test_a_message_that_is_not_handed_off_in_time_expires(
    emulator, send, number, event_types_of, channel
):
    """A delivery that takes longer than TimeToLive ends then, with one event."""
    emulator.clock.freeze()
    message = send[channel](TimeToLive=60)

    emulator.clock.advance(seconds=59)
    before = event_types_of(message)
    emulator.clock.advance(hours=2)

    assert before == []
    assert event_types_of(message) == [(f"{channel}_TTL_EXPIRED", True)]
    assert message.events[0]["eventTimestamp"] - int(message.created.timestamp() * 1000) == 60_000


@pytest.mark.rule("text-ttl-expired")
@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_message_with_enough_time_arrives(emulator, text, number, event_types_of):
    """A message that arrives within its TimeToLive does not expire."""
    message = text(TimeToLive=60)

    emulator.clock.advance(days=4)

    assert event_types_of(message)[-1] == ("TEXT_DELIVERED", True)


@pytest.mark.pinpoint_sms(delivery_seconds=60, max_messages=1)
def test_a_removed_message_has_no_further_events(emulator, text, number):
    """A message that is not stored any more has no further events."""
    forgotten, kept = text(), text()

    emulator.clock.advance(seconds=60)

    assert {each.message_id for each in emulator.events} == {kept.id}
    assert forgotten.events == []


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_restored_message_is_delivered(emulator, text, number):
    """A message under way is delivered after its state was restored."""
    text()
    state = emulator.snapshot()
    emulator.reset()
    emulator.restore(state)

    emulator.clock.advance(seconds=60)

    [message] = emulator.messages
    assert message.status == "DELIVERED"
    assert [each["eventType"] for each in message.events] == ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]


# Protection.


@pytest.fixture
def filtering(sms, protection):
    """A protect configuration that filters messages to the US."""
    for capability in ("SMS", "VOICE", "MMS"):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=protection.id,
            NumberCapability=capability,
            CountryRuleSetUpdates={"US": {"ProtectStatus": "FILTER"}},
        )
    return protection


@pytest.mark.since("1.40")
@pytest.mark.rule("protect-monitor-filter-send", "protect-blocked-event")
def test_filtered_messages(text, number, event_types_of, filtering):
    """FILTER accepts a message and then drops it."""
    message = text(ProtectConfigurationId=filtering.id)

    assert event_types_of(message) == [("TEXT_PROTECT_BLOCKED", True)]
    assert message.price == 0


@pytest.mark.since("1.40")
def test_a_test_may_let_filtered_messages_through(emulator, text, number, filtering):
    """A test can set the filter's decision about a message."""
    emulator.outcome("TEXT_DELIVERED")

    assert text(ProtectConfigurationId=filtering.id).status == "DELIVERED"


@pytest.mark.rule("protect-monitor-filter-send")
@pytest.mark.since("1.40")
def test_only_texts_are_filtered(voice, media, filtering):
    """Calls and MMS have no such event: they arrive."""
    assert voice(ProtectConfigurationId=filtering.id).status == "COMPLETED"
    assert media(ProtectConfigurationId=filtering.id).status == "DELIVERED"


@pytest.mark.rule("event-text-sequence")
def test_an_added_short_code(sms, emulator):
    """A short code is recognized by its type, not by the number of its digits."""
    emulator.add_number("+12065550100", number_type="SHORT_CODE")

    sms.send_text_message(
        DestinationPhoneNumber="+14255550123",
        OriginationIdentity="+12065550100",
        MessageBody="Hello",
    )

    [event] = emulator.messages[0].events
    assert (event["eventType"], event["isFinal"]) == ("TEXT_SUCCESSFUL", True)
