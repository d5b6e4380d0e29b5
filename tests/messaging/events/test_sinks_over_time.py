"""Sinks over time: removal of old records, delivery by a server, and stored states."""

import json

import pytest

from pinpoint_sms_emu import Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events import deliveries
from tests.messaging.endpoints import free_port
from tests.messaging.receivers import sns

TEXT = ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]
ONE, OTHER = (f"arn:aws:sns:us-east-1:123456789012:{name}" for name in ("one", "other"))


# Removed records.


@pytest.mark.usefixtures("in_process")
def test_undelivered_records_are_counted_when_removed(flaky, emulator, add, send, monkeypatch):
    """A record is removed with its message; undelivered ones are counted and shown."""
    monkeypatch.setattr("pinpoint_sms_emu.messaging.events.dispatcher.ATTEMPTS", 1000)
    emulator.reset(seed=7, max_messages=2, events_endpoint_url=flaky.url)
    flaky.moods = {ONE: "bad"}
    add(**sns(ONE))
    add(name="other", **sns(OTHER))

    for _ in range(5):
        send()

    assert emulator.find_events().forgotten == {ONE: 6}
    assert len(emulator.events) == 4
    assert len(engine_of(emulator).dispatcher._queues[ONE].waiting) == 4

    emulator.clear_messages()

    assert emulator.find_events().forgotten == {ONE: 10}
    assert not engine_of(emulator).dispatcher._queues[ONE].waiting
    assert emulator.flush() is True


def test_records_that_were_given_up_are_counted_too(flaky, emulator, add, send):
    """Failed records count as undelivered."""
    flaky.moods = {ONE: "bad"}
    add(**sns(ONE))
    send()
    emulator.flush()

    emulator.clear_messages()

    assert emulator.find_events().forgotten == {ONE: 2}


# With a server.


@pytest.fixture
def server(emulator):
    """The emulator as a server has it."""
    with Server(emulator) as served:
        yield served


def test_a_server_delivers_in_the_background(flaky, emulator, server, add, send, seen):
    """With a server, a thread delivers, and requests do not wait."""
    flaky.moods = {ONE: "slow"}
    add(name="one", **sns(ONE))
    add(name="other", **sns(OTHER))

    send()

    # The first attempt has not ended, or not even begun; it would take ten seconds.
    assert seen("one") == [("pending", 0)] * 2
    while seen("other") != [("delivered", 1)] * 2:
        engine_of(emulator).dispatcher._stopped.wait(0.01)
    assert flaky.of(OTHER) == TEXT
    assert seen("one") == [("pending", 0)] * 2


def test_a_server_retries_and_gives_up(emulator, server, add, send, seen):
    """A destination that fails is tried again after a while, then its records are failed."""
    emulator.reset(seed=7, events_endpoint_url=f"http://127.0.0.1:{free_port()}")
    add(**sns(ONE))

    send()
    send()

    assert emulator.flush(60) is True
    assert [status for status, _ in seen()] == ["failed"] * 4


def test_a_server_goes_on_when_a_destination_is_back(flaky, emulator, server, add, send, seen):
    """When a destination takes records again, what waited arrives in order."""
    flaky.moods = {ONE: "bad"}
    add(**sns(ONE))
    send()
    while seen()[0] == ("pending", 0):
        engine_of(emulator).dispatcher._stopped.wait(0.01)

    flaky.moods = {}
    emulator.flush()

    assert flaky.of(ONE) == TEXT
    assert [status for status, _ in seen()] == ["delivered"] * 2


def test_a_server_that_ends_delivers_what_it_can(flaky, emulator, server, add, send, caplog):
    """At the end, remaining records have half a second; the rest is logged."""
    flaky.moods = {ONE: "slow"}
    add(name="one", **sns(ONE))
    add(name="other", **sns(OTHER))
    send()

    emulator.close()

    assert flaky.of(OTHER) == TEXT
    assert f"2 event records were not sent to {ONE}" in caplog.messages


# State.


def test_restoring_sends_nothing_without_flush(flaky, emulator, add, send, settle, seen):
    """Pending deliveries of a restored state stay pending until `flush`."""
    flaky.moods = {ONE: "bad"}
    add(**sns(ONE))
    send()
    state = json.loads(json.dumps(emulator.snapshot()))
    emulator.reset(seed=7, events_endpoint_url=flaky.url)
    flaky.moods = {}
    flaky.taken.clear()

    emulator.restore(state)
    emulator.clock.advance(hours=1)
    before = list(flaky.taken), seen()

    assert before[0] == []
    assert [status for status, _ in before[1]] == ["pending"] * 2
    assert emulator.flush() is True
    assert flaky.of(ONE) == TEXT
    assert [status for status, _ in seen()] == ["delivered"] * 2


def test_a_state_with_more_messages_than_there_is_room_for(flaky, emulator, add, send, settle):
    """Undelivered records of messages that there is no room for are counted, too."""
    flaky.moods = {ONE: "bad"}
    add(**sns(ONE))
    send()
    kept = send()
    state = emulator.snapshot()

    emulator.reset(seed=7, max_messages=1, events_endpoint_url=flaky.url)
    emulator.restore(state)

    assert {event.message_id for event in emulator.events} == {kept}
    assert emulator.find_events().forgotten[ONE] == 2


def test_delivered_records_are_not_sent_again(flaky, emulator, add, send, settle):
    """A restored state has the status of deliveries."""
    add(**sns(ONE))
    send()
    settle()
    state = emulator.snapshot()
    flaky.taken.clear()

    emulator.restore(state)
    emulator.flush()

    assert flaky.taken == []


def test_the_latest_account_events_are_kept(emulator, flaky, in_process, monkeypatch):
    """Of records without a message the latest are kept, also if many were being delivered."""
    monkeypatch.setattr(deliveries, "MAX_ACCOUNT_EVENTS", 2)
    here = engine_of(emulator).account("123456789012", "us-east-1")

    with engine_of(emulator).transaction():
        for number in range(5):
            engine_of(emulator).state.events.publish_account_event(here, "x", {"number": number})

    kept = [
        published.account_event.detail["number"]
        for published in engine_of(emulator).state.events.published
    ]
    assert kept == [3, 4]
