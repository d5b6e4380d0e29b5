"""Ratios of things measured in turn in one run: a slow spell of the machine hits all of them."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Case = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """What one case came to: its median, and its median ratio to the baseline."""

    microseconds: float
    ratio: float


@dataclass(frozen=True)
class Row:
    """One line of the table: what was measured, what it came to, what it must hold."""

    what: str
    value: float
    gate: float
    goal: float
    unit: str = "x"

    @property
    def holds(self) -> bool:
        """Whether the gate is kept."""
        return self.value <= self.gate


def in_turn(cases: dict[str, Case], baseline: str, rounds: int = 25) -> dict[str, Figure]:
    """Measure cases in short batches, one after the other, many times."""
    counts = {name: _calls_a_batch(case) for name, case in cases.items()}
    batches: dict[str, list[float]] = {name: [] for name in cases}
    gc.collect()
    for _ in range(rounds):
        for name, case in cases.items():
            batches[name].append(_batch(case, counts[name]))
    floor = batches[baseline]
    return {
        name: Figure(
            statistics.median(taken),
            statistics.median(one / other for one, other in zip(taken, floor, strict=True)),
        )
        for name, taken in batches.items()
    }


def _calls_a_batch(case: Case, milliseconds: float = 12.0) -> int:
    for _ in range(3):
        case()
    return max(1, int(milliseconds * 1000 / max(_batch(case, 5), 0.01)))


def _batch(case: Case, count: int) -> float:
    start = time.perf_counter_ns()
    for _ in range(count):
        case()
    return (time.perf_counter_ns() - start) / count / 1000
