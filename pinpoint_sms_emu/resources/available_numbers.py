"""Numbers that can be requested: searching, and choosing by preference."""

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
from pinpoint_sms_emu.service.listing import Paginated
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
) -> Paginated[str]:
    """Search for numbers that can be requested. Numbers are not reserved."""
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
        return Paginated(_Search(account, lambda _number: False))
    return Paginated(_Search(account, _predicate(number_preference)))


def must_be_a_possible_preference(
    preference: list[Preference] | None, iso_country_code: str, number_type: str
) -> None:
    """Refuse a preference for numbers other than US 10DLC, and several patterns instead of one."""
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
    """Refuse ExactMatch in a search: the user guide has it only for RequestPhoneNumber."""
    if preference and preference[0]["preference_type"] == ["ExactMatch"]:
        raise ValidationException(
            "INVALID_PARAMETER", number_preference="ExactMatch is for RequestPhoneNumber only"
        )


def pick(account: Account, preference: list[Preference]) -> str:
    """Return the first free number that matches a preference."""
    for _place, number in _Search(account, _predicate(preference)).after(0):
        return number
    raise ResourceNotFoundException(ResourceReference("phone-number"))


def is_taken(account: Account, phone_number: str) -> bool:
    """Return whether an account in any Region has a number, or another replica may have it."""
    replica = account.settings.replica
    if replica is not None and not replica.may_give(phone_number):
        return True
    return any(other.phone_numbers.by_number(phone_number) for other in account.all_accounts())


def _predicate(preference: list[Preference] | None) -> Callable[[str], bool]:
    """Return a predicate for a preference."""
    if not preference:
        return lambda _number: True
    kind, patterns = preference[0]["preference_type"][0], preference[0]["filter"]
    # Our choice: a pattern without a plus sign may also omit the calling code.
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
    """The available numbers that match, in the order of their area codes."""

    def __init__(self, account: Account, matches: Callable[[str], bool]) -> None:
        self._account = account
        self._matches = matches

    def after(self, position: int) -> Iterator[tuple[int, str]]:
        """Iterate over the numbers after a position."""
        for place, number in enumerate(_inventory(), start=1):
            if place > position and self._matches(number) and not is_taken(self._account, number):
                yield place, number


def _inventory() -> Iterator[str]:
    """Return every eighth number of the exchange 555 of each area code."""
    for shift, area_code in enumerate(AREA_CODES["US"].split()):
        for line in range(200 + shift % 8, 10_000, 8):
            yield f"+1{area_code}555{line:04}"
