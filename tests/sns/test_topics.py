"""Topics in moto: messages published to them are texted to subscribed phones."""

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
    """A client of SNS."""
    del moto, emulator
    return boto3.client("sns", region_name="us-east-1")


@pytest.fixture
def topic(sns):
    """A topic with a subscribed phone, whose number has the punctuation that moto accepts."""
    arn = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint="+1-425-555-0100")
    return arn


def test_a_subscribed_phone_is_texted(sns, topic, emulator):
    """The phone receives a message of the type in the publisher's attributes."""
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
    """Of a message with a structure, the phone gets the value for `sms`."""
    message = json.dumps({"default": "long", "sms": "short"})
    sns.publish(TopicArn=topic, Message=message, MessageStructure="json")

    assert [each.body for each in emulator.messages] == ["short"]


def test_each_entry_of_a_batch_is_texted(sns, topic, emulator):
    """Each entry of PublishBatch is a text."""
    entries = [{"Id": each, "Message": each} for each in ("one", "two")]
    sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)

    assert [each.body for each in emulator.messages] == ["one", "two"]


def test_a_filter_policy(sns, topic, emulator):
    """A phone gets only messages that match the filter policy of its subscription."""
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


def test_an_opted_out_phone_gets_nothing(sns, topic, sms, emulator):
    """The subscription stays, and its texts fail."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    sns.publish(TopicArn=topic, Message="Hello")

    assert [each.status for each in emulator.messages] == ["BLOCKED"]


def test_an_unsendable_text_does_not_fail_the_publish(sns, topic, emulator):
    """A message that cannot be texted is not an error for the publisher."""
    attributes = {"AWS.SNS.SMS.MaxPrice": {"DataType": "String", "StringValue": "cheap"}}
    sns.publish(TopicArn=topic, Message="Hello", MessageAttributes=attributes)

    assert list(emulator.messages) == []


def test_other_services_publish_too(sns, topic, emulator):
    """Messages that moto itself publishes, here an event of S3, are texted too."""
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
def test_sns_sms_can_be_turned_off():
    """With `sns_sms=False` moto's topics text nobody."""
    with mock_sms(sns_sms=False) as sms:
        sns = boto3.client("sns", region_name="us-east-1")
        arn = sns.create_topic(Name="alerts")["TopicArn"]
        sns.subscribe(TopicArn=arn, Protocol="sms", Endpoint=PERSON)
        sns.publish(TopicArn=arn, Message="Hello")

        assert list(sms.messages) == []
