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
