"""Ownership of a data folder: one emulator of one process has it, until it is closed."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import NotWrittenError
from tests.forked import in_a_child
from tests.persistence.folders import compact, journal_of, make_list, state_in


def test_two_emulators_of_a_process(folder: Path, kept: Emulator):
    """A folder belongs to one emulator, by any path; after that is closed, another can open it."""
    (folder.parent / "link").symlink_to(folder)
    for name in (folder, folder.parent / "link"):
        with pytest.raises(OSError, match="is in use by another emulator of this process"):
            Emulator(data_dir=name)
    make_list(kept, "red")
    kept.close()
    with pytest.raises(NotWrittenError, match="has been closed"):
        kept.clock.freeze()

    Emulator(data_dir=folder).close()


def test_another_process_is_refused(folder: Path, kept: Emulator):
    """A second process is refused, and further changes of the first are written."""
    code = "import sys, pinpoint_sms_emu as p; p.Emulator(data_dir=sys.argv[1])"
    ended = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=False
    )
    make_list(kept, "red")
    before = kept.snapshot()
    kept.close()

    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1] == (
        f"OSError: data_dir {folder} is in use by another process"
    )
    assert state_in(folder) == before


def test_another_process_while_the_file_is_replaced(folder: Path, kept: Emulator, monkeypatch):
    """At each step of a compaction, a second process waits and is refused."""
    code = (
        "import sys, pinpoint_sms_emu as p; from pinpoint_sms_emu.persistence import folder_lock\n"
        "folder_lock._TRIES = 1; p.Emulator(data_dir=sys.argv[1])"
    )
    answers = []

    def between(function: Callable[..., Any]) -> Callable[..., Any]:
        def start_another(*arguments: Any, **given: Any) -> Any:
            command = [sys.executable, "-c", code, str(folder)]
            ended = subprocess.run(command, capture_output=True, text=True, check=False)
            answers.append(ended.stderr.splitlines()[-1:])
            return function(*arguments, **given)

        return start_another

    with monkeypatch.context() as patched:
        for name in ("replace", "unlink"):
            patched.setattr(Path, name, between(getattr(Path, name)))
        journal = journal_of(kept)
        patched.setattr(journal, "_open", between(journal._open))
        compact(kept)
    make_list(kept, "red")
    before = kept.snapshot()
    kept.close()

    refused = [f"OSError: data_dir {folder} is in use by another process"]
    assert len(answers) >= 5
    assert answers == [refused] * len(answers)
    assert state_in(folder) == before


@pytest.mark.parametrize("replacing", ["reset", "compact"])
def test_another_thread_while_the_file_is_replaced(
    folder: Path, kept: Emulator, monkeypatch, replacing
):
    """A state that is restored meanwhile waits, and is not told that the emulator was closed."""
    make_list(kept, "red")
    state = kept.snapshot()
    journal = journal_of(kept)
    reopen = journal._open
    with ThreadPoolExecutor() as threads:
        restoring: list[Future[None]] = []

        def reopen_later() -> Any:
            if not restoring:
                restoring.append(threads.submit(kept.restore, state))
                wait(restoring, timeout=0.2)  # refused, it would end at once
            return reopen()

        monkeypatch.setattr(journal, "_open", reopen_later)
        kept.reset() if replacing == "reset" else compact(kept)
        restoring[0].result()

    assert kept.snapshot() == state
    kept.close()
    assert state_in(folder) == state


def test_an_unreferenced_emulator_releases_its_folder(folder: Path):
    """An emulator that was not closed releases its folder when it is freed."""
    emulator = Emulator(data_dir=folder)
    make_list(emulator, "red")
    before = emulator.snapshot()
    engine = weakref.ref(engine_of(emulator))
    del emulator
    gc.collect()

    assert engine() is None
    assert state_in(folder) == before


def test_a_forked_process_leaves_the_folder_alone(folder: Path, kept: Emulator):
    """A child process cannot write or open it; the parent continues afterwards."""
    make_list(kept, "red")

    assert "belongs to the process that made the emulator" in in_a_child(
        lambda: make_list(kept, "green")
    )
    assert "is in use by another process" in in_a_child(lambda: Emulator(data_dir=folder))
    assert in_a_child(kept.close) == "None"
    make_list(kept, "green")
    before = kept.snapshot()
    kept.close()
    assert state_in(folder) == before


# Forks a child, which does something, and is killed after another change.
FORKING = """
import gc, os, signal, sys
from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of

def make_list(name):
    engine_of(emulator).call("CreateOptOutList", {"OptOutListName": name})

with mock_sms(data_dir=sys.argv[1]) as emulator:
    make_list("before")
    if not os.fork():
        CHILD
        os._exit(0)
    os.wait()
    make_list("after")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
@pytest.mark.parametrize(
    "child",
    [
        pytest.param("emulator.close()", id="closes"),
        pytest.param("sys.exit()", id="leaves the block, and ends as every interpreter"),
        pytest.param(
            "engine_of(emulator).transactions.journal = None; gc.collect()", id="frees the folder"
        ),
    ],
)
def test_what_a_child_does_loses_nothing(folder: Path, child: str):
    """A parent that is killed after its child has closed the folder has lost nothing."""
    code = FORKING.replace("CHILD", child)
    killed = subprocess.run([sys.executable, "-c", code, str(folder)], check=False)
    emulator = Emulator(data_dir=folder)
    lists = [each["id"] for each in emulator.resources()[0]["resources"]["opt-out-list"]]
    emulator.close()

    assert killed.returncode == -signal.SIGKILL
    assert lists == ["Default", "before", "after"]


@pytest.mark.parametrize("before_the_change", [lambda _: None, Emulator.reset])
def test_a_relative_folder_is_resolved_at_the_start(
    tmp_path: Path, monkeypatch, before_the_change: Callable[[Emulator], None]
):
    """A relative folder stays the same when the process changes its directory."""
    monkeypatch.chdir(tmp_path)
    emulator = Emulator(data_dir="data")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    before_the_change(emulator)
    make_list(emulator, "red")
    before = emulator.snapshot()
    emulator.close()

    assert state_in(tmp_path / "data") == before
    assert not any(Path.cwd().iterdir())


def test_a_reset_keeps_the_folder(tmp_path: Path, kept: Emulator):
    """A reset can have other settings, but not another folder."""
    with pytest.raises(ValueError, match="data_dir is chosen when an emulator is made"):
        kept.reset(data_dir=tmp_path)
    kept.reset(account_tier="SANDBOX")

    assert kept.settings.data_dir
    assert kept.settings.account_tier == "SANDBOX"
