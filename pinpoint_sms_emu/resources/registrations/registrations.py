"""Registrations, which carriers and countries require before an identity may send."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pinpoint_sms_emu.errors import ConflictException, ValidationException
from pinpoint_sms_emu.resources.registrations.provisioning import disassociate
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    must_have_nothing_to_disassociate,
    must_not_be_needed_by_another,
)
from pinpoint_sms_emu.resources.registrations.required_registrations import (
    must_take_one_more_brand,
)
from pinpoint_sms_emu.resources.registrations.status import (
    UNDER_REVIEW,
    find_registration,
    publish_status,
    set_status,
)
from pinpoint_sms_emu.resources.registrations.type_definitions import find_form
from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion, begin_version
from pinpoint_sms_emu.service.life_cycle import remove_deleted
from pinpoint_sms_emu.service.listing import Filter, Paginated, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.reference.registration_forms import RegistrationType
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True)
class Registration(Resource):
    """A registration of one type, with all its versions."""

    kind: ClassVar[str] = "registration"
    id_prefix: ClassVar[str] = "registration-"

    registration_type: str
    versions: list[RegistrationVersion] = field(default_factory=list)
    # Other registrations that it is associated with, as a campaign is with its brand.
    registration_ids: list[str] = field(default_factory=list)

    @property
    def form(self) -> RegistrationType:
        """The form of its type."""
        return find_form(self.registration_type)

    @property
    def reference(self) -> dict[str, Any]:
        """The id and ARN of the registration, in answers about parts of it."""
        return {"registration_arn": self.arn, "registration_id": self.id}

    @property
    def current(self) -> RegistrationVersion:
        """The latest version."""
        return self.versions[-1]

    @property
    def approved(self) -> RegistrationVersion | None:
        """The approved version, or None."""
        return self._last(lambda each: each.status == "APPROVED")

    @property
    def submitted(self) -> RegistrationVersion | None:
        """The version that was submitted last, or None."""
        return self._last(lambda each: each.was_submitted)

    @property
    def current_version_number(self) -> int:
        """The number of the latest version."""
        return self.current.version_number

    @property
    def approved_version_number(self) -> int | None:
        """The number of the approved version, or None."""
        return self.approved.version_number if self.approved else None

    @property
    def latest_denied_version_number(self) -> int | None:
        """The number of the version that was denied last, even if it was discarded later."""
        denied = self._last(
            lambda each: (
                each.status in ("DENIED", "DISCARDED") and "denied_timestamp" in each.status_history
            )
        )
        return denied.version_number if denied else None

    @property
    def status_without_review(self) -> str:
        """The status while no version is under review."""
        if self.approved:
            return "COMPLETE"
        return "REQUIRES_UPDATES" if self.latest_denied_version_number else "CREATED"

    def version(self, number: int, argument: str) -> RegistrationVersion:
        """Return a version; refuse an unknown number, and name the argument."""
        if number > len(self.versions):
            raise ValidationException(
                "UNKNOWN_REGISTRATION_VERSION", **{argument: f"there is no version {number}"}
            )
        return self.versions[number - 1]

    def country_of(self, resource_type: str) -> str | None:
        """Return the country of the resources of a type, if the registration type has one."""
        for each in self.form.supported_associations:
            if each.resource_type == resource_type:
                return each.iso_country_code
        return None

    def supports(self, resource_type: str) -> bool:
        """Return whether it can be associated with resources of a type."""
        return resource_type in self.form.supported_association_resource_type

    def _last(self, fits: Callable[[RegistrationVersion], bool]) -> RegistrationVersion | None:
        return next((each for each in reversed(self.versions) if fits(each)), None)


@operation
def create_registration(
    account: Account, *, registration_type: str, tags: dict[str, str] | None = None
) -> Registration:
    """Create a registration. Its first version is a draft."""
    find_form(registration_type)

    must_take_one_more_brand(account, registration_type)

    registration = account.registrations.add(
        Registration(status="CREATED", registration_type=registration_type, tags=tags or {})
    )
    begin_version(account, registration)
    publish_status(account, registration)
    return registration


@operation
def describe_registrations(
    account: Account,
    *,
    registration_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[Registration]:
    """List the registrations that the request names, or all."""
    return select(account.registrations, registration_ids, filters)


@operation
def delete_registration(account: Account, *, registration_id: str) -> Registration:
    """Delete a registration with all versions. Describe lists it as DELETED for some time."""
    registration = find_registration(account, registration_id)

    if registration.current.status in UNDER_REVIEW:
        raise ConflictException("RESOURCE_DELETION_NOT_ALLOWED", registration)
    must_not_be_needed_by_another(account, registration)
    must_have_nothing_to_disassociate(account, registration)

    # Observed: its attachments cannot be deleted until it is removed.
    account.schedule(remove_deleted, registration)
    disassociate(account, registration)
    set_status(account, registration, "DELETED")
    return registration
