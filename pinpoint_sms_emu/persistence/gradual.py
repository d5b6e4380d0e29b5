"""Writes a state a few entries at a time, so that calls are answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, Self

from pinpoint_sms_emu.messaging.events.deliveries import PublishedRecord
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.persistence import document, long_lists
from pinpoint_sms_emu.persistence.document import dump_message, dump_published
from pinpoint_sms_emu.persistence.long_lists import LongList
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.state import steps

# Writing these takes half a millisecond.
MESSAGES_AT_ONCE: Final = 10


class GradualWriter:
    """Writes the document of one moment, while calls change the state.

    First, `slices` writes the messages, a few in each step; a message that changes meanwhile is
    written again. Then `begin_document` determines the moment, and writes all but the long lists.
    Those are written last: their entries never change, except published records, which are written
    before they do.

    Every transaction that changes a message must notify the message listeners. `write_message`
    returns what represents a message in the document.
    """

    def __init__(
        self, engine: Engine, write_message: Callable[[Message], Any] = dump_message
    ) -> None:
        self._engine = engine
        self._write_message = write_message
        self._begin()

    def _begin(self) -> None:
        self._state = self._engine.state
        self._unwritten = self._state.messages.by_id()
        self._written: dict[str, Any] = {}
        # The published records that have changed after the moment of the document, as they were.
        self._records: dict[str, Any] = {}

    def __enter__(self) -> Self:
        with self._engine.lock:
            self._begin()
            self._engine.message_listeners.append(self._note)
        return self

    def __exit__(self, *_error: object) -> None:
        with self._engine.lock:
            self._engine.message_listeners.remove(self._note)
            self._stop_listening()

    def _note(self, message: Message) -> None:
        self._unwritten[message.id] = message

    def _keep(self, record: PublishedRecord) -> None:
        self._records.setdefault(record.id, dump_published(record))

    def _stop_listening(self) -> None:
        listeners = self._state.events.change_listeners
        if self._keep in listeners:
            listeners.remove(self._keep)

    def slices(self) -> Iterator[None]:
        """Write a few messages in each step, until none is left; others can work between them."""
        while True:
            with self._engine.lock:
                if self._engine.state is not self._state:
                    self._begin()
                for _ in range(min(MESSAGES_AT_ONCE, len(self._unwritten))):
                    message_id, message = self._unwritten.popitem()
                    self._written[message_id] = self._write_message(message)
            if not self._unwritten:
                return
            yield

    def begin_document(self) -> dict[str, Any]:
        """Return the document of this moment, whose long lists must be written before the end."""
        with self._engine.transaction():
            for _ in self.slices():
                pass
            self._stop_listening()
            self._records = {}
            begun = document.begin(self._state)
            messages = begun["messages"]["kept"].entries
            begun["messages"]["kept"] = LongList(messages, self._message)
            published = begun["events"]["published"].entries
            begun["events"]["published"] = LongList(published, self._record)
            self._state.events.change_listeners.append(self._keep)
        return begun

    def _message(self, message: Message) -> Any:
        return self._written[message.id]

    def _record(self, record: PublishedRecord) -> Any:
        with self._engine.lock:
            kept = self._records.get(record.id)
            return dump_published(record) if kept is None else kept

    def finish(self) -> dict[str, Any]:
        """Return the whole document of this moment."""
        with self._engine.transaction():
            whole: dict[str, Any] = steps.finish(long_lists.complete(self.begin_document()))
            return whole


def encoded_message(message: Message) -> bytes:
    """Return what represents a message in a document that will be encoded as JSON."""
    return long_lists.encode(dump_message(message)).encode()
