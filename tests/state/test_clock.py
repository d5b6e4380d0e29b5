"""The emulator's clock: frozen, moved, and with tools that replace the system's time."""

import datetime as dt
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import boto3
import freezegun
import pytest
import time_machine

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.persistence import accounts
from pinpoint_sms_emu.persistence.codec import codec
from pinpoint_sms_emu.state.clock import END, START, Clock, read_moment

NEW_YEAR = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def clock():
    """A new clock."""
    return Clock()


def test_the_clock_has_the_systems_time(clock):
    """By default the time is the system's, in UTC."""
    before = datetime.now(UTC)  # noqa: TID251 this is what it is compared with
    now = clock.now()
    after = datetime.now(UTC)  # noqa: TID251 this is what it is compared with

    assert before <= now <= after
    assert now.tzinfo is UTC


def test_advance(clock):
    """The clock is advanced by a timedelta or by units, and continues from there."""
    before = clock.now()

    result = clock.advance(timedelta(hours=1), hours=1, minutes=30)

    assert timedelta(hours=2, minutes=30) <= clock.now() - before < timedelta(hours=2, minutes=31)
    assert result <= clock.now()


def test_a_frozen_clock_stands_still(clock):
    """It changes only when it is advanced."""
    clock.freeze(NEW_YEAR)

    assert clock.now() == NEW_YEAR
    assert clock.now() == NEW_YEAR
    assert clock.advance(days=31) == datetime(2030, 2, 1, tzinfo=UTC)
    assert clock.now() == datetime(2030, 2, 1, tzinfo=UTC)


def test_freeze_without_a_time(clock):
    """The clock is frozen at the current time."""
    clock.advance(days=1)

    frozen = clock.freeze()

    assert clock.now() == frozen
    assert clock.freeze() == frozen


def test_set(clock):
    """The clock is set to a time and continues from there; a frozen one stays there."""
    clock.set(NEW_YEAR)
    assert NEW_YEAR <= clock.now() < NEW_YEAR + timedelta(minutes=1)
    assert clock.frozen_at is None

    clock.freeze()
    clock.set("2031-01-01T00:00:00Z")
    assert clock.now() == datetime(2031, 1, 1, tzinfo=UTC)
    assert clock.frozen_at == clock.now()


def test_resume(clock):
    """The clock has the system's time again."""
    clock.advance(days=1000)
    clock.freeze()

    now = clock.resume()

    assert abs(now - clock.system_now()) < timedelta(seconds=10)
    assert clock.frozen_at is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2030-01-01T00:00:00Z", NEW_YEAR),
        ("2030-01-01T00:00:00+00:00", NEW_YEAR),
        ("2030-01-01T01:00:00+01:00", NEW_YEAR),
        ("2030-01-01 00:00", NEW_YEAR),
        ("2030-01-01", NEW_YEAR),
        ("20300101T000000Z", NEW_YEAR),
        ("2030-01-01T00:00:00.250Z", NEW_YEAR + timedelta(milliseconds=250)),
        (datetime(2030, 1, 1), NEW_YEAR),  # noqa: DTZ001 that is the case
        (datetime(2030, 1, 1, 5, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))), NEW_YEAR),
    ],
)
def test_forms_of_a_time(text, moment):
    """A time is ISO 8601 or a datetime; without a zone it is UTC."""
    read = read_moment(text)

    assert read == moment
    assert read.tzinfo is UTC
    assert type(read) is datetime


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "2030",
        "2030-13-01",
        "12:00",
        5,
        None,
        b"2030-01-01",
        dt.date(2030, 1, 1),
        "0001-01-01T00:00:00+23:00",
        "2030-01-01T00:00:00+25:00",
    ],
)
def test_invalid_times_are_refused(text):
    """The ValueError explains the format."""
    with pytest.raises(ValueError, match="ISO 8601") as raised:
        read_moment(text)
    assert str(raised.value) == f"{text!r} is not an ISO 8601 time such as 2026-01-31T12:00:00Z"


def test_time_moves_forward_only(clock):
    """An earlier time is refused, and the clock does not change."""
    clock.freeze(NEW_YEAR)

    for back in (
        lambda: clock.advance(seconds=-1),
        lambda: clock.advance(timedelta(days=-1), hours=23),
        lambda: clock.freeze(NEW_YEAR - timedelta(microseconds=1)),
        lambda: clock.set("2029-12-31"),
    ):
        with pytest.raises(ValueError, match="forward only"):
            back()
    assert clock.now() == NEW_YEAR


def test_a_number_is_not_a_duration(clock):
    """The error explains the format of a duration."""
    with pytest.raises(ValueError, match="length of time: a timedelta, or units such as hours=25"):
        clock.advance(90_000)


@pytest.mark.parametrize(
    "step",
    [
        {"days": 1000000000000.0},
        {"seconds": float("nan")},
        {"seconds": float("inf")},
        {"years": 1},
        {"seconds": "1"},
        {"days": 365 * 8000},
    ],
)
def test_invalid_durations_are_refused(clock, step):
    """The ValueError leaves the clock unchanged."""
    clock.freeze(NEW_YEAR)

    with pytest.raises(ValueError, match=r"length|ends"):
        clock.advance(**step)
    with pytest.raises(ValueError, match="length"):
        clock.advance("1 hour")
    assert clock.now() == NEW_YEAR


def test_the_clock_cannot_pass_the_last_year(clock):
    """The clock cannot be moved beyond the last year."""
    with pytest.raises(ValueError, match="ends with the year 8999"):
        clock.freeze(END + timedelta(days=1))
    clock.freeze(END - timedelta(microseconds=1))
    assert clock.advance(microseconds=1) == END
    with pytest.raises(ValueError, match="ends with the year 8999"):
        clock.advance(microseconds=1)


def test_the_clock_can_stay_where_it_is(clock):
    """Moving it to the current time, or by no time, is allowed."""
    clock.freeze(NEW_YEAR)

    assert clock.advance() == clock.advance(seconds=0) == NEW_YEAR
    assert clock.set(NEW_YEAR) == clock.freeze(NEW_YEAR) == NEW_YEAR


def test_a_time_is_not_a_duration(clock):
    """The ValueError names the time."""
    with pytest.raises(ValueError, match="length of time") as raised:
        clock.advance(NEW_YEAR)
    assert str(raised.value).startswith("advance takes a length of time, not the time datetime")


def test_each_move_is_a_transaction():
    """At the end of the transaction the new time applies."""
    result = []

    @contextmanager
    def turn():
        yield
        result.append(clock.now())

    clock = Clock(turn)
    clock.freeze(NEW_YEAR)
    clock.advance(days=1)
    clock.set(NEW_YEAR + timedelta(days=2))

    assert set(result) == {NEW_YEAR + timedelta(days=days) for days in range(3)}


def test_concurrent_moves_add_up(emulator):
    """No move by any thread is lost."""
    emulator.clock.freeze(NEW_YEAR)
    threads = [
        threading.Thread(target=emulator.clock.advance, kwargs={"seconds": 1}) for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert emulator.clock.now() == NEW_YEAR + timedelta(seconds=20)


@pytest.mark.parametrize("seconds", [1e10, float("inf"), float("nan"), -1, "soon"])
def test_durations_of_settings_are_limited(seconds):
    """A setting of more than thirty years is refused."""
    with pytest.raises(ValueError, match="transition_seconds must be a number of seconds"):
        Emulator(transition_seconds=seconds)


# --- other tools, in process ----------------------------------------------------------------------


def test_a_late_job_runs_at_its_own_time(emulator, sms):
    """Late jobs see their due time; the next call sees the current time."""
    with freezegun.freeze_time("2030-01-01T00:00:00Z") as frozen:
        emulator.reset(delivery_seconds=60)
        emulator.add_number("+12065550100")
        sms.send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity="+12065550100",
            MessageBody="Hello",
        )
        frozen.move_to("2030-01-01T05:00:00Z")
        made = sms.create_opt_out_list(OptOutListName="late")
        [message] = emulator.messages

    assert message.history[-1].at.isoformat() == "2030-01-01T00:01:00+00:00"
    assert made["CreatedTimestamp"].isoformat() == "2030-01-01T05:00:00+00:00"


def test_freezegun(emulator, sms):
    """freezegun's time is the system's time; it may tick, and end."""
    with freezegun.freeze_time("2030-01-01T00:00:00Z") as frozen:
        assert emulator.clock.now() == NEW_YEAR
        assert type(emulator.clock.now()) is type(NEW_YEAR)
        frozen.tick(timedelta(hours=1))
        assert emulator.clock.now() == NEW_YEAR + timedelta(hours=1)
        emulator.clock.advance(hours=1)
        assert emulator.clock.now() == NEW_YEAR + timedelta(hours=2)
        made = sms.create_opt_out_list(OptOutListName="Made")

    assert made["CreatedTimestamp"] == NEW_YEAR + timedelta(hours=2)
    assert emulator.clock.now() < NEW_YEAR


def test_a_snapshot_with_freezegun(emulator):
    """The first snapshot of a process may be taken while freezegun replaces classes."""
    accounts.entries_of.cache_clear()
    codec.cache_clear()
    emulator.add_number("+12065550100")
    emulator.receive("STOP", sender="+14255550100", recipient="+12065550100")
    with freezegun.freeze_time("2030-01-01T00:00:00Z"):
        before = emulator.snapshot()
        emulator.restore(before)

    assert emulator.snapshot() == before


@pytest.mark.parametrize("year", [1, 1000, 1900, 8999, 9999])
def test_the_ends_of_the_calendar(year):
    """A system's time at which delays would overflow is the earliest or the latest of the clock."""
    at = datetime(year, 12, 31, 23, 59, 59)  # noqa: DTZ001  freezegun's
    waiting = {"transition_seconds": 1e9, "delivery_seconds": 1e9}
    with freezegun.freeze_time(at), mock_sms(**waiting) as emulator:
        number = emulator.add_number("+12065550100")
        boto3.client("pinpoint-sms-voice-v2").send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity=number.id,
            MessageBody="Hello",
            TimeToLive=259_200,
        )
        emulator.receive("STOP", sender="+14255550100", recipient="+12065550100")
        emulator.clock.freeze()
        before = emulator.snapshot()

        emulator.restore(before)

        assert emulator.snapshot() == before
        assert START <= emulator.clock.now() <= END
        assert emulator.clock.now().year == min(max(year, START.year), END.year)


@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_time_machine(emulator, sms):
    """time-machine's time is the system's time, and due jobs run."""
    with time_machine.travel(NEW_YEAR, tick=False) as traveller:
        assert emulator.clock.now() == NEW_YEAR
        made = sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )

        def status():
            [number] = sms.describe_phone_numbers(PhoneNumberIds=[made["PhoneNumberId"]])[
                "PhoneNumbers"
            ]
            return number["Status"]

        traveller.shift(59)
        assert status() == "PENDING"
        traveller.shift(1)
        assert status() == "ACTIVE"


@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_jobs_keep_their_times_if_time_goes_back(emulator, sms):
    """Nothing is undone."""
    with time_machine.travel(NEW_YEAR, tick=False):
        sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )

    def status():
        return sms.describe_phone_numbers()["PhoneNumbers"][0]["Status"]

    assert status() == "PENDING"
    emulator.clock.freeze(NEW_YEAR + timedelta(seconds=59))
    assert status() == "PENDING"
    emulator.clock.advance(seconds=1)
    assert status() == "ACTIVE"
    emulator.clock.resume()
    assert status() == "ACTIVE"


def test_a_failing_clock_does_not_block_others(monkeypatch):
    """If reading the time raises an error, the lock is released."""
    emulator = Emulator()
    with monkeypatch.context() as broken:
        broken.setattr(emulator.clock, "hold", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            engine_of(emulator).run_due()

    other = threading.Thread(target=engine_of(emulator).run_due, daemon=True)
    other.start()
    other.join(60)
    assert not other.is_alive()
