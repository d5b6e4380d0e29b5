"""The log of times for rate limits."""

from datetime import UTC, datetime, timedelta

from pinpoint_sms_emu.state.times_log import DAY, TimesLog, recent

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


def test_times_count_until_the_window_is_over():
    """A time counts for the whole window and no longer; names are counted separately."""
    log = TimesLog(DAY)
    log.add("a", NOON)
    log.add("a", NOON + timedelta(hours=1))
    log.add("b", NOON)

    counts = [log.count("a", NOON + timedelta(hours=hours)) for hours in (1, 23.9, 24, 24.9, 25)]

    assert counts == [2, 2, 1, 1, 0]
    assert log.count("b", NOON) == 1
    assert log.count("c", NOON) == 0


def test_expired_times_are_removed():
    """Neither times nor names are stored beyond the window."""
    log = TimesLog(timedelta(seconds=1))
    for second in range(1000):
        log.add(f"name {second}", NOON + timedelta(seconds=second))
        log.add("always", NOON + timedelta(seconds=second))

    assert list(log.times) == ["name 999", "always"]
    assert len(log.times["always"]) == 1


def test_times_after_now_do_not_count():
    """After the clock was set back, later times do not count."""
    assert recent([NOON + timedelta(seconds=1), NOON], NOON) == [NOON]


def test_expired_times_of_a_name_are_removed():
    """A name that is added again and again has only the times in the window."""
    log = TimesLog(timedelta(seconds=2))
    for second in range(10):
        log.add("always", NOON + timedelta(seconds=second))

    assert log.times == {"always": [NOON + timedelta(seconds=8), NOON + timedelta(seconds=9)]}
