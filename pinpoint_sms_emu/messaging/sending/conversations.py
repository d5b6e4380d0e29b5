"""Conversations: the sessions of RCS agents that are registered for conversational pricing.

User guide, "Conversational pricing events and fields": a session "begins when your agent sends a
message and the recipient replies within 24 hours (business-initiated), or when the recipient sends
a message and your agent responds (user-initiated)", and ends 24 hours later. The session fee covers
its messages.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.contacts import Conversation, LastMessage, name_of
from pinpoint_sms_emu.messaging.inbound_rcs import (
    Interaction,
    is_published,
    make_conversation_started,
)
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.messaging.two_way_channels import answering_of, publish
from pinpoint_sms_emu.resources.rcs_launches import is_launched_in
from pinpoint_sms_emu.state.times_log import is_recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.service.account import Account

# From a published event record of Canada; for other countries it is inferred.
SESSION_FEE: Final = Decimal("0.012")

_DAY: Final = timedelta(hours=24)
_BILLING: Final = "agentDetails.billingCategory"


def find_conversation(account: Account, agent: RcsAgent, person: str) -> Conversation | None:
    """Return the session of a message that an agent sends to an end user now, or None."""
    contact = account.contacts.of(person).get(name_of(agent.id, agent.id))
    if contact is None or contact.exchange is None or not _is_conversational(account, agent):
        return None
    latest, now = contact.exchange, account.now()
    if _lasts(latest.conversation, now):
        return latest.conversation
    if latest.direction == "inbound" and _can_be_answered(latest, now):
        return Conversation(now, latest.message_id, "INBOUND")
    return None


def note_exchange(account: Account, agent: RcsAgent, person: str, message: Message) -> None:
    """Record a message between an agent and an end user, which may begin a session.

    An inbound message in a session gets the session's initiating message; an outbound one has it
    already. What a tester sends to an agent that is not launched has none, and starts nothing that
    is published: AWS's documentation does not say that testing agents have sessions.
    """
    contact = account.contacts.renew(person, name_of(agent.id, agent.id))
    latest, at, direction = contact.exchange, message.created, message.direction
    conversation = latest.conversation if latest else None
    is_launched = is_launched_in(account, agent, message.iso_country_code or "")
    is_answer = (
        latest is not None and direction != latest.direction and _can_be_answered(latest, at)
    )
    if not _lasts(conversation, at):
        conversation = None
        if latest and is_answer and _is_conversational(account, agent):
            conversation = Conversation(at, latest.message_id, latest.direction.upper())
            if is_launched:
                _publish_start(account, agent, person, message, conversation)
    if conversation and direction == "outbound":
        conversation = conversation._replace(is_paid=True)
    elif conversation and is_launched:
        message.conversation_initiating_message_id = conversation.initiating_message_id
        message.conversation_initiating_message_type = conversation.initiating_message_type
    contact.exchange = LastMessage(at, message.id, direction, conversation)


def _publish_start(
    account: Account, agent: RcsAgent, person: str, message: Message, conversation: Conversation
) -> None:
    """Publish CONVERSATION_STARTED to the two-way channel, if TwoWayRcsEventsEnabled has it."""
    answering = answering_of(account, agent)
    event = Interaction("conversation_started", {})
    if not answering.two_way_enabled or not is_published(agent, event):
        return
    started = Message(
        id=account.random_source.uuid(),
        account_id=account.account_id,
        region=account.region,
        channel="rcs",
        direction="inbound",
        sender=person,
        recipient=agent.id,
        body=None,
        created=conversation.began,
        pool_id=agent.pool_id,
        pool_account_id=agent.pool_account_id,
        encoding=None,
        parts=1,
        status="RECEIVED",
        iso_country_code=message.iso_country_code,
    )
    account.messages.keep(started)
    publish(account, answering, started, make_conversation_started(started, conversation))


def _lasts(conversation: Conversation | None, at: datetime) -> bool:
    return conversation is not None and is_recent(conversation.began, at, _DAY)


def _can_be_answered(latest: LastMessage, at: datetime) -> bool:
    """Return whether an answer begins a session: within a day, but not before the message."""
    return latest.at <= at <= latest.at + _DAY


def _is_conversational(account: Account, agent: RcsAgent) -> bool:
    """Return whether an approved registration of the agent has conversational pricing."""
    testing = (agent.testing_agent or {}).get("registration_id")
    launches = (launch.registration_id for launch in agent.launches.values())
    for registration_id in (testing, *launches):
        registration = account.registrations.get(registration_id or "")
        version = registration.approved if registration else None
        value = version.values.get(_BILLING) if version else None
        if value and value.select_choices == ["CONVERSATIONAL"]:
            return True
    return False
