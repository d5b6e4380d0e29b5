"""Any state to JSON and back: dataclasses, mappings, lists, sets, numbers, times."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from pinpoint_sms_emu.state.resource import Entries, Entry


def dump(value: Any) -> Any:
    """Turn a value of the state into JSON; what JSON has no word for is a tagged object."""
    if value is None or isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, Entry):
        shown = {each.name: dump(getattr(value, each.name)) for each in fields(value)}
        return {"__class__": type(value).__name__, **shown}
    if isinstance(value, Entries):
        return {"__entries__": [dump(entry) for entry in value]}
    if isinstance(value, Mapping):
        return {str(name): dump(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [dump(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return {"__set__": sorted(dump(inner) for inner in value)}
    if isinstance(value, datetime):
        return {"__time__": value.isoformat()}
    if isinstance(value, Decimal):
        return {"__decimal__": str(value)}
    if isinstance(value, bytes):
        return {"__bytes__": base64.b64encode(value).decode()}
    raise TypeError(f"{type(value).__name__} cannot be kept in a snapshot")


def load(document: Any) -> Any:
    """Turn what `dump` made back into values; anything else is a ValueError."""
    if isinstance(document, list):
        return [load(inner) for inner in document]
    if not isinstance(document, dict):
        return document
    match document:
        case {"__class__": str(name), **members}:
            return _revive(name, members)
        case {"__entries__": list(entries)}:
            return Entries(load(entry) for entry in entries)
        case {"__set__": list(inside)}:
            return {load(inner) for inner in inside}
        case {"__time__": str(text)}:
            return datetime.fromisoformat(text)
        case {"__decimal__": str(text)}:
            return Decimal(text)
        case {"__bytes__": str(text)}:
            return base64.b64decode(text)
    return {name: load(inner) for name, inner in document.items()}


def _revive(name: str, members: dict[str, Any]) -> Any:
    known = {each.__name__: each for each in _descendants(Entry)}
    if name not in known:
        raise ValueError(f"there is nothing called {name} here")
    try:
        return known[name](**{key: load(inner) for key, inner in members.items()})
    except TypeError as error:
        raise ValueError(f"that is no {name}: {error}") from error


def _descendants(of: type[Entry]) -> Iterator[type[Entry]]:
    for each in of.__subclasses__():
        yield each
        yield from _descendants(each)
