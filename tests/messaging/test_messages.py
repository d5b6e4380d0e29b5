"""Reading messages: queries, order and waiting."""

import threading
from datetime import timedelta

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.message_queries import Query
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.state.clock import EPOCH
from tests.messaging.people import BRITAIN, US, US_TOO


def make(number, recipient=US, **members):
    """A message for the store."""
    given = {
        "account_id": "123456789012",
        "region": "us-east-1",
        "channel": "text",
        "direction": "outbound",
        "sender": "+12065550100",
        "body": f"Message {number}",
        "created": EPOCH + timedelta(seconds=number),
    }
    return Message(id=f"m-{number}", recipient=recipient, **(given | members))


@pytest.fixture
def store():
    """A store for ten messages without listeners."""
    return Messages(10)


def ids(found):
    """Return the ids of the found messages."""
    return [message.id for message in found.messages]


def test_messages_come_oldest_first(emulator, text, number):
    """All that was sent is there, in its order."""
    sent = [text(DestinationPhoneNumber=each) for each in (US, US_TOO, US)]

    assert emulator.messages == sent
    assert emulator.find_messages().messages == sent
    assert emulator.find_messages().total == 3


def test_all_filters_must_match(emulator, text, voice, number, sender_id):
    """Each filter narrows the result."""
    first = text(MessageBody="Your code is 1234")
    second = text(DestinationPhoneNumber=BRITAIN)
    third = voice()

    for query, expected in (
        ({"recipient": US}, [first, third]),
        ({"recipient": US.removeprefix("+")}, [first, third]),
        ({"recipient": f" {US.removeprefix('+')}"}, [first, third]),
        ({"recipient": US, "channel": "voice"}, [third]),
        ({"sender": "SHOP"}, [second]),
        ({"sender": number.phone_number}, [first, third]),
        ({"contains": "code"}, [first]),
        ({"direction": "inbound"}, []),
        ({"status": third.status, "channel": "voice"}, [third]),
        ({"account_id": "123456789012", "region": "us-east-1"}, [first, second, third]),
        ({"region": "eu-west-1"}, []),
        ({"recipient": US_TOO}, []),
    ):
        found = emulator.find_messages(**query)

        assert (found.messages, found.total) == (expected, len(expected)), query


def test_pages_follow_each_other(emulator, text, number):
    """`limit` and `after` select a page; `total` counts all after it, regardless of the limit."""
    sent = [text(DestinationPhoneNumber=(US, US_TOO)[each % 2]) for each in range(6)]

    first = emulator.find_messages(limit=4)
    second = emulator.find_messages(limit=4, after=first.messages[-1].id)
    one_persons = emulator.find_messages(recipient=US, limit=1, after=sent[1].id)
    by_body = emulator.find_messages(contains="Hello", limit=2, after=sent[2].id)
    none = emulator.find_messages(limit=0)

    assert (first.messages, first.total) == (sent[:4], 6)
    assert (second.messages, second.total) == (sent[4:], 2)
    assert (one_persons.messages, one_persons.total) == ([sent[2]], 2)
    assert (by_body.messages, by_body.total) == (sent[3:5], 3)
    assert (none.messages, none.total) == ([], 6)


@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "sms"},
        {"direction": "out"},
        {"recipient": ""},
        {"sender": 12065550100},
        {"limit": -1},
        {"limit": "10"},
        {"limit": True},
        {"wait_seconds": -1},
        {"wait_seconds": "1"},
        {"wait_seconds": float("nan")},
        {"wait_seconds": float("inf")},
    ],
)
def test_wrong_arguments_are_refused_with_a_sentence(emulator, wrong):
    """Wrong arguments raise a ValueError with their name."""
    (name,) = wrong

    with pytest.raises(ValueError, match=name):
        emulator.find_messages(**wrong)


def test_an_unknown_after_is_a_lookup_error(emulator):
    """A page after a message that is not there cannot be given."""
    with pytest.raises(LookupError, match="m-1"):
        emulator.find_messages(after="m-1")


@pytest.mark.pinpoint_sms(max_messages=3)
def test_the_oldest_leave_first(emulator, text, number):
    """The number of stored messages is limited by the setting; removed ones are counted."""
    sent = [text() for _ in range(5)]

    found = emulator.find_messages(limit=1)

    assert emulator.messages == sent[2:]
    assert (found.messages, found.total, found.forgotten) == (sent[2:3], 3, 2)
    with pytest.raises(LookupError, match=sent[0].id):
        emulator.find_messages(after=sent[0].id)


# The store alone: removing messages.


def test_pages_are_correct_while_messages_are_removed(store):
    """However many were removed, pages, recipients and filters give the same result."""
    for number in range(1, 200):
        store.keep(make(number, (US, US_TOO, BRITAIN)[number % 3]))
        kept = [f"m-{each}" for each in range(max(1, number - 9), number + 1)]
        of_one = [each for each in kept if int(each[2:]) % 3 == 0]
        deep = kept[len(kept) // 2]

        assert [message.id for message in store] == kept
        assert len(store) == len(kept)
        assert store.forgotten == number - len(kept)
        assert ids(store.find(Query())) == kept
        assert ids(store.find(Query(recipient=US))) == of_one
        assert ids(store.find(Query(contains="Message"))) == kept
        assert ids(store.find(Query(after=deep))) == kept[kept.index(deep) + 1 :]


def test_a_number_of_both_spellings_is_found_by_either(store):
    """The digits of a short code and of a number match both."""
    for number, recipient in enumerate(("20655", "+20655", "20655"), start=1):
        store.keep(make(number, recipient))

    assert ids(store.find(Query(recipient="20655"))) == ["m-1", "m-2", "m-3"]
    assert ids(store.find(Query(recipient="+20655"))) == ["m-2"]


def test_messages_are_cleared(store):
    """After clearing, nothing is found, removed messages are counted, and new ones are stored."""
    for number in range(1, 4):
        store.keep(make(number))

    store.clear()
    assert (len(store), list(store), store.forgotten) == (0, [], 3)
    assert store.find(Query(recipient=US)).total == 0

    store.keep(make(4))
    assert ids(store.find(Query(recipient=US))) == ["m-4"]


def test_messages_can_be_put_back(store):
    """Restored messages are found, and new ones follow them."""
    for number in range(1, 14):
        store.keep(make(number))
    kept, forgotten = list(store), store.forgotten

    other = Messages(10)
    other.restore(kept, forgotten)
    other.keep(make(14))

    assert [message.id for message in other] == [f"m-{number}" for number in range(5, 15)]
    assert other.forgotten == 4
    assert ids(other.find(Query(after="m-12"))) == ["m-13", "m-14"]


# Waiting.


@pytest.fixture
def soon(emulator):
    """Call something a little later, on a thread that has ended before the emulator is closed."""
    timers = []

    def call(function, **given):
        timers.append(threading.Timer(0.01, function, kwargs=given))
        timers[-1].start()

    yield call
    for timer in timers:
        timer.join()


def test_an_existing_message_is_returned_at_once(emulator, text, number):
    """The latest message that fits is given at once."""
    text()
    latest = text()

    assert emulator.wait_for(recipient=US, timeout=0) is latest


def test_a_later_message_is_waited_for(emulator, text, number, soon):
    """A message from another thread ends the wait; one that does not match does not."""
    for person in (US_TOO, US):
        soon(text, DestinationPhoneNumber=person)

    message = emulator.wait_for(recipient=US, timeout=60)

    assert message.recipient == US
    assert engine_of(emulator).message_listeners == []


@pytest.mark.since("1.36")
def test_a_change_is_waited_for(emulator, text, number, soon):
    """A message that comes to fit ends the wait as a new one does."""
    message = text(MessageFeedbackEnabled=True)

    def change():
        # At once; otherwise a reader could see the change without being notified.
        with engine_of(emulator).transaction():
            message.status = "UNKNOWN"
            engine_of(emulator).state.messages.notify(message)

    soon(change)

    assert emulator.wait_for(status="UNKNOWN", timeout=60) is message


@pytest.mark.since("1.36")
def test_jobs_run_while_waiting(emulator, text, number):
    """A waiting client lets due jobs run, even without calls."""
    message = text(MessageFeedbackEnabled=True)
    changed = threading.Event()
    engine_of(emulator).message_listeners.append(
        lambda result: changed.set() if result.feedback == "FAILED" else None
    )
    emulator.clock.position.offset += timedelta(hours=1)

    with pytest.raises(TimeoutError):
        emulator.wait_for(recipient=US_TOO, timeout=0.1)

    assert changed.is_set()
    assert message.feedback == "FAILED"


def test_waiting_ends_after_the_timeout_without_a_result(emulator):
    """After the timeout, the result is empty, or a TimeoutError with the filters."""
    assert emulator.find_messages(wait_seconds=0.01, recipient=US).total == 0
    with pytest.raises(TimeoutError, match=r"recipient='\+14255550100'"):
        emulator.wait_for(recipient=US, timeout=0.01)
    assert engine_of(emulator).message_listeners == []


def test_a_reset_does_not_hinder_waiting(emulator, text, number, soon):
    """A client that waits during a reset gets messages after it."""

    def send_after_reset():
        emulator.reset()
        emulator.add_number("+12065550100")
        text()

    soon(send_after_reset)

    assert emulator.wait_for(recipient=US, timeout=60).recipient == US


@pytest.mark.parametrize(
    "wrong", [{"timeout": -1}, {"timeout": None}, {"channel": "sms"}, {"receiver": US}]
)
def test_wrong_waits_are_refused_with_a_sentence(emulator, wrong):
    """Wrong timeouts raise a ValueError."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        emulator.wait_for(**wrong)


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda sms: sms.wait_for(timeout_seconds=1), "timeout"),
        (lambda sms: sms.find_messages(seconds=1), "wait_seconds"),
        (lambda sms: sms.wait_for_code(recipient=US, timeout_seconds=1), "timeout"),
    ],
)
def test_an_unknown_argument_is_refused_with_a_list(emulator, call, argument):
    """A misspelled argument is refused with the right name."""
    with pytest.raises(
        ValueError, match=rf"cannot be filtered by .*; the arguments are .*{argument}"
    ):
        call(emulator)
