"""Every answer of every test fits its output shape: tests of tests/model_conformance.py."""

import pytest

from pinpoint_sms_emu.errors import ConflictException, ResourceReference, ValidationException
from pinpoint_sms_emu.service.operations import Operation
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.model import service_model
from tests.model_conformance import flaws, undeclared

ENTRY = {"OptOutListArn": "arn:x", "OptOutListName": "Default", "CreatedTimestamp": 1.5}


@pytest.mark.parametrize(
    ("answer", "flaw"),
    [
        ({"OptOutLists": [ENTRY]}, None),
        ({"OptOutLists": [ENTRY | {"Colour": "red"}]}, "has no Colour"),
        ({"OptOutLists": [{"OptOutListName": "Default"}]}, "lacks OptOutListArn"),
        ({"OptOutLists": [ENTRY | {"CreatedTimestamp": "2026-01-01"}]}, "not of type timestamp"),
        ({"OptOutLists": [ENTRY | {"OptOutListName": "has space"}]}, "does not match"),
        ({"OptOutLists": [ENTRY | {"OptOutListName": ""}]}, "too short"),
        ({"OptOutLists": [], "NextToken": None}, "not of type string"),
    ],
)
def test_flaws_are_found(answer, flaw):
    """Unknown, missing and malformed members of an answer are found."""
    found = "; ".join(flaws("DescribeOptOutListsResult", answer, "answer"))

    assert flaw in found if flaw else not found


@pytest.mark.since("1.44.5")
def test_an_answer_with_more_than_its_shape_fails():
    """A member of an answer that its shape does not have is an error, not ignored."""
    with pytest.raises(AssertionError, match="has no colour"):
        shapes.render("DeleteOptOutListResult", {"opt_out_list_name": "x", "colour": "red"})


def test_a_resource_may_have_more_members_than_an_answer(account):
    """A resource has the members of all answers about it."""
    rendered = shapes.render("DeleteOptOutListResult", account.opt_out_lists["Default"])

    assert rendered["OptOutListName"] == "Default"
    assert "Tags" not in rendered


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize(
    ("error", "flaw"),
    [
        (ConflictException("RESOURCE_NOT_ACTIVE", ResourceReference("pool", "x")), None),
        (
            ConflictException("RESOURCE_IS_TIRED", ResourceReference("pool", "x")),
            "no ConflictExceptionReason",
        ),
        (
            ConflictException("RESOURCE_NOT_ACTIVE", ResourceReference("puddle", "x")),
            "no ResourceType",
        ),
        (ValidationException("INVALID_PARAMETER", pool_name="no"), "has no member poolName"),
    ],
)
def test_undeclared_refusals_are_found(error, flaw):
    """A Reason, ResourceType or field that the model does not have is found."""
    found = "; ".join(undeclared("delete_pool", error))

    assert flaw in found if flaw else not found


def describe_account_limits(_account):
    """Refuse with an exception that the operation does not declare."""
    raise ConflictException("RESOURCE_NOT_ACTIVE")


@pytest.mark.since("1.44.5")
@pytest.mark.rule("proto-declared-only")
def test_an_undeclared_refusal_fails():
    """A test fails if an operation raises an error that it does not declare."""
    operation = Operation(describe_account_limits, frozenset())

    with pytest.raises(AssertionError, match="does not declare ConflictException"):
        operation(None, {})


@pytest.mark.rule("proto-declared-only", "proto-throttling", "proto-internal")
def test_errors_that_every_operation_declares():
    """They are throttling, denied access, validation and internal errors."""
    general = {
        "AccessDeniedException",
        "InternalServerException",
        "ThrottlingException",
        "ValidationException",
    }

    assert [
        each.name for each in service_model().operations.values() if general - each.errors
    ] == []
