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
from queue import SimpleQueue
from time import (  # a log has the real time, not the emulated one
    localtime,
    strftime,
    time,  # noqa: TID251
)

# The maximum number of queued lines; further lines are dropped, and counted.
MAX_LINES = 10_000
# The interval of writing. The thread is not woken for each line, which would slow down calls.
LINE_SECONDS = 0.1

_LINES_AT_ONCE = 1000
_STANDARD_ERROR = 2
_TIME = "%Y-%m-%d %H:%M:%S"


class Log:
    """Writes lines, and the records of its `handler`, to a file descriptor.

    It does not use `logging.handlers`, whose import takes a hundredth of the start.

    >>> log = Log()
    >>> logging.basicConfig(handlers=[log.handler])
    """

    def __init__(self, file: int = _STANDARD_ERROR) -> None:
        self.handler: logging.Handler = _Handler(self)
        # The number of lines that were dropped.
        self.dropped = 0
        self._reported = 0
        self._file = file
        # Lines with their times, and events that are set when the lines before them are written.
        self._entries: SimpleQueue[tuple[float, str] | threading.Event] = SimpleQueue()
        self._is_wanted = threading.Event()
        threading.Thread(target=self._write_forever, name="log", daemon=True).start()

    def note(self, line: str) -> None:
        """Queue a line, without making a log record, which takes as long as a call."""
        self.put(time(), line)

    def put(self, at: float, line: str) -> None:
        """Queue a line with its time; drop it if there are too many."""
        if self._entries.qsize() < MAX_LINES:
            self._entries.put((at, line))
        else:
            self.dropped += 1

    def flush(self, timeout: float) -> None:
        """Wait until everything is written, up to `timeout` seconds."""
        is_written = threading.Event()
        self._entries.put(is_written)
        self._is_wanted.set()
        is_written.wait(timeout)

    # On the log's thread.

    def _write_forever(self) -> None:
        while True:
            self._is_wanted.wait(LINE_SECONDS)
            self._is_wanted.clear()
            self._write_queue()

    def _write_queue(self) -> None:
        """Write all lines in the queue, and report after them how many are missing."""
        lines: list[str] = []
        while not self._entries.empty():
            entry = self._entries.get()
            if isinstance(entry, threading.Event):
                self._write(lines)
                entry.set()
                continue
            at, line = entry
            lines.append(f"{_local(at)} {line}\n")
            if len(lines) == _LINES_AT_ONCE:
                self._write(lines)
        if missing := self.dropped - self._reported:
            self._reported += missing
            lines.append(
                f"{_local(time())} {missing} lines are missing here: the log was not read\n"
            )
        self._write(lines)

    def _write(self, lines: list[str]) -> None:
        """Write lines, and empty the list; ignore errors, so that the server continues.

        It does not take Python's lock on sys.stderr, for which other threads that write there, and
        the end of the process, would wait.
        """
        data = "".join(lines).encode(errors="backslashreplace")
        lines.clear()
        with suppress(OSError):
            while data:
                data = data[os.write(self._file, data) :]


def _local(at: float) -> str:
    return f"{_local_second(int(at))}.{int(at % 1 * 1000):03d}"


@lru_cache(maxsize=2)
def _local_second(at: int) -> str:
    return strftime(_TIME, localtime(at))


class _Handler(logging.Handler):
    """Puts records into a log's queue, as text: their arguments may change later."""

    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log
        # basicConfig would add the level and the logger's name.
        self.setFormatter(logging.Formatter("%(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._log.put(record.created, self.format(record))
        except Exception:  # noqa: BLE001  as in all handlers of the standard library
            self.handleError(record)
