"""A two-way campaign: an application invites people by text, and they answer YES, HELP or STOP.

The service answers HELP, STOP and START itself. Every answer is also published to the number's
two-way topic. The application reads them from a queue that subscribes to it, and answers YES.
"""

import json

import boto3
import pytest
from moto import mock_aws

from pinpoint_sms_emu import mock_sms

NUMBER = "+12065550100"
ANN, BOB, EVE = "+14255550101", "+14255550102", "+14255550103"


class Campaign:
    """The application under test."""

    def __init__(self, number, queue_url) -> None:
        self.number = number
        self.queue_url = queue_url
        self.sms = boto3.client("pinpoint-sms-voice-v2")
        self.sqs = boto3.client("sqs")
        self.coming = set()

    def invite(self, people):
        """Invite everyone who has not opted out; return their numbers."""
        return [person for person in people if self.send(person, "A party on Friday! Coming? YES")]

    def send(self, person, text):
        """Send a text, unless the recipient has opted out."""
        try:
            self.sms.send_text_message(
                DestinationPhoneNumber=person, OriginationIdentity=self.number, MessageBody=text
            )
        except self.sms.exceptions.ConflictException as refused:
            if refused.response["Reason"] != "DESTINATION_PHONE_NUMBER_OPTED_OUT":
                raise
            return False
        return True

    def read_answers(self):
        """Handle the answers."""
        answers = self.sqs.receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)
        for message in answers.get("Messages", []):
            answer = json.loads(json.loads(message["Body"])["Message"])
            person, text = answer["originationNumber"], answer["messageBody"].strip().upper()
            if text.startswith("YES"):
                self.coming.add(person)
                self.send(person, "See you on Friday.")
            elif answer["messageKeyword"] == "STOP":
                self.coming.discard(person)
            self.sqs.delete_message(QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"])


def set_up(sms):
    """Create the resources: a topic, a queue, a number and its keywords."""
    sns, sqs = boto3.client("sns"), boto3.client("sqs")
    topic = sns.create_topic(Name="answers")["TopicArn"]
    queue_url = sqs.create_queue(QueueName="answers")["QueueUrl"]
    queue = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue["QueueArn"])

    number = sms.add_number(NUMBER, two_way_enabled=True, two_way_channel_arn=topic)
    client = boto3.client("pinpoint-sms-voice-v2")
    client.put_keyword(
        OriginationIdentity=number.id, Keyword="HELP", KeywordMessage="Call +1 206 555 0199."
    )
    client.put_keyword(
        OriginationIdentity=number.id,
        Keyword="START",
        KeywordMessage="Welcome back.",
        KeywordAction="OPT_IN",
    )
    return Campaign(NUMBER, queue_url)


@pytest.fixture
def sms():
    """The emulator, and moto, which has the topic and the queue."""
    with mock_aws(), mock_sms(seed=7, events_endpoint_url="aws") as emulator:
        emulator.clock.freeze()
        yield emulator


@pytest.fixture
def campaign(sms):
    """The application with its resources."""
    return set_up(sms)


def replies_to(sms, person):
    """Return the texts to a recipient after the invitation."""
    return [each.body for each in sms.messages if each.recipient == person][1:]


def test_yes(sms, campaign):
    """The application records the answer YES, and confirms it."""
    campaign.invite([ANN])

    sms.receive("yes, with pleasure", sender=ANN, recipient=NUMBER)
    campaign.read_answers()

    assert campaign.coming == {ANN}
    assert replies_to(sms, ANN) == ["See you on Friday."]


def test_help(sms, campaign):
    """The service answers HELP, not the application."""
    campaign.invite([BOB])

    answer = sms.receive("HELP", sender=BOB, recipient=NUMBER)
    campaign.read_answers()

    assert answer.reply == "Call +1 206 555 0199."
    assert replies_to(sms, BOB) == ["Call +1 206 555 0199."]
    assert campaign.coming == set()


def test_stop_and_start(sms, campaign):
    """A person who texts STOP gets no invitations until she texts START."""
    campaign.invite([ANN, EVE])
    sms.receive("YES", sender=EVE, recipient=NUMBER)
    sms.receive("Stop!", sender=EVE, recipient=NUMBER)
    campaign.read_answers()

    sms.clock.advance(days=7)
    invited_after_stop = campaign.invite([ANN, EVE])
    sms.receive("start", sender=EVE, recipient=NUMBER)
    invited_after_start = campaign.invite([ANN, EVE])

    assert campaign.coming == set()
    assert invited_after_stop == [ANN]
    assert invited_after_start == [ANN, EVE]


def test_an_answer_refers_to_the_invitation(sms, campaign):
    """An answer's payload has the id of the message that it answers."""
    campaign.invite([ANN])

    sms.receive("YES", sender=ANN, recipient=NUMBER)

    [message] = campaign.sqs.receive_message(QueueUrl=campaign.queue_url)["Messages"]
    answer = json.loads(json.loads(message["Body"])["Message"])
    [invitation] = [each for each in sms.messages if each.recipient == ANN]
    assert answer["previousPublishedMessageId"] == invitation.id


def ids_of_a_campaign():
    """Run a whole campaign, and return the ids of its messages."""
    with mock_aws(), mock_sms(seed=7, events_endpoint_url="aws") as sms:
        campaign = set_up(sms)
        campaign.invite([ANN, BOB, EVE])
        for person, text in ((ANN, "YES"), (BOB, "HELP"), (EVE, "STOP"), (EVE, "START")):
            sms.receive(text, sender=person, recipient=NUMBER)
        campaign.read_answers()
        return [each.id for each in sms.messages]


def test_the_same_ids_twice():
    """With the same seed, a second campaign has the same message ids."""
    assert ids_of_a_campaign() == ids_of_a_campaign()
