"""Every constraint of an input shape, compiled once per shape.

botocore checks required members, types and least lengths only, other SDKs less, so the server
checks all: required, length, pattern over the whole value, range, enum.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.model import service_model, snake
from pinpoint_sms_emu.wire.errors import SerializationException

# Adds what is wrong with a value: (Reason, where, why). A wrong JSON type is raised at once.
Check = Callable[[Any, str, list[tuple[str, str, str]]], None]

MISSING, BROKEN = "MISSING_PARAMETER", "FIELD_VALIDATION_FAILED"

_JSON_TYPES: dict[str, tuple[type, ...]] = {
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


def must_be_valid(shape: str, body: dict[str, Any]) -> None:
    """Refuse a body that breaks its input shape, naming every member at fault, in one answer."""
    problems: list[tuple[str, str, str]] = []
    check(shape)(body, "", problems)
    if problems:
        raise _refusal(shape, problems)


def _refusal(shape: str, problems: list[tuple[str, str, str]]) -> ValidationException:
    by_member: dict[str, tuple[str, str]] = {}
    for reason, where, why in problems:
        member = re.split(r"[.\[]", where, maxsplit=1)[0]
        told = why if where == member else f"{where} {why}"
        by_member.setdefault(member, (reason, told))
    # The answer has one Reason: that of the first member in the model's order (decisions 2).
    order = [name for name in service_model().shapes[shape]["members"] if name in by_member]
    fields = {snake(name): by_member[name][1] for name in order}
    return ValidationException(by_member[order[0]][0], **fields)


@cache
def check(shape_name: str) -> Check:
    """Compile the check of a shape."""
    shape = service_model().shapes[shape_name]
    expected = _JSON_TYPES[shape["type"]]
    inner = _COMPILERS.get(shape["type"], _compile_simple)(shape)
    never_bool = bool not in expected

    def checked(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if not isinstance(value, expected) or (never_bool and isinstance(value, bool)):
            raise SerializationException(f"{where or 'The body'} is not a {shape['type']}")
        inner(value, where, problems)

    return checked


def _compile_structure(shape: dict[str, Any]) -> Check:
    members = {name: of["shape"] for name, of in shape["members"].items()}
    required = [name for name in members if name in shape.get("required", ())]
    union = shape.get("union", False)
    # Compiled on first use: shapes such as those of registrations are rarely asked for.
    checks: dict[str, Check] = {}

    def structure(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        prefix = where and f"{where}."
        problems += [
            (MISSING, prefix + name, "is required") for name in required if value.get(name) is None
        ]
        given = 0
        for name, inner in value.items():
            if inner is None or name not in members:
                continue
            given += 1
            if name not in checks:
                checks[name] = check(members[name])
            checks[name](inner, prefix + name, problems)
        if union and given != 1:
            problems.append((BROKEN, where, "takes exactly one member"))

    return structure


def _compile_list(shape: dict[str, Any]) -> Check:
    entry = check(shape["member"]["shape"])
    length = _compile_length(shape, "entries")

    def entries(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if length:
            length(value, where, problems)
        for index, inner in enumerate(value):
            entry(inner, f"{where}[{index}]", problems)

    return entries


def _compile_map(shape: dict[str, Any]) -> Check:
    key, entry = check(shape["key"]["shape"]), check(shape["value"]["shape"])
    length = _compile_length(shape, "entries")

    def mapping(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if length:
            length(value, where, problems)
        for name, inner in value.items():
            key(name, where, problems)
            entry(inner, f"{where}[{name}]", problems)

    return mapping


def _compile_simple(shape: dict[str, Any]) -> Check:
    numeric = shape["type"] in ("integer", "long", "double")
    checks = [
        _compile_range(shape) if numeric else _compile_length(shape, "characters"),
        _compile_pattern(shape),
        _compile_enum(shape),
    ]
    some = [each for each in checks if each]

    def simple(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        for each in some:
            each(value, where, problems)

    return simple


def _compile_length(shape: dict[str, Any], unit: str) -> Check | None:
    least, most = shape.get("min", 0), shape.get("max", float("inf"))
    if "min" not in shape and "max" not in shape:
        return None

    def length(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if not least <= len(value) <= most:
            problems.append((BROKEN, where, f"must have {_bounds(shape)} {unit}"))

    return length


def _compile_range(shape: dict[str, Any]) -> Check | None:
    least, most = shape.get("min", float("-inf")), shape.get("max", float("inf"))
    if "min" not in shape and "max" not in shape:
        return None

    def within(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if not least <= value <= most:
            problems.append((BROKEN, where, f"must be {_bounds(shape)}"))

    return within


def _bounds(shape: dict[str, Any]) -> str:
    if "max" not in shape:
        return f"at least {shape['min']}"
    return f"{shape['min']} to {shape['max']}" if "min" in shape else f"at most {shape['max']}"


def _compile_pattern(shape: dict[str, Any]) -> Check | None:
    if "pattern" not in shape:
        return None
    # The model writes some patterns with anchors and some without; all apply to the whole value.
    # ASCII: in the service's own regular expressions \\s and \\d mean the ASCII ones.
    matches = re.compile(shape["pattern"], re.ASCII).fullmatch

    def pattern(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if not matches(value):
            problems.append((BROKEN, where, f"must match {shape['pattern']}"))

    return pattern


def _compile_enum(shape: dict[str, Any]) -> Check | None:
    if "enum" not in shape:
        return None
    values = frozenset(shape["enum"])

    def enum(value: Any, where: str, problems: list[tuple[str, str, str]]) -> None:
        if value not in values:
            problems.append((BROKEN, where, f"must be one of {', '.join(shape['enum'])}"))

    return enum


_COMPILERS = {"structure": _compile_structure, "list": _compile_list, "map": _compile_map}
