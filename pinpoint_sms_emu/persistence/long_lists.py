"""Documents whose long lists are not written at once, but a few entries at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from json import JSONEncoder
from typing import Any, Final

from pinpoint_sms_emu.state.steps import Steps, for_each

# Writing these takes half a millisecond.
ENTRIES_AT_ONCE: Final = 50

_SEPARATORS: Final = (",", ":")
encode: Final = JSONEncoder(separators=_SEPARATORS).encode
# Stands for a list until it is written: a lone surrogate, which no text of a state has.
_MARK: Final = "\ud800"
_MARKS: Final = re.compile(r'"\\ud800(\d+)"')


@dataclass(frozen=True, slots=True)
class LongList:
    """A long list in a document: its entries at one moment, and how each is written.

    An entry is written as a value for JSON, or as bytes that are JSON already.
    """

    entries: Iterable[Any]
    dump: Callable[[Any], Any]

    def collect(self) -> Steps[Any]:
        """Write all entries, in steps."""
        written: list[Any] = []
        yield from for_each(self.slices(), written.extend)
        return written

    def encode_in_parts(self) -> Iterator[str]:
        """Encode all entries as JSON, a few at a time."""
        return _enclosed("[]", (map(_entry, part) for part in self.slices()))

    def slices(self) -> Iterator[list[Any]]:
        """Write a few entries in each step."""
        rest = iter(self.entries)
        while part := list(islice(rest, ENTRIES_AT_ONCE)):
            yield [self.dump(each) for each in part]


def complete(value: Any) -> Steps[Any]:
    """Return a document whose lists are all written."""
    if isinstance(value, LongList):
        return (yield from value.collect())
    if isinstance(value, dict):
        members = {}
        for name, inner in value.items():
            members[name] = yield from complete(inner)
        return members
    if isinstance(value, list):
        entries = []
        for inner in value:
            entries.append((yield from complete(inner)))  # noqa: PERF401  no generator expression
        return entries
    return value


def encode_in_parts(document: Mapping[str, Any]) -> Iterator[str]:
    """Encode a document as JSON, a few entries of its long lists at a time."""
    lists: list[LongList] = []

    def mark(value: Any) -> str:
        if not isinstance(value, LongList):
            raise TypeError(f"{type(value).__name__} is not JSON")
        lists.append(value)
        return f"{_MARK}{len(lists) - 1}"

    encoder = JSONEncoder(separators=_SEPARATORS, default=mark)
    for position, text in enumerate(_MARKS.split(encoder.encode(document))):
        if position % 2 == 0:
            yield text
        else:
            yield from lists[int(text)].encode_in_parts()


class LongObject(LongList):
    """A large object in a document: its entries are pairs of a name and a value."""

    __slots__ = ()

    def collect(self) -> Steps[Any]:
        """Write all members, in steps."""
        written = yield from super().collect()
        return dict(written)

    def encode_in_parts(self) -> Iterator[str]:
        """Encode all members as JSON, a few at a time."""
        return _enclosed("{}", (map(_member, part) for part in self.slices()))


def _enclosed(brackets: str, parts: Iterable[Iterable[str]]) -> Iterator[str]:
    separator = brackets[0]
    for part in parts:
        yield separator + ",".join(part)
        separator = ","
    yield brackets if separator == brackets[0] else brackets[1]


def _member(pair: tuple[str, Any]) -> str:
    return f"{encode(pair[0])}:{encode(pair[1])}"


def _entry(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else encode(value)
