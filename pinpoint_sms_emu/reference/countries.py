"""Countries: the features of the service in each country, and generating phone numbers.

The table of countries is data/countries.json, with its sources. The sources of this module are
AWS's pages:

- "United States Toll-free number registration process": toll-free numbers and their territories;
- "United States 10DLC registration": 10DLC numbers can send to the US territories;
- "Supported countries and regions" of SNS: US territories require a dedicated number;
- "Sender ID display name rules": the sender of accounts without an own identity;
- "Working with shared resources": China requires accounts that AWS has allowlisted;
- document history, August 2025: the countries to which US toll-free numbers can send.

Inferred: the capabilities that are marked so in `_capabilities`, and all leasing prices except the
Canadian long code's, which is in the sample answer of "Request a phone number".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from zlib import crc32

from pinpoint_sms_emu.reference import data_files

if TYPE_CHECKING:
    from collections.abc import Callable

SenderIds = Literal["unsupported", "open", "registration"]


class Country(NamedTuple):
    """A country or region, and the features of the service there."""

    iso_code: str
    name: str
    served: bool
    sender_ids: SenderIds
    short_codes: bool
    long_codes: bool
    long_codes_only_receive: bool
    two_way: bool
    international_sending: bool
    shared_routes: bool
    voice: bool
    mms: bool
    rcs: bool

    def capabilities(self, number_type: str) -> tuple[str, ...]:
        """The capabilities of a type of number in this country; empty if there are none."""
        return _capabilities(self, number_type)


def country(iso_code: str) -> Country | None:
    """Return the country with an ISO 3166-1 code, or None."""
    return _COUNTRIES.get(iso_code)


def leasing_price(number_type: str) -> str:
    """Return the MonthlyLeasingPrice of a type of number, in US dollars."""
    return _LEASING_PRICES[number_type]


def shared_short_code(recipient: str) -> str:
    """Return the short code of a shared route, which is always the same for a recipient."""
    return invent_number("", "SHORT_CODE", lambda length: f"{crc32(recipient.encode())}"[-length:])


def invent_number(iso_country_code: str, number_type: str, digits: Callable[[int], str]) -> str:
    """Generate a valid phone number from `digits(n)`, which returns n digits."""
    if number_type == "SHORT_CODE":
        return str(20_000 + int(digits(5)) % 80_000)
    if number_type == "TOLL_FREE":
        prefix = TOLL_FREE_PREFIXES[int(digits(2)) % len(TOLL_FREE_PREFIXES)]
        return f"+1{prefix}555{_line(digits)}"
    if (number_type, iso_country_code) == ("SIMULATOR", "US"):
        # Observed: all have the same beginning.
        return f"+1206555{_line(digits)}"
    if area_codes := AREA_CODES.get(iso_country_code, "").split():
        area_code = area_codes[int(digits(3)) % len(area_codes)]
        return f"+1{area_code}555{_line(digits)}"
    return _like_the_example(iso_country_code, digits)


def _line(digits: Callable[[int], str]) -> str:
    """Return four last digits for a number of the exchange 555, which is rarely used."""
    # 555-0100 to 555-0199 are reserved for fiction: tests use them as recipients.
    line = 200 + int(digits(4)) % 9_800
    return f"{line + 1 if line == _DIRECTORY_ASSISTANCE else line:04}"


def _like_the_example(iso_country_code: str, digits: Callable[[int], str]) -> str:
    """Return the example number of a country with other last digits, so that it is valid."""
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms to load

    example = phonenumbers.example_number_for_type(
        iso_country_code, phonenumbers.PhoneNumberType.MOBILE
    ) or phonenumbers.example_number(iso_country_code)
    if example is None:
        raise LookupError(f"No numbers of {iso_country_code} are known.")

    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    free = min(6, len(phonenumbers.national_significant_number(example)) - 2)
    start = int(digits(free))
    # Parts of a range may be invalid. The stride is coprime to ten, so that no number is tried
    # twice, and large, so that it leaves an invalid part soon.
    for step in range(1_000):
        last = (start + step * 7_919) % 10**free
        number = f"{text[:-free]}{last:0{free}}"
        parsed = phonenumbers.parse(number)
        if (
            phonenumbers.is_valid_number(parsed)
            and phonenumbers.region_code_for_number(parsed) == iso_country_code
        ):
            return number
    raise LookupError(f"{iso_country_code} has no numbers of its own.")


def _capabilities(place: Country, number_type: str) -> tuple[str, ...]:
    """Return the capabilities of a type of number in a country."""
    abilities: dict[str, bool] = {}
    if number_type == "LONG_CODE":
        # For United States long codes without a campaign, an answer on re:Post has only voice, and
        # the user guide also SMS. The user guide counts.
        abilities = {"SMS": place.long_codes, "VOICE": place.voice}
        abilities["MMS"] = place.mms and place.long_codes
    elif number_type == "TOLL_FREE" and place.iso_code in OF_THE_UNITED_STATES:
        # For the territories, voice is inferred: they are the same numbers.
        abilities = {"SMS": True, "VOICE": True, "MMS": place.mms}
    elif number_type in {"TEN_DLC", "SIMULATOR"} and place.iso_code == "US":
        # re:Post, about TEN_DLC: "You want a US phone number that supports both SMS and VOICE". A
        # simulator number with both was observed; the user guide adds MMS.
        abilities = {"SMS": True, "VOICE": True, "MMS": True}
    elif number_type == "SHORT_CODE":
        abilities = {"SMS": place.short_codes, "MMS": place.short_codes and place.mms}
    return tuple(name for name in ("SMS", "VOICE", "MMS") if abilities.get(name))


TOLL_FREE_PREFIXES: Final = ("833", "844", "855", "866", "877", "888")

_LEASING_PRICES: Final = {
    "LONG_CODE": "1.00",
    "TOLL_FREE": "2.00",
    "TEN_DLC": "1.00",
    "SIMULATOR": "1.00",
    "SHORT_CODE": "995.00",
    "SENDER_ID": "0.00",  # "There's no additional charge for using a sender ID."
}

_DIRECTORY_ASSISTANCE: Final = 1_212

AREA_CODES: Final = {
    "US": (
        "201 202 205 206 208 212 213 214 216 217 224 231 234 240 248 253 262 267 281 301 302 303 "
        "304 305 307 308 310 312 313 314 315 316 317 319 321 323 330 334 336 339 347 352 360 "
        "361 385 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 434 "
        "435 440 443 469 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 "
        "517 518 520 530 540 541 551 559 561 562 563 567 571 573 574 580 585 586 601 602 603"
    ),
    "CA": (
        "204 226 236 249 250 289 306 343 365 403 416 418 431 437 438 450 506 514 519 548 579 581 "
        "587 604 613 639 647 672 705 709 778 780 782 807 819 825 867 873 902 905"
    ),
    "PR": "787 939",
}

# The United States and their territories, to which US toll-free and 10DLC numbers can send.
OF_THE_UNITED_STATES: Final = frozenset({"AS", "GU", "PR", "US", "VI"})

# Countries that require an account that AWS has allowlisted, which the API cannot do.
ALLOWLISTED: Final = frozenset({"CN"})

# Countries to which nothing can be sent, including calls.
SANCTIONED: Final = frozenset({"CU", "IR", "KP", "SD", "SY"})


def _country(iso_code: str, row: dict[str, Any]) -> Country:
    """Make a country from its row of the data file."""
    can = row.get("can", ())
    sender_ids = row.get("sender_ids", "unsupported")
    return Country(
        iso_code, row["name"], row["served"], sender_ids, *[name in can for name in _ABILITIES]
    )


_ABILITIES: Final = Country._fields[Country._fields.index("sender_ids") + 1 :]

_TABLE: Final = data_files.read_json("countries")

_COUNTRIES: Final[dict[str, Country]] = {
    iso_code: _country(iso_code, row) for iso_code, row in _TABLE["countries"].items()
}

ISO_CODES: Final = tuple(sorted(_COUNTRIES))

SERVED_ISO_CODES: Final = tuple(code for code in ISO_CODES if _COUNTRIES[code].served)

# The countries and regions for which a protect configuration has rules: more than are served.
PROTECT_ISO_CODES: Final = tuple(sorted({*SERVED_ISO_CODES, *_TABLE["only_protect_rules"]}))
