"""Converts dataclasses and named tuples to JSON and back, and refuses JSON that does not match."""

from __future__ import annotations

import base64
import binascii
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from math import isfinite
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Final, NamedTuple, NewType, Union, get_args, get_origin, get_type_hints

from pinpoint_sms_emu.state.tables import Entries
from pinpoint_sms_emu.wording import quoted


class DocumentError(ValueError):
    """An invalid part of a document; `path` is its place."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.path = ""

    def inside(self, *names: str | int) -> DocumentError:
        """Prepend names to the path."""
        for name in names:
            step = f"[{name}]" if isinstance(name, int) else f".{name:.80}"
            self.path = step + self.path
        return self

    def __str__(self) -> str:
        return f"{self.path.lstrip('.')} {self.why}" if self.path else self.why


# A whole number of any size; all others can also be floats.
AnyInt = NewType("AnyInt", int)

_LARGEST: Final = int(sys.float_info.max)


class Codec(NamedTuple):
    """Converts values of a type to JSON, and back."""

    dump: Callable[[Any], Any]
    load: Callable[[Any], Any]


@cache
def codec(of: Any) -> Codec:
    """Return the codec of a type: a dataclass, a named tuple, or a type of a field."""
    simple = _SIMPLE.get(of)
    if simple:
        return simple
    if isinstance(of, type) and issubclass(of, datetime):
        return _TIME  # freezegun replaces the class in annotations, or here
    if names := _names(of):
        return _members(of, names)
    origin, inner = get_origin(of), get_args(of)
    if origin in (UnionType, Union) and len(inner) == 2 and NoneType in inner:  # noqa: PLR2004
        return _optional(codec(next(each for each in inner if each is not NoneType)))
    compile_generic = _GENERIC.get(origin)
    if compile_generic is None:
        raise TypeError(f"{of} cannot be kept in a snapshot")
    return compile_generic(*inner)


# Simple values.


def _same(value: Any) -> Any:
    return value


def _load_bool(value: Any) -> bool:
    if type(value) is not bool:
        raise DocumentError(f"must be true or false, not {quoted(value)}")
    return value


def _load_text(value: Any) -> str:
    if type(value) is not str:
        raise DocumentError(f"must be a text, not {quoted(value)}")
    return _written(value)


def _written(text: str) -> str:
    """Return a text, or refuse one with a lone surrogate, which UTF-8 cannot encode."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise DocumentError(f"must be Unicode characters, not {quoted(text)}") from None
    return text


def _load_int(value: Any) -> int:
    if abs(_load_any_int(value)) > _LARGEST:
        raise DocumentError(f"must be a smaller number, not {quoted(value)}")
    return int(value)


def _load_any_int(value: Any) -> int:
    if type(value) is not int:
        raise DocumentError(f"must be a whole number, not {quoted(value)}")
    return value


def _load_float(value: Any) -> float:
    if type(value) in (int, float):
        with suppress(OverflowError):  # whole numbers in JSON can have any size
            if isfinite(number := float(value)):
                return number
    raise DocumentError(f"must be a number, not {quoted(value)}")


def _parsed(parse: Callable[[str], Any], called: str) -> Callable[[Any], Any]:
    def load(value: Any) -> Any:
        try:
            return parse(value)
        except (ValueError, TypeError, AttributeError, InvalidOperation, OverflowError):
            raise DocumentError(f"must be {called}, not {quoted(value)}") from None

    return load


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError("a time needs its zone")
    # A time in the last or the first hours of the calendar may have none in UTC.
    return moment.astimezone(UTC)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _decimal(text: Any) -> Decimal:
    number = Decimal(text)
    if not isinstance(text, str) or not number.is_finite():
        raise ValueError("no decimal number as a text")
    return number


def _microseconds(number: Any) -> timedelta:
    if type(number) is not int:
        raise ValueError("no whole number")
    return timedelta(microseconds=number)


# Values of any type: JSON, and tagged objects for values that JSON does not have.


def _dump_any(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Mapping):
        members = _dump_members(value)
        return {_OBJECT: members} if _is_tagged(members) else members
    if isinstance(value, list | tuple):
        return [_dump_any(inner) for inner in value]
    for name, kind in _TAGGED.items():
        if isinstance(value, kind):
            return {name: codec(kind).dump(value)}
    raise TypeError(f"{type(value).__name__} cannot be kept in a snapshot")


def _dump_members(value: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: inner if type(inner) in _PLAIN else _dump_any(inner) for name, inner in value.items()
    }


def _load_any(value: Any) -> Any:
    if type(value) in _PLAIN:
        return _load_plain(value)
    if isinstance(value, list):
        return [_load_any(inner) for inner in value]
    if not isinstance(value, dict):
        raise DocumentError(f"must be JSON, not {quoted(value)}")
    if _is_tagged(value):
        [(tag, inner)] = value.items()
        if tag in _TAGGED:
            return codec(_TAGGED[tag]).load(inner)
        value = inner if isinstance(inner, dict) else value
    return _load_members(value)


def _load_members(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise DocumentError(f"must be an object, not {quoted(value)}")
    return {_load_text(name): _load_any(inner) for name, inner in value.items()}


def _load_plain(value: Any) -> Any:
    if type(value) is str:
        return _written(value)
    return _load_float(value) if type(value) is float else value


def _is_tagged(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and (_OBJECT in value or not _TAGGED.keys().isdisjoint(value))


_PLAIN: Final = frozenset({NoneType, str, bool, int, float})

# Wraps a mapping that looks like a tagged value.
_OBJECT: Final = "__object__"
_TAGGED: Final[Mapping[str, Any]] = {
    "__time__": datetime,
    "__decimal__": Decimal,
    "__bytes__": bytes,
}

_TIME: Final = Codec(datetime.isoformat, _parsed(_moment, "an ISO 8601 time with its zone"))
_SIMPLE: Final[Mapping[Any, Codec]] = {
    str: Codec(_same, _load_text),
    bool: Codec(_same, _load_bool),
    int: Codec(_same, _load_int),
    AnyInt: Codec(_same, _load_any_int),
    float: Codec(_same, _load_float),
    timedelta: Codec(
        lambda value: value // timedelta(microseconds=1),
        _parsed(_microseconds, "a whole number of microseconds"),
    ),
    Decimal: Codec(str, _parsed(_decimal, "a decimal number as a text")),
    bytes: Codec(lambda value: base64.b64encode(value).decode(), _parsed(_bytes, "base64")),
    Any: Codec(_dump_any, _load_any),
}


def _optional(inner: Codec) -> Codec:
    def dump(value: Any) -> Any:
        return None if value is None else inner.dump(value)

    def load(value: Any) -> Any:
        return None if value is None else inner.load(value)

    return Codec(_same if inner.dump is _same else dump, load)


def _load_list(value: Any, inner: Codec) -> list[Any]:
    if not isinstance(value, list):
        raise DocumentError(f"must be a list, not {quoted(value)}")
    loaded: list[Any] = []
    try:
        for each in value:
            loaded.append(inner.load(each))  # noqa: PERF401 - its length is the index of the failure
    except DocumentError as error:
        raise error.inside(len(loaded)) from None
    return loaded


def _list(of: Any, *_more: Any) -> Codec:
    inner = codec(of)
    dump = list if inner.dump is _same else lambda value: [inner.dump(each) for each in value]
    return Codec(dump, lambda value: _load_list(value, inner))


def _tuple(of: Any, *_more: Any) -> Codec:
    dump, load = _list(of)
    return Codec(dump, lambda value: tuple(load(value)))


def _set(of: Any) -> Codec:
    inner = codec(of)
    return Codec(
        lambda value: sorted(inner.dump(each) for each in value),
        lambda value: set(_load_list(value, inner)),
    )


def _dict(of_name: Any, of: Any) -> Codec:
    if of_name is not str:
        raise TypeError(f"a name in a snapshot is a text, not {of_name}")
    if of is Any:
        # A fast path for event records, of which there are many.
        return Codec(_dump_members, _load_members)
    inner = codec(of)

    def load(value: Any) -> Any:
        if not isinstance(value, dict):
            raise DocumentError(f"must be an object, not {quoted(value)}")
        for name in value:
            _load_text(name)
        name = ""
        try:
            return {(name := key): inner.load(each) for key, each in value.items()}
        except DocumentError as error:
            raise error.inside(name) from None

    if inner.dump is _same:
        return Codec(dict, load)
    return Codec(lambda value: {name: inner.dump(each) for name, each in value.items()}, load)


def _entries(of: Any) -> Codec:
    dump, load = _list(of)
    return Codec(dump, lambda value: in_order(load(value)))


def in_order(entries: list[Any], among: Entries[Any] | None = None) -> Entries[Any]:
    """Add entries to others; refuse duplicate keys and sequences that do not increase."""
    among = Entries() if among is None else among
    last = 0
    for place, entry in enumerate(entries):
        if entry.sequence <= last:
            raise DocumentError(f"must have a sequence greater than {last}").inside(place)
        if entry.key in among:
            raise DocumentError(f"occurs twice: {entry.key:.80}").inside(place)
        last = entry.sequence
        among.put(entry)
    return among


def _names(of: Any) -> Sequence[str]:
    """Return the names of the members that callers set, if it is a dataclass or named tuple."""
    own = [each.name for each in fields(of) if each.init] if is_dataclass(of) else None
    return getattr(of, "_fields", ()) if own is None else own


def _members(of: Any, names: Sequence[str]) -> Codec:
    hints = get_type_hints(of)
    codecs = {name: codec(hints[name]) for name in names}
    get = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    dumped = [(name, each.dump) for name, each in codecs.items() if each.dump is not _same]
    loaders = {name: each.load for name, each in codecs.items()}

    def dump(value: Any) -> dict[str, Any]:
        document = dict(zip(names, get(value), strict=True))
        for name, dump_field in dumped:
            document[name] = dump_field(document[name])
        return document

    def load(document: Any) -> Any:
        if not isinstance(document, dict):
            raise DocumentError(f"must be an object, not {quoted(document)}")
        must_have_exactly(document, loaders)
        name = ""
        try:
            return of(**{(name := key): loaders[key](value) for key, value in document.items()})
        except DocumentError as error:
            raise error.inside(name) from None

    return Codec(dump, load)


def must_have_exactly(document: Mapping[str, Any], names: Mapping[str, Any]) -> None:
    """Refuse an object with missing or unknown members."""
    if document.keys() == names.keys():
        return
    if lacking := [name for name in names if name not in document]:
        raise DocumentError(f"lacks {lacking[0]}")
    unknown = [name for name in document if name not in names]
    raise DocumentError(f"has the unknown member {quoted(unknown[0])}")


def add_missing_members(of: Any, document: Any) -> None:
    """Add the members that are new in a type to a document of an earlier version."""
    if is_dataclass(of) and isinstance(document, dict):
        hints = get_type_hints(of)
        for each in filter(attrgetter("init"), fields(of)):
            if each.name in document:
                add_missing_members(hints[each.name], document[each.name])
            elif each.default is not MISSING:
                document[each.name] = codec(hints[each.name]).dump(each.default)
            elif each.default_factory is not MISSING:
                document[each.name] = codec(hints[each.name]).dump(each.default_factory())
        return
    inner = [each for each in get_args(of) if each is not NoneType and each is not Any]
    if not inner or document is None:
        return
    if get_origin(of) in (UnionType, Union):
        add_missing_members(inner[0], document)
    elif isinstance(document, list):
        for value in document:
            add_missing_members(inner[0], value)
    elif isinstance(document, dict):
        for value in document.values():
            add_missing_members(inner[-1], value)


_GENERIC: Final[Mapping[Any, Callable[..., Codec]]] = {
    list: _list,
    tuple: _tuple,
    set: _set,
    dict: _dict,
    Mapping: _dict,
    Entries: _entries,
}
