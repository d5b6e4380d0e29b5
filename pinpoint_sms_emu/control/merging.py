"""Merges the lists of several replicas."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from pinpoint_sms_emu.control.administration import list_accounts, list_resources
from pinpoint_sms_emu.control.arrangements import (
    list_faults,
    list_numbers,
    list_opt_outs,
    list_outcomes,
)
from pinpoint_sms_emu.control.calls import list_calls
from pinpoint_sms_emu.control.messages import list_events, list_messages, report
from pinpoint_sms_emu.messaging.events.deliveries import Event
from pinpoint_sms_emu.messaging.messages import MEMBERS
from pinpoint_sms_emu.messaging.report import ReportRow
from pinpoint_sms_emu.resources.numbers import Number
from pinpoint_sms_emu.service.opt_outs import OptOut

Entry = dict[str, Any]
Document = dict[str, Any]
# An entry, and the index of its replica.
Placed = tuple[int, Entry]


@dataclass(frozen=True, slots=True)
class MergedListing:
    """The list of a route: the member with the entries, and how to merge them."""

    name: str
    order: Callable[[Entry], Any]
    # The member that `after` names.
    id: str = ""
    columns: Sequence[str] = ()
    # Entries with the same value of this are merged by `join`.
    group: Callable[[Entry], Hashable] | None = None
    join: Callable[[Entry, Entry], Entry] = lambda first, _second: first

    def merge(self, documents: Sequence[Document], *, newest_first: bool = False) -> list[Placed]:
        """Merge all entries in order; those of one replica keep their order."""
        lists = [
            [(index, entry) for entry in document[self.name]]
            for index, document in enumerate(documents)
        ]
        merged = heapq.merge(*lists, key=lambda each: self.order(each[1]), reverse=newest_first)
        return list(merged) if self.group is None else self._joined(merged, self.group)

    def _joined(
        self, entries: Iterable[Placed], group: Callable[[Entry], Hashable]
    ) -> list[Placed]:
        joined: dict[Hashable, Placed] = {}
        for index, entry in entries:
            key = group(entry)
            former = joined.get(key)
            joined[key] = (index, self.join(former[1], entry) if former else entry)
        return list(joined.values())

    def combine(self, documents: Sequence[Document], entries: Sequence[Entry]) -> Document:
        """Return one document with these entries, and the sums of the other members."""
        beside = {
            name: add_up([document[name] for document in documents])
            for name in documents[0]
            if name != self.name
        }
        if self.group is not None and isinstance(beside["total"], int):
            beside["total"] = len(entries)
        return {self.name: entries, **beside}


def add_up(values: Sequence[Any]) -> Any:
    """Add numbers, the numbers of objects, or lists; of anything else, take the first."""
    values = [value for value in values if value is not None] or [None]
    first = values[0]
    if isinstance(first, dict):
        names = dict.fromkeys(name for value in values for name in value)
        return {name: add_up([value[name] for value in values if name in value]) for name in names}
    if isinstance(first, list):
        return [entry for value in values for entry in value]
    if isinstance(first, int | float):
        # Prices have six decimals.
        return round(sum(values), 6)
    return first


def _place(entry: Entry) -> tuple[str, str]:
    return entry["account_id"], entry["region"]


def _group_of(row: Entry) -> tuple[str, ...]:
    return tuple(row[name] or "" for name in ("day", "country", "channel", "number_type"))


def _add_rows(first: Entry, second: Entry) -> Entry:
    return first | {name: add_up([first[name], second[name]]) for name in _ADDED}


_ADDED = ("messages", "parts", "price")
_CALLS = MergedListing("calls", lambda entry: entry["at"], id="request_id")
_RECORDS = MergedListing("Records", lambda entry: entry["eventTime"], id="requestID")

_LISTINGS: Mapping[Callable[..., Any], MergedListing] = {
    list_accounts: MergedListing("accounts", _place),
    list_resources: MergedListing("accounts", _place),
    list_numbers: MergedListing(
        "numbers",
        lambda entry: entry["created_timestamp"],
        columns=[each.name for each in fields(Number)],
    ),
    list_opt_outs: MergedListing(
        "opt_outs", _place, columns=[each.name for each in fields(OptOut)]
    ),
    list_messages: MergedListing(
        "messages", lambda entry: entry["created"], id="message_id", columns=MEMBERS
    ),
    list_events: MergedListing(
        "events",
        lambda entry: entry["record"].get("eventTimestamp", 0),
        columns=[each.name for each in fields(Event)],
    ),
    list_calls: _CALLS,
    report: MergedListing(
        "rows",
        _group_of,
        columns=list(ReportRow.__annotations__),
        group=_group_of,
        join=_add_rows,
    ),
    # Each replica has entries for all accounts, with the same id.
    list_faults: MergedListing("faults", lambda _entry: 0, group=lambda entry: entry["id"]),
    list_outcomes: MergedListing("outcomes", lambda _entry: 0, group=lambda entry: entry["id"]),
}


def listing_of(function: Callable[..., Any], given: Mapping[str, Any]) -> MergedListing:
    """Return how to merge the list of a route; calls may be listed as CloudTrail records."""
    return _RECORDS if given.get("as") else _LISTINGS[function]
