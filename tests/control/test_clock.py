"""The clock over HTTP."""

from datetime import UTC, datetime, timedelta

import pytest

PATH = "/_emulator/clock"


def now(answer):
    """Return the time in an answer."""
    assert answer.status == 200
    assert answer.json.keys() == {"now", "frozen", "offset_seconds"}
    return datetime.fromisoformat(answer.json["now"])


def test_the_time(control, emulator):
    """It is the system's time at first."""
    answer = control.get(PATH)

    assert abs(now(answer) - emulator.clock.now()) < timedelta(seconds=5)
    assert answer.json["frozen"] is False
    assert answer.json["offset_seconds"] == 0


def test_advance(control, emulator):
    """The clock is advanced, and jobs that are due run."""
    answer = control.post(PATH, advance_seconds=3600)

    assert answer.json["offset_seconds"] == 3600
    assert isinstance(answer.json["offset_seconds"], int)
    assert emulator.clock.position.offset == timedelta(hours=1)
    assert control.post(PATH, advance_seconds=0.5).json["offset_seconds"] == 3600.5
    assert control.post(PATH, advance_seconds=0).json["offset_seconds"] == 3600.5


def test_freeze(control):
    """Time is stopped at a moment, and moved from there."""
    answer = control.post(PATH, freeze_at="2030-01-01T01:00:00+01:00")

    assert now(answer) == datetime(2030, 1, 1, tzinfo=UTC)
    assert answer.json["frozen"] is True
    assert answer.json["now"] == "2030-01-01T00:00:00+00:00"
    assert now(control.post(PATH, advance_seconds=86400)) == datetime(2030, 1, 2, tzinfo=UTC)
    assert control.get(PATH).json["now"] == "2030-01-02T00:00:00+00:00"


def test_set(control):
    """The clock is set to a time, and continues."""
    answer = control.post(PATH, set_to="2030-01-01T00:00:00Z")

    assert now(answer) >= datetime(2030, 1, 1, tzinfo=UTC)
    assert answer.json["frozen"] is False


def test_resume(control):
    """Time goes back to the system's."""
    control.post(PATH, freeze_at="2030-01-01")

    answer = control.post(PATH, resume=True)

    assert now(answer).year < 2030
    assert answer.json["frozen"] is False
    assert answer.json["offset_seconds"] == 0


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"resume": False},
        {"advance_seconds": 1, "resume": True},
        {"advance_seconds": 1, "freeze_at": "2030-01-01"},
        {"advance_seconds": -1},
        {"advance_seconds": "3600"},
        {"advance_seconds": True},
        {"advance_seconds": 1e300},
        {"advance_seconds": None},
        {"freeze_at": "tomorrow"},
        {"freeze_at": "2001-01-01"},
        {"freeze_at": 5},
        {"freeze_at": "9999-12-31"},
        {"set_to": "2001-01-01"},
        {"resume": "yes"},
        {"advance": 1},
    ],
)
def test_invalid_times_are_refused(control, emulator, members):
    """Invalid times are refused with a sentence, and the clock does not change."""
    answer = control.post(PATH, **members)

    assert answer.status == 400
    assert answer.error
    assert emulator.clock.position.offset == timedelta()
    assert emulator.clock.frozen_at is None
