"""The messages of an emulator: found by id, by recipient and by queries; the oldest leave first."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from pinpoint_sms_emu.messaging.message_queries import Query, spellings
from pinpoint_sms_emu.messaging.messages import Message


@dataclass(frozen=True, slots=True)
class FoundMessages:
    """The messages that match, how many there are without the limit, how many have been removed."""

    messages: list[Message]
    total: int
    forgotten: int


_sequence = attrgetter("sequence")


class Messages:
    """All messages of an emulator, in the order they were made; the oldest leave first.

    Those that have left are the ones up to a sequence number, so every list of messages can be cut
    there, and one page of them costs the same among any number.
    """

    def __init__(
        self,
        max_messages: int,
        left: Callable[[Message], None] = lambda _message: None,
    ) -> None:
        self.max_messages = max_messages
        # Called with every new message and every changed one.
        self.listeners: list[Callable[[Message], None]] = []
        # Called with every message that leaves.
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

    def get(self, message_id: str) -> Message | None:
        """Find a message by its id, or None."""
        return self._by_id.get(message_id)

    def __getitem__(self, message_id: str) -> Message:
        """Find a message by its id; one that is unknown or has been removed is a LookupError."""
        message = self._by_id.get(message_id)
        if message is None:
            raise LookupError(f"there is no message {message_id}, or it has been removed")
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
        """Find the messages that match, latest first; after a message come those that are older."""
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

    def latest_to(self, recipient: str) -> Iterator[Message]:
        """Go through the messages to a recipient, the latest first."""
        run = self._by_recipient.get(recipient, [])
        for index in range(len(run) - 1, -1, -1):
            if run[index].sequence <= self._gone:
                return
            yield run[index]

    def keep(self, message: Message) -> None:
        """Add a message; when there are too many, the oldest is removed."""
        self.sequence += 1
        message.sequence = self.sequence
        self._put(message)
        if len(self._by_id) > self.max_messages:
            self._remove_oldest()
        self.notify(message)

    def notify(self, message: Message) -> None:
        """Call the listeners: a message is new, or has changed."""
        if self.listeners:
            for listener in list(self.listeners):
                listener(message)

    def clear(self, query: Query | None = None) -> None:
        """Delete the messages that fit a query, or all; they count as those that have left."""
        cleared = {message.id for message in (self if query is None else self.find(query).messages)}
        kept = tuple(message for message in self if message.id not in cleared)
        for message in self:
            if message.id in cleared:
                self._left(message)
        forgotten, sequence = self.forgotten + len(cleared), self.sequence
        self._take(kept)
        self.forgotten, self.sequence = forgotten, sequence

    def restore(self, messages: list[Message], forgotten: int) -> None:
        """Hold these instead, in this order."""
        self._take(tuple(messages))
        self.forgotten = forgotten
        self.sequence = messages[-1].sequence if messages else 0

    def _put(self, message: Message) -> None:
        self._order.append(message)
        self._by_id[message.id] = message
        run = self._by_recipient.get(message.recipient)
        if run is None:
            self._by_recipient[message.recipient] = [message]
        else:
            run.append(message)

    def _remove_oldest(self) -> None:
        # Those who have left are held on to until they are cut off, some at a time.
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
