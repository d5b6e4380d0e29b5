"""What happens later, kept as data: a snapshot contains the future."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

# After so many jobs were put, those whose resource is gone are dropped.
_DROPPED_EVERY: Final = 1_024

F = TypeVar("F", bound=Callable[..., None])

JOBS: dict[str, Callable[..., None]] = {}


def job(function: F) -> F:
    """Register what can be scheduled: a function of an account and a resource."""
    JOBS[function.__name__] = function
    return function


@dataclass(slots=True, order=True)
class Entry:
    """A scheduled job: when, what, and for which resource of which account. Never changed.

    A frozen dataclass would take three times as long to make, and most calls that change make one.
    """

    due: datetime
    sequence: int
    job: str
    account_id: str
    region: str
    kind: str
    key: str


class Scheduler:
    """Entries in the order of their time; those of one time in the order they were put.

    `has_resource` tells whether the resource of an entry still exists.
    """

    def __init__(self, has_resource: Callable[[Entry], bool]) -> None:
        self.entries: list[Entry] = []
        self.sequence = 0
        self._has_resource = has_resource

    def put(self, due: datetime, function: Callable[..., None], *resource: Any) -> None:
        """Add what will happen: the resource is named by account id, Region, kind and key."""
        self.sequence += 1
        # By the sequence, which is part of a state: a state that is read does so at the same job.
        if self.sequence % _DROPPED_EVERY == 0:
            self.entries = list(filter(self._has_resource, self.entries))
            heapq.heapify(self.entries)
        heapq.heappush(self.entries, Entry(due, self.sequence, function.__name__, *resource))

    def has_due(self, now: datetime) -> bool:
        """Tell whether something is due."""
        return bool(self.entries) and self.entries[0].due <= now

    def due(self, now: datetime) -> Iterator[Entry]:
        """Take out, one by one, what is due; what a job adds meanwhile has its turn too."""
        while self.has_due(now):
            yield heapq.heappop(self.entries)
