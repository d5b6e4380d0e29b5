"""Interleaves the streams of several replicas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from werkzeug.exceptions import BadGateway

# The maximum number of unread events; then the replicas wait.
MAX_UNREAD = 1000


async def interleaved(sources: Sequence[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    """Yield the events of all streams, after all are open."""
    # Each begins with a comment, after which no event is missed.
    await asyncio.gather(*(anext(source) for source in sources))
    return _interleave(sources)


async def _interleave(sources: Sequence[AsyncIterator[bytes]]) -> AsyncIterator[bytes]:
    events: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_UNREAD)
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
    # If one stream has ended, the merged stream is incomplete, and ends too.
    await events.put(None)
