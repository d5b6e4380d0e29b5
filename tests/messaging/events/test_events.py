"""Events: to which destinations they go, and how they are found."""

import json

import pytest

from tests.messaging.people import CUBA, US

TOPIC = "arn:aws:sns:us-east-1:123456789012:receipts"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/receipts"
LOG = "arn:aws:logs:us-east-1:123456789012:log-group:receipts"
ROLE = "arn:aws:iam::123456789012:role/events"


@pytest.fixture
def add_destination(sms, configuration_set):
    """Add a destination to the configuration set, by default a topic for all events."""

    def add(name="receipts", types=("ALL",), **sink):
        sms.create_event_destination(
            ConfigurationSetName=configuration_set.name,
            EventDestinationName=name,
            MatchingEventTypes=list(types),
            **(sink or {"SnsDestination": {"TopicArn": TOPIC}}),
        )

    return add


# Destinations.


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
    """An event is published to the set's destinations at its time, not at the time of sending."""
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
    """By default nothing is published, but the events can be read."""
    add_destination()

    message = text(ConfigurationSetName=configuration_set.name)

    for event in emulator.events:
        [destination] = event.destinations
        assert (destination.status, destination.attempts) == ("recorded", 0)
        assert event.event_bridge.status == "recorded"
    assert [event.record for event in emulator.events] == message.events
    assert emulator.flush(timeout=0) is True


# Reading events.


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

    def found(**members):
        return [each.account_id for each in emulator.find_events(**members).events]

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
def test_records_are_removed_with_their_messages(emulator, text, number):
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
    """Events are restored with the state, and those of later messages follow them."""
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
    """An id finds the records of its message, an unknown one finds nothing."""
    one, _other = text(), text()

    assert [each.message_id for each in emulator.find_events(message_id=one.id).events] == [
        one.id,
        one.id,
    ]
    assert emulator.find_events(message_id="unknown").total == 0
