"""Time: the system clock, stoppable and movable; the one place that asks what time it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# Later than anyone needs, and early enough to add to.
END = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)

# An offset, a moment at which time stands still, and what time it is with these.
Move = Callable[[dt.timedelta, dt.datetime | None, dt.datetime], None]


class Clock:
    """The emulator's time. It may only be moved forward; `resume` alone goes back."""

    def __init__(
        self,
        turn: Callable[[], AbstractContextManager[None]] = nullcontext,
        about_to_move: Move = lambda *_: None,
    ) -> None:
        self.offset = dt.timedelta()
        self.frozen_at: dt.datetime | None = None
        # Who moves time does so alone, and lets happen what becomes due.
        self._turn = turn
        # Told what `put` is about to be given.
        self._about_to_move = about_to_move
        # While one thing happens, it is one time: a request does not see the clock go on, and
        # what is due happens at its own time, however late somebody looks.
        self._held_at: dt.datetime | None = None

    @staticmethod
    def system_now() -> dt.datetime:
        """The system's time, which freezegun and time-machine may have replaced."""
        # Looked up at call time so that a patched datetime is seen; the sum turns freezegun's
        # FakeDatetime into a plain one.
        return EPOCH + (dt.datetime.now(dt.UTC) - EPOCH)

    def now(self) -> dt.datetime:
        """The emulator's time, in UTC."""
        return self._held_at or self._running()

    def _running(self) -> dt.datetime:
        return self.frozen_at or self.system_now() + self.offset

    def hold(self, at: dt.datetime | None = None) -> bool:
        """Let time stand still until `let_go`; tells whether it did not do so already."""
        if self._held_at is not None:
            return False
        self._held_at = at or self._running()
        return True

    def _move(self, offset: dt.timedelta, frozen_at: dt.datetime | None) -> dt.datetime:
        now = frozen_at or self.system_now() + offset
        self._about_to_move(offset, frozen_at, now)
        self.put(offset, frozen_at, now)
        return now

    def put(self, offset: dt.timedelta, frozen_at: dt.datetime | None, now: dt.datetime) -> None:
        """Take a time that was moved, which is seen at once also where time stands still."""
        self.offset, self.frozen_at = offset, frozen_at
        if self._held_at is not None:
            self._held_at = now

    def let_go(self) -> None:
        """Let time go on."""
        self._held_at = None

    def advance(self, delta: dt.timedelta | None = None, **units: float) -> dt.datetime:
        """Move time forward by a timedelta or by units, hours=25; returns the new time."""
        try:
            step = (delta or dt.timedelta()) + dt.timedelta(**units)
        except OverflowError as error:
            raise ValueError("that is no length of time: it is too large") from error
        except (TypeError, ValueError) as error:
            raise ValueError(f"that is no length of time: {error}") from error
        if step < dt.timedelta():
            raise ValueError("time moves forward only: advance needs a length that is not negative")
        with self._turn():
            return self._step(step)

    def set(self, at: dt.datetime | str) -> dt.datetime:
        """Move time forward to a moment; it goes on from there, or stays there if it is frozen."""
        with self._turn():
            return self._step(self._later(at) - self.now())

    def freeze(self, at: dt.datetime | str | None = None) -> dt.datetime:
        """Stop time, now or at a later moment; it then moves by `advance` alone."""
        with self._turn():
            return self._move(self.offset, self.now() if at is None else self._later(at))

    def resume(self) -> dt.datetime:
        """Go back to the system's time."""
        with self._turn():
            return self._move(dt.timedelta(), None)

    def hold_at(self, moment: dt.datetime) -> None:
        """Let another time be held: what is due happens at its own."""
        self._held_at = moment

    def as_dict(self) -> dict[str, Any]:
        """Show the time, and how it came about, as JSON."""
        with self._turn():
            now = self.now()
            offset = (now - self.system_now()) if self.frozen_at else self.offset
        seconds = round(offset.total_seconds(), 3)
        return {
            "now": now.isoformat(),
            "frozen": self.frozen_at is not None,
            "offset_seconds": int(seconds) if seconds.is_integer() else seconds,
        }

    def _step(self, step: dt.timedelta) -> dt.datetime:
        now = self.now()
        if step > END - now:
            raise ValueError(f"time ends with the year {END.year - 1}")
        if self.frozen_at is None:
            self._move(self.offset + step, None)
        else:
            self._move(self.offset, now + step)
        return now + step

    def _later(self, at: dt.datetime | str) -> dt.datetime:
        """Read a moment that is to come."""
        moment = read_moment(at)
        now = self.now()
        if moment < now:
            raise ValueError(f"time moves forward only: it is {now.isoformat()} already")
        if moment > END:
            raise ValueError(f"time ends with the year {END.year - 1}")
        return moment


def read_moment(at: dt.datetime | str) -> dt.datetime:
    """Read a datetime or an ISO 8601 text; without a time zone it is UTC."""
    try:
        moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return EPOCH + (moment - EPOCH)
    except (ValueError, OverflowError, AttributeError, TypeError) as error:
        example = "2026-01-31T12:00:00Z"
        raise ValueError(f"{at!r} is no ISO 8601 time such as {example}") from error
