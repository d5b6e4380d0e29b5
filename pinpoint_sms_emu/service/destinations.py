"""Destinations: whose number this is, in the one spelling that the emulator keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country


class Destination(NamedTuple):
    """A phone number in E.164 form, and the country that it belongs to."""

    phone_number: str
    iso_country_code: str


# Parsing takes 20 µs and applications send to the same people again.
@lru_cache(maxsize=100_000)
def find_destination(phone_number: str) -> Destination | None:
    """Read a number, with or without the plus; None if it cannot belong to any country.

    The service says that a destination must be valid and not what it takes for valid. Ours: its
    length is possible and its country is known. So numbers that a country has set aside for
    fiction are destinations, and those with an area code that nobody has are not.
    """
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

    calling_code = parsed.country_code or 0
    country = phonenumbers.region_code_for_number(parsed)
    if country is None and calling_code != _NORTH_AMERICA:
        # Such as +44 7700 900123, of the range that television may show.
        country = phonenumbers.region_code_for_country_code(calling_code)
    if country in _NO_COUNTRIES:
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return Destination(e164, country)


def read_destination(phone_number: str, argument: str) -> Destination:
    """Read a number; what belongs to no country is refused, naming the argument it came in."""
    destination = find_destination(phone_number)
    if destination is None:
        raise ValidationException("INVALID_PARAMETER", **{argument: "is not a valid phone number"})
    return destination


# Two dozen countries share it: only a known area code tells which one a number belongs to.
_NORTH_AMERICA = 1

# 001 stands for what belongs to the world: +800, satellites.
_NO_COUNTRIES = (None, "001", "ZZ")
