"""Waiting for messages, and streams of messages, as coroutines on the server's event loop."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from werkzeug.exceptions import ServiceUnavailable

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.message_queries import Query
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.state.steps import Steps

if TYPE_CHECKING:
    import threading

    from pinpoint_sms_emu.emulator import Emulator

T = TypeVar("T")

# Proxies close connections without data, so a comment is sent at this interval.
COMMENT_SECONDS = 10.0
# Limited, because each watcher is called with every change, and has an open connection.
MAX_WATCHERS = 800
# The maximum number of unread messages of a watcher; with more, it must start again.
MAX_UNREAD = 1000


async def finish_async(steps: Steps[T]) -> T:
    """Compute everything, and return the result; other requests are answered between steps."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        await asyncio.sleep(0)


class Changes:
    """Collects changed messages, from any thread, for a coroutine that waits.

    A message that changes several times before `take` is returned once.
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
        """Add a changed message; the emulator calls this under its lock."""
        if self._fits(message):
            if len(self._messages) >= MAX_UNREAD:
                self._messages.clear()
                self._has_lost_some = True
            self._messages[message.id] = message
            self.set()

    def set(self) -> None:
        """Wake the coroutine; the emulator calls this on reset and close."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._is_woken.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for a change, a reset or the close; return False after a timeout."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_woken.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> tuple[bool, list[Message]]:
        """Return whether all messages must be read again, and the changed messages."""
        self._is_woken.clear()
        engine = self._engine
        with engine.lock:
            begins_anew = self._has_lost_some or self._generation != engine.generation
            changed, self._messages = list(self._messages.values()), {}
            self._has_lost_some, self._generation = False, engine.generation
            if begins_anew:
                # Only messages of the current state, none from before a reset.
                store = engine.state.messages
                changed = [each for each in changed if store.get(each.id) is each]
        return begins_anew, changed


@dataclass(frozen=True)
class Waiting:
    """An answer that is computed again after each change of a matching message.

    `look` returns the answer, and whether it is complete. After a timeout, the last answer is used.
    """

    emulator: Emulator
    look: Callable[[], Steps[tuple[Any, bool]]]
    fits: Callable[[Message], bool]
    seconds: float

    async def answer(self) -> Any:
        """Wait for the answer."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.seconds
        with Changes(self.emulator, self.fits) as changes:
            while True:
                changes.take()
                answer, is_found = await finish_async(self.look())
                if is_found or engine_of(self.emulator).closing.is_set():
                    return answer
                if not await changes.wait(end - loop.time()):
                    return answer


def answer_of(answered: Any) -> Any:
    """Return the answer of a route's function, or a coroutine that computes it or waits for it."""
    if isinstance(answered, Generator):
        try:
            next(answered)
        except StopIteration as end:
            answered = end.value
        else:
            return _finish_or_wait(answered)
    return answered.answer() if isinstance(answered, Waiting) else answered


async def _finish_or_wait(steps: Steps[Any]) -> Any:
    answered = await finish_async(steps)
    return await answered.answer() if isinstance(answered, Waiting) else answered


class Stream:
    """Server-sent events for each new or changed message."""

    def __init__(self, emulator: Emulator, query: Query, *, events: bool = True) -> None:
        self.emulator = emulator
        # Whether messages have their records.
        self._with_records = events
        self._fits = query.test()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield events until the client disconnects or the emulator is closed."""
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
    """Return whether another watcher is allowed."""
    return len(engine_of(emulator).watchers) < MAX_WATCHERS


def must_have_room(emulator: Emulator) -> None:
    """Refuse a watcher that exceeds the limit."""
    if not has_room(emulator):
        raise ServiceUnavailable(f"{MAX_WATCHERS} clients already wait for messages or watch them")
