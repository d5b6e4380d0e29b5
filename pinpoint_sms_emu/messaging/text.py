"""SendTextMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.messaging import checks
from pinpoint_sms_emu.messaging.channels import RCS, TEXT
from pinpoint_sms_emu.messaging.draft import Check, find_draft, send
from pinpoint_sms_emu.messaging.parts import segment
from pinpoint_sms_emu.operations import operation
from pinpoint_sms_emu.resources.identities import table_of

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account

CHECKS: Final[tuple[Check, ...]] = (
    checks.country_is_served,
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
        # Inferred: nothing else in the request has anything to say.
        raise ValidationException("MISSING_PARAMETER", message_body="is required")
    # An RCS agent that is named sends it in its own way, in one part.
    by_agent = origination_identity and table_of(origination_identity, account.rcs_agents)
    draft = find_draft(
        account,
        RCS if by_agent else TEXT,
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
        parts=None if by_agent else segment(message_body),
        destination_country_parameters=destination_country_parameters or {},
    )
    return send(draft, CHECKS, dry_run=dry_run)
