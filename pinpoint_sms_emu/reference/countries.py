"""Countries: what the service can do in each of them, and numbers that could be theirs.

The table of countries is data/countries.json, with its sources. Those of the rest, all AWS's own
pages:

- "United States Toll-free number registration process": toll-free numbers and their territories;
- "United States 10DLC registration": 10DLC numbers serve the US territories;
- "Supported countries and regions" of SNS: a dedicated number is a must in US territories;
- "Sender ID display name rules": what is sent where the account has no identity of its own;
- "Working with shared resources": China is open to accounts that AWS has allowlisted;
- document history, August 2025: to which countries a US toll-free number can send.

Inferred: the capabilities in `_capabilities` that say so, and all leasing prices but the Canadian
long code's, which is the sample answer of "Request a phone number".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple
from zlib import crc32

from pinpoint_sms_emu.reference import data_files

if TYPE_CHECKING:
    from collections.abc import Callable

SenderIds = Literal["unsupported", "open", "registration"]


class Country(NamedTuple):
    """A country or region, and what the service offers for sending there."""

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

    @property
    def number_types(self) -> tuple[str, ...]:
        """The types of numbers that RequestPhoneNumber can find here."""
        return tuple(number_type for number_type in _REQUESTABLE if self.capabilities(number_type))

    def capabilities(self, number_type: str) -> tuple[str, ...]:
        """What numbers of this type can do here; nothing, if there are none."""
        return _capabilities(self, number_type)


def country(iso_code: str) -> Country | None:
    """The country of an ISO 3166-1 code, or None if no country has this code."""
    return _COUNTRIES.get(iso_code)


def leasing_price(number_type: str) -> str:
    """The US dollars a number of this type costs a month, as MonthlyLeasingPrice spells them."""
    return _LEASING_PRICES[number_type]


def shared_short_code(recipient: str) -> str:
    """The short code that stands for shared routes, the same for a recipient each time."""
    return invent_number("", "SHORT_CODE", lambda length: f"{crc32(recipient.encode())}"[-length:])


def invent_number(iso_country_code: str, number_type: str, digits: Callable[[int], str]) -> str:
    """Make up a valid number; `digits(n)` gives n digits, and the same digits the same number."""
    if number_type == "SHORT_CODE":
        return str(20_000 + int(digits(5)) % 80_000)
    if number_type == "TOLL_FREE":
        prefix = TOLL_FREE_PREFIXES[int(digits(2)) % len(TOLL_FREE_PREFIXES)]
        return f"+1{prefix}555{_line(digits)}"
    if (number_type, iso_country_code) == ("SIMULATOR", "US"):
        # Observed: all begin alike.
        return f"+1206555{_line(digits)}"
    if area_codes := AREA_CODES.get(iso_country_code, "").split():
        area_code = area_codes[int(digits(3)) % len(area_codes)]
        return f"+1{area_code}555{_line(digits)}"
    return _like_the_example(iso_country_code, digits)


def _line(digits: Callable[[int], str]) -> str:
    """The last four digits of a number of the exchange 555, which hardly anybody has."""
    # 555-0100 to 555-0199 are for fiction: the people that tests write to have those.
    line = 200 + int(digits(4)) % 9_800
    return f"{line + 1 if line == _DIRECTORY_ASSISTANCE else line:04}"


def _like_the_example(iso_country_code: str, digits: Callable[[int], str]) -> str:
    """The example number of a country with other last digits, so that it is valid there."""
    import phonenumbers  # noqa: PLC0415  its metadata take 30 ms, which a table should not cost

    example = phonenumbers.example_number_for_type(
        iso_country_code, phonenumbers.PhoneNumberType.MOBILE
    ) or phonenumbers.example_number(iso_country_code)
    if example is None:
        raise LookupError(f"No numbers of {iso_country_code} are known.")

    text = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
    free = min(6, len(phonenumbers.national_significant_number(example)) - 2)
    start = int(digits(free))
    # Not all of a range is in use. The stride is coprime to ten, so that no number comes up twice,
    # and large, so that it leaves an unused range soon.
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
    """What a type of number can do in a country."""
    abilities: dict[str, bool] = {}
    if number_type == "LONG_CODE":
        # In the United States long codes without a campaign are for voice, an answer on re:Post
        # says; the SMS guide says that they can also send SMS. The guide's is followed here.
        abilities = {"SMS": place.long_codes, "VOICE": place.voice}
        abilities["MMS"] = place.mms and place.long_codes
    elif number_type == "TOLL_FREE" and place.iso_code in OF_THE_UNITED_STATES:
        # That those of the territories can do voice is inferred: they are the same numbers.
        abilities = {"SMS": True, "VOICE": True, "MMS": place.mms}
    elif number_type in {"TEN_DLC", "SIMULATOR"} and place.iso_code == "US":
        # "You want a US phone number that supports both SMS and VOICE": re:Post, of TEN_DLC. A
        # simulator number with both was seen; the guide gives it MMS too.
        abilities = {"SMS": True, "VOICE": True, "MMS": True}
    elif number_type == "SHORT_CODE":
        abilities = {"SMS": place.short_codes, "MMS": place.short_codes and place.mms}
    return tuple(name for name in ("SMS", "VOICE", "MMS") if abilities.get(name))


TOLL_FREE_PREFIXES: Final = ("833", "844", "855", "866", "877", "888")

_REQUESTABLE: Final = ("LONG_CODE", "TOLL_FREE", "TEN_DLC", "SIMULATOR")

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

# The United States and their territories, which US toll-free and 10DLC numbers serve.
OF_THE_UNITED_STATES: Final = frozenset({"AS", "GU", "PR", "US", "VI"})

# To which an account can send texts only when AWS has allowlisted it; nothing in the API does.
ALLOWLISTED: Final = frozenset({"CN"})

# To which nothing is sent, not even a call.
SANCTIONED: Final = frozenset({"CU", "IR", "KP", "SD", "SY"})


def _country(iso_code: str, row: dict[str, Any]) -> Country:
    """A country from its row of the data file; what the service does not reach can do nothing."""
    can = row.get("can", ())
    sender_ids = row.get("sender_ids", "unsupported")
    return Country(
        iso_code, row["name"], row["served"], sender_ids, *[name in can for name in _ABILITIES]
    )


_ABILITIES: Final = Country._fields[Country._fields.index("sender_ids") + 1 :]

_COUNTRIES: Final[dict[str, Country]] = {
    iso_code: _country(iso_code, row)
    for iso_code, row in data_files.read_json("countries")["countries"].items()
}

ISO_CODES: Final = tuple(sorted(_COUNTRIES))

SERVED_ISO_CODES: Final = tuple(code for code in ISO_CODES if _COUNTRIES[code].served)
