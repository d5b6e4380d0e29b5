"""The status of a registration, and what follows when it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.resources import notify_configurations, rcs_launches
from pinpoint_sms_emu.service.rules import must_not_be_leaving

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# The statuses of a version that waits for a decision.
UNDER_REVIEW: Final = ("SUBMITTED", "AWS_REVIEWING", "REVIEWING", "REQUIRES_AUTHENTICATION")

_DETAIL_TYPE: Final = "Registration Status Change"


def find_registration(account: Account, registration_id: str) -> Registration:
    """Find a registration by id or ARN; one that was deleted is not found."""
    registration = account.registrations[registration_id]
    must_not_be_leaving(registration)
    return registration


def set_status(account: Account, registration: Registration, status: str) -> None:
    """Set the status of a registration; where it changes, agents, Notify and events follow."""
    if registration.status != status:
        registration.status = status
        rcs_launches.follow_registration(account, registration.id, status)
        notify_configurations.follow_registration(account, registration.registration_type, status)
        publish_status(account, registration)


def publish_status(account: Account, registration: Registration) -> None:
    """Publish the status of a registration to EventBridge, also the first one, CREATED.

    User guide, "Monitoring with EventBridge": its list has every status but AWS_REVIEWING, and its
    sample has milliseconds of a whole second.
    """
    if registration.status == "AWS_REVIEWING":
        return
    details = {
        "registrationId": registration.id,
        "registrationVersionNumber": registration.current_version_number,
        "registrationType": registration.registration_type,
        "registrationStatusChangeTimestamp": int(account.now().timestamp()) * 1000,
        "currentStatus": registration.status,
    }
    account.events.publish_account_event(
        account,
        _DETAIL_TYPE,
        {"registrationDetails": details, "registrationArn": registration.arn},
    )
