"""Hostile input: never a 5xx, never a hang, and the state stays valid."""

from __future__ import annotations

import gc
import json
import os
import socket
from collections.abc import Iterator
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import Request
from tests.doors.serving import AUTHORIZATION, Serving, call, control, serving

SOAK = bool(os.environ.get("SOAK"))
BUDGET = settings(
    max_examples=5_000 if SOAK else 300,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LARGEST_BODY = 8 * 1024 * 1024

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
OPERATIONS = sorted(service_model().operations)


@st.composite
def calls(draw: st.DrawFn) -> tuple[str, bytes]:
    """An operation and a body with random values for its members, perhaps damaged."""
    operation = draw(st.sampled_from(OPERATIONS))
    shape = service_model().operations[operation].input_shape
    names = sorted(service_model().shapes[shape]["members"]) or ["Nothing"]
    members = draw(st.dictionaries(st.sampled_from(names), JSON, max_size=6))
    body = json.dumps(members).encode()
    match draw(st.sampled_from(["whole", "cut", "twice", "bytes", "deep"])):
        case "cut":
            body = body[: draw(st.integers(0, len(body)))]
        case "twice":
            body = b'{"%b":1,%b' % (names[0].encode(), body[1:])
        case "bytes":
            place = draw(st.integers(0, len(body)))
            body = body[:place] + draw(st.binary(max_size=8)) + body[place:]
        case "deep":
            depth = draw(st.integers(1, 100_000))
            body = b'{"%b":%b' % (names[0].encode(), b"[" * depth)
            if draw(st.booleans()):
                body += b"]" * depth + b"}"
    return operation, body


HEADERS = st.text(st.characters(codec="latin-1"), max_size=60)
AUTHORIZATIONS = st.one_of(
    st.just(AUTHORIZATION),
    HEADERS,
    HEADERS.map(lambda text: f"AWS4-HMAC-SHA256 {text}"),
    HEADERS.map(lambda text: f"AWS4-HMAC-SHA256 Credential={text}/20260101/us-east-1/x/y"),
)


@pytest.mark.parametrize("throttling", [False, True])
@BUDGET
@given(query=calls(), authorization=AUTHORIZATIONS)
def test_any_call_is_answered_or_refused(throttling, query, authorization):
    """A refused call changes nothing."""
    operation, body = query
    emulator = Emulator(seed=7, throttling=throttling)
    before = emulator.snapshot()
    target = f"PinpointSMSVoiceV2.{operation}"
    answer = engine_of(emulator).handle(
        Request({"x-amz-target": target, "authorization": authorization}, body)
    )

    assert answer.status in (200, 400, 403)
    json.loads(answer.body)
    if answer.status != 200 and not throttling:
        assert emulator.snapshot() == before


@BUDGET
@given(target=HEADERS, body=st.binary(max_size=200))
def test_any_target_and_body_are_answered_or_refused(target, body):
    """Any target with any body is answered or refused."""
    answer = engine_of(Emulator()).handle(
        Request({"x-amz-target": target, "authorization": AUTHORIZATION}, body)
    )

    assert answer.status == 400


@BUDGET
@given(query=calls(), authorization=AUTHORIZATIONS, date=HEADERS | st.just("20260101T000000Z"))
def test_calls_without_a_valid_signature_are_refused(keys, query, authorization, date):
    """With signing keys, no Authorization header without a valid signature is accepted."""
    operation, body = query
    headers = {
        "x-amz-target": f"PinpointSMSVoiceV2.{operation}",
        "authorization": authorization,
        "x-amz-date": date,
    }
    answer = engine_of(Emulator(signing_keys=keys)).handle(Request(headers, body))

    assert answer.status == 403
    json.loads(answer.body)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with a key pair whose key the callers know."""
    file = tmp_path_factory.mktemp("keys") / "keys"
    file.write_text("testing secret\n")
    return file


def test_callers_leave_nothing_behind():
    """Ten thousand keys and Regions whose calls are refused, or only read, are not stored."""
    emulator = Emulator(max_calls=10)
    query = [
        ("DescribePools", {}),
        ("DescribeOptOutLists", {}),
        ("DeletePool", {"PoolId": "pool-none"}),
        ("SendTextMessage", {"DestinationPhoneNumber": "+14255550123", "MessageBody": "Hello"}),
        ("CreatePool", {}),
    ]

    def ask(number: int) -> None:
        operation, members = query[number % len(query)]
        scope = AUTHORIZATION.replace("testing", f"{number:012}").replace(
            "east-1", f"east-{number}"
        )
        target = f"PinpointSMSVoiceV2.{operation}"
        request = Request(
            {"x-amz-target": target, "authorization": scope}, json.dumps(members).encode()
        )
        assert engine_of(emulator).handle(request).status in (200, 400)

    before = emulator.snapshot()
    for number in range(100):
        ask(number)
    gc.collect()
    things = len(gc.get_objects())
    for number in range(10_000):
        ask(number)
    gc.collect()

    assert emulator.snapshot() == before
    assert len(gc.get_objects()) < things + 1_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server process that logs its calls, for the whole module."""
    folder = tmp_path_factory.mktemp("data")
    with serving("--data-dir", str(folder)) as server:
        yield server


def status_of(port: int, data: bytes, seconds: float = 20) -> int | None:
    """Send bytes and return the status.

    None if there is no answer, or the server waits for more.
    """
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        with suppress(ConnectionError):
            connection.sendall(data)
        with suppress(ConnectionError, TimeoutError):
            while answer.count(b" ") < 2 and (part := connection.recv(65536)):
                answer += part
    words = answer.split(b" ", 2)
    return int(words[1]) if len(words) == 3 and words[1].isdigit() else None


@st.composite
def requests(draw: st.DrawFn) -> bytes:
    """A damaged HTTP request."""
    operation, body = draw(calls())
    whole = draw(
        st.sampled_from(
            [
                call(operation, body),
                call(operation, body, Content_Length=str(len(body) + 7)),
                call(operation, body, Content_Length="-5"),
                call(operation, body, Content_Length="9" * 30),
                call(operation, body, Content_Length="5\r\nContent-Length: 6"),
                call(operation, body, Transfer_Encoding="chunked", Content_Length=""),
                call(operation, body, Transfer_Encoding="chunked"),
                call(operation, body, Authorization=f"x\r\nAuthorization: {AUTHORIZATION}"),
                call(operation, body, Authorization="Bearer x"),
                call(operation, body, Authorization=""),
                control("POST", "/_emulator/numbers", body),
                control("GET", "/_emulator/messages?limit=%ff&after=%00"),
                control("PATCH", "/_emulator/%2e%2e/state"),
            ]
        )
    )
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, min(len(whole), 600)))
        wound = draw(st.sampled_from([b"\r\n", b"\0", b"\n\n", b":", b" ", b"\xff", b"A" * 70_000]))
        whole = whole[:place] + wound + whole[place + draw(st.integers(0, 3)) :]
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.booleans()) else whole


@settings(BUDGET, max_examples=2_000 if SOAK else 100)
@given(data=requests())
def test_any_http_is_answered_without_a_5xx(served, data):
    """Invalid HTTP is never a 5xx, and the next request is answered."""
    status = status_of(served.port, data, seconds=0.1)

    assert status is None or status < 500 or status in (501, 505)
    assert status_of(served.port, call()) == 200


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 3 * LARGEST_BODY])
def test_bodies_over_the_limit(served, size):
    """A body that is too large is refused, and memory does not grow."""
    status = status_of(served.port, call("CreatePool", b"{" + b" " * size))

    assert status in (400, 413, None)
    assert status_of(served.port, call()) == 200


def test_slow_clients_do_not_block_others(served):
    """Three hundred clients that stop halfway do not delay others."""
    beginning = call("CreatePool", b"{}")[:-1]
    slow = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(300)]
    try:
        for number, client in enumerate(slow):
            client.sendall(beginning[: 40 + number])
        for _ in range(20):
            assert status_of(served.port, call()) == 200
    finally:
        for client in slow:
            client.close()


def test_clients_that_never_read_do_not_block_others(served):
    """A hundred clients that send requests without reading answers do not delay others."""
    deaf = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(100)]
    try:
        for client in deaf:
            client.setblocking(False)
            with suppress(BlockingIOError):
                for _ in range(50):
                    client.send(control("GET", "/_emulator/openapi.json"))
        for _ in range(20):
            assert status_of(served.port, call()) == 200
    finally:
        for client in deaf:
            client.close()


def test_memory_is_bounded(tmp_path):
    """Invalid, large or deeply nested requests do not increase the server's memory."""
    large = call("CreatePool", b'{"PoolId": "' + b"x" * LARGEST_BODY + b'"}')
    deep = call("CreatePool", b"[" * 1_000_000)
    wide = call("CreatePool", b'{"Tags": [' + b"{}," * 100_000 + b"{}]}")
    memory = []
    with serving("--data-dir", str(tmp_path), "--max-calls", "0") as server:
        for _ in range(4):
            for data in (large, deep, wide) * (20 if SOAK else 4):
                assert status_of(server.port, data) in (400, 413, None)
            memory.append(memory_of(server.process.pid))

    # If all bodies were kept, it would be twice as much.
    assert memory[-1] < memory[0] * 1.6


def memory_of(pid: int) -> int:
    """The number of memory pages of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = Path(f"/proc/{pid}/statm").read_text().split()[1]
    return int(pages) + sum(memory_of(int(each)) for each in children)


def test_the_state_is_valid_afterwards(served):
    """After all these requests the state can be written, and contains nothing unexpected."""
    connection = HTTPConnection("127.0.0.1", served.port, timeout=20)
    connection.request("GET", "/_emulator/state")
    state = json.loads(connection.getresponse().read())
    connection.close()

    Emulator().restore(state)
