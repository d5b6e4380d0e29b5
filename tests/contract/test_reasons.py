"""Every Reason of the model is raised by a rule with a test, or the table below says why not."""

import ast
import json
from pathlib import Path

import pytest

import pinpoint_sms_emu
from pinpoint_sms_emu.wire.model import service_model

SHAPES = service_model().shapes
# The enforced rules with an error, as they are shipped.
RULES = json.loads(
    (Path(pinpoint_sms_emu.__file__).parent / "reference/data/rules.json").read_text("utf-8")
)
REASONS = [
    value for name in SHAPES if name.endswith("ExceptionReason") for value in SHAPES[name]["enum"]
]

# Reasons that no operation raises; `sms.fail` can inject each of them.
NOT_RAISED = {
    "ACCOUNT_DISABLED": "Nothing in the API disables an account.",
    "CANNOT_PARSE": "AWS's front end answers what cannot be read with SerializationException.",
    "INSUFFICIENT_ACCOUNT_REPUTATION": "Nothing in the API shows or changes a reputation.",
    "INVALID_REQUEST": "No condition is documented.",
    "OTHER": "No condition is documented.",
    "REGISTRATION_FIELD_CANNOT_BE_DELETED": "AWS names no field whose value has to stay.",
    "RESOURCE_NOT_ACCESSIBLE": "No other service is asked while a call is answered.",
    "TWO_WAY_NOT_SUPPORTED_IN_REGION": "AWS lists no Region without two-way messaging.",
    "TWO_WAY_TOPIC_NOT_PRESENT": "A missing channel is TWO_WAY_CHANNEL_NOT_PRESENT, its successor.",
    "UNKNOWN_OPERATION": "AWS's front end answers with UnknownOperationException.",
    "UNSPECIFIED_PARAMETER_NOT_SUPPORTED": "No condition is documented.",
}
# It is also a type of phone numbers, and thus in the code.
ALSO_A_WORD = {"OTHER"}


def words_in_the_code():
    """Every string in the package's modules."""
    for module in Path(pinpoint_sms_emu.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-every-reason")
def test_every_reason_is_raised():
    """Reasons that the code does not contain are in the table above, and no others."""
    named = {*words_in_the_code()} - ALSO_A_WORD

    assert {each for each in REASONS if each not in named} == NOT_RAISED.keys()


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-every-reason")
@pytest.mark.parametrize("reason", [each for each in REASONS if each not in NOT_RAISED])
def test_every_reason_has_a_rule_with_a_test(reason):
    """A rule has the Reason in its error; tests/test_rules.py checks that it has a test."""
    assert [rule["id"] for rule in RULES if rule["error"].get("reason") == reason]


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("reason", list(NOT_RAISED))
def test_faults_can_return_the_other_reasons(emulator, sms, reason):
    """A test can meet each of them."""
    emulator.fail("SendTextMessage", exception_of(reason), reason=reason)

    with pytest.raises(sms.exceptions.ClientError) as refused:
        sms.send_text_message(DestinationPhoneNumber="+14255550101", MessageBody="Hello")

    assert refused.value.response["Reason"] == reason


def exception_of(reason):
    """The exception that has a Reason."""
    return next(
        name.removesuffix("Reason")
        for name in SHAPES
        if name.endswith("ExceptionReason") and reason in SHAPES[name]["enum"]
    )
