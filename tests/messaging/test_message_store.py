"""The store of messages, compared with a plain list."""

from __future__ import annotations

import gc
from dataclasses import replace
from weakref import WeakSet

from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.message_queries import Query
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.state import collection
from pinpoint_sms_emu.state.clock import EPOCH

PEOPLE = ("+14255550100", "+14255550101", "+14255550102")
MOST = 20
TEXT = Message(
    account_id="123456789012",
    region="us-east-1",
    channel="text",
    direction="outbound",
    sender="+12065550100",
    recipient=PEOPLE[0],
    body="Hello",
    created=EPOCH,
)

steps = st.one_of(
    st.tuples(st.just("keep"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("remove"), st.integers(0, MOST)),
    st.tuples(st.just("discard"), st.sets(st.integers(0, MOST))),
    st.tuples(st.just("clear"), st.sampled_from(PEOPLE)),
    st.tuples(st.just("clear"), st.none()),
)


@given(st.lists(steps, max_size=120))
def test_any_steps(chosen):
    """After any messages that come, are removed one by one or at once, all queries agree."""
    left: list[Message] = []
    store, expected = Messages(MOST, left.append), list[Message]()
    for number, (step, what) in enumerate(chosen):
        if step == "keep":
            message = replace(TEXT, id=f"message-{number}", recipient=what)
            store.keep(message)
            expected = [*expected, message][-MOST:]
        elif step == "remove" and what < len(expected):
            store.remove(expected.pop(what).id)
        elif step == "discard":
            gone = [each for place, each in enumerate(expected) if place in what]
            store.discard([*(each.id for each in gone), "another"])
            expected = [each for each in expected if each not in gone]
        elif step == "clear":
            store.clear(Query(recipient=what) if what else None)
            expected = [each for each in expected if what and each.recipient != what]

    kept = sum(step == "keep" for step, _ in chosen)
    assert list(store) == expected == list(store.by_id().values())
    assert store.forgotten == len(left) == kept - len(expected)
    for person in PEOPLE:
        found = [each for each in expected if each.recipient == person]
        assert store.find(Query(recipient=person)).messages == found
        assert (
            store.find(Query(recipient=person, order="newest", limit=2)).messages
            == (found[::-1][:2])
        )
        assert store.find(Query(recipient=person, status="PENDING", limit=1)).total == len(found)
    for position, message in enumerate(expected):
        assert store.find(Query(after=message.id)).messages == expected[position + 1 :]


def test_one_of_many_is_removed():
    """The other messages are not visited, to the same recipient or to others."""

    class Visited(dict[str, Message]):
        visits = 0

        def __contains__(self, key: object) -> bool:
            self.visits += 1
            return super().__contains__(key)

    store = Messages(1_000)
    for number in range(1_000):
        recipient = PEOPLE[number % len(PEOPLE)]
        store.keep(replace(TEXT, id=f"message-{number}", recipient=recipient))
    visited = store._by_id = Visited(store._by_id)
    store.remove("message-500")

    assert (len(store), visited.visits) == (999, 2)


def test_collections_are_paused():
    """In the block no garbage is collected; afterwards the former setting counts."""
    with collection.paused():
        assert not gc.isenabled()
        with collection.paused():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    with collection.paused():
        pass
    assert not gc.isenabled()
    gc.enable()


class InACycle:
    """An object that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


def test_garbage_between_pauses_is_collected():
    """Pauses do not move objects to where the collector looks too rarely."""
    cycles: WeakSet[InACycle] = WeakSet()

    for _ in range(300):
        with collection.paused():
            cycles.add(InACycle())
            lasting = [[number] for number in range(2_000)]
        del lasting

    assert len(cycles) < 100


def test_states_that_were_replaced_are_collected():
    """A test run that restores a snapshot before each test frees the emulators of earlier tests."""
    state = Emulator().snapshot()
    engines: WeakSet[Engine] = WeakSet()

    for _ in range(300):
        emulator = Emulator()
        emulator.restore(state)
        emulator.snapshot()
        engines.add(engine_of(emulator))

    assert len(engines) < 100
