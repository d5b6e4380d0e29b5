"""Time: the system clock, stoppable and movable; the one place that asks what time it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Clock:
    """The emulator's time. It may only be moved forward; `resume` alone goes back."""

    def __init__(self, moved: Callable[[], None] = lambda: None) -> None:
        self.offset = dt.timedelta()
        self.frozen_at: dt.datetime | None = None
        self._moved = moved

    @staticmethod
    def system_now() -> dt.datetime:
        """The system's time, which freezegun and time-machine may have replaced."""
        # Looked up at call time so that a patched datetime is seen; the sum turns freezegun's
        # FakeDatetime into a plain one.
        return EPOCH + (dt.datetime.now(dt.UTC) - EPOCH)

    def now(self) -> dt.datetime:
        """The emulator's time, in UTC."""
        return self.frozen_at or self.system_now() + self.offset

    def advance(self, delta: dt.timedelta | None = None, **units: float) -> dt.datetime:
        """Move time forward by a timedelta or by units, hours=25; returns the new time."""
        try:
            step = (delta or dt.timedelta()) + dt.timedelta(**units)
            now = self.now() + step
        except (TypeError, OverflowError) as error:
            raise ValueError(f"that is no length of time: {error}") from error
        if step < dt.timedelta():
            raise ValueError("time moves forward only: advance needs a length that is not negative")
        if self.frozen_at is None:
            self.offset += step
        else:
            self.frozen_at = now
        self._moved()
        return now

    def freeze(self, at: dt.datetime | None = None) -> dt.datetime:
        """Stop time, now or at a later time; it then moves by `advance` alone."""
        now = self.now()
        if at is None:
            at = now
        if not isinstance(at, dt.datetime):
            raise ValueError("the time to freeze at must be a datetime")
        at = at.replace(tzinfo=dt.UTC) if at.tzinfo is None else at.astimezone(dt.UTC)
        if at < now:
            raise ValueError(f"time moves forward only: it is {now.isoformat()} already")
        self.frozen_at = EPOCH + (at - EPOCH)
        self._moved()
        return self.frozen_at

    def resume(self) -> dt.datetime:
        """Go back to the system's time."""
        self.frozen_at = None
        self.offset = dt.timedelta()
        self._moved()
        return self.now()
