"""Condition operators: comparisons, missing keys, and several values."""

from __future__ import annotations

from typing import Any

import pytest

from pinpoint_sms_emu.permissions import conditions

ARN = "arn:aws:sms-voice:us-east-1:123456789012:pool/pool-1"
TIME = "2026-11-30T12:00:00+00:00"


def holds(operator: str, wanted: Any, *values: str, key: str = "aws:Key") -> bool:
    """Return whether a condition is true if its key has these values."""
    context = {"aws:key": values} if values else {}
    found = conditions.read({operator: {key: wanted}})
    return all(each.holds(context, context) for each in found)


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "expected"),
    [
        ("StringEquals", "a", "a", True),
        ("StringEquals", "A", "a", False),
        ("StringEquals", ["b", "a"], "a", True),
        ("StringEquals", "a*", "ab", False),
        ("StringNotEquals", "a", "a", False),
        ("StringNotEquals", ["b", "a"], "a", False),
        ("StringNotEquals", ["b", "c"], "a", True),
        ("StringEqualsIgnoreCase", "A", "a", True),
        ("StringNotEqualsIgnoreCase", "A", "a", False),
        ("StringLike", "a*c?", "abbcd", True),
        ("StringLike", "a?", "abb", False),
        ("StringLike", "${*}", "*", True),
        ("StringLike", "${*}", "a", False),
        ("StringNotLike", "a*", "ab", False),
        ("NumericEquals", "5", "5.0", True),
        ("NumericNotEquals", 5, "5", False),
        ("NumericLessThan", 5, "4", True),
        ("NumericLessThan", 5, "5", False),
        ("NumericLessThanEquals", 5, "5", True),
        ("NumericGreaterThan", 5, "6", True),
        ("NumericGreaterThanEquals", 5, "4", False),
        ("NumericEquals", 5, "five", False),
        ("DateEquals", "2026-11-30T12:00:00Z", TIME, True),
        ("DateNotEquals", "2026-11-30T12:00:00Z", TIME, False),
        ("DateLessThan", "2026-12-01", TIME, True),
        ("DateLessThanEquals", "2026-11-30T12:00:00Z", TIME, True),
        ("DateGreaterThan", "2026-11-30T12:00:00Z", TIME, False),
        ("DateGreaterThanEquals", "1790000000", TIME, True),
        ("DateLessThan", "soon", TIME, False),
        ("Bool", True, "true", True),
        ("Bool", "false", "true", False),
        ("BinaryEquals", "YQ==", "YQ==", True),
        ("BinaryEquals", "YQ==", "Yg==", False),
        ("IpAddress", "10.0.0.0/8", "10.1.2.3", True),
        ("IpAddress", ["10.0.0.1", "2001:db8::/32"], "2001:db8::1", True),
        ("IpAddress", "10.0.0.0/8", "11.0.0.1", False),
        ("NotIpAddress", "10.0.0.0/8", "10.1.2.3", False),
        ("ArnEquals", "arn:aws:sms-voice:*:*:pool/*", ARN, True),
        ("ArnLike", "arn:aws:sms-voice:*:pool/*", ARN, False),
        ("ArnNotEquals", ARN, ARN, False),
        ("ArnNotLike", "arn:aws:s3:::*", ARN, True),
        ("Null", True, "a", False),
        ("Null", "false", "a", True),
    ],
)
@pytest.mark.rule("iam-conditions")
def test_operators_with_one_value(operator, wanted, value, expected):
    """Each operator is true for matching values; several values in a policy are alternatives."""
    assert holds(operator, wanted, value) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringLike", False),
        ("StringNotEquals", True),
        ("NotIpAddress", True),
        ("ArnNotLike", True),
        ("NumericLessThan", False),
        ("StringEqualsIfExists", True),
        ("StringNotEqualsIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringEqualsIfExists", True),
        ("ForAllValues:StringNotEquals", True),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
@pytest.mark.rule("iam-conditions")
def test_operators_with_an_absent_key(operator, expected):
    """A missing key does not match, so negated operators are true; with IfExists, all are."""
    assert holds(operator, "1") is expected


@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringEquals", ("a", "b"), True),
        ("ForAllValues:StringEquals", ("a", "c"), False),
        ("ForAnyValue:StringEquals", ("a", "c"), True),
        ("ForAnyValue:StringEquals", ("c", "d"), False),
        ("ForAllValues:StringNotEquals", ("c", "d"), True),
        ("ForAllValues:StringNotEquals", ("a", "c"), False),
        ("ForAnyValue:StringNotEquals", ("a", "c"), True),
        ("ForAnyValue:StringNotEquals", ("a", "b"), False),
    ],
)
@pytest.mark.rule("iam-conditions")
def test_operators_with_several_values(operator, values, expected):
    """ForAllValues and ForAnyValue compare each value of the request with those of the policy."""
    assert holds(operator, ["a", "b"], *values) is expected


def test_null_with_an_absent_key():
    """Null tests whether the key is missing."""
    assert holds("Null", "true")
    assert not holds("Null", "false")


def test_key_names_ignore_case():
    """Key names match in any letter case."""
    assert holds("StringEquals", "a", "a", key="AWS:kEY")


def test_several_conditions_must_all_hold():
    """All keys and all operators of a condition must be true."""
    block = {"StringEquals": {"aws:A": "1", "aws:B": "2"}, "Null": {"aws:C": "true"}}
    found = conditions.read(block)

    assert all(each.holds({"aws:a": ("1",), "aws:b": ("2",)}, None) for each in found)
    assert not all(each.holds({"aws:a": ("1",)}, None) for each in found)
