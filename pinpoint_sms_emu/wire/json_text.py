"""Parses JSON that people write: a key that is given twice is a mistake, not a replacement."""

from __future__ import annotations

import json
from typing import Any

from pinpoint_sms_emu.errors import quoted


def loads(text: str) -> Any:
    """Parse JSON; raise a ValueError if it is not JSON, or has a key twice."""
    return json.loads(text, object_pairs_hook=_with_each_key_once)


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {quoted(key)} is given twice")
        found[key] = value
    return found
