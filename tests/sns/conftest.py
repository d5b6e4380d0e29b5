"""Fixtures of the SNS tests: clients, refusals and texts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, Message
from pinpoint_sms_emu.wire.model import SNS, model_of

PERSON, OTHER = "+14255550100", "+14255550101"
NUMBER = "+12065550100"
ROLE = "arn:aws:iam::123456789012:role/sms-logs"

LENIENT = Config(parameter_validation=False, retries={"total_max_attempts": 1})


@pytest.fixture
def sns_client(emulator: Emulator, url: str | None) -> Callable[..., Any]:
    """Make clients of SNS: for another account, another Region, other settings."""
    del emulator

    def make(account_id: str = "123456789012", region: str = "us-east-1", **given: Any) -> Any:
        return boto3.client(
            "sns",
            region_name=region,
            aws_access_key_id=account_id,
            aws_secret_access_key="any",
            **({"config": LENIENT, "endpoint_url": url} | given),
        )

    return make


@pytest.fixture
def sns(sns_client: Callable[..., Any]) -> Any:
    """A boto3 client of SNS that leaves all checking to the emulator."""
    return sns_client()


@pytest.fixture
def refused_by_sns(emulator: Emulator) -> Callable[..., dict[str, Any]]:
    """Expect the code and the message of a refusal that changes nothing."""

    def expect(
        call: Callable[..., Any],
        code: str,
        text: str | None = None,
        status: int = 400,
        **given: Any,
    ) -> dict[str, Any]:
        before = emulator.snapshot()

        with pytest.raises(ClientError) as raised:
            call(**given)

        answer: dict[str, Any] = dict(raised.value.response)
        assert answer["Error"]["Code"] == code
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
        if text is not None:
            assert answer["Error"]["Message"] == text
        assert emulator.snapshot() == before
        return answer

    return expect


@pytest.fixture
def text(sns: Any, emulator: Emulator) -> Callable[..., Message]:
    """Publish a text, and return the message."""

    def text(body: str = "Hello", to: str = PERSON, **attributes: str) -> Message:
        named = {
            f"AWS.{name.replace('_', '.')}": {"DataType": "String", "StringValue": value}
            for name, value in attributes.items()
        }
        sent = sns.publish(PhoneNumber=to, Message=body, MessageAttributes=named)
        [message] = [each for each in emulator.messages if each.id == sent["MessageId"]]
        return message

    return text


def why_failed(message: Message) -> tuple[str, str]:
    """The status of a message, and the reason in its last event record."""
    assert message.events[-1]["isFinal"]
    return message.status, message.events[-1]["messageStatusDescription"]


def valid_members(operation: str) -> dict[str, Any]:
    """Valid members for an operation; a Publish is to a phone number."""
    model = model_of(SNS)
    known = model.shapes[model.operations[operation].input_shape]["members"]
    members = {
        "phoneNumber": PERSON,
        "PhoneNumber": PERSON,
        "Message": "Hello",
        "OneTimePassword": "123456",
        "attributes": {"DefaultSMSType": "Promotional"},
    }
    if operation == "GetSMSAttributes":
        return {"attributes": ["DefaultSMSType"]}
    return {name: value for name, value in members.items() if name in known}
