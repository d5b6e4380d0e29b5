"""The conditions of policy statements: AWS's operators, and their meaning for missing keys."""

from __future__ import annotations

import base64
import ipaddress
import operator
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.permissions import patterns
from pinpoint_sms_emu.permissions.patterns import Context
from pinpoint_sms_emu.wording import quoted

# Returns whether a value of the request matches one of the policy.
Comparison = Callable[[str, str, Context | None], bool]


class Condition(NamedTuple):
    """An operator with a condition key and its values."""

    operator: str
    # ForAllValues, ForAnyValue, or empty.
    quantifier: str
    if_exists: bool
    key: str
    values: tuple[str, ...]

    def holds(self, context: Context, variables: Context | None) -> bool:
        """Return whether a request meets the condition."""
        present = context.get(self.key, ())
        if self.operator == "Null":
            return any((value.lower() == "true") is not bool(present) for value in self.values)
        comparison, is_negated = _OPERATORS[self.operator]
        fits = [
            any(comparison(value, wanted, variables) for wanted in self.values) is not is_negated
            for value in present
        ]
        if self.quantifier == "ForAllValues":
            return all(fits)
        if not present:
            return self.if_exists or (is_negated and not self.quantifier)
        # Without a quantifier, a negated operator must hold for all values.
        return all(fits) if is_negated and not self.quantifier else any(fits)


def read(block: Any) -> tuple[Condition, ...]:
    """Parse the Condition of a statement; raise a ValueError for a wrong one."""
    if not isinstance(block, Mapping):
        raise ValueError(f"Condition must be a mapping of operators, not {quoted(block)}")
    found = []
    for spelled, keys in block.items():
        quantifier, name, if_exists = _parts_of(spelled)
        if not isinstance(keys, Mapping):
            raise ValueError(f"{spelled} must be a mapping of condition keys, not {quoted(keys)}")
        for key, values in keys.items():
            if not isinstance(key, str) or not key:
                raise ValueError(f"a condition key must be a text, not {quoted(key)}")
            wanted = tuple(
                _text(each) for each in (values if isinstance(values, list) else [values])
            )
            found.append(Condition(name, quantifier, if_exists, key.lower(), wanted))
    return tuple(found)


def _parts_of(spelled: Any) -> tuple[str, str, bool]:
    if not isinstance(spelled, str):
        raise ValueError(f"a condition operator must be a text, not {quoted(spelled)}")
    quantifier, colon, rest = spelled.rpartition(":")
    name = rest.removesuffix("IfExists")
    is_known = name in _OPERATORS or (rest == "Null" and not colon)
    if not is_known or (colon and quantifier not in ("ForAllValues", "ForAnyValue")):
        raise ValueError(f"there is no condition operator {quoted(spelled)}")
    return quantifier, name, name != rest


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str | int | float):
        raise ValueError(f"the value of a condition must be a text, not {quoted(value)}")
    return str(value)


def _equals(value: str, wanted: str, variables: Context | None) -> bool:
    return value == patterns.text_of(wanted, variables)


def _equals_ignoring_case(value: str, wanted: str, variables: Context | None) -> bool:
    text = patterns.text_of(wanted, variables)
    return text is not None and value.lower() == text.lower()


def _is_like(value: str, wanted: str, variables: Context | None) -> bool:
    return patterns.matches(wanted, value, variables)


def _is_arn_like(value: str, wanted: str, variables: Context | None) -> bool:
    return patterns.matches_arn(wanted, value, variables)


def _is_in_network(value: str, wanted: str, _: Context | None) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


def _same_flag(value: str, wanted: str, _: Context | None) -> bool:
    return value.lower() == wanted.lower()


def _same_bytes(value: str, wanted: str, _: Context | None) -> bool:
    try:
        return base64.b64decode(value) == base64.b64decode(wanted)
    except ValueError:
        return False


def _by(read_value: Callable[[str], Any], compare: Callable[[Any, Any], bool]) -> Comparison:
    def comparison(value: str, wanted: str, _: Context | None) -> bool:
        try:
            return compare(read_value(value), read_value(wanted))
        except (ValueError, OverflowError):
            return False

    return comparison


def _time(text: str) -> datetime:
    """Parse a time: ISO 8601, or seconds since 1970."""
    try:
        return datetime.fromtimestamp(float(text), UTC)
    except ValueError:
        time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


# The comparison of each operator, and whether it is negated.
_OPERATORS: Final[Mapping[str, tuple[Comparison, bool]]] = {
    "StringEquals": (_equals, False),
    "StringNotEquals": (_equals, True),
    "StringEqualsIgnoreCase": (_equals_ignoring_case, False),
    "StringNotEqualsIgnoreCase": (_equals_ignoring_case, True),
    "StringLike": (_is_like, False),
    "StringNotLike": (_is_like, True),
    "NumericEquals": (_by(float, operator.eq), False),
    "NumericNotEquals": (_by(float, operator.eq), True),
    "NumericLessThan": (_by(float, operator.lt), False),
    "NumericLessThanEquals": (_by(float, operator.le), False),
    "NumericGreaterThan": (_by(float, operator.gt), False),
    "NumericGreaterThanEquals": (_by(float, operator.ge), False),
    "DateEquals": (_by(_time, operator.eq), False),
    "DateNotEquals": (_by(_time, operator.eq), True),
    "DateLessThan": (_by(_time, operator.lt), False),
    "DateLessThanEquals": (_by(_time, operator.le), False),
    "DateGreaterThan": (_by(_time, operator.gt), False),
    "DateGreaterThanEquals": (_by(_time, operator.ge), False),
    "Bool": (_same_flag, False),
    "BinaryEquals": (_same_bytes, False),
    "IpAddress": (_is_in_network, False),
    "NotIpAddress": (_is_in_network, True),
    # ArnEquals and ArnLike are the same.
    "ArnEquals": (_is_arn_like, False),
    "ArnLike": (_is_arn_like, False),
    "ArnNotEquals": (_is_arn_like, True),
    "ArnNotLike": (_is_arn_like, True),
}
