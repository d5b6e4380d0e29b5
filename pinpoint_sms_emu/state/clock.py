"""The clock, which can be moved and frozen. No other module reads the system's time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from pinpoint_sms_emu.state.live_objects import LiveObject
from pinpoint_sms_emu.wording import quoted

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
# The earliest and the latest time, so that adding and subtracting a delay do not overflow.
START = dt.datetime(1000, 1, 1, tzinfo=dt.UTC)
END = dt.datetime(9000, 1, 1, tzinfo=dt.UTC)


@dataclass(slots=True)
class ClockPosition:
    """How far the clock was moved. This is part of a state; the time is not."""

    offset: dt.timedelta = dt.timedelta()
    frozen_at: dt.datetime | None = None


# Moves the clock to a position, with the resulting time.
Mover = Callable[[ClockPosition, dt.datetime], None]


class Clock(LiveObject):
    """The emulator's time. It moves only forward, except in `resume`.

    `sms.clock.advance(hours=25)` runs everything that is due in the next 25 hours.
    """

    def __init__(
        self,
        transaction: Callable[[], AbstractContextManager[None]] = nullcontext,
        mover: Mover | None = None,
    ) -> None:
        # Part of the state, and replaced with it.
        self.position = ClockPosition()
        self._transaction = transaction
        self._mover = mover or self.put
        # The time that a transaction sees: it does not change during the transaction, and a due
        # job sees the time at which it was due.
        self._held_at: dt.datetime | None = None

    @property
    def frozen_at(self) -> dt.datetime | None:
        """The time at which the clock is frozen, or None."""
        return self.position.frozen_at

    @staticmethod
    def system_now() -> dt.datetime:
        """The system's time, which freezegun and time-machine may have replaced."""
        # Looked up at call time, because tests may patch datetime; the sum converts freezegun's
        # FakeDatetime to a plain one.
        return _later_by(dt.datetime.now(dt.UTC) - EPOCH, EPOCH)

    def now(self) -> dt.datetime:
        """The emulator's time, in UTC."""
        return self._held_at or self._running()

    def _running(self) -> dt.datetime:
        return _time_at(self.position)

    def hold(self, at: dt.datetime | None = None) -> bool:
        """Stop the time that callers see until `release`; return False if it is stopped already."""
        if self._held_at is not None:
            return False
        self._held_at = at or self._running()
        return True

    def release(self) -> None:
        """Let callers see the current time again."""
        self._held_at = None

    def hold_at(self, moment: dt.datetime | None = None) -> None:
        """Let callers see another time, for a job that runs later than it was due."""
        self._held_at = moment or self._running()

    def _move(self, position: ClockPosition) -> dt.datetime:
        now = _time_at(position)
        self._mover(position, now)
        return now

    def put(self, position: ClockPosition, now: dt.datetime) -> None:
        """Set the position; a running transaction sees it too."""
        self.position.offset, self.position.frozen_at = position.offset, position.frozen_at
        if self._held_at is not None:
            self._held_at = now

    def advance(self, delta: dt.timedelta | None = None, **units: float) -> dt.datetime:
        """Move time forward by a timedelta or by units such as hours=25; return the new time."""
        try:
            step = (delta or dt.timedelta()) + dt.timedelta(**units)
        except OverflowError as error:
            raise ValueError("advance cannot go so far: the length is too large") from error
        except (TypeError, ValueError) as error:
            raise ValueError(
                "advance takes a length of time: a timedelta, or units such as hours=25"
            ) from error
        if not isinstance(step, dt.timedelta):
            raise ValueError(f"advance takes a length of time, not the time {quoted(delta)}")
        if step < dt.timedelta():
            raise ValueError("the clock moves forward only, not by a negative time")
        with self._transaction():
            return self._step(step)

    def set(self, at: dt.datetime | str) -> dt.datetime:
        """Move time forward to a given time. A frozen clock stays frozen there."""
        with self._transaction():
            return self._step(self._later(at) - self.now())

    def freeze(self, at: dt.datetime | str | None = None) -> dt.datetime:
        """Freeze the clock, now or at a later time; only `advance` and `set` move it then."""
        with self._transaction():
            frozen_at = self.now() if at is None else self._later(at)
            return self._move(ClockPosition(self.position.offset, frozen_at))

    def resume(self) -> dt.datetime:
        """Go back to the system's time."""
        with self._transaction():
            return self._move(ClockPosition())

    def as_dict(self) -> dict[str, Any]:
        """Return the time, and how far it was moved, as JSON."""
        with self._transaction():
            now = self.now()
            offset = now - self.system_now() if self.frozen_at else self.position.offset
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
            self._move(ClockPosition(self.position.offset + step))
        else:
            self._move(ClockPosition(self.position.offset, now + step))
        return now + step

    def _later(self, at: dt.datetime | str) -> dt.datetime:
        """Parse a time that must not be in the past."""
        moment = read_moment(at)
        now = self.now()
        if moment < now:
            raise ValueError(f"the clock moves forward only: it is {now.isoformat()} already")
        if moment > END:
            raise ValueError(f"time ends with the year {END.year - 1}")
        return moment


def _time_at(position: ClockPosition) -> dt.datetime:
    return position.frozen_at or _later_by(position.offset, Clock.system_now())


def _later_by(step: dt.timedelta, moment: dt.datetime) -> dt.datetime:
    """Add a length of time; the result stays within the times of the clock."""
    return moment + max(START - moment, min(step, END - moment))


def read_moment(at: dt.datetime | str) -> dt.datetime:
    """Parse a datetime or an ISO 8601 text; without a time zone it is UTC."""
    try:
        moment = dt.datetime.fromisoformat(at) if isinstance(at, str) else at
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=dt.UTC)
        return EPOCH + (moment - EPOCH)
    except (ValueError, OverflowError, AttributeError, TypeError) as error:
        example = "2026-01-31T12:00:00Z"
        raise ValueError(f"{quoted(at)} is not an ISO 8601 time such as {example}") from error
