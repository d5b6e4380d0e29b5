"""Interleaves the streams of several replicas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import AsyncExitStack, suppress

from werkzeug.exceptions import BadGateway

# How many events wait for a slow client before the streams are read no further.
MAX_UNREAD = 1000


async def interleaved(sources: Sequence[AsyncGenerator[bytes]]) -> AsyncIterator[bytes]:
    """Follow all streams as one, after all of them have been opened."""
    async with AsyncExitStack() as opened:
        for source in sources:
            opened.push_async_callback(source.aclose)
            # A stream begins with a comment; from then on it misses nothing.
            await anext(source)
        opened.pop_all()
    return _interleave(sources)


async def _interleave(sources: Sequence[AsyncGenerator[bytes]]) -> AsyncIterator[bytes]:
    events: asyncio.Queue[bytes | None] = asyncio.Queue(MAX_UNREAD)
    tasks = [asyncio.create_task(_copy(source, events)) for source in sources]
    try:
        yield b": open\n\n"
        while (event := await events.get()) is not None:
            yield event
    finally:
        for task in tasks:
            task.cancel()


async def _copy(source: AsyncGenerator[bytes], events: asyncio.Queue[bytes | None]) -> None:
    with suppress(BadGateway):
        async for event in source:
            await events.put(event)
    # If one stream has ended, the merged stream is incomplete, and ends too.
    await events.put(None)
