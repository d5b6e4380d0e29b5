"""Topics of moto: what is published to one is texted to the phones that are subscribed to it."""

import json

import boto3
import pytest
from moto import mock_aws

from pinpoint_sms_emu import mock_sms
from tests.sns.conftest import OTHER, PERSON

pytestmark = pytest.mark.rule("sns-topics")


@pytest.fixture
def moto():
    """Moto, and credentials for its clients."""
    with mock_aws():
        yield


@pytest.fixture
def sns(moto, emulator):
    """A client of a topic that a phone is subscribed to."""
    del moto, emulator
    return boto3.client("sns", region_name="us-east-1")


@pytest.fixture
def topic(sns):
    """A topic that a phone is subscribed to, whose number moto lets people write so."""
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint="+1-425-555-0100")
    return arn


def test_a_subscribed_phone_is_texted(sns, topic, emulator):
    """The message is the phone's, with the type that the publisher wants."""
    sns.publish(
        TopicArn=topic,
        Message="Hello",
        MessageAttributes={
            "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"},
            "binary": {"DataType": "Binary", "BinaryValue": b"1"},
        },
    )

    [message] = emulator.messages
    assert (message.api, message.recipient, message.body) == ("sns", PERSON, "Hello")
    assert (message.message_type, message.status) == ("TRANSACTIONAL", "DELIVERED")


def test_the_text_for_sms(sns, topic, emulator):
    """Of a message with a structure, phones get the text for SMS."""
    message = json.dumps({"default": "long", "sms": "short"})
    sns.publish(TopicArn=topic, Message=message, MessageStructure="json")

    assert [each.body for each in emulator.messages] == ["short"]


def test_a_batch(sns, topic, emulator):
    """Each entry is a text."""
    entries = [{"Id": each, "Message": each} for each in ("one", "two")]
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)

    assert [each.body for each in emulator.messages] == ["one", "two"]


def test_a_filter_policy(sns, topic, emulator):
    """A phone gets what its subscription lets through."""
    subscription = sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=OTHER)
    sns.set_subscription_attributes(
        SubscriptionArn=subscription["SubscriptionArn"],
        AttributeName="FilterPolicy",
        AttributeValue=json.dumps({"kind": ["urgent"]}),
    )
    for kind in ("urgent", "idle"):
        attributes = {"kind": {"DataType": "String", "StringValue": kind}}
        sns.publish(TopicArn=topic, Message=kind, MessageAttributes=attributes)

    assert [(each.recipient, each.body) for each in emulator.messages] == [
        (PERSON, "urgent"),
        (OTHER, "urgent"),
        (PERSON, "idle"),
    ]


def test_who_has_opted_out_gets_nothing(sns, topic, sms, emulator):
    """The subscription stays, and its texts fail."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    sns.publish(TopicArn=topic, Message="Hello")

    assert [each.status for each in emulator.messages] == ["BLOCKED"]


def test_a_message_that_no_phone_can_get(sns, topic, emulator):
    """What is wrong for texts does not fail the publisher's call."""
    attributes = {"AWS.SNS.SMS.MaxPrice": {"DataType": "String", "StringValue": "cheap"}}
    sns.publish(TopicArn=topic, Message="Hello", MessageAttributes=attributes)

    assert list(emulator.messages) == []


def test_other_services_publish_too(sns, topic, emulator):
    """What moto itself publishes reaches phones: here an event of S3."""
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="uploads")
    s3.put_bucket_notification_configuration(
        Bucket="uploads",
        NotificationConfiguration={
            "TopicConfigurations": [{"TopicArn": topic, "Events": ["s3:ObjectCreated:*"]}]
        },
    )
    emulator.clear_messages()
    s3.put_object(Bucket="uploads", Key="a", Body=b"a")

    assert {each.recipient for each in emulator.messages} == {PERSON}


@pytest.mark.usefixtures("moto")
def test_sns_can_be_left_alone():
    """With `sns_sms=False` moto keeps to its own."""
    with mock_sms(sns_sms=False) as sms:
        sns = boto3.client("sns", region_name="us-east-1")
        arn = sns.create_topic(Name="alerts")["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint=PERSON)
        sns.publish(TopicArn=arn, Message="Hello")

        assert list(sms.messages) == []
