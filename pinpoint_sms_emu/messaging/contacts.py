"""The last messages between an account and end users, as far as they decide what happens next.

They do not depend on which messages are kept: users may clear those.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message
    from pinpoint_sms_emu.service.account import Account

# Beyond this number, the end user of the oldest message is removed.
_MAX_PEOPLE: Final = 100_000
# The identities of an end user that are kept, the latest: an account may lease new ones for ever.
MAX_IDENTITIES: Final = 50

_ARRIVED: Final = frozenset({"SUCCESSFUL", "DELIVERED", "READ", "COMPLETED"})


class Conversation(NamedTuple):
    """A session of conversational pricing between an RCS agent and an end user."""

    began: datetime
    # The message that began it, and its sender: OUTBOUND is the agent, INBOUND the end user.
    initiating_message_id: str
    initiating_message_type: str
    # Whether it has a message of the agent already, with which the fee was paid.
    is_paid: bool = False


class LastMessage(NamedTuple):
    """The last message between an RCS agent and an end user, and its session."""

    at: datetime
    message_id: str
    direction: str
    conversation: Conversation | None = None


@dataclass(slots=True, eq=False, repr=False)
class Contact:
    """The last message to an end user from one origination identity."""

    sent: datetime | None = None
    arrived: datetime | None = None
    # Of the last message that is not the reply to a keyword.
    message_id: str | None = None
    # With an RCS agent.
    exchange: LastMessage | None = None


@dataclass(slots=True, eq=False, repr=False)
class Contacts:
    """The contacts of an account, by end user and name of the identity, latest last.

    Mappings and contacts are replaced and not changed, as a state may be written meanwhile.
    """

    people: dict[str, dict[str, Contact]] = field(default_factory=dict)

    def of(self, person: str) -> dict[str, Contact]:
        """Return the contacts with an end user, by the name of the identity."""
        return self.people.get(person, {})

    def renew(self, person: str, identity: str) -> Contact:
        """Return a copy of the contact of an end user with an identity, as the latest one."""
        identities = dict(self.people.pop(person, ()))
        contact = identities[identity] = _copied(identities.pop(identity, None))
        if len(identities) > MAX_IDENTITIES:
            del identities[next(iter(identities))]
        self.people[person] = identities
        if len(self.people) > _MAX_PEOPLE:
            del self.people[next(iter(self.people))]
        return contact

    def note_arrival(self, person: str, identity: str, at: datetime) -> None:
        """Record that the last message to an end user from an identity has arrived."""
        identities = self.of(person)
        known = identities.get(identity)
        if known is not None and known.arrived != at:
            contact = _copied(known)
            contact.arrived = at
            self.people[person] = identities | {identity: contact}


def _copied(contact: Contact | None) -> Contact:
    if contact is None:
        return Contact()
    return Contact(contact.sent, contact.arrived, contact.message_id, contact.exchange)


def name_of(identity_id: str, sender: str) -> str:
    """Return the name of an identity: members of shared pools may have the same id."""
    return f"{identity_id} {sender}"


def note_sent(account: Account, message: Message) -> None:
    """Record that a message is sent. Generic senders, which no account owns, make no contact."""
    if message.origination_identity is None:
        return
    name = name_of(message.origination_identity, message.sender)
    contact = account.contacts.renew(message.recipient, name)
    contact.sent = message.created
    if message.in_reply_to is None:
        contact.message_id = message.id


def note_status(account: Account, message: Message) -> None:
    """Record that a message has arrived, if it has according to its status."""
    if message.status not in _ARRIVED or message.origination_identity is None:
        return
    name = name_of(message.origination_identity, message.sender)
    account.contacts.note_arrival(message.recipient, name, account.now())
