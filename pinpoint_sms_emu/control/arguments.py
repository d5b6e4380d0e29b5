"""Parses the query or the JSON body of a request into a route's arguments.

A route's signature is its contract: the keyword-only parameters are the members, and their
annotations the types. The OpenAPI document is made from the same signature.
"""

from __future__ import annotations

import inspect
import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, Unpack, get_args, get_origin, get_type_hints

from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wording import nearest, quoted


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of members: its name in errors, its JSON schema, and how to check and parse values."""

    phrase: str
    schema: Mapping[str, Any]
    accepts: Callable[[Any], bool]
    from_text: Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A member of a route."""

    name: str
    kind: Kind
    required: bool


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_number(value: Any) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # whole numbers in JSON can have any size, floats cannot
        return False


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_object_of_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_text, value.values()))


def _is_object_of_numbers(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_number, value.values()))


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)


def _flag(text: str) -> bool:
    return {"true": True, "false": False}[text]


def _whole(text: str) -> int:
    if not text.isascii() or "_" in text:  # int() reads these, JSON does not
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not text.isascii() or "_" in text:
        raise ValueError(text)
    return float(text)


def _text_kind(schema: Mapping[str, Any]) -> Kind:
    return Kind("a text", {"type": "string", **schema}, _is_text, str)


_KINDS: dict[Any, Kind] = {
    str: _text_kind({}),
    int: Kind("a whole number", {"type": "integer"}, _is_whole, _whole),
    float: Kind("a number", {"type": "number"}, _is_number, _number),
    bool: Kind("true or false", {"type": "boolean"}, _is_flag, _flag),
    list[str]: Kind(
        "a list of texts",
        {"type": "array", "items": {"type": "string"}},
        _is_list_of_texts,
        lambda text: text.split(","),
    ),
    dict[str, Any]: Kind("an object", {"type": "object"}, _is_object, json.loads),
    dict[str, float]: Kind(
        "an object whose values are numbers",
        {"type": "object", "additionalProperties": {"type": "number"}},
        _is_object_of_numbers,
        json.loads,
    ),
    dict[str, str]: Kind(
        "an object whose values are texts",
        {"type": "object", "additionalProperties": {"type": "string"}},
        _is_object_of_texts,
        json.loads,
    ),
}


@cache
def parameters(function: Callable[..., Any]) -> Mapping[str, Parameter]:
    """Return the members of a route, from its signature."""
    found: dict[str, Parameter] = {}
    for each in inspect.signature(function, eval_str=True).parameters.values():
        if each.kind is each.KEYWORD_ONLY:
            required = each.default is each.empty
            found[each.name] = Parameter(each.name, _kind(each.annotation), required)
        elif each.kind is each.VAR_KEYWORD and get_origin(each.annotation) is Unpack:
            hints = get_type_hints(get_args(each.annotation)[0])
            found |= {name: Parameter(name, _kind(of), False) for name, of in hints.items()}
    return found


def _kind(annotation: Any) -> Kind:
    if get_origin(annotation) in (UnionType, Union):
        annotation = next(each for each in get_args(annotation) if each is not NoneType)
    return _KINDS[annotation]


def from_query(function: Callable[..., Any], query: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Parse a query; raise a ValueError for an unknown name or a wrong value."""
    known = parameters(function)
    given: dict[str, Any] = {}
    for name, text in query:
        kind = _find(known, name).kind
        if name in given:
            raise ValueError(f"{name} is given twice")
        try:
            given[name] = kind.from_text(text)
        except (ValueError, KeyError):
            given[name] = None
        if not kind.accepts(given[name]):
            raise ValueError(f"{name} must be {kind.phrase}, not {quoted(text)}")
    return _complete(known, given)


def take_flag(query: list[tuple[str, str]], name: str) -> bool:
    """Remove a flag that every route accepts from a query, and return it; false by default."""
    values = [text for each, text in query if each == name]
    query[:] = [(each, text) for each, text in query if each != name]
    if len(values) > 1:
        raise ValueError(f"{name} is given twice")
    if values and values[0] not in ("true", "false"):
        raise ValueError(f"{name} must be true or false, not {quoted(values[0])}")
    return values == ["true"]


def from_body(function: Callable[..., Any], body: bytes | bytearray) -> dict[str, Any]:
    """Parse a JSON body; a null counts as not given, an empty body as no members."""
    known = parameters(function)
    members = read_json(body) if body.strip() else {}
    given: dict[str, Any] = {}
    for name, value in members.items():
        kind = _find(known, name).kind
        if value is None:
            continue
        if not kind.accepts(value):
            raise ValueError(f"{name} must be {kind.phrase}, not {quoted(value)}")
        given[name] = value
    return _complete(known, given)


def read_json(
    body: bytes | bytearray, parse: Callable[[str], Any] = json_text.decode_without_duplicates
) -> dict[str, Any]:
    """Parse a JSON object; raise a ValueError for anything else."""
    try:
        members = json_text.read_request_body(body, parse)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the body is not JSON: {json_text.why_not_json(error)}") from error
    if not isinstance(members, dict):
        raise ValueError("the body must be a JSON object")
    return members


def _find(known: Mapping[str, Parameter], name: str) -> Parameter:
    if name not in known:
        what_is = nearest(name, known) if known else "nothing can be given"
        raise ValueError(f"{quoted(name)} is unknown; {what_is}")
    return known[name]


def _complete(known: Mapping[str, Parameter], given: dict[str, Any]) -> dict[str, Any]:
    missing = [each.name for each in known.values() if each.required and each.name not in given]
    if missing:
        *first, last = missing
        names = f"{', '.join(first)} and {last}" if first else last
        raise ValueError(f"{names} must be given")
    return given
