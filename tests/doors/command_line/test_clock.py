"""`clock`: time is shown, moved and frozen."""

from __future__ import annotations

import json
import re

import pytest

from tests.doors.serving import run


def test_the_clock(command, emulator):
    """The clock is shown, frozen, moved and resumed."""
    assert command("clock").endswith(" (running)\n")

    stopped = json.loads(command("clock", "freeze", "--json"))
    assert stopped["frozen"]
    assert stopped["now"] == emulator.clock.now().isoformat()

    before = emulator.clock.now()
    result = command("clock", "advance", "1d1h30m")
    assert (emulator.clock.now() - before).total_seconds() == 91_800
    assert result.startswith(f"{emulator.clock.now().isoformat()} (frozen, ")

    assert result.endswith(" ahead of the system's time)\n")
    # The system's time has gone on since the clock was frozen.
    assert re.search(r"\(frozen, 1d1h(30m|29m5\ds) ahead", command("clock", "advance", "0"))

    later = "2077-01-31T12:00:00+00:00"
    assert command("clock", "freeze", later).startswith(later)

    assert command("clock", "resume").endswith(" (running)\n")
    assert command("clock", "show", "--json") != ""


@pytest.mark.parametrize(("length", "seconds"), [("90", 90), ("0.5h", 1800), ("2d", 172_800)])
def test_forms_of_a_duration(command, emulator, length, seconds):
    """A duration is seconds, or numbers with units."""
    emulator.clock.freeze()
    before = emulator.clock.now()

    command("clock", "advance", length)

    assert (emulator.clock.now() - before).total_seconds() == seconds


@pytest.mark.parametrize("length", ["soon", "-5s", "-1h", "-5", "5 h", "1w", ""])
def test_invalid_durations_are_wrong_usage(length):
    """An invalid duration is wrong usage."""
    finished = run("clock", "advance", length)

    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1
    assert "argument DURATION: must be a duration such as 90s or 1h30m" in finished.stderr


def test_the_url_before_and_after_the_subcommand(server):
    """Options can be before or after a subcommand."""
    before = run("clock", "--url", server.url, "show")
    after = run("clock", "show", "--url", server.url)

    assert (before.stderr, after.stderr) == ("", "")
    assert (before.returncode, after.returncode) == (0, 0)
