"""Recorded calls: stored, found and asserted."""

from __future__ import annotations

import json
import re

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.protocol import Request

US, GB = "+14255550100", "+447700900123"


def test_an_answered_call(sms, emulator, number):
    """A call is recorded with request, answer and caller."""
    answer = sms.send_text_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="Hello"
    )

    call = emulator.calls[-1]
    assert call.operation == "SendTextMessage"
    assert call.parameters["MessageBody"] == "Hello"
    assert call.response == {"MessageId": answer["MessageId"]}
    assert (call.status, call.error, call.why, call.fault_id) == (200, None, None, None)
    assert call.message_id == answer["MessageId"]
    assert call.request_id == answer["ResponseMetadata"]["RequestId"]
    assert (call.account_id, call.region) == ("123456789012", "us-east-1")
    assert call.access_key == "123456789012"
    assert "Boto3" in (call.user_agent or "")
    assert call.duration_ms > 0
    assert json.loads(json.dumps(call.as_dict()))["at"] == call.at.isoformat()


def test_a_dry_run_makes_no_message(sms, emulator, number):
    """The id of a dry run is not recorded as a message id."""
    sms.send_text_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="x", DryRun=True
    )

    assert emulator.calls[-1].message_id is None


def test_a_refused_call(refuse):
    """A refusal is recorded with all members of AWS's error."""
    call = refuse("delete_pool", PoolId="pool-unknown")

    assert call.response is None
    assert call.status == 400
    assert call.error == {
        "code": "ResourceNotFoundException",
        "reason": None,
        "resource_type": "pool",
        "resource_id": "pool-unknown",
        "fields": [],
        "message": call.error["message"],
    }


def test_a_fault_is_named(refuse, emulator):
    """The explanation of an injected fault names it, and says how to remove it."""
    fault = emulator.fail("DescribePools", "ThrottlingException")

    call = refuse("describe_pools")

    assert call.fault_id == fault.id
    assert fault.id in call.why["summary"]
    assert "clear_faults" in call.why["help"]


def test_a_crashed_call(emulator, sms, monkeypatch):
    """A crash of the emulator is recorded as a call too."""
    monkeypatch.setattr("pinpoint_sms_emu.service.dispatch.answer", lambda *_: 1 / 0, raising=True)
    with pytest.raises(Exception):  # noqa: B017, PT011  in process it is raised, a server says 500
        sms.describe_pools()

    assert emulator.calls[-1].status == 500
    assert "ZeroDivisionError" in emulator.calls[-1].error["message"]


@pytest.mark.parametrize(
    ("target", "operation"),
    [("PinpointSMSVoiceV2.SendFax", "SendFax"), ("nonsense", None), ("", None)],
)
def test_invalid_requests_are_recorded(emulator, target, operation):
    """They are refused calls, with the operation if it is recognized."""
    engine_of(emulator).handle(Request({"x-amz-target": target}, b"{}"))

    assert emulator.calls[-1].operation == operation
    assert emulator.calls[-1].refused


# Finding.


def test_find_calls(sms, client, emulator):
    """All filters must match; total ignores the limit."""
    sms.describe_pools()
    client(region="eu-west-1").describe_pools()
    client(account_id="210987654321").describe_keywords  # noqa: B018  no call
    with pytest.raises(ClientError):
        sms.delete_pool(PoolId="pool-x")
    first = emulator.calls[0]

    assert emulator.find_calls(operation="DescribePools").total == 2
    assert emulator.find_calls(region="eu-west-1").total == 1
    assert emulator.find_calls(refused=True).calls == [emulator.calls[-1]]
    assert emulator.find_calls(refused=False, limit=1).total == 2
    assert emulator.find_calls(after=first.request_id).total == len(emulator.calls) - 1
    assert emulator.find_calls(account_id="210987654321").total == 0


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({"after": "unknown"}, LookupError),
        ({"limit": -1}, ValueError),
        ({"limit": True}, ValueError),
        ({"refused": "yes"}, ValueError),
        ({"operation": ""}, ValueError),
        ({"operation": "SendText"}, ValueError),
        ({"colour": "red"}, ValueError),
    ],
)
def test_invalid_filters_are_refused(emulator, query, error):
    """Wrong arguments are refused with a sentence."""
    with pytest.raises(error, match=r"\w+ \w+"):
        emulator.find_calls(**query)


@pytest.mark.pinpoint_sms(max_calls=3)
def test_the_number_of_calls_is_limited(sms, emulator):
    """The oldest are removed and counted."""
    for _ in range(5):
        sms.describe_pools()

    assert len(emulator.calls) == 3
    assert emulator.find_calls().forgotten == 2


def test_the_size_of_calls_is_limited(emulator, sms, monkeypatch):
    """A few large calls use the space of many small ones."""
    monkeypatch.setattr("pinpoint_sms_emu.service.calls.MAX_BYTES", 10_000)
    sms.describe_pools()
    for number in range(4):
        with pytest.raises(ClientError):
            sms.delete_pool(PoolId=f"{number}" * 4_000)

    assert [call.parameters["PoolId"][0] for call in emulator.calls] == ["2", "3"]
    assert emulator.find_calls().forgotten == 3


def test_the_size_of_answers_is_limited(emulator, sms, monkeypatch):
    """Large answers count as large requests do."""
    for number in range(20):
        sms.create_opt_out_list(OptOutListName=f"{number}" * 30)
    emulator.clear_calls()
    monkeypatch.setattr("pinpoint_sms_emu.service.calls.MAX_BYTES", 10_000)
    for _ in range(4):
        sms.describe_opt_out_lists()

    size = len(json.dumps(emulator.calls[-1].response, separators=(",", ":")))
    assert len(emulator.calls) == 10_000 // (len("{}") + size) < 4


@pytest.mark.pinpoint_sms(max_calls=0)
def test_max_calls_zero_records_nothing(sms, emulator):
    """With 0, no calls are recorded."""
    sms.describe_pools()

    assert emulator.calls == []


def test_clearing_and_reset(sms, emulator):
    """Calls are not part of the state: a snapshot has none, a reset and clear_calls remove them."""
    sms.create_opt_out_list(OptOutListName="red")
    before = emulator.snapshot()
    assert "calls" not in before
    emulator.clear_calls()
    assert emulator.calls == []
    assert emulator.snapshot() == before
    sms.describe_pools()
    emulator.reset()
    assert emulator.calls == []


# Asserting.


def test_assertions_that_hold(sms, emulator, number):
    """Values, patterns and predicates; refused calls count."""
    for body in ("Your code is 123456", "Hello"):
        sms.send_text_message(
            DestinationPhoneNumber=US,
            OriginationIdentity=number.id,
            MessageBody=body,
            Context={"order": "1"},
        )
    with pytest.raises(ClientError):
        sms.delete_pool(PoolId="pool-x")

    emulator.assert_called("SendTextMessage", times=2, DestinationPhoneNumber=US)
    emulator.assert_called("SendTextMessage", times=1, MessageBody=re.compile(r"\d{6}$"))
    emulator.assert_called("SendTextMessage", MessageBody=lambda body: body.startswith("H"))
    emulator.assert_called("SendTextMessage", Context={"order": re.compile("1")})
    emulator.assert_called("DeletePool", times=1)
    emulator.assert_not_called("SendTextMessage", DestinationPhoneNumber=GB)
    emulator.assert_not_called("SendTextMessage", MessageBody=lambda _body: 1 / 0)
    emulator.assert_not_called("DescribePools")
    emulator.assert_last_called_with("DeletePool", PoolId="pool-x")


def test_failed_assertions_show_the_difference(sms, emulator, number):
    """The most similar call comes first, with its differences."""
    sms.describe_pools()
    for person in (US, GB):
        sms.send_text_message(
            DestinationPhoneNumber=person, OriginationIdentity=number.id, MessageBody="Hello"
        )

    with pytest.raises(AssertionError) as raised:
        emulator.assert_called("SendTextMessage", DestinationPhoneNumber=GB, MessageBody="Bye")

    first, _, nearest, difference, *_ = str(raised.value).splitlines()
    assert first == (
        f"Expected SendTextMessage(DestinationPhoneNumber='{GB}', MessageBody='Bye') "
        "to be called at least once, but it was called 0 times."
    )
    assert f"DestinationPhoneNumber='{GB}'" in nearest
    assert difference.strip() == "MessageBody: expected 'Bye', got 'Hello'"


def test_the_call_with_the_most_similar_text_is_nearest(sms, emulator, number):
    """Of calls that differ in one parameter, the one with the most similar text comes first."""
    for body in ("Hello", "Your PIN is 0042", "Bye"):
        sms.send_text_message(
            DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody=body
        )

    with pytest.raises(AssertionError) as raised:
        emulator.assert_called("SendTextMessage", MessageBody="Your PIN is 0043")

    title, nearest = str(raised.value).splitlines()[1:3]
    assert title == f"The {len(emulator.calls)} calls that were made, the most similar first:"
    assert "MessageBody='Your PIN is 0042'" in nearest


@pytest.mark.parametrize(
    "make",
    [
        lambda sms: sms.assert_called("SendTextMessage"),
        lambda sms: sms.assert_called("DescribePools", times=2),
        lambda sms: sms.assert_called("DescribePools", MaxResults=5),
        lambda sms: sms.assert_not_called("DescribePools"),
        lambda sms: sms.assert_last_called_with("DescribePools", MaxResults=5),
        lambda sms: sms.assert_last_called_with("DeletePool"),
    ],
)
def test_failed_assertions_list_the_calls(sms, emulator, make):
    """An assertion that does not hold is an AssertionError with the calls there were."""
    sms.describe_pools()

    with pytest.raises(AssertionError, match="DescribePools"):
        make(emulator)


@pytest.mark.parametrize(
    ("operation", "parameters"),
    [
        ("SendFax", {}),
        ("DescribePools", {"Colour": "red"}),
        (5, {}),
        ("DescribePools", {"times": -1}),
    ],
)
def test_assertions_about_unknown_operations_are_refused(emulator, operation, parameters):
    """Assertions about unknown operations are refused."""
    with pytest.raises(ValueError, match=r"\w+"):
        emulator.assert_called(operation, **parameters)


# Why.


def test_calls_of_two_emulators():
    """Each emulator has its own calls."""
    assert Emulator().calls is not Emulator().calls
