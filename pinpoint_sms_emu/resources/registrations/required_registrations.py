"""The registrations that phone numbers need, and which status these must have."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceReference,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.registrations.number_activation import REGISTERED_BEFORE
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW, find_registration
from pinpoint_sms_emu.state.tables import LEAVING

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

BRAND: Final = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN: Final = "US_TEN_DLC_CAMPAIGN_REGISTRATION"

_REGISTRATION_ARN: Final = re.compile(r"arn:[^:]+:sms-voice:([^:]+):[^:]+:registration/.+")


def find_registration_of_number(account: Account, registration_id: str) -> Registration:
    """Find the registration of a number by id or ARN; refuse one of another Region."""
    arn = _REGISTRATION_ARN.fullmatch(registration_id)
    if arn and arn[1] != account.region:
        raise ConflictException(
            "PHONE_NUMBER_NOT_IN_REGISTRATION_REGION", ResourceReference("phone-number")
        )
    return find_registration(account, registration_id)


def must_be_registered_later(number_type: str, registration_id: str | None) -> None:
    """Refuse a registration for a new toll-free number (observed).

    The number is requested first, and associated with its registration later.
    """
    if number_type == "TOLL_FREE" and registration_id is not None:
        raise ValidationException(
            "INVALID_PARAMETER", registration_id="cannot be given for TOLL_FREE"
        )


def must_be_registered_if_regulated(
    account: Account, iso_country_code: str, number_type: str, registration_id: str | None
) -> None:
    """Refuse a number without the registration that it needs, if registrations are required."""
    if (
        account.settings.registrations == "required"
        and (iso_country_code, number_type) == REGISTERED_BEFORE
        and registration_id is None
    ):
        raise ValidationException(
            "MISSING_PARAMETER", registration_id=f"is required for {number_type}"
        )


def must_be_complete(registration: Registration) -> None:
    """Refuse a registration that is not COMPLETE, if its numbers are requested after it."""
    if registration.status != "COMPLETE":
        raise ConflictException("REGISTRATION_NOT_COMPLETE", registration)


def must_be_complete_if_regulated(account: Account, registration: Registration) -> None:
    """Refuse to search for numbers of a registration that is not COMPLETE, if one is required.

    User guide, "Choosing a 10DLC phone number by area code": "Before you can search …: An approved
    10DLC registered campaign." How it is refused is inferred.
    """
    if account.settings.registrations == "required":
        must_be_complete(registration)


def must_take_one_more_number(account: Account, registration: Registration) -> None:
    """Refuse a number that exceeds the quota of a registration."""
    quota = "PHONE_NUMBERS_PER_REGISTRATION"
    taken = [each for each in account.phone_numbers if each.registration_id == registration.id]
    if len(taken) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)


def must_take_one_more_brand(account: Account, registration_type: str) -> None:
    """Refuse one 10DLC brand more than an account may have; that it has this Reason is inferred."""
    brands = (each for each in account.registrations if each.registration_type == BRAND)
    if registration_type == BRAND and _used(brands) >= account.quota("TEN_DLC_BRANDS_PER_ACCOUNT"):
        raise ServiceQuotaExceededException("REGISTRATIONS_PER_ACCOUNT")


def must_take_one_more_campaign(
    account: Account, brand: Registration, registration_type: str
) -> None:
    """Refuse one campaign more than a 10DLC brand may have; that it has this Reason is inferred."""
    campaigns = (
        each
        for each in account.registrations
        if each.registration_type == CAMPAIGN and brand.id in each.registration_ids
    )
    quota = account.quota("TEN_DLC_CAMPAIGNS_PER_BRAND")
    if registration_type == CAMPAIGN and _used(campaigns) >= quota:
        raise ServiceQuotaExceededException("ASSOCIATIONS_PER_REGISTRATION")


def _used(registrations: Iterable[Registration]) -> int:
    return sum(each.status not in LEAVING for each in registrations)


def must_not_be_under_review(account: Account, number: PhoneNumber) -> None:
    """Refuse to release a number while its registration is under review: observed."""
    registration = account.registrations.get(number.registration_id or "")
    if registration is not None and registration.current.status in UNDER_REVIEW:
        raise ConflictException("PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION", number)
