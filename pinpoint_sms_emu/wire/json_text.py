"""Parses JSON strictly: the bodies of requests, and what people write in files."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NoReturn

from pinpoint_sms_emu.errors import quoted


def refuse_constant(name: str) -> NoReturn:
    """Refuse NaN and Infinity, which Python's decoder takes."""
    raise ValueError(f"{name} is not JSON")


decode = json.JSONDecoder(parse_constant=refuse_constant).decode


def read_request_body(body: bytes | bytearray, parse: Callable[[str], Any] = decode) -> Any:
    """Parse the body of a request; raise a ValueError if it is not JSON in UTF-8."""
    document = parse(body.decode())
    # A lone surrogate is not valid text, and could not be encoded again.
    if b"\\ud" in body or b"\\uD" in body:
        json.dumps(document, ensure_ascii=False).encode()
    return document


def has_lone_surrogate(text: str) -> bool:
    """Return whether a text has half of a surrogate pair, which is not a character."""
    return any("\ud800" <= each <= "\udfff" for each in text)


def loads(text: str) -> Any:
    """Parse what people write: a key that is given twice is a ValueError, not a replacement."""
    return json.loads(text, object_pairs_hook=_with_each_key_once)


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {quoted(key)} is given twice")
        found[key] = value
    return found
