"""Calls of SNS in recorded calls, explanations, faults, policies, snapshots and data folders."""

import boto3
import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.control.cloudtrail import record
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.sns_actions import ACTIONS
from tests.sns.conftest import NUMBER, PERSON, valid_members


def test_calls_are_recorded(sns, text, emulator):
    """Parameters and answers have SNS's names; the call has the id of its message."""
    message = text(SNS_SMS_SMSType="Transactional")
    call = emulator.calls[-1]

    assert (call.operation, call.message_id) == ("Publish", message.message_id)
    assert call.parameters["PhoneNumber"] == PERSON
    assert call.parameters["MessageAttributes"]["AWS.SNS.SMS.SMSType"] == {
        "DataType": "String",
        "StringValue": "Transactional",
    }
    assert call.response == {"MessageId": message.message_id}
    assert sns.get_sms_attributes()["attributes"] == emulator.calls[-1].response["attributes"]


def test_calls_are_asserted(text, emulator):
    """Assertions know the operations and parameters of SNS."""
    emulator.assert_not_called("Publish")
    assert emulator.find_calls(operation="Publish").total == 0
    text()

    emulator.assert_called("Publish", times=1, PhoneNumber=PERSON, Message="Hello")
    with pytest.raises(ValueError, match="did you mean PhoneNumber"):
        emulator.assert_called("Publish", PhoneNumbr=PERSON)
    with pytest.raises(ValueError, match="no operation"):
        emulator.assert_called("CreateTopic")


def test_a_refusal_is_explained(sns, emulator):
    """The explanation has the rule of SNS that was enforced, and the value that caused it."""
    with pytest.raises(ClientError):
        sns.publish(PhoneNumber="nobody", Message="Hello")

    call = emulator.calls[-1]
    assert call.why["rule"]["id"] == "sns-publish-number"
    assert call.error["code"] == "InvalidParameter"
    assert [each["name"] for each in call.error["fields"]] == ["phoneNumber"]


@pytest.mark.parametrize("operation", ACTIONS)
def test_errors_can_be_injected(sns, emulator, operation):
    """Every operation can fail with an error that SNS declares."""
    emulator.fail(operation, "InternalErrorException", times=1)

    with pytest.raises(ClientError) as raised:
        getattr(sns, snake(operation))(**valid_members(operation))

    assert raised.value.response["Error"]["Code"] == "InternalError"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500


@pytest.mark.parametrize("operation", ACTIONS)
@pytest.mark.parametrize(
    ("error", "code", "status"),
    [("ThrottlingException", "ThrottlingException", 400), ("ThrottledException", "Throttled", 429)],
)
def test_throttling_can_be_injected(sns, emulator, operation, error, code, status):
    """Both throttling errors can be injected, even for Publish, which declares neither."""
    emulator.fail(operation, error, times=1)

    with pytest.raises(ClientError) as raised:
        getattr(sns, snake(operation))(**valid_members(operation))

    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    with pytest.raises(ValueError, match=f"reason of {error}"):
        emulator.fail(operation, error, reason="ANY")


def test_a_fault_for_every_operation(sns, emulator):
    """A fault for `*` applies to SNS in SNS's form; undeclared errors are refused."""
    emulator.fail("*", "ThrottlingException", times=1)

    with pytest.raises(ClientError, match="Rate exceeded"):
        sns.publish(PhoneNumber=PERSON, Message="Hello")
    with pytest.raises(ValueError, match="Publish declares"):
        emulator.fail("Publish", "OptedOutException")


def test_cloudtrail_records(text, emulator):
    """The source is SNS, and the text is hidden."""
    text()
    [call] = emulator.calls
    written = record(call)

    assert written["eventSource"] == "sns.amazonaws.com"
    assert (written["eventCategory"], written["readOnly"]) == ("Data", False)
    assert written["requestParameters"]["message"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_policies_do_not_apply():
    """A caller without any permission can publish through SNS."""
    with mock_sms(policies={"123456789012": []}) as sms:
        keys = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "any"}
        sns = boto3.client("sns", region_name="us-east-1", **keys)
        sns.publish(PhoneNumber=PERSON, Message="Hello")

        assert sms.policy()["Statement"] == []


def test_a_snapshot_has_the_state_of_sns(sns, text, emulator):
    """Attributes, sandbox numbers and messages are restored."""
    sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})
    sns.create_sms_sandbox_phone_number(PhoneNumber=PERSON)
    text()
    other = Emulator()
    other.restore(emulator.snapshot())

    assert other.snapshot() == emulator.snapshot()
    assert [each.api for each in other.messages] == ["sns", "sns"]


def test_a_data_folder_has_the_state_of_sns(tmp_path):
    """After a crash, calls of SNS are repeated, with the same ids."""
    with mock_sms(data_dir=tmp_path / "data") as sms:
        sns = boto3.client("sns", region_name="us-east-1")
        sms.add_number(NUMBER)
        sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})
        sns.create_sms_sandbox_phone_number(PhoneNumber=PERSON)
        sent = sns.publish(PhoneNumber=PERSON, Message="Hello")["MessageId"]
        before = sms.snapshot()
        copy = tmp_path / "copy"
        copy.mkdir()
        for file in (tmp_path / "data").iterdir():
            if file.is_file() and "lock" not in file.name:
                (copy / file.name).write_bytes(file.read_bytes())

    emulator = Emulator(data_dir=copy)
    try:
        assert emulator.messages[-1].message_id == sent
        assert emulator.snapshot()["accounts"] == before["accounts"]
    finally:
        emulator.close()
