"""Compactions that fail or are overtaken: nothing is lost or left over, and it is said."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import data_folder, next_file
from pinpoint_sms_emu.persistence.next_file import NextFile
from tests.persistence.folders import compact, journal_of, make_list


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator with a data folder and a few changes, whose time stands still."""
    emulator = Emulator(seed=7, data_dir=tmp_path / "data")
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    make_list(emulator, "red")
    yield emulator
    emulator.close()


def names_in(emulator: Emulator) -> list[str]:
    """The names of the files in the folder of an emulator."""
    return sorted(each.name for each in journal_of(emulator).folder.iterdir())


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something in the middle of the next state that is written."""
    write_state = NextFile.write_state

    def write(new: NextFile, texts: Iterator[str]) -> Iterator[None]:
        monkeypatch.setattr(NextFile, "write_state", write_state)
        yield
        act()
        yield from write_state(new, texts)

    monkeypatch.setattr(NextFile, "write_state", write)


def raises(error: Exception) -> Callable[..., Any]:
    """Return a function that fails."""

    def fail(*_arguments: object) -> None:
        raise error

    return fail


def test_a_defect_ends_only_the_compaction(kept, monkeypatch, caplog):
    """It is logged and recorded, not tried again with each call, and the thread ends quietly."""
    defect = RecursionError("a defect")
    monkeypatch.setattr(journal_of(kept), "_state_bytes", 0)
    monkeypatch.setattr(data_folder, "MIN_BYTES", journal_of(kept)._changed_bytes)
    monkeypatch.setattr(threading, "excepthook", raises(AssertionError("not caught")))
    with monkeypatch.context() as patched:
        patched.setattr(NextFile, "write_state", raises(defect))
        for name in ("green", "blue"):
            make_list(kept, name)
            journal_of(kept).wait()
    expected = kept.snapshot()

    assert list(engine_of(kept).crashes) == [defect]
    assert "The data folder keeps growing, which is a defect of the emulator" in caplog.text
    assert names_in(kept) == ["state.sqlite3", "state.sqlite3-wal"]
    kept.close()
    restarted = Emulator(data_dir=journal_of(kept).folder)
    assert restarted.snapshot() == expected
    restarted.close()


def test_a_thread_that_cannot_start(kept, monkeypatch, caplog):
    """The call is answered, and the next close works."""
    with monkeypatch.context() as patched:
        patched.setattr(data_folder, "MIN_BYTES", 0)
        patched.setattr(journal_of(kept), "_state_bytes", 0)
        patched.setattr(threading.Thread, "start", raises(RuntimeError("can't start new thread")))
        make_list(kept, "green")
    kept.close()

    assert "The data folder keeps growing: can't start new thread" in caplog.text
    assert names_in(kept) == ["state.sqlite3"]


def test_a_close_after_a_failed_compaction(kept, monkeypatch):
    """Closing writes the whole state, which later versions can read, in any case."""
    with monkeypatch.context() as patched:
        patched.setattr(NextFile, "write_state", raises(OSError("no space left")))
        compact(kept)
    kept.close()

    with sqlite3.connect(journal_of(kept).path) as database:
        assert database.execute("SELECT count(*) FROM changes").fetchone() == (0,)
    database.close()


def test_a_close_after_a_reset_during_a_compaction(kept, monkeypatch):
    """The file of a compaction that was overtaken is deleted, also if the emulator closes."""

    def reset_and_begin_to_close() -> None:
        kept.reset()
        engine_of(kept).closing.set()

    meanwhile(monkeypatch, reset_and_begin_to_close)
    compact(kept)

    assert names_in(kept) == ["state.sqlite3", "state.sqlite3-wal"]


def test_a_compaction_does_not_delete_the_file_of_another(kept, monkeypatch):
    """A complete file counts even if the former one could not be replaced by it."""
    before = len(kept.resources())

    def interrupted(path: Path) -> None:
        path.unlink()
        raise OSError("input/output error")

    def reset() -> None:
        with monkeypatch.context() as patched:
            patched.setattr(next_file, "take_place", interrupted)
            with pytest.raises(NotWrittenError, match="input/output error"):
                kept.reset()

    meanwhile(monkeypatch, reset)
    compact(kept)
    kept.close()

    assert "next.sqlite3" in names_in(kept)
    restarted = Emulator(data_dir=journal_of(kept).folder)
    assert len(restarted.resources()) < before
    restarted.close()
    assert names_in(kept) == ["state.sqlite3"]


def test_a_close_during_a_reset(kept, monkeypatch):
    """The reset is refused, and its file is deleted."""
    before = kept.snapshot()
    prepare = journal_of(kept).prepare

    def prepare_and_close(state: Any) -> NextFile:
        prepared: NextFile = prepare(state)
        monkeypatch.undo()
        kept.close()
        return prepared

    monkeypatch.setattr(journal_of(kept), "prepare", prepare_and_close)
    with pytest.raises(NotWrittenError, match="has been closed"):
        kept.reset()

    assert names_in(kept) == ["state.sqlite3"]
    restarted = Emulator(data_dir=journal_of(kept).folder)
    assert restarted.snapshot() == before
    restarted.close()


def test_a_close_that_fails_releases_the_folder(kept, monkeypatch):
    """Another emulator can use the folder, and has all changes."""
    before = kept.snapshot()
    with monkeypatch.context() as patched:
        patched.setattr(NextFile, "write_state", raises(MemoryError()))
        with pytest.raises(MemoryError):
            kept.close()

    restarted = Emulator(data_dir=journal_of(kept).folder)
    assert restarted.snapshot() == before
    restarted.close()


def test_a_file_that_cannot_be_begun(kept, monkeypatch):
    """A full disk, which has no room for an empty file either, keeps no incomplete one."""
    with monkeypatch.context() as patched:
        patched.setattr(next_file, "_SCHEMA", "CREATE TABLE head (name)); disk full")
        with pytest.raises(NotWrittenError):
            kept.reset()
        compact(kept)

    assert names_in(kept) == ["state.sqlite3", "state.sqlite3-wal"]
