"""Parses JSON strictly: the bodies of requests, and what people write in files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from pinpoint_sms_emu.wording import quoted


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
    return not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)


def must_have_no_lone_surrogate(value: object, name: str = "a text") -> None:
    """Refuse a text with half of a surrogate pair, also inside lists and mappings."""
    if isinstance(value, str):
        if has_lone_surrogate(value):
            why = f"has a lone surrogate, which is not a character: {quoted(value)}"
            raise ValueError(f"{name} {why}")
    elif isinstance(value, Mapping):
        for each in value.items():
            must_have_no_lone_surrogate(each, name)
    elif isinstance(value, list | tuple):
        for each in value:
            must_have_no_lone_surrogate(each, name)


def _with_each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {quoted(key)} is given twice")
        found[key] = value
    return found


# Parses what people write: a key that is given twice is a ValueError, not a replacement.
decode_without_duplicates = json.JSONDecoder(
    parse_constant=refuse_constant, object_pairs_hook=_with_each_key_once
).decode


def why_not_json(error: ValueError | RecursionError) -> str:
    """Say why a text could not be parsed, in words that do not need Python."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, UnicodeEncodeError):
        return "it has a lone surrogate, which is not a character"
    # Python's limit for integers.
    return "a number has too many digits" if "set_int_max_str_digits" in str(error) else str(error)
