"""Opted-out numbers of SNS, which are on the account's list `Default`."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from pinpoint_sms_emu.resources.opt_out_lists import (
    DEFAULT_LIST,
    remove,
    was_removed_recently,
)
from pinpoint_sms_emu.service.listing import Mapped, Paginated
from pinpoint_sms_emu.sns.errors import invalid_parameter
from pinpoint_sms_emu.sns.phone_numbers import read_number
from pinpoint_sms_emu.sns.registry import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@operation
def check_if_phone_number_is_opted_out(account: Account, *, phone_number: str) -> dict[str, bool]:
    """Return whether a number has opted out of the account's texts."""
    number = read_number(phone_number)
    return {"is_opted_out": number in account.opt_out_lists[DEFAULT_LIST].numbers}


@operation
def list_phone_numbers_opted_out(account: Account) -> Paginated[str]:
    """List the numbers that have opted out of the account's texts."""
    return Paginated(Mapped(account.opt_out_lists[DEFAULT_LIST].numbers, attrgetter("id")))


@operation
def opt_in_phone_number(account: Account, *, phone_number: str) -> None:
    """Remove a number from the list, which is possible once in 30 days.

    Observed: a number that is not on the list is not an error.
    """
    number = read_number(phone_number)
    opt_out_list = account.opt_out_lists[DEFAULT_LIST]
    if number not in opt_out_list.numbers:
        return

    now = account.now()
    if was_removed_recently(opt_out_list, number, now):
        raise invalid_parameter(
            "phoneNumber",
            f"Invalid parameter: PhoneNumber Reason: {number} was opted in within the last 30 days",
        )

    remove(opt_out_list, number, now)
