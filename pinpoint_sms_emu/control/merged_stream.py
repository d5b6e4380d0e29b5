"""Interleaves the streams of several replicas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from werkzeug.exceptions import BadGateway

# Events that the client has not read yet; then the replicas wait.
MOST_UNREAD = 1000


async def interleaved(sources: Sequence[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    """Follow all streams as one, from a moment on when all are open."""
    # Each begins with a comment: from there on nothing is missed.
    await asyncio.gather(*(anext(source) for source in sources))
    return _interleave(sources)


async def _interleave(sources: Sequence[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    events: asyncio.Queue[bytes | None] = asyncio.Queue(MOST_UNREAD)
    tasks = [asyncio.create_task(_copy(source, events)) for source in sources]
    try:
        yield b": open\n\n"
        while (event := await events.get()) is not None:
            yield event
    finally:
        for task in tasks:
            task.cancel()


async def _copy(source: AsyncIterator[bytes], events: asyncio.Queue[bytes | None]) -> None:
    with suppress(BadGateway):
        async for event in source:
            await events.put(event)
    # What has ended at one replica is not whole any more.
    await events.put(None)
