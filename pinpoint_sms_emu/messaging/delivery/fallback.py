"""Fallback: sends an SMS or MMS instead of an RCS message that was not delivered."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ApiError, ResourceNotFoundException, ResourceReference
from pinpoint_sms_emu.messaging.events import publishing
from pinpoint_sms_emu.messaging.messages import Fallback, Message
from pinpoint_sms_emu.messaging.sending import media, text
from pinpoint_sms_emu.messaging.sending.channels import FALLBACKS
from pinpoint_sms_emu.messaging.sending.draft import Check, Draft, accept, find_draft
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import Origin, choose_from, find_origin
from pinpoint_sms_emu.messaging.sending.suitability import IdentityRequest
from pinpoint_sms_emu.resources.identities import pool_of
from pinpoint_sms_emu.service.destinations import read_destination
from pinpoint_sms_emu.state.scheduler import job

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

CHECKS: Final[dict[str, tuple[Check, ...]]] = {"SMS": text.CHECKS, "MMS": media.CHECKS}

_OPERATIONS: Final = {"SMS": "SendTextMessage", "MMS": "SendMediaMessage"}

logger = logging.getLogger("pinpoint_sms_emu")


@job
def fall_back(account: Account, message: Message) -> None:
    """Send the fallback; if it is refused, the message has failed."""
    fallback = message.fallback
    if not message.pending_events or fallback is None:
        return
    message.pending_events = ()
    # A policy of a shared identity must allow this operation, whichever one is being called.
    account.state.operation = _OPERATIONS[fallback.channel]
    try:
        draft = _find_draft(account, message, fallback)
        for check in CHECKS[fallback.channel]:
            check(draft)
    except ApiError as error:
        logger.info("%s cannot fall back to %s: %s", message.id, fallback.channel, error)
        publishing.record_event(account, message, "RCS_FAILED", is_final=True)
        return
    publishing.record_event(account, message, "RCS_FALLEN_BACK_TO_SMS", is_final=False)
    accept(draft, account.random_source.uuid())


def _find_draft(account: Account, message: Message, fallback: Fallback) -> Draft:
    """Return the draft of the fallback, with those settings of the message that still exist."""
    request = IdentityRequest(
        account=account,
        channel=FALLBACKS[fallback.channel],
        destination=read_destination(message.recipient, "destination_phone_number"),
        message_type=fallback.message_type,
    )
    configuration_set = message.configuration_set
    protect_configuration = message.protect_configuration_id
    return find_draft(
        account,
        request.channel,
        destination_phone_number=message.recipient,
        origin=_find_origin(request, message, fallback),
        configuration_set_name=(
            configuration_set if configuration_set in account.configuration_sets else None
        ),
        protect_configuration_id=(
            protect_configuration
            if protect_configuration in account.protect_configurations
            else None
        ),
        message_type=fallback.message_type,
        # SendRcsMessage's TimeToLive is how long "the RCS message is valid for delivery".
        time_to_live=None if message.rcs_content else message.time_to_live,
        context=message.context,
        # Feedback belongs to the original message, whose id the caller has.
        message_feedback_enabled=False,
        body=fallback.body,
        parts=segment(fallback.body or "") if fallback.channel == "SMS" else None,
        media_urls=fallback.media_urls,
        destination_country_parameters=message.destination_country_parameters,
        fallback_of=message.id,
    )


def _find_origin(request: IdentityRequest, message: Message, fallback: Fallback) -> Origin:
    if fallback.origination_identity or message.pool_id is None:
        return find_origin(request, fallback.origination_identity)
    pool = pool_of(request.account, message)
    if pool is None:
        raise ResourceNotFoundException(ResourceReference("pool", message.pool_id))
    return choose_from(request, pool)
