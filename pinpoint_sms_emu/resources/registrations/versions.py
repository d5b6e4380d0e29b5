"""Registration versions: a form is filled in, submitted and decided on as a whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.registrations.definitions import refuse_submission
from pinpoint_sms_emu.resources.registrations.field_values import RegistrationFieldValue
from pinpoint_sms_emu.resources.registrations.registered_identities import identities
from pinpoint_sms_emu.resources.registrations.review import approve_submission, begin_review
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW, turn_to
from pinpoint_sms_emu.service.listing import Filter, Listed, Page, matching
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import Entry
from pinpoint_sms_emu.state.times_log import recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# "Abandoned to start over": what was decided in its favour once cannot be. REVOKED is inferred.
_NOT_TO_BE_DISCARDED: Final = ("APPROVED", "ARCHIVED", "DISCARDED", "REVOKED")


@dataclass(slots=True, kw_only=True)
class RegistrationVersion(Entry):
    """One filled-in form of a registration; its number is its place."""

    kind: ClassVar[str] = "registration-version"

    status: str = "DRAFT"
    # draft_timestamp and so on: when it came to each status.
    status_history: dict[str, datetime] = field(default_factory=dict)
    aws_review: bool = False
    values: dict[str, RegistrationFieldValue] = field(default_factory=dict)
    denied_reasons: list[dict[str, str]] | None = None
    feedback: str | None = None

    @property
    def version_number(self) -> int:
        """The number."""
        return self.sequence

    @property
    def registration_id(self) -> str:
        """The registration whose version it is."""
        return self.id.partition("/")[0]

    @property
    def was_submitted(self) -> bool:
        """Whether a reviewer may decide on it, or has done so."""
        return "submitted_timestamp" in self.status_history and self.status != "DISCARDED"

    def enter(self, status: str, now: datetime) -> None:
        """Come to a status, and note when; where it has it already, nothing happens."""
        if status != self.status or not self.status_history:
            self.status = status
            self.status_history[f"{status.lower()}_timestamp"] = now


def begin_version(account: Account, registration: Registration) -> RegistrationVersion:
    """Begin a version: it is an empty draft (decisions 21)."""
    number = len(registration.versions) + 1
    version = RegistrationVersion(id=f"{registration.id}/{number}", sequence=number)
    version.enter("DRAFT", account.now())
    registration.versions.append(version)
    return version


@operation
def create_registration_version(account: Account, *, registration_id: str) -> dict[str, Any]:
    """Begin the next version of a registration; the one before is read-only from now on."""
    registration = account.registrations[registration_id]

    if registration.current.status in ("DRAFT", *UNDER_REVIEW) or registration.status == "CLOSED":
        raise ConflictException("CREATE_REGISTRATION_VERSION_NOT_ALLOWED", registration)
    _must_not_have_begun_too_many(account, registration)

    return _shown(registration, begin_version(account, registration))


@operation
def discard_registration_version(account: Account, *, registration_id: str) -> dict[str, Any]:
    """Give the current version up, so that a new one can be started."""
    registration = account.registrations[registration_id]
    version = registration.current

    if version.status in _NOT_TO_BE_DISCARDED:
        raise ConflictException("DISCARD_REGISTRATION_VERSION_NOT_ALLOWED", registration)

    was_under_review = version.status in UNDER_REVIEW
    version.enter("DISCARDED", account.now())
    if was_under_review:
        turn_to(account, registration, registration.standing)
    return _shown(registration, version)


@operation
def submit_registration_version(
    account: Account, *, registration_id: str, aws_review: bool = False
) -> dict[str, Any]:
    """Hand the current version in for review."""
    registration = account.registrations[registration_id]
    version = registration.current

    if version.status in UNDER_REVIEW:
        raise ConflictException("REGISTRATION_ALREADY_SUBMITTED", registration)
    if version.status != "DRAFT":
        raise ConflictException("SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", registration)
    _must_have_its_identities(account, registration)
    if refused := refuse_submission(registration.form, version.values):
        raise ValidationException("FIELD_VALIDATION_FAILED", **refused)

    version.aws_review = aws_review
    version.enter("SUBMITTED", account.now())
    turn_to(account, registration, "SUBMITTED")
    automatic = account.settings.registrations == "automatic"
    account.schedule(approve_submission if automatic else begin_review, version)
    return _shown(registration, version) | {"aws_review": aws_review}


@operation
def describe_registration_versions(
    account: Account,
    *,
    registration_id: str,
    version_numbers: list[int] | None = None,
    filters: list[Filter] | None = None,
) -> Page[RegistrationVersion]:
    """The versions of a registration that are asked for, or all of them."""
    registration = account.registrations[registration_id]
    found = [
        each
        for each in registration.versions
        if not version_numbers
        or each in [registration.version(number, "version_numbers") for number in version_numbers]
    ]

    return Page(Listed(found), matching(filters, RegistrationVersion), registration.reference)


def _shown(registration: Registration, version: RegistrationVersion) -> dict[str, Any]:
    return registration.reference | {
        "version_number": version.version_number,
        "registration_version_status": version.status,
        "registration_version_status_history": version.status_history,
    }


# Rules.


def _must_have_its_identities(account: Account, registration: Registration) -> None:
    """Refuse a registration whose type has ASSOCIATE_BEFORE_SUBMIT and that has no identity."""
    kinds = {each.kind for each in identities(account, registration)}
    for supported in registration.form.supported_associations:
        before = supported.association_behavior == "ASSOCIATE_BEFORE_SUBMIT"
        if before and supported.resource_type not in kinds:
            raise ConflictException("SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", registration)


def _must_not_have_begun_too_many(account: Account, registration: Registration) -> None:
    quota = "REGISTRATION_VERSIONS_CREATED_PER_DAY"
    begun = (each.status_history["draft_timestamp"] for each in registration.versions)
    if len(recent(begun, account.now())) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)
