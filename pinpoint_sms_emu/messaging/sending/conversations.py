"""Conversations: the sessions of RCS agents that are registered for conversational pricing.

User guide, "Conversational pricing events and fields": a session "begins when your agent sends a
message and the recipient replies within 24 hours (business-initiated), or when the recipient sends
a message and your agent responds (user-initiated)", and ends 24 hours later. The session fee covers
its messages.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from pinpoint_sms_emu.messaging.messages import Message

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.service.account import Account

# From a published event record of Canada; for other countries it is inferred.
SESSION_FEE: Final = Decimal("0.012")

_DAY: Final = timedelta(hours=24)
_BILLING: Final = "agentDetails.billingCategory"


class Conversation(NamedTuple):
    """A session between an agent and an end user."""

    began: datetime
    # The message that began it, and its sender: OUTBOUND is the agent, INBOUND the end user.
    initiating_message_id: str
    initiating_message_type: str
    # Whether it has a message of the agent already, with which the fee was paid.
    is_paid: bool = False


def find_conversation(account: Account, agent: RcsAgent, person: str) -> Conversation | None:
    """Return the session of a message that an agent sends to an end user now, or None."""
    if not _is_conversational(account, agent):
        return None
    now = account.now()
    conversation: Conversation | None = None
    latest: Message | None = None
    for message in _exchanged(account, agent, person, since=now - 2 * _DAY):
        is_new = latest is not None and message.direction != latest.direction
        is_soon = latest is not None and message.created - latest.created <= _DAY
        if latest and is_new and is_soon and not _lasts(conversation, message.created):
            conversation = Conversation(message.created, latest.id, latest.direction.upper())
        if conversation and message.direction == "outbound":
            conversation = conversation._replace(is_paid=True)
        latest = message
    if _lasts(conversation, now):
        return conversation
    if latest and latest.direction == "inbound" and now - latest.created <= _DAY:
        return Conversation(now, latest.id, "INBOUND")
    return None


def _lasts(conversation: Conversation | None, at: datetime) -> bool:
    return conversation is not None and at - conversation.began < _DAY


def _exchanged(
    account: Account, agent: RcsAgent, person: str, *, since: datetime
) -> Iterable[Message]:
    """Return the messages between an agent and an end user, oldest first."""
    sent = account.messages.latest_to(person), account.messages.latest_to(agent.id)
    found = [
        message
        for messages in sent
        for message in _until(messages, since)
        if {message.sender, message.recipient} == {agent.id, person}
    ]
    return sorted(found, key=lambda message: message.sequence)


def _until(messages: Iterable[Message], since: datetime) -> Iterable[Message]:
    for message in messages:
        if message.created < since:
            return
        yield message


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
