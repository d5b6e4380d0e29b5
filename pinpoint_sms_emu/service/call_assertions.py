"""Assertions about calls: compare parameters with what a test expects, and describe failures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.wire.sns_actions import known_operations, model_with
from pinpoint_sms_emu.wording import nearest

# The number of calls that a failure message lists.
_MAX_SHOWN: Final = 10
_ABSENT: Final = object()


def must_be_known(operation: object, parameters: Mapping[str, Any]) -> None:
    """Refuse an operation, or a parameter of it, that the service does not have."""
    operations = known_operations()
    if operation not in operations:
        raise ValueError(
            f"there is no operation {operation!r:.80}; {nearest(operation, operations)}"
        )
    model = model_with(str(operation))
    members = model.shapes[model.operations[str(operation)].input_shape]["members"]
    for name in parameters:
        if name not in members:
            raise ValueError(f"{operation} has no parameter {name:.80}; {nearest(name, members)}")


def matches(call: Call, operation: str, parameters: Mapping[str, Any]) -> bool:
    """Return whether a call is of this operation and has at least these parameters."""
    return call.operation == operation and not any(_differences(call, parameters))


def _differences(call: Call, parameters: Mapping[str, Any]) -> Iterator[str]:
    for name, expected in parameters.items():
        actual = call.parameters.get(name, _ABSENT)
        if not _is_as_expected(actual, expected):
            found = "nothing" if actual is _ABSENT else f"{actual!r:.200}"
            yield f"{name}: expected {_described(expected)}, got {found}"


def _is_as_expected(actual: Any, expected: Any) -> bool:
    if isinstance(expected, re.Pattern):
        return isinstance(actual, str) and expected.search(actual) is not None
    if callable(expected):
        try:
            return actual is not _ABSENT and bool(expected(actual))
        except Exception:  # noqa: BLE001  a predicate that raises does not match
            return False
    if isinstance(expected, Mapping):
        return (
            isinstance(actual, Mapping)
            and actual.keys() == expected.keys()
            and all(_is_as_expected(actual[name], each) for name, each in expected.items())
        )
    if isinstance(expected, list | tuple):
        return (
            isinstance(actual, list)
            and len(actual) == len(expected)
            and all(map(_is_as_expected, actual, expected))
        )
    return bool(actual == expected)


def described(operation: str, parameters: Mapping[str, Any]) -> str:
    """Write the call that a test expects, such as `DeletePool(PoolId='pool-1')`."""
    expected = ", ".join(f"{name}={_described(each)}" for name, each in parameters.items())
    return f"{operation}({expected})" if expected else operation


def _described(expected: Any) -> str:
    if isinstance(expected, re.Pattern):
        return f"<text that matches {expected.pattern!r:.200}>"
    if callable(expected):
        return f"<value that {getattr(expected, '__name__', expected)} accepts>"
    return f"{expected!r:.200}"


def failure(
    sentence: str, calls: Sequence[Call], operation: str, parameters: Mapping[str, Any]
) -> str:
    """Describe a failed assertion: list the calls, the most similar first, with differences."""
    if not calls:
        return f"{sentence}\nThere were no calls."
    of_it = [call for call in calls if call.operation == operation]
    others = [call for call in calls if call.operation != operation]
    of_it.sort(key=lambda call: _distance(call, parameters))
    lines = [sentence, _title(len(calls))]
    for call in [*of_it, *others][:_MAX_SHOWN]:
        lines.append(f"  {_one_line(call)}")
        if call.operation == operation:
            lines += [f"      {each}" for each in _differences(call, parameters)]
    return "\n".join(lines)


def _title(count: int) -> str:
    if count == 1:
        return "The call that was made:"
    shown = f"The {_MAX_SHOWN} most similar of {count}" if count > _MAX_SHOWN else f"The {count}"
    return f"{shown} calls that were made, the most similar first:"


def _distance(call: Call, parameters: Mapping[str, Any]) -> tuple[int, float]:
    """Measure how much differs: the number of parameters, then the texts of those that differ."""
    different = [
        name
        for name, expected in parameters.items()
        if not _is_as_expected(call.parameters.get(name, _ABSENT), expected)
    ]
    unlike = 0.0
    for name in different:
        expected, actual = parameters[name], call.parameters.get(name)
        if isinstance(expected, str) and isinstance(actual, str):
            unlike -= SequenceMatcher(None, expected, actual).ratio()
    return len(different), unlike


def _one_line(call: Call) -> str:
    given = ", ".join(f"{name}={value!r:.60}" for name, value in call.parameters.items())
    error = call.error
    outcome = "answered" if error is None else f"refused: {error['reason'] or error['code']}"
    return f"{call.operation}({given}) {outcome}"
