"""Calls through `serve` while another client reads 100,000 messages over and over."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.clients import SOMEONE
from benchmarks.dead_destination import NUMBER, Sender, request_of
from benchmarks.measuring import Row, median_ratio, show_progress
from benchmarks.over_http import run_wrk
from benchmarks.processes import OURS, running

MESSAGES = 100_000
CONNECTIONS = 8
ROUNDS = 11


def measure() -> Iterator[Row]:
    """Measure the 99th percentile of the latency with and without a reader, alternately."""
    with running(OURS, "--log-level", "error") as server:
        _fill(server.port)
        yield _row(server.port, "", "messages")
        yield _row(server.port, "the state of ", "state")


def _fill(port: int) -> None:
    sender = Sender(port)
    sender.control("/_emulator/numbers", phone_number=NUMBER)
    text = request_of("SendTextMessage", DestinationPhoneNumber=SOMEONE, MessageBody="Hello")
    for sent in range(MESSAGES):
        sender.connection.ask(text)
        show_progress(sent + 1, MESSAGES)


def _row(port: int, of: str, path: str) -> Row:
    without: list[float] = []
    beside: list[float] = []
    for done in range(ROUNDS):
        without.append(_p99(port))
        with _reading(port, path):
            beside.append(_p99(port))
        show_progress(done + 1, ROUNDS)
    reading = f"while a client reads {of}{MESSAGES:,} messages"
    what = f"p99 with {CONNECTIONS} connections {reading}, over without"
    return Row(what, median_ratio(beside, without), 5, 2)


def _p99(port: int) -> float:
    """Return the 99th percentile in milliseconds."""
    return run_wrk(port, OURS.listing(), CONNECTIONS).p99


@contextmanager
def _reading(port: int, path: str) -> Iterator[None]:
    """Read something again and again on another thread."""
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            with socket.create_connection(("127.0.0.1", port)) as reader:
                reader.sendall(f"GET /_emulator/{path} HTTP/1.0\r\nHost: a\r\n\r\n".encode())
                while not is_over.is_set() and reader.recv(1 << 20):
                    pass

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
