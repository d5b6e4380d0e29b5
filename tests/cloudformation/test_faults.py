"""Injected faults stop an update or a deletion half-way; the same one continues from there."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from tests.cloudformation.everything import arn

LIST = "AWS::SMSVOICE::OptOutList"
AGENT = "AWS::SMSVOICE::RcsAgent"


def lists(**names: str) -> dict[str, Any]:
    """A template with lists, by logical id and name."""
    return {
        "Resources": {
            logical_id: {"Type": LIST, "Properties": {"OptOutListName": name}}
            for logical_id, name in names.items()
        }
    }


def names() -> list[str]:
    """The names of the lists that exist, except that of every account."""
    found = boto3.client("pinpoint-sms-voice-v2").describe_opt_out_lists()["OptOutLists"]
    return sorted(each["OptOutListName"] for each in found)[1:]


def test_an_update_continues():
    """What was made is in the stack, and the rest is made by the same update."""
    template = lists(A="one")
    template["Resources"]["B"] = {"Type": "AWS::SMSVOICE::ProtectConfiguration"}
    with mock_sms() as sms:
        sms.fail("CreateProtectConfiguration", "InternalServerException", times=1)
        with pytest.raises(ValueError, match=r"^the template, Resources\.B: CreateProtectConfig"):
            sms.stack.update(template)
        assert sms.stack.resources == {"A": "one"}
        assert names() == ["one"]

        sms.stack.update(template)

        assert sms.stack.resources.keys() == {"A", "B"}
        sms.assert_called("CreateOptOutList", times=1)


def test_a_replaced_resource_is_deleted_later():
    """What a replacement could not delete stays in the stack, also in a copy of the state."""
    with mock_sms(seed_file=lists(A="one")) as sms:
        sms.fail("DeleteOptOutList", "InternalServerException", times=1)
        with pytest.raises(ValueError, match=r"^the template, Resources\.A: DeleteOptOutList: "):
            sms.stack.update(lists(A="two"))
        assert names() == ["one", "two"]
        state = sms.snapshot()
        sms.restore(state)
        assert sms.snapshot() == state

        sms.stack.update(lists(A="two"))

        assert sms.stack.resources == {"A": "two"}
        assert names() == ["two"]


def test_a_deletion_continues():
    """What is left stays in the stack, and is deleted by the next deletion."""
    with mock_sms(seed_file=lists(A="one", B="two")) as sms:
        sms.fail("DeleteOptOutList", "InternalServerException", times=1)
        with pytest.raises(ValueError, match=r"cannot be deleted, Resources\.B: DeleteOptOutList"):
            sms.stack.delete()
        assert sms.stack.resources == {"B": "two"}

        sms.stack.delete()

        assert names() == []
        assert sms.stack.resources == {}


def test_an_attribute_that_cannot_be_read():
    """A refused call for Fn::GetAtt is named by its place, like any other."""
    template = {
        "Resources": {"A": {"Type": AGENT, "Properties": {}}},
        "Outputs": {"Pool": {"Value": arn("A", "PoolId")}},
    }
    sms = Emulator()
    sms.fail("DescribeRcsAgents", "InternalServerException")

    with pytest.raises(ValueError, match=r"^the template, Outputs\.Pool\.Value: DescribeRcsAgents"):
        sms.stack.update(template)

    assert sms.stack.resources.keys() == {"A"}
