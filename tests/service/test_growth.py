"""What must not take longer the more is stored, or must leave the lock to others meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service import inventory
from pinpoint_sms_emu.state import scheduler
from pinpoint_sms_emu.state.clock import EPOCH
from pinpoint_sms_emu.state.steps import ENTRIES_AT_ONCE
from pinpoint_sms_emu.state.tables import Entries, Resource

NUMBER, PERSON = "+12065550100", "+14255550100"
POOLS = 10


def send(emulator: Emulator) -> None:
    """Send a text."""
    members = {"DestinationPhoneNumber": PERSON, "MessageBody": "Hello"}
    engine_of(emulator).call("SendTextMessage", members)


@pytest.mark.parametrize("read", [lambda sms: sms.events, lambda sms: sms.find_events()])
def test_events_are_rendered_without_the_lock(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch, read: Callable[[Emulator], object]
):
    """Calls on other threads are answered meanwhile."""
    emulator.add_number(NUMBER)
    send(emulator)
    lock: Any = engine_of(emulator).lock
    record, held = Message.record, []

    def noting(message: Message, position: int) -> dict[str, Any]:
        held.append(lock._is_owned())
        return record(message, position)

    monkeypatch.setattr(Message, "record", noting)
    read(emulator)

    assert held == [False] * 2


def test_registration_events_are_found_without_the_others(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
):
    """The records of messages are not visited."""
    created = engine_of(emulator).call(
        "CreateRegistration", {"RegistrationType": "US_TOLL_FREE_REGISTRATION"}
    )
    state = engine_of(emulator).state

    def visit(_entries: object) -> None:
        raise AssertionError("all published records are visited")

    monkeypatch.setattr(Entries, "__iter__", visit)
    found = emulator.find_events().registrations

    assert len(found) == len(state.events.account_events) > 0
    assert all(created["RegistrationId"] in str(event.record) for event in found)


def test_deliveries_are_looked_up_once_for_an_account(
    emulator: Emulator, monkeypatch: pytest.MonkeyPatch
):
    """However many configuration sets there are."""
    for name in ("red", "green", "blue"):
        engine_of(emulator).call("CreateConfigurationSet", {"ConfigurationSetName": name})
    looked, last_deliveries = [], inventory._last_deliveries

    def noting(account: Any) -> Any:
        looked.append(account)
        return last_deliveries(account)

    monkeypatch.setattr(inventory, "_last_deliveries", noting)

    [listed] = emulator.resources()
    assert len(listed["resources"]["configuration-set"]) == 3
    emulator.resources(kind="pool")
    assert len(looked) == 1


def test_members_of_many_pools(emulator: Emulator, monkeypatch: pytest.MonkeyPatch):
    """The ARN of a number is read for its own pool alone."""
    for place in range(POOLS):
        number = emulator.add_number(f"+120655501{place:02}")
        members = {
            "OriginationIdentity": number.phone_number_id,
            "MessageType": "TRANSACTIONAL",
        }
        engine_of(emulator).call("CreatePool", members)
    read: list[Resource] = []

    def account_id(resource: Resource) -> str:
        read.append(resource)
        return resource.arn.split(":")[4]

    monkeypatch.setattr(Resource, "account_id", property(account_id))

    [listed] = emulator.resources(kind="pool")
    assert [len(each["members"]) for each in listed["resources"]["pool"]] == [1] * POOLS
    assert len(read) < POOLS * POOLS


def test_a_policy_is_tested_in_steps(sms: Any, emulator: Emulator, monkeypatch: pytest.MonkeyPatch):
    """Calls on other threads are answered while a policy is tested with many calls."""
    pauses, engine = [], engine_of(emulator)
    for _ in range(2 * ENTRIES_AT_ONCE + 1):
        sms.describe_pools()
    monkeypatch.setattr(engine, "pause", lambda: pauses.append(engine.lock._is_owned()))  # type: ignore[attr-defined]

    statement = {"Effect": "Allow", "Action": "sms-voice:*", "Resource": "*"}
    emulator.assert_allowed_by({"Version": "2012-10-17", "Statement": [statement]})
    assert pauses == [False] * 3
    with pytest.raises(AssertionError, match=r"denied:\n  sms-voice:DescribePools on \*$"):
        emulator.assert_allowed_by({"Version": "2012-10-17", "Statement": []})


def test_many_scheduled_jobs():
    """Those that have lost their resource are looked for seldom, if there are many."""
    looked: list[scheduler.Entry] = []
    jobs = scheduler.Scheduler(lambda entry: looked.append(entry) is None)
    count = 20_000
    for number in range(count):
        jobs.put(EPOCH, test_many_scheduled_jobs, "account", "region", "kind", str(number))

    assert len(jobs.entries) == count
    assert count / 2 < len(looked) < 2 * count


def test_jobs_without_a_resource_do_not_pile_up():
    """Few are kept longer than they are good for."""
    jobs = scheduler.Scheduler(lambda _entry: False)
    for number in range(20_000):
        jobs.put(EPOCH, test_many_scheduled_jobs, "account", "region", "kind", str(number))
        assert len(jobs.entries) <= scheduler._DROPPED_EVERY
