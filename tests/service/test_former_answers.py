"""A served call that only reads is answered as before, until something has changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service import dispatch, former_answers
from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.wire.model import service_model
from tests.inputs import Inputs, Maker
from tests.raw import Raw


@pytest.fixture
def reads(emulator: Emulator, inputs: Inputs, make: Maker) -> Inputs:
    """Return the members for every operation that only reads."""
    pool = make("DescribePools")["Pools"][0]["PoolArn"]
    protection = make("DescribeProtectConfigurations")["ProtectConfigurations"][0]
    expiring = {
        "ProtectConfigurationId": protection["ProtectConfigurationId"],
        "DestinationPhoneNumber": "+14255550199",
        "Action": "BLOCK",
        "ExpirationTimestamp": (emulator.clock.now() + timedelta(days=10)).timestamp(),
    }
    make("PutProtectConfigurationRuleSetNumberOverride", **expiring)
    found = inputs | {
        "DescribeOptedOutNumbers": {"OptOutListName": "Default"},
        "GetProtectConfigurationCountryRuleSet": {
            "ProtectConfigurationId": protection["ProtectConfigurationId"],
            "NumberCapability": "SMS",
        },
        "GetResourcePolicy": {"ResourceArn": pool},
        "ListTagsForResource": {"ResourceArn": pool},
    }
    known = service_model().operations
    assert {each for each in known if each.startswith(("Describe", "Get", "List"))} <= found.keys()
    return {operation: members for operation, members in found.items() if operation in known}


@pytest.fixture
def served(emulator: Emulator) -> Any:
    """Return raw calls over HTTP."""
    with Server(emulator) as server:
        yield Raw(emulator, server.url)


def receive_stop(emulator: Emulator, raw: Raw) -> None:
    """A person texts STOP to a number."""
    number = raw("DescribePhoneNumbers").json["PhoneNumbers"][0]["PhoneNumber"]
    emulator.receive("STOP", sender="+14255550177", recipient=number)


CHANGES: dict[str, Callable[[Emulator, Raw], object]] = {
    "a call": lambda _emulator, raw: raw("CreateOptOutList", {"OptOutListName": "late"}),
    "an inbound text": receive_stop,
    "a job": lambda emulator, _raw: emulator.clock.advance(days=40),
    "a number": lambda emulator, _raw: emulator.add_number("+12065550199"),
    "a reset": lambda emulator, _raw: emulator.reset(),
    "another state": lambda emulator, _raw: emulator.restore(Emulator().snapshot()),
    "another setting": lambda emulator, _raw: emulator.reset(account_tier="SANDBOX"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_answer_is_older_than_the_state(emulator, reads, served, change):
    """After any change, every answer is the one that a call gets that was never made before."""
    first = {operation: served(operation, members) for operation, members in reads.items()}

    CHANGES[change](emulator, served)

    again = {operation: served(operation, members) for operation, members in reads.items()}
    assert any(again[operation].text != first[operation].text for operation in reads)
    for operation, members in reads.items():
        if again[operation].status == 200:
            assert again[operation].json == engine_of(emulator).call(operation, members), operation


def test_a_repeated_call_is_answered_as_before(emulator, reads, served):
    """It is not answered anew, but it is a call with a request id and a record of its own."""
    first = {operation: served(operation, members) for operation, members in reads.items()}

    with patch.object(dispatch, "answer", side_effect=AssertionError("it was answered anew")):
        again = {operation: served(operation, members) for operation, members in reads.items()}

    for operation in reads:
        assert again[operation].text == first[operation].text
        assert (
            again[operation].headers["x-amzn-requestid"]
            != (first[operation].headers["x-amzn-requestid"])
        )
    assert emulator.calls[-1].response == again[emulator.calls[-1].operation].json


def test_other_callers_and_members_have_answers_of_their_own(served):
    """Another account, Region or member never gets the former answer."""
    served("CreateOptOutList", {"OptOutListName": "mine"})
    names = {"OptOutListNames": ["mine"]}
    other = served("DescribeOptOutLists").text

    assert served("DescribeOptOutLists", names).text != other
    elsewhere = "AWS4-HMAC-SHA256 Credential=210987654321/20260101/eu-west-1/sms-voice/aws4_request"
    elsewhere += ", SignedHeaders=host;x-amz-date;x-amz-target, Signature=0000"
    assert "mine" not in served("DescribeOptOutLists", authorization=elsewhere).text
    assert "mine" in served("DescribeOptOutLists").text


def test_reads_do_not_ask_for_the_time(emulator, reads):
    """So an answer stays the same until a job or a call changes something."""
    state = engine_of(emulator).state
    [account] = state.accounts.values()
    with (
        engine_of(emulator).transaction(),
        patch.object(Clock, "now", side_effect=AssertionError("it asked for the time")),
    ):
        for operation, members in reads.items():
            dispatch.answer(account, *dispatch.find_operation(operation), members)


def test_few_answers_are_kept(emulator, served):
    """So memory does not grow with the number of different calls."""
    for number in range(former_answers.MAX_ANSWERS + 10):
        served("DescribeOptOutLists", {"MaxResults": number % 100 + 1})

    kept = engine_of(emulator)._handler._former_answers._answers

    assert len(kept) == former_answers.MAX_ANSWERS
