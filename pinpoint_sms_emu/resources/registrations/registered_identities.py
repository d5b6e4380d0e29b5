"""What is associated with registrations: which identities, and how they leave."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.resources.rcs_launches import is_registered_by
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW, turn_to
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import SupportedAssociation
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.sender_ids import SenderId
    from pinpoint_sms_emu.service.account import Account

# What a campaign is registered for.
_BRAND = "US_TEN_DLC_BRAND_REGISTRATION"


def identities(account: Account, registration: Registration) -> list[Resource]:
    """Everything that is associated with a registration, in the order of all resources."""
    found: list[Resource] = [
        *numbers(account, registration),
        *sender_ids(account, registration),
        *(each for each in account.rcs_agents if is_registered_by(each, registration.id)),
        *(each for each in account.registrations if each.id in registration.registration_ids),
    ]
    return sorted(found, key=attrgetter("sequence"))


def numbers(account: Account, registration: Registration) -> list[PhoneNumber]:
    """The numbers of a registration."""
    return [each for each in account.phone_numbers if each.registration_id == registration.id]


def sender_ids(account: Account, registration: Registration) -> list[SenderId]:
    """The sender IDs of a registration."""
    return [each for each in account.sender_ids if each.registration_id == registration.id]


def supported_association(
    registration: Registration, resource: Resource
) -> SupportedAssociation | None:
    """Find what the registration's type says of such a resource; None if it takes none."""
    country = getattr(resource, "iso_country_code", None)
    for each in registration.form.supported_associations:
        if (
            each.resource_type == resource.kind
            and (each.iso_country_code in (None, country) or country is None)
            and each.number_type in (None, getattr(resource, "number_type", None))
            # The definition does not tell which registrations; a campaign is a brand's.
            and getattr(resource, "registration_type", _BRAND) == _BRAND
        ):
            return each
    return None


def must_support(
    registration: Registration, resource: Resource, argument: str
) -> SupportedAssociation:
    """Refuse a resource of a kind or country that a registration is not about."""
    supported = supported_association(registration, resource)
    if supported is None:
        raise ValidationException(
            "INVALID_REGISTRATION_ASSOCIATION",
            **{argument: f"cannot be associated with {registration.registration_type}"},
        )
    return supported


# Leaving.


def must_be_free_to_leave(account: Account, sender: SenderId) -> None:
    """Refuse to take a sender ID from a registration on which a reviewer has yet to decide.

    Inferred from the Reason's name, as with numbers, for which there is another.
    """
    registration = account.registrations.get(sender.registration_id or "")
    if registration is not None and registration.current.status in UNDER_REVIEW:
        raise ConflictException("DISASSOCIATE_REGISTRATION_NOT_ALLOWED", registration)


def has_lost_one(account: Account, registration_id: str | None) -> None:
    """A registration has lost an identity: without any, one of some types is CLOSED."""
    registration = account.registrations.get(registration_id or "")
    if (
        registration is not None
        and registration.disassociation_behavior == "DISASSOCIATE_ALL_CLOSES_REGISTRATION"
        and not identities(account, registration)
    ):
        turn_to(account, registration, "CLOSED")
