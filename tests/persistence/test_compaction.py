"""Compaction of a data folder: whenever a process is killed, every answered change is there."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.persistence import compaction, data_folder
from pinpoint_sms_emu.persistence.gradual import MESSAGES_AT_ONCE
from pinpoint_sms_emu.persistence.next_file import NextFile
from tests.persistence.folders import compact, journal_of, state_in

NUMBER = "+12065550100"
MESSAGES = 6 * MESSAGES_AT_ONCE


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Emulator]:
    """An emulator with a data folder and messages on their way, whose time stands still."""
    emulator = Emulator(seed=7, data_dir=tmp_path / "data", delivery_seconds=60)
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    emulator.add_number(NUMBER)
    for person in range(MESSAGES):
        send(emulator, person)
    yield emulator
    emulator.close()


def send(emulator: Emulator, person: int) -> None:
    """Send a text."""
    members = {"DestinationPhoneNumber": f"+1425555{person:04}", "MessageBody": "Hello"}
    engine_of(emulator).call("SendTextMessage", members)


class Kills:
    """Copies of a folder at many moments, as if the process had been killed then."""

    def __init__(self, emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
        self._emulator = emulator
        self.folder = journal_of(emulator).folder
        self._is_copying = False
        self._numbers = count()
        self.expected = emulator.snapshot()
        self.copies: list[tuple[Path, dict[str, Any]]] = []
        for name in ("replace", "unlink", "touch"):
            monkeypatch.setattr(Path, name, self._around(getattr(Path, name)))
        append = journal_of(emulator).append
        monkeypatch.setattr(journal_of(emulator), "append", self._around(append))
        finish = compaction._finish_unless_closed
        monkeypatch.setattr(
            compaction,
            "_finish_unless_closed",
            lambda engine, steps: finish(engine, self.between(steps)),
        )

    def _around(self, function: Callable[..., Any]) -> Callable[..., Any]:
        def kill_around(*arguments: Any, **given: Any) -> Any:
            self.kill()
            result = function(*arguments, **given)
            self.kill()
            return result

        return kill_around

    def between(self, steps: Iterator[Any]) -> Iterator[Any]:
        """Send and move the time between the steps."""
        for step, result in enumerate(steps):
            yield result
            self.change(lambda step=step: send(self._emulator, 1000 + step))
            self.change(lambda: self._emulator.clock.advance(seconds=11))
            self.kill()

    def change(self, make: Callable[[], object]) -> None:
        """Make a change, which is answered when it is complete."""
        self._is_copying, was = True, self._is_copying
        make()
        self._is_copying = was
        self.expected = self._emulator.snapshot()

    def kill(self) -> None:
        """Copy the folder, unless a change is not complete."""
        if self._is_copying:
            return
        self._is_copying = True
        copy = self.folder.with_name(f"killed-{next(self._numbers)}")
        shutil.copytree(self.folder, copy)
        self.copies.append((copy, self.expected))
        self._is_copying = False

    def must_have_lost_nothing(self) -> None:
        """Compare each copy with the state at its moment."""
        self._is_copying = True
        for copy, expected in self.copies:
            assert state_in(copy) == expected, copy.name
            assert [each.name for each in copy.iterdir()] == ["state.sqlite3"]


def test_a_kill_at_any_step_of_a_compaction(kept, monkeypatch):
    """A process that is killed between two steps has lost nothing."""
    kills = Kills(kept, monkeypatch)
    before = journal_of(kept)._changed_bytes
    compact(kept)
    after = journal_of(kept)._changed_bytes
    kills.change(lambda: send(kept, 2000))
    kills.kill()

    assert 0 < after < before
    assert len(kills.copies) > 20
    kills.must_have_lost_nothing()


def test_a_kill_at_any_step_of_a_close(kept, monkeypatch):
    """Closing writes the whole state, and can be interrupted too."""
    kills = Kills(kept, monkeypatch)
    kept.close()

    assert len(kills.copies) > 5
    kills.must_have_lost_nothing()


def test_a_kill_at_any_step_of_a_start(kept, monkeypatch):
    """A start completes what a killed process has begun, and can be killed itself."""
    kills = Kills(kept, monkeypatch)
    compact(kept)
    killed, kills.copies = kills.copies, []
    for kills.folder, kills.expected in killed:
        if (kills.folder / "next.sqlite3").exists():
            state_in(kills.folder)

    assert len(kills.copies) > 5
    kills.must_have_lost_nothing()


def test_changes_on_other_threads_meanwhile(kept, monkeypatch):
    """While a thread compacts again and again, calls are answered and nothing is lost."""
    monkeypatch.setattr(data_folder, "MIN_BYTES", 1_000)
    monkeypatch.setattr(journal_of(kept), "_state_bytes", 0)
    sent = [
        threading.Thread(target=lambda start=start: [send(kept, start + n) for n in range(100)])
        for start in (3000, 4000)
    ]
    for thread in sent:
        thread.start()
    for thread in sent:
        thread.join()
    journal_of(kept).wait()
    copy = shutil.copytree(journal_of(kept).folder, journal_of(kept).folder.with_name("copy"))

    assert state_in(copy) == kept.snapshot()
    assert len(kept.messages) == MESSAGES + 200


def test_a_reset_ends_a_compaction(kept, monkeypatch):
    """A state that was replaced meanwhile is not written."""
    write_state = NextFile.write_state

    def reset_between(next_file: NextFile, texts: Iterator[str]) -> Iterator[None]:
        yield from write_state(next_file, texts)
        monkeypatch.undo()
        kept.reset()

    monkeypatch.setattr(NextFile, "write_state", reset_between)
    compact(kept)
    folder = journal_of(kept).folder
    copy = shutil.copytree(folder, folder.with_name("copy"))

    assert [each.name for each in folder.glob("*part*")] == []
    assert state_in(copy) == kept.snapshot()
    assert kept.messages == []


def test_a_disk_that_is_full_during_a_compaction(kept, monkeypatch, caplog):
    """The former file is used further, and the compaction is tried again later."""

    def full(*_arguments: object) -> Iterator[None]:
        raise sqlite3.OperationalError("database or disk is full")
        yield

    with monkeypatch.context() as patched:
        patched.setattr(NextFile, "write_state", full)
        compact(kept)
    send(kept, 5000)
    folder = journal_of(kept).folder
    copy = shutil.copytree(folder, folder.with_name("copy"))

    assert "The data folder keeps growing: database or disk is full" in caplog.text
    assert [each.name for each in folder.glob("*part*")] == []
    assert state_in(copy) == kept.snapshot()
    compact(kept)
    assert journal_of(kept)._changed_bytes == 0


def test_a_close_ends_a_compaction(kept, monkeypatch):
    """A process that is to end does not wait for a compaction."""
    engine, before = engine_of(kept), kept.snapshot()
    begun = threading.Event()
    finish = compaction._finish_unless_closed

    def begin(*given: Any) -> bool:
        begun.set()
        assert engine.closing.wait(60)
        return finish(*given)

    monkeypatch.setattr(compaction, "_finish_unless_closed", begin)
    monkeypatch.setattr(data_folder, "MIN_BYTES", 0)
    monkeypatch.setattr(journal_of(kept), "_state_bytes", 0)
    with engine.transaction():
        pass
    assert begun.wait(60)
    kept.close()

    assert state_in(journal_of(kept).folder) == before
    with pytest.raises(ApiError, match="has been closed"):
        send(kept, 1)


@pytest.mark.parametrize("is_on_its_thread", [True, False])
def test_a_close_under_the_lock_ends_a_compaction(kept, monkeypatch, caplog, is_on_its_thread):
    """A listener or a signal handler, which may hold the lock, does not wait for a compaction."""
    engine, before = engine_of(kept), kept.snapshot()
    begun, closed = threading.Event(), threading.Event()

    def close() -> None:
        with engine.lock:
            kept.close()
        closed.set()

    def begin(*_given: Any) -> bool:
        begun.set()
        if is_on_its_thread:
            close()
        return closed.wait(60)

    monkeypatch.setattr(compaction, "_finish_unless_closed", begin)
    monkeypatch.setattr(data_folder, "MIN_BYTES", 0)
    monkeypatch.setattr(journal_of(kept), "_state_bytes", 0)
    with engine.transaction():
        pass
    thread = journal_of(kept)._compacting
    assert begun.wait(60)
    if not is_on_its_thread:
        close()
    thread.join(60)

    assert closed.is_set()
    assert not thread.is_alive()
    assert caplog.records == []
    assert list(engine.crashes) == []
    assert state_in(journal_of(kept).folder) == before
