"""A call through `serve`: with boto3, and with wrk for the maximum rate."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import boto3

from benchmarks.clients import SOMEONE, caller, canned
from benchmarks.measuring import Row, median_ratio, show_progress, undisturbed
from benchmarks.processes import (
    MOTO,
    OURS,
    RAW,
    Captured,
    Connection,
    Running,
    capture,
    on_the_wire,
    running,
)

ROUNDS = 21
SECONDS = 1

# A call needs several wake-ups of processes, whose time depends on the machine. So the gate is
# relative to a server that does nothing.
OVER_RAW_SOCKET = 1.25
GOAL_OVER_RAW_SOCKET = 1.12

# By the number of connections: the gate and the goal.
GATES = {1: (16, 25), 8: (40, 60)}
SENDING_GATES = {1: (12, 18), 8: (28, 40)}

NEXT_MONTH = on_the_wire("/_emulator/clock", {}, b'{"advance_seconds": 2678400}')

_MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def measure() -> Iterator[Row]:
    """Measure a listing of one entry from both servers, and a text from ours."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing, which asks as fast as it can: apt-get install wrk")
    with running(OURS) as ours, running(MOTO) as moto:
        secrets = boto3.client(MOTO.service, endpoint_url=moto.url)
        secrets.create_secret(Name="example", SecretString="example")
        yield from _boto3(ours, moto)
        yield from _wrk(ours, moto)


def _boto3(ours: Running, moto: Running) -> Iterator[Row]:
    client = boto3.client(OURS.service, endpoint_url=ours.url)
    answer = getattr(client, OURS.method)()
    answer.pop("ResponseMetadata")
    body = json.dumps(answer, default=datetime.timestamp)
    with running(RAW, body) as raw:
        cases = {
            "floor": caller(canned(body.encode()), OURS.method),
            "raw": caller(boto3.client(RAW.service, endpoint_url=raw.url), RAW.method),
            "ours": caller(client, OURS.method),
        }
        # Separately, because moto's calls replace our data in the processor's caches.
        seconds = undisturbed(cases)
    peer = caller(boto3.client(MOTO.service, endpoint_url=moto.url), MOTO.method)
    beside_moto = undisturbed({"ours": cases["ours"], "moto": peer})
    limit = seconds["raw"] / seconds["floor"]
    gate, goal = round(OVER_RAW_SOCKET * limit, 2), round(GOAL_OVER_RAW_SOCKET * limit, 2)
    over_floor = seconds["ours"] / seconds["floor"]
    over_moto = beside_moto["ours"] / beside_moto["moto"]
    yield Row("boto3 through serve, over the canned floor", over_floor, gate, goal)
    yield Row("boto3 through serve, over moto_server", over_moto, 0.40, 0.28)


def _wrk(ours: Running, moto: Running) -> Iterator[Row]:
    for name, request, gates in (
        ("requests", OURS.listing(), GATES),
        ("SendTextMessage", _text(ours), SENDING_GATES),
    ):
        # One connection first, because moto's threads for eight would continue for a while.
        for connections, (gate, goal) in gates.items():
            ratio = _rate_over_moto(ours, moto, request, connections)
            plural = "s" if connections > 1 else ""
            what = f"{name} per second, {connections} connection{plural}, serve over moto_server"
            yield Row(what, ratio, gate, goal, more_is_better=True)


def _rate_over_moto(ours: Running, moto: Running, request: Captured, connections: int) -> float:
    own: list[float] = []
    others: list[float] = []
    ours_control = Connection(ours.port)
    for done in range(ROUNDS):
        own.append(run_wrk(ours.port, request, connections).rate)
        others.append(run_wrk(moto.port, MOTO.listing(), connections).rate)
        # The spend limit is monthly.
        ours_control.ask(NEXT_MONTH)
        show_progress(done + 1, ROUNDS)
    return median_ratio(own, others)


def _text(ours: Running) -> Captured:
    """Add a number, and return the request that sends a text from it."""
    client = boto3.client(OURS.service, endpoint_url=ours.url)
    number = client.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    return capture(
        OURS.service,
        "send_text_message",
        DestinationPhoneNumber=SOMEONE,
        OriginationIdentity=number["PhoneNumberId"],
        MessageBody="Your code is 123456. It expires in ten minutes.",
    )


class Rate(NamedTuple):
    """Requests per second, and the 99th percentile of their latency in milliseconds."""

    rate: float
    p99: float


def run_wrk(port: int, request: Captured, connections: int) -> Rate:
    """Send a request as often as possible for a second."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_lua(request))
        script.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{SECONDS}s", "--latency"]
        command += ["-s", script.name, f"http://127.0.0.1:{port}/"]
        result = subprocess.check_output(command, text=True)  # noqa: S603
    rate = re.search(r"Requests/sec: +([\d.]+)", result)
    p99 = re.search(r"99% +([\d.]+)(us|ms|s)", result)
    if rate is None or p99 is None or "Non-2xx" in result:
        raise RuntimeError(result)
    return Rate(float(rate[1]), float(p99[1]) * _MILLISECONDS[p99[2]])


def _lua(request: Captured) -> str:
    lines = [
        'wrk.method = "POST"',
        f"wrk.body = [==[{request.body.decode()}]==]",
        *(
            f"wrk.headers[ [==[{name}]==] ] = [==[{result}]==]"
            for name, result in request.headers.items()
        ),
    ]
    return "\n".join(lines)
