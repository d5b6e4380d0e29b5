"""Opt-out lists: the recipients who do not want messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, TypedDict

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.service.destinations import find_destination, read_destination
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import LEAVING, Entries, Entry, Resource
from pinpoint_sms_emu.state.times_log import is_recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.two_way import TwoWay
    from pinpoint_sms_emu.service.account import Account

# Every account has this list, which is used if no other is set.
DEFAULT_LIST = "Default"

# DeleteOptedOutNumber: "Each destination phone number can only be deleted once every 30 days".
REMOVAL_PERIOD = timedelta(days=30)


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class OptedOutNumber(Entry):
    """A number on an opt-out list. Its id is the number in E.164 form."""

    kind: ClassVar[str] = "opted-out-number"

    opted_out_timestamp: datetime
    end_user_opted_out: bool = False
    # The inbound message with which the person opted out.
    message_id: str | None = None


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class OptOutList(Resource):
    """An opt-out list. Its id is its name."""

    kind: ClassVar[str] = "opt-out-list"

    numbers: Entries[OptedOutNumber] = field(default_factory=Entries)
    # The numbers removed with DeleteOptedOutNumber in the last 30 days, and when; oldest first.
    removals: dict[str, datetime] = field(default_factory=dict)


class ListChoice(TypedDict, total=False):
    """The attributes in which numbers, pools and agents store their list."""

    opt_out_list_name: str
    opt_out_list_account_id: str


def chosen_list(account: Account, name: str | None) -> ListChoice:
    """Return the attributes for a list that is given by name or ARN; none without a name."""
    if name is None:
        return {}
    chosen = account.opt_out_lists[name]
    return {"opt_out_list_name": chosen.name, "opt_out_list_account_id": chosen.account_id}


def opt_out_list_of(account: Account, holder: TwoWay) -> OptOutList:
    """Return the list of a number, a pool or an agent; it may be another account's."""
    owner = account.in_region(holder.opt_out_list_owner)
    return owner.opt_out_lists[holder.opt_out_list_name]


# Lists.


@operation
def create_opt_out_list(
    account: Account, *, opt_out_list_name: str, tags: dict[str, str] | None = None
) -> OptOutList:
    """Create an empty list."""
    return account.opt_out_lists.add(OptOutList(id=opt_out_list_name, tags=tags or {}))


@operation
def describe_opt_out_lists(
    account: Account, *, opt_out_list_names: list[str] | None = None, owner: str | None = None
) -> Paginated[OptOutList]:
    """List the opt-out lists that the request names, or all."""
    return select(account.opt_out_lists, opt_out_list_names, owner=owner)


@operation
def delete_opt_out_list(account: Account, *, opt_out_list_name: str) -> OptOutList:
    """Delete a list and all the numbers on it."""
    opt_out_list = account.opt_out_lists[opt_out_list_name]

    if opt_out_list.name == DEFAULT_LIST:
        # Inferred: resources without an own list use this one.
        raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", opt_out_list)
    owner = account.owner_of(opt_out_list)
    holders = _holders(owner, opt_out_list)
    if not all(each.status in LEAVING for each in holders):
        raise ConflictException("RESOURCE_NOT_EMPTY", opt_out_list)

    # Resources that are being removed use the default list from now on.
    for holder in holders:
        holder.opt_out_list_name, holder.opt_out_list_account_id = DEFAULT_LIST, None
    owner.opt_out_lists.remove(opt_out_list)
    return opt_out_list


def _holders(account: Account, opt_out_list: OptOutList) -> list[TwoWay]:
    """Return the numbers, pools and agents in the Region that use a list."""
    return [
        each
        for other in account.accounts_in_region()
        for table in (other.phone_numbers, other.pools, other.rcs_agents)
        for each in table
        if each.opt_out_list_name == opt_out_list.name
        and each.opt_out_list_owner == opt_out_list.account_id
    ]


# Numbers.


@operation
def put_opted_out_number(
    account: Account, *, opt_out_list_name: str, opted_out_number: str
) -> dict[str, Any]:
    """Add a number; a number that is on the list does not change."""
    number = read_destination(opted_out_number, "opted_out_number").phone_number
    opt_out_list = account.opt_out_lists[opt_out_list_name]

    if account.phone_numbers.by_number(number):
        # Inferred: the Reason exists, and own numbers receive no messages of the account.
        raise ValidationException(
            "CANNOT_ADD_OPTED_OUT_NUMBER", opted_out_number="is a number of this account"
        )

    return _answer(opt_out_list, opt_out(account, opt_out_list, number))


@operation
def delete_opted_out_number(
    account: Account, *, opt_out_list_name: str, opted_out_number: str
) -> dict[str, Any]:
    """Remove a number from a list, which is possible once in 30 days."""
    opt_out_list = account.opt_out_lists[opt_out_list_name]
    entry = _find(opt_out_list, opted_out_number)

    now = account.now()
    if was_removed_recently(opt_out_list, entry.id, now):
        raise ValidationException(
            "PHONE_NUMBER_CANNOT_BE_OPTED_IN", opted_out_number="was opted in less than 30 days ago"
        )

    remove(opt_out_list, entry.id, now)
    # "The time that the number was removed at", unlike in the other two operations.
    return _answer(opt_out_list, entry) | {"opted_out_timestamp": now}


@operation
def describe_opted_out_numbers(
    account: Account,
    *,
    opt_out_list_name: str,
    opted_out_numbers: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[OptedOutNumber]:
    """List the numbers that the request names, or all numbers on the list."""
    opt_out_list = account.opt_out_lists[opt_out_list_name]
    named = {
        entry.id: entry for entry in (_find(opt_out_list, each) for each in opted_out_numbers or ())
    }

    in_order = Listed(sorted(named.values(), key=lambda entry: entry.sequence))
    return Paginated(
        in_order if named else opt_out_list.numbers,
        matching(filters, OptedOutNumber),
        _header(opt_out_list),
    )


def opt_out(
    account: Account, opt_out_list: OptOutList, phone_number: str, message_id: str | None = None
) -> OptedOutNumber:
    """Put a number on a list. A number that is on it keeps its time and `end_user_opted_out`.

    `message_id`: the person's own message, if there was one.
    """
    entry = opt_out_list.numbers.get(phone_number)
    if entry is None:
        entry = OptedOutNumber(
            id=phone_number, sequence=account.next_sequence(), opted_out_timestamp=account.now()
        )
        opt_out_list.numbers.put(entry)
    if message_id is not None and not entry.end_user_opted_out:
        entry.end_user_opted_out, entry.message_id = True, message_id
    return entry


def opt_in(opt_out_list: OptOutList, phone_number: str) -> None:
    """Remove a number from a list, if it is on it."""
    entry = opt_out_list.numbers.get(phone_number)
    if entry is not None:
        opt_out_list.numbers.remove(entry)


def _find(opt_out_list: OptOutList, phone_number: str) -> OptedOutNumber:
    destination = find_destination(phone_number)
    entry = opt_out_list.numbers.get(destination.phone_number) if destination else None
    if entry is None:
        raise ResourceNotFoundException(ResourceReference(OptedOutNumber.kind, phone_number))
    return entry


def was_removed_recently(opt_out_list: OptOutList, phone_number: str, now: datetime) -> bool:
    """Whether the account has deleted a number within the last 30 days."""
    removed = opt_out_list.removals.get(phone_number)
    return removed is not None and is_recent(removed, now, REMOVAL_PERIOD)


def remove(opt_out_list: OptOutList, phone_number: str, now: datetime) -> None:
    """Delete a number for the account, and store the time."""
    opt_in(opt_out_list, phone_number)
    removals = opt_out_list.removals
    removals.pop(phone_number, None)
    removals[phone_number] = now
    while not is_recent(removals[oldest := next(iter(removals))], now, REMOVAL_PERIOD):
        del removals[oldest]


def _header(opt_out_list: OptOutList) -> dict[str, Any]:
    return {"opt_out_list_arn": opt_out_list.arn, "opt_out_list_name": opt_out_list.name}


def _answer(opt_out_list: OptOutList, entry: OptedOutNumber) -> dict[str, Any]:
    return {
        **_header(opt_out_list),
        "opted_out_number": entry.id,
        "opted_out_timestamp": entry.opted_out_timestamp,
        "end_user_opted_out": entry.end_user_opted_out,
    }
