"""The identities that are associated with registrations, and rules for ending associations."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.resources.rcs_launches import is_registered_by
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW, set_status
from pinpoint_sms_emu.state.tables import LEAVING, Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import SupportedAssociation
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.sender_ids import SenderId
    from pinpoint_sms_emu.service.account import Account

SENDER_ID: Final = "SENDER_ID"
RCS_AGENT: Final = "RCS_AGENT"
_TYPES: Final = {"sender-id": SENDER_ID, "rcs-agent": RCS_AGENT}

_CLOSES: Final = "DISASSOCIATE_ALL_CLOSES_REGISTRATION"
# "All origination identities must be disassociated from the registration before".
_DISASSOCIATED_FIRST: Final = (_CLOSES, "DISASSOCIATE_ALL_ALLOWS_DELETE_REGISTRATION")


def resource_type(resource: Resource) -> str:
    """Return the type of a resource in associations.

    User guide, "Create a registration using the AWS CLI": for a number, its number type. Observed:
    for a brand, its registration type. Inferred: for sender IDs and agents.
    """
    number_type: str | None = getattr(resource, "number_type", None)
    registration_type: str | None = getattr(resource, "registration_type", None)
    return number_type or registration_type or _TYPES[resource.kind]


def identities(account: Account, registration: Registration) -> list[Resource]:
    """Return the identities of a registration, in the order of their creation."""
    found: list[Resource] = [
        *numbers(account, registration),
        *sender_ids(account, registration),
        *(each for each in account.rcs_agents if is_registered_by(each, registration.id)),
        *(each for each in account.registrations if each.id in registration.registration_ids),
    ]
    return sorted(found, key=attrgetter("sequence"))


def numbers(account: Account, registration: Registration) -> list[PhoneNumber]:
    """Return the numbers of a registration."""
    return [each for each in account.phone_numbers if each.registration_id == registration.id]


def sender_ids(account: Account, registration: Registration) -> list[SenderId]:
    """Return the sender IDs of a registration."""
    return [each for each in account.sender_ids if each.registration_id == registration.id]


def supported_association(
    registration: Registration, resource: Resource
) -> SupportedAssociation | None:
    """Return the registration type's entry for a kind of resource, or None."""
    named = resource_type(resource)
    country = getattr(resource, "iso_country_code", None)
    for each in registration.form.supported_associations:
        if each.resource_type == named and (
            each.iso_country_code in (None, country) or not country
        ):
            return each
    return None


def must_support(
    registration: Registration, resource: Resource, argument: str
) -> SupportedAssociation:
    """Refuse a resource whose type or country a registration does not support."""
    supported = supported_association(registration, resource)
    if supported is None:
        raise ValidationException(
            "INVALID_REGISTRATION_ASSOCIATION",
            **{argument: f"cannot be associated with {registration.registration_type}"},
        )
    return supported


# Ending associations.


def must_have_nothing_to_disassociate(account: Account, registration: Registration) -> None:
    """Refuse to delete a registration whose identities must be disassociated first.

    Observed for a campaign with a number; its Reason is inferred.
    """
    for each in identities(account, registration):
        supported = supported_association(registration, each)
        if supported and supported.disassociation_behavior in _DISASSOCIATED_FIRST:
            raise ConflictException("RESOURCE_NOT_EMPTY", registration)


def must_not_be_needed_by_another(account: Account, registration: Registration) -> None:
    """Refuse to delete a brand registration with a campaign or a vetting.

    Inferred from the Reason's name.
    """
    for each in account.registrations:
        if registration.id in each.registration_ids and each.status not in LEAVING:
            raise ConflictException("DISASSOCIATE_REGISTRATION_NOT_ALLOWED", registration)


def must_be_free_to_leave(account: Account, sender: SenderId) -> None:
    """Refuse to remove a sender ID from a registration that is under review.

    Inferred from the Reason's name; numbers have another Reason for it.
    """
    registration = account.registrations.get(sender.registration_id or "")
    if registration is not None and registration.current.status in UNDER_REVIEW:
        raise ConflictException("DISASSOCIATE_REGISTRATION_NOT_ALLOWED", registration)


def close_if_empty(account: Account, registration_id: str | None) -> None:
    """Close a registration without identities, if its type requires that."""
    registration = account.registrations.get(registration_id or "")
    if registration is None or registration.status in LEAVING:
        return
    behaviors = {each.disassociation_behavior for each in registration.form.supported_associations}
    if _CLOSES in behaviors and not identities(account, registration):
        set_status(account, registration, "CLOSED")
