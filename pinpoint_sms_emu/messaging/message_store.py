"""The messages of an emulator, with look-up by id, by recipient and by queries."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from pinpoint_sms_emu.messaging.message_queries import Query, spellings
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.state.found import Found
from pinpoint_sms_emu.state.steps import Steps, finish, select_in_steps


@dataclass(frozen=True, slots=True)
class FoundMessages(Found[Message]):
    """The matching messages, their number without the limit, and the number of removed ones."""

    messages: list[Message]
    total: int
    forgotten: int

    @property
    def _entries(self) -> list[Message]:
        return self.messages


_sequence = attrgetter("sequence")


def _find_among(
    messages: list[Message], query: Query, total: int | None, forgotten: int
) -> Steps[FoundMessages]:
    """Find the matching messages; with a `total`, these are the messages of the page already."""
    if total is None:
        messages = yield from select_in_steps(messages, query.test())
        total = len(messages)
    in_order = messages[::-1] if query.order == "newest" else messages
    return FoundMessages(in_order[: query.limit], total, forgotten)


class Messages:
    """The latest messages of an emulator, in the order of their creation.

    If there are too many, the oldest are removed. All messages up to a sequence number are removed,
    so lists are cut by binary search, and a page costs the same at any number of messages.
    """

    def __init__(
        self,
        max_messages: int,
        on_removal: Callable[[Message], None] = lambda _message: None,
    ) -> None:
        self.max_messages = max_messages
        # Called with every new message and every changed one.
        self.listeners: list[Callable[[Message], None]] = []
        # Called with every message that is removed.
        self._on_removal = on_removal
        self._replace_all(())

    def _replace_all(self, messages: tuple[Message, ...]) -> None:
        self.forgotten = 0
        self.sequence = 0
        self._removed_up_to = 0
        self._order: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._by_recipient: dict[str, list[Message]] = {}
        for message in messages:
            self._put(message)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Message]:
        start = bisect_right(self._order, self._removed_up_to, key=_sequence)
        return iter(self._order[start:])

    def by_id(self) -> dict[str, Message]:
        """Return all messages by their ids."""
        return dict(self._by_id)

    def get(self, message_id: str) -> Message | None:
        """Return a message by its id, or None."""
        return self._by_id.get(message_id)

    def __getitem__(self, message_id: str) -> Message:
        """Return a message by its id; raise a LookupError if it is unknown or removed."""
        message = self._by_id.get(message_id)
        if message is None:
            raise LookupError(f"there is no message {message_id!s:.80}, or it has been removed")
        return message

    def find(self, query: Query) -> FoundMessages:
        """Find the messages that match a query, in its order."""
        return finish(self.search(query))

    def search(self, query: Query) -> Steps[FoundMessages]:
        """Find messages as `find` does, in steps; only this call itself needs the lock."""
        position = self[query.after].sequence if query.after else 0
        candidates = self._order if query.recipient is None else self._received_by(query.recipient)
        is_reversed = query.order == "newest"
        before_start = self._removed_up_to if is_reversed else max(position, self._removed_up_to)
        start = bisect_right(candidates, before_start, key=_sequence)
        end = len(candidates)
        if is_reversed and position:
            end = bisect_left(candidates, position, key=_sequence)
        total = None if query.needs_a_look else end - start
        if total is not None and query.limit is not None:
            # Only the page is copied.
            if is_reversed:
                start = max(start, end - query.limit)
            else:
                end = min(end, start + query.limit)
        return _find_among(candidates[start:end], query, total, self.forgotten)

    def _received_by(self, recipient: str) -> list[Message]:
        lists = [found for each in spellings(recipient) if (found := self._by_recipient.get(each))]
        return lists[0] if len(lists) == 1 else sorted(chain(*lists), key=_sequence)

    def keep(self, message: Message) -> None:
        """Add a message; when there are too many, the oldest is removed."""
        self.sequence += 1
        message.sequence = self.sequence
        self._put(message)
        if len(self._by_id) > self.max_messages:
            self._remove_oldest()
        self.notify(message)

    def notify(self, message: Message) -> None:
        """Call the listeners, because a message is new or has changed."""
        if self.listeners:
            for listener in list(self.listeners):
                listener(message)

    def clear(self, query: Query | None = None) -> None:
        """Delete the messages that match a query, or all; they count as `forgotten`."""
        self._drop(list(self) if query is None else self.find(query).messages)

    def remove(self, message_id: str) -> None:
        """Delete one message. An unknown id is a LookupError."""
        self._drop([self[message_id]])

    def discard(self, message_ids: Iterable[str]) -> None:
        """Delete messages by their ids; unknown ids are skipped."""
        self._drop([each for name in message_ids if (each := self._by_id.get(name))])

    def _drop(self, cleared: list[Message]) -> None:
        for message in cleared:
            self._on_removal(message)
            del self._by_id[message.id]
        self.forgotten += len(cleared)
        self._cut(self._order, cleared)
        by_recipient: dict[str, list[Message]] = {}
        for message in cleared:
            by_recipient.setdefault(message.recipient, []).append(message)
        for recipient, removed in by_recipient.items():
            received = self._by_recipient[recipient]
            self._cut(received, removed)
            if not received or received[-1].sequence <= self._removed_up_to:
                del self._by_recipient[recipient]

    def _cut(self, messages: list[Message], removed: list[Message]) -> None:
        """Delete removed messages from a list, of which only the part with them is visited."""
        if removed:
            start = bisect_left(messages, min(map(_sequence, removed)), key=_sequence)
            end = bisect_right(messages, max(map(_sequence, removed)), lo=start, key=_sequence)
            messages[start:end] = [each for each in messages[start:end] if each.id in self._by_id]

    def restore(self, messages: list[Message], forgotten: int) -> None:
        """Replace all messages."""
        self._replace_all(tuple(messages))
        self.forgotten = forgotten
        self.sequence = messages[-1].sequence if messages else 0

    def _put(self, message: Message) -> None:
        message.protect()
        self._order.append(message)
        self._by_id[message.id] = message
        received = self._by_recipient.get(message.recipient)
        if received is None:
            self._by_recipient[message.recipient] = [message]
        else:
            received.append(message)

    def _remove_oldest(self) -> None:
        # Removed messages stay in the lists until many of them can be cut off at once.
        removed = len(self._order) - len(self._by_id) + 1
        oldest = self._order[removed - 1]
        self._removed_up_to = oldest.sequence
        self.forgotten += 1
        del self._by_id[oldest.id]
        if removed > len(self._by_id) // 8 + 16:
            del self._order[:removed]

        self._on_removal(oldest)
        received = self._by_recipient[oldest.recipient]
        if received[-1] is oldest:
            del self._by_recipient[oldest.recipient]
            return
        removed = bisect_right(received, self._removed_up_to, key=_sequence)
        if removed > len(received) // 8 + 16:
            del received[:removed]
