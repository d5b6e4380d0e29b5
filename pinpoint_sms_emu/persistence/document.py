"""The whole state as one JSON document: out, and back in or refused with a sentence."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple, get_type_hints

from pinpoint_sms_emu.messaging.delivery.outcomes import Outcome
from pinpoint_sms_emu.messaging.events.dispatcher import PublishedRecord
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.messages import CHANNELS, Message
from pinpoint_sms_emu.persistence.codec import (
    Codec,
    DocumentError,
    codec,
    in_order,
    must_have_exactly,
)
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.service.faults import Fault, must_be_possible
from pinpoint_sms_emu.state import scheduler
from pinpoint_sms_emu.state.clock import END, EPOCH
from pinpoint_sms_emu.state.tables import Entries, Table
from pinpoint_sms_emu.wire.idempotency import Tokens

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator

FORMAT: Final = "pinpoint-sms-emu state"
VERSION: Final = 1

# Attributes of an account that are no state, or are told beside it.
_OUTSIDE: Final = ("emulator", "account_id", "region", "partition", "tokens", "tables")

# What resources say of others, and the kind of these: they must be there, in an account of the
# Region. Messages are history: they may name what is gone.
REFERENCES: Final[Mapping[str, str]] = {
    "opt_out_list_name": "opt-out-list",
    "pool_id": "pool",
    "pool_ids": "pool",
    "protect_configuration_id": "protect-configuration",
    "registration_id": "registration",
}


def write(emulator: Emulator) -> dict[str, Any]:
    """Write down the state of an emulator."""
    head = {"format": FORMAT, "version": VERSION}
    return head | {name: part.dump(emulator) for name, part in PARTS.items()}


def read(document: Any, emulator: Emulator) -> None:
    """Read a state into an emulator that has none yet; what is wrong is a ValueError."""
    if not isinstance(document, Mapping) or document.get("format") != FORMAT:
        raise ValueError("this is no state of an emulator: its format says something else")
    if document.get("version") != VERSION:
        raise ValueError(
            f"this state has version {document.get('version')!r}; only version {VERSION} is read"
        )
    members = {name: part for name, part in document.items() if name not in ("format", "version")}
    try:
        must_have_exactly(members, PARTS)
        for name, part in PARTS.items():
            _inside(name, part.load, emulator, members[name])
        _must_refer_to_what_is_there(emulator)
    except DocumentError as error:
        raise ValueError(f"this state cannot be read: {error}") from error
    except RecursionError as error:
        raise ValueError("this state cannot be read: something is nested too deeply") from error


class Part(NamedTuple):
    """One member of the document."""

    dump: Callable[[Emulator], Any]
    load: Callable[[Emulator, Any], None]


def _inside(name: str | int, load: Callable[..., Any], *arguments: Any) -> Any:
    try:
        return load(*arguments)
    except DocumentError as error:
        raise error.inside(name) from None


# Clock, chance and order.


@dataclass(slots=True)
class _Clock:
    """How the clock was moved; not the time, which goes on."""

    offset_microseconds: timedelta
    frozen_at: datetime | None


def _dump_clock(emulator: Emulator) -> Any:
    return codec(_Clock).dump(_Clock(emulator.clock.offset, emulator.clock.frozen_at))


def _load_clock(emulator: Emulator, document: Any) -> None:
    told = codec(_Clock).load(document)
    offset = told.offset_microseconds
    if abs(offset) > END - EPOCH or not EPOCH <= (told.frozen_at or EPOCH + abs(offset)) <= END:
        raise DocumentError("is at a time that cannot be")
    emulator.clock.offset, emulator.clock.frozen_at = offset, told.frozen_at


@dataclass(slots=True)
class _Chance:
    """A generator's seed, and how often it was asked."""

    seed: int
    position: int


def _dump_chance(emulator: Emulator) -> Any:
    return codec(_Chance).dump(
        _Chance(emulator.random_source.seed, emulator.random_source.position)
    )


def _load_chance(emulator: Emulator, document: Any) -> None:
    told = codec(_Chance).load(document)
    emulator.random_source.seed, emulator.random_source.position = told.seed, told.position


def _load_sequence(emulator: Emulator, document: Any) -> None:
    emulator.sequence = codec(int).load(document)


# Accounts.


def _dump_accounts(emulator: Emulator) -> Any:
    return [
        _place(account) | {name: of.dump(value) for name, value, of in _attributes(account)}
        for account in emulator.accounts.values()
    ]


def _load_accounts(emulator: Emulator, document: Any) -> None:
    for index, members in enumerate(codec(list[dict[str, Any]]).load(document)):
        account = _inside(index, _load_account, emulator, members)
        emulator.accounts[account.account_id, account.region] = account


def _load_account(emulator: Emulator, members: dict[str, Any]) -> Account:
    account = Account(emulator, *_read_place(members))
    attributes = list(_attributes(account))
    must_have_exactly(members, _place(account) | {name: None for name, *_ in attributes})
    if (account.account_id, account.region) in emulator.accounts:
        raise DocumentError(f"is there twice: {account.account_id} in {account.region}")
    for name, value, of in attributes:
        loaded = _inside(name, of.load, members[name])
        if isinstance(value, Table):
            _inside(name, _fill, value, loaded)
        else:
            setattr(account, name, loaded)
    return account


def _place(account: Account) -> dict[str, Any]:
    return {"account_id": account.account_id, "region": account.region}


def _read_place(members: Mapping[str, Any]) -> tuple[str, str]:
    place = {name: members.get(name) for name in ("account_id", "region")}
    account_id, region = codec(dict[str, str]).load(place).values()
    return account_id, region


def _attributes(account: Account) -> Iterator[tuple[str, Any, Codec]]:
    """Go through what an account has; a table is kept as the list of its resources."""
    for name, value in vars(account).items():
        if name not in _OUTSIDE:
            of = list[value.of] if isinstance(value, Table) else _hints()[name]  # type: ignore[name-defined]
            yield name, value, codec(of)


@cache
def _hints() -> Mapping[str, Any]:
    return get_type_hints(Account)


def _fill(table: Table[Any], resources: list[Any]) -> None:
    for index, resource in enumerate(resources):
        if resource.arn != table.arn_of(resource):
            raise DocumentError(f"has the ARN of something else: {resource.arn}").inside(index)
    in_order(resources, table)


def _must_refer_to_what_is_there(emulator: Emulator) -> None:
    accounts = list(emulator.accounts.values())
    there = {(each.region, kind) for each in accounts for kind in each.tables}
    keys = {place: _keys(accounts, *place) for place in there}
    for index, account in enumerate(accounts):
        for name, table in vars(account).items():
            for place, resource in enumerate(table if isinstance(table, Table) else ()):
                of: type = type(resource)
                for attribute, kind in _references(of):
                    missing = _names(resource, attribute) - keys[account.region, kind]
                    if missing:
                        misfit = DocumentError(f"names {kind} {missing.pop()}, which is not there")
                        raise misfit.inside(attribute, place, name, index, "accounts")


def _names(resource: Any, attribute: str) -> set[str]:
    named = getattr(resource, attribute) or ()
    return {named} if isinstance(named, str) else set(named)


def _keys(accounts: list[Account], region: str, kind: str) -> frozenset[str]:
    """All that there is of a kind in a Region: some resources are shared between accounts."""
    here = (account for account in accounts if account.region == region)
    return frozenset(resource.key for account in here for resource in account.tables[kind])


@cache
def _references(of: type) -> tuple[tuple[str, str], ...]:
    """Find which attributes of a class name others, and the kind of these."""
    names = {each.name for each in fields(of)}
    return tuple((name, kind) for name, kind in REFERENCES.items() if name in names)


def _dump_tokens(emulator: Emulator) -> Any:
    return [
        _place(account) | codec(Tokens).dump(account.tokens)
        for account in emulator.accounts.values()
    ]


def _load_tokens(emulator: Emulator, document: Any) -> None:
    for index, members in enumerate(codec(list[dict[str, Any]]).load(document)):
        account = emulator.accounts.get(_inside(index, _read_place, members))
        if account is None:
            raise DocumentError("is of an account that is not there").inside(index)
        rest = {name: value for name, value in members.items() if name not in _place(account)}
        account.tokens = _inside(index, codec(Tokens).load, rest)


# What happens later, what was sent, what is to go wrong.


def _dump_agenda(emulator: Emulator) -> Any:
    entries = codec(list[scheduler.Entry]).dump(sorted(emulator.scheduler.entries))
    return {"sequence": emulator.scheduler.sequence, "entries": entries}


@dataclass(slots=True)
class _Agenda:
    sequence: int
    entries: list[scheduler.Entry]


def _load_agenda(emulator: Emulator, document: Any) -> None:
    told = codec(_Agenda).load(document)
    for index, entry in enumerate(told.entries):
        account = emulator.accounts.get((entry.account_id, entry.region))
        if account is None or entry.job not in scheduler.JOBS or not account.knows(entry.kind):
            raise DocumentError(f"cannot happen: {entry.job}").inside(index, "entries")
    emulator.scheduler.sequence, emulator.scheduler.entries = told.sequence, told.entries
    heapq.heapify(emulator.scheduler.entries)


@dataclass(slots=True)
class _Messages:
    sequence: int
    forgotten: int
    kept: list[Message]


def _dump_messages(emulator: Emulator) -> Any:
    store = emulator.message_store
    return codec(_Messages).dump(_Messages(store.sequence, store.forgotten, list(store)))


def _load_messages(emulator: Emulator, document: Any) -> None:
    told, store = codec(_Messages).load(document), emulator.message_store
    _inside("kept", in_order, told.kept)
    leave = max(len(told.kept) - store.most, 0)
    store.restore(told.kept[leave:], told.forgotten + leave)
    store.sequence = told.sequence
    for index, message in enumerate(store):
        if message.channel not in CHANNELS:
            raise DocumentError(f"is no channel: {message.channel}").inside(
                "channel", index, "kept"
            )
        for event_type in message.pending_events:
            _must_be_an_event(event_type, "pending_events", index, "kept")
        for event in message.history:
            _must_be_an_event(event.event_type, "history", index, "kept")


def _must_be_an_event(event_type: str, *place: str | int) -> None:
    if event_type not in EVENT_TYPES:
        raise DocumentError(f"is no event: {event_type}").inside(*place)


@dataclass(slots=True)
class _Events:
    """Where records of messages went; what they are made of is the messages'."""

    made: int
    forgotten: dict[str, int]
    published: Entries[PublishedRecord]


def _dump_events(emulator: Emulator) -> Any:
    post = emulator.post
    return codec(_Events).dump(_Events(post.made, post.forgotten, post.published))


def _load_events(emulator: Emulator, document: Any) -> None:
    told, post = codec(_Events).load(document), emulator.post
    post.made, post.forgotten = told.made, told.forgotten
    for index, published in enumerate(told.published):
        if not post.take_up(published):
            raise DocumentError(f"is of no record: {published.id}").inside(index, "published")


@dataclass(slots=True)
class _Outcomes:
    made: int
    entries: Entries[Outcome]


def _dump_outcomes(emulator: Emulator) -> Any:
    return codec(_Outcomes).dump(_Outcomes(emulator.outcomes.made, emulator.outcomes.entries))


def _load_outcomes(emulator: Emulator, document: Any) -> None:
    told = codec(_Outcomes).load(document)
    for index, outcome in enumerate(told.entries):
        _must_be_an_event(outcome.event, "event", index, "entries")
    emulator.outcomes.made, emulator.outcomes.entries = told.made, told.entries


@dataclass(slots=True)
class _Faults:
    made: int
    entries: Entries[Fault]


def _dump_faults(emulator: Emulator) -> Any:
    return codec(_Faults).dump(_Faults(emulator.faults.made, emulator.faults.entries))


def _load_faults(emulator: Emulator, document: Any) -> None:
    told = codec(_Faults).load(document)
    for index, fault in enumerate(told.entries):
        try:
            must_be_possible(fault)
        except ValueError as error:
            raise DocumentError(f"cannot happen: {error}").inside(index, "entries") from error
    emulator.faults.made, emulator.faults.entries = told.made, told.entries


# In the order in which they are read: an agenda is of accounts and messages.
PARTS: Final[Mapping[str, Part]] = {
    "clock": Part(_dump_clock, _load_clock),
    "random_source": Part(_dump_chance, _load_chance),
    "sequence": Part(lambda emulator: emulator.sequence, _load_sequence),
    "accounts": Part(_dump_accounts, _load_accounts),
    "messages": Part(_dump_messages, _load_messages),
    "events": Part(_dump_events, _load_events),
    "scheduler": Part(_dump_agenda, _load_agenda),
    "faults": Part(_dump_faults, _load_faults),
    "outcomes": Part(_dump_outcomes, _load_outcomes),
    "tokens": Part(_dump_tokens, _load_tokens),
}
