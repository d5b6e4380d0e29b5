"""Destination phone numbers: their E.164 form, and their country."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.countries import AREA_CODES
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country


class Destination(NamedTuple):
    """A phone number in E.164 form, and the country that it belongs to."""

    phone_number: str
    iso_country_code: str


# The longest spelling: 15 digits, a plus sign, brackets and separators.
_LONGEST = 40


def find_destination(phone_number: str) -> Destination | None:
    """Parse a number, with or without the plus sign; None if it belongs to no country.

    AWS's documentation says that a destination must be valid, but not what valid means. Our
    definition: the length is possible, and the country is known. This includes numbers that are
    reserved for fiction. A +1 number with an unassigned area code, such as +1 555 123 4567, which
    many programs use in tests, counts as a United States number.
    """
    return _parse(phone_number) if len(phone_number) <= _LONGEST else None


# Parsing takes 20 µs, and applications often send to the same numbers again.
@lru_cache(maxsize=100_000)
def _parse(phone_number: str) -> Destination | None:
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms to load

    number = phone_number if phone_number.startswith("+") else f"+{phone_number}"
    if simulated := simulator_country(number):
        return Destination(number, simulated)
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None

    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    calling_code = parsed.country_code or 0
    country = phonenumbers.region_code_for_number(parsed)
    if country is None and calling_code == _NORTH_AMERICA:
        country = _north_american_country(e164)
    elif country is None:
        # Such as +44 7700 900123, which is reserved for fiction.
        country = phonenumbers.region_code_for_country_code(calling_code)
    if country in _NO_COUNTRIES:
        return None
    return Destination(e164, country)


def _north_american_country(e164: str) -> str:
    """Return the country of an invalid +1 number: its area code's, or the United States."""
    area_code = e164[2:5]
    return next((code for code, known in AREA_CODES.items() if area_code in known.split()), "US")


# Ten digits as North Americans write their numbers: an area code, and seven digits.
_WITHOUT_COUNTRY_CODE: Final = re.compile(r"[2-9][0-9]{2}[2-9][0-9]{6}")


def must_have_a_country_code(phone_number: str) -> None:
    """Refuse ten digits that may lack the 1 of North America; how they are meant is not clear.

    2065550100 would otherwise be the Egyptian number +20 65550100. It is a ValueError: the
    service's own operations take numbers as AWS's model describes them.
    """
    if _WITHOUT_COUNTRY_CODE.fullmatch(phone_number):
        raise ValueError(
            f"{phone_number} may lack its country code: write it in E.164 form, "
            f"as +1{phone_number} or +{phone_number}"
        )


def read_destination(phone_number: str, argument: str) -> Destination:
    """Parse a number; refuse one that belongs to no country, and name the argument."""
    destination = find_destination(phone_number)
    if destination is None:
        raise ValidationException("INVALID_PARAMETER", **{argument: "is not a valid phone number"})
    return destination


# The country calling code that about 25 countries share.
_NORTH_AMERICA = 1

# 001 is the region of numbers without a country, such as +800 and satellite phones.
_NO_COUNTRIES = (None, "001", "ZZ")
