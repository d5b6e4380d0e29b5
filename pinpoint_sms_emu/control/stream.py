"""Waiting for messages, and streams of messages and calls, as coroutines on the event loop."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final, Generic, Self, TypeVar, cast

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.state.steps import Steps

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.service.engine import Engine

T = TypeVar("T")
E = TypeVar("E")

# Proxies close connections without data, so a comment is sent at this interval.
COMMENT_SECONDS = 10.0
# Limited, because each watcher is called with every change, and has an open connection.
MAX_WATCHERS = 800
# The maximum number of unread entries of a watcher; with more, it must start again.
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


@dataclass(frozen=True, slots=True)
class Source(Generic[E]):
    """What can be waited for: where new and changed entries are announced, and which are kept."""

    listeners: Callable[[Engine], list[Callable[[E], None]]]
    id_of: Callable[[E], str]
    # Returns those of some entries that belong to the current state.
    kept: Callable[[Engine, list[E]], list[E]]


def _kept_messages(engine: Engine, messages: list[Message]) -> list[Message]:
    store = engine.state.messages
    return [each for each in messages if store.get(each.id) is each]


def _kept_calls(engine: Engine, calls: list[Call]) -> list[Call]:
    kept = {each.request_id for each in engine.calls.all()}
    return [each for each in calls if each.request_id in kept]


MESSAGES: Final[Source[Message]] = Source(
    lambda engine: engine.message_listeners, attrgetter("id"), _kept_messages
)
CALLS: Final[Source[Call]] = Source(
    lambda engine: engine.calls.listeners, attrgetter("request_id"), _kept_calls
)


class Unread(Generic[E]):
    """Collects new and changed entries, from any thread, for a coroutine that waits.

    An entry that changes several times before `take` is returned once.
    """

    def __init__(self, emulator: Emulator, source: Source[E], fits: Callable[[E], bool]) -> None:
        self._engine = engine_of(emulator)
        self._source = source
        self._fits = fits
        # Messages change under the engine's lock, but calls are recorded without it.
        self._lock = threading.Lock()
        self._entries: dict[str, E] = {}
        self._generation = self._engine.generation
        self._has_lost_some = False
        self._loop = asyncio.get_running_loop()
        self._is_woken = asyncio.Event()

    def __enter__(self) -> Self:
        with self._engine.lock:
            self._source.listeners(self._engine).append(self._note)
            self._engine.watchers.append(self)
        return self

    def __exit__(self, *_error: object) -> None:
        with self._engine.lock:
            self._source.listeners(self._engine).remove(self._note)
            self._engine.watchers.remove(self)

    def _note(self, entry: E) -> None:
        """Add a new or changed entry."""
        if self._fits(entry):
            with self._lock:
                if len(self._entries) >= MAX_UNREAD:
                    self._entries.clear()
                    self._has_lost_some = True
                self._entries[self._source.id_of(entry)] = entry
            self.set()

    def set(self) -> None:
        """Wake the coroutine; the emulator calls this on reset and close."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._is_woken.set)

    async def wait(self, seconds: float) -> bool:
        """Wait for an entry, a reset or the close; return False after a timeout."""
        try:
            async with asyncio.timeout(seconds):
                await self._is_woken.wait()
        except TimeoutError:
            return False
        return True

    def take(self) -> tuple[bool, list[E]]:
        """Return whether everything must be read again, and the new and changed entries."""
        self._is_woken.clear()
        engine = self._engine
        with engine.lock, self._lock:
            begins_anew = self._has_lost_some or self._generation != engine.generation
            entries, self._entries = list(self._entries.values()), {}
            self._has_lost_some, self._generation = False, engine.generation
            if begins_anew:
                # Nothing from before a reset.
                entries = self._source.kept(engine, entries)
        return begins_anew, entries


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
        with Unread(self.emulator, MESSAGES, self.fits) as unread:
            while True:
                unread.take()
                answer, is_found = await finish_async(self.look())
                if is_found or engine_of(self.emulator).closing.is_set():
                    return answer
                if not await unread.wait(end - loop.time()):
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


def respond_with_events(
    emulator: Emulator,
    source: Source[E],
    fits: Callable[[E], bool],
    as_dict: Callable[[E], dict[str, Any]],
) -> Response:
    """Answer with a server-sent event for each new or changed entry."""
    must_have_room(emulator)
    events = follow(emulator, source, fits, as_dict)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(cast("Any", events), mimetype="text/event-stream", headers=headers)


async def follow(
    emulator: Emulator,
    source: Source[E],
    fits: Callable[[E], bool],
    as_dict: Callable[[E], dict[str, Any]],
) -> AsyncGenerator[bytes]:
    """Yield server-sent events until the client disconnects or the emulator is closed."""
    with Unread(emulator, source, fits) as unread:
        yield b": open\n\n"
        while not engine_of(emulator).closing.is_set():
            is_woken = await unread.wait(COMMENT_SECONDS)
            begins_anew, entries = unread.take()
            events = [b"event: reset\ndata: {}\n\n"] if begins_anew else []
            events += [_event(as_dict(each)) for each in entries]
            if events or not is_woken:
                yield b"".join(events) or b": still here\n\n"


def _event(document: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(document, separators=(',', ':'), default=str)}\n\n".encode()


def has_room(emulator: Emulator) -> bool:
    """Return whether another watcher is allowed."""
    return len(engine_of(emulator).watchers) < MAX_WATCHERS


def must_have_room(emulator: Emulator) -> None:
    """Refuse a watcher that exceeds the limit."""
    if not has_room(emulator):
        raise ServiceUnavailable(f"{MAX_WATCHERS} clients already wait for messages or watch them")
