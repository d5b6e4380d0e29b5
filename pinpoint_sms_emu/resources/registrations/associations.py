"""Registration associations: the identities of a registration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
)
from pinpoint_sms_emu.resources import rcs_launches
from pinpoint_sms_emu.resources.identities import table_of
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.registrations.provisioning import provision
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    SENDER_ID,
    identities,
    must_support,
    resource_type,
)
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    must_be_complete,
    must_take_one_more_campaign,
    must_take_one_more_number,
)
from pinpoint_sms_emu.resources.registrations.status import (
    find_registration,
    must_not_be_closed,
)
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching_in_any_case
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_leaving
from pinpoint_sms_emu.state.tables import Entry, Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True)
class Association(Entry):
    """A resource that is associated with a registration."""

    kind: ClassVar[str] = "registration-association"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType({})

    resource_arn: str
    resource_id: str
    resource_type: str
    iso_country_code: str | None
    phone_number: str | None


@operation
def create_registration_association(
    account: Account, *, registration_id: str, resource_id: str
) -> dict[str, Any]:
    """Associate an identity of the account with a registration."""
    _must_be_of_this_region(account, registration_id, resource_id)
    registration = find_registration(account, registration_id)
    resource = _find(account, registration, resource_id)
    supported = must_support(registration, resource, "resource_id")

    _must_be_free(account, registration, resource, supported.iso_country_code)
    if supported.association_behavior == "ASSOCIATE_AFTER_COMPLETE":
        must_be_complete(registration)
    must_not_be_closed(registration, "RESOURCE_MODIFICATION_NOT_ALLOWED")
    _must_have_room(account, registration, resource)

    match resource:
        case PhoneNumber() | SenderId():
            resource.registration_id = registration.id
        case RcsAgent():
            rcs_launches.register(
                account,
                resource,
                registration.id,
                registration.status,
                supported.iso_country_code,
            )
        case Registration():
            registration.registration_ids.append(resource.id)
    if registration.status == "COMPLETE":
        provision(account, registration)
    association = _association(resource)
    return _reference(registration) | {
        "resource_arn": association.resource_arn,
        "resource_id": association.resource_id,
        "resource_type": association.resource_type,
        "iso_country_code": association.iso_country_code,
        "phone_number": association.phone_number,
    }


@operation
def list_registration_associations(
    account: Account, *, registration_id: str, filters: list[Filter] | None = None
) -> Paginated[Association]:
    """List the identities that are associated with a registration."""
    registration = find_registration(account, registration_id)

    found = [_association(each) for each in identities(account, registration)]
    return Paginated(Listed(found), matching_in_any_case(filters), _reference(registration))


def _reference(registration: Registration) -> dict[str, Any]:
    return registration.reference | {"registration_type": registration.registration_type}


def _association(resource: Resource) -> Association:
    return Association(
        sequence=resource.sequence,
        resource_arn=resource.arn,
        resource_id=resource.id,
        resource_type=resource_type(resource),
        iso_country_code=getattr(resource, "iso_country_code", None),
        phone_number=getattr(resource, "phone_number", None),
    )


def _find(account: Account, registration: Registration, resource_id: str) -> Resource:
    """Find an identity by its id or ARN; a sender ID has the country of the registration type."""
    table = table_of(
        resource_id,
        account.phone_numbers,
        account.rcs_agents,
        account.registrations,
        account.sender_ids,
    )
    if table is None:
        country = registration.country_of(SENDER_ID) or ""
        name = resource_id if "/" in resource_id else f"{resource_id}/{country}"
        sender = account.sender_ids.get(name.upper())
        if sender is None:
            kind = SenderId.kind if country else PhoneNumber.kind
            raise ResourceNotFoundException(ResourceReference(kind, resource_id))
        return sender
    found: Resource = table[resource_id]
    must_not_be_leaving(found)
    return found


# Rules.


def _must_be_of_this_region(account: Account, *names: str) -> None:
    """Refuse a number or a registration of another Region."""
    resource_id = names[-1]
    number = resource_id.rpartition("/")[2]
    if not number.startswith(PhoneNumber.id_prefix):
        return
    for name in names:
        region = name.split(":")[3:4]
        if name.startswith("arn:") and region != [account.region]:
            raise ConflictException(
                "PHONE_NUMBER_NOT_IN_REGISTRATION_REGION",
                ResourceReference(PhoneNumber.kind, number),
            )


def _must_be_free(
    account: Account, registration: Registration, resource: Resource, country: str | None
) -> None:
    """Refuse an identity that has a registration. Only agents and brands can have several."""
    if any(each is resource for each in identities(account, registration)):
        raise ConflictException("RESOURCE_ALREADY_ASSOCIATED", registration)
    match resource:
        case PhoneNumber() if resource.registration_id:
            raise ConflictException("PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION", resource)
        case SenderId() if resource.registration_id:
            raise ConflictException("RESOURCE_ALREADY_ASSOCIATED", registration)
        case RcsAgent() if rcs_launches.has_registration_for(resource, country):
            raise ConflictException("RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE", resource)


def _must_have_room(account: Account, registration: Registration, resource: Resource) -> None:
    match resource:
        case PhoneNumber():
            must_take_one_more_number(account, registration)
        case Registration():
            must_take_one_more_campaign(account, resource, registration.registration_type)
    quota = "ASSOCIATIONS_PER_REGISTRATION"
    if len(identities(account, registration)) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)
