"""SendVoiceMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import VOICE
from pinpoint_sms_emu.messaging.sending.draft import Check, find_draft, send
from pinpoint_sms_emu.messaging.sending.speech import read_script
from pinpoint_sms_emu.service.operations import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

CHECKS: Final[tuple[Check, ...]] = (
    checks.country_takes_calls,
    checks.destination_is_verified,
    checks.origin_is_active,
    checks.origin_was_found,
    checks.region_has_calls,
    checks.origin_has_a_voice,
    checks.origin_can_send_there,
    checks.destination_has_not_opted_out,
    checks.protection_allows_it,
    checks.price_per_minute_is_acceptable,
    checks.destination_was_not_called_too_often,
    checks.sandbox_has_calls_left,
    checks.spend_limit_leaves_room,
)


@operation
def send_voice_message(
    account: Account,
    *,
    destination_phone_number: str,
    origination_identity: str,
    message_body: str | None = None,
    message_body_text_type: str = "TEXT",
    voice_id: str = "MATTHEW",
    configuration_set_name: str | None = None,
    max_price_per_minute: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    dry_run: bool = False,
    protect_configuration_id: str | None = None,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Call one recipient, and speak a text."""
    if message_body is None:
        # Inferred: without it, there is no content.
        raise ValidationException("MISSING_PARAMETER", message_body="is required")
    draft = find_draft(
        account,
        VOICE,
        destination_phone_number=destination_phone_number,
        origination_identity=origination_identity,
        configuration_set_name=configuration_set_name,
        protect_configuration_id=protect_configuration_id,
        max_price=max_price_per_minute,
        time_to_live=time_to_live,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=message_body,
        spoken=read_script(message_body, message_body_text_type),
        message_body_text_type=message_body_text_type,
        voice_id=voice_id,
    )
    return send(draft, CHECKS, dry_run=dry_run)
