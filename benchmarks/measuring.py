"""Ratios of cases that are measured alternately, so that slow phases of the machine affect all."""

from __future__ import annotations

import gc
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Case = Callable[[], object]


@dataclass(frozen=True)
class Figure:
    """The result of a case: its median, and its median ratio to the baseline."""

    microseconds: float
    ratio: float


@dataclass(frozen=True)
class Row:
    """A row of the table: what was measured, the result, and its limit."""

    what: str
    value: float
    gate: float
    goal: float
    unit: str = "x"
    # Most ratios are of times or sizes, so that less is better.
    more_is_better: bool = False

    @property
    def holds(self) -> bool:
        """Return whether the value is within the gate."""
        return self.value >= self.gate if self.more_is_better else self.value <= self.gate

    @property
    def must_be(self) -> str:
        """The gate as text, with ≤ or ≥."""
        return f"{'≥' if self.more_is_better else '≤'} {self.gate:g}"


def in_turn(cases: dict[str, Case], baseline: str, rounds: int = 25) -> dict[str, Figure]:
    """Measure cases in short batches, one after the other, many times.

    The time is the processor time of this process, which other processes do not affect.
    """
    counts = {name: _calls_a_batch(case) for name, case in cases.items()}
    batches: dict[str, list[float]] = {name: [] for name in cases}
    # Without this, a collection of all existing objects would affect one case only.
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        # In random order, as a periodic disturbance could affect the same case every time.
        for name in random.sample(list(cases), len(cases)):
            batches[name].append(_batch(cases[name], counts[name]))
    gc.unfreeze()
    floor = batches[baseline]
    return {
        name: Figure(statistics.median(taken), median_ratio(taken, floor))
        for name, taken in batches.items()
    }


def undisturbed(cases: dict[str, Case], rounds: int = 60) -> dict[str, float]:
    """Measure the duration of a call that another process takes part in, in seconds.

    It is elapsed time, which includes the time of other processes. So the result is the tenth
    percentile of many calls, in batches of ten: the duration of a call without disturbance.
    """
    taken: dict[str, list[float]] = {name: [] for name in cases}
    for _ in range(rounds):
        for name in random.sample(list(cases), len(cases)):
            for _ in range(10):
                start = time.perf_counter()
                cases[name]()
                taken[name].append(time.perf_counter() - start)
    return {name: statistics.quantiles(each, n=10)[0] for name, each in taken.items()}


def median_ratio(ours: Sequence[float], others: Sequence[float]) -> float:
    """Return the median of the ratios of values that were measured at the same time."""
    return statistics.median(one / other for one, other in zip(ours, others, strict=True))


def show_progress(done: int, total: int) -> None:
    """Show the progress of a long measurement, if standard error is a terminal."""
    if sys.stderr.isatty():
        ending = "" if done < total else "\r\x1b[K"
        print(f"\r  {done:,} of {total:,}{ending}", end="", file=sys.stderr, flush=True)


def _calls_a_batch(case: Case, milliseconds: float = 12.0) -> int:
    for _ in range(3):
        case()
    return max(1, int(milliseconds * 1000 / max(_batch(case, 5), 0.01)))


def _batch(case: Case, count: int) -> float:
    start = time.process_time_ns()
    for _ in range(count):
        case()
    return (time.process_time_ns() - start) / count / 1000
