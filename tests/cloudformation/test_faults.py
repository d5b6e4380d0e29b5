"""Injected faults interrupt an update or a deletion; repeating it continues where it stopped."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from tests.cloudformation.everything import arn

LIST = "AWS::SMSVOICE::OptOutList"
AGENT = "AWS::SMSVOICE::RcsAgent"


def lists(**names: str) -> dict[str, Any]:
    """A template with opt-out lists, by logical id and name."""
    return {
        "Resources": {
            logical_id: {"Type": LIST, "Properties": {"OptOutListName": name}}
            for logical_id, name in names.items()
        }
    }


def names() -> list[str]:
    """The names of the existing opt-out lists, except the default one."""
    found = boto3.client("pinpoint-sms-voice-v2").describe_opt_out_lists()["OptOutLists"]
    return sorted(each["OptOutListName"] for each in found)[1:]


def test_an_interrupted_update_continues():
    """Created resources are in the stack; the same update creates the rest."""
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
    """A replaced resource that could not be deleted stays in the stack, also in a snapshot."""
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


def test_an_interrupted_deletion_continues():
    """Remaining resources stay in the stack, and the next deletion deletes them."""
    with mock_sms(seed_file=lists(A="one", B="two")) as sms:
        sms.fail("DeleteOptOutList", "InternalServerException", times=1)
        with pytest.raises(ValueError, match=r"cannot be deleted, Resources\.B: DeleteOptOutList"):
            sms.stack.delete()
        assert sms.stack.resources == {"B": "two"}

        sms.stack.delete()

        assert names() == []
        assert sms.stack.resources == {}


def test_an_unreadable_attribute_is_reported():
    """A refused call for Fn::GetAtt is reported with its place."""
    template = {
        "Resources": {"A": {"Type": AGENT, "Properties": {}}},
        "Outputs": {"Pool": {"Value": arn("A", "PoolId")}},
    }
    sms = Emulator()
    sms.fail("DescribeRcsAgents", "InternalServerException")

    with pytest.raises(ValueError, match=r"^the template, Outputs\.Pool\.Value: DescribeRcsAgents"):
        sms.stack.update(template)

    assert sms.stack.resources.keys() == {"A"}


def numbers_in_a_pool(*pooled: str, also: tuple[str, ...] = ()) -> dict[str, Any]:
    """A template with numbers, and a pool of some of them."""
    number = {
        "Type": "AWS::SMSVOICE::PhoneNumber",
        "Properties": {
            "IsoCountryCode": "US",
            "MandatoryKeywords": {"HELP": {"Message": "Help"}, "STOP": {"Message": "Bye"}},
            "NumberCapabilities": ["SMS"],
            "NumberType": "LONG_CODE",
        },
    }
    pool = {
        "Type": "AWS::SMSVOICE::Pool",
        "Properties": {
            "MandatoryKeywords": number["Properties"]["MandatoryKeywords"],
            "OriginationIdentities": [arn(each) for each in pooled],
        },
    }
    names = dict.fromkeys((*pooled, *also), number)
    return {"Resources": names | ({"Pool": pool} if pooled else {})}


@pytest.mark.parametrize(
    ("operation", "wanted"),
    [
        # A new number joins, a number leaves and is released, and the pool goes.
        ("AssociateOriginationIdentity", numbers_in_a_pool("One", "Two", "New")),
        ("DisassociateOriginationIdentity", numbers_in_a_pool("One")),
        ("DeletePool", numbers_in_a_pool(also=("One", "Two"))),
    ],
)
def test_an_interrupted_stack_can_be_deleted(operation, wanted):
    """Resources are deleted before those that they need, wherever the update stopped."""
    with mock_sms(seed_file=numbers_in_a_pool("One", "Two")) as sms:
        sms.fail(operation, "InternalServerException", times=1)
        with pytest.raises(ValueError, match=operation):
            sms.stack.update(wanted)

        sms.stack.delete()

        assert sms.stack.resources == {}
        assert sms.numbers == []


@pytest.mark.parametrize("settings", [{"transition_seconds": 30}, {"throttling": True}])
def test_an_update_that_would_wait_for_a_frozen_clock(settings):
    """It is refused before anything has changed: a number that is PENDING cannot join a pool."""
    with mock_sms(seed_file=numbers_in_a_pool("One"), **settings) as sms:
        sms.clock.freeze()
        before = sms.snapshot()
        wanted = numbers_in_a_pool("One", "New", also=tuple(f"N{each}" for each in range(20)))

        with pytest.raises(ValueError, match=r"RESOURCE_NOT_ACTIVE|ThrottlingException"):
            sms.stack.update(wanted)

        assert sms.snapshot() == before
