"""A forked child can use its copy of an emulator, whatever the parent's threads are doing."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from tests.forked import in_a_child
from tests.messaging.endpoints import interrupted_receiver
from tests.messaging.receivers import add_destination

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),
]

NUMBER, PERSON = "+12065550100", "+14255550100"
LOGS = "arn:aws:logs:us-east-1:123456789012:log-group:events"
ROLE = "arn:aws:iam::123456789012:role/logs"


def prepare(emulator: Emulator) -> None:
    """Add a number, and a set whose events go to a log group."""
    emulator.add_number(NUMBER)
    log_group = {"LogGroupArn": LOGS, "IamRoleArn": ROLE}
    add_destination(emulator, "logs", CloudWatchLogsDestination=log_group)


def send_text(emulator: Emulator) -> str:
    """Send a text, whose events are delivered before this returns; return their statuses."""
    members = {
        "DestinationPhoneNumber": PERSON,
        "MessageBody": "Hello",
        "ConfigurationSetName": "Set",
    }
    message_id = engine_of(emulator).call("SendTextMessage", members)["MessageId"]
    return ",".join(
        each.status
        for event in emulator.find_events(message_id=message_id).events
        for each in event.destinations
        if each.name == "logs"
    )


def send_file(emulator: Emulator) -> str:
    """Send a file, which is inspected before this returns; return the status of the message."""
    members = {
        "DestinationPhoneNumber": PERSON,
        "OriginationIdentity": NUMBER,
        "MediaUrls": ["s3://files/one.png"],
    }
    message_id = engine_of(emulator).call("SendMediaMessage", members)["MessageId"]
    [message] = [each for each in emulator.messages if each.id == message_id]
    return message.status


@contextmanager
def amid(work: Callable[[Emulator], str]) -> Iterator[Emulator]:
    """An emulator while a thread works, with a request to another service that takes long."""
    begun, may_end = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        may_end.wait(60)

    with interrupted_receiver(wait) as (url, _requests):
        emulator = Emulator(events_endpoint_url=url, s3_endpoint_url=url)
        prepare(emulator)
        thread = threading.Thread(target=work, args=(emulator,))
        thread.start()
        assert begun.wait(60)
        try:
            yield emulator
        finally:
            may_end.set()
            thread.join()
            emulator.close()


def test_a_fork_while_another_thread_holds_the_lock():
    """A fork waits for the lock of each emulator, so the child can use it."""
    emulator = Emulator()
    lock, held, about_to_fork = engine_of(emulator).lock, threading.Event(), threading.Event()

    def hold() -> None:
        with lock:
            held.set()
            about_to_fork.wait(60)

    other = threading.Thread(target=hold)
    other.start()
    assert held.wait(60)
    os.register_at_fork(before=about_to_fork.set)

    assert in_a_child(lambda: lock.acquire(timeout=1)) == "True"
    other.join()
    prepare(emulator)


@pytest.mark.parametrize(
    ("work", "expected"), [(send_text, "delivered,delivered"), (send_file, "DELIVERED")]
)
def test_a_fork_amid_a_request(work, expected):
    """A child does not wait for a request of its parent to another service."""
    with amid(work) as emulator:
        assert in_a_child(lambda: work(emulator)) == expected


def test_a_childs_requests_have_ids_of_their_own():
    """Request ids of a child differ from those of its parent and of other children."""
    engine = engine_of(Emulator())
    ids = [*(in_a_child(engine.new_request_id) for _ in range(2)), engine.new_request_id()]

    assert len(set(ids)) == 3
