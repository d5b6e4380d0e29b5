"""SendRcsMessage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import InvalidArnError, ValidationException
from pinpoint_sms_emu.messaging.messages import Fallback
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import FALLBACKS, RCS
from pinpoint_sms_emu.messaging.sending.draft import Check, Draft, find_draft, send
from pinpoint_sms_emu.messaging.sending.rcs_content import must_be_showable, readable
from pinpoint_sms_emu.messaging.sending.selection import find_named
from pinpoint_sms_emu.messaging.sending.suitability import IdentityRequest
from pinpoint_sms_emu.service.operations import operation

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# User guide, "Configuring RCS message expiration": without TimeToLive the service "does not apply
# an expiration window". This is thirty years.
_WITHOUT_EXPIRATION: Final = 1_000_000_000

# The model's text lists the first five; the others are in AWS's agent guide and public programs.
_TRAFFIC_TYPES: Final = (
    "AUTHENTICATION",
    "TRANSACTION",
    "PROMOTION",
    "SERVICE_REQUEST",
    "ACKNOWLEDGEMENT",
    "TRANSACTIONAL",
    "PROMOTIONAL",
)

CHECKS: Final[tuple[Check, ...]] = (
    checks.country_is_served,
    checks.country_takes_rcs,
    checks.destination_is_verified,
    checks.origin_is_active,
    checks.origin_was_found,
    checks.origin_can_send_there,
    checks.destination_has_not_opted_out,
    checks.protection_allows_it,
    checks.price_is_acceptable,
    checks.spend_limit_leaves_room,
)


@operation
def send_rcs_message(
    account: Account,
    *,
    destination_phone_number: str,
    origination_identity: str,
    rcs_message_content: dict[str, Any] | None = None,
    time_to_live: int | None = None,
    message_traffic_type: str | None = None,
    fallback_configuration: dict[str, Any] | None = None,
    protect_configuration_id: str | None = None,
    configuration_set_name: str | None = None,
    max_price: str | None = None,
    dry_run: bool = False,
    context: dict[str, str] | None = None,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Send a text, a file, a card or a carousel to one recipient."""
    if rcs_message_content is None:
        # Inferred: without it, there is no content.
        raise ValidationException("MISSING_PARAMETER", rcs_message_content="is required")
    must_be_showable(rcs_message_content)
    if message_traffic_type not in (None, *_TRAFFIC_TYPES):
        raise ValidationException(
            "INVALID_PARAMETER", message_traffic_type=f"must be one of {', '.join(_TRAFFIC_TYPES)}"
        )
    if fallback_configuration:
        _must_have_something_to_send(fallback_configuration)
    draft = find_draft(
        account,
        RCS,
        destination_phone_number=destination_phone_number,
        origination_identity=origination_identity,
        configuration_set_name=configuration_set_name,
        protect_configuration_id=protect_configuration_id,
        max_price=max_price,
        time_to_live=time_to_live or _WITHOUT_EXPIRATION,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=readable(rcs_message_content),
        rcs_content=rcs_message_content,
    )
    if fallback_configuration:
        fallback = _read_fallback(draft, fallback_configuration)
        draft = draft._replace(channel_members={**draft.channel_members, "fallback": fallback})
    return send(draft, CHECKS, dry_run=dry_run)


def _must_have_something_to_send(fallback_configuration: dict[str, Any]) -> None:
    """Refuse an SMS fallback with files, and a fallback without content."""
    channel, body, media_urls = (
        fallback_configuration["channel"],
        fallback_configuration.get("message_body"),
        fallback_configuration.get("media_urls"),
    )
    if channel == "SMS" and media_urls:
        raise _wrong("INVALID_PARAMETER", "has MediaUrls, which only MMS has")
    if channel == "SMS" and body is None:
        raise _wrong("MISSING_PARAMETER", "needs a MessageBody for SMS")
    if body is None and not media_urls:
        raise _wrong("MISSING_PARAMETER", "needs a MessageBody or MediaUrls")


def _read_fallback(draft: Draft, fallback_configuration: dict[str, Any]) -> Fallback:
    """Parse the fallback, which is sent if the message fails or expires."""
    identity = fallback_configuration.get("origination_identity")
    if identity:
        _must_be_able_to_send(draft, fallback_configuration["channel"], identity)
    elif draft.origin.pool is None:
        # Inferred: the user guide calls it conditional; the service chooses only within a pool.
        raise _wrong("MISSING_PARAMETER", "needs an OriginationIdentity: no pool sends the message")
    return Fallback(
        channel=fallback_configuration["channel"],
        after=draft.time_to_live,
        body=fallback_configuration.get("message_body"),
        media_urls=fallback_configuration.get("media_urls", []),
        origination_identity=identity,
    )


def _must_be_able_to_send(draft: Draft, channel: str, identity: str) -> None:
    """Refuse an identity that does not exist; whether it can send is checked at the fallback."""
    request = IdentityRequest(
        account=draft.account, channel=FALLBACKS[channel], destination=draft.destination
    )
    try:
        find_named(request, identity)
    except InvalidArnError:
        raise
    except ValidationException as error:
        why = f"OriginationIdentity {error.members['Fields'][0]['Message']}"
        raise _wrong(error.members["Reason"], why) from error


def _wrong(reason: str, why: str) -> ValidationException:
    return ValidationException(reason, fallback_configuration=why)
