"""Comparing: every kind of difference between two answers is found, and nothing else."""

import json

import pytest

from observe.comparing import Comparison, error_differences
from observe.reading import is_words, observations
from tests.observed.table import DIFFERENCES, unexplained

RECORD = {
    "eventType": "TEXT_DELIVERED",
    "messageId": "221bc70c-7ee6-4987-b1ba-9684ba25be20",
    "messageStatusDescription": "Message has been accepted by phone",
    "totalMessageParts": 1,
    "totalMessagePrice": 0.00581,
    "protectConfiguration": {
        "protectConfigurationId": "protect-fbfe2a1597ed46dc8ea7a617bbfbae9f",
        "protectStatus": "ALLOW",
    },
}
SAME = RECORD | {
    "messageId": "bf66ad80-8bd5-4dc3-bc56-efb20b0b09aa",
    "totalMessagePrice": 0.1,
    "protectConfiguration": {
        "protectConfigurationId": "protect-554ac06243454290818970dcc518f467",
        "protectStatus": "ALLOW",
    },
}
WHOLE = Comparison(is_whole=True, is_ordered=True)


def without(record, name):
    """A record without one member."""
    return {key: value for key, value in record.items() if key != name}


def test_other_ids_and_prices_are_no_difference():
    """Other ids and prices are no difference."""
    assert list(WHOLE.differences(RECORD, SAME)) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        (without(SAME, "totalMessageParts"), "totalMessageParts: is missing"),
        (SAME | {"mcc": "310"}, "mcc: is too much"),
        (SAME | {"eventType": "TEXT_SENT"}, "eventType: is 'TEXT_SENT'"),
        (SAME | {"totalMessageParts": "1"}, "totalMessageParts: is '1'"),
        (SAME | {"totalMessagePrice": 0.0}, "totalMessagePrice: is 0.0"),
        (SAME | {"protectConfiguration": {"protectStatus": "ALLOW"}}, "protectConfigurationId"),
        (
            SAME
            | {"protectConfiguration": {"protectConfigurationId": "x", "protectStatus": "ALLOW"}},
            "is not an id with a prefix",
        ),
        ({"messageId": SAME["messageId"]} | SAME, "stand in the order"),
    ],
)
def test_differences_are_found(changed, found):
    """A missing, additional or moved member, or another type, value or form, is found."""
    [difference] = WHOLE.differences(RECORD, changed)

    assert found in difference


def test_incomplete_answers_are_compared_in_part():
    """Only the members of incomplete answers are compared, and no values of examples."""
    assert list(Comparison().differences(RECORD, SAME | {"mcc": "310"})) == []
    assert list(Comparison(is_example=True).differences({"Price": "1"}, {"Price": "2"})) == []
    assert list(Comparison(is_example=True).differences({"Kind": "ALLOW"}, {"Kind": "BLOCK"})) != []


def test_entries_are_matched_by_name():
    """Additional entries count only in complete answers."""
    expected = [{"Name": "ONE", "Value": 1}, {"Name": "TWO", "Value": 2}]
    actual = [{"Name": "TWO", "Value": 3}, {"Name": "ONE", "Value": 1}, {"Name": "SIX", "Value": 6}]

    assert len(list(Comparison().differences(expected, actual))) == 1
    assert len(list(WHOLE.differences(expected, actual))) == 2
    assert len(list(Comparison().differences(["A", "B"], ["B", "C", "A"]))) == 1
    assert len(list(Comparison().differences(["A", "B"], ["A"]))) == 1


ERROR = {
    "error": {"Code": "ConflictException", "Reason": "BLOCKED", "Fields": ["tags"]},
    "printed": 'Conflict Occurred - Reason="BLOCKED" ResourceId="protect-xxx"',
}
REFUSAL = {
    "Error": {
        "Code": "ConflictException",
        "Message": 'Conflict Occurred - Reason="BLOCKED" ResourceId="protect-1"',
    },
    "Reason": "BLOCKED",
    "Fields": [{"Name": "tags"}],
}


@pytest.mark.parametrize(
    ("changed", "count"),
    [
        ({}, 0),
        ({"Reason": "OTHER"}, 1),
        ({"Fields": [{"Name": "Tags"}]}, 1),
        ({"Error": REFUSAL["Error"] | {"Code": "ValidationException"}}, 1),
        ({"Error": REFUSAL["Error"] | {"Message": 'Conflict - Reason="OTHER"'}}, 3),
    ],
)
def test_errors_are_compared(changed, count):
    """The class, Reason, Fields and message are compared."""
    assert len(list(error_differences(ERROR, REFUSAL | changed))) == count


@pytest.mark.parametrize("words", ["a time", "of a denied registration", "rcs-…", "text"])
def test_descriptions_are_not_values(words):
    """A description in words is not compared as a value."""
    assert is_words(words)
    assert not is_words("Message has been accepted by phone")
    assert not is_words("TRANSACTIONAL")


def test_the_table_of_intended_differences():
    """There are few intended differences, and each is in a file."""
    names = {each.name for each in observations()}

    assert 0 < len(DIFFERENCES) < 10
    for difference in DIFFERENCES:
        assert any(unexplained(name, [f"{difference.members}: x"]) == [] for name in names)


def test_every_file_is_complete():
    """A file has a call or an event, an answer, and its source."""
    for each in observations():
        assert (each.operation is None) != (each.event is None)
        assert json.dumps(each.answer) != "{}"
