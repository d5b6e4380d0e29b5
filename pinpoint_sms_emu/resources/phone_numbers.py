"""Phone numbers, from which messages are sent, and to which recipients answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, Unpack

from pinpoint_sms_emu.errors import (
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.reference.countries import country, invent_number, leasing_price
from pinpoint_sms_emu.reference.rates import daily_message_caps, rate_limits
from pinpoint_sms_emu.reference.voice_regions import has_calls
from pinpoint_sms_emu.resources.available_numbers import (
    Preference,
    is_taken,
    must_be_a_possible_preference,
    pick,
)
from pinpoint_sms_emu.resources.identities import join, must_be_free, must_fit, must_have_room
from pinpoint_sms_emu.resources.opt_out_lists import chosen_list
from pinpoint_sms_emu.resources.registrations.number_activation import (
    activate_number,
    waits_for_its_registration,
)
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    close_if_empty,
    must_support,
)
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    find_registration_of_number,
    must_be_complete,
    must_be_registered_if_regulated,
    must_be_registered_later,
    must_not_be_under_review,
    must_take_one_more_number,
)
from pinpoint_sms_emu.resources.two_way import TwoWay, TwoWayChanges, must_be_able_to_answer
from pinpoint_sms_emu.service.life_cycle import remove_deleted
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import (
    must_be_active,
    must_be_set_up,
    must_not_be_leaving,
    must_not_be_protected,
)
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Owner, Table

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# A country has no free numbers if this many random numbers are taken.
_TRIES: Final = 1_000


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class PhoneNumber(TwoWay):
    """A phone number. While it is in a pool, it has the pool's settings."""

    kind: ClassVar[str] = "phone-number"
    id_prefix: ClassVar[str] = "phone-"
    # The model does not list the possible values.
    pricing_tier: ClassVar[str] = "STANDARD"

    phone_number: str
    iso_country_code: str
    message_type: str
    number_capabilities: list[str]
    number_type: str
    monthly_leasing_price: str
    international_sending_enabled: bool = False
    pool_id: str | None = None
    pool_account_id: str | None = None
    registration_id: str | None = None

    @property
    def messaging_limits(self) -> dict[str, Any]:
        """Its sending rates, and the carriers' recommendations."""
        return {
            "rate_limits": rate_limits(
                self.iso_country_code, self.number_type, self.number_capabilities
            ),
            "daily_message_caps": daily_message_caps(self.number_type),
        }


class PhoneNumbers(Table[PhoneNumber]):
    """The numbers of an account, with look-up by phone number."""

    def __init__(self, owner: Owner) -> None:
        super().__init__(owner, PhoneNumber, quota="PHONE_NUMBERS_PER_ACCOUNT")
        self._by_number: dict[str, PhoneNumber] = {}

    def by_number(self, phone_number: str) -> PhoneNumber | None:
        """Return the entry of a phone number with or without the plus sign, or None."""
        return self._by_number.get(phone_number) or self._by_number.get(f"+{phone_number}")

    def put(self, entry: PhoneNumber) -> None:
        """Add a number."""
        super().put(entry)
        self._by_number[entry.phone_number] = entry

    def remove(self, entry: PhoneNumber) -> None:
        """Remove a number."""
        super().remove(entry)
        del self._by_number[entry.phone_number]


class PhoneNumberChanges(TwoWayChanges, total=False):
    """The settings that can be updated."""

    international_sending_enabled: bool


@operation
def request_phone_number(
    account: Account,
    *,
    iso_country_code: str,
    message_type: str,
    number_capabilities: list[str],
    number_type: str,
    opt_out_list_name: str | None = None,
    pool_id: str | None = None,
    registration_id: str | None = None,
    number_preference: list[Preference] | None = None,
    international_sending_enabled: bool = False,
    deletion_protection_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> PhoneNumber:
    """Request a number, which is PENDING until it is provisioned. In a pool it has its settings."""
    must_be_a_possible_preference(number_preference, iso_country_code, number_type)
    must_be_registered_later(number_type, registration_id)
    must_be_registered_if_regulated(account, iso_country_code, number_type, registration_id)
    must_support_international_sending(number_type, international_sending_enabled)
    _must_be_available(iso_country_code, message_type, number_capabilities, number_type)
    _must_be_a_region_with(number_capabilities, account.region)

    # The model allows an empty PoolId.
    pool = account.pools[pool_id] if pool_id else None
    registration = (
        find_registration_of_number(account, registration_id) if registration_id else None
    )
    settings = pool.inherited_settings() if pool else {}
    settings |= chosen_list(account, opt_out_list_name)
    picked = pick(account, number_preference) if number_preference else None
    number = PhoneNumber(
        status="PENDING",
        phone_number="",
        iso_country_code=iso_country_code,
        message_type=message_type,
        # The service returns them in alphabetical order.
        number_capabilities=sorted(number_capabilities),
        number_type=number_type,
        monthly_leasing_price=leasing_price(number_type),
        registration_id=registration.id if registration else None,
        international_sending_enabled=international_sending_enabled,
        deletion_protection_enabled=deletion_protection_enabled,
        tags=tags or {},
        **settings,
    )

    if registration:
        must_support(registration, number, "registration_id")
        must_be_complete(registration)
    if pool:
        must_be_active(pool)
        must_fit(account, pool, number, about=pool)
        must_have_room(account, pool)
    if registration:
        must_take_one_more_number(account, registration)
    account.phone_numbers.must_accept(number)

    number.phone_number = picked or _invent(account, iso_country_code, number_type)
    account.phone_numbers.add(number)
    if pool:
        join(pool, number)
    if not waits_for_its_registration(account, iso_country_code, number_type, registration):
        account.schedule(activate_number, number)
    return number


@operation
def describe_phone_numbers(
    account: Account,
    *,
    phone_number_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Paginated[PhoneNumber]:
    """List the numbers that the request names, or all."""
    return select(account.phone_numbers, phone_number_ids, filters, owner)


@operation
def update_phone_number(
    account: Account, *, phone_number_id: str, **changes: Unpack[PhoneNumberChanges]
) -> PhoneNumber:
    """Change the given settings, and keep the others."""
    number = _find(account, phone_number_id)
    chosen = chosen_list(account.owner_of(number), changes.get("opt_out_list_name"))

    must_be_free(number)
    must_be_set_up(number)
    must_be_able_to_answer(number, changes, [number])
    must_support_international_sending(
        number.number_type, changes.get("international_sending_enabled", False)
    )

    number.change({**changes, **chosen})
    return number


@operation
def release_phone_number(account: Account, *, phone_number_id: str) -> PhoneNumber:
    """Release a number. It is DISASSOCIATING, then DELETED, then removed."""
    number = _find(account, phone_number_id)
    must_not_be_leaving(number)

    must_not_be_protected(number)
    must_be_free(number)
    must_not_be_under_review(account.owner_of(number), number)
    if number.number_type == "SHORT_CODE":
        # Inferred from the Reason's name: AWS Support provides and releases short codes.
        raise ValidationException(
            "PHONE_NUMBER_CANNOT_BE_RELEASED", phone_number_id="is a short code"
        )

    number.status = "DISASSOCIATING"
    account.owner_of(number).schedule(delete_number, number)
    return number


@job
def delete_number(account: Account, number: PhoneNumber) -> None:
    """Delete a released number, and end its pool membership and its registration."""
    number.status = "DELETED"
    registration_id, number.registration_id = number.registration_id, None
    close_if_empty(account, registration_id)
    account.schedule(remove_deleted, number)


def _find(account: Account, phone_number_id: str) -> PhoneNumber:
    """Find a number by id or ARN; the phone number itself is not accepted."""
    if phone_number_id.isdecimal() and phone_number_id not in account.phone_numbers:
        raise ValidationException("INVALID_PARAMETER", phone_number_id="is not an id")
    return account.phone_numbers[phone_number_id]


def _invent(account: Account, iso_country_code: str, number_type: str) -> str:
    random_source = account.random_source
    position = random_source.position
    replica = account.settings.replica
    for _ in range(_TRIES * (replica.total if replica else 1)):
        invented = invent_number(iso_country_code, number_type, random_source.digits)
        if not is_taken(account, invented):
            return invented
    # A refused call changes nothing.
    random_source.position = position
    raise ResourceNotFoundException(ResourceReference("phone-number"))


# Rules.

_DOMESTIC_ONLY: Final = ("SHORT_CODE", "SIMULATOR", "TEN_DLC")


def _must_be_available(
    iso_country_code: str, message_type: str, number_capabilities: list[str], number_type: str
) -> None:
    """Refuse a kind of number that does not exist: it is not found. Observed for simulators."""
    place = country(iso_country_code)
    offered = place.capabilities(number_type) if place else ()
    if offered and "VOICE" in number_capabilities and "VOICE" not in offered:
        # Inferred from the Reason's name.
        raise ValidationException(
            "VOICE_CAPABILITY_NOT_AVAILABLE",
            number_capabilities=f"of {number_type} in {iso_country_code} are {', '.join(offered)}",
        )
    if not set(number_capabilities) <= set(offered):
        raise ResourceNotFoundException(ResourceReference("phone-number"))
    if (number_type, message_type) == ("SIMULATOR", "PROMOTIONAL"):
        raise ResourceNotFoundException(ResourceReference("phone-number"))


def _must_be_a_region_with(number_capabilities: list[str], region: str) -> None:
    if "VOICE" in number_capabilities and not has_calls(region):
        raise ValidationException(
            "VOICE_CAPABILITY_NOT_AVAILABLE", number_capabilities=f"cannot have VOICE in {region}"
        )


def must_support_international_sending(
    number_type: str, international_sending_enabled: object
) -> None:
    """Refuse international sending for numbers that send only within their country.

    User guide, "10DLC quotas": "10DLC numbers can only be used to send messages to recipients in
    the United States". For long codes, that they can have it is inferred.
    """
    if international_sending_enabled and number_type in _DOMESTIC_ONLY:
        raise ValidationException(
            "INTERNATIONAL_SENDING_NOT_SUPPORTED",
            international_sending_enabled=f"is not possible for {number_type}",
        )
