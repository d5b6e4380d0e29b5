"""The open blocks of `mock_sms`, and choosing the one that answers a call.

A block that is entered in an asyncio task is open in that task, and in everything that inherits the
task's context. Any other block is open on all threads and in all tasks. Of the blocks that are open
for a call, the one that was entered last answers. If none is open, as in a thread that a task has
started, the one that was entered last anywhere answers, so that no call is sent over the network.
"""

from __future__ import annotations

import os
import sys
import threading
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from pinpoint_sms_emu.doors import endpoints

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine


class OpenBlock(NamedTuple):
    """A block that was entered, and the blocks in which it is nested."""

    number: int
    engine: Engine
    within: tuple[int, ...]
    thread: int
    is_of_a_task: bool
    process: int


_numbers = count(1)
# In the order in which they were entered. Replaced as a whole, so readers need no lock.
_open: tuple[OpenBlock, ...] = ()
# The numbers of blocks that were entered in this context; not the blocks, so that contexts do not
# keep engines alive.
_context: ContextVar[tuple[int, ...]] = ContextVar("pinpoint_sms_blocks", default=())


def enter(engine: Engine) -> OpenBlock:
    """Open a block; the caller holds the lock of `in_process`."""
    global _open  # noqa: PLW0603  the one list of open blocks
    within = _still_open(_context.get())
    block = OpenBlock(
        number=next(_numbers),
        engine=engine,
        within=within,
        thread=threading.get_ident(),
        is_of_a_task=_is_in_a_task(),
        process=os.getpid(),
    )
    _context.set((*within, block.number))
    _open = (*_open, block)
    return block


def leave(block: OpenBlock) -> None:
    """Close a block, in any order; the caller holds the lock of `in_process`."""
    global _open  # noqa: PLW0603
    _open = tuple(each for each in _open if each is not block)
    _context.set(_still_open(_context.get()))


def are_open() -> bool:
    """Return whether any block is open."""
    return bool(_open)


def innermost(entered: list[OpenBlock]) -> OpenBlock:
    """Choose which block of one `mock_sms()` is left: this context's, or else the last one."""
    context = _context.get()
    return next((each for each in reversed(entered) if each.number in context), entered[-1])


def who_answers(url: str) -> Engine | None:
    """Return the engine that answers a client with this endpoint, or None."""
    engine = answering()
    if engine is None or endpoints.is_served(url):
        return None
    passed = engine.settings.pass_through
    return None if passed and endpoints.is_listed(url, passed) else engine


def pass_through() -> tuple[str, ...]:
    """Return the endpoint URLs in `pass_through` of all open blocks."""
    return tuple(url for block in _open for url in block.engine.settings.pass_through)


def answering() -> Engine | None:
    """Return the engine that answers calls from the current context to any endpoint."""
    blocks = _open
    if len(blocks) <= 1:
        return blocks[0].engine if blocks else None
    context = _context.get()
    own = next((each for each in reversed(blocks) if each.number in context), None)
    if own is None:
        return blocks[-1].engine
    # A test runner may have copied the context before it entered a fixture's block.
    inner = [each for each in blocks if own.number in each.within and _is_for_all(each, own)]
    return (inner or [own])[-1].engine


def _is_for_all(block: OpenBlock, outer: OpenBlock) -> bool:
    return block.thread == outer.thread and not block.is_of_a_task


def _still_open(numbers: tuple[int, ...]) -> tuple[int, ...]:
    current = {each.number for each in _open}
    return tuple(number for number in numbers if number in current)


def _is_in_a_task() -> bool:
    # Does not import asyncio: a process with tasks has done so.
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None  # noqa: SLF001 it does not raise
