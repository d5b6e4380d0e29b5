"""The messages of an emulator, with look-up by id, by recipient and by queries."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from pinpoint_sms_emu.messaging.message_queries import Query, spellings
from pinpoint_sms_emu.messaging.messages import Message


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """The matching messages, their number without the limit, and the number of removed ones."""

    messages: list[Message]
    total: int
    forgotten: int


_sequence = attrgetter("sequence")


class Messages:
    """The latest messages of an emulator, in the order of their creation.

    If there are too many, the oldest are removed. All messages up to a sequence number are removed,
    so lists are cut by binary search, and a page costs the same at any number of messages.
    """

    def __init__(
        self,
        max_messages: int,
        left: Callable[[Message], None] = lambda _message: None,
    ) -> None:
        self.max_messages = max_messages
        # Called with every new message and every changed one.
        self.listeners: list[Callable[[Message], None]] = []
        # Called with every message that is removed.
        self._left = left
        self._take(())

    def _take(self, messages: tuple[Message, ...]) -> None:
        self.forgotten = 0
        self.sequence = 0
        self._gone = 0
        self._order: list[Message] = []
        self._by_id: dict[str, Message] = {}
        self._by_recipient: dict[str, list[Message]] = {}
        for message in messages:
            self._put(message)

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Message]:
        start = bisect_right(self._order, self._gone, key=_sequence)
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
        position = self[query.after].sequence if query.after else 0
        run = self._order if query.recipient is None else self._received_by(query.recipient)
        if query.order == "newest":
            return self._find_newest(query, run, position)
        start = bisect_right(run, max(position, self._gone), key=_sequence)
        if not query.needs_a_look:
            end = None if query.limit is None else start + query.limit
            return FoundMessages(run[start:end], len(run) - start, self.forgotten)
        matching = list(filter(query.test(), run[start:]))
        return FoundMessages(matching[: query.limit], len(matching), self.forgotten)

    def _find_newest(self, query: Query, run: list[Message], position: int) -> FoundMessages:
        """Find the matching messages, latest first; `after` a message are the older ones."""
        start = bisect_right(run, self._gone, key=_sequence)
        end = bisect_left(run, position, key=_sequence) if position else len(run)
        if not query.needs_a_look:
            first = start if query.limit is None else max(start, end - query.limit)
            return FoundMessages(run[first:end][::-1], end - start, self.forgotten)
        matching = list(filter(query.test(), run[start:end]))[::-1]
        return FoundMessages(matching[: query.limit], len(matching), self.forgotten)

    def _received_by(self, recipient: str) -> list[Message]:
        runs = [run for each in spellings(recipient) if (run := self._by_recipient.get(each))]
        return runs[0] if len(runs) == 1 else sorted(chain(*runs), key=_sequence)

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
        self._drop(message.id for message in (self if query is None else self.find(query).messages))

    def remove(self, message_id: str) -> None:
        """Delete one message. An unknown id is a LookupError."""
        self._drop([self[message_id].id])

    def _drop(self, message_ids: Iterable[str]) -> None:
        cleared = set(message_ids)
        kept = tuple(message for message in self if message.id not in cleared)
        for message in self:
            if message.id in cleared:
                self._left(message)
        forgotten, sequence = self.forgotten + len(cleared), self.sequence
        self._take(kept)
        self.forgotten, self.sequence = forgotten, sequence

    def restore(self, messages: list[Message], forgotten: int) -> None:
        """Replace all messages."""
        self._take(tuple(messages))
        self.forgotten = forgotten
        self.sequence = messages[-1].sequence if messages else 0

    def _put(self, message: Message) -> None:
        message.protect()
        self._order.append(message)
        self._by_id[message.id] = message
        run = self._by_recipient.get(message.recipient)
        if run is None:
            self._by_recipient[message.recipient] = [message]
        else:
            run.append(message)

    def _remove_oldest(self) -> None:
        # Removed messages stay in the lists until many of them can be cut off at once.
        left = len(self._order) - len(self._by_id) + 1
        oldest = self._order[left - 1]
        self._gone = oldest.sequence
        self.forgotten += 1
        del self._by_id[oldest.id]
        if left > len(self._by_id) // 8 + 16:
            del self._order[:left]

        self._left(oldest)
        run = self._by_recipient[oldest.recipient]
        if run[-1] is oldest:
            del self._by_recipient[oldest.recipient]
        elif (left := bisect_right(run, self._gone, key=_sequence)) > len(run) // 8 + 16:
            del run[:left]
