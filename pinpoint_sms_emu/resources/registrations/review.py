"""The review of registrations: what a reviewer decides, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.resources import rcs_launches
from pinpoint_sms_emu.resources.registrations.provisioning import provision, withdraw
from pinpoint_sms_emu.resources.registrations.status import turn_to
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.wire.model import service_model

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.registrations.versions import RegistrationVersion
    from pinpoint_sms_emu.service.account import Account

# What each decision makes of the version that it is about. RegistrationStatus: at PROVISIONING
# "your registration has been approved".
DECISIONS: Final[Mapping[str, str]] = {
    "COMPLETE": "APPROVED",
    "PROVISIONING": "APPROVED",
    "REQUIRES_UPDATES": "DENIED",
    "REQUIRES_AUTHENTICATION": "REQUIRES_AUTHENTICATION",
    "REVIEWING": "REVIEWING",
    "AWS_REVIEWING": "AWS_REVIEWING",
    "CLOSED": "REVOKED",
}
_NO_REASON: Final = "The registration does not meet the requirements."


class UndecidableError(Exception):
    """A decision that cannot be made about a registration as it is; says why."""


def review(
    account: Account,
    registration: Registration,
    decision: str,
    reason: str | None,
    fields: Mapping[str, str],
    carriers: Mapping[str, str] | None = None,
) -> None:
    """Decide about the version that was submitted last; wrong words are a ValueError."""
    version = _must_be_decidable(registration, decision)
    if fields and decision != "REQUIRES_UPDATES":
        raise ValueError("fields are denied with REQUIRES_UPDATES only")
    if unknown := sorted(fields.keys() - version.values.keys()):
        raise ValueError(f"{unknown[0]} has no value in version {version.version_number}")

    if carriers:
        if DECISIONS[decision] != "APPROVED":
            raise ValueError("carriers decide with PROVISIONING or COMPLETE only")
        rcs_launches.set_carriers(account, registration.id, carriers)

    decide(account, registration, version, decision)
    if decision == "REQUIRES_UPDATES":
        _give_reasons(version, reason or _NO_REASON, fields)


def _must_be_decidable(registration: Registration, decision: str) -> RegistrationVersion:
    known: list[str] = service_model().shapes["RegistrationStatus"]["enum"]
    if decision not in known and decision not in DECISIONS:
        raise ValueError(f"decision must be one of {', '.join(DECISIONS)}, not {decision!r:.80}")
    if decision not in DECISIONS:
        raise UndecidableError(f"{decision} is not a reviewer's to decide")
    version = registration.submitted
    if version is None:
        raise UndecidableError(f"{registration.id} has no version that was submitted")
    if decision == "CLOSED" and registration.approved:
        return registration.approved
    return version


def decide(
    account: Account, registration: Registration, version: RegistrationVersion, decision: str
) -> None:
    """Let a version and its registration be what was decided, and what hangs on it follow."""
    outcome, former = DECISIONS[decision], registration.approved
    if outcome == "APPROVED" and former is not None and former is not version:
        former.enter("ARCHIVED", account.now())
    version.enter(outcome, account.now())
    match decision:
        case "COMPLETE" if not provision(account, registration):
            # Until there is room for its sender ID.
            decision = "PROVISIONING"
        case "CLOSED":
            withdraw(account, registration)
    turn_to(account, registration, decision)


def _give_reasons(version: RegistrationVersion, reason: str, fields: Mapping[str, str]) -> None:
    version.denied_reasons = [{"reason": reason, "short_description": reason}]
    for path, why in fields.items():
        version.values[path].denied_reason = why
    # Feedback is what the review by AWS gives, whose texts are generated: here they are the same.
    if version.aws_review:
        version.feedback = reason
        for path, why in fields.items():
            version.values[path].feedback = why


@job
def approve_submission(account: Account, version: RegistrationVersion) -> None:
    """Nobody reviews: what was submitted is approved by the clock."""
    if version.status == "SUBMITTED":
        registration = account.registrations[version.registration_id]
        decide(account, registration, version, "COMPLETE")


@job
def begin_review(account: Account, version: RegistrationVersion) -> None:
    """A submission was accepted, and waits for its reviewer."""
    if version.status == "SUBMITTED":
        registration = account.registrations[version.registration_id]
        decision = "AWS_REVIEWING" if version.aws_review else "REVIEWING"
        decide(account, registration, version, decision)
