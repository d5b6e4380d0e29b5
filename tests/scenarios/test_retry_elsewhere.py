"""A carrier does not accept a text, and the application sends it again from another number.

Event records say whether a text has arrived, long after the call has returned. This application
reads them from a queue. If a carrier does not accept a text, the application sends it once more,
from its second number.
"""

import json

import boto3
import pytest
from moto import mock_aws

from pinpoint_sms_emu import mock_sms

FIRST, SECOND = "+12065550100", "+12065550101"
ANN, BOB = "+14255550101", "+14255550102"


class Notifier:
    """The application under test."""

    # Failures that another number may avoid. An invalid recipient stays invalid.
    RETRIED = ("CARRIER_UNREACHABLE", "CARRIER_BLOCKED", "UNREACHABLE", "TTL_EXPIRED")

    def __init__(self, queue_url) -> None:
        self.queue_url = queue_url
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.sqs = boto3.client("sqs")
        self.texts = {}
        self.delivered, self.failed = [], []

    def send(self, person, text, number=FIRST):
        """Send a text. Its event records follow later."""
        sent = self.sms.send_text_message(
            DestinationPhoneNumber=person,
            OriginationIdentity=number,
            MessageBody=text,
            ConfigurationSetName="receipts",
            Context={"number": number},
        )
        self.texts[sent["MessageId"]] = text

    def read_receipts(self):
        """Handle the event records in the queue."""
        while messages := self.sqs.receive_message(QueueUrl=self.queue_url).get("Messages"):
            for message in messages:
                event = json.loads(json.loads(message["Body"])["Message"])
                if event["isFinal"]:
                    self.handle(event)
                self.sqs.delete_message(
                    QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"]
                )

    def handle(self, event):
        """Record that a text was delivered or has failed, or send it once more."""
        person, text = event["destinationPhoneNumber"], self.texts[event["messageId"]]
        if event["messageStatus"] == "DELIVERED":
            self.delivered.append(person)
        elif event["messageStatus"] in self.RETRIED and event["context"]["number"] == FIRST:
            self.send(person, text, SECOND)
        else:
            self.failed.append(person)


def set_up(sms):
    """Create the resources: two numbers, and a queue for the event records."""
    sms.add_number(FIRST)
    sms.add_number(SECOND)
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="receipts")["TopicArn"]
    queue_url = sqs.create_queue(QueueName="receipts")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["QueueArn"])

    client = boto3.client("pinpoint-sms-voice-v2")
    client.create_configuration_set(ConfigurationSetName="receipts")
    client.create_event_destination(
        ConfigurationSetName="receipts",
        EventDestinationName="queue",
        MatchingEventTypes=["TEXT_ALL"],
        SnsDestination={"TopicArn": topic},
    )
    return Notifier(queue_url)


@pytest.fixture
def sms():
    """The emulator, and moto, which has the topic and the queue."""
    with mock_aws(), mock_sms(seed=7, events_endpoint_url="aws") as emulator:
        emulator.clock.freeze()
        yield emulator


@pytest.fixture
def notifier(sms):
    """The application with its resources."""
    return set_up(sms)


def test_a_message_that_arrives(sms, notifier):
    """A delivered text is sent once."""
    notifier.send(ANN, "Your parcel is here.")
    notifier.read_receipts()

    assert notifier.delivered == [ANN]
    assert [each.sender for each in sms.messages] == [FIRST]


def test_a_carrier_that_cannot_be_reached(sms, notifier):
    """If the carrier is unreachable, the text is sent from the other number, and delivered."""
    sms.outcome("TEXT_CARRIER_UNREACHABLE", ANN, times=1)

    notifier.send(ANN, "Your parcel is here.")
    notifier.read_receipts()

    assert notifier.delivered == [ANN]
    assert [(each.sender, each.status) for each in sms.messages] == [
        (FIRST, "CARRIER_UNREACHABLE"),
        (SECOND, "DELIVERED"),
    ]


def test_a_carrier_that_stays_unreachable(sms, notifier):
    """The application tries once more, and then gives up."""
    sms.outcome("TEXT_CARRIER_UNREACHABLE", ANN)

    notifier.send(ANN, "Your parcel is here.")
    notifier.send(BOB, "Your parcel is here.")
    notifier.read_receipts()

    assert (notifier.delivered, notifier.failed) == ([BOB], [ANN])
    assert len(sms.messages) == 3


def test_an_invalid_number_is_not_retried(sms, notifier):
    """If the recipient's number is invalid, the application does not try again."""
    sms.outcome("TEXT_INVALID", BOB)

    notifier.send(BOB, "Your parcel is here.")
    notifier.read_receipts()

    assert notifier.failed == [BOB]
    assert len(sms.messages) == 1


def test_delivery_that_takes_an_hour(sms, notifier):
    """With `delivery_seconds=3600`, each attempt takes an hour of the emulator's clock."""
    sms.reset(seed=7, events_endpoint_url="aws", delivery_seconds=3600)
    sms.clock.freeze()
    notifier = set_up(sms)
    sms.outcome("TEXT_CARRIER_UNREACHABLE", ANN, times=1)

    notifier.send(ANN, "Your parcel is here.")
    for expected in ([], [], [ANN]):
        notifier.read_receipts()
        assert notifier.delivered == expected
        sms.clock.advance(hours=1)


def ids_of_a_day():
    """Send while the carrier is unreachable, and return the ids of all messages."""
    with mock_aws(), mock_sms(seed=7, events_endpoint_url="aws") as sms:
        notifier = set_up(sms)
        sms.outcome("TEXT_CARRIER_UNREACHABLE", times=2)
        for person in (ANN, BOB):
            notifier.send(person, "Your parcel is here.")
        notifier.read_receipts()
        return [each.id for each in sms.messages]


def test_the_same_ids_twice():
    """With the same seed, the same calls make messages with the same ids."""
    assert len(ids_of_a_day()) == 4
    assert ids_of_a_day() == ids_of_a_day()
