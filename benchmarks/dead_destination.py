"""Events to an unreachable destination, with `serve`: bounded memory, and no slower calls."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from benchmarks.clients import AUTHORIZATION, SOMEONE
from benchmarks.measuring import Row, show_progress
from benchmarks.processes import OURS, Connection, Running, on_the_wire, running

EVENTS = int(os.environ.get("BENCH_EVENTS", "1000000"))
# A text has two events: accepted by the carrier, and delivered.
EVENTS_A_TEXT = 2
KEPT = 5_000
TENTHS = 10
# Nothing listens there.
DEAD = "http://127.0.0.1:9"
NUMBER = "+12065550100"


class Sender:
    """A client of the API and the control plane, whose calls must succeed."""

    def __init__(self, port: int) -> None:
        self.connection = Connection(port)

    def call(self, operation: str, **members: Any) -> None:
        """Call an operation."""
        self.connection.ask(request_of(operation, **members))

    def control(self, path: str, **members: Any) -> None:
        """Send a request to the control plane."""
        self.connection.ask(on_the_wire(path, {}, json.dumps(members).encode()))


def request_of(operation: str, **members: Any) -> bytes:
    """Write the request of a call."""
    target = f"PinpointSMSVoiceV2.{operation}"
    headers = {"X-Amz-Target": target, "Authorization": AUTHORIZATION}
    return on_the_wire("/", headers, json.dumps(members).encode())


TEXT = request_of(
    "SendTextMessage",
    DestinationPhoneNumber=SOMEONE,
    OriginationIdentity=NUMBER,
    MessageBody="Hello",
    ConfigurationSetName="receipts",
)


@contextmanager
def serving(*options: str) -> Iterator[tuple[Running, Sender]]:
    """Run `serve` with a number and a configuration set."""
    quiet = ("--log-level", "error", "--max-messages", str(KEPT))
    with running(OURS, *quiet, *options) as server:
        sender = Sender(server.port)
        sender.control("/_emulator/numbers", phone_number=NUMBER)
        sender.call("CreateConfigurationSet", ConfigurationSetName="receipts")
        sender.call(
            "CreateEventDestination",
            ConfigurationSetName="receipts",
            EventDestinationName="dead",
            MatchingEventTypes=["ALL"],
            SnsDestination={"TopicArn": "arn:aws:sns:us-east-1:123456789012:dead"},
        )
        yield server, sender


def measure() -> Iterator[Row]:
    """Send texts with EVENTS events, and measure time and memory meanwhile."""
    texts = EVENTS // EVENTS_A_TEXT
    with (
        serving() as (_, recorded_only),
        serving("--events-endpoint-url", DEAD) as (server, sender),
    ):
        taken: list[tuple[float, float]] = []
        memory: list[int] = []
        for tenth in range(TENTHS):
            # Alternately, so that a slow phase of the machine affects both.
            compared = _seconds_a_text(recorded_only, texts // TENTHS // 10)
            taken.append((_seconds_a_text(sender, texts // TENTHS), compared))
            memory.append(server.memory())
            show_progress((tenth + 1) * EVENTS // TENTHS, EVENTS)
    slowed = statistics.median(dead / alive for dead, alive in taken)
    what = f"{EVENTS:,} events to a dead destination"
    # The first tenth fills the store.
    growth = memory[-1] / memory[1]
    yield Row(f"{what}, a send over one without", slowed, 1.5, 1.2)
    yield Row(f"{what}, memory last over second tenth", growth, 1.2, 1.05)


def _seconds_a_text(sender: Sender, texts: int) -> float:
    # A server closes a connection that was idle while the other one was measured.
    sender.connection.close()
    start = time.perf_counter()
    for _ in range(texts):
        sender.connection.ask(TEXT)
    return (time.perf_counter() - start) / texts
