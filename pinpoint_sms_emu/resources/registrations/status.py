"""The status of a registration, and the effects of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ConflictException
from pinpoint_sms_emu.resources import notify_configurations, rcs_launches
from pinpoint_sms_emu.service.rules import must_not_be_leaving

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# The statuses of a version that waits for a decision.
UNDER_REVIEW: Final = ("SUBMITTED", "AWS_REVIEWING", "REVIEWING", "REQUIRES_AUTHENTICATION")

_DETAIL_TYPE: Final = "Registration Status Change"


def find_registration(account: Account, registration_id: str) -> Registration:
    """Find a registration by id or ARN; a deleted one is not found."""
    registration = account.registrations[registration_id]
    must_not_be_leaving(registration)
    return registration


def must_not_be_closed(registration: Registration, reason: str) -> None:
    """Refuse to change a closed registration, which can only be deleted.

    User guide, "Registration status": "you must also delete the registration". How each operation
    refuses is inferred.
    """
    if registration.status == "CLOSED":
        raise ConflictException(reason, registration)


def set_status(account: Account, registration: Registration, status: str) -> None:
    """Set the status of a registration; a change updates agents and Notify, and is published."""
    if registration.status != status:
        registration.status = status
        rcs_launches.follow_registration(account, registration.id, status)
        notify_configurations.follow_registration(account, registration.registration_type, status)
        publish_status(account, registration)


def publish_status(account: Account, registration: Registration) -> None:
    """Publish the status of a registration to EventBridge, including the first one, CREATED.

    User guide, "Monitoring with EventBridge": the list has every status except AWS_REVIEWING, and
    the sample's time has no fraction of a second.
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
