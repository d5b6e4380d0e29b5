"""Sinks: records arrive at their destinations in order, and failed ones are kept."""

import json
import logging

import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events.dispatcher import ATTEMPTS
from pinpoint_sms_emu.resources.registrations.status import set_status
from tests.messaging.endpoints import FlakyReceiver, free_port
from tests.messaging.people import US
from tests.messaging.receivers import ROLE, Receivers, sns

TEXT = ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]
ONE, OTHER = (f"arn:aws:sns:us-east-1:123456789012:{name}" for name in ("one", "other"))


# Deliveries that succeed.


@pytest.mark.rule("event-sinks")
def test_sns_to_sqs(aws, emulator, add, send, settle):
    """A record for a topic is in its subscriber's queue when the call returns."""
    topic = aws.topic()
    add(**sns(topic))

    send(Context={"order": "17"})
    settle()

    arrived = aws.in_queue(topic)
    assert [each["eventType"] for each in arrived] == TEXT
    assert arrived == [event.record for event in emulator.events]
    assert [list(each) for each in arrived] == [list(event.record) for event in emulator.events]


@pytest.mark.rule("event-sinks")
def test_firehose_to_s3(aws, emulator, add, send, settle):
    """A stream gets one line of JSON for each record."""
    stream = aws.stream()
    add(KinesisFirehoseDestination={"DeliveryStreamArn": stream, "IamRoleArn": ROLE})

    send(Context={"greeting": "¡olé!"})
    settle()

    lines = aws.in_bucket()
    assert all(line.endswith("}\n") and line.count("\n") == 1 for line in lines)
    arrived = sorted((json.loads(line) for line in lines), key=lambda each: each["isFinal"])
    assert arrived == [event.record for event in emulator.events]
    assert "¡olé!" in lines[0]


@pytest.mark.rule("event-sinks")
@pytest.mark.parametrize("end", ["", ":*"])
def test_cloudwatch_logs(aws, emulator, add, send, settle, end):
    """A log gets a stream for each destination, which is made when it is missing."""
    log = aws.log()
    add(CloudWatchLogsDestination={"LogGroupArn": log + end, "IamRoleArn": ROLE})
    emulator.clock.advance(days=20)

    send()
    send()
    settle()

    arrived = aws.in_log("campaign/receipts")
    assert arrived == [event.record for event in emulator.events]
    assert [each["eventType"] for each in arrived] == TEXT * 2


@pytest.mark.rule("event-bridge-default-bus")
def test_event_bridge(aws, emulator, send, sms, settle):
    """The default bus gets the events of all messages, also of those without a set."""
    bus = aws.bus()
    emulator.add_number("+12065550100")
    sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello")
    settle()

    arrived = aws.in_queue(bus)
    assert [each["detail"]["eventType"] for each in arrived] == TEXT
    assert {each["detail-type"] for each in arrived} == {"Text Message Delivery Status Updated"}
    assert {each["source"] for each in arrived} == {"aws.sms-voice"}
    assert {tuple(each["resources"]) for each in arrived} == {()}
    assert "destinationPhoneNumber" not in arrived[0]["detail"]
    assert {event.event_bridge.status for event in emulator.events} == {"delivered"}


@pytest.mark.rule("event-registration-resources", "event-registration-statuses")
def test_registrations_on_event_bridge(aws, emulator, sms, settle):
    """The bus gets the statuses of a registration but AWS_REVIEWING, each with its resource."""
    bus = aws.bus()
    made = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
    registration = (
        engine_of(emulator)
        .account("123456789012", "us-east-1")
        .registrations[made["RegistrationId"]]
    )
    for status in ("AWS_REVIEWING", "COMPLETE"):
        set_status(engine_of(emulator).account("123456789012", "us-east-1"), registration, status)
    sms.describe_registrations()
    settle()

    arrived = aws.in_queue(bus)
    details = [each["detail"]["registrationDetails"] for each in arrived]
    assert [each["currentStatus"] for each in details] == ["CREATED", "COMPLETE"]
    assert [each["resources"] for each in arrived] == [[made["RegistrationArn"]]] * 2
    assert {each["registrationStatusChangeTimestamp"] % 1000 for each in details} == {0}


@pytest.mark.rule("inbound-payload")
def test_two_way_channel(aws, emulator, settle):
    """A text of an end user is published to the number's topic."""
    topic = aws.topic("answers")
    emulator.add_number("+12065550100", two_way_enabled=True, two_way_channel_arn=topic)

    answer = emulator.receive("Yes!", sender=US, recipient="+12065550100")
    settle()

    [arrived] = aws.in_queue(topic)
    assert list(arrived.items()) == [
        ("originationNumber", US),
        ("destinationNumber", "+12065550100"),
        ("messageKeyword", "KEYWORD_123456789012"),
        ("messageBody", "Yes!"),
        ("inboundMessageId", answer.message_id),
    ]


def test_a_topic_of_another_region(aws, add, send, settle, seen):
    """A destination is looked for in the Region that its ARN names."""
    topic = aws.topic(region="eu-west-1")
    add(**sns(topic))

    send()
    settle()

    assert [each["eventType"] for each in aws.in_queue(topic, "eu-west-1")] == TEXT
    assert seen() == [("delivered", 1)] * 2


def test_a_topic_of_another_account(aws, emulator, client, settle):
    """The events of each account arrive at its own topics, in whichever order they come."""
    topics = {}
    for place, account_id in enumerate(("123456789012", "111122223333", "444455556666")):
        receivers = Receivers(aws.endpoint_url, account_id)
        topics[account_id] = receivers, receivers.topic()
        sms = client(account_id)
        emulator.add_number(f"+1206555010{place}", account_id=account_id, region="us-east-1")
        sms.create_configuration_set(ConfigurationSetName="campaign")
        sms.create_event_destination(
            ConfigurationSetName="campaign",
            EventDestinationName="receipts",
            MatchingEventTypes=["ALL"],
            SnsDestination={"TopicArn": topics[account_id][1]},
        )

    sent = {
        account_id: client(account_id).send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", ConfigurationSetName="campaign"
        )["MessageId"]
        for account_id in topics
    }
    settle()

    for account_id, (receivers, topic) in topics.items():
        assert topic.split(":")[4] == account_id
        assert [each["messageId"] for each in receivers.in_queue(topic)] == [sent[account_id]] * 2


@pytest.mark.rule("event-sinks")
def test_several_destinations(aws, emulator, add, send, settle):
    """Every destination of a set gets every record, in the order that they were made."""
    topics = [aws.topic(name) for name in ("one", "two", "three")]
    for topic in topics:
        add(name=topic.rpartition(":")[2], **sns(topic))

    ids = [send() for _ in range(5)]
    settle()

    for topic in topics:
        arrived = [(each["messageId"], each["eventType"]) for each in aws.in_queue(topic)]
        assert arrived == [(message_id, each) for message_id in ids for each in TEXT]


def test_records_of_scheduled_events(aws, emulator, add, send, settle):
    """Records of later events are delivered when the clock has been moved."""
    emulator.reset(
        seed=7, delivery_seconds=60, events_endpoint_url=emulator.settings.events_endpoint_url
    )
    topic = aws.topic()
    add(**sns(topic))
    send()
    before = aws.in_queue(topic)

    emulator.clock.advance(seconds=60)
    settle()

    assert before == []
    assert [each["eventType"] for each in aws.in_queue(topic)] == TEXT


# Deliveries that fail.


def test_queues_are_removed_after_delivery(flaky, emulator, add, send, settle):
    """Any number of destinations can be used; no empty queue stays."""
    for number in range(3):
        add(name=f"one-{number}", **sns(f"{ONE}-{number}"))
    send()
    settle()

    assert len(flaky.taken) == 8
    assert not engine_of(emulator).dispatcher._busy
    assert not engine_of(emulator).dispatcher._queues


@pytest.mark.usefixtures("in_process")
def test_a_dead_endpoint_in_process(emulator, add, send, caplog):
    """The sender is not affected; every call tries again, until the destination is disabled."""
    emulator.reset(seed=7, events_endpoint_url=f"http://127.0.0.1:{free_port()}")
    add(**sns(ONE))

    send()
    [first, second] = engine_of(emulator).state.events.published
    after_one_call = first.deliveries[0].attempts
    while first.deliveries[0].status == "pending":
        emulator.clock.advance(seconds=1)

    assert after_one_call == 1
    assert (first.deliveries[0].status, first.deliveries[0].attempts) == ("failed", ATTEMPTS)
    assert "EndpointConnectionError" in first.deliveries[0].error
    assert second.deliveries[0].status == "pending"
    # EventBridge gets its events on a best-effort basis.
    assert (first.deliveries[1].status, first.deliveries[1].attempts) == ("failed", 1)
    result = [record for record in caplog.records if ONE in record.getMessage()]
    assert [record.levelno for record in result] == [logging.WARNING] * 2
    assert "does not accept event records" in result[0].getMessage()
    assert f"given up after {ATTEMPTS} attempts" in result[1].getMessage()


def test_waiting_for_all(emulator, add, send, seen):
    """`flush` waits until everything has been delivered or given up."""
    emulator.reset(seed=7, events_endpoint_url=f"http://127.0.0.1:{free_port()}")
    add(**sns(ONE))
    send()
    send()

    assert emulator.flush() is True

    assert [status for status, _ in seen()] == ["failed"] * 4
    assert seen()[0][1] == ATTEMPTS
    # While a destination is down, each further record is tried once more or twice, not six times.
    assert sum(attempts for _, attempts in seen()[1:]) < ATTEMPTS


def test_waiting_ends_after_the_timeout(flaky, emulator, add, send):
    """`flush` returns False after its timeout."""
    flaky.moods = {ONE: "slow"}
    add(**sns(ONE))
    send()

    assert emulator.flush(timeout=0) is False
    with pytest.raises(ValueError, match="timeout must be"):
        emulator.flush(timeout=-1)


@pytest.mark.usefixtures("in_process")
def test_a_topic_that_is_made_later(aws, emulator, add, send):
    """Records that could not be delivered are delivered later, before later ones."""
    missing = "arn:aws:sns:us-east-1:123456789012:receipts"
    add(**sns(missing))
    first = send()
    [waiting] = emulator.find_events(message_id=first, limit=1).events[0].destinations
    topic = aws.topic()

    second = send()
    emulator.flush()

    assert (waiting.status, topic) == ("pending", missing)
    assert waiting.error
    arrived = [(each["messageId"], each["eventType"]) for each in aws.in_queue(topic)]
    assert arrived == [(message_id, each) for message_id in (first, second) for each in TEXT]


def test_a_dead_destination_does_not_delay_others(flaky, emulator, add, send, settle, seen):
    """Each destination has its own queue."""
    flaky.moods = {ONE: "bad"}
    add(name="one", **sns(ONE))
    add(name="other", **sns(OTHER))

    send()
    settle()

    assert flaky.of(OTHER) == flaky.of("bus") == TEXT
    assert seen("other") == [("delivered", 1)] * 2
    assert flaky.of(ONE) == []
    flaky.moods = {}
    emulator.flush()
    if not engine_of(emulator).servers:
        assert flaky.of(ONE) == TEXT


@pytest.mark.usefixtures("in_process")
def test_a_slow_endpoint_in_process(flaky, emulator, add, send):
    """In process one short attempt is made before the call returns."""
    flaky.moods = {ONE: "slow"}
    add(**sns(ONE))

    send()

    [first, second] = engine_of(emulator).state.events.published
    assert (first.deliveries[0].status, first.deliveries[0].attempts) == ("pending", 1)
    assert "ReadTimeoutError" in first.deliveries[0].error
    assert second.deliveries[0].attempts == 0


def test_entries_that_event_bridge_refuses(flaky, emulator, send, settle, add, seen):
    """EventBridge can accept a call and yet refuse the event in it."""
    flaky.moods = {"bus": "picky"}
    add(**sns(ONE))

    send()
    settle()
    emulator.flush()

    assert {event.event_bridge.status for event in emulator.events} == {"failed"}
    assert "NotAuthorizedForSource: Not for you." in emulator.events[0].event_bridge.error
    assert seen() == [("delivered", 1)] * 2


def test_without_credentials(flaky, emulator, add, send, settle, monkeypatch):
    """With an endpoint in the settings, dummy credentials are used if there are none."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    add(**sns("arn:aws:sns:us-east-1:111122223333:topic"))

    send()
    settle()

    assert "111122223333" in flaky.keys


def test_nothing_is_sent_without_an_endpoint(emulator, add, send):
    """Unless the user names an endpoint there is not even a client."""
    add(**sns(ONE))

    send()

    assert engine_of(emulator).dispatcher._sinks == {}
    assert emulator.flush() is True


def test_nothing_is_sent_after_the_block(caplog):
    """Records that are left at the end of a block are logged, and not sent."""
    with FlakyReceiver() as endpoint:
        endpoint.moods = {ONE: "bad"}
        with mock_sms(events_endpoint_url=endpoint.url) as emulator:
            emulator.add_number("+12065550100", two_way_enabled=True, two_way_channel_arn=ONE)
            emulator.receive("Hello", sender=US, recipient="+12065550100")
        endpoint.moods = {}

        emulator.clock.advance(seconds=1)

        assert endpoint.taken == []
        [event] = emulator.find_events().inbound
        assert event.destinations[0].status == "pending"
    assert f"1 event records were not sent to {ONE}" in caplog.messages
