"""Validates requests by the constraints of their input shape, which are compiled once.

SDKs check only some constraints (botocore: required members, types and minimum lengths). Here all
are checked: required, length, range, enum, and the pattern, which must match the whole value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from pinpoint_sms_emu.errors import SerializationException, ValidationException
from pinpoint_sms_emu.wire.model import SERVICE, ServiceModel, model_of, snake
from pinpoint_sms_emu.wire.pattern_words import in_words
from pinpoint_sms_emu.wording import one_of

MISSING, BROKEN = "MISSING_PARAMETER", "FIELD_VALIDATION_FAILED"


class Problem(NamedTuple):
    """What is wrong with a value: the Reason, the place such as Filters[0].Name, and why."""

    reason: str
    where: str
    why: str


# Adds the problems of a value at a place. A wrong JSON type is raised at once.
Check = Callable[[Any, str, list[Problem]], None]

_JSON_TYPES: dict[str, tuple[Any, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "blob": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "double": (int, float),
    "timestamp": (int, float),
}

# The number of characters of a map's key that an error contains.
_SHOWN = 80


def must_be_valid(shape: str, body: dict[str, Any], service: str = SERVICE) -> None:
    """Refuse a body that breaks its input shape; the error names every invalid member."""
    problems: list[Problem] = []
    check(shape, service)(body, "", problems)
    if problems:
        raise _refusal(shape, problems, model_of(service))


def _refusal(shape: str, problems: list[Problem], model: ServiceModel) -> ValidationException:
    by_member: dict[str, tuple[str, str]] = {}
    for reason, where, why in problems:
        member = re.split(r"[.\[]", where, maxsplit=1)[0]
        described = why if where == member else f"{where} {why}"
        by_member.setdefault(member, (reason, described))
    # The error has one Reason: that of the first member in the model's order (decisions 2).
    order = [name for name in model.shapes[shape]["members"] if name in by_member]
    fields = {snake(name): by_member[name][1] for name in order}
    return ValidationException(by_member[order[0]][0], **fields)


@cache
def check(shape_name: str, service: str = SERVICE) -> Check:
    """Compile the check of a shape of a service."""
    shape = model_of(service).shapes[shape_name]
    return _COMPILERS[shape["type"]](shape, service)


def _must_be(kind: str, value: Any, where: str) -> None:
    if not isinstance(value, _JSON_TYPES[kind]):
        raise _wrong_type(kind, where)


def _wrong_type(kind: str, where: str) -> SerializationException:
    return SerializationException(f"{where or 'The body'} is not of type {kind}")


class _Members(dict[str, Check]):
    """The checks of a structure's members, each compiled on its first use."""

    def __init__(self, shape: dict[str, Any], service: str) -> None:
        super().__init__()
        self.service = service
        self.shapes = {name: of["shape"] for name, of in shape["members"].items()}

    def __missing__(self, name: str) -> Check:
        if name not in self.shapes:
            return _ignore
        self[name] = check(self.shapes[name], self.service)
        return self[name]


def _ignore(_value: Any, _where: str, _problems: list[Problem]) -> None:
    """Accept an unknown member; it is left out later."""


def _compile_structure(shape: dict[str, Any], service: str) -> Check:
    members = _Members(shape, service)
    required = [name for name in members.shapes if name in shape.get("required", ())]
    union = shape.get("union", False)

    def structure(value: Any, where: str, problems: list[Problem]) -> None:
        _must_be("structure", value, where)
        prefix = where and f"{where}."
        for name in required:
            if value.get(name) is None:
                problems.append(Problem(MISSING, prefix + name, "is required"))  # noqa: PERF401  rare
        for name, inner in value.items():
            if inner is not None:
                members[name](inner, prefix + name, problems)
        if union:
            given = [name for name in members.shapes if value.get(name) is not None]
            if len(given) != 1:
                problems.append(Problem(BROKEN, where, "takes exactly one member"))

    return structure


def _compile_list(shape: dict[str, Any], service: str) -> Check:
    least, most = _limits(shape)
    entry = check(shape["member"]["shape"], service)

    def entries(value: Any, where: str, problems: list[Problem]) -> None:
        _must_be("list", value, where)
        if not least <= len(value) <= most:
            # The entries are not checked, because there may be a million.
            problems.append(Problem(BROKEN, where, f"must have {_count(least, most)} entries"))
            return
        for index, inner in enumerate(value):
            entry(inner, f"{where}[{index}]", problems)

    return entries


def _compile_map(shape: dict[str, Any], service: str) -> Check:
    least, most = _limits(shape)
    key, entry = (check(shape[each]["shape"], service) for each in ("key", "value"))

    def mapping(value: Any, where: str, problems: list[Problem]) -> None:
        _must_be("map", value, where)
        if not least <= len(value) <= most:
            problems.append(Problem(BROKEN, where, f"must have {_count(least, most)} entries"))
            return
        for name, inner in value.items():
            place = f"{where}[{name[:_SHOWN]}]"
            key(name, place, problems)
            entry(inner, place, problems)

    return mapping


def _compile_text(shape: dict[str, Any], _service: str) -> Check:
    kind = shape["type"]
    least, most = _limits(shape)
    # The model writes some patterns with anchors and some without; all apply to the whole value.
    # ASCII: in the service's own regular expressions \s and \d mean the ASCII ones.
    matches = re.compile(shape["pattern"], re.ASCII).fullmatch if "pattern" in shape else None
    values = frozenset(shape.get("enum", ()))

    def text(value: Any, where: str, problems: list[Problem]) -> None:
        if not isinstance(value, str):
            raise _wrong_type(kind, where)
        # Only the first problem is reported, and patterns are not tried on texts of any length.
        if not least <= len(value) <= most:
            why = f"must have {_count(least, most)} characters"
        elif matches and not matches(value):
            why = in_words(shape["pattern"])
        elif values and value not in values:
            why = one_of(value, shape["enum"], "AWS's API reference")
        else:
            return
        problems.append(Problem(BROKEN, where, why))

    return text


def _compile_number(shape: dict[str, Any], _service: str) -> Check:
    kind = shape["type"]
    expected = _JSON_TYPES[kind]
    least, most = _limits(shape, -math.inf)

    def number(value: Any, where: str, problems: list[Problem]) -> None:
        # In Python, booleans are numbers; in JSON they are not.
        if not isinstance(value, expected) or isinstance(value, bool):
            raise _wrong_type(kind, where)
        if not least <= value <= most:
            problems.append(Problem(BROKEN, where, f"must be {_count(least, most)}"))

    return number


def _compile_boolean(shape: dict[str, Any], _service: str) -> Check:
    kind = shape["type"]
    return lambda value, where, _problems: _must_be(kind, value, where)


def _limits(shape: dict[str, Any], least: float = 0) -> tuple[float, float]:
    return shape.get("min", least), shape.get("max", math.inf)


def _count(least: float, most: float) -> str:
    if least == most:
        return f"{least}"
    if most == math.inf:
        return f"at least {least}"
    return f"at most {most}" if least == -math.inf else f"{least} to {most}"


_COMPILERS = {
    "structure": _compile_structure,
    "map": _compile_map,
    "list": _compile_list,
    "string": _compile_text,
    "blob": _compile_text,
    "boolean": _compile_boolean,
    "integer": _compile_number,
    "long": _compile_number,
    "double": _compile_number,
    "timestamp": _compile_number,
}
