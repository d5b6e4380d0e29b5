"""Writes a state as a JSON document, and reads it, or refuses it with one sentence."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from pinpoint_sms_emu.messaging.delivery import outcomes
from pinpoint_sms_emu.messaging.events.deliveries import PublishedRecord
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.message_queries import CHANNELS
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.persistence import long_lists
from pinpoint_sms_emu.persistence.accounts import (
    dump_accounts,
    dump_tokens,
    inside,
    load_accounts,
    load_tokens,
    typed_attributes,
)
from pinpoint_sms_emu.persistence.codec import (
    AnyInt,
    DocumentError,
    add_missing_members,
    codec,
    in_order,
    must_have_exactly,
)
from pinpoint_sms_emu.persistence.consistency import must_be_consistent
from pinpoint_sms_emu.persistence.long_lists import LongList
from pinpoint_sms_emu.persistence.upgrades import UPGRADES
from pinpoint_sms_emu.service import faults
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.service.stacks import Stack
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state import collection, scheduler
from pinpoint_sms_emu.state.clock import END, START
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.steps import finish
from pinpoint_sms_emu.state.tables import Entries
from pinpoint_sms_emu.wording import quoted

FORMAT: Final = "pinpoint-sms-emu state"
VERSION: Final = 2

_HEAD: Final = ("format", "version")

dump_message: Final = codec(Message).dump
dump_published: Final = codec(PublishedRecord).dump


def write(state: State) -> dict[str, Any]:
    """Write a state as a document."""
    document: dict[str, Any] = finish(long_lists.complete(begin(state)))
    return document


def begin(state: State) -> dict[str, Any]:
    """Begin the document of a state: its long lists, those of this moment, are not written yet.

    The entries of these lists never change, apart from messages and published records.
    """
    head = {"format": FORMAT, "version": VERSION}
    return head | {name: part.dump(state) for name, part in PARTS.items()}


def read(document: Any, state: State) -> None:
    """Read a document into an empty state; raise a ValueError for an invalid document."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ValueError(f"this is not an emulator's state: its format is not {FORMAT!r}")
    with collection.paused():
        _read(document, state)


def _read(document: Mapping[str, Any], state: State) -> None:
    try:
        document = upgraded(document)
        members = {name: part for name, part in document.items() if name not in _HEAD}
        must_have_exactly(members, PARTS)
        for name, part in PARTS.items():
            inside(name, part.load, state, members[name])
        must_be_consistent(state)
    except DocumentError as error:
        raise ValueError(f"this state cannot be read: {error}") from error
    except RecursionError as error:
        raise ValueError("this state cannot be read: it is nested too deeply") from error


def upgraded(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """Upgrade a document of an earlier version, one step a version."""
    version = document.get("version")
    if type(version) is not int or not 1 <= version <= VERSION:
        why = f"versions 1 to {VERSION} can be read"
        raise ValueError(f"this state has version {quoted(version)}; {why}")
    if version == VERSION:
        return document
    changed = deepcopy(dict(document))  # the caller's document is not changed
    try:
        for step in UPGRADES[version - 1 :]:
            step(changed)
        _add_missing_parts(changed)
    except (AttributeError, LookupError, TypeError) as error:
        # Upgrades rely on the form; the current form is checked when the result is read.
        raise DocumentError(f"it does not have the form of version {version}") from error
    return changed


class Part(NamedTuple):
    """How one member of the document is written and read."""

    dump: Callable[[State], Any]
    load: Callable[[State, Any], None]


# Clock, random source and order.


@dataclass(slots=True)
class _Clock:
    """How far the clock was moved. The time itself is not part of the document."""

    offset_microseconds: timedelta
    frozen_at: datetime | None


def _dump_clock(state: State) -> Any:
    position = state.clock_position
    return codec(_Clock).dump(_Clock(position.offset, position.frozen_at))


def _load_clock(state: State, document: Any) -> None:
    read = codec(_Clock).load(document)
    offset = read.offset_microseconds
    if abs(offset) > END - START or not START <= (read.frozen_at or START) <= END:
        raise DocumentError("is out of range")
    state.clock_position.offset, state.clock_position.frozen_at = offset, read.frozen_at


@dataclass(slots=True)
class _RandomSource:
    """A random source's seed, and how many values it has produced."""

    seed: AnyInt
    position: int


def _position_of(source: RandomSource) -> _RandomSource:
    return _RandomSource(AnyInt(source.seed), source.position)


def _put(source: RandomSource, position: _RandomSource) -> None:
    source.seed, source.position = position.seed, position.position


# Scheduled jobs, messages, events, faults and outcomes.


def _dump_scheduler(state: State) -> Any:
    entries = _by_due_time(list(state.scheduler.entries))
    written = LongList(entries, codec(scheduler.ScheduledJob).dump)
    return {"sequence": state.scheduler.sequence, "entries": written}


def _by_due_time(heap: list[scheduler.ScheduledJob]) -> Iterator[scheduler.ScheduledJob]:
    while heap:
        yield heapq.heappop(heap)


@dataclass(slots=True)
class _Scheduler:
    sequence: int
    entries: list[scheduler.ScheduledJob]


def _load_scheduler(state: State, document: Any) -> None:
    read = codec(_Scheduler).load(document)
    for index, entry in enumerate(read.entries):
        account = state.accounts.get((entry.account_id, entry.region))
        of = account.class_of(entry.kind) if account is not None else None
        if of is None or not scheduler.is_job_for(entry.job, of):
            raise DocumentError(f"cannot run: {entry.job:.80}").inside(index, "entries")
    state.scheduler.sequence, state.scheduler.entries = read.sequence, read.entries
    heapq.heapify(state.scheduler.entries)


@dataclass(slots=True)
class _Messages:
    sequence: int
    forgotten: int
    kept: list[Message]


def _load_messages(state: State, document: Any) -> None:
    read, store = codec(_Messages).load(document), state.messages
    inside("kept", in_order, read.kept)
    leave = max(len(read.kept) - store.max_messages, 0)
    store.restore(read.kept[leave:], read.forgotten + leave)
    state.media_files.load(store)
    store.sequence = read.sequence
    for index, message in enumerate(store):
        if message.channel not in CHANNELS:
            raise DocumentError(f"is not a channel: {quoted(message.channel)}").inside(
                "channel", index, "kept"
            )
        for event_type in message.pending_events:
            _must_be_an_event(event_type, "pending_events", index, "kept")
        for event in message.history:
            _must_be_an_event(event.event_type, "history", index, "kept")


def _must_be_an_event(event_type: str, *place: str | int) -> None:
    if event_type not in EVENT_TYPES:
        raise DocumentError(f"is not an event type: {quoted(event_type)}").inside(*place)


@dataclass(slots=True)
class _Events:
    """The deliveries of event records. Their contents are made from the messages."""

    made: int
    lost: dict[str, int]
    published: Entries[PublishedRecord]


def _dump_events(state: State) -> Any:
    events = state.events
    published = LongList(iter(events.published), dump_published)
    return {"made": events.made, "lost": dict(events.lost), "published": published}


def _load_events(state: State, document: Any) -> None:
    read, events = codec(_Events).load(document), state.events
    events.made, events.lost = read.made, read.lost
    for index, published in enumerate(read.published):
        if not events.load(published):
            raise DocumentError(f"has no event: {published.id:.80}").inside(index, "published")


@dataclass(slots=True)
class _Outcomes:
    made: int
    entries: Entries[outcomes.Outcome]


def _dump_outcomes(state: State) -> Any:
    return codec(_Outcomes).dump(_Outcomes(state.outcomes.made, state.outcomes.entries))


def _each_must_be_possible(entries: Entries[Any], check: Callable[[Any], None]) -> None:
    for index, entry in enumerate(entries):
        try:
            check(entry)
        except ValueError as error:
            why = f"is not a possible {entry.kind}: {error}"
            raise DocumentError(why).inside(index, "entries") from error


def _load_outcomes(state: State, document: Any) -> None:
    read = codec(_Outcomes).load(document)
    for index, outcome in enumerate(read.entries):
        _must_be_an_event(outcome.event, "event", index, "entries")
    _each_must_be_possible(read.entries, outcomes.must_be_possible)
    state.outcomes.made, state.outcomes.entries = read.made, read.entries


@dataclass(slots=True)
class _Faults:
    random_source: _RandomSource
    made: int
    entries: Entries[faults.Fault]


def _dump_faults(state: State) -> Any:
    position = _position_of(state.faults.random_source)
    return codec(_Faults).dump(_Faults(position, state.faults.made, state.faults.entries))


def _load_faults(state: State, document: Any) -> None:
    read = codec(_Faults).load(document)
    _each_must_be_possible(read.entries, faults.must_be_possible)
    state.faults.made, state.faults.entries = read.made, read.entries
    _put(state.faults.random_source, read.random_source)


def _load_stack(state: State, document: Any) -> None:
    state.stack = codec(Stack | None).load(document)


# In the order in which they are read: jobs refer to accounts and messages.
PARTS: Final[Mapping[str, Part]] = {
    "clock": Part(_dump_clock, _load_clock),
    "random_source": Part(
        lambda state: codec(_RandomSource).dump(_position_of(state.random_source)),
        lambda state, document: _put(state.random_source, codec(_RandomSource).load(document)),
    ),
    "sequence": Part(
        lambda state: state.sequence,
        lambda state, document: setattr(state, "sequence", codec(int).load(document)),
    ),
    "accounts": Part(dump_accounts, load_accounts),
    "messages": Part(
        lambda state: {
            "sequence": state.messages.sequence,
            "forgotten": state.messages.forgotten,
            "kept": LongList(iter(state.messages), dump_message),
        },
        _load_messages,
    ),
    "events": Part(_dump_events, _load_events),
    "scheduler": Part(_dump_scheduler, _load_scheduler),
    "faults": Part(_dump_faults, _load_faults),
    "outcomes": Part(_dump_outcomes, _load_outcomes),
    "tokens": Part(dump_tokens, load_tokens),
    "stack": Part(lambda state: codec(Stack | None).dump(state.stack), _load_stack),
}


# Members that were added later.


def _add_missing_parts(document: dict[str, Any]) -> None:
    """Add the members that are missing in an earlier document, with their default values."""
    document.setdefault("stack", None)
    for name, of in {
        "messages": _Messages,
        "events": _Events,
        "scheduler": _Scheduler,
        "faults": _Faults,
        "outcomes": _Outcomes,
    }.items():
        add_missing_members(of, document[name])
    for members in document["accounts"]:
        fresh = Account(State(Settings()), members["account_id"], members["region"])
        for name, value, of in typed_attributes(fresh):
            if name in members:
                add_missing_members(of, members[name])
            else:
                members[name] = codec(of).dump(value)
