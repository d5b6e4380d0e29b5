"""Finds who has opted out, on which list, and by which inbound message or call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from pinpoint_sms_emu.messaging.message_queries import spellings
from pinpoint_sms_emu.messaging.sending.selection import sender_of
from pinpoint_sms_emu.resources.identities import pool_of
from pinpoint_sms_emu.resources.opt_out_lists import (
    DEFAULT_LIST,
    OptedOutNumber,
    OptOutList,
    opt_out_list_of,
)
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.service.filters import (
    must_be_a_party,
    must_be_a_phone_number,
    must_be_filters,
)
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.steps import Steps, for_each, select_in_steps, slices

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


class OptOutQuery(TypedDict, total=False):
    """Whose opt-outs to find; see `Emulator.find_opt_outs`."""

    recipient: str | None
    sender: str | None
    account_id: str | None
    region: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """A number on an opt-out list. `message_id` or `request_id` names what put it there."""

    opted_out_number: str
    opt_out_list_name: str
    account_id: str
    region: str
    opted_out_timestamp: datetime
    end_user_opted_out: bool
    # The inbound message, or the call of PutOptedOutNumber, as long as it is kept.
    message_id: str | None
    request_id: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return the opt-out's JSON representation."""
        return asdict(self) | {"opted_out_timestamp": self.opted_out_timestamp.isoformat()}


def find(state: State, calls: Sequence[Call], **query: Unpack[OptOutQuery]) -> Steps[list[OptOut]]:
    """Find who has opted out, in steps, of which only this call itself needs the lock.

    See `Emulator.find_opt_outs`.
    """
    must_be_filters(query, OptOutQuery.__annotations__, "opt-outs")
    sender, recipient = query.get("sender"), query.get("recipient")
    must_be_a_party("sender", sender)
    must_be_a_phone_number("recipient", recipient)
    found = [
        (opt_out_list, list(_entries(opt_out_list, recipient)))
        for account in state.accounts_in(query.get("account_id"), query.get("region"))
        for opt_out_list in _lists(account, sender)
    ]
    return _describe(found, calls)


def _describe(
    found: list[tuple[OptOutList, list[OptedOutNumber]]], calls: Sequence[Call]
) -> Steps[list[OptOut]]:
    puts = yield from select_in_steps(calls, _has_opted_out)
    by_number: dict[tuple[str, str], list[Call]] = {}
    for call in puts:
        by_number.setdefault(_list_and_number(call), []).append(call)
    described: list[OptOut] = []

    def describe(opt_out_list: OptOutList, part: Sequence[OptedOutNumber]) -> None:
        described.extend(_opt_out(opt_out_list, entry, by_number) for entry in part)

    for opt_out_list, entries in found:
        yield from for_each(slices(entries), partial(describe, opt_out_list))
    return described


def _opt_out(
    opt_out_list: OptOutList, entry: OptedOutNumber, puts: Mapping[tuple[str, str], list[Call]]
) -> OptOut:
    # The call that put it on the list: a later one has changed nothing.
    made_by = (
        call.request_id
        for call in puts.get((opt_out_list.arn, entry.id), ())
        if call.at >= entry.opted_out_timestamp
    )
    return OptOut(
        opted_out_number=entry.id,
        opt_out_list_name=opt_out_list.name,
        account_id=opt_out_list.account_id,
        region=opt_out_list.region,
        opted_out_timestamp=entry.opted_out_timestamp,
        end_user_opted_out=entry.end_user_opted_out,
        message_id=entry.message_id,
        request_id=None if entry.message_id else next(made_by, None),
    )


def _lists(account: Account, sender: str | None) -> Iterable[OptOutList]:
    """The lists of an account, or the one that applies to what a sender sends."""
    if sender is None:
        return account.opt_out_lists
    names = spellings(sender)
    for holder in (*account.pools, *account.phone_numbers, *account.rcs_agents):
        own = holder.id if isinstance(holder, Pool) else sender_of(holder)
        if own in names or sender in (holder.id, holder.arn):
            pool = None if isinstance(holder, Pool) else pool_of(account, holder)
            return (opt_out_list_of(account, pool or holder),)
    return (account.opt_out_lists[DEFAULT_LIST],)


def _entries(opt_out_list: OptOutList, recipient: str | None) -> Iterator[OptedOutNumber]:
    if recipient is None:
        yield from opt_out_list.numbers
        return
    for spelling in spellings(recipient):
        if entry := opt_out_list.numbers.get(spelling):
            yield entry


def _has_opted_out(call: Call) -> bool:
    return call.operation == "PutOptedOutNumber" and not call.refused


def _list_and_number(call: Call) -> tuple[str, str]:
    """Return the ARN of the list, and the number that a call put on it."""
    response = call.response or {}
    return response.get("OptOutListArn", ""), response.get("OptedOutNumber", "")
