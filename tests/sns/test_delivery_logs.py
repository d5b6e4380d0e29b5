"""Delivery status logs: the entries that SNS writes to CloudWatch Logs about texts."""

import json

import boto3
import pytest
from moto import mock_aws

from tests.sns.conftest import OTHER, PERSON, ROLE

pytestmark = pytest.mark.pinpoint_sms(events_endpoint_url="aws", seed=7)

GROUP = "sns/us-east-1/123456789012/DirectPublishToPhoneNumber"


@pytest.fixture(autouse=True)
def _moto():
    with mock_aws():
        yield


@pytest.fixture
def enable_logs(sns):
    """Enable the account's delivery status logs."""

    def enable_logs(**further):
        sns.set_sms_attributes(attributes={"DeliveryStatusIAMRole": ROLE, **further})

    return enable_logs


def written():
    """All log entries, by log group."""
    logs = boto3.client("logs", region_name="us-east-1")
    return {
        group["logGroupName"]: [
            json.loads(event["message"])
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        ]
        for group in logs.describe_log_groups()["logGroups"]
    }


@pytest.mark.rule("sns-logs")
def test_the_entry_of_a_delivered_text(emulator, enable_logs, text):
    """The entry has the members of AWS's example, and SNS creates the log group."""
    emulator.clock.freeze("2027-06-28T00:40:34.558Z")
    enable_logs()
    message = text(SNS_SMS_SMSType="Transactional")

    assert written() == {
        GROUP: [
            {
                "notification": {
                    "messageId": message.message_id,
                    "timestamp": "2027-06-28 00:40:34.558",
                },
                "delivery": {
                    "phoneCarrier": "T-mobile USA Inc.",
                    "mnc": 800,
                    "destination": PERSON,
                    "priceInUSD": message.price,
                    "smsType": "Transactional",
                    "mcc": 310,
                    "providerResponse": "Message has been accepted by phone",
                    "dwellTimeMs": 0,
                    "dwellTimeMsUntilDeviceAck": 0,
                },
                "status": "SUCCESS",
            }
        ]
    }


@pytest.mark.rule("sns-logs")
def test_the_entry_of_an_undelivered_text(emulator, enable_logs, text):
    """Failures have their own log group; the network is unknown."""
    enable_logs()
    emulator.outcome("TEXT_UNKNOWN", recipient=PERSON)
    text()

    [entry] = written()[f"{GROUP}/Failure"]
    assert entry["status"] == "FAILURE"
    assert entry["delivery"]["providerResponse"] == "Unknown error attempting to reach phone"
    assert (entry["delivery"]["mcc"], entry["delivery"]["mnc"]) == (0, 0)


@pytest.mark.rule("sns-logs")
def test_the_entry_of_an_unsent_text(sms, enable_logs, text):
    """The entry has the reason, and neither a price nor a network."""
    enable_logs()
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    message = text()

    [entry] = written()[f"{GROUP}/Failure"]
    assert entry["notification"]["messageId"] == message.message_id
    assert entry["delivery"] == {
        "destination": PERSON,
        "smsType": "Promotional",
        "providerResponse": "Phone number is opted out",
        "dwellTimeMs": 0,
    }


@pytest.mark.pinpoint_sms(events_endpoint_url="aws", delivery_seconds=4, seed=7)
@pytest.mark.rule("sns-logs")
def test_the_entry_is_written_after_the_final_event(emulator, enable_logs, text):
    """The dwell times are those from the publish to the carrier, and to the phone."""
    emulator.clock.freeze()
    enable_logs()
    text()
    before = written()
    emulator.clock.advance(seconds=2)
    emulator.clock.advance(seconds=2)

    [entry] = written()[GROUP]
    assert before == {}
    assert entry["delivery"]["dwellTimeMs"] == 2000
    assert entry["delivery"]["dwellTimeMsUntilDeviceAck"] == 4000


@pytest.mark.rule("sns-logs")
def test_without_a_role_nothing_is_written(sns, text):
    """Logs are written only if the account has a role for them, and only about texts of SNS."""
    sns.set_sms_attributes(attributes={"DeliveryStatusSuccessSamplingRate": "100"})
    text()

    assert written() == {}


@pytest.mark.rule("sns-logs")
def test_messages_sent_without_sns_have_no_entry(sms, emulator, enable_logs):
    """They have event destinations instead."""
    enable_logs()
    emulator.add_number("+12065550100")
    sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert written() == {}


@pytest.mark.parametrize(
    ("rate", "least", "most"), [("0", 0, 0), ("30", 10, 50), ("100", 100, 100)]
)
@pytest.mark.rule("sns-logs-sampling")
def test_the_success_sampling_rate(emulator, enable_logs, text, rate, least, most):
    """About this percentage of successes is logged; failures are always logged."""
    enable_logs(DeliveryStatusSuccessSamplingRate=rate)
    emulator.outcome("TEXT_BLOCKED", recipient=OTHER)
    for _text in range(100):
        text()
    text(to=OTHER)

    groups = written()
    assert least <= len(groups.get(GROUP, ())) <= most
    assert len(groups[f"{GROUP}/Failure"]) == 1


@pytest.mark.rule("sns-logs")
@pytest.mark.rule("sns-logs-topics")
def test_texts_of_a_topic_are_in_the_same_log_groups(sns, enable_logs):
    """A text that a topic sends is logged like one to a phone number."""
    enable_logs()
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PERSON)
    sns.publish(TopicArn=topic, Message="Hello")

    assert list(written()) == [GROUP]


def test_the_status_of_an_entry_is_in_the_events(emulator, enable_logs, text):
    """Whether an entry was delivered is shown with the event record."""
    enable_logs()
    text()

    [*_, last] = emulator.events
    [destination] = last.destinations
    assert (destination.name, destination.kind, destination.status) == (
        "DirectPublishToPhoneNumber",
        "sms_delivery_status_logs",
        "delivered",
    )
