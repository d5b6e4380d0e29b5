"""Closing a data folder: the whole state is written without the lock, and can be cut short."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.persistence import data_folder
from pinpoint_sms_emu.persistence.data_folder import DataFolder
from pinpoint_sms_emu.persistence.next_file import NextFile
from pinpoint_sms_emu.settings import Settings
from tests.doors.serving import environment, make_client


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator with a data folder and a change."""
    emulator = Emulator(seed=7, data_dir=tmp_path / "data")
    make_list(emulator, "red")
    yield emulator
    emulator.close()


def make_list(emulator: Emulator, name: str) -> None:
    """Make a change."""
    engine_of(emulator).call("CreateOptOutList", {"OptOutListName": name})


def changes_in(folder: Path) -> int:
    """Count the changes that are not part of the whole state."""
    with closing(sqlite3.connect(folder / "state.sqlite3")) as database:
        [(count,)] = database.execute("SELECT count(*) FROM changes")
        return int(count)


def on_a_thread(function: Callable[[], object]) -> list[str]:
    """Call a function on a thread, which must end; return the error, if there is one."""
    errors: list[str] = []

    def call() -> None:
        try:
            function()
        except (ApiError, OSError) as error:
            errors.append(str(error))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(10)
    assert not thread.is_alive()
    return errors


def test_calls_while_the_last_state_is_written(kept, tmp_path, monkeypatch):
    """They are answered at once: reads as ever, and changes are refused."""
    before, write_state = kept.snapshot(), NextFile.write_state
    answers: list[list[str]] = []
    monkeypatch.setattr(data_folder, "MIN_BYTES", 0)

    def write(new: NextFile, texts: Iterator[str]) -> Iterator[None]:
        monkeypatch.setattr(NextFile, "write_state", write_state)
        for step in write_state(new, texts):
            calls = (
                lambda: engine_of(kept).call("DescribePools", {}),
                lambda: make_list(kept, "green"),
                kept.clock.freeze,
                kept.reset,
            )
            answers.extend(map(on_a_thread, calls))
            yield step

    monkeypatch.setattr(NextFile, "write_state", write)
    kept.close()

    read, *changed = answers[:4]
    assert read == []
    assert all("the emulator has been closed" in str(each) for each in changed)
    assert changes_in(tmp_path / "data") == 0
    restarted = Emulator(data_dir=tmp_path / "data")
    assert restarted.snapshot() == before
    restarted.close()


def test_a_call_that_is_answered_while_it_is_closed_is_not_written(kept, tmp_path, monkeypatch):
    """A call that only reads has a new account for its duration; the last state has none of it."""
    before, begin = kept.snapshot(), DataFolder._begin
    is_read, is_written = threading.Event(), threading.Event()
    threads: list[threading.Thread] = []

    def read() -> None:
        state, place = engine_of(kept).state, ("210987654321", "eu-west-1")
        with engine_of(kept).transaction():
            state.accounts[place] = state.new_account(*place)
            is_read.set()
            is_written.wait(0.2)
            del state.accounts[place]
            state.sequence -= 1

    def begin_while_reading(folder: DataFolder, settings: Settings) -> NextFile:
        threads.append(threading.Thread(target=read))
        threads[0].start()
        is_read.wait()
        return begin(folder, settings)

    monkeypatch.setattr(data_folder, "MIN_BYTES", 0)
    monkeypatch.setattr(DataFolder, "_begin", begin_while_reading)
    kept.close()
    is_written.set()
    threads[0].join()

    monkeypatch.undo()
    restarted = Emulator(data_dir=tmp_path / "data")
    assert restarted.snapshot() == before
    restarted.close()


def test_another_close_waits(kept, tmp_path, monkeypatch):
    """Whoever closes it on another thread continues when the folder can be used again."""
    others: list[threading.Thread] = []
    opened: list[dict[str, Any]] = []
    write_state, before = NextFile.write_state, kept.snapshot()

    def close_and_open() -> None:
        kept.close()
        other = Emulator(data_dir=tmp_path / "data")
        opened.append(other.snapshot())
        other.close()

    def write(new: NextFile, texts: Iterator[str]) -> Iterator[None]:
        monkeypatch.setattr(NextFile, "write_state", write_state)
        others.append(threading.Thread(target=close_and_open))
        others[0].start()
        return write_state(new, texts)

    monkeypatch.setattr(NextFile, "write_state", write)
    kept.close()
    others[0].join()

    assert opened == [before]


def test_a_disk_that_is_full_at_the_end(kept, tmp_path, monkeypatch, caplog):
    """It is said in one sentence, and the next start repeats the changes."""

    def full(*_arguments: object) -> Iterator[None]:
        raise sqlite3.OperationalError("database or disk is full")
        yield

    before = kept.snapshot()
    journal: Any = engine_of(kept).transactions.journal
    with monkeypatch.context() as patched:
        patched.setattr(NextFile, "write_state", full)
        patched.setattr(data_folder, "MIN_BYTES", 0)
        patched.setattr(journal, "_state_bytes", 0)
        patched.setattr(journal, "_compact", lambda: pytest.fail("it is compacted"))
        kept.close()
        engine_of(kept).call("DescribePools", {})

    assert journal._compacting is None
    assert changes_in(tmp_path / "data") > 0
    assert "database or disk is full; the next start repeats the changes instead" in caplog.text
    restarted = Emulator(data_dir=tmp_path / "data")
    assert restarted.snapshot() == before
    restarted.close()


# Serves, and waits for whoever writes into the FIFO, if there is one, while it writes a state.
SLOW_DISK = """
import sys
from pathlib import Path
from pinpoint_sms_emu.doors.command_line.main import main
from pinpoint_sms_emu.persistence.next_file import NextFile

fifo, write_state = Path(sys.argv.pop(1)), NextFile.write_state

def write(self, texts):
    yield from write_state(self, texts)
    if fifo.exists():
        fifo.read_bytes()

NextFile.write_state = write
sys.exit(main())
"""


@pytest.mark.parametrize("is_cut_short", [False, True])
def test_a_server_that_takes_long_to_stop(tmp_path: Path, is_cut_short):
    """It writes the whole state, however long it takes; a second signal ends it at once."""
    folder, fifo = tmp_path / "data", tmp_path / "fifo"
    command = ["serve", "--port", "0", "--log-level", "warning", "--data-dir", str(folder)]
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_DISK, str(fifo), *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        with closing(make_client(process.stdout.readline().split()[-1])) as sms:
            sms.create_opt_out_list(OptOutListName="red")
        os.mkfifo(fifo)
        process.send_signal(signal.SIGTERM)
        assert "another signal ends this at once, and nothing is lost" in process.stderr.readline()
        if is_cut_short:
            process.send_signal(signal.SIGTERM)
        else:
            fifo.write_bytes(b"")
        assert process.wait(10) == 0
        assert process.stderr.read() == ""

    assert (changes_in(folder) > 0) is is_cut_short
    restarted = Emulator(data_dir=folder)
    assert engine_of(restarted).call("DescribeOptOutLists", {"OptOutListNames": ["red"]})
    restarted.close()
