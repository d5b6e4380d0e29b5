"""What a change survives: the setting `durability`."""

from pathlib import Path

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of


@pytest.mark.parametrize(("durability", "level"), [("process", 1), ("machine", 2)])
def test_the_database_waits_for_the_disk(tmp_path: Path, durability, level):
    """With "machine", SQLite waits for the disk at each commit: its level FULL, not NORMAL."""
    emulator = Emulator(data_dir=tmp_path / "data", durability=durability)
    journal = engine_of(emulator).transactions.journal

    [(found,)] = journal._database.execute("PRAGMA synchronous")
    [(mode,)] = journal._database.execute("PRAGMA journal_mode")
    emulator.close()

    assert (found, mode) == (level, "wal")
