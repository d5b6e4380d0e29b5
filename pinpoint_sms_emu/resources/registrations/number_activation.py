"""Which phone numbers wait for a registration, and when numbers become ACTIVE."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.service.life_cycle import activate
from pinpoint_sms_emu.state.scheduler import job

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# In the United States, both stay PENDING until their registration is COMPLETE. A toll-free number
# is requested before its registration is submitted, a 10DLC number after its campaign's.
REGISTERED_LATER: Final = ("US", "TOLL_FREE")
REGISTERED_BEFORE: Final = ("US", "TEN_DLC")


def waits_for_its_registration(
    account: Account, iso_country_code: str, number_type: str, registration: Registration | None
) -> bool:
    """Return whether a new number stays PENDING until its registration is COMPLETE."""
    return (
        account.settings.registrations == "required"
        and (iso_country_code, number_type) in (REGISTERED_LATER, REGISTERED_BEFORE)
        and (registration is None or registration.status != "COMPLETE")
    )


@job
def activate_number(account: Account, number: PhoneNumber) -> None:
    """Finish setting up a number or adding it to a pool, unless its registration was closed."""
    registration = account.registrations.get(number.registration_id or "")
    if registration is None or registration.status != "CLOSED":
        activate(account, number)
    elif number.status == "ASSOCIATING":
        number.status = "PENDING"
