"""CarrierLookup: country, type and carrier of a number, from the data of phonenumbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.reference.countries import country
from pinpoint_sms_emu.reference.simulator_numbers import carrier_of, simulator_country
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.wire.model import service_model

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

    from pinpoint_sms_emu.service.account import Account

_E164: Final = re.compile(r"\+[1-9][0-9]{1,18}")


@operation
def carrier_lookup(
    _account: Account, *, phone_number: str, enable_cleansing: bool = False
) -> dict[str, Any]:
    """Return country, type and carrier of a number. An invalid number is not refused."""
    digits = f"+{re.sub('[^0-9]', '', phone_number)}"
    if not _E164.fullmatch(digits):
        # The answer's member requires 2 to 19 digits.
        raise ValidationException("INVALID_PARAMETER", phone_number="must have 2 to 19 digits")

    number = _parse(digits)
    spelled = _e164(number) if number else digits
    if number is None or (spelled != digits and not enable_cleansing):
        return {"e164_phone_number": digits, "phone_number_type": "INVALID"}
    answer = {"e164_phone_number": spelled, **_describe(number, spelled)}
    if enable_cleansing and spelled != phone_number:
        answer["original_phone_number"] = phone_number
    return answer


def _parse(digits: str) -> PhoneNumber | None:
    """Parse a number, also with a trunk zero after the country code; None if it is invalid."""
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms to load

    try:
        number = phonenumbers.parse(digits)
    except phonenumbers.NumberParseException:
        return None
    # Some simulator numbers are invalid otherwise.
    if phonenumbers.is_valid_number(number) or simulator_country(digits):
        return number
    return None


def _e164(number: PhoneNumber) -> str:
    import phonenumbers  # noqa: PLC0415  see above

    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _describe(number: PhoneNumber, spelled: str) -> dict[str, Any]:
    import phonenumbers  # noqa: PLC0415  see above
    from phonenumbers import carrier as carriers  # noqa: PLC0415  30 ms more

    code = simulator_country(spelled) or phonenumbers.region_code_for_number(number)
    place = country(code or "")
    kind = "MOBILE" if simulator_country(spelled) else _type_of(number)
    name = carriers.name_for_number(number, "en") or None
    known = carrier_of(code or "") if kind == "MOBILE" else None
    return {
        "dialing_country_code": str(number.country_code),
        # Numbers without a country, such as +800, have none.
        "iso_country_code": place.iso_code if place else None,
        "country": place.name if place else None,
        "mcc": known.mcc if known else None,
        "mnc": known.mnc if known else None,
        "carrier": name or (known.name if known else None),
        "phone_number_type": kind,
    }


def _type_of(number: PhoneNumber) -> str:
    import phonenumbers  # noqa: PLC0415  see above

    types = phonenumbers.PhoneNumberType
    named = {
        types.MOBILE: "MOBILE",
        # North American numbers do not show their type: they count as mobile.
        types.FIXED_LINE_OR_MOBILE: "MOBILE",
        types.FIXED_LINE: "LANDLINE",
        types.VOIP: "VOIP",
    }
    found = named.get(phonenumbers.number_type(number), "OTHER")
    # Older models have fewer types.
    return found if found in service_model().shapes["PhoneNumberType"]["enum"] else "OTHER"
