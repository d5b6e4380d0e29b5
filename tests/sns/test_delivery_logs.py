"""Delivery status logs: what SNS writes to CloudWatch Logs about each text, here moto's."""

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
def ask_for_logs(sns):
    """Let the account have logs."""

    def ask_for_logs(**further):
        sns.set_sms_attributes(attributes={"DeliveryStatusIAMRole": ROLE, **further})

    return ask_for_logs


def written():
    """All entries that were written, by log group."""
    logs = boto3.client("logs", region_name="us-east-1")
    return {
        group["logGroupName"]: [
            json.loads(event["message"])
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]
        ]
        for group in logs.describe_log_groups()["logGroups"]
    }


@pytest.mark.rule("sns-logs")
def test_a_text_that_is_delivered(emulator, ask_for_logs, text):
    """The entry has the members of AWS's example, and SNS makes the log group."""
    emulator.clock.freeze("2027-06-28T00:40:34.558Z")
    ask_for_logs()
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
def test_a_text_that_a_carrier_does_not_deliver(emulator, ask_for_logs, text):
    """Failures have a log group of their own; the network is unknown."""
    ask_for_logs()
    emulator.outcome("TEXT_UNKNOWN", recipient=PERSON)
    text()

    [entry] = written()[f"{GROUP}/Failure"]
    assert entry["status"] == "FAILURE"
    assert entry["delivery"]["providerResponse"] == "Unknown error attempting to reach phone"
    assert (entry["delivery"]["mcc"], entry["delivery"]["mnc"]) == (0, 0)


@pytest.mark.rule("sns-logs")
def test_a_text_that_sns_does_not_send(sms, ask_for_logs, text):
    """The reason is in the entry, which has neither a price nor a network."""
    ask_for_logs()
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
def test_an_entry_comes_when_the_end_is_known(emulator, ask_for_logs, text):
    """The times are those from the publish to the carrier, and to the phone."""
    emulator.clock.freeze()
    ask_for_logs()
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
    """Logs are for those who ask for them, and only of texts that SNS has sent."""
    sns.set_sms_attributes(attributes={"DeliveryStatusSuccessSamplingRate": "100"})
    text()

    assert written() == {}


@pytest.mark.rule("sns-logs")
def test_texts_of_the_other_service_have_none(sms, emulator, ask_for_logs):
    """They have event destinations."""
    ask_for_logs()
    emulator.add_number("+12065550100")
    sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert written() == {}


@pytest.mark.parametrize(
    ("rate", "least", "most"), [("0", 0, 0), ("30", 10, 50), ("100", 100, 100)]
)
@pytest.mark.rule("sns-logs-sampling")
def test_a_part_of_those_that_are_delivered(emulator, ask_for_logs, text, rate, least, most):
    """So many per cent, about; failures are always logged."""
    ask_for_logs(DeliveryStatusSuccessSamplingRate=rate)
    emulator.outcome("TEXT_BLOCKED", recipient=OTHER)
    for _text in range(100):
        text()
    text(to=OTHER)

    groups = written()
    assert least <= len(groups.get(GROUP, ())) <= most
    assert len(groups[f"{GROUP}/Failure"]) == 1


@pytest.mark.rule("sns-logs")
def test_a_topic_has_log_groups_of_its_own(sns, ask_for_logs):
    """They are named after it."""
    ask_for_logs()
    topic = sns.create_topic(Name="alerts")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=PERSON)
    sns.publish(TopicArn=topic, Message="Hello")

    assert list(written()) == ["sns/us-east-1/123456789012/alerts"]


def test_deliveries_can_be_read(emulator, ask_for_logs, text):
    """What has become of an entry stands with the event record."""
    ask_for_logs()
    text()

    [*_, last] = emulator.events
    [destination] = last.destinations
    assert (destination.name, destination.kind, destination.status) == (
        "DirectPublishToPhoneNumber",
        "sms_delivery_status_logs",
        "delivered",
    )
