"""A start from a folder that was closed: the state in it is not written again."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.persistence import data_folder
from pinpoint_sms_emu.persistence.next_file import NextFile
from tests.persistence.folders import make_list, state_in


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a change, which was closed."""
    folder = tmp_path / "data"
    emulator = Emulator(seed=7, data_dir=folder)
    make_list(emulator, "red")
    emulator.close()
    return folder


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[NextFile]:
    """The files with a whole state that are written."""
    written: list[NextFile] = []
    begin = NextFile._begin

    def noting(new: NextFile) -> None:
        written.append(new)
        begin(new)

    monkeypatch.setattr(NextFile, "_begin", noting)
    return written


def test_nothing_is_written(folder: Path, written: list[NextFile]):
    """Neither by the start nor by the close, if nothing has changed."""
    before = (folder / "state.sqlite3").read_bytes()
    for _ in range(2):
        emulator = Emulator(seed=7, data_dir=folder)
        engine_of(emulator).call("DescribeOptOutLists", {"OptOutListNames": ["red"]})
        emulator.close()

    assert written == []
    assert (folder / "state.sqlite3").read_bytes() == before


def test_changes_after_it_are_there_after_a_kill(folder: Path):
    """They follow the state that was not written again; and then another start is killed."""
    emulator = Emulator(seed=7, data_dir=folder)
    for number in range(3):
        make_list(emulator, f"list-{number}")
        before = emulator.snapshot()
        folder = Path(shutil.copytree(folder, folder.with_name(f"killed-{number}")))
        emulator.close()
        emulator = Emulator(seed=7, data_dir=folder)
        assert emulator.snapshot() == before
    emulator.close()


def other_settings(_folder: Path, _monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Changes are repeated with the settings that the folder has."""
    return {"account_tier": "SANDBOX"}


def another_version(_folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Changes are repeated by the version that made the state."""
    monkeypatch.setattr(data_folder, "__version__", "9.9")
    return {}


def torn_log(folder: Path, _monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The end of a log that is not complete must not follow new changes."""
    (folder / "state.sqlite3-wal").write_bytes(b"x" * 31)
    return {}


@pytest.mark.parametrize("prepare", [other_settings, another_version, torn_log])
def test_it_is_written_if_needed(
    folder: Path, monkeypatch, written: list[NextFile], prepare: Callable[..., dict[str, Any]]
):
    """Otherwise what follows it could not be repeated."""
    emulator = Emulator(**{"seed": 7, "data_dir": folder, **prepare(folder, monkeypatch)})
    assert len(written) == 1
    emulator.close()


def test_a_full_disk(folder: Path, monkeypatch, caplog):
    """The emulator starts, because the state need not be written, and closes with a warning."""

    def full(_new: NextFile) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(NextFile, "_begin", full)
    emulator = Emulator(seed=7, data_dir=folder)
    make_list(emulator, "green")
    emulator.close()

    assert "the next start repeats the changes instead" in caplog.text
    monkeypatch.undo()
    [account] = state_in(folder)["accounts"]
    assert [each["id"] for each in account["opt_out_lists"]] == ["Default", "red", "green"]


def test_a_seed_file_is_for_a_new_folder(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """A start that continues with the state in a folder says that it does not use the seed file."""
    seed = {"opt_out_lists": [{"opt_out_list_name": "Seeded"}]}

    for made in ("red", "green"):
        assert not caplog.messages
        emulator = Emulator(data_dir=tmp_path / "data", seed_file=seed)
        make_list(emulator, made)
        emulator.close()

    [account] = state_in(tmp_path / "data")["accounts"]
    lists = [each["id"] for each in account["opt_out_lists"]]
    assert lists == ["Default", "Seeded", "red", "green"]
    [said] = caplog.messages
    assert said.endswith(" has a state already: the seed file is used only by the next reset")
