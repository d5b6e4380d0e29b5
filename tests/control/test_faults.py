"""Faults over HTTP."""

import pytest
from botocore.exceptions import ClientError

PATH = "/_emulator/faults"

FAULT = {
    "operation": "SendTextMessage",
    "error": "ConflictException",
    "reason": "RESOURCE_NOT_ACTIVE",
    "times": 2,
    "probability": 0.5,
    "delay_seconds": 1.5,
    "cut": False,
    "account_id": "210987654321",
    "region": "eu-west-1",
}


def test_a_fault(control):
    """A fault is added, listed and removed by its id."""
    made = control.post(PATH, **FAULT).json

    assert made == {"id": made["id"]} | FAULT
    assert control.get(PATH).json == {"faults": [made], "total": 1}
    assert control.delete(f"{PATH}/{made['id']}").json == {}
    assert control.get(PATH).json == {"faults": [], "total": 0}


def test_defaults(control):
    """By default, a fault applies to every account and call, without end."""
    made = control.post(PATH, operation="*", error="ThrottlingException", reason=None).json

    assert made == {
        "id": made["id"],
        "operation": "*",
        "error": "ThrottlingException",
        "reason": None,
        "times": None,
        "probability": 1.0,
        "delay_seconds": 0.0,
        "cut": False,
        "account_id": None,
        "region": None,
    }


def test_a_fault_is_injected(control, sms):
    """Calls fail as requested, and the fault shows the remaining number."""
    control.post(PATH, operation="DescribePools", error="ThrottlingException", times=2)

    with pytest.raises(ClientError) as raised:
        sms.describe_pools()

    assert raised.value.response["Error"]["Code"] == "ThrottlingException"
    assert [fault["times"] for fault in control.get(PATH).json["faults"]] == [1]


def test_clearing_all_faults(control, sms):
    """All faults are cleared at once."""
    control.post(PATH, operation="*", error="ThrottlingException")
    control.post(PATH, operation="*", error="AccessDeniedException")

    assert control.delete(PATH).json == {}
    assert sms.describe_pools()["Pools"] == []


def test_an_unknown_fault_is_a_404(control):
    """An unknown id is a 404."""
    answer = control.delete(f"{PATH}/fault-99")

    assert answer.status == 404
    assert "fault-99" in answer.error


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({}, "operation must be given"),
        ({"error": "ThrottlingException"}, "operation must be given"),
        ({"operation": "DescribePools"}, "needs an error"),
        ({"operation": "SendFax", "cut": True}, "SendFax"),
        ({"operation": "*", "error": "Nonsense"}, "ThrottlingException"),
        ({"operation": "*", "error": "ThrottlingException", "times": "2"}, "whole number"),
        ({"operation": "*", "error": "ThrottlingException", "times": 0}, "times"),
        ({"operation": "*", "cut": 1}, "cut must be true or false"),
        ({"operation": "*", "cut": True, "probability": 2}, "probability"),
        ({"operation": "*", "delay_seconds": -0.5}, "delay_seconds"),
        ({"operation": "*", "cut": True, "propability": 1}, "did you mean probability?"),
    ],
)
def test_invalid_faults_are_refused(control, members, words):
    """Invalid faults are refused with a sentence, and not added."""
    answer = control.post(PATH, **members)

    assert answer.status == 400
    assert words in answer.error
    assert control.get(PATH).json["total"] == 0
