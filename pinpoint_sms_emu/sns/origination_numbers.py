"""Origination numbers of SNS: the account's numbers that can send texts, or are PENDING."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.service.listing import Mapped, Paginated
from pinpoint_sms_emu.sns.registry import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.service.account import Account


@operation
def list_origination_numbers(account: Account) -> Paginated[dict[str, Any]]:
    """List the account's numbers; sender IDs "don't appear in this list"."""
    return Paginated(Mapped(account.phone_numbers, _as_dict))


def _as_dict(number: PhoneNumber) -> dict[str, Any]:
    return {
        "created_at": number.created_timestamp,
        "phone_number": number.phone_number,
        # The values of SNS are not documented; these are those of the other service.
        "status": number.status,
        "iso2_country_code": number.iso_country_code,
        "route_type": number.message_type.capitalize(),
        # SNS does not support RCS.
        "number_capabilities": [each for each in number.number_capabilities if each != "RCS"],
    }
