"""SendTextMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.messaging.messages import Fallback
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import RCS, TEXT
from pinpoint_sms_emu.messaging.sending.draft import Check, find_draft, send
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.service.operations import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# User guide, "Automatic SMS fallback", for messages without a named identity: without a delivery
# confirmation "within 25 seconds, the service falls back to SMS".
_FALLBACK_SECONDS: Final = 25

CHECKS: Final[tuple[Check, ...]] = (
    checks.country_is_served,
    checks.country_takes_rcs,
    checks.destination_is_verified,
    checks.origin_is_active,
    checks.origin_has_the_type,
    checks.origin_was_found,
    checks.origin_has_the_capability,
    checks.origin_can_send_there,
    checks.origin_has_the_keyword,
    checks.destination_has_not_opted_out,
    checks.protection_allows_it,
    checks.price_is_acceptable,
    checks.spend_limit_leaves_room,
)


@operation
def send_text_message(
    account: Account,
    *,
    destination_phone_number: str,
    origination_identity: str | None = None,
    message_body: str | None = None,
    message_type: str | None = None,
    keyword: str | None = None,
    configuration_set_name: str | None = None,
    max_price: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    destination_country_parameters: dict[str, str] | None = None,
    dry_run: bool = False,
    protect_configuration_id: str | None = None,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Send an SMS message to one recipient."""
    if message_body is None:
        # Inferred: without it, there is no content.
        raise ValidationException("MISSING_PARAMETER", message_body="is required")
    draft = find_draft(
        account,
        TEXT,
        destination_phone_number=destination_phone_number,
        origination_identity=origination_identity,
        configuration_set_name=configuration_set_name,
        protect_configuration_id=protect_configuration_id,
        message_type=message_type,
        keyword=keyword,
        max_price=max_price,
        time_to_live=time_to_live,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=message_body,
        parts=segment(message_body),
        destination_country_parameters=destination_country_parameters or {},
    )
    if draft.channel is RCS and (draft.origin.pool or origination_identity is None):
        fallback = Fallback(
            channel="SMS", after=_FALLBACK_SECONDS, body=message_body, message_type=message_type
        )
        draft = draft._replace(channel_members={**draft.channel_members, "fallback": fallback})
    return send(draft, CHECKS, dry_run=dry_run)
