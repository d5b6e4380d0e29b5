"""Stops the process of a server on a signal."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

# The process ends after this time, even if a thread hangs.
LAST_SECONDS = 0.9

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
HANGUP = signal.SIGHUP if os.name == "posix" else None

logger = logging.getLogger(__name__)


class Stop:
    """Stops the server on a signal, from the first line of `serve`. Later signals are ignored.

    The process ends within a second, or when the state is written into its data folder. Another
    signal ends this: the folder has all changes already.
    """

    def __init__(self) -> None:
        self._wake: Callable[[], object] | None = None
        self._is_writing: Callable[[], bool] = lambda: False
        self._can_be_cut_short = False
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive)
        # nohup lets processes ignore SIGHUP.
        if HANGUP is not None and signal.getsignal(HANGUP) != signal.SIG_IGN:
            signal.signal(HANGUP, self._receive)

    def _receive(self, _number: int, _frame: object) -> None:
        if self._wake is None:
            self.ignore_signals()
            raise SystemExit(0)
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive_another)
        self._end_later()
        self._wake()

    def _receive_another(self, _number: int, _frame: object) -> None:
        if self._can_be_cut_short:
            os._exit(0)

    def _end_later(self) -> None:
        timer = threading.Timer(LAST_SECONDS, self._end)
        timer.daemon = True
        timer.start()

    def _end(self) -> None:
        if not self._is_writing():
            os._exit(0)
        if not self._can_be_cut_short:
            logger.warning(
                "Writing the whole state into the data folder, so that later versions can read it; "
                "another signal ends this at once, and nothing is lost"
            )
            self._can_be_cut_short = True
        self._end_later()

    def ignore_signals(self) -> None:
        """Ignore all signals: one could kill the process while the interpreter ends."""
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def prepare(self, engine: Engine) -> asyncio.Event:
        """From now on a signal does not end the process, but sets this event."""
        stop_requested = asyncio.Event()
        self._is_writing = lambda: engine.is_writing_last_state
        self._wake = partial(asyncio.get_running_loop().call_soon_threadsafe, stop_requested.set)
        return stop_requested
