"""Phone numbers: what messages are sent from, and what recipients answer to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from pinpoint_sms_emu.lifecycle import activate
from pinpoint_sms_emu.listing import Filter, Page, select
from pinpoint_sms_emu.operations import operation
from pinpoint_sms_emu.resources.two_way import TwoWay
from pinpoint_sms_emu.rules import find_opt_out_list_name
from pinpoint_sms_emu.state.resource import Owner, Table

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account


@dataclass(slots=True, kw_only=True)
class PhoneNumber(TwoWay):
    """A number of the account. While it is in a pool, the pool's settings are its own."""

    kind: ClassVar[str] = "phone-number"
    id_prefix: ClassVar[str] = "phone-"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"number-capability": "number_capabilities"}
    )

    phone_number: str
    iso_country_code: str
    message_type: str
    number_capabilities: list[str]
    number_type: str
    monthly_leasing_price: str = "1.00"
    international_sending_enabled: bool = False
    pool_id: str | None = None
    registration_id: str | None = None


class PhoneNumbers(Table[PhoneNumber]):
    """The numbers of an account, found by the number itself too."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner, PhoneNumber, quota="PHONE_NUMBERS_PER_ACCOUNT")
        self._by_number: dict[str, PhoneNumber] = {}

    def by_number(self, phone_number: str) -> PhoneNumber | None:
        """Find a number as it is dialled, with or without the plus, or None."""
        return self._by_number.get(phone_number) or self._by_number.get(f"+{phone_number}")

    def put(self, entry: PhoneNumber) -> None:
        """Add a number."""
        super().put(entry)
        self._by_number[entry.phone_number] = entry

    def remove(self, entry: PhoneNumber) -> None:
        """Take a number out."""
        super().remove(entry)
        del self._by_number[entry.phone_number]


@operation
def request_phone_number(
    account: Account,
    *,
    iso_country_code: str,
    message_type: str,
    number_capabilities: list[str],
    number_type: str,
    opt_out_list_name: str | None = None,
    deletion_protection_enabled: bool = False,
    international_sending_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> PhoneNumber:
    """Lease a number. It is PENDING until it is provisioned."""
    opt_out_list_name = find_opt_out_list_name(account, opt_out_list_name)

    number = PhoneNumber(
        status="PENDING",
        phone_number="+1425555" + account.emulator.chance.digits(4),
        iso_country_code=iso_country_code,
        message_type=message_type,
        number_capabilities=number_capabilities,
        number_type=number_type,
        opt_out_list_name=opt_out_list_name,
        deletion_protection_enabled=deletion_protection_enabled,
        international_sending_enabled=international_sending_enabled,
        tags=tags or {},
    )
    account.phone_numbers.add(number)
    account.later(activate, number)
    return number


@operation
def describe_phone_numbers(
    account: Account,
    *,
    phone_number_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Page[PhoneNumber]:
    """The numbers asked for, or all of them."""
    return select(account.phone_numbers, phone_number_ids, filters, owner)
