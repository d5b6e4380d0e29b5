"""Numbers that are to be had: searched for, and picked by their digits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from pinpoint_sms_emu.errors import (
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.reference.countries import AREA_CODES, country
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    find_registration_of_number,
    must_be_complete_if_regulated,
    must_be_registered_if_regulated,
)
from pinpoint_sms_emu.service.listing import Page
from pinpoint_sms_emu.service.operations import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

Preference = Mapping[str, list[str]]


@operation
def list_available_phone_numbers(
    account: Account,
    *,
    iso_country_code: str,
    number_capabilities: list[str],
    number_type: str,
    registration_id: str | None = None,
    number_preference: list[Preference] | None = None,
) -> Page[str]:
    """Search for numbers to request; the search reserves nothing."""
    if iso_country_code != "US":
        raise ValidationException("INVALID_PARAMETER", iso_country_code="must be US")
    must_be_registered_if_regulated(account, iso_country_code, number_type, registration_id)
    must_be_a_possible_preference(number_preference, iso_country_code, number_type)
    _must_not_be_of_whole_numbers(number_preference)
    if registration_id is not None:
        registration = find_registration_of_number(account, registration_id)
        must_be_complete_if_regulated(account, registration)

    place = country(iso_country_code)
    possible = place.capabilities(number_type) if place else ()
    if not set(number_capabilities) <= set(possible):
        return Page(_Search(account, lambda _number: False))
    return Page(_Search(account, _wish(number_preference)))


def must_be_a_possible_preference(
    preference: list[Preference] | None, iso_country_code: str, number_type: str
) -> None:
    """Refuse a preference where there are none, and several patterns where one is allowed."""
    if not preference:
        return
    if (iso_country_code, number_type) != ("US", "TEN_DLC"):
        raise ValidationException(
            "INVALID_PARAMETER", number_preference="applies to TEN_DLC numbers in the US only"
        )
    if len(preference[0]["filter"]) > 1 and preference[0]["preference_type"] != ["ExactMatch"]:
        raise ValidationException(
            "INVALID_PARAMETER", number_preference="takes one pattern, or several whole numbers"
        )


def _must_not_be_of_whole_numbers(preference: list[Preference] | None) -> None:
    """Refuse ExactMatch in a search: the user guide has it for RequestPhoneNumber alone."""
    if preference and preference[0]["preference_type"] == ["ExactMatch"]:
        raise ValidationException(
            "INVALID_PARAMETER", number_preference="ExactMatch is for RequestPhoneNumber only"
        )


def pick(account: Account, preference: list[Preference]) -> str:
    """Take the first number that is free and as it is wished for."""
    for _place, number in _Search(account, _wish(preference)).after(0):
        return number
    raise ResourceNotFoundException(ResourceReference("phone-number"))


def is_taken(account: Account, phone_number: str) -> bool:
    """Tell whether any account in any Region has a number, or may have it at another replica."""
    replica = account.settings.replica
    if replica is not None and not replica.may_give(phone_number):
        return True
    return any(other.phone_numbers.by_number(phone_number) for other in account.all_accounts())


def _wish(preference: list[Preference] | None) -> Callable[[str], bool]:
    """Make a test of a preference."""
    if not preference:
        return lambda _number: True
    kind, patterns = preference[0]["preference_type"][0], preference[0]["filter"]
    # Ours: without its plus a pattern may also leave out the calling code.
    beginnings = tuple(each for pattern in patterns for each in _beginnings(pattern))
    tests: dict[str, Callable[[str], bool]] = {
        "StartsWith": lambda number: number.startswith(beginnings),
        "EndsWith": lambda number: number.endswith(patterns[0]),
        "Contains": lambda number: patterns[0] in number,
        "ExactMatch": lambda number: number in beginnings,
    }
    return tests[kind]


def _beginnings(pattern: str) -> tuple[str, ...]:
    return (pattern,) if pattern.startswith("+") else (f"+{pattern}", f"+1{pattern}")


class _Search:
    """The numbers that are to be had, in the order of their area codes."""

    def __init__(self, account: Account, wished: Callable[[str], bool]) -> None:
        self._account = account
        self._wished = wished

    def after(self, position: int) -> Iterator[tuple[int, str]]:
        """Go through the numbers that come after a position."""
        for place, number in enumerate(_inventory(), start=1):
            if place > position and self._wished(number) and not is_taken(self._account, number):
                yield place, number


def _inventory() -> Iterator[str]:
    """Every eighth number of the exchange 555 of each area code; others are taken."""
    for shift, area_code in enumerate(AREA_CODES["US"].split()):
        for line in range(200 + shift % 8, 10_000, 8):
            yield f"+1{area_code}555{line:04}"
