"""Routes for the recorded API calls."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from typing import Any, TypedDict, Unpack, cast

from werkzeug.wrappers import Response

from pinpoint_sms_emu.control import cloudtrail
from pinpoint_sms_emu.control.formats import listing
from pinpoint_sms_emu.control.stream import COMMENT_SECONDS, MAX_UNREAD, must_have_room
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.service.calls import MEMBERS, Call, CallFilters, CallQuery
from pinpoint_sms_emu.state.steps import Steps

# `as` cannot be the name of a parameter in Python.
As = TypedDict("As", {"as": str | None}, total=False)


class ListedCalls(CallQuery, As, total=False):
    """Filters for calls, and the format."""

    format: str | None


class StreamedCalls(CallFilters, total=False):
    """Filters for a stream of calls."""


def list_calls(emulator: Emulator, **query: Unpack[ListedCalls]) -> Steps[Any]:
    """List the recorded API calls, oldest first, including refused ones."""
    filters: Any = dict(query)
    form = filters.pop("format", None)
    is_cloudtrail = _is_cloudtrail(filters.pop("as", None))
    found = yield from engine_of(emulator).calls.search(**filters)
    if is_cloudtrail:
        accounts = engine_of(emulator).state.accounts
        return {"Records": (cloudtrail.record(call, accounts) for call in found.calls)}
    document = {
        "calls": (call.as_dict() for call in found.calls),
        "total": found.total,
        "forgotten": found.forgotten,
    }
    return listing(document, "calls", form, MEMBERS)


def get_call(emulator: Emulator, request_id: str, **form: Unpack[As]) -> Any:
    """Show one API call, and why it was refused."""
    is_cloudtrail = _is_cloudtrail(form.get("as"))
    engine = engine_of(emulator)
    call = engine.calls.get(request_id)
    return cloudtrail.record(call, engine.state.accounts) if is_cloudtrail else call.as_dict()


def _is_cloudtrail(form: str | None) -> bool:
    if form not in (None, "cloudtrail"):
        raise ValueError(f"as must be cloudtrail, not {form!r:.80}")
    return form == "cloudtrail"


def clear_calls(emulator: Emulator) -> Any:
    """Remove all recorded API calls."""
    emulator.clear_calls()
    return {}


def stream_calls(emulator: Emulator, **filters: Unpack[StreamedCalls]) -> Response:
    """Stream each new API call, as server-sent events."""
    emulator.find_calls(**filters, limit=0)
    must_have_room(emulator)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = CallStream(emulator, filters)
    return Response(cast("Any", aiter(stream)), mimetype="text/event-stream", headers=headers)


class CallStream:
    """Server-sent events, one for each call."""

    def __init__(self, emulator: Emulator, filters: StreamedCalls) -> None:
        self._engine = engine_of(emulator)
        self._filters = filters
        self._unread: list[Call] = []
        self._has_lost_some = False
        self._generation = self._engine.generation

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield events until the client disconnects or the emulator is closed."""
        loop, woken = asyncio.get_running_loop(), asyncio.Event()

        class Watcher:
            def set(self) -> None:
                if not loop.is_closed():
                    loop.call_soon_threadsafe(woken.set)

        watcher = Watcher()

        def note(call: Call) -> None:
            if self._fits(call):
                if len(self._unread) >= MAX_UNREAD:
                    self._unread, self._has_lost_some = [], True
                self._unread.append(call)
                watcher.set()

        engine = self._engine
        with engine.lock:
            engine.calls.listeners.append(note)
            engine.watchers.append(cast("threading.Event", watcher))
        try:
            yield b": open\n\n"
            while not engine.closing.is_set():
                try:
                    async with asyncio.timeout(COMMENT_SECONDS):
                        await woken.wait()
                except TimeoutError:
                    yield b": still here\n\n"
                woken.clear()
                if events := self._take():
                    yield events
        finally:
            with engine.lock:
                engine.calls.listeners.remove(note)
                engine.watchers.remove(cast("threading.Event", watcher))

    def _fits(self, call: Call) -> bool:
        return all(value in (None, getattr(call, name)) for name, value in self._filters.items())

    def _take(self) -> bytes:
        engine = self._engine
        with engine.lock:
            unread, self._unread = self._unread, []
            begins_anew = self._has_lost_some or self._generation != engine.generation
            self._has_lost_some, self._generation = False, engine.generation
            if begins_anew:
                # Only recorded calls, none from before a reset.
                kept = set(engine.calls.all())
                unread = [each for each in unread if each in kept]
        events = [b"event: reset\ndata: {}\n\n"] if begins_anew else []
        for call in unread:
            encoded = json.dumps(call.as_dict(), separators=(",", ":"), default=str)
            events.append(f"data: {encoded}\n\n".encode())
        return b"".join(events)
