"""The review of registrations: decisions, and their consequences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import UndecidableError
from pinpoint_sms_emu.reference.denial_reasons import describe
from pinpoint_sms_emu.resources import rcs_launches
from pinpoint_sms_emu.resources.registrations.automatic_review import find_denials, find_reasons
from pinpoint_sms_emu.resources.registrations.field_values import RegistrationFieldValue
from pinpoint_sms_emu.resources.registrations.provisioning import provision, withdraw
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW, set_status
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import LEAVING
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion
    from pinpoint_sms_emu.service.account import Account

# The status of the version after each decision. RegistrationStatus, about PROVISIONING: "your
# registration has been approved".
DECISIONS: Final[Mapping[str, str]] = {
    "COMPLETE": "APPROVED",
    "PROVISIONING": "APPROVED",
    "REQUIRES_UPDATES": "DENIED",
    "REQUIRES_AUTHENTICATION": "REQUIRES_AUTHENTICATION",
    "REVIEWING": "REVIEWING",
    "AWS_REVIEWING": "AWS_REVIEWING",
    "CLOSED": "REVOKED",
}
# The duration of a review with `like_aws="strict"`. Our choice: AWS says days or weeks.
_REVIEW_SECONDS: Final = 3 * 24 * 3600

_NO_REASON: Final = "The registration does not meet the requirements."


def review(
    account: Account,
    registration: Registration,
    decision: str,
    reason: str | None,
    fields: Mapping[str, str],
    carriers: Mapping[str, str] | None = None,
) -> None:
    """Decide about the version that was submitted last; wrong arguments raise a ValueError."""
    version = _must_be_decidable(registration, decision)
    if reason is not None and not isinstance(reason, str):
        raise ValueError(f"reason must be a text, not {quoted(reason)}")
    if fields and decision != "REQUIRES_UPDATES":
        raise ValueError("fields are denied with REQUIRES_UPDATES only")
    for path, why in fields.items():
        if path not in registration.form.fields:
            raise ValueError(f"{quoted(path)} is not a field of {registration.registration_type}")
        if not isinstance(why, str):
            raise ValueError(f"fields: the reason for {path} must be a text, not {quoted(why)}")

    if carriers:
        if DECISIONS[decision] != "APPROVED":
            raise ValueError("carriers decide with PROVISIONING or COMPLETE only")
        rcs_launches.set_carriers(account, registration.id, carriers)

    if decision == "REQUIRES_UPDATES":
        _deny(account, registration, version, [reason or _NO_REASON], fields)
    else:
        decide(account, registration, version, decision)


def _must_be_decidable(registration: Registration, decision: Any) -> RegistrationVersion:
    known: list[str] = service_model().shapes["RegistrationStatus"]["enum"]
    if not isinstance(decision, str) or (decision not in known and decision not in DECISIONS):
        raise ValueError(f"decision must be one of {', '.join(DECISIONS)}, not {decision!r:.80}")
    if decision not in DECISIONS:
        raise UndecidableError(f"{decision} is not a decision that reviewers make")
    version = registration.submitted
    if registration.status in LEAVING:
        raise UndecidableError(f"{registration.id} was deleted")
    if version is None:
        raise UndecidableError(f"{registration.id} has no version that was submitted")
    if decision == "CLOSED" and registration.approved:
        return registration.approved
    return version


def decide(
    account: Account, registration: Registration, version: RegistrationVersion, decision: str
) -> None:
    """Set the statuses of a version and its registration, and those of its identities."""
    outcome, former = DECISIONS[decision], registration.approved
    if outcome == "APPROVED":
        version.drop_denial()
        if former is not None and former is not version:
            former.enter("ARCHIVED", account.now())
    version.enter(outcome, account.now())
    match decision:
        case "COMPLETE" if not provision(account, registration):
            # Until the quota has room for its sender ID.
            decision = "PROVISIONING"
        case "CLOSED":
            # The review of a later version has no point any more.
            if registration.current.status in UNDER_REVIEW:
                registration.current.enter(outcome, account.now())
            withdraw(account, registration)
    set_status(account, registration, decision)


def _deny(
    account: Account,
    registration: Registration,
    version: RegistrationVersion,
    reasons: Iterable[str],
    fields: Mapping[str, str],
) -> None:
    """Deny a version. Observed: a field without a value gets an entry with only the reason."""
    decide(account, registration, version, "REQUIRES_UPDATES")
    version.drop_denial()
    version.denied_reasons = [describe(each) for each in reasons]
    order = list(registration.form.fields)
    for path, why in fields.items():
        value = version.values.setdefault(
            path, RegistrationFieldValue(id=path, sequence=order.index(path) + 1)
        )
        value.denied_reason = why
    # Only a review by AWS gives feedback. AWS generates the texts; here they are the reasons.
    if version.aws_review:
        version.feedback = version.denied_reasons[0]["short_description"]
        for path, why in fields.items():
            version.values[path].feedback = why


@job
def check_submission(account: Account, version: RegistrationVersion) -> None:
    """Deny an incomplete or wrong submission before the review."""
    if version.status != "SUBMITTED":
        return
    registration = account.registrations[version.registration_id]
    denials = find_denials(account, registration, version)
    reasons = dict.fromkeys((*find_reasons(account, registration), *denials.values()))
    if reasons:
        _deny(account, registration, version, reasons, denials)


@job
def approve_submission(account: Account, version: RegistrationVersion) -> None:
    """Approve a submission, with `registrations="automatic"`."""
    if version.status == "SUBMITTED":
        registration = account.registrations[version.registration_id]
        decide(account, registration, version, "COMPLETE")


@job
def begin_review(account: Account, version: RegistrationVersion) -> None:
    """Set the status of a submission that waits for a reviewer."""
    if version.status == "SUBMITTED":
        registration = account.registrations[version.registration_id]
        decision = "AWS_REVIEWING" if version.aws_review else "REVIEWING"
        decide(account, registration, version, decision)
        if account.settings.is_strict:
            account.schedule(finish_review, version, _REVIEW_SECONDS)


@job
def finish_review(account: Account, version: RegistrationVersion) -> None:
    """Approve a submission after the duration of a review, with `like_aws="strict"`."""
    if version.status in ("REVIEWING", "AWS_REVIEWING"):
        registration = account.registrations[version.registration_id]
        decide(account, registration, version, "COMPLETE")
