"""The scheduler: the order of jobs, and those of deleted resources."""

from datetime import UTC, datetime, timedelta

from pinpoint_sms_emu.state import scheduler
from pinpoint_sms_emu.state.scheduler import Scheduler

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
PLACE = ("123456789012", "us-east-1", "pool")


def expire(*_resource):
    """Do nothing; only the name is stored."""


def keys(jobs):
    """The resources of jobs, in their order."""
    return [each.key for each in jobs]


def test_due_jobs_come_in_order():
    """Jobs come by their time, those of one time as they were added, and later ones stay."""
    jobs = Scheduler(lambda _job: True)
    for key, seconds in (("d", 2), ("b", 1), ("c", 1), ("a", 0), ("e", 3)):
        jobs.put(NOON + timedelta(seconds=seconds), expire, *PLACE, key)

    assert keys(jobs.due(NOON + timedelta(seconds=2))) == ["a", "b", "c", "d"]
    assert keys(jobs.entries) == ["e"]
    assert (jobs.entries[0].job, jobs.entries[0].sequence) == ("expire", 5)


def test_jobs_that_are_added_meanwhile_are_due_too():
    """A job can add another one that is due already."""
    jobs = Scheduler(lambda _job: True)
    jobs.put(NOON, expire, *PLACE, "first")
    due = jobs.due(NOON)

    assert next(due).key == "first"
    jobs.put(NOON, expire, *PLACE, "second")
    assert keys(due) == ["second"]


def test_jobs_of_deleted_resources_are_dropped_now_and_then(monkeypatch):
    """After some new jobs, those without a resource are gone, and the others keep their order."""
    monkeypatch.setattr(scheduler, "_DROPPED_EVERY", 8)
    deleted = set()
    jobs = Scheduler(lambda job: job.key not in deleted)
    for number in range(7, 0, -1):
        jobs.put(NOON + timedelta(seconds=number), expire, *PLACE, f"job {number}")
    deleted |= {"job 1", "job 4", "job 6"}
    assert len(jobs.entries) == 7

    jobs.put(NOON + timedelta(seconds=8), expire, *PLACE, "job 8")

    assert len(jobs.entries) == 5
    assert keys(jobs.due(NOON + timedelta(seconds=9))) == [
        f"job {each}" for each in (2, 3, 5, 7, 8)
    ]
