"""Entries that users add, and that apply a number of times or until they are cleared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any, Generic, TypeVar

from pinpoint_sms_emu.replicas import Replica, numbered
from pinpoint_sms_emu.service.filters import must_be_a_text
from pinpoint_sms_emu.state.tables import Entries, Entry
from pinpoint_sms_emu.wording import quoted

# More than any test makes, and few enough for every program that reads a state.
_MOST_TIMES = 1_000_000_000


class LimitedEntry(Entry):
    """An entry that applies `times` times, or without a limit if that is None."""

    __slots__ = ()

    # Not a field here: each dataclass has it in the place where its JSON has it.
    times: int | None

    def as_dict(self) -> dict[str, Any]:
        """Return the entry's JSON representation."""
        members = asdict(self)
        del members["sequence"]
        return members


L = TypeVar("L", bound=LimitedEntry)


class LimitedEntries(Generic[L]):
    """Limited entries in the order in which they were added, with ids such as fault-1."""

    def __init__(self, of: type[L], must_be_possible: Callable[[L], None]) -> None:
        self.entries: Entries[L] = Entries()
        # The number of entries that were ever added.
        self.made = 0
        self._kind = of.kind
        self._must_be_possible = must_be_possible

    def __iter__(self) -> Iterator[L]:
        return iter(self.entries)

    def add(self, entry: L, replica: Replica | None = None) -> L:
        """Add an entry; raise a ValueError if it is invalid.

        An entry that another replica has made keeps its id.
        """
        self._must_be_possible(entry)
        if entry.id in self.entries:
            raise ValueError(f"{entry.id:.80} exists already")
        self.made += 1
        entry.id = entry.id or numbered(f"{self._kind}-{self.made}", replica)
        entry.sequence = self.made
        self.entries.put(entry)
        return entry

    def clear(self, entry_id: str | None = None) -> None:
        """Remove one entry, or all; raise a LookupError for an unknown id."""
        if entry_id is None:
            self.entries = Entries()
            return
        must_be_a_text(f"{self._kind}_id", entry_id)
        entry = self.entries.get(entry_id)
        if entry is None:
            raise LookupError(f"there is no {self._kind} {entry_id:.80}, or it has been used up")
        self.entries.remove(entry)

    def use(self, entry: L) -> None:
        """Count one use of an entry, and remove it after the last one."""
        if entry.times is not None:
            entry.times -= 1
            if not entry.times:
                self.entries.remove(entry)


def must_be_times(times: object) -> None:
    """Refuse an invalid number of times; None is unlimited."""
    if times is not None and (type(times) is not int or not 1 <= times <= _MOST_TIMES):
        raise ValueError(
            f"times must be a whole number from 1 to {_MOST_TIMES}, not {quoted(times)}"
        )
