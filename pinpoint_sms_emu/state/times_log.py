"""A log of times, for limits such as "five in 24 hours", which do not depend on what is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

DAY: Final = timedelta(hours=24)
MINUTE: Final = timedelta(minutes=1)
SECOND: Final = timedelta(seconds=1)


def recent(times: Iterable[datetime], now: datetime, window: timedelta = DAY) -> list[datetime]:
    """Select the times that lie in the window before now.

    Later ones are of before the clock was set back, and count no more.
    """
    return [time for time in times if timedelta() <= now - time < window]


@dataclass(slots=True)
class TimesLog:
    """When things happened, by name; what lies outside its window is dropped."""

    window: timedelta
    # The name that was added to last is the last one.
    times: dict[str, list[datetime]] = field(default_factory=dict)

    def count(self, name: str, now: datetime) -> int:
        """Count how often something has happened in the window before now."""
        return len(recent(self.times.get(name, ()), now, self.window))

    def add(self, name: str, now: datetime) -> None:
        """Note that something happens now."""
        self.times[name] = [*recent(self.times.pop(name, ()), now, self.window), now]
        while (oldest := next(iter(self.times))) != name:
            if now - self.times[oldest][-1] < self.window:
                break
            del self.times[oldest]
