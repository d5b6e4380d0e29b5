"""Transactions, which hold the lock and the time, and journaled changes."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar

from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.state.clock import Clock

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)
F = TypeVar("F", bound=Callable[..., Any])

# All functions of a state that a journal can repeat, by name.
CHANGES: dict[str, Callable[..., Any]] = {}

logger = logging.getLogger("pinpoint_sms_emu")


def change(function: F) -> F:
    """Register a function of a state, which a journal repeats from its name and arguments."""
    CHANGES[function.__name__] = function
    return function


def is_held_here(lock: threading.RLock) -> bool:
    """Return whether this thread holds a lock, and must not wait for others that need it."""
    return bool(lock._is_owned())  # type: ignore[attr-defined]  # noqa: SLF001


class Journal(Protocol[S_contra]):
    """Writes changes before they are made."""

    def append(self, name: str, arguments: tuple[Any, ...], given: dict[str, Any]) -> None:
        """Write a change, or raise a NotWrittenError."""

    def compact_if_needed(self) -> None:
        """If there are many changes, begin to write the whole state in their place."""

    def prepare(self, state: S_contra) -> Any:
        """Write another state, which takes long, for `start_over`."""

    def start_over(self, prepared: Any) -> None:
        """Continue with another state in place of everything that was written."""

    @property
    def is_closing(self) -> bool:
        """Whether the last state is being written."""

    def close(self) -> None:
        """Write the whole state in place of the changes, and release the files."""


class Transactions(Generic[S]):
    """Guards a state: a transaction holds the lock, and its time does not change.

    Due jobs run before and after an outermost transaction. A change inside another change is not
    written to the journal, because repeating the outer one repeats it.
    """

    def __init__(
        self, state: S, clock: Clock, run_due: Callable[[], None], when_over: Callable[[], None]
    ) -> None:
        self.state = state
        self.lock = threading.RLock()
        # The number of transactions so far that may have changed the state.
        self.changes = 0
        self.journal: Journal[S] | None = None
        self._clock = clock
        self._run_due = run_due
        # Called after the lock was released, because it may take long.
        self._when_over = when_over
        self._is_written = False

    def change(self, function: Callable[..., Any], *arguments: Any, **given: Any) -> Any:
        """Make a change, and write it to the journal first, if there is one."""
        with Transaction(self):
            if self.journal is None or self._is_written:
                return function(self.state, *arguments, **given)
            self.journal.append(function.__name__, arguments, given)
            self._is_written = True
            try:
                return function(self.state, *arguments, **given)
            finally:
                self._is_written = False

    def try_to_change(self, function: Callable[..., Any], *arguments: Any) -> bool:
        """Make a change outside of a call; log a warning and return False if writing fails."""
        try:
            self.change(function, *arguments)
        except NotWrittenError as error:
            logger.warning("%s is put off: %s", function.__name__, error.why)
            return False
        return True

    def start(self, *, only_reads: bool) -> bool:
        """Take the lock; an outermost transaction also stops the clock and runs due jobs."""
        self.lock.acquire()
        if not only_reads:
            self.changes += 1
        is_outermost = False
        try:
            is_outermost = self._clock.hold()
            if is_outermost:
                self._run_due()
        except BaseException:
            if is_outermost:
                self.end(succeeded=False)
            else:
                self.lock.release()
            raise
        return is_outermost

    def end(self, *, succeeded: bool) -> None:
        """End an outermost transaction: run due jobs, and let the clock continue."""
        try:
            try:
                if succeeded:
                    self._run_due()
            finally:
                self._clock.release()
            if succeeded and self.journal is not None:
                self.journal.compact_if_needed()
        finally:
            self.lock.release()
            # Whoever holds the lock beyond the transaction must not wait for other hosts.
            if not is_held_here(self.lock):
                self._when_over()


class Transaction:
    """One transaction. A generator-based context manager would be slower."""

    __slots__ = ("_is_outermost", "_only_reads", "_transactions")

    def __init__(self, transactions: Transactions[Any], *, only_reads: bool = False) -> None:
        self._transactions = transactions
        self._only_reads = only_reads

    def __enter__(self) -> None:
        self._is_outermost = self._transactions.start(only_reads=self._only_reads)

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if self._is_outermost:
            self._transactions.end(succeeded=kind is None)
        else:
            self._transactions.lock.release()
