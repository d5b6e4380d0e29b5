"""Connections: interrupted answers, waiting requests, and limits."""

from __future__ import annotations

import json
import threading
import time
import tracemalloc
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection

import pytest
from botocore.exceptions import ConnectionClosedError

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.control import stream
from pinpoint_sms_emu.control.formats import respond
from pinpoint_sms_emu.control.router import ControlRouter
from pinpoint_sms_emu.doors.http import connection
from pinpoint_sms_emu.doors.http.application import LARGEST_BODY
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from tests.control.http import Control
from tests.doors.serving import Connection, call, control, make_client, serving

WAIT = "/_emulator/messages?wait_seconds=300"
SENDER = "+12065550100"


def sms(recipient, body):
    """The members of a text."""
    return {
        "DestinationPhoneNumber": recipient,
        "MessageBody": body,
        "OriginationIdentity": SENDER,
    }


@contextmanager
def in_a_thread():
    """A server on a thread."""
    with Server(Emulator()) as server:
        yield server.url


@contextmanager
def as_a_command():
    """A server of the command line."""
    with serving() as process:
        yield process.url


SERVERS = pytest.mark.parametrize("start", [in_a_thread, as_a_command])


def port_of(url):
    """The port in an address."""
    return int(url.rpartition(":")[2])


def test_answers_have_the_date():
    """Clients compare it with their clocks: it is the real time, also if the emulator's is not."""
    with Server(Emulator()) as server, Connection(server.port) as client:
        server.emulator.clock.advance(hours=25)
        client.send(call())
        _, headers, _ = client.answer()

    now = datetime.now(UTC)
    assert headers["date"].endswith(" GMT")
    assert timedelta() <= now - parsedate_to_datetime(headers["date"]) < timedelta(minutes=5)


@pytest.fixture
def server(emulator):
    """A server on a thread."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def connect(server):
    """Open connections that end with the test."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(Connection(server.port))


def wait_until(condition):
    """Wait for what other threads do."""
    for _ in range(6000):
        if condition():
            return
        threading.Event().wait(0.01)
    pytest.fail("it has not come to that within a minute")


# --- cut answers ---------------------------------------------------------------------


@SERVERS
def test_a_cut_answer_is_noticed(start):
    """The change is made, and every client notices that the answer is incomplete."""
    with start() as url:
        steering, sms = Control(url), make_client(url)
        steering.post("/_emulator/faults", operation="CreateOptOutList", cut=True, times=1)

        with pytest.raises(ConnectionClosedError):
            sms.create_opt_out_list(OptOutListName="Made")

        assert len(sms.describe_opt_out_lists()["OptOutLists"]) == 2


def test_the_bytes_of_a_cut_answer(server, connect):
    """Half of the answer is sent, recognizably incomplete, and the connection is closed."""
    Control(server.url).post("/_emulator/faults", operation="*", cut=True)
    client = connect()
    client.send(call())
    sent = client.stream.read()

    assert b"chunked" in sent
    assert b"]}" not in sent
    assert b"\r\n0\r\n" not in sent


# --- bodies ---------------------------------------------------------------------------------------


def test_a_large_body_is_refused(connect):
    """The error is AWS's, and the connection stays open."""
    client = connect()
    client.send(call("CreatePool", b" " * (LARGEST_BODY + 1)))
    status, _, body = client.answer()

    assert status == 413
    assert json.loads(body)["__type"] == "RequestEntityTooLargeException"
    client.send(control("POST", "/_emulator/reset", b" " * (LARGEST_BODY + 1)))
    status, _, body = client.answer()
    assert status == 413
    assert "large" in json.loads(body)["error"]
    client.send(call())
    assert client.answer()[0] == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"GET /_emulator/he",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
    ],
    ids=["half a head", "half a body", "half a chunk"],
)
def test_a_request_has_a_deadline(connect, monkeypatch, beginning):
    """A client that does not complete its request gets an error, and its connection is closed."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.01)
    client = connect()
    client.send(beginning)
    status, headers, body = client.answer()

    assert status == 408
    assert headers["connection"] == "close"
    assert "seconds" in json.loads(body)["error"]
    assert client.stream.read() == b""


def test_a_connection_without_a_request_has_no_deadline(connect, monkeypatch):
    """Clients keep connections for later."""
    monkeypatch.setattr(connection, "REQUEST_SECONDS", 0.01)
    kept = connect()
    kept.send(call())
    assert kept.answer()[0] == 200
    late = connect()
    late.send(b"GET")
    assert late.answer()[0] == 408

    kept.send(call())
    assert kept.answer()[0] == 200


# --- every answer ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "request_",
    [
        call(),
        call("Nonsense"),
        control("GET", "/_emulator/health"),
        control("GET", "/_emulator/nothing"),
        control("GET", "/"),
        control("PATCH", "/"),
        control("GET", "/_emulator/messages/stream"),
        b"NONSENSE\r\n\r\n",
    ],
)
def test_answers_have_nosniff(connect, request_):
    """Each answer, including errors and the page's files, forbids guessing its type."""
    client = connect()
    client.send(request_)

    assert client.answer()[1]["x-content-type-options"] == "nosniff"


def test_a_head_has_no_body(connect):
    """HEAD is answered like GET, with the length and without the body."""
    client = connect()
    client.send(control("HEAD", "/_emulator/health") + control("GET", "/_emulator/health"))
    first = client.stream.readline()
    headers = {}
    while line := client.stream.readline().strip():
        name, _, value = line.decode().partition(": ")
        headers[name.lower()] = value
    status, got, body = client.answer()

    assert first.startswith(b"HTTP/1.1 200 ")
    assert status == 200
    assert int(headers["content-length"]) == len(body) == int(got["content-length"])


def test_http_1_0_gets_no_chunks(server, connect):
    """For a client without chunks, a long list ends when the connection is closed."""
    sms = make_client(server.url)
    number = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )["PhoneNumberId"]
    for _ in range(120):
        sms.send_text_message(
            DestinationPhoneNumber="+14255550123", MessageBody="Hi", OriginationIdentity=number
        )
    client = connect()
    client.send(b"GET /_emulator/messages HTTP/1.0\r\nHost: a\r\n\r\n")
    head, _, body = client.stream.read().partition(b"\r\n\r\n")

    assert b"chunked" not in head
    assert json.loads(body)["total"] == 120 == len(json.loads(body)["messages"])
    chunked = Control(server.url).get("/_emulator/messages")
    assert chunked.headers["transfer-encoding"] == "chunked"
    assert chunked.json == json.loads(body)


def test_a_long_list_is_written_in_slices(server, emulator, connect, monkeypatch):
    """Other clients are answered while one reads a long list, which is rendered meanwhile."""
    emulator.add_number(SENDER)
    for number in range(2_000):
        engine_of(emulator).call("SendTextMessage", sms(f"+1425555{number:04}", "x" * 1_000))
    rendered = []
    as_dict = Message.as_dict
    monkeypatch.setattr(
        Message, "as_dict", lambda self, **listed: rendered.append(1) or as_dict(self, **listed)
    )
    reader = connect()
    reader.send(control("GET", "/_emulator/messages"))
    reader.stream.peek(1)
    client = connect()
    for _ in range(20):
        client.send(call())
        assert client.answer()[0] == 200

    assert len(rendered) < 2_000
    head, _, _ = reader.stream.read(4_096).partition(b"\r\n\r\n")
    assert b"chunked" in head


@pytest.mark.parametrize("texts", [["x" * 9_000], ["", "x" * 9_000], ["x" * 9_000, "", "y"]])
def test_an_answer_with_an_empty_piece(server, monkeypatch, texts):
    """An empty piece is not sent: as a chunk, it would end the answer, and spoil the next one."""
    client = HTTPConnection("127.0.0.1", server.port, timeout=60)
    with monkeypatch.context() as patched:
        patched.setattr(ControlRouter, "_answer", lambda *_request: respond(texts, "text/plain"))
        client.request("GET", "/_emulator/health")
        body = client.getresponse().read()
    client.request("GET", "/_emulator/health")

    assert body == "".join(texts).encode()
    assert client.getresponse().status == 200
    client.close()


def test_a_long_state_is_written_in_slices(emulator, server):
    """The part of a state that is written at once is bounded too."""
    emulator.add_number(SENDER)
    for number in range(200):
        engine_of(emulator).call("SendTextMessage", sms(f"+1425555{number:04}", "Hi"))
    answer = Control(server.url).get("/_emulator/state")

    assert answer.headers["transfer-encoding"] == "chunked"
    assert answer.text.count('"+1425555') >= 200


# --- waiting requests ------------------------------------------------------------------------


@SERVERS
def test_a_delay_does_not_block_other_calls(start):
    """While a call is delayed, others are answered, and closing does not wait for it."""
    with start() as url:
        steering = Control(url)
        steering.post("/_emulator/faults", operation="DescribePools", delay_seconds=60)
        with Connection(port_of(url)) as client:
            client.send(call())
            assert steering.get("/_emulator/health").status == 200
            assert make_client(url).describe_opt_out_lists()["OptOutLists"]


def test_delayed_calls_cost_no_thread(server, emulator, connect):
    """Hundreds of delayed calls block no others; disconnects are noticed; the rest end together."""
    steering = Control(server.url)
    steering.post("/_emulator/faults", operation="DescribePools", delay_seconds=300)
    crowd = [connect() for _ in range(100)]
    for each in crowd:
        each.send(call())
    wait_until(lambda: len(engine_of(emulator).watchers) == 100)

    assert threading.active_count() < 20
    client = connect()
    client.send(call("DescribeOptOutLists"))
    assert client.answer()[0] == 200
    for each in crowd[1:]:
        each.close()
    wait_until(lambda: len(engine_of(emulator).watchers) == 1)
    emulator.close()
    assert crowd[0].answer()[0] == 200


def test_delayed_calls_are_limited(server, connect, monkeypatch):
    """One waiting client too many is refused."""
    monkeypatch.setattr(stream, "MAX_WATCHERS", 0)
    Control(server.url).post("/_emulator/faults", operation="DescribePools", delay_seconds=300)
    client = connect()
    client.send(call())
    assert client.answer()[0] == 503
    client.send(call("DescribeOptOutLists"))
    assert client.answer()[0] == 200


@pytest.mark.parametrize("request_bytes", [control("GET", WAIT), call()[:40], call()[:-1]])
def test_abandoned_requests_do_not_block_others(request_bytes):
    """Six hundred clients that wait, or stop halfway, and disconnect do not block others."""
    with serving() as process:
        for _ in range(2):
            with ExitStack() as stack:
                for _ in range(600):
                    waiting = stack.enter_context(Connection(process.port))
                    waiting.send(request_bytes)
                client = stack.enter_context(Connection(process.port))
                for _ in range(20):
                    client.send(call())
                    assert client.answer()[0] == 200


def test_waiting_requests_are_limited(server, connect, emulator, monkeypatch):
    """One too many is refused; after a disconnect there is room, and others are answered."""
    monkeypatch.setattr(stream, "MAX_WATCHERS", 3)
    crowd = [connect() for _ in range(3)]
    for each in crowd:
        each.send(control("GET", WAIT))
    wait_until(lambda: len(engine_of(emulator).watchers) == 3)
    steering = Control(server.url)

    for path in (WAIT, "/_emulator/messages/stream"):
        refused = steering.get(path)
        assert refused.status == 503
        assert "3 clients already wait" in refused.error
    assert steering.get("/_emulator/messages").status == 200

    for each in crowd:
        each.close()
    wait_until(lambda: not engine_of(emulator).watchers)
    assert engine_of(emulator).message_listeners == []


def test_sixty_streams(server, connect, emulator):
    """Sixty open tabs are all served."""
    tabs = [connect() for _ in range(60)]
    for tab in tabs:
        tab.send(control("GET", "/_emulator/messages/stream"))
    wait_until(lambda: len(engine_of(emulator).watchers) == 60)
    Control(server.url).post("/_emulator/reset")

    for tab in tabs:
        while tab.stream.readline() != b"event: reset\n":
            pass
    assert threading.active_count() < 20


def test_requests_behind_one_that_waits_are_bounded(connect):
    """A client that sends more and more requests while it waits is disconnected."""
    client = connect()
    client.send(control("GET", WAIT))

    def ask_again_and_again():
        for _ in range(100_000):
            client.send(call())

    with pytest.raises(ConnectionError):
        ask_again_and_again()


def test_a_client_that_does_not_read_is_disconnected(server, emulator, connect, monkeypatch):
    """A stream that is not read uses bounded memory."""
    monkeypatch.setattr(connection, "UNREAD_SECONDS", 0.01)
    client = connect()
    client.send(control("GET", "/_emulator/messages/stream"))
    wait_until(lambda: engine_of(emulator).watchers)
    sms = make_client(server.url)
    number = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )["PhoneNumberId"]
    started = time.monotonic()
    while engine_of(emulator).watchers:
        engine_of(emulator).call(
            "SendTextMessage",
            {
                "DestinationPhoneNumber": "+14255550123",
                "MessageBody": "x" * 1500,
                "OriginationIdentity": number,
            },
        )
        assert time.monotonic() - started < 60


@pytest.mark.pinpoint_sms(max_messages=10, max_calls=10)
def test_a_stream_that_is_not_read_uses_little_memory(server, emulator, connect, monkeypatch):
    """Until it is disconnected, a stream has a bounded number of unsent events."""
    monkeypatch.setattr(connection, "UNREAD_SECONDS", 3600)
    monkeypatch.setattr(stream, "MAX_UNREAD", 100)
    emulator.add_number(SENDER)
    connect().send(control("GET", "/_emulator/messages/stream"))
    wait_until(lambda: engine_of(emulator).watchers)
    client = connect()

    def send_texts(count):
        for _ in range(count):
            engine_of(emulator).call("SendTextMessage", sms("+14255550123", "x" * 1_500))
            client.send(call())
            assert client.answer()[0] == 200

    send_texts(500)
    tracemalloc.start()
    send_texts(1_500)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert engine_of(emulator).watchers
    assert size < 1_500_000


# --- the end --------------------------------------------------------------------------------------


def test_a_stopping_server_disconnects_its_clients(emulator):
    """This includes waiting and streaming clients."""
    with Server(emulator) as server, ExitStack() as stack:
        for path in (WAIT, "/_emulator/messages/stream"):
            stack.enter_context(Connection(server.port)).send(control("GET", path))
        wait_until(lambda: len(engine_of(emulator).watchers) == 2)

    assert engine_of(emulator).watchers == []
    assert engine_of(emulator).message_listeners == []


def test_a_crash_is_reported_and_kept(monkeypatch):
    """A crash is answered with 500 in JSON, and kept for the test that caused it."""
    emulator = Emulator()

    def break_down(*_arguments):
        raise RuntimeError("planted")

    monkeypatch.setattr(engine_of(emulator), "begin", break_down)
    with Server(emulator) as server, Connection(server.port) as client:
        client.send(call())
        status, _, body = client.answer()

    assert status == 500
    assert json.loads(body)["__type"] == "InternalServerException"
    assert str(engine_of(emulator).crashes[0]) == "planted"
