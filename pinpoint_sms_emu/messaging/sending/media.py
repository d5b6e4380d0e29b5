"""SendMediaMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import MEDIA
from pinpoint_sms_emu.messaging.sending.draft import Check, find_draft, send
from pinpoint_sms_emu.service.operations import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

CHECKS: Final[tuple[Check, ...]] = (
    checks.country_is_served,
    checks.country_takes_media,
    checks.destination_is_verified,
    checks.origin_is_active,
    checks.origin_was_found,
    checks.origin_has_the_capability,
    checks.origin_can_send_there,
    checks.destination_has_not_opted_out,
    checks.protection_allows_it,
    checks.price_is_acceptable,
    checks.spend_limit_leaves_room,
)


@operation
def send_media_message(
    account: Account,
    *,
    destination_phone_number: str,
    origination_identity: str,
    message_body: str | None = None,
    media_urls: list[str] | None = None,
    configuration_set_name: str | None = None,
    max_price: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    dry_run: bool = False,
    protect_configuration_id: str | None = None,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Send an MMS message to one recipient. It is one part at any length of its text."""
    if message_body is None and not media_urls:
        # Inferred from the MMS fallback of RCS, where it is documented.
        raise ValidationException("MISSING_PARAMETER", media_urls="or a MessageBody is required")
    draft = find_draft(
        account,
        MEDIA,
        destination_phone_number=destination_phone_number,
        origination_identity=origination_identity,
        configuration_set_name=configuration_set_name,
        protect_configuration_id=protect_configuration_id,
        max_price=max_price,
        time_to_live=time_to_live,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=message_body,
        media_urls=media_urls or [],
    )
    return send(draft, CHECKS, dry_run=dry_run)
