"""Drafts: everything about a message that is to be sent, and sending it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypedDict, Unpack

from pinpoint_sms_emu.messaging.contacts import note_sent
from pinpoint_sms_emu.messaging.delivery import feedback, simulation
from pinpoint_sms_emu.messaging.messages import LONGEST_TIME_TO_LIVE, Fallback, Message
from pinpoint_sms_emu.messaging.sending import speech
from pinpoint_sms_emu.messaging.sending.channels import RCS, TEXT, Channel
from pinpoint_sms_emu.messaging.sending.conversations import (
    SESSION_FEE,
    find_conversation,
    note_exchange,
)
from pinpoint_sms_emu.messaging.sending.parts import Parts, rcs_segments
from pinpoint_sms_emu.messaging.sending.rcs_content import is_text
from pinpoint_sms_emu.messaging.sending.selection import Origin, find_origin
from pinpoint_sms_emu.messaging.sending.suitability import IdentityRequest, message_types
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.resources.identities import other_account
from pinpoint_sms_emu.resources.protect_configurations import ProtectDecision, protect_decision
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.rcs_launches import business_id
from pinpoint_sms_emu.service.destinations import Destination, read_destination
from pinpoint_sms_emu.service.throttling import (
    Limit,
    must_not_send_too_fast,
    must_not_send_too_often,
)

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
    from pinpoint_sms_emu.service.account import Account


class ChannelMembers(TypedDict, total=False):
    """Members that only some channels have."""

    destination_country_parameters: dict[str, str]
    media_urls: list[str]
    voice_id: str
    message_body_text_type: str
    rcs_content: dict[str, Any]
    template_id: str
    template_variables: dict[str, str]
    fallback: Fallback | None
    fallback_of: str
    # Members that only texts of SNS have; see `Message`.
    api: str
    failure: str


class Draft(NamedTuple):
    """A message before it is sent, with everything that the request names."""

    account: Account
    channel: Channel
    destination: Destination
    origin: Origin
    configuration_set: ConfigurationSet | None
    protect_decision: ProtectDecision
    body: str | None
    parts: Parts | None
    call_seconds: int | None
    # The price of a part, segment, message or minute, their number, and the total with fees.
    unit_price: Decimal
    units: int
    price: Decimal
    max_price: Decimal | None
    keyword: str | None
    # The message type of the request, and the one that applies.
    requested_type: str | None
    message_type: str
    time_to_live: int
    context: dict[str, str]
    feedback_enabled: bool
    channel_members: ChannelMembers


def find_draft(
    account: Account,
    channel: Channel,
    *,
    destination_phone_number: str,
    origination_identity: str | None = None,
    origin: Origin | None = None,
    configuration_set_name: str | None = None,
    protect_configuration_id: str | None = None,
    message_type: str | None = None,
    keyword: str | None = None,
    max_price: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    message_feedback_enabled: bool | None = None,
    body: str | None = None,
    parts: Parts | None = None,
    spoken: str | None = None,
    **channel_members: Unpack[ChannelMembers],
) -> Draft:
    """Find everything that a request names, and choose what it leaves to the service.

    `origin` is given if the caller has chosen it; `spoken` is the text of a voice message.
    """
    destination = read_destination(destination_phone_number, "destination_phone_number")
    configuration_set = (
        account.configuration_sets[configuration_set_name] if configuration_set_name else None
    )
    request = IdentityRequest(
        account=account,
        channel=channel,
        destination=destination,
        message_type=message_type,
        preferred_type=configuration_set.default_message_type if configuration_set else None,
        default_sender_id=configuration_set.default_sender_id if configuration_set else None,
    )
    origin = origin or find_origin(request, origination_identity)
    units = parts.number if parts else 1
    call_seconds = None
    if spoken is not None:
        call_seconds = speech.call_seconds(spoken, account.settings.account_tier)
        units = speech.minutes(call_seconds)
    if channel is TEXT and isinstance(origin.identity, RcsAgent):
        # An RCS agent sends a text as RCS.
        channel, parts = RCS, None
    if channel is RCS and is_text(channel_members.get("rcs_content")):
        units = rcs_segments(body or "", destination.iso_country_code)
    decided = protect_decision(
        account,
        destination,
        channel.capability,
        protect_configuration_id=protect_configuration_id,
        configuration_set=configuration_set,
    )

    if message_feedback_enabled is None and configuration_set:
        message_feedback_enabled = configuration_set.default_message_feedback_enabled
    unit_price = channel.price(destination.iso_country_code).total
    return Draft(
        account=account,
        channel=channel,
        destination=destination,
        origin=origin,
        configuration_set=configuration_set,
        protect_decision=decided,
        body=body,
        parts=parts,
        call_seconds=call_seconds,
        unit_price=unit_price,
        units=units,
        price=unit_price * units,
        max_price=Decimal(max_price) if max_price else None,
        keyword=keyword,
        requested_type=message_type,
        message_type=message_type or _own_type(origin, request.preferred_type),
        time_to_live=time_to_live or LONGEST_TIME_TO_LIVE,
        context=context or {},
        feedback_enabled=message_feedback_enabled or False,
        channel_members=channel_members,
    )


def _own_type(origin: Origin, default: str | None) -> str:
    """Return the type of a message without one: the default if the origin has it (decisions 44)."""
    types = message_types(origin.pool or origin.identity)
    return default if default in types else types[0]


Check: TypeAlias = Callable[[Draft], None]


def send(
    draft: Draft, checks: Iterable[Check], *, dry_run: bool = False, limits: Sequence[Limit] = ()
) -> dict[str, str]:
    """Send a draft that no check refuses. A dry run returns before the first change.

    `limits` are rate limits in addition to those of the origin.
    """
    for check in checks:
        check(draft)
    account, identity, capability = draft.account, draft.origin.identity, draft.channel.capability
    # User guide, "Throughput limits": an RCS message counts as one unit.
    parts = draft.parts.number if draft.parts and capability != "RCS" else 1
    if capability in ("SMS", "MMS") and not dry_run:
        must_not_send_too_often(account, draft.destination.phone_number)
    must_not_send_too_fast(account, capability, identity, parts, dry_run=dry_run, others=limits)

    message_id = account.random_source.uuid()
    if not dry_run:
        accept(draft, message_id)
    return {"message_id": message_id}


def _log_time(draft: Draft) -> None:
    """Count a message towards the limits per day, minute and second."""
    account, channel, recipient = draft.account, draft.channel, draft.destination.phone_number
    settings = account.settings
    if channel.capability == "VOICE":
        account.within_a_day.add(f"VOICE {recipient}", account.now())
        if settings.account_tier == "SANDBOX":
            account.within_a_day.add("VOICE", account.now())
        if settings.throttling:
            account.within_a_minute.add("VOICE", account.now())
    elif settings.throttling and channel.capability in ("SMS", "MMS"):
        account.within_a_second.add(recipient, account.now())
    if channel.spend == "NOTIFY":
        account.within_a_day.add(f"NOTIFY {recipient}", account.now())


def accept(draft: Draft, message_id: str) -> Message:
    """Add the cost, keep the message, and begin its delivery."""
    account, origin, parts = draft.account, draft.origin, draft.parts
    message = Message(
        id=message_id,
        account_id=account.account_id,
        region=account.region,
        channel=draft.channel.name,
        direction="outbound",
        sender=origin.sender,
        recipient=draft.destination.phone_number,
        body=draft.body,
        created=account.now(),
        message_type=draft.message_type,
        origination_identity=origin.identity.id if origin.identity else None,
        # Sender IDs and agents have no number type.
        number_type=getattr(origin.identity, "number_type", None),
        international=getattr(origin.identity, "international_sending_enabled", False),
        pool_id=origin.pool.id if origin.pool else None,
        pool_account_id=(other_account(origin.pool, account.account_id) if origin.pool else None),
        configuration_set=draft.configuration_set.name if draft.configuration_set else None,
        encoding=parts.encoding if parts else None,
        # The minutes of a call are not parts.
        parts=1 if draft.channel.capability == "VOICE" else draft.units,
        call_seconds=draft.call_seconds,
        price=float(draft.price),
        context=draft.context,
        feedback="PENDING" if draft.feedback_enabled else None,
        iso_country_code=draft.destination.iso_country_code,
        time_to_live=draft.time_to_live,
        protect_configuration_id=(
            draft.protect_decision.configuration.id
            if draft.protect_decision.configuration
            else None
        ),
        protect_status=draft.protect_decision.status,
        spend=draft.channel.spend,
        rcs_business_id=(
            business_id(origin.identity, draft.destination.iso_country_code)
            if isinstance(origin.identity, RcsAgent)
            else None
        ),
        **draft.channel_members,
    )
    price = _join_conversation(draft, message)
    spend_limits.add_cost(account, draft.channel.spend, price)
    account.messages.keep(message)
    note_sent(account, message)
    if isinstance(origin.identity, RcsAgent) and message.channel == "rcs":
        note_exchange(account, origin.identity, message.recipient, message)
    _log_time(draft)
    if draft.feedback_enabled:
        feedback.expect(account, message)
    simulation.deliver(account, message)
    return message


def _join_conversation(draft: Draft, message: Message) -> Decimal:
    """Add a message to its agent's session, whose fee covers it; return its cost."""
    agent = draft.origin.identity
    if message.channel != "rcs" or not isinstance(agent, RcsAgent):
        return draft.price
    conversation = find_conversation(draft.account, agent, message.recipient)
    if conversation is None:
        return draft.price
    message.conversation_initiating_message_id = conversation.initiating_message_id
    message.conversation_initiating_message_type = conversation.initiating_message_type
    message.conversation_session_fee = float(SESSION_FEE)
    message.price = 0.0
    # Inferred: the session is paid with its first message.
    return Decimal(0) if conversation.is_paid else SESSION_FEE
