"""Both servers, also with clients that are slow, broken or aborted."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import subprocess
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import (
    COMMAND,
    Connection,
    call,
    control,
    environment,
    make_client,
    serving,
)
from tests.stopwatch import Stopwatch


@pytest.fixture(scope="module", params=["serve", "thread"])
def port(request) -> Iterator[int]:
    """The port of a server: the command line's, or one on a thread of this process."""
    if request.param == "serve":
        with serving() as server:
            yield server.port
    else:
        with Server(Emulator()) as server:
            yield server.port


@pytest.fixture(scope="module")
def kept_port() -> Iterator[int]:
    """The port of the command line's server, which keeps connections."""
    with serving() as server:
        yield server.port


def send_a_text(url):
    """Request a number and send a text from it, through boto3."""
    sms = make_client(url)
    with closing(sms):
        number = sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
        numbers = sms.describe_phone_numbers(PhoneNumberIds=[number["PhoneNumberId"]])
    return numbers["PhoneNumbers"][0]["Status"]


def test_boto3_is_answered(port):
    """boto3 works over HTTP as in process."""
    assert send_a_text(f"http://127.0.0.1:{port}") == "ACTIVE"


def test_a_probe_of_http_1_0_needs_no_host(port):
    """A load balancer can request the health without a host name."""
    with Connection(port) as connection:
        connection.send(b"GET /_emulator/health HTTP/1.0\r\n\r\n")

        assert connection.answer()[0] == 200


def test_one_body_in_many_pieces(port):
    """A body that comes in pieces is read to its end."""
    data = call()
    with Connection(port) as connection:
        for start in range(0, len(data), 40):
            connection.send(data[start : start + 40])
            time.sleep(0.005)

        status, _, body = connection.answer()

        assert status == 200
        assert json.loads(body) == {"Pools": []}


@pytest.mark.parametrize(
    "data",
    [
        b"NONSENSE\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: abc\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 1_000_000 + b"\r\n\r\n",
    ],
    ids=["no request", "length of letters", "negative length", "endless header"],
)
def test_malformed_http_gets_a_4xx(port, data):
    """Or the connection ends; the server continues to answer."""
    with Connection(port) as connection:
        try:
            connection.send(data)
            status, _, _ = connection.answer()
        except ConnectionError:
            status = 0

        assert status == 0 or 400 <= status < 500
    with Connection(port) as connection:
        connection.send(call())

        assert connection.answer()[0] == 200


@pytest.mark.parametrize(
    "beginning",
    [
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
    ],
    ids=["silent", "half a head", "half a body"],
)
def test_slow_clients_do_not_block_others(port, beginning):
    """A hundred clients that never finish their requests do not delay others."""
    with ExitStack() as stack:
        for _ in range(100):
            stack.enter_context(Connection(port)).send(beginning)
        good = stack.enter_context(Connection(port))
        good.send(call())

        assert good.answer()[0] == 200


def test_expect_100_continue(port):
    """A client that waits for "100 Continue" gets it."""
    head, _, body = call(Expect="100-continue").partition(b"\r\n\r\n")
    with Connection(port) as connection:
        connection.send(head + b"\r\n\r\n")

        assert connection.answer()[0] == 100

        connection.send(body)

        assert connection.answer()[0] == 200


def test_chunked_body(port):
    """A body of unknown length is read to its end."""
    with Connection(port) as connection:
        connection.send(call(body=b"", Transfer_Encoding="chunked", Content_Length=""))
        for piece in (b"{", b'"MaxResults"', b": 5", b"}"):
            connection.send(b"%x\r\n%b\r\n" % (len(piece), piece))
        connection.send(b"0\r\n\r\n")

        status, _, body = connection.answer()

        assert (status, json.loads(body)) == (200, {"Pools": []})


def test_an_invalid_chunk_is_a_4xx(port):
    """The next client is answered."""
    with Connection(port) as connection:
        connection.send(call(body=b"zz\r\n{}\r\n", Transfer_Encoding="chunked", Content_Length=""))

        assert connection.answer()[0] == 400

    assert send_a_text(f"http://127.0.0.1:{port}") == "ACTIVE"


def test_connections_are_kept(kept_port):
    """One connection carries many calls, refused ones too."""
    with Connection(kept_port) as connection:
        for operation, expected in [("DescribePools", 200), ("Nonsense", 400)] * 3:
            connection.send(call(operation))

            assert connection.answer()[0] == expected


def test_pipelined_requests(kept_port):
    """Requests sent in one go are answered in order."""
    with Connection(kept_port) as connection:
        connection.send(call() + call("Nonsense") + call())

        assert [connection.answer()[0] for _ in range(3)] == [200, 400, 200]


def test_many_persistent_connections(kept_port):
    """Idle connections, such as boto3's, do not exhaust the server."""
    with ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(Connection(kept_port))
            connection.send(call())
            assert connection.answer()[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_on_a_signal(number):
    """SIGTERM and SIGINT end it with status 0, within a second."""
    with serving() as server:
        status, seconds = server.stop(number)

        assert status == 0
        assert seconds < 1


@pytest.mark.parametrize(
    "beginning",
    [
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc",
    ],
    ids=["half a head", "half a body"],
)
def test_it_ends_while_clients_are_slow(beginning):
    """Incomplete requests and idle connections do not delay the end."""
    with serving() as server, Connection(server.port) as slow, Connection(server.port) as kept:
        slow.send(beginning)
        kept.send(call())
        kept.answer()

        status, seconds = server.stop()

        assert status == 0
        assert seconds < 1


def test_it_ends_with_open_streams_and_waiting_requests():
    """On a signal, streams are closed, and waiting requests and injected delays end early."""
    with ExitStack() as stack:
        server = stack.enter_context(serving())
        watching, waiting, delayed, setting = (
            stack.enter_context(Connection(server.port)) for _ in range(4)
        )
        fault = b'{"operation": "DescribePools", "delay_seconds": 60}'
        setting.send(control("POST", "/_emulator/faults", fault))
        assert setting.answer()[0] == 200
        delayed.send(call())
        waiting.send(control("GET", "/_emulator/messages?wait_seconds=60"))
        watching.send(control("GET", "/_emulator/messages/stream"))
        assert watching.stream.readline() == b"HTTP/1.1 200 OK\r\n"

        status, seconds = server.stop()

        assert status == 0
        assert seconds < 1
        assert delayed.answer()[0] == 200
        assert waiting.answer()[0] == 200
        assert watching.stream.read().endswith(b"0\r\n\r\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP], ids=["Ctrl-C", "closed"])
def test_ctrl_c_ends_all_its_processes(number):
    """Ctrl-C at a terminal, and its end, go to every process; it ends with status 0."""
    # The tests may run under nohup.
    handler = signal.signal(number, signal.SIG_DFL)
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env=environment(),
    )
    signal.signal(number, handler)
    with process:
        process.stdout.readline()
        os.killpg(process.pid, number)

        assert process.wait(60) == 0


def test_the_second_ctrl_c_changes_nothing():
    """A second Ctrl-C during the shutdown causes no traceback."""
    with serving(stderr=subprocess.PIPE) as server, Connection(server.port) as slow:
        fault = b'{"operation": "*", "delay_seconds": 60}'
        slow.send(control("POST", "/_emulator/faults", fault))
        assert slow.answer()[0] == 200
        # A request in progress makes the shutdown long enough for more signals.
        slow.send(call()[:-1])
        for _ in range(20):
            server.process.send_signal(signal.SIGINT)
            time.sleep(0.02)

        assert server.process.wait(60) == 0
        assert server.process.stderr.read() == ""


def test_with_nohup_it_outlives_its_terminal():
    """With nohup, it continues when the terminal is closed."""
    process = subprocess.Popen(
        ["nohup", *COMMAND, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        env=environment(),
    )
    with process:
        url = process.stdout.readline().split()[-1]
        assert send_a_text(url) == "ACTIVE"
        os.killpg(process.pid, signal.SIGHUP)

        with closing(make_client(url)) as sms:
            assert len(sms.describe_phone_numbers()["PhoneNumbers"]) == 1
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


@pytest.mark.parametrize("milliseconds", [100, 120, 140, 160, 180, 200])
def test_it_ends_while_it_starts(milliseconds):
    """A signal during the start stops it too, and leaves no process behind."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    with process:
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGTERM)
        # Ends only when every process has closed its standard output.
        output, errors = process.communicate(timeout=60)

        # Before its first line of Python, the program cannot handle the signal.
        assert process.returncode in {0, -signal.SIGTERM}
        assert errors == ""
        assert output == "" or output.startswith("Listening")


def test_a_killed_server_leaves_no_worker():
    """The port is free afterwards."""
    with serving() as server:
        server.stop(signal.SIGKILL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", server.port)).close()
            except ConnectionRefusedError:
                return
            time.sleep(0.02)

        pytest.fail("the worker still listens")


def test_an_occupied_port_is_reported():
    """The error is one sentence, also if another emulator has the port."""
    with serving() as server:
        again = subprocess.run(
            [*COMMAND, "serve", "--port", str(server.port)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env=environment(),
        )

    assert again.returncode == 1
    assert again.stdout == ""
    assert again.stderr == (
        f"pinpoint-sms-emu serve: cannot listen on {server.url}: Address already in use; "
        "port 0 picks a free one\n"
    )


def test_the_host_option():
    """The announced address is the requested one."""
    with serving("--host", "localhost") as server:
        assert server.announced.startswith("Listening on http://localhost:")
        with Connection(server.port) as connection:
            connection.send(call())
            assert connection.answer()[0] == 200


def test_a_server_on_a_thread_starts_and_stops_at_once():
    """Twenty servers come and go in one process, and leave no thread behind."""
    before = threading.active_count()
    stopwatch = Stopwatch()
    for _ in range(20):
        with Server(Emulator()) as server, Connection(server.port) as connection:
            connection.send(call())
            assert connection.answer()[0] == 200

    assert stopwatch.seconds < 5
    assert threading.active_count() <= before + 1


def test_a_server_on_a_thread_closes_open_connections():
    """A client in the middle of a request learns that the server has ended."""
    with Server(Emulator()) as server:
        slow = Connection(server.port)
        slow.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc")
        time.sleep(0.05)
    with slow:
        assert slow.stream.read() == b""


def test_a_server_on_a_thread_leaves_no_socket_open_when_clients_connect_meanwhile():
    """A connection that is accepted while the server stops is closed with the others."""
    with warnings.catch_warnings(record=True) as caught, ExitStack() as opened:
        warnings.simplefilter("always", ResourceWarning)
        for _ in range(20):
            server = Server(Emulator()).start()
            has_begun = threading.Event()
            clients = threading.Thread(
                target=connect_while_possible, args=(server.port, opened, has_begun)
            )
            clients.start()
            has_begun.wait()
            server.stop()
            clients.join()
        gc.collect()

    assert [str(each.message) for each in caught] == []


def connect_while_possible(port: int, opened: ExitStack, has_begun: threading.Event) -> None:
    """Open one connection after the other until the server is gone."""
    with suppress(OSError):
        while True:
            opened.enter_context(socket.create_connection(("127.0.0.1", port)))
            has_begun.set()


def test_a_server_on_a_thread_runs_due_jobs(monkeypatch):
    """Jobs that are due run without requests."""
    emulator = Emulator()
    ticked = threading.Event()
    monkeypatch.setattr(engine_of(emulator), "tick", ticked.set)

    with Server(emulator):
        assert ticked.wait(60)


def test_a_failing_tick_is_logged(monkeypatch, caplog):
    """The next tick comes all the same."""
    emulator = Emulator()
    ticks = threading.Semaphore(0)

    def fail():
        ticks.release()
        raise RuntimeError("planted")

    monkeypatch.setattr(engine_of(emulator), "tick", fail)

    with Server(emulator):
        assert ticks.acquire(timeout=60)
        assert ticks.acquire(timeout=60)
    assert "planted" in caplog.text


def test_a_failure_that_lasts_is_logged_once(monkeypatch, caplog):
    """Each other error is logged, whatever its text, and the same one again after a success."""
    emulator = Emulator()
    errors = iter([RuntimeError] * 3 + [OSError] * 2 + [None] + [OSError] * 2)
    numbers = iter(range(100))
    is_done = threading.Event()

    def tick():
        error = next(errors, SystemError)
        if error is SystemError:
            is_done.set()
        elif error:
            raise error(next(numbers))

    monkeypatch.setattr(engine_of(emulator), "tick", tick)

    with Server(emulator):
        assert is_done.wait(60)
    assert [str(each.exc_info[1]) for each in caplog.records] == ["0", "3", "5"]


def test_a_server_on_a_thread_reports_an_occupied_port():
    """It is an OSError, not the end of the process."""
    with Server(Emulator()) as first, pytest.raises(OSError, match="in use"):
        Server(Emulator(), port=first.port).start()


def test_a_server_is_started_once():
    """Starting a running server is refused; after the end it can be started again."""
    server = Server(Emulator())
    with server, pytest.raises(RuntimeError, match="started already"):
        server.start()
    server.stop()
    with server:
        assert send_a_text(server.url) == "ACTIVE"
