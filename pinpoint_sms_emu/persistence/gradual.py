"""Writes a state a few messages at a time, so that calls are answered meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Final, Self

from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.persistence import document
from pinpoint_sms_emu.persistence.codec import codec
from pinpoint_sms_emu.service.engine import Engine

# Writing these takes half a millisecond.
MESSAGES_AT_ONCE: Final = 10

dump_message: Final = codec(Message).dump


class GradualWriter:
    """Writes messages before the rest of a document; those that change meanwhile, again.

    So the document is that of one moment, the last one. This needs a notification of the message
    listeners in every transaction that changes a message.

    `write_message` returns what represents a message in the document.
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

    def __enter__(self) -> Self:
        with self._engine.lock:
            self._begin()
            self._engine.message_listeners.append(self._note)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._engine.lock:
            self._engine.message_listeners.remove(self._note)

    def _note(self, message: Message) -> None:
        self._unwritten[message.id] = message

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

    def finish(self) -> dict[str, Any]:
        """Return the document of this moment."""
        with self._engine.transaction():
            for _ in self.slices():
                pass
            messages = [self._written[message.id] for message in self._state.messages]
            return document.write(self._state, messages)
