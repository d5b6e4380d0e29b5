"""Ratios of things measured in turn in one run: a slow spell of the machine hits all of them."""

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
    # Most rows say how much slower or larger than something else; a few, how many times better.
    more_is_better: bool = False

    @property
    def holds(self) -> bool:
        """Whether the gate is kept."""
        return self.value >= self.gate if self.more_is_better else self.value <= self.gate

    @property
    def must_be(self) -> str:
        """The gate, with the direction that is better."""
        return f"{'≥' if self.more_is_better else '≤'} {self.gate:g}"


def in_turn(cases: dict[str, Case], baseline: str, rounds: int = 25) -> dict[str, Figure]:
    """Measure cases in short batches, one after the other, many times.

    The time is what the processor spends on this process, in which others cannot meddle.
    """
    counts = {name: _calls_a_batch(case) for name, case in cases.items()}
    batches: dict[str, list[float]] = {name: [] for name in cases}
    # What is there already is left alone: else a collection of all of it hits one case only.
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        # In any order, or else what recurs on the machine may hit the same case every time.
        for name in random.sample(list(cases), len(cases)):
            batches[name].append(_batch(cases[name], counts[name]))
    gc.unfreeze()
    floor = batches[baseline]
    return {
        name: Figure(statistics.median(taken), median_ratio(taken, floor))
        for name, taken in batches.items()
    }


def undisturbed(cases: dict[str, Case], rounds: int = 60) -> dict[str, float]:
    """Find how long a call takes where another process does a part of it, in seconds.

    That is time on the wall, of which others that want the processor take theirs. So it is the
    tenth percentile of many calls, ten at a turn: what one takes when nobody comes between.
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
    """The median of what each one is to the other that was measured right beside it."""
    return statistics.median(one / other for one, other in zip(ours, others, strict=True))


def show_progress(done: int, total: int) -> None:
    """Tell who sits at a terminal how far a long measurement is."""
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
