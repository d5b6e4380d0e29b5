"""Messages over HTTP: found, waited for, watched as they happen."""

import asyncio
import json
import threading
from datetime import datetime

import pytest

from pinpoint_sms_emu.control import stream
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from tests.control.http import Control

RECIPIENT = "+14255550100"
PATH = "/_emulator/messages"

MEMBERS = {
    "message_id", "account_id", "region", "channel", "api", "direction", "sender", "recipient",
    "body", "codes", "links", "message_type", "origination_identity", "pool_id",
    "configuration_set", "protect_configuration_id", "encoding", "parts", "price",
    "price_per_part", "status", "feedback", "context", "created", "time_to_live",
    "destination_country_parameters", "interaction",
    "media_urls", "rcs_message_content", "voice_id", "message_body_text_type", "spoken_text",
    "template_id", "template_variables", "in_reply_to", "fallback", "fallback_of", "events",
}  # fmt: skip


@pytest.fixture
def send(sms, number):
    """Send a text, and give its id."""

    def text(body="Hello", recipient=RECIPIENT, **members):
        sent = sms.send_text_message(
            DestinationPhoneNumber=recipient,
            OriginationIdentity=number.id,
            MessageBody=body,
            **members,
        )
        return sent["MessageId"]

    return text


class Watcher:
    """Reads a stream on its own thread."""

    def __init__(self, control: Control, path: str) -> None:
        self.events: list[bytes] = []
        self.ended = threading.Event()
        self._heard = threading.Condition()
        self._thread = threading.Thread(target=self._read, args=(control, path), daemon=True)
        self._thread.start()

    def _read(self, control, path):
        with control.opened("GET", path) as answer:
            self.status, self.headers = answer.status, answer.headers
            lines = []
            while line := answer.readline():
                lines.append(line)
                if line == b"\n":
                    with self._heard:
                        self.events.append(b"".join(lines))
                        self._heard.notify_all()
                    lines = []
        self.ended.set()

    def wait(self, count):
        """Wait for a number of events, without comments."""
        with self._heard:
            assert self._heard.wait_for(lambda: len(self.result) >= count, timeout=60)
        return self.result

    def wait_until_open(self):
        """Wait for the comment with which a stream begins."""
        with self._heard:
            assert self._heard.wait_for(lambda: self.events, timeout=60)
        return self

    @property
    def result(self):
        """The events so far: their names, and their data."""
        result = []
        for event in self.events:
            fields = dict(line.split(b": ", 1) for line in event.split(b"\n") if line)
            if b"data" in fields:
                result.append((fields.get(b"event"), json.loads(fields[b"data"])))
        return result


@pytest.fixture
def watch(control, emulator):
    """Open streams; they end with the test."""
    watchers = []

    def open_one(query=""):
        watchers.append(Watcher(control, f"{PATH}/stream{query}").wait_until_open())
        return watchers[-1]

    yield open_one
    emulator.close()
    for watcher in watchers:
        assert watcher.ended.wait(60)


# --- list, show, clear --------------------------------------------------------------------


def test_a_message(control, send):
    """A message is shown with all its members, in its place in the list and alone."""
    message_id = send("Hello", Context={"order": "5"})

    listed = control.get(PATH).json
    [message] = listed["messages"]
    assert listed["total"] == 1
    assert listed["forgotten"] == 0
    assert message.keys() == MEMBERS
    assert message["message_id"] == message_id
    assert message["recipient"] == RECIPIENT
    assert message["context"] == {"order": "5"}
    assert isinstance(message["price"], float)
    assert datetime.fromisoformat(message["created"]).utcoffset() is not None
    assert control.get(f"{PATH}/{message_id}").json == message


def test_queries(control, send):
    """A query selects messages; total counts all matches before limit."""
    send("one")
    second = send("two")
    send("three", "+14255550199")

    def bodies(**query):
        return [each["body"] for each in control.get(PATH, **query).json["messages"]]

    assert bodies() == ["one", "two", "three"]
    assert bodies(recipient=RECIPIENT) == ["one", "two"]
    assert bodies(contains="hre") == ["three"]
    assert bodies(after=second) == ["three"]
    assert bodies(account_id="210987654321") == []
    assert bodies(region="us-east-1", channel="text", direction="outbound", limit=1) == ["one"]
    assert control.get(PATH, limit=1).json["total"] == 3


@pytest.mark.parametrize(
    "query",
    [
        {"limit": -1},
        {"channel": "fax"},
        {"direction": "up"},
        {"status": "delivered"},
        {"wait_seconds": -1},
        {"wait_seconds": "nan"},
        {"wait_seconds": "inf"},
        {"recipient": ""},
        {"colour": "red"},
    ],
)
def test_invalid_queries_are_refused(control, query):
    """An invalid query is refused with a sentence."""
    answer = control.get(PATH, **query)

    assert answer.status == 400
    assert next(iter(query)) in answer.error


def test_unknown_messages(control, send):
    """An unknown or removed id is a 404, as a message and as `after`."""
    message_id = send()
    assert control.delete(PATH).status == 200

    for gone in (message_id, "unknown"):
        assert control.get(f"{PATH}/{gone}").status == 404
        assert control.get(PATH, after=gone).status == 404


def test_clearing(control, send):
    """All messages can be deleted; the answer has their number."""
    send()
    send()

    assert control.delete(PATH).json == {}
    assert control.get(PATH).json == {"messages": [], "total": 0, "forgotten": 2}


# --- wait -----------------------------------------------------------------------------------------


def test_waiting_until_the_timeout(control):
    """After the timeout, the answer is empty."""
    assert control.get(PATH, wait_seconds=0.05).json["messages"] == []


def test_other_messages_do_not_end_a_wait(control, send, emulator):
    """Changes of other messages do not end a wait, which goes on until something matches."""
    first = send("first")
    engine, answers = engine_of(emulator), []
    queries = ({"after": first}, {"status": "RECEIVED"}, {"contains": "code"})
    threads = [
        threading.Thread(
            target=lambda query=query: answers.append(control.get(PATH, wait_seconds=20, **query))
        )
        for query in queries
    ]
    for thread in threads:
        thread.start()
    while len(engine.message_listeners) < len(queries):
        threads[0].join(0.01)

    for _ in range(5):
        engine.state.messages.notify(engine.state.messages[first])
        for thread in threads:
            thread.join(0.01)
    assert answers == []

    send("your code is 123456")
    recipient = emulator.messages[0].sender
    emulator.receive("Hello", sender="+14255550100", recipient=recipient)
    for thread in threads:
        thread.join(60)
    assert [bool(answer.json["messages"]) for answer in answers] == [True, True, True]


def test_waiting_for_a_message(control, send):
    """The answer comes as soon as something matches, and not for what does not."""
    send("not this")
    waiting = threading.Event()
    answers = []

    def wait():
        waiting.set()
        answers.append(control.get(PATH, contains="code", wait_seconds=20))

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    send("nor this")
    send("your code is 123456")
    thread.join(60)

    [message] = answers[0].json["messages"]
    assert message["body"] == "your code is 123456"


def test_an_existing_match_is_returned_at_once(control, send):
    """What matches already is the answer."""
    send()

    assert control.get(PATH, wait_seconds=3000).json["total"] == 1


def test_closing_ends_waiting(control, emulator):
    """An emulator that ends answers those who wait."""
    answers = []
    thread = threading.Thread(
        target=lambda: answers.append(control.get(PATH, wait_seconds=3000).json)
    )
    thread.start()
    emulator.close()
    thread.join(60)

    assert answers == [{"messages": [], "total": 0, "forgotten": 0}]


# --- watch ----------------------------------------------------------------------------------------


def test_a_stream_has_an_event_for_each_message(watch, send):
    """A stream has an event with the whole message for each new or changed message."""
    watcher = watch()
    message_id = send("Hello")

    event, message = watcher.wait(1)[0]
    assert watcher.headers["Content-Type"].startswith("text/event-stream")
    assert watcher.headers["Cache-Control"] == "no-store"
    assert event is None
    assert message.keys() == MEMBERS
    assert message["message_id"] == message_id
    assert message["body"] == "Hello"


def test_messages_without_their_events(control, watch, send):
    """A client of many messages can exclude the largest members."""
    watcher = watch("?events=false")
    send()

    [listed] = control.get(PATH, events="false").json["messages"]
    _, watched = watcher.wait(1)[0]
    assert listed.keys() == watched.keys() == MEMBERS - {"events"}


def test_a_stream_can_choose(watch, send):
    """A stream takes the queries of the list."""
    watcher = watch(f"?recipient={RECIPIENT.replace('+', '%2B')}")
    send("to somebody else", "+14255550199")
    send("to me")

    assert {message["body"] for _, message in watcher.wait(1)} == {"to me"}


def test_a_stream_has_an_event_for_a_reset(watch, control, emulator, send):
    """A stream has a reset event after clearing, a reset or another state."""
    before = emulator.snapshot()
    watcher = watch()

    for count, begin in enumerate(
        [
            lambda: control.delete(PATH),
            lambda: control.post("/_emulator/reset"),
            lambda: control.put("/_emulator/state", before),
        ],
        start=1,
    ):
        assert begin().status == 200
        assert watcher.wait(count)[-1] == (b"reset", {})


def follow(emulator):
    """Follow all messages, as a stream does."""
    return stream.follow(emulator, stream.MESSAGES, lambda _message: True, Message.as_dict)


def test_a_slow_watcher_gets_each_message_once(emulator, send):
    """A slow reader gets each message in its current state: versions do not accumulate."""

    async def watch_slowly():
        watcher = follow(emulator)
        await anext(watcher)
        message = engine_of(emulator).state.messages[send()]
        for status in ("QUEUED", "SENT", "DELIVERED"):
            message.status = status
            engine_of(emulator).state.messages.notify(message)
        events = await anext(watcher)
        await watcher.aclose()
        return events

    [line] = asyncio.run(watch_slowly()).decode().strip().split("\n\n")
    assert json.loads(line.removeprefix("data: "))["status"] == "DELIVERED"
    assert engine_of(emulator).message_listeners == []
    assert engine_of(emulator).watchers == []


def test_a_watcher_who_does_not_read_begins_anew(emulator, send, monkeypatch):
    """The queue of a watcher is bounded; after an overflow, the client is told to list again."""
    monkeypatch.setattr(stream, "MAX_UNREAD", 3)

    async def watch_too_slowly():
        with stream.Unread(emulator, stream.MESSAGES, lambda _message: True) as unread:
            for number in range(20):
                send(str(number))
                assert len(unread._entries) <= 3
            return unread.take(), unread.take()

    (begins_anew, changed), (again, nothing) = asyncio.run(watch_too_slowly())
    assert begins_anew
    assert changed[-1].body == "19"
    assert (again, nothing) == (False, [])


def test_nothing_from_before_a_reset_comes_after_it(emulator, send):
    """A watcher that reads after a reset gets the reset event, then only later changes."""

    async def watch_over_a_reset():
        watcher = follow(emulator)
        await anext(watcher)
        send("before")
        emulator.clear_messages()
        send("after")
        events = await anext(watcher)
        await watcher.aclose()
        return events

    reset, *messages = asyncio.run(watch_over_a_reset()).decode().strip().split("\n\n")
    assert reset.startswith("event: reset")
    bodies = [json.loads(each.removeprefix("data: "))["body"] for each in messages]
    assert bodies == ["after"]


def test_a_quiet_stream_says_that_it_is_there(emulator, monkeypatch):
    """A comment now and then keeps proxies from closing the connection."""
    monkeypatch.setattr(stream, "COMMENT_SECONDS", 0.01)

    async def watch():
        watcher = follow(emulator)
        comments = [await anext(watcher), await anext(watcher)]
        await watcher.aclose()
        return comments

    assert all(comment.startswith(b":") for comment in asyncio.run(watch()))


def test_a_disconnected_watcher_is_removed(control, emulator, send):
    """A closed connection is noticed, and its watcher removed."""
    with control.opened("GET", f"{PATH}/stream") as answer:
        answer.readline()
        assert len(engine_of(emulator).watchers) == 1

    for _ in range(6000):
        if not engine_of(emulator).watchers:
            break
        threading.Event().wait(0.01)
    assert engine_of(emulator).watchers == []
    send()


def test_closing_ends_streams(watch, emulator):
    """An emulator that ends closes its streams at once."""
    watcher = watch()

    emulator.close()

    assert watcher.ended.wait(60)
    assert watcher.result == []


def test_invalid_streams_are_refused(control):
    """A wrong query is refused before the stream begins; it has no limit, and begins now."""
    for wrong in ({"channel": "fax"}, {"limit": 1}, {"after": "message"}):
        assert control.get(f"{PATH}/stream", **wrong).status == 400
