"""Server-sent events: each message, and each change of one, as it happens."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from werkzeug.exceptions import ServiceUnavailable

from pinpoint_sms_emu.messaging.messages import Message, Query

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator

# A left client is noticed only when something is written to it.
COMMENT_SECONDS = 10.0
# Each stream keeps a thread of the server busy; it has more than these.
MOST_STREAMS = 32


class Stream:
    """One who watches. Who is slow gets each message once, as it is by then."""

    def __init__(self, emulator: Emulator, query: Query, *, events: bool = True) -> None:
        self.emulator = emulator
        # Whether messages are shown with their records.
        self._with_records = events
        self._fits = query.test()
        self._changed: dict[str, Message] = {}
        self._bell = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        """Give events until the client leaves or the emulator ends."""
        emulator = self.emulator
        with emulator.lock:
            generation = emulator.generation
            emulator.message_listeners.append(self._hear)
            emulator.watchers.append(self._bell)
        try:
            yield b": open\n\n"
            while not emulator.closing.is_set():
                rung = self._bell.wait(COMMENT_SECONDS)
                with emulator.lock:
                    self._bell.clear()
                    renewed, generation = generation != emulator.generation, emulator.generation
                    changed, self._changed = self._changed, {}
                    events = [self._event(message) for message in changed.values()]
                if renewed:
                    events.insert(0, b"event: reset\ndata: {}\n\n")
                if events or not rung:
                    yield b"".join(events) or b": still here\n\n"
        finally:
            with emulator.lock:
                emulator.message_listeners.remove(self._hear)
                emulator.watchers.remove(self._bell)

    def _hear(self, message: Message) -> None:
        """Note a change; the emulator calls this under its lock."""
        if self._fits(message):
            self._changed[message.id] = message
            self._bell.set()

    def _event(self, message: Message) -> bytes:
        shown = message.as_dict(events=self._with_records)
        return f"data: {json.dumps(shown, separators=(',', ':'))}\n\n".encode()


def must_have_room(emulator: Emulator) -> None:
    """Refuse one stream too many."""
    if len(emulator.watchers) >= MOST_STREAMS:
        raise ServiceUnavailable(f"There are {MOST_STREAMS} streams open already")
