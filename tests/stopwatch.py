"""Measures how long something takes, also on a busy machine."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path


class Stopwatch:
    """Counts seconds, except those in which threads are ready and the processors are busy.

    The threads are those of this process and of other ones, which are named by their ids. Only
    Linux tells how long they wait for a processor; elsewhere, all seconds are counted.
    """

    def __init__(self, *processes: int) -> None:
        self._folders = [Path(f"/proc/{each}/task") for each in ("self", *processes)]
        self._before: dict[Path, int] = {}
        self._waited: dict[Path, int] = {}
        self.look()
        self._before = dict(self._waited)
        self._started = time.monotonic()  # noqa: TID251  it measures

    def look(self) -> None:
        """Note how long the threads have waited; what those wait that end later is counted."""
        for folder in self._folders:
            with suppress(OSError):
                for thread in folder.iterdir():
                    # The time on a processor, and the time that it waited for one.
                    _, waited, _ = (thread / "schedstat").read_text().split()
                    self._waited[thread] = int(waited)

    @property
    def seconds(self) -> float:
        """The seconds so far."""
        self.look()
        passed = time.monotonic() - self._started  # noqa: TID251
        waited = sum(time - self._before.get(thread, 0) for thread, time in self._waited.items())
        return passed - waited / 1_000_000_000
