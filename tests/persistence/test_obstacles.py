"""Folders that cannot be used or written: one sentence says why, and what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pinpoint_sms_emu import mock_sms
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import folder_lock, obstacles
from pinpoint_sms_emu.persistence.data_folder import DataFolder
from pinpoint_sms_emu.persistence.next_file import NextFile
from tests.doors.serving import run


def make_file(folder: Path) -> None:
    """A file in the place of the folder."""
    folder.touch()


def make_link(folder: Path) -> None:
    """A link to nothing."""
    folder.symlink_to(folder.with_name("nothing"))


def make_folder_of_file(folder: Path) -> None:
    """A folder in the place of the database."""
    (folder / "state.sqlite3").mkdir(parents=True)


PLACES = [
    (make_file, "it is not a folder; choose another path"),
    (make_link, "it is not a folder; choose another path"),
    (
        make_folder_of_file,
        "{folder}/state.sqlite3 is not a file; remove it, or choose another folder",
    ),
]


@pytest.mark.parametrize(("make", "why"), PLACES)
def test_what_is_in_the_way(tmp_path: Path, make: Callable[[Path], None], why):
    """In Python, in a block, and on the command line; it stays as it was."""
    folder = tmp_path / "data"
    make(folder)
    before = sorted(tmp_path.rglob("*"))
    sentence = f"data_dir {folder} cannot be used: {why.format(folder=folder)}"

    for refused in (Emulator, mock_sms):
        with pytest.raises(OSError, match="cannot be used") as error:
            refused(data_dir=folder).__enter__()
        assert str(error.value) == sentence
    ended = run("serve", "--port", "0", "--data-dir", str(folder))

    assert ended.returncode == 1
    assert ended.stderr == f"pinpoint-sms-emu serve: {sentence}\n"
    assert sorted(tmp_path.rglob("*")) == before


def test_the_database_is_closed_if_something_is_in_the_way(tmp_path: Path):
    """When it has been removed, the same process can open the folder at once."""
    folder = tmp_path / "data"
    in_the_way = folder / "1-part.sqlite3"
    in_the_way.mkdir(parents=True)
    with pytest.raises(OSError, match="is not a file; remove it") as refused:
        Emulator(data_dir=folder)

    in_the_way.rmdir()
    Emulator(data_dir=folder).close()

    assert str(in_the_way) in str(refused.value)


def test_a_folder_in_no_folder(tmp_path: Path):
    """Only the last folder of a path is created."""
    with pytest.raises(OSError, match=f"there is no folder {tmp_path}/no; create it first"):
        Emulator(data_dir=tmp_path / "no" / "data")


@pytest.fixture
def file_system(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let the file system look as if it were full or read-only."""

    def look(**members: int) -> None:
        usual = {"f_flag": 0, "f_blocks": 20, "f_bavail": 10, "f_files": 10, "f_favail": 10}
        system = SimpleNamespace(**usual | members)
        monkeypatch.setattr(os, "statvfs", lambda _path: system)

    return look


SYSTEMS: list[tuple[dict[str, int], str]] = [
    ({"f_bavail": 0}, "its disk is full; make room"),
    ({"f_favail": 0}, "its file system has room for no more files (inodes); delete some"),
    (
        {"f_flag": os.ST_RDONLY, "f_bavail": 0},
        "its file system is read-only; make it writable, or choose another folder",
    ),
    ({"f_files": 0, "f_favail": 0}, "database or disk is full; make room"),
    ({"f_blocks": 0, "f_bavail": 0}, "database or disk is full; make room"),
]


def full(*_arguments: object) -> None:
    """Fail as SQLite does if a disk is full."""
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    raise error


@pytest.mark.parametrize(("members", "why"), SYSTEMS)
def test_a_file_system_that_takes_nothing(
    tmp_path: Path, file_system, monkeypatch, caplog, members, why
):
    """At a change, at the end and at the start, the same sentence says why."""
    folder = tmp_path / "data"
    emulator = Emulator(data_dir=folder)
    engine_of(emulator).call("CreateOptOutList", {"OptOutListName": "red"})
    before, journal = emulator.snapshot(), engine_of(emulator).transactions.journal
    written = f"{folder}/state.sqlite3 cannot be written: {why}"
    file_system(**members)

    with monkeypatch.context() as patched:
        [(pages,)] = journal._database.execute("PRAGMA page_count")
        journal._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(NotWrittenError) as refused:
            emulator.fail("DescribePools", "ThrottlingException", region="x" * 9000)
        patched.setattr(NextFile, "_begin", full)
        emulator.close()
        patched.setattr(DataFolder, "_open", full)
        with pytest.raises(OSError, match="data_dir") as failed:
            Emulator(data_dir=folder)

    assert refused.value.why == written
    assert caplog.messages == [f"{written}; the next start repeats the changes instead"]
    assert str(failed.value) == f"data_dir {folder} cannot be used: {why}"
    restarted = Emulator(data_dir=folder)
    assert restarted.snapshot() == before
    restarted.close()


@pytest.mark.parametrize("place", ["", "state.sqlite3"])
def test_a_folder_of_another_user(tmp_path: Path, monkeypatch, place):
    """The sentence has the ids of both users, as in a container nobody knows their names."""
    folder = tmp_path / "data"
    Emulator(data_dir=folder).close()
    forbidden = folder / place
    monkeypatch.setattr(os, "access", lambda path, _mode: path != forbidden)
    monkeypatch.setattr(os, "getuid", lambda: 10001)
    owner = folder.stat().st_uid

    why = obstacles.reason(folder, sqlite3.OperationalError("disk I/O error"))

    assert why == (
        f"user 10001 may not read and write {forbidden}, which belongs to user {owner}; "
        "change its owner or its permissions"
    )


def test_any_other_reason(tmp_path: Path):
    """Without an obstacle that can be found, the error itself is quoted."""
    for error, why in (
        (sqlite3.OperationalError("disk I/O error"), "disk I/O error"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "Disk quota exceeded; make room"),
        (OSError("a sentence"), "a sentence"),
    ):
        assert obstacles.reason(tmp_path, error) == why


def test_a_file_system_without_locks(tmp_path: Path, monkeypatch):
    """It is not taken for a folder that another process has locked."""
    busy = sqlite3.OperationalError("database is locked")
    busy.sqlite_errorname = "SQLITE_BUSY"
    folder = tmp_path / "data"
    Emulator(data_dir=folder).close()

    def no_locks(*_arguments: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    class Connection(sqlite3.Connection):
        def execute(self, *_arguments: Any) -> Any:
            raise busy

    connect = sqlite3.connect
    with monkeypatch.context() as patched:
        patched.setattr(
            sqlite3, "connect", lambda path, **_given: connect(path, factory=Connection)
        )
        with pytest.raises(OSError, match="is in use by another process"):
            Emulator(data_dir=folder)
        patched.setattr(folder_lock.fcntl, "lockf", no_locks)
        with pytest.raises(OSError, match="its file system has no locks; choose a folder on a lo"):
            Emulator(data_dir=folder)
