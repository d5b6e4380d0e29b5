"""The log of `serve`: a line for each call and for what goes wrong, written a little later."""

from __future__ import annotations

import logging
import sys
from collections import deque
from contextlib import suppress
from datetime import datetime
from time import time  # noqa: TID251  a log tells the time that it is, not the emulated one


class Log(logging.Handler):
    """What is logged, kept with its time until `flush` writes it to standard error.

    So nobody's answer waits for it: to format and write a line takes as long as a call.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[tuple[float, str]] = deque()

    def note(self, line: str) -> None:
        """Take down a line, without making a record of it."""
        self._lines.append((time(), line))

    def emit(self, record: logging.LogRecord) -> None:
        """Take down a record. What goes wrong is written at once, for it may be the last."""
        self._lines.append((record.created, self.format(record)))
        if record.levelno > logging.INFO:
            self.flush()

    def flush(self) -> None:
        """Write all that has been taken down."""
        self.acquire()
        try:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            if lines:
                # Where nobody reads it any more, the server goes on.
                with suppress(OSError):
                    sys.stderr.write("".join(f"{_local(at)} {line}\n" for at, line in lines))
        finally:
            self.release()


def _local(at: float) -> str:
    return datetime.fromtimestamp(at).isoformat(" ", "milliseconds")  # noqa: DTZ006  as it is here
