"""A log of times, for limits such as "five in 24 hours"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

DAY: Final = timedelta(hours=24)
MINUTE: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)


def is_recent(time: datetime, now: datetime, window: timedelta = DAY) -> bool:
    """Return whether a time is in the window before now.

    Times after now are not; they are from before the clock was set back.
    """
    return timedelta() <= now - time < window


def recent(times: Iterable[datetime], now: datetime, window: timedelta = DAY) -> list[datetime]:
    """Return the times in the window before now."""
    return [time for time in times if is_recent(time, now, window)]


@dataclass(slots=True, eq=False, repr=False)
class TimesLog:
    """The times of recent events by name. Times outside of the window are dropped."""

    window: timedelta
    # Ordered by the time of the last event.
    times: dict[str, list[datetime]] = field(default_factory=dict)

    def count(self, name: str, now: datetime) -> int:
        """Count the events of a name in the window before now."""
        return len(recent(self.times.get(name, ()), now, self.window))

    def add(self, name: str, now: datetime) -> None:
        """Add an event that happens now."""
        self.times[name] = [*recent(self.times.pop(name, ()), now, self.window), now]
        while (oldest := next(iter(self.times))) != name:
            if now - self.times[oldest][-1] < self.window:
                break
            del self.times[oldest]
