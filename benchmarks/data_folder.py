"""The cost of a data folder: the time of a changing call with one, over the same call without.

The gates are 1.25 times the ratios with the earlier file format, before SQLite: 1.46 for a text,
1.73 for a number on an opt-out list.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.clients import SOMEONE, direct
from benchmarks.measuring import Row, in_turn
from pinpoint_sms_emu import Emulator

NUMBER = "+12065550100"
CALLS: dict[str, tuple[dict[str, Any], float]] = {
    "SendTextMessage": (
        {
            "DestinationPhoneNumber": SOMEONE,
            "OriginationIdentity": NUMBER,
            "MessageBody": "Your code is 123456.",
        },
        1.25 * 1.46,
    ),
    "PutOptedOutNumber": (
        {"OptOutListName": "Default", "OptedOutNumber": "+14255550199"},
        1.25 * 1.73,
    ),
}


def measure() -> Iterator[Row]:
    """Measure two calls that change the state: one with much work, and one with little."""
    with TemporaryDirectory() as folder:
        without, with_folder = _emulator(), _emulator(data_dir=Path(folder) / "data")
        for operation, (members, gate) in CALLS.items():
            yield _row(operation, members, gate, without, with_folder)
        with_folder.close()


def _row(
    operation: str, members: dict[str, Any], gate: float, without: Emulator, with_folder: Emulator
) -> Row:
    figures = in_turn(
        {
            "without": lambda: direct(without, operation, **members),
            "with": lambda: direct(with_folder, operation, **members),
        },
        "without",
        rounds=40,
    )
    what = f"{operation} with data_dir over the same without"
    return Row(what, figures["with"].ratio, round(gate, 2), 1.45)


def _emulator(**settings: Any) -> Emulator:
    emulator = Emulator(seed=7, max_messages=2_000, **settings)
    emulator.add_number(NUMBER)
    return emulator
