"""Parses requests by their input shape, and renders answers by their output shape."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from functools import cache
from operator import attrgetter
from typing import Any

from pinpoint_sms_emu.errors import SerializationException, ValidationException
from pinpoint_sms_emu.state.clock import EPOCH
from pinpoint_sms_emu.wire.model import SERVICE, model_of, snake
from pinpoint_sms_emu.wire.validation import must_be_valid

Convert = Callable[[Any], Any]


def arguments(shape: str, body: dict[str, Any], service: str = SERVICE) -> dict[str, Any]:
    """Validate a body and convert it to keyword arguments. A null counts as absent."""
    must_be_valid(shape, body, service)
    parsed: dict[str, Any] = _parser(shape, service)(body)
    return parsed


def render(shape: str, answer: Any, service: str = SERVICE) -> dict[str, Any]:
    """Render an answer, a resource or a mapping with snake-case keys, by its output shape."""
    return {} if answer is None else _render_structure(shape, service, answer)


def attribute(member: str, of: type) -> str | None:
    """Return the attribute that a member is rendered from; attributes omit the class's name.

    The PoolId of a Pool is `pool_id` if it has one, or else `id`; the Keyword of a Keyword is `id`.
    """
    own = snake(member.removeprefix(of.__name__)) or "id"
    return next((name for name in (snake(member), own) if hasattr(of, name)), None)


# Parsing.


@cache
def _parser(shape_name: str, service: str) -> Convert:
    model = model_of(service)
    shape = model.shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        return _parse_structure(shape, service)
    if model.is_key_value_list(shape_name):
        return _parse_key_values
    if kind == "list":
        entry = _parser(shape["member"]["shape"], service)
        return lambda value: [entry(inner) for inner in value]
    if kind == "map":
        inner = _parser(shape["value"]["shape"], service)
        return lambda value: {key: inner(entry) for key, entry in value.items()}
    return _PARSERS.get(kind, _as_it_is)


class _Members(dict[str, tuple[str, Convert]]):
    """The argument name and parser of each member of a structure, compiled on first use."""

    def __init__(self, shape: dict[str, Any], service: str) -> None:
        super().__init__()
        self.service = service
        self.shapes = {name: of["shape"] for name, of in shape["members"].items()}

    def __missing__(self, name: str) -> tuple[str, Convert]:
        self[name] = snake(name), _parser(self.shapes[name], self.service)
        return self[name]


def _parse_structure(shape: dict[str, Any], service: str) -> Convert:
    members = _Members(shape, service)
    known = members.shapes

    def structure(value: Any) -> dict[str, Any]:
        parsed = {}
        for name, inner in value.items():
            if inner is not None and name in known:
                argument, parse = members[name]
                parsed[argument] = inner if parse is _as_it_is else parse(inner)
        return parsed

    return structure


# Letters and digits of any language.
_TAG = re.compile(r"[\w .:/=+@-]*")


def _parse_key_values(value: Any) -> dict[str, str]:
    parsed = {entry["Key"]: entry["Value"] for entry in value}
    if len(parsed) < len(value):
        raise ValidationException("INVALID_PARAMETER", tags="must not have the same key twice")
    if any(key.lower().startswith("aws:") for key in parsed):
        # Inferred from the tags of other services.
        raise ValidationException("INVALID_PARAMETER", tags="must not have keys that begin aws:")
    if not all(_TAG.fullmatch(text) for pair in parsed.items() for text in pair):
        # Inferred likewise.
        raise ValidationException(
            "INVALID_PARAMETER", tags="may have letters, digits, spaces and _ . : / = + - @ only"
        )
    return parsed


def _parse_timestamp(value: float) -> datetime:
    try:
        return EPOCH + timedelta(seconds=value)
    except (OverflowError, ValueError) as error:
        raise SerializationException("A timestamp is too far away") from error


def _parse_blob(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except ValueError as error:
        raise SerializationException("A blob must be base64") from error


def _as_it_is(value: Any) -> Any:
    return value


_PARSERS: dict[str, Convert] = {"timestamp": _parse_timestamp, "blob": _parse_blob}


# Rendering.


def _render_structure(shape: str, service: str, answer: Any) -> dict[str, Any]:
    if isinstance(answer, dict):
        output_members = _members(shape, service)
        return {
            name: convert(value)
            for key, value in answer.items()
            if value is not None and key in output_members
            for name, convert in (output_members[key],)
        }
    answer_type: type = type(answer)
    values, members = _plan(shape, service, answer_type)
    return {
        # Most members are texts; calling a function for each would take half of the time.
        name: value if convert is _as_it_is else convert(value)
        for (name, convert), value in zip(members, values(answer), strict=True)
        if value is not None
    }


@cache
def _members(shape: str, service: str) -> dict[str, tuple[str, Convert]]:
    members = model_of(service).shapes[shape]["members"]
    return {snake(name): (name, _renderer(of["shape"], service)) for name, of in members.items()}


@cache
def _plan(
    shape: str, service: str, of: type
) -> tuple[Callable[[Any], Iterable[Any]], list[tuple[str, Convert]]]:
    """Compile how each member of a shape is rendered from a class's attributes."""
    members = model_of(service).shapes[shape]["members"]
    keys = {name: key for name in members if (key := attribute(name, of))}
    output_members = [(name, _renderer(members[name]["shape"], service)) for name in keys]
    if len(keys) > 1:
        return attrgetter(*keys.values()), output_members
    return lambda answer: [getattr(answer, key) for key in keys.values()], output_members


@cache
def _renderer(shape_name: str, service: str) -> Convert:
    model = model_of(service)
    shape = model.shapes[shape_name]
    kind = shape["type"]
    if kind == "structure":
        return lambda value: _render_structure(shape_name, service, value)
    if model.is_key_value_list(shape_name):
        return lambda value: [{"Key": key, "Value": text} for key, text in value.items()]
    if kind == "list":
        entry = _renderer(shape["member"]["shape"], service)
        # Entries that are found by name are a dict in Python, and contain their names.
        return lambda value: [
            entry(inner) for inner in (value.values() if isinstance(value, dict) else value)
        ]
    if kind == "map":
        inner = _renderer(shape["value"]["shape"], service)
        return lambda value: {key: inner(entry) for key, entry in value.items()}
    return _RENDERERS.get(kind, _as_it_is)


def _render_timestamp(value: datetime) -> float:
    # Seconds with milliseconds, as the service sends them.
    return round(value.astimezone(UTC).timestamp(), 3)


_RENDERERS: dict[str, Convert] = {"timestamp": _render_timestamp, "double": float}
