"""Those who wait for messages or watch them: coroutines of the server's event loop, not threads."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, cast

from werkzeug.exceptions import ServiceUnavailable

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.message_queries import Query
from pinpoint_sms_emu.messaging.messages import Message

if TYPE_CHECKING:
    import threading

    from pinpoint_sms_emu.emulator import Emulator

# Proxies close a connection over which nothing comes for long.
COMMENT_SECONDS = 10.0
# Each watcher is called with every change of a message, and has a connection open.
MAX_WATCHERS = 800
# Messages that a watcher has not read yet; with more it must begin anew.
MAX_UNREAD = 1000


class Changes:
    """Changes of messages, noted on whatever thread they happen, for a coroutine that waits.

    A message that changes several times before it is taken is there once.
    """

    def __init__(self, emulator: Emulator, fits: Callable[[Message], bool]) -> None:
        self._engine = engine_of(emulator)
        self._fits = fits
        self._messages: dict[str, Message] = {}
        self._generation = self._engine.generation
        self._has_lost_some = False
        self._loop = asyncio.get_running_loop()
        self._is_woken = asyncio.Event()

    def __enter__(self) -> Self:
        with self._engine.lock:
            self._engine.message_listeners.append(self._note)
            self._engine.watchers.append(cast("threading.Event", self))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._engine.lock:
            self._engine.message_listeners.remove(self._note)
            self._engine.watchers.remove(cast("threading.Event", self))

    def _note(self, message: Message) -> None:
        """Note a change; the emulator calls this under its lock."""
        if self._fits(message):
            if len(self._messages) >= MAX_UNREAD:
                self._messages.clear()
                self._has_lost_some = True
            self._messages[message.id] = message
            self.set()

    def set(self) -> None:
        """Wake the coroutine; the emulator calls this at a reset and at its end."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._is_woken.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for a change, a reset or the end; False where the time is up before."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_woken.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> tuple[bool, list[Message]]:
        """Whether all is to be read anew, and the messages that have changed since."""
        self._is_woken.clear()
        engine = self._engine
        with engine.lock:
            begins_anew = self._has_lost_some or self._generation != engine.generation
            changed, self._messages = list(self._messages.values()), {}
            self._has_lost_some, self._generation = False, engine.generation
            if begins_anew:
                # Only what the present state has: nothing from before a reset.
                store = engine.state.messages
                changed = [each for each in changed if store.get(each.id) is each]
        return begins_anew, changed


@dataclass(frozen=True)
class Waiting:
    """An answer that is looked for again whenever a message that fits has changed.

    `look` gives the answer, and whether it is what is waited for; when the time is up, the answer
    is given as it is.
    """

    emulator: Emulator
    look: Callable[[], tuple[Any, bool]]
    fits: Callable[[Message], bool]
    seconds: float

    async def answer(self) -> Any:
        """Wait for the answer."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.seconds
        with Changes(self.emulator, self.fits) as changes:
            while True:
                changes.take()
                answer, is_found = self.look()
                if is_found or engine_of(self.emulator).closing.is_set():
                    return answer
                if not await changes.wait(end - loop.time()):
                    return answer


class Stream:
    """Server-sent events: each message, and each change of one, as it happens."""

    def __init__(self, emulator: Emulator, query: Query, *, events: bool = True) -> None:
        self.emulator = emulator
        # Whether messages have their records.
        self._with_records = events
        self._fits = query.test()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Give events until the client leaves or the emulator ends."""
        with Changes(self.emulator, self._fits) as changes:
            yield b": open\n\n"
            while not engine_of(self.emulator).closing.is_set():
                is_woken = await changes.wait(COMMENT_SECONDS)
                begins_anew, changed = changes.take()
                events = [b"event: reset\ndata: {}\n\n"] if begins_anew else []
                events += [self._event(message) for message in changed]
                if events or not is_woken:
                    yield b"".join(events) or b": still here\n\n"

    def _event(self, message: Message) -> bytes:
        document = message.as_dict(events=self._with_records)
        return f"data: {json.dumps(document, separators=(',', ':'))}\n\n".encode()


def has_room(emulator: Emulator) -> bool:
    """Whether one more may wait."""
    return len(engine_of(emulator).watchers) < MAX_WATCHERS


def must_have_room(emulator: Emulator) -> None:
    """Refuse one watcher too many."""
    if not has_room(emulator):
        raise ServiceUnavailable(f"{MAX_WATCHERS} wait for messages or watch them already")
