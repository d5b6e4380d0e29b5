"""The messages that were sent and received, kept so that tests and people can read them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from pinpoint_sms_emu.state.resource import Entries, Entry


@dataclass(slots=True, kw_only=True)
class Message(Entry):
    """A message as the control plane shows it; its id is the MessageId."""

    kind: ClassVar[str] = "message"

    account_id: str
    region: str
    channel: str
    direction: str
    sender: str
    recipient: str
    body: str | None
    created: datetime
    message_type: str | None = None
    origination_identity: str | None = None
    pool_id: str | None = None
    configuration_set: str | None = None
    encoding: str | None = None
    parts: int = 1
    price: float = 0.0
    status: str = "PENDING"
    feedback: str | None = None
    context: dict[str, str] = field(default_factory=dict)
    in_reply_to: str | None = None
    fallback_of: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def message_id(self) -> str:
        """The MessageId that the sender got."""
        return self.id


class Messages(Entries[Message]):
    """All messages of an emulator, in the order they were made; the oldest leave first."""

    def __init__(self, lock: threading.RLock, most: int) -> None:
        super().__init__()
        self.forgotten = 0
        self.sequence = 0
        self.most = most
        # Told of every new message and every change of one, so that people can wait for them.
        self.changed = threading.Condition(lock)

    def keep(self, message: Message) -> None:
        """Add a message; when there are too many, the oldest is forgotten."""
        self.sequence += 1
        message.sequence = self.sequence
        self.put(message)
        if len(self) > self.most:
            self.remove(self.oldest())
            self.forgotten += 1
        self.changed.notify_all()

    def matching(self, matches: Callable[[Message], bool], after: int = 0) -> list[Message]:
        """Find the messages after a position that match, oldest first."""
        return [message for _, message in self.after(after) if matches(message)]
