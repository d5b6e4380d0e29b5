"""Opt-out lists: who does not want messages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from pinpoint_sms_emu.listing import Page, select
from pinpoint_sms_emu.operations import operation
from pinpoint_sms_emu.state.resource import Entries, Entry, Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account


@dataclass(slots=True, kw_only=True)
class OptedOutNumber(Entry):
    """A number on an opt-out list; its id is the number in E.164 form."""

    kind: ClassVar[str] = "opted-out-number"


@dataclass(slots=True, kw_only=True)
class OptOutList(Resource):
    """A list of numbers; its id is the name that its owner gave it."""

    kind: ClassVar[str] = "opt-out-list"

    numbers: Entries[OptedOutNumber] = field(default_factory=Entries)


@operation
def create_opt_out_list(
    account: Account, *, opt_out_list_name: str, tags: dict[str, str] | None = None
) -> OptOutList:
    """Make an empty list."""
    return account.opt_out_lists.add(OptOutList(id=opt_out_list_name, tags=tags or {}))


@operation
def describe_opt_out_lists(
    account: Account, *, opt_out_list_names: list[str] | None = None, owner: str | None = None
) -> Page[OptOutList]:
    """The lists asked for, or all of them."""
    return select(account.opt_out_lists, opt_out_list_names, owner=owner)
