"""Where a registration stands, and who is told when that changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.resources import notify_configurations, rcs_launches

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.service.account import Account

# The statuses of a version on which somebody has yet to decide.
UNDER_REVIEW: Final = ("SUBMITTED", "AWS_REVIEWING", "REVIEWING", "REQUIRES_AUTHENTICATION")

_DETAIL_TYPE: Final = "Registration Status Change"


def turn_to(account: Account, registration: Registration, status: str) -> None:
    """Let a registration have a status; EventBridge is told where it is another than before."""
    if registration.status != status:
        registration.status = status
        rcs_launches.follow_registration(account, registration.id, status)
        notify_configurations.follow_registration(account, registration.registration_type, status)
        tell_status(account, registration)


def tell_status(account: Account, registration: Registration) -> None:
    """Tell EventBridge the status of a registration, also the first, CREATED.

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
