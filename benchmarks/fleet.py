"""Simulates replicas behind the proxy: balance, tail latency, and what a change moves.

    python -m benchmarks.fleet             prints the tables
    python -m benchmarks.fleet --measure   first measures three replicas on this machine
    python -m benchmarks.fleet --figure    also draws docs/images/fleet.svg

The ring is HAProxy's own: the same accounts come to the same replicas. Service times are measured,
and kept in fleet.json with the run of three replicas that the simulation must reproduce.
"""

from __future__ import annotations

import argparse
import heapq
import json
import math
import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MEASURED = Path(__file__).with_name("fleet.json")
FIGURE = Path(__file__).parent.parent / "docs/images/fleet.svg"

# As deploy/haproxy.cfg has it: `weight 256`, of which HAProxy makes 16 points each.
POINTS = 256 * 16
# Accounts as they are in practice: the one of rank r sends r ** (-1 / TAIL) as much as the first.
TAIL = 1.2
ACCOUNTS_A_REPLICA = 10_000
SIZES = (1, 3, 10, 30, 100, 300, 1000)
# How much of the capacity of all replicas is used, on average.
UTILISATION = 0.5
CALLS_A_REPLICA = 2_000
# What an account sends at most, over what one replica can answer: nobody is held back, or each
# account is, as AWS does it by its own quotas.
LIMITS = {"without limit": math.inf, "at most 10 % of a replica": 0.1}
SEED = 7
# Of the run of three replicas: the accounts, and the calls that are simulated.
SENDERS, CALLS = 60, 20_000

Numbers = NDArray[np.uint32]
Floats = NDArray[np.float64]


# The ring.


def avalanche(values: Numbers) -> Numbers:
    """Spread the bits of numbers as HAProxy does (`full_hash`, by Bob Jenkins)."""
    a = values.astype(np.uint32)
    a = a + np.uint32(0x7ED55D16) + (a << np.uint32(12))
    a = a ^ np.uint32(0xC761C23C) ^ (a >> np.uint32(19))
    a = a + np.uint32(0x165667B1) + (a << np.uint32(5))
    a = (a + np.uint32(0xD3A2646C)) ^ (a << np.uint32(9))
    a = a + np.uint32(0xFD7046C5) + (a << np.uint32(3))
    return (a ^ np.uint32(0xB55A4F09) ^ (a >> np.uint32(16))) * np.uint32(3221225473)


def hashes(accounts: NDArray[np.int64]) -> Numbers:
    """Hash account ids, 12 digits each: CRC-32, and then an avalanche."""
    table = np.array([_crc_entry(byte) for byte in range(256)], np.uint32)
    crc = np.full(len(accounts), 0xFFFFFFFF, np.uint32)
    for place in range(11, -1, -1):
        digit = ((accounts // 10**place) % 10 + ord("0")).astype(np.uint32)
        crc = table[(crc ^ digit) & np.uint32(0xFF)] ^ (crc >> np.uint32(8))
    return avalanche(~crc)


def _crc_entry(byte: int) -> int:
    for _ in range(8):
        byte = byte >> 1 ^ (0xEDB88320 if byte & 1 else 0)
    return byte


class Ring:
    """The points of replicas 1 to N; an account belongs to the nearest point."""

    def __init__(self, replicas: Sequence[int]) -> None:
        numbers = np.repeat(np.array(replicas, np.uint32), POINTS)
        positions = np.tile(np.arange(POINTS, dtype=np.uint32), len(replicas))
        points = avalanche(numbers * np.uint32(POINTS) + positions)
        order = np.argsort(points, kind="stable")
        self._points, self._replicas = points[order], numbers[order]

    def places(self, of: Numbers) -> Numbers:
        """The replica of each hash."""
        following = np.searchsorted(self._points, of) % len(self._points)
        before = following - 1
        is_nearer = of - self._points[before] <= self._points[following] - of
        return np.where(is_nearer, self._replicas[before], self._replicas[following])


# Many replicas, each of which answers one call after the other.


@dataclass(frozen=True)
class Outcome:
    """What a number of replicas comes to."""

    replicas: int
    accounts: int
    # What the account that sends most sends, over what one replica can answer.
    largest: float
    # The load of the busiest replica, over the average.
    busiest: float
    # Of all calls, the milliseconds from their arrival to their answer.
    p50: float
    p99: float
    # Of the accounts, those that another replica has after one was added.
    moved: float


def weights(accounts: int, most: float = 1.0) -> Floats:
    """How much of all calls each account sends, the first most; none sends more than `most`."""
    sent = np.arange(1, accounts + 1, dtype=np.float64) ** (-1 / TAIL)
    sent /= sent.sum()
    return np.minimum(sent, most) / np.minimum(sent, most).sum()


def simulate(replicas: int, service_seconds: Floats, most: float = math.inf) -> Outcome:
    """Let accounts send calls at random times, and each replica answer them in turn.

    `most` is what an account sends at most, over what one replica can answer.
    """
    source = np.random.default_rng(SEED)
    count = replicas * ACCOUNTS_A_REPLICA
    shares = source.permutation(weights(count, most / (replicas * UTILISATION)))
    of = np.sort(hashes(source.integers(10**12, size=count)))
    places = Ring(range(1, replicas + 1)).places(of)
    loads = np.bincount(places, shares, replicas + 1)[1:] * replicas

    calls = CALLS_A_REPLICA * replicas
    arrivals_a_second = UTILISATION * replicas / service_seconds.mean()
    arrivals = np.cumsum(source.exponential(1 / arrivals_a_second, calls))
    senders = np.searchsorted(np.cumsum(shares), source.random(calls))
    at = places[np.minimum(senders, count - 1)]
    seconds = _answered(arrivals, at, source.choice(service_seconds, calls))
    more = Ring(range(1, replicas + 2)).places(of)
    return Outcome(
        replicas=replicas,
        accounts=count,
        largest=float(shares.max()) * replicas * UTILISATION,
        busiest=float(loads.max()),
        p50=float(np.percentile(seconds, 50)) * 1000,
        p99=float(np.percentile(seconds, 99)) * 1000,
        moved=float((more != places).mean()),
    )


def _answered(arrivals: Floats, at: Numbers, services: Floats) -> Floats:
    """How long each call takes, where a replica answers in the order of arrival (Lindley)."""
    order = np.argsort(at, kind="stable")
    taken = np.empty_like(arrivals)
    for run in np.split(order, np.flatnonzero(np.diff(at[order])) + 1):
        slack = np.concatenate([[0.0], np.cumsum(services[run][:-1] - np.diff(arrivals[run]))])
        taken[run] = slack - np.minimum.accumulate(slack) + services[run]
    return taken


# Three replicas, the proxy and the client on a machine of so many cores, as measured.


class Sender(NamedTuple):
    """An account of the measured run: its replica, and how much of all calls it sends."""

    account_id: str
    replica: int
    share: float


def senders() -> list[Sender]:
    """The accounts of the measured run, the one that sends most first."""
    accounts = np.random.default_rng(SEED).integers(10**12, size=SENDERS)
    places = Ring((1, 2, 3)).places(hashes(accounts))
    return [
        Sender(f"{account:012d}", int(replica), float(share))
        for account, replica, share in zip(accounts, places, weights(SENDERS), strict=True)
    ]


@dataclass(frozen=True)
class Run:
    """Calls a second, and the part of each replica."""

    rate: float
    shares: list[float]


def closed_loop(
    seconds: Mapping[str, float], places: Sequence[int], connections: int, cores: int
) -> Run:
    """Let each connection send its next call when it has the answer to the one before.

    A call takes a turn at the client, at the proxy, at its replica, and at proxy and client again.
    Each of them is a process that keeps a core while it has calls; the others wait for one in turn.
    `seconds` is what a call costs at each, `places` the replicas of the calls in their order.
    """
    machine = _Machine(cores)
    steps: dict[int, Iterator[tuple[str, float]]] = {}
    upcoming = iter(range(len(places)))

    def begin() -> None:
        for call in islice(upcoming, 1):
            steps[call] = iter(
                [
                    ("client", seconds["client"] / 2),
                    ("proxy", seconds["proxy"] / 2),
                    (f"replica {places[call]}", seconds["replica"]),
                    ("proxy", seconds["proxy"] / 2),
                    ("client", seconds["client"] / 2),
                ]
            )
            machine.give(call, *next(steps[call]))

    for _ in range(connections):
        begin()
    while (call := machine.next_done()) is not None:
        step = next(steps[call], None)
        if step is None:
            begin()
        else:
            machine.give(call, *step)
    counts = np.bincount(places)[1:]
    return Run(
        len(places) / machine.now,
        [float(each) for each in counts / counts.sum()],
    )


class _Machine:
    """Processes that do their work in turn, on so many cores."""

    def __init__(self, cores: int) -> None:
        self.now = 0.0
        self._free = cores
        self._queues: dict[str, deque[tuple[int, float]]] = defaultdict(deque)
        self._ready: deque[str] = deque()
        # When each process that has a core has done the first of its work.
        self._running: list[tuple[float, str]] = []

    def give(self, call: int, process: str, work: float) -> None:
        """Give a process something to do."""
        queue = self._queues[process]
        queue.append((call, work))
        if len(queue) == 1 and all(process != each for _, each in self._running):
            self._ready.append(process)
        self._start()

    def next_done(self) -> int | None:
        """Go on until something is done, and return its call."""
        if not self._running:
            return None
        self.now, process = heapq.heappop(self._running)
        queue = self._queues[process]
        call, _ = queue.popleft()
        if queue:
            heapq.heappush(self._running, (self.now + queue[0][1], process))
        else:
            self._free += 1
            self._start()
        return call

    def _start(self) -> None:
        while self._free and self._ready:
            process = self._ready.popleft()
            self._free -= 1
            heapq.heappush(self._running, (self.now + self._queues[process][0][1], process))


# What is printed, and drawn.


def reproduced(measured: Mapping[str, Any]) -> Run:
    """Simulate the run that was measured."""
    of = senders()
    chosen = np.random.default_rng(SEED).choice(len(of), CALLS, p=[each.share for each in of])
    places = [of[each].replica for each in chosen]
    return closed_loop(measured["seconds"], places, measured["connections"], measured["cores"])


def tables(service_seconds: Floats) -> dict[str, list[Outcome]]:
    """Simulate all sizes, without a limit for accounts and with one."""
    return {
        name: [simulate(size, service_seconds, most) for size in SIZES]
        for name, most in LIMITS.items()
    }


def draw(found: Mapping[str, Sequence[Mapping[str, float]]], file: Path) -> None:
    """Draw the load of the busiest replica, over the number of replicas."""
    import pygal  # noqa: PLC0415  only a figure needs it

    chart = pygal.XY(
        pygal.Config(
            title="The load of the busiest replica, over the average",
            x_title="replicas, each with 10,000 accounts",
            x_labels=(1, 10, 100, 1000),
            legend_at_bottom=True,
            no_prefix=True,
            logarithmic=True,
            js=(),
            width=800,
            height=420,
            truncate_legend=-1,
            truncate_label=-1,
        )
    )
    for name, outcomes in found.items():
        chart.add(f"an account: {name}", [(each["replicas"], each["busiest"]) for each in outcomes])
    # Without the comments that say when it was drawn.
    file.write_bytes(re.sub(rb"<!--.*?-->", b"", chart.render()) + b"\n")


def main() -> None:
    """Measure where that is asked for; simulate, print, and draw."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fleet", description=__doc__)
    parser.add_argument("--measure", action="store_true", help="measure three replicas first")
    parser.add_argument("--figure", action="store_true", help=f"draw {FIGURE.name}")
    chosen = parser.parse_args()
    kept = json.loads(MEASURED.read_text()) if MEASURED.exists() else {}
    if chosen.measure:
        from benchmarks.three_replicas import measure  # noqa: PLC0415  needs wrk and haproxy

        kept["measured"] = measure()
    measured = kept["measured"]
    run, three = reproduced(measured), measured["three"]
    print(f"three replicas: {run.rate:.0f} calls/s simulated, {three['rate']:.0f} measured")
    for number, parts in enumerate(zip(run.shares, three["shares"], strict=True), start=1):
        print(f"replica {number}: {parts[0]:.1%} simulated, {parts[1]:.1%} measured")
    # How much calls differ is not measured: exponential is more than they do.
    service_seconds = np.random.default_rng(SEED).exponential(
        measured["seconds"]["replica"], 10_000
    )
    kept["tables"] = {
        name: [asdict(each) for each in outcomes]
        for name, outcomes in tables(service_seconds).items()
    }
    for name, outcomes in kept["tables"].items():
        print(f"\naccounts: {name}\n{'  '.join(f'{each:>9}' for each in outcomes[0])}")
        for each in outcomes:
            print("  ".join(f"{value:9.4g}" for value in each.values()))
    MEASURED.write_text(json.dumps(kept, indent=1) + "\n")
    if chosen.figure:
        draw(kept["tables"], FIGURE)


if __name__ == "__main__":
    main()
