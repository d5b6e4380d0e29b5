"""Values for shapes of the model: valid ones, at the bounds, and just beyond."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from string import ascii_uppercase
from typing import Any

from pinpoint_sms_emu.wire.model import service_model

ABSENT = object()

# A step into a map's key or value; a member is its name, an entry of a list is 0.
KEY, VALUE = "<key>", "<value>"

# Prefixes of the texts that patterns require, and their possible continuations.
_STARTS = (
    *("", "+1", "arn:aws:sms-voice:us-east-1:123456789012:a/", "arn:", "https://", "s3://aaa/"),
    *("11.1", "11.", "1.", ".", "en", "en-", "UNSET_RCS_MEDIA_CONFIGURATION"),
)
_FILLERS = ("a", "A", "1", "G")
_STRANGE = (" ", "\n", "\t", "é", "{", "\u2028")

_WRONG_TYPES: dict[str, list[Any]] = {
    "structure": [[], "text", 1, True],
    "map": [[], "text", 1, True],
    "list": [{}, "text", 1, True],
    "string": [1, True, {}, ["text"]],
    "blob": [1, True, {}, ["text"]],
    "boolean": [1, 0, "true", [True]],
    "integer": ["1", 0.5, 1.0, True, [1]],
    "long": ["1", 0.5, 1.0, True, [1]],
    "double": ["1", True, [1]],
    "timestamp": ["1", "2026-01-01T00:00:00Z", True, [1]],
}


def _shape(name: str) -> dict[str, Any]:
    return service_model().shapes[name]


def sample(name: str, nth: int = 0) -> Any:
    """Return the nth valid value of a shape, with only required members."""
    shape = _shape(name)
    match shape["type"]:
        case "structure":
            members = (
                list(shape["members"])[:1] if shape.get("union") else shape.get("required", ())
            )
            return {each: sample(shape["members"][each]["shape"], nth) for each in members}
        case "list":
            return entries(name, shape.get("min", 0))
        case "map":
            return pairs(name, shape.get("min", 0))
        case "string":
            return text(name, nth)
        case "blob":
            return "YQ=="
        case "boolean":
            return True
        case "timestamp":
            return 2_000_000_000
        case "double":
            return 1.5
        case _:
            return shape.get("min", 1)


def entries(name: str, size: int) -> list[Any]:
    """Make a list with this many entries."""
    return [sample(_shape(name)["member"]["shape"], nth) for nth in range(size)]


def pairs(name: str, size: int) -> dict[str, Any]:
    """Make a map with this many entries."""
    shape = _shape(name)
    key, value = shape["key"]["shape"], sample(shape["value"]["shape"])
    return {text(key, nth): value for nth in range(size)}


def _most_pairs(name: str, most: int) -> int:
    """Return the maximum number of entries of a map, whose keys may be an enumeration."""
    keys = _shape(_shape(name)["key"]["shape"]).get("enum")
    return min(most, len(keys)) if keys else most


def _too_many_pairs(name: str, size: int) -> dict[str, Any]:
    value = sample(_shape(name)["value"]["shape"])
    return {f"KEY{nth}": value for nth in range(size)}


@cache
def text(name: str, nth: int = 0) -> str:
    """Make a text that fits a shape."""
    shape = _shape(name)
    if "enum" in shape:
        return str(shape["enum"][nth % len(shape["enum"])])
    least, most = shape.get("min", 0), shape.get("max", 64)
    for length in sorted(range(least, min(most, 64) + 1), key=lambda length: abs(length - 10)):
        for made in _texts(length):
            another = next((each for each in _others(made, nth) if _fits(shape, each)), None)
            if another is not None:
                return another
    raise LookupError(f"no text is known that fits {name}: {shape}")


def _texts(length: int) -> Iterator[str]:
    for start in _STARTS:
        for filler in _FILLERS:
            if len(start) <= length:
                yield start + filler * (length - len(start))


def _others(made: str, nth: int) -> tuple[str, ...]:
    """Make the nth other text of the same length: it ends in other letters or digits."""
    letters = f"A{ascii_uppercase[nth // 26 % 26]}{ascii_uppercase[nth % 26]}"
    start = made[:-3]
    return tuple((start + end)[-len(made) :] for end in (letters, f"{nth:03}")) if nth else (made,)


def _fits(shape: dict[str, Any], value: str) -> bool:
    return "pattern" not in shape or bool(re.fullmatch(shape["pattern"], value, re.ASCII))


def long_text(name: str, length: int) -> str | None:
    """Make a text of exactly this length that fits the shape's pattern, if there is one."""
    return next((made for made in _texts(length) if _fits(_shape(name), made)), None)


def strange_texts(name: str) -> list[str]:
    """Make texts of a valid length that violate the pattern at either end or everywhere."""
    shape, fine = _shape(name), text(name)
    least, most = shape.get("min", 0), shape.get("max", 64)
    # A line break after a valid text, which an unanchored `$` would accept.
    made = [
        spoiled
        for each in _STRANGE
        for spoiled in (fine + each, each + fine, fine[:-1] + each, each + fine[1:], each * 10)
    ]
    strange = [each for each in made if least <= len(each) <= most and not _fits(shape, each)]
    if not strange:
        raise LookupError(f"no text is known that breaks {name}: {shape}")
    return strange


def has_lists(name: str, path: tuple[str | int, ...]) -> bool:
    """Return whether a place is in a list that can have more than one entry."""
    if not path:
        return False
    shape = _shape(name)
    inside = {"list": "member", "map": "key" if path[0] == KEY else "value"}.get(shape["type"])
    inner = shape[inside]["shape"] if inside else shape["members"][path[0]]["shape"]
    is_longer = shape["type"] == "list" and shape.get("max", 2) > 1
    return is_longer or has_lists(inner, path[1:])


def body(name: str, path: tuple[str | int, ...], value: Any, *, last: bool = False) -> Any:
    """Make a value that fits a shape, with another value at one place.

    In a list the place is in the first entry, or in the last of two or more.
    """
    if not path:
        return value
    step, *rest = path
    shape = _shape(name)
    if shape["type"] == "list":
        inner = body(shape["member"]["shape"], tuple(rest), value, last=last)
        size = max(1, shape.get("min", 0))
        if last and shape.get("max", 2) > 1:
            return [*entries(name, max(1, size - 1)), inner]
        return [inner, *entries(name, size)[1:]]
    if shape["type"] == "map":
        key, inner = shape["key"]["shape"], shape["value"]["shape"]
        if step == KEY:
            return {value: sample(inner)}
        return {text(key): body(inner, tuple(rest), value, last=last)}
    members = {} if shape.get("union") else sample(name)
    if value is ABSENT and not rest:
        members.pop(step, None)
        return members
    inside = body(shape["members"][step]["shape"], tuple(rest), value, last=last)
    return members | {step: inside}


@dataclass(frozen=True)
class Case:
    """One constraint at one place of an input, with values that just keep and just break it."""

    operation: str
    path: tuple[str | int, ...]
    constraint: str
    kept: list[Any]
    broken: list[Any]

    def __str__(self) -> str:
        return f"{self.operation}-{'.'.join(map(str, self.path))}-{self.constraint}"


def cases(operation: str) -> Iterator[Case]:
    """Yield every constraint of an operation's input, also of nested members."""
    for path, name, required in _places(service_model().operations[operation].input_shape):
        shape = _shape(name)
        for constraint, kept, broken in _constraints(name, shape):
            yield Case(operation, path, constraint, kept, broken)
        if required:
            yield Case(operation, path, "required", [], [ABSENT, None])
        if path[-1] != KEY:
            null = [None] if path[-1] in (0, VALUE) else []
            yield Case(operation, path, "type", [], _WRONG_TYPES[shape["type"]] + null)


def _places(name: str, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, str, bool]]:
    shape = _shape(name)
    inside: list[tuple[str | int, str, bool]] = []
    if shape["type"] == "structure":
        required = shape.get("required", ())
        inside = [(each, of["shape"], each in required) for each, of in shape["members"].items()]
    elif shape["type"] == "list":
        inside = [(0, shape["member"]["shape"], False)]
    elif shape["type"] == "map":
        inside = [(KEY, shape["key"]["shape"], False), (VALUE, shape["value"]["shape"], False)]
    for step, of, is_required in inside:
        yield (*path, step), of, is_required
        yield from _places(of, (*path, step))


def _constraints(name: str, shape: dict[str, Any]) -> Iterator[tuple[str, list[Any], list[Any]]]:
    least, most = shape.get("min"), shape.get("max")
    match shape["type"]:
        case "structure" if shape.get("union"):
            both = {each: sample(of["shape"]) for each, of in list(shape["members"].items())[:2]}
            yield "union", [], [{}, both]
        case "list":
            if least:
                yield "min", [entries(name, least)], [entries(name, least - 1)]
            if most is not None:
                yield "max", [entries(name, most)], [entries(name, most + 1)]
        case "map":
            if least:
                yield "min", [pairs(name, least)], [pairs(name, least - 1)]
            if most is not None:
                fitting = pairs(name, _most_pairs(name, most))
                yield "max", [fitting], [_too_many_pairs(name, most + 1)]
        case "integer" | "long" | "double" as kind:
            step = 0.001 if kind == "double" else 1
            if least is not None:
                yield "min", [least], [least - step, -(10**30)]
            if most is not None:
                yield "max", [most], [most + step, 10**30]
        case "blob":
            yield "min", ["YQ=="], [""]
            yield "max", ["A" * shape["max"]], ["A" * (shape["max"] + 4)]
        case "string":
            yield from _text_constraints(name, shape)


def _text_constraints(
    name: str, shape: dict[str, Any]
) -> Iterator[tuple[str, list[Any], list[Any]]]:
    least, most = shape.get("min"), shape.get("max")
    if "enum" in shape:
        first = shape["enum"][0]
        yield "enum", shape["enum"], [first.swapcase(), f"{first} ", "", "NO_SUCH_VALUE"]
        return
    if least:
        yield "min", [long_text(name, least) or text(name)], ["a" * (least - 1)]
    if most is not None:
        # Some patterns allow less than the maximum length.
        kept, broken = long_text(name, most), long_text(name, most + 1)
        yield "max", [kept or text(name)], [broken or "a" * (most + 1)]
    if "pattern" in shape:
        yield "pattern", [text(name)], strange_texts(name)
