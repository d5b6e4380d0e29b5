"""Destinations: the country of a number, in the one spelling that the emulator keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.countries import AREA_CODES
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country


class Destination(NamedTuple):
    """A phone number in E.164 form, and the country that it belongs to."""

    phone_number: str
    iso_country_code: str


# However it is written: 15 digits, a plus, brackets, and separators between them.
_LONGEST = 40


def find_destination(phone_number: str) -> Destination | None:
    """Read a number, with or without the plus; None if it cannot belong to any country.

    The service says that a destination must be valid and not what it takes for valid. Ours: its
    length is possible and its country is known. So numbers that a country has set aside for
    fiction are destinations, and with +1 those with an area code that is not assigned, such as
    +1 555 123 4567, which many programs use in their tests: they count as United States numbers.
    """
    return _parse(phone_number) if len(phone_number) <= _LONGEST else None


# Parsing takes 20 µs and applications send to the same people again.
@lru_cache(maxsize=100_000)
def _parse(phone_number: str) -> Destination | None:
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms, which an import should not cost

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
        # Such as +44 7700 900123, of the range that television may show.
        country = phonenumbers.region_code_for_country_code(calling_code)
    if country in _NO_COUNTRIES:
        return None
    return Destination(e164, country)


def _north_american_country(e164: str) -> str:
    """The country of a number that cannot be anybody's: its area code's, or the United States."""
    area_code = e164[2:5]
    return next((code for code, known in AREA_CODES.items() if area_code in known.split()), "US")


def read_destination(phone_number: str, argument: str) -> Destination:
    """Read a number; what belongs to no country is refused, naming the argument it came in."""
    destination = find_destination(phone_number)
    if destination is None:
        raise ValidationException("INVALID_PARAMETER", **{argument: "is not a valid phone number"})
    return destination


# Two dozen countries share it.
_NORTH_AMERICA = 1

# 001 stands for what belongs to the world: +800, satellites.
_NO_COUNTRIES = (None, "001", "ZZ")
