"""A state that is written while calls go on is that of one moment, and can be restored."""

from __future__ import annotations

import json
import threading

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.persistence import document, long_lists
from pinpoint_sms_emu.persistence.gradual import (
    MESSAGES_AT_ONCE,
    GradualWriter,
    encoded_message,
)
from pinpoint_sms_emu.service.state import settle_delivery
from tests.messaging.receivers import add_destination

NUMBER = "+12065550100"
SLICES = 10
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


@pytest.fixture
def busy():
    """An emulator with many messages, each of which is on its way, with a published record."""
    emulator = Emulator(seed=7, delivery_seconds=60, max_messages=MESSAGES_AT_ONCE * SLICES)
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    emulator.add_number(NUMBER)
    add_destination(emulator, "topic", SnsDestination={"TopicArn": TOPIC})
    for person in range(200):
        members = {"OptOutListName": "Default", "OptedOutNumber": f"+1425558{person:04}"}
        engine_of(emulator).call("PutOptedOutNumber", members)
    for person in range(MESSAGES_AT_ONCE * SLICES):
        send(emulator, f"+1425555{person:04}", ConfigurationSetName="Set")
    emulator.clock.advance(seconds=30)
    assert len(engine_of(emulator).state.events.published) > SLICES
    return emulator


def send(emulator, recipient, **members):
    """Send a text; return its id."""
    return engine_of(emulator).call(
        "SendTextMessage",
        {"DestinationPhoneNumber": recipient, "MessageBody": "Hello", **members},
    )["MessageId"]


def written(emulator):
    """The state as it is written at once."""
    with engine_of(emulator).transaction():
        return document.write(engine_of(emulator).state)


def add_and_settle(emulator, step):
    """Send, which removes the oldest message, and let events happen."""
    message_id = send(emulator, f"+1425556{step:04}", MessageFeedbackEnabled=True)
    emulator.clock.advance(seconds=7)
    engine_of(emulator).call(
        "PutMessageFeedback", {"MessageId": message_id, "MessageFeedbackStatus": "RECEIVED"}
    )


def receive(emulator, step):
    """Receive a text, which opts its sender out."""
    emulator.receive("STOP", sender=f"+1425557{step:04}", recipient=NUMBER)


def remove(emulator, step):
    """Remove the messages to one recipient."""
    emulator.clear_messages(recipient=f"+1425555{step:04}")


def go_back(emulator, step):
    """Restore a state in which a message with the same id has another status."""
    if step == 1:
        former = emulator.snapshot()
        emulator.clock.advance(seconds=61)
        former["messages"]["kept"][0]["body"] = "Another"
        emulator.restore(former)


def settle(emulator, step):
    """Deliver a record."""
    records = list(engine_of(emulator).state.events.published)
    if step < len(records):
        engine_of(emulator).change(settle_delivery, records[-step].id, 0, "failed", step, "why")


def opt_in(emulator, step):
    """Remove a number from an opt-out list, and put another one on it."""
    for operation, number in (("DeleteOptedOutNumber", 8), ("PutOptedOutNumber", 9)):
        members = {"OptOutListName": "Default", "OptedOutNumber": f"+142555{number}{step:04}"}
        engine_of(emulator).call(operation, members)


def reset(emulator, step):
    """Begin anew."""
    if step == 1:
        emulator.reset()


CHANGES = [add_and_settle, receive, remove, go_back, settle, opt_in, reset]


@pytest.mark.parametrize("change", CHANGES)
def test_a_state_is_that_of_one_moment(busy, change):
    """What changes between the slices is written as it is in the end."""
    with GradualWriter(engine_of(busy)) as writer:
        steps = 0
        for steps, _ in enumerate(writer.slices(), start=1):
            change(busy, steps)
        state = writer.finish()

    assert steps >= 1
    assert state == written(busy)
    other = Emulator()
    other.restore(state)
    assert other.snapshot() == state


@pytest.mark.parametrize("change", CHANGES)
def test_later_changes_are_not_written(busy, change):
    """What changes while the long lists are written is written as it was."""
    with GradualWriter(engine_of(busy), encoded_message) as writer:
        for _ in writer.slices():
            pass
        before, text, steps = written(busy), "", 0
        for steps, part in enumerate(long_lists.encode_in_parts(writer.begin_document()), start=1):
            text += part
            change(busy, steps)

    assert steps > SLICES
    assert json.loads(text) == before
    assert engine_of(busy).state.events.change_listeners == []


def test_each_slice_is_small(busy):
    """The lock is held for a few messages at a time."""
    with GradualWriter(engine_of(busy)) as writer:
        assert sum(1 for _ in writer.slices()) == SLICES - 1


def test_a_snapshot_leaves_calls_to_other_threads(busy):
    """A call on another thread is answered before a snapshot that began earlier is complete."""
    engine, answered = engine_of(busy), threading.Event()

    def call():
        engine.call("DescribeOptOutLists", {})
        answered.set()

    class Slow(GradualWriter):
        def slices(self):
            for _ in super().slices():
                thread = threading.Thread(target=call)
                thread.start()
                thread.join()
                yield

    with Slow(engine) as writer:
        next(writer.slices())
        assert answered.is_set()


def test_nothing_is_noted_afterwards(busy):
    """A written state leaves no listener behind."""
    busy.snapshot()

    assert engine_of(busy).message_listeners == []
