"""The dispatcher: queues continue after removed records, and nothing is sent under the lock."""

from __future__ import annotations

import gc
import os
import threading
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.events import deliveries, dispatcher
from pinpoint_sms_emu.messaging.events.sinks import Sinks
from tests.messaging.endpoints import FlakyReceiver
from tests.messaging.receivers import add_destination

SECONDS = 60 if os.environ.get("SOAK") else 3
ONE = "arn:aws:sns:us-east-1:123456789012:one"
NUMBER, PERSON = "+12065550100", "+14255550100"


def prepare(emulator: Emulator) -> None:
    """Add a number, and a set whose events go to a topic."""
    emulator.add_number(NUMBER)
    add_destination(emulator, "one", SnsDestination={"TopicArn": ONE})


def send(emulator: Emulator) -> str:
    """Send a text whose events go to the topic."""
    members = {
        "DestinationPhoneNumber": PERSON,
        "OriginationIdentity": NUMBER,
        "MessageBody": "Hello",
        "ConfigurationSetName": "Set",
    }
    message_id: str = engine_of(emulator).call("SendTextMessage", members)["MessageId"]
    return message_id


@pytest.fixture
def flaky():
    """An endpoint that takes records, or refuses them."""
    with FlakyReceiver() as endpoint:
        yield endpoint


def make(flaky: FlakyReceiver, **settings: Any) -> Emulator:
    """Make an emulator that delivers to the endpoint."""
    emulator = Emulator(seed=7, events_endpoint_url=flaky.url, **settings)
    prepare(emulator)
    return emulator


@pytest.mark.parametrize("delivery_seconds", [0, 60])
def test_removed_records_do_not_block_others(flaky, delivery_seconds):
    """While a destination fails, messages are removed.

    The remaining records are delivered later.
    """
    emulator = make(flaky, max_messages=2, delivery_seconds=delivery_seconds)
    flaky.moods = {ONE: "bad", "bus": "bad"}
    for _ in range(6):
        latest = send(emulator)
        emulator.clock.advance(seconds=40)

    flaky.moods = {}
    emulator.clock.advance(hours=1)

    assert emulator.flush() is True
    assert flaky.of(ONE)
    assert {event.message_id for event in emulator.events} >= {latest}
    lost = emulator.find_events().forgotten[ONE]
    given_up = [
        each for event in emulator.events for each in event.destinations if each.status == "failed"
    ]
    assert lost > 0
    assert lost + len(given_up) + len(flaky.of(ONE)) == 12
    assert not engine_of(emulator).dispatcher.has_work
    emulator.close()


def test_records_removed_after_a_restore(flaky):
    """Pending records of a restored state that are removed later are skipped and counted."""
    emulator = make(flaky, max_messages=2)
    flaky.moods = {ONE: "bad"}
    send(emulator)
    send(emulator)
    emulator.restore(emulator.snapshot())
    send(emulator)
    emulator.clear_messages()

    flaky.moods = {}
    latest = send(emulator)

    assert emulator.flush() is True
    assert flaky.of(ONE) == ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"]
    assert {record["messageId"] for _, record in flaky.taken if "messageId" in record} >= {latest}
    assert emulator.find_events().forgotten[ONE] == 6
    emulator.close()


def test_removed_account_events(flaky, monkeypatch):
    """Too many pending events about registrations do not block others."""
    monkeypatch.setattr(deliveries, "MAX_ACCOUNT_EVENTS", 2)
    emulator = make(flaky)
    flaky.moods = {"bus": "bad"}
    call = engine_of(emulator).call
    registrations = [
        call("CreateRegistration", {"RegistrationType": "US_TOLL_FREE_REGISTRATION"})
        for _ in range(6)
    ]
    state = emulator.snapshot()
    flaky.moods = {}
    emulator.restore(state)

    for registration in registrations:
        call("DeleteRegistration", {"RegistrationId": registration["RegistrationId"]})

    assert emulator.flush() is True
    assert len(emulator.find_events().registrations) <= 2
    emulator.close()


def test_nothing_is_sent_while_the_lock_is_held(flaky, monkeypatch):
    """Whatever creates records: they are sent after the lock is released."""
    emulator = make(flaky)
    held = []
    deliver = Sinks.deliver

    def watched(self: Sinks, payload: Any) -> str | None:
        held.append(engine_of(emulator).lock._is_owned())  # type: ignore[attr-defined]
        return deliver(self, payload)

    monkeypatch.setattr(Sinks, "deliver", watched)
    send(emulator)
    flaky.moods = {ONE: "bad"}
    send(emulator)
    emulator.clock.freeze()
    emulator.reset(delivery_seconds=60)
    prepare(emulator)
    send(emulator)
    later = emulator.snapshot() | {"clock": {"offset_microseconds": 10**12, "frozen_at": None}}
    emulator.restore(later)
    emulator.flush()
    emulator.clock.advance(days=1)
    emulator.reset()
    emulator.close()

    assert held
    assert not any(held)


def test_flush_does_not_wait_under_the_lock(flaky, monkeypatch):
    """Recording a result of one destination does not wait, with the lock, for another one."""
    emulator = make(flaky)
    dispatcher, lock = engine_of(emulator).background.dispatcher, engine_of(emulator).lock
    held = []
    deliver = dispatcher.deliver

    def watched() -> None:
        held.append(lock._is_owned())  # type: ignore[attr-defined]
        deliver()

    flaky.moods = {ONE: "bad", "bus": "bad"}
    for _ in range(5):
        send(emulator)
    flaky.moods = {}
    monkeypatch.setattr(dispatcher, "deliver", watched)

    assert emulator.flush() is True
    send(emulator)
    emulator.close()

    assert held
    assert not any(held)


def test_flush_does_not_wait_for_a_thread_that_needs_the_lock(flaky):
    """A listener or a signal handler, which may hold the lock, flushes in vain, but not forever."""
    emulator = make(flaky)
    flaky.moods = {ONE: "bad"}
    send(emulator)
    flaky.moods = {}
    with engine_of(emulator).lock:
        assert emulator.flush(0.1) is False

    assert emulator.flush() is True
    emulator.close()


def raising(error: BaseException) -> Callable[..., None]:
    """Return a function that raises an error."""

    def function(*_arguments: Any, **_given: Any) -> None:
        raise error

    return function


def test_a_thread_that_cannot_start(flaky, monkeypatch):
    """Records are delivered as soon as a thread can be started."""
    emulator = make(flaky)
    engine_of(emulator).servers += 1  # with a server, threads deliver
    send(emulator)
    error = RuntimeError("can't start new thread")
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", raising(error))
        with pytest.raises(RuntimeError, match="can't start"):
            engine_of(emulator).tick()

    is_delivered = emulator.flush(timeout=60)
    emulator.close()

    assert is_delivered


def test_an_interrupted_flush(flaky, monkeypatch):
    """If the user ends a flush in process, its threads do not try again: records stay pending."""
    emulator = make(flaky)
    flaky.moods = {ONE: "bad"}
    send(emulator)
    before = set(threading.enumerate())
    with monkeypatch.context() as patched:
        stopped = engine_of(emulator).dispatcher._stopped
        wait, interrupt = stopped.wait, raising(KeyboardInterrupt())

        def interrupted(seconds: float) -> bool:
            is_user = threading.current_thread() is threading.main_thread()
            return bool((interrupt if is_user else wait)(seconds))

        patched.setattr(stopped, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt):
            emulator.flush()

    for worker in set(threading.enumerate()) - before:
        worker.join(60)
    statuses = {each.status for event in emulator.events for each in event.destinations}
    emulator.close()

    assert statuses == {"pending"}


@pytest.fixture
def meanwhile(monkeypatch):
    """Do something while the first attempt to deliver is under way; it succeeds, no other does."""

    def arrange(do: Callable[[], None]) -> None:
        waiting = [do]

        def deliver(_sinks: Sinks, _payload: Any) -> str | None:
            if not waiting:
                return "nobody is there"
            waiting.pop()()
            return None

        monkeypatch.setattr(Sinks, "deliver", deliver)

    return arrange


def test_a_reset_while_a_delivery_is_under_way(flaky, meanwhile):
    """What has arrived is a record of the former state, though one of the new state has its id."""
    emulator = make(flaky)
    sent = []

    def reset() -> None:
        emulator.reset()
        prepare(emulator)
        sent.append(send(emulator))

    meanwhile(reset)
    sent.append(send(emulator))
    statuses = {each.status for event in emulator.events for each in event.destinations}
    emulator.close()

    assert sent[0] == sent[1]
    assert statuses == {"pending"}


def test_messages_are_cleared_while_a_delivery_is_under_way(flaky, meanwhile):
    """A record that has arrived is not counted among those that were removed before."""
    emulator = make(flaky)
    meanwhile(emulator.clear_messages)
    send(emulator)
    lost = emulator.find_events().forgotten
    emulator.close()

    # Of two records for each destination, one had arrived.
    assert sum(lost.values()) == 3


@pytest.mark.parametrize("end", [Emulator.reset, Emulator.close])
def test_a_pause_after_a_failure_ends_with_the_state(flaky, monkeypatch, end):
    """The thread that would try again later ends at once."""
    monkeypatch.setattr(dispatcher, "_FIRST_PAUSE", 600)
    monkeypatch.setattr(dispatcher, "_LONGEST_PAUSE", 600)
    emulator = make(flaky)
    flaky.moods = {ONE: "bad"}
    before = set(threading.enumerate())
    with Server(emulator):
        skip_pauses = engine_of(emulator).dispatcher._skip_pauses
        is_paused = threading.Event()
        wait = skip_pauses.wait
        monkeypatch.setattr(skip_pauses, "wait", lambda seconds: (is_paused.set(), wait(seconds)))
        send(emulator)
        assert is_paused.wait(60)
        workers = [each for each in set(threading.enumerate()) - before if "_work" in each.name]
        assert workers

        monkeypatch.setattr(dispatcher, "_LAST_SECONDS", 0)
        end(emulator)

        for worker in workers:
            worker.join(60)
            assert not worker.is_alive()
    emulator.close()


class Stress:
    """Threads that send, read, restore and reset concurrently, with a flaky destination."""

    def __init__(self, emulator: Emulator, flaky: FlakyReceiver) -> None:
        self.emulator, self.flaky = emulator, flaky
        self.is_over = threading.Event()
        self.moods = cycle(["bad", "good", "good", "picky", "bad"])
        self.replacements = cycle(["restore", "go on", "restore", "reset", "go on"])
        self.crashes: list[BaseException] = []
        self.done = 0
        # The initial state, without records, for restores.
        self.prepared = emulator.snapshot()

    def run(self, url: str | None = None) -> None:
        """Do all of it until the time is up; with a server, streams are watched as well."""
        self.is_over.clear()
        works = [self.send] * 3 + [self.look, self.wait, self.replace, self.flush, self.change_mood]
        if url is not None:
            works += [partial(self.watch, url), partial(self.leave, url)]
        threads = [threading.Thread(target=self.repeat, args=(work,)) for work in works]
        for thread in threads:
            thread.start()
        self.is_over.wait(SECONDS)
        self.is_over.set()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)

    def repeat(self, work: Callable[[], None]) -> None:
        """Repeat a function."""
        while not self.is_over.is_set():
            try:
                work()
                self.done += 1
            except ApiError:
                pass  # in a state that was just reset there is no number
            except BaseException as crash:  # noqa: BLE001  the test shows it
                self.crashes.append(crash)
                return

    def send(self) -> None:
        """Send a text."""
        send(self.emulator)

    def look(self) -> None:
        """Read what there is."""
        self.emulator.find_events(limit=5)
        self.emulator.find_messages(limit=5, order="newest")
        self.emulator.clock.advance(seconds=10)

    def wait(self) -> None:
        """Wait for a message that never comes."""
        self.emulator.find_messages(contains="nothing like it", wait_seconds=0.1)

    def replace(self) -> None:
        """Replace the state by the one of the beginning, or by itself."""
        self.is_over.wait(0.05)
        how = next(self.replacements)
        if how == "reset":
            self.emulator.reset()
        self.emulator.restore(self.emulator.snapshot() if how == "go on" else self.prepared)

    def watch(self, url: str) -> None:
        """Read a stream of messages for a while."""
        with urlopen(f"{url}/_emulator/messages/stream", timeout=30) as stream:
            for _ in range(20):
                assert stream.readline()
                if self.is_over.is_set():
                    return

    def leave(self, url: str) -> None:
        """Open a stream of calls and close it without reading; wait for a message in vain."""
        urlopen(f"{url}/_emulator/calls/stream", timeout=30).close()
        waiting = f"{url}/_emulator/messages?contains=nothing&wait_seconds=0.1"
        urlopen(waiting, timeout=30).close()

    def flush(self) -> None:
        """Wait until all records are delivered, or give up."""
        self.emulator.flush(0.1)

    def change_mood(self) -> None:
        """Let the destinations succeed or fail."""
        self.flaky.moods = {name: next(self.moods) for name in (ONE, "bus")}
        self.is_over.wait(0.03)


def run_and_measure(stress: Stress, url: str | None) -> int:
    """Let everything happen at once; tells how many pages of memory are in use after it."""
    stress.run(url)
    stress.flaky.moods = {}
    stress.emulator.flush()
    # A state without records: nothing makes a client for it.
    stress.emulator.restore(stress.prepared)
    stress.flaky.taken.clear()
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1])


@pytest.mark.parametrize("is_served", [False, True])
@pytest.mark.timeout(2 * SECONDS + 120)
def test_concurrent_use(flaky, is_served, caplog):
    """There is no exception and no thread left, and memory use stays the same."""
    caplog.set_level("CRITICAL")
    before = set(threading.enumerate())
    emulator = make(flaky, max_messages=20, max_calls=20, delivery_seconds=5)
    stress = Stress(emulator, flaky)
    with Server(emulator) if is_served else nullcontext() as server:
        # The first run fills caches of code and connections.
        memory = [run_and_measure(stress, server and server.url) for _ in range(2)]
    assert memory[1] < memory[0] * 1.1
    emulator.restore(stress.prepared)
    latest = send(emulator)
    emulator.clock.advance(hours=1)

    assert emulator.flush() is True
    assert stress.crashes == []
    assert list(engine_of(emulator).crashes) == []
    assert stress.done > SECONDS * 10
    assert emulator.messages[-1].id == latest
    assert emulator.messages[-1].status == "DELIVERED"
    emulator.close()
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
    ours = [
        each for each in set(threading.enumerate()) - before if "process_request" not in each.name
    ]
    assert ours == []
