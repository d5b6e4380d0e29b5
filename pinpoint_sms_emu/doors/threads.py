"""Runs blocking functions on threads, for an event loop."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import copy_context
from typing import TypeVar

Result = TypeVar("Result")


async def on_a_thread(function: Callable[[], Result]) -> Result:
    """Like asyncio.to_thread, but with a daemon thread, which does not delay the exit."""
    import asyncio  # noqa: PLC0415  callers have imported it

    loop = asyncio.get_running_loop()
    done: asyncio.Future[Result] = loop.create_future()

    def tell(result: Result | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(result)  # type: ignore[arg-type]  # there is one without an error

    def run() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as raised:  # noqa: BLE001  it is raised in the coroutine
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(tell, result, error)

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    return await done
