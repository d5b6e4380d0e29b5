"""Scheduled jobs, which are data, so that snapshots contain them."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final, NamedTuple, TypeVar

# After this many new jobs at least, those whose resource was deleted are dropped.
_DROPPED_EVERY: Final = 1_024

F = TypeVar("F", bound=Callable[..., None])

JOBS: dict[str, Callable[..., None]] = {}


def job(function: F) -> F:
    """Register a function of an account and a resource that can be scheduled."""
    JOBS[function.__name__] = function
    return function


def is_job_for(name: str, of: type) -> bool:
    """Return whether there is a job with this name for a class, by its second parameter's type."""
    if name not in JOBS:
        return False
    _account, resource, *_ = JOBS[name].__annotations__.values()
    return resource in {each.__name__ for each in of.__mro__}


class ScheduledJob(NamedTuple):
    """A scheduled job: its time, function, account and resource. Entries sort by time."""

    due: datetime
    sequence: int
    job: str
    account_id: str
    region: str
    kind: str
    key: str


class Scheduler:
    """Scheduled jobs, ordered by time and then by when they were added.

    `has_resource` tells whether the resource of an entry still exists.
    """

    def __init__(self, has_resource: Callable[[ScheduledJob], bool]) -> None:
        self.entries: list[ScheduledJob] = []
        self.sequence = 0
        self._has_resource = has_resource

    def put(self, due: datetime, function: Callable[..., None], *resource: Any) -> None:
        """Add a job for a resource, which is given by account id, Region, kind and key."""
        self.sequence += 1
        if self._drops_now():
            self.entries = list(filter(self._has_resource, self.entries))
            heapq.heapify(self.entries)
        heapq.heappush(self.entries, ScheduledJob(due, self.sequence, function.__name__, *resource))

    def _drops_now(self) -> bool:
        """Return whether it is time to drop jobs: the more there are, the less often.

        This depends on what is part of a state, so a state that is read does so at the same job.
        """
        power_of_two = (1 << len(self.entries).bit_length()) >> 1
        return self.sequence % max(_DROPPED_EVERY, power_of_two) == 0

    def has_due(self, now: datetime) -> bool:
        """Return whether a job is due."""
        return bool(self.entries) and self.entries[0].due <= now

    def due(self, now: datetime) -> Iterator[ScheduledJob]:
        """Remove and yield due jobs one by one, including those added meanwhile."""
        while self.has_due(now):
            yield heapq.heappop(self.entries)
