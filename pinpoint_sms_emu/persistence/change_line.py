"""Encodes a change as one line of JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.errors import SerializationException
from pinpoint_sms_emu.service.state import State

# The maximum nesting: a deeper value might exceed the recursion limit when it is read.
_MAX_DEPTH: Final = 200

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


def position_of(state: State) -> list[int]:
    """Return numbers that differ if repeating a change had another result."""
    return [
        state.random_source.position,
        state.faults.random_source.position,
        state.sequence,
        state.messages.sequence,
    ]


def to_json(members: Mapping[str, Any]) -> str:
    """Encode the members of a change; raise a ValueError or an ApiError if that is impossible."""
    try:
        text = _encode(members)
    except TypeError as error:
        raise ValueError(f"with data_dir, arguments must be valid JSON: {error}") from error
    except RecursionError as error:
        raise _too_deep() from error
    if text.count("[") + text.count("{") > _MAX_DEPTH and _is_too_deep(members):
        raise _too_deep()
    return text


def _too_deep() -> SerializationException:
    return SerializationException("The body is nested too deeply to be kept")


def _is_too_deep(members: Any) -> bool:
    level, depth = [members], 0
    while level and depth <= _MAX_DEPTH:
        inside = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [each for part in inside if isinstance(part, list | tuple) for each in part]
        depth += 1
    return bool(level)
