"""Calls of SNS in the journal, in explanations, faults, policies, states and data folders."""

import boto3
import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.control.cloudtrail import record
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.sns_actions import ACTIONS
from tests.sns.conftest import NUMBER, PERSON, valid_members


def test_calls_are_recorded(sns, text, emulator):
    """Parameters and answers have the names of SNS; a message is found by its call."""
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
    """An operation of SNS is known, and so are its parameters, before any call."""
    emulator.assert_not_called("Publish")
    assert emulator.find_calls(operation="Publish").total == 0
    text()

    emulator.assert_called("Publish", times=1, PhoneNumber=PERSON, Message="Hello")
    with pytest.raises(ValueError, match="perhaps PhoneNumber is meant"):
        emulator.assert_called("Publish", PhoneNumbr=PERSON)
    with pytest.raises(ValueError, match="no operation"):
        emulator.assert_called("CreateTopic")


def test_a_refusal_is_explained(sns, emulator):
    """The rule that was enforced is one of SNS, and names what is at fault."""
    with pytest.raises(ClientError):
        sns.publish(PhoneNumber="nobody", Message="Hello")

    call = emulator.calls[-1]
    assert call.why["rule"]["id"] == "sns-publish-number"
    assert call.error["code"] == "InvalidParameter"
    assert [each["name"] for each in call.error["fields"]] == ["phoneNumber"]


@pytest.mark.parametrize("operation", ACTIONS)
def test_an_injected_error(sns, emulator, operation):
    """Every operation can fail on demand, with an error that SNS declares."""
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
def test_an_injected_throttling(sns, emulator, operation, error, code, status):
    """Each operation can be throttled in both ways, also Publish, which declares neither."""
    emulator.fail(operation, error, times=1)

    with pytest.raises(ClientError) as raised:
        getattr(sns, snake(operation))(**valid_members(operation))

    assert raised.value.response["Error"]["Code"] == code
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
    with pytest.raises(ValueError, match=f"reason of {error}"):
        emulator.fail(operation, error, reason="ANY")


def test_an_error_for_every_operation(sns, emulator):
    """A fault for all holds for SNS too, in SNS's words; one that is undeclared is refused."""
    emulator.fail("*", "ThrottlingException", times=1)

    with pytest.raises(ClientError, match="Rate exceeded"):
        sns.publish(PhoneNumber=PERSON, Message="Hello")
    with pytest.raises(ValueError, match="Publish declares"):
        emulator.fail("Publish", "OptedOutException")


def test_a_record_of_cloudtrail(text, emulator):
    """Its source is SNS, and what a text says is hidden."""
    text()
    [call] = emulator.calls
    written = record(call)

    assert written["eventSource"] == "sns.amazonaws.com"
    assert (written["eventCategory"], written["readOnly"]) == ("Data", False)
    assert written["requestParameters"]["message"] == "HIDDEN_DUE_TO_SECURITY_REASONS"


def test_policies_are_not_asked():
    """A caller that may do nothing with the other service texts through SNS."""
    with mock_sms(policies={"123456789012": []}) as sms:
        keys = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "any"}
        sns = boto3.client("sns", region_name="us-east-1", **keys)
        sns.publish(PhoneNumber=PERSON, Message="Hello")

        assert sms.policy()["Statement"] == []


def test_a_snapshot_has_all_of_it(sns, text, emulator):
    """Attributes, sandbox numbers and messages come back."""
    sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})
    sns.create_sms_sandbox_phone_number(PhoneNumber=PERSON)
    text()
    other = Emulator()
    other.restore(emulator.snapshot())

    assert other.snapshot() == emulator.snapshot()
    assert [each.api for each in other.messages] == ["sns", "sns"]


def test_a_data_folder_has_all_of_it(tmp_path):
    """After a crash, calls of SNS are made once more, and have the same ids."""
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
