"""A million texts in one process: the last ones are as fast as the first; memory is bounded."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

from benchmarks.clients import SOMEONE, direct
from benchmarks.measuring import Row, show_progress
from benchmarks.processes import proportional
from pinpoint_sms_emu import Emulator

TEXTS = int(os.environ.get("BENCH_TEXTS", "1000000"))
BATCH = 1_000
# The number of texts of each batch that are sent to a new emulator for comparison.
COMPARED = 100


def measure() -> Iterator[Row]:
    """Send in batches, and for each a shorter one to a new emulator."""
    full = _emulator()
    ratios: list[float] = []
    memory: list[int] = []
    batches = TEXTS // BATCH
    for done in range(batches):
        fresh = _seconds_a_text(_emulator(), COMPARED)
        ratios.append(_seconds_a_text(full, BATCH) / fresh)
        if (done + 1) % (batches // 10) == 0:
            memory.append(proportional(os.getpid()))
            # The spend limit is monthly.
            full.clock.advance(days=31)
        show_progress((done + 1) * BATCH, TEXTS)
    tenth = batches // 10
    slowed = statistics.median(ratios[-tenth:]) / statistics.median(ratios[:tenth])
    yield Row(f"{TEXTS:,} texts, a text of the last over one of the first tenth", slowed, 1.2, 1.1)
    # The first tenth fills the store.
    kept = full.settings.max_messages
    what = f"{TEXTS:,} texts, {kept:,} kept, memory after the last over after the second tenth"
    yield Row(what, memory[-1] / memory[1], 1.2, 1.05)


def _emulator() -> Emulator:
    emulator = Emulator(seed=7)
    emulator.add_number("+12065550100")
    return emulator


def _seconds_a_text(emulator: Emulator, texts: int) -> float:
    start = time.process_time()
    for _ in range(texts):
        direct(emulator, "SendTextMessage", DestinationPhoneNumber=SOMEONE, MessageBody="Hello")
    return (time.process_time() - start) / texts
