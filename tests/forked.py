"""Runs functions in forked children of the test process."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# In seconds; a child that hangs is killed.
LONGEST = 60


def in_a_child(do: Callable[[], object]) -> str:
    """Run a function in a forked child, and return its result or exception as a text."""
    with forked(do) as answer:
        return answer()


@contextmanager
def forked(do: Callable[[], object]) -> Iterator[Callable[[], str]]:
    """Run a function in a forked child, which lives until the end; yields what waits for a result.

    A child that takes too long is killed, and its result is empty.
    """
    reading, writing = os.pipe()
    end, may_end = os.pipe()
    child = os.fork()
    if not child:
        _run(do, writing, end, reading, may_end)
    os.close(writing)
    timer = threading.Timer(LONGEST, os.kill, (child, signal.SIGKILL))
    timer.start()

    def answer() -> str:
        with os.fdopen(os.dup(reading)) as pipe:
            line = pipe.readline()
        result: str = json.loads(line) if line else ""
        return result

    try:
        yield answer
    finally:
        os.close(may_end)
        os.waitpid(child, 0)
        timer.cancel()
        for pipe in (reading, end):
            os.close(pipe)


def _run(do: Callable[[], object], writing: int, end: int, *others: int) -> None:
    """Report the result in the child, and end with the test."""
    for pipe in others:
        os.close(pipe)
    try:
        said = str(do())
    except BaseException as error:  # noqa: BLE001  it is told
        said = f"{type(error).__name__}: {error}"
    os.write(writing, f"{json.dumps(said)}\n".encode())
    os.read(end, 1)
    os._exit(0)
