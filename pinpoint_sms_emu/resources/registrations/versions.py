"""Registration versions: filled-in forms, which are submitted and reviewed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.registrations.definitions import find_problems
from pinpoint_sms_emu.resources.registrations.field_values import RegistrationFieldValue
from pinpoint_sms_emu.resources.registrations.registered_identities import (
    identities,
    resource_type,
)
from pinpoint_sms_emu.resources.registrations.review import (
    approve_submission,
    begin_review,
    check_submission,
)
from pinpoint_sms_emu.resources.registrations.status import (
    UNDER_REVIEW,
    find_registration,
    must_not_be_closed,
    set_status,
)
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.state.tables import LEAVING, Entry
from pinpoint_sms_emu.state.times_log import recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# DISCARDED means "abandoned to start over", which approved versions cannot be. REVOKED is inferred.
_NOT_TO_BE_DISCARDED: Final = ("APPROVED", "ARCHIVED", "DISCARDED", "REVOKED")


@dataclass(slots=True, kw_only=True)
class RegistrationVersion(Entry):
    """A filled-in form of a registration. Its sequence is its version number."""

    kind: ClassVar[str] = "registration-version"

    status: str = "DRAFT"
    # When it entered each status, by names such as draft_timestamp.
    status_history: dict[str, datetime] = field(default_factory=dict)
    aws_review: bool = False
    values: dict[str, RegistrationFieldValue] = field(default_factory=dict)
    # With the members of answers, such as reason and short_description.
    denied_reasons: list[dict[str, str]] | None = None
    feedback: str | None = None

    @property
    def version_number(self) -> int:
        """The version number."""
        return self.sequence

    @property
    def registration_id(self) -> str:
        """The id of the registration."""
        return self.id.partition("/")[0]

    @property
    def was_submitted(self) -> bool:
        """Whether it was submitted, and not discarded."""
        return "submitted_timestamp" in self.status_history and self.status != "DISCARDED"

    def enter(self, status: str, now: datetime) -> None:
        """Set the status and its time; do nothing if it has the status already."""
        if status != self.status or not self.status_history:
            self.status = status
            self.status_history[f"{status.lower()}_timestamp"] = now

    def drop_denial(self) -> None:
        """Remove the reasons of an earlier denial."""
        self.denied_reasons = self.feedback = None
        for path, value in list(self.values.items()):
            value.denied_reason = value.feedback = None
            if value.is_empty:
                del self.values[path]


def begin_version(account: Account, registration: Registration) -> RegistrationVersion:
    """Add an empty draft (observed)."""
    number = len(registration.versions) + 1
    version = RegistrationVersion(id=f"{registration.id}/{number}", sequence=number)
    version.enter("DRAFT", account.now())
    registration.versions.append(version)
    return version


@operation
def create_registration_version(account: Account, *, registration_id: str) -> dict[str, Any]:
    """Create the next version of a registration; the former one becomes read-only."""
    registration = find_registration(account, registration_id)

    must_not_be_closed(registration, "CREATE_REGISTRATION_VERSION_NOT_ALLOWED")
    if registration.current.status in ("DRAFT", *UNDER_REVIEW):
        raise ConflictException("CREATE_REGISTRATION_VERSION_NOT_ALLOWED", registration)
    _must_not_have_begun_too_many(account, registration)

    return _answer(registration, begin_version(account, registration))


@operation
def discard_registration_version(account: Account, *, registration_id: str) -> dict[str, Any]:
    """Discard the current version, so that a new one can be created."""
    registration = find_registration(account, registration_id)
    version = registration.current

    must_not_be_closed(registration, "DISCARD_REGISTRATION_VERSION_NOT_ALLOWED")
    if version.status in _NOT_TO_BE_DISCARDED:
        raise ConflictException("DISCARD_REGISTRATION_VERSION_NOT_ALLOWED", registration)

    was_under_review = version.status in UNDER_REVIEW
    version.enter("DISCARDED", account.now())
    if was_under_review:
        set_status(account, registration, registration.status_without_review)
    return _answer(registration, version)


@operation
def submit_registration_version(
    account: Account, *, registration_id: str, aws_review: bool = False
) -> dict[str, Any]:
    """Submit the current version for review."""
    registration = find_registration(account, registration_id)
    version = registration.current

    if version.status in UNDER_REVIEW:
        raise ConflictException("REGISTRATION_ALREADY_SUBMITTED", registration)
    must_not_be_closed(registration, "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED")
    if version.status != "DRAFT":
        raise ConflictException("SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", registration)
    _must_have_its_identities(account, registration)
    _must_be_filled_in(registration)

    version.aws_review = aws_review
    version.enter("SUBMITTED", account.now())
    set_status(account, registration, "SUBMITTED")
    # Observed: three seconds.
    account.schedule(check_submission, version, min(account.settings.transition_seconds, 3))
    automatic = account.settings.registrations == "automatic"
    account.schedule(approve_submission if automatic else begin_review, version)
    return _answer(registration, version) | {"aws_review": aws_review}


@operation
def describe_registration_versions(
    account: Account,
    *,
    registration_id: str,
    version_numbers: list[int] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[RegistrationVersion]:
    """List the versions of a registration that the request names, or all."""
    registration = find_registration(account, registration_id)
    named = {registration.version(each, "version_numbers").id for each in version_numbers or ()}

    found = [each for each in registration.versions if not named or each.id in named]
    return Paginated(Listed(found), matching(filters, RegistrationVersion), registration.reference)


def _answer(registration: Registration, version: RegistrationVersion) -> dict[str, Any]:
    return registration.reference | {
        "version_number": version.version_number,
        "registration_version_status": version.status,
        "registration_version_status_history": version.status_history,
    }


def missing_identities(account: Account, registration: Registration) -> list[str]:
    """Return the missing types of resources that must be associated before submission.

    A number that is being released does not count.
    """
    types = {
        resource_type(each)
        for each in identities(account, registration)
        if each.status not in LEAVING
    }
    return [
        supported.resource_type
        for supported in registration.form.supported_associations
        if supported.association_behavior == "ASSOCIATE_BEFORE_SUBMIT"
        and supported.resource_type not in types
    ]


# Rules.


def _must_have_its_identities(account: Account, registration: Registration) -> None:
    """Refuse a registration without an identity whose type has ASSOCIATE_BEFORE_SUBMIT."""
    if missing_identities(account, registration):
        raise ConflictException("SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", registration)


def _must_be_filled_in(registration: Registration) -> None:
    """Refuse a version with missing or disallowed fields, if the form is checked at submission.

    Observed: campaigns are refused; toll-free numbers, brands and agents are accepted, and denied
    within seconds. For all others, the model mentions "a validation error at submission time".
    """
    form = registration.form
    if form.incomplete_submissions == "DENIED":
        return
    problems = find_problems(form, registration.current.values)
    if problems and form.incomplete_submissions == "NOT_ALLOWED":
        raise ConflictException("SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", registration)
    if problems:
        sentences = {path: problem.sentence for path, problem in problems.items()}
        raise ValidationException("FIELD_VALIDATION_FAILED", **sentences)


def _must_not_have_begun_too_many(account: Account, registration: Registration) -> None:
    quota = "REGISTRATION_VERSIONS_CREATED_PER_DAY"
    begun = (each.status_history["draft_timestamp"] for each in registration.versions)
    if len(recent(begun, account.now())) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)
