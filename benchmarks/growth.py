"""The cost of growth: what must be flat, and what must be linear, at many over at 1,000.

`BENCH_GROWTH=100000,1000000` measures a million too, for which it takes seven GB and more
than half an hour.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.clients import SOMEONE, direct
from benchmarks.measuring import Case, Row, in_turn, show_progress
from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control.messages import list_events, list_messages, report
from pinpoint_sms_emu.persistence import data_folder
from pinpoint_sms_emu.state.steps import finish

FEW = 1_000
MANY = tuple(int(each) for each in os.environ.get("BENCH_GROWTH", "100000").split(","))
NUMBER = "+12065550100"
# Small ones are measured several times, for as long as a large one.
ROUNDS = 5
# The spend limit is monthly.
TEXTS_A_MONTH = 50_000
# The gate and the goal. Flat costs grow a little, because more memory is used than is cached.
FLAT = (1.5, 1.2)
LINEAR = (1.25, 1.1)
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


@dataclass(frozen=True)
class Full:
    """An emulator with many messages to different people, events and opted-out numbers."""

    size: int
    emulator: Emulator
    middle: str

    @property
    def flat(self) -> dict[str, Case]:
        """The calls whose cost must not depend on the size."""
        emulator, recipient = self.emulator, _person(self.size // 2)
        event_of = {"message_id": self.middle}
        return {
            "a send": lambda: _send(emulator, SOMEONE),
            "a page of messages": lambda: finish(list_messages(emulator, limit=10)),
            "a find by recipient": lambda: emulator.find_messages(recipient=recipient),
            "the events of a message": lambda: finish(list_events(emulator, **event_of)),
            "an opt-out": lambda: _opt_out(emulator, SOMEONE),
            "a page of opted-out numbers": lambda: direct(
                emulator, "DescribeOptedOutNumbers", OptOutListName="Default", MaxResults=10
            ),
        }

    @property
    def linear(self) -> dict[str, Case]:
        """What visits all messages, so that the cost of each must not depend on the size."""
        emulator, other = self.emulator, Emulator(max_messages=self.size)
        document = emulator.snapshot()
        return {
            "a report": lambda: finish(report(emulator)),
            "a search in all texts": lambda: emulator.find_messages(contains="nowhere"),
            "a snapshot": emulator.snapshot,
            "a restore": lambda: other.restore(document),
        }


def measure() -> Iterator[Row]:
    """Measure emulators of all sizes in turn."""
    full = {size: _full(size) for size in (FEW, *MANY)}
    for what in full[FEW].flat:
        cases = {str(size): each.flat[what] for size, each in full.items()}
        figures = in_turn(cases, str(FEW))
        yield from (_row(what, size, figures[str(size)].ratio, FLAT) for size in MANY)
    cases_of = {size: each.linear for size, each in full.items()}
    for what in cases_of[FEW]:
        seconds = {size: _seconds_each(size, cases[what]) for size, cases in cases_of.items()}
        yield from (
            _row(f"{what}, a message,", size, seconds[size] / seconds[FEW], LINEAR) for size in MANY
        )
    cases_of.clear()
    full.clear()
    yield from _data_folders()


def _data_folders() -> Iterator[Row]:
    """Measure a start from a data folder, of a killed process and of one that was closed."""
    names = ("a close", "a start after a close", "a start after a kill")
    seconds: dict[int, dict[str, float]] = {}
    for size in (FEW, *MANY):
        with TemporaryDirectory() as folder:
            seconds[size] = dict(zip(names, _start_and_close(size, Path(folder)), strict=True))
    for what in names:
        for size in MANY:
            yield _row(
                f"{what}, a message,", size, seconds[size][what] / seconds[FEW][what], LINEAR
            )


def _start_and_close(size: int, folder: Path) -> tuple[float, float, float]:
    killed = folder / "killed"
    # Nothing is compacted, so that the log has all changes, as after a kill.
    data_folder.MIN_BYTES = 1 << 40
    full = _full(size, data_dir=folder / "data")
    shutil.copytree(folder / "data", killed)
    closing = _timed(full.emulator.close) / size
    del full
    starts: dict[Path, list[float]] = {folder / "data": [], killed: []}
    for kind, taken in starts.items():
        for number in range(ROUNDS if size == FEW else 1):
            copy = Path(shutil.copytree(kind, folder / f"copy-{number}"))
            emulators: list[Emulator] = []
            start = _timed(lambda: emulators.append(Emulator(data_dir=copy, max_messages=size)))  # noqa: B023
            taken.append(start / size)
            emulators.pop().close()
            shutil.rmtree(copy)
    closed, after_kill = (statistics.median(taken) for taken in starts.values())
    return closing, closed, after_kill


def _row(what: str, size: int, ratio: float, gate_and_goal: tuple[float, float]) -> Row:
    return Row(f"{what} at {size:,} over {FEW:,}", ratio, *gate_and_goal)


def _seconds_each(size: int, case: Case) -> float:
    rounds = ROUNDS if size == FEW else 1
    return statistics.median(_timed(case) for _ in range(rounds)) / size


def _timed(case: Callable[[], object]) -> float:
    """Return the processor time of a case, in seconds."""
    gc.collect()
    start = time.process_time()
    case()
    return time.process_time() - start


def _full(size: int, **settings: Any) -> Full:
    emulator = Emulator(seed=7, max_messages=size, **settings)
    emulator.clock.freeze()
    emulator.add_number(NUMBER)
    direct(emulator, "CreateConfigurationSet", ConfigurationSetName="set")
    direct(
        emulator,
        "CreateEventDestination",
        ConfigurationSetName="set",
        EventDestinationName="topic",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )
    middle = ""
    for sent in range(size):
        if sent % TEXTS_A_MONTH == 0:
            emulator.clock.advance(days=31)
        answer = _send(emulator, _person(sent))
        _opt_out(emulator, f"+1206{sent:07d}")
        if sent == size // 2:
            middle = json.loads(answer.body)["MessageId"]
        show_progress(sent + 1, size)
    return Full(size, emulator, middle)


def _person(index: int) -> str:
    return f"+1425{index:07d}"


def _send(emulator: Emulator, recipient: str) -> Any:
    return direct(
        emulator,
        "SendTextMessage",
        DestinationPhoneNumber=recipient,
        OriginationIdentity=NUMBER,
        MessageBody="Hello",
        ConfigurationSetName="set",
    )


def _opt_out(emulator: Emulator, number: str) -> Any:
    members = {"OptOutListName": "Default", "OptedOutNumber": number}
    return direct(emulator, "PutOptedOutNumber", **members)
