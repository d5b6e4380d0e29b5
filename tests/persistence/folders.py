"""Data folders: what they contain, changing it, and compacting it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.persistence import compaction


def state_in(folder: Path, **settings: Any) -> dict[str, Any]:
    """The state that a new emulator reads from a folder, which no other has."""
    emulator = Emulator(data_dir=folder, **settings)
    try:
        return emulator.snapshot()
    finally:
        emulator.close()


def journal_of(emulator: Emulator) -> Any:
    """The data folder of an emulator."""
    return engine_of(emulator).transactions.journal


def make_list(emulator: Emulator, name: str) -> None:
    """Make a change."""
    engine_of(emulator).call("CreateOptOutList", {"OptOutListName": name})


def compact(emulator: Emulator) -> None:
    """Compact on this thread."""
    compaction.compact(engine_of(emulator), journal_of(emulator))
