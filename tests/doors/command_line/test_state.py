"""`state`: the whole state in a file or a pipe, out and in."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from pinpoint_sms_emu.doors.command_line import state
from pinpoint_sms_emu.doors.command_line.main import main
from tests.doors.serving import COMMAND, environment, run

NUMBER = "+12065550100"
ALICE = "+14255550100"


def text(emulator, body):
    """Send a text to the number."""
    return emulator.receive(body, sender=ALICE, recipient=NUMBER)


def test_the_state(command, emulator, tmp_path):
    """A saved state is restored."""
    text(emulator, "Hello")
    file = tmp_path / "state.json"
    before = emulator.snapshot()

    assert command("state", "save", str(file)) == ""
    emulator.reset()
    assert command("state", "load", str(file)) == ""

    assert emulator.snapshot() == before


def test_a_saved_state_has_no_control_characters(server, emulator):
    """Unprintable characters are escaped."""
    text(emulator, "a\x1b[31m\u202eb")

    saved = run("state", "save", "-", "--url", server.url).stdout

    assert "\u202e" not in saved
    assert json.loads(saved) == emulator.snapshot()


def test_the_state_in_a_pipe(server, emulator):
    """- is standard output, and standard input."""
    text(emulator, "Hello")
    saved = run("state", "save", "-", "--url", server.url).stdout
    emulator.reset()

    loaded = subprocess.run(
        [*COMMAND, "state", "load", "-", "--url", server.url],
        input=saved,
        text=True,
        check=False,
        timeout=30,
        env=environment(),
    )

    assert loaded.returncode == 0
    assert [message.body for message in emulator.messages] == ["Hello"]


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"version": -1}', None])
def test_invalid_states_are_refused(server, emulator, tmp_path, content):
    """The error is one sentence with the file's name, and nothing changes."""
    file = tmp_path / "state.json"
    if content is not None:
        file.write_text(content)
    before = emulator.snapshot()

    finished = run("state", "load", str(file), "--url", server.url)

    assert finished.returncode == 1
    assert finished.stderr.startswith("pinpoint-sms-emu state load: ")
    assert finished.stderr.count("\n") == 1
    assert emulator.snapshot() == before


@pytest.mark.parametrize("name", ["state.json", "-"])
def test_a_file_that_is_too_large(server, emulator, tmp_path, monkeypatch, capsys, name):
    """No more is read than the server would take."""
    monkeypatch.setattr(state, "LARGEST_STATE", 1024 * 1024)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "state.json").write_bytes(b" " * (1024 * 1024 + 1))
    source = io.BytesIO((tmp_path / "state.json").read_bytes())
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=source))

    assert main(["state", "load", name, "--url", server.url]) == 1
    assert f"{name} does not contain a state: it is larger than 1 MiB" in capsys.readouterr().err
