"""Parses the JSON of a large document in many steps, so that other threads can work meanwhile."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from pinpoint_sms_emu.wire.json_text import refuse_constant

# Values that are nested more deeply than this are parsed in one step.
_DEPTH: Final = 3
# The same for the values in certain members.
_DEPTHS: Final = {"accounts": 6}

_skip_space: Final = re.compile(r"[ \t\n\r]*").match
_decoder: Final = json.JSONDecoder(parse_constant=refuse_constant)


def parse(text: str) -> Any:
    """Parse a document; raise a ValueError if it is not JSON."""
    value, at = _parse(text, 0, _DEPTH)
    at = _after_space(text, at)
    if at != len(text):
        raise json.JSONDecodeError("Extra data", text, at)
    return value


def _after_space(text: str, at: int) -> int:
    found = _skip_space(text, at)
    return found.end() if found else at


def _parse(text: str, at: int, depth: int) -> tuple[Any, int]:
    at = _after_space(text, at)
    opening = text[at : at + 1]
    if depth and opening == "{":
        return _parse_members(text, at + 1, depth)
    if depth and opening == "[":
        return _parse_entries(text, at + 1, depth)
    return _decoder.raw_decode(text, at)


def _parse_members(text: str, at: int, depth: int) -> tuple[dict[str, Any], int]:
    members: dict[str, Any] = {}
    at = _after_space(text, at)
    if text[at : at + 1] == "}":
        return members, at + 1
    while True:
        if text[at : at + 1] != '"':
            why = "Expecting property name enclosed in double quotes"
            raise json.JSONDecodeError(why, text, at)
        name, at = _decoder.raw_decode(text, at)
        at = _after_space(text, at)
        if text[at : at + 1] != ":":
            raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
        members[name], at = _parse(text, at + 1, _DEPTHS.get(name, depth - 1))
        is_last, at = _ends(text, at, "}")
        if is_last:
            return members, at


def _parse_entries(text: str, at: int, depth: int) -> tuple[list[Any], int]:
    entries: list[Any] = []
    at = _after_space(text, at)
    if text[at : at + 1] == "]":
        return entries, at + 1
    while True:
        entry, at = _parse(text, at, depth - 1)
        entries.append(entry)
        is_last, at = _ends(text, at, "]")
        if is_last:
            return entries, at


def _ends(text: str, at: int, closing: str) -> tuple[bool, int]:
    """Return whether a value is the last one, and where the text goes on after it."""
    at = _after_space(text, at)
    following = text[at : at + 1]
    if following not in (",", closing) or not following:
        raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
    return following == closing, _after_space(text, at + 1)
