"""The log of `serve`: lines are queued, and written by a separate thread.

So no answer waits for a terminal or a pipe: writing a line takes as long as answering a call, and
blocks if standard error is a pipe that is not read.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import suppress
from functools import lru_cache
from logging.handlers import QueueHandler, QueueListener
from queue import Empty, SimpleQueue
from time import (  # a log has the real time, not the emulated one
    localtime,
    strftime,
    time,  # noqa: TID251
)
from typing import Any

# The maximum number of queued lines; further lines are dropped, and counted.
MAX_LINES = 10_000
# The interval of writing. The thread is not woken for each line, which would slow down calls.
LINE_SECONDS = 0.1

_LINES_AT_ONCE = 1000
_STANDARD_ERROR = 2
_TIME = "%Y-%m-%d %H:%M:%S"


class Log(QueueListener):
    """Writes the records of its `handler` and the lines of calls to a file descriptor.

    >>> log = Log()
    >>> logging.basicConfig(handlers=[log.handler])
    """

    def __init__(self, file: int = _STANDARD_ERROR) -> None:
        self._entries: SimpleQueue[Any] = SimpleQueue()
        self._writer = _Writer(file)
        super().__init__(self._entries, self._writer)
        self.handler = _Handler(self)
        # The number of lines that were dropped.
        self.dropped = 0
        self._reported = 0
        # What comes after the lines that were taken: a record, or an event of `flush`.
        self._next: list[Any] = []
        self._is_wanted = threading.Event()
        self.start()

    def note(self, line: str) -> None:
        """Queue a line, without making a log record, which takes as long as a call."""
        self.put((time(), line))

    def put(self, entry: logging.LogRecord | tuple[float, str]) -> None:
        """Queue a record, or a line with its time; drop it if there are too many."""
        if self._entries.qsize() < MAX_LINES:
            self._entries.put(entry)
        else:
            self.dropped += 1

    def flush(self, timeout: float) -> None:
        """Wait until everything is written, up to `timeout` seconds."""
        is_written = threading.Event()
        self._entries.put(is_written)
        self._is_wanted.set()
        is_written.wait(timeout)

    # Called by the listener's thread.

    def dequeue(self, block: bool) -> Any:  # noqa: FBT001  as in the standard library
        """Wait for a record or for lines; after these, report how many are missing."""
        while True:
            if self._next:
                return self._next.pop()
            if lines := self._take_lines():
                return lines
            if self._next:
                continue
            if missing := self.dropped - self._reported:
                self._reported += missing
                return [(time(), f"{missing} lines are missing here: the log was not read")]
            if not block:
                raise Empty
            self._is_wanted.wait(LINE_SECONDS)
            self._is_wanted.clear()

    def _take_lines(self) -> list[tuple[float, str]]:
        lines: list[tuple[float, str]] = []
        with suppress(Empty):
            while len(lines) < _LINES_AT_ONCE:
                entry = self._entries.get_nowait()
                if not isinstance(entry, tuple):
                    self._next.append(entry)
                    break
                lines.append(entry)
        return lines

    def handle(self, record: Any) -> None:
        """Write lines or a record, or set the event of a `flush`: all before it is written."""
        if isinstance(record, list):
            self._writer.write("".join([f"{_local(at)} {line}\n" for at, line in record]))
        elif isinstance(record, threading.Event):
            record.set()
        else:
            super().handle(record)


def _local(at: float) -> str:
    return f"{_local_second(int(at))}.{int(at % 1 * 1000):03d}"


@lru_cache(maxsize=2)
def _local_second(at: int) -> str:
    return strftime(_TIME, localtime(at))


class _Handler(QueueHandler):
    """Puts records into a log's queue."""

    def __init__(self, log: Log) -> None:
        super().__init__(log.queue)
        self._log = log
        # basicConfig would add the level and the logger's name.
        self.setFormatter(logging.Formatter("%(message)s"))

    def enqueue(self, record: logging.LogRecord) -> None:
        self._log.put(record)


class _Writer(logging.Handler):
    """Writes lines to a file descriptor, without Python's lock on sys.stderr.

    Other threads that write there, and the end of the process, would wait for that lock.
    """

    def __init__(self, file: int) -> None:
        super().__init__()
        self._file = file
        self.setFormatter(logging.Formatter("%(asctime)s.%(msecs)03d %(message)s", _TIME))

    def emit(self, record: logging.LogRecord) -> None:
        self.write(f"{self.format(record)}\n")

    def write(self, text: str) -> None:
        """Write a text; ignore errors, so that the server continues."""
        data = text.encode(errors="backslashreplace")
        with suppress(OSError):
            while data:
                data = data[os.write(self._file, data) :]
