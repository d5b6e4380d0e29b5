"""Starts, calls, measures and stops server processes, ours and moto's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.awsrequest import AWSResponse

from benchmarks.clients import SERVICE, Raw

PYTHON = sys.executable
START_SECONDS = 60


@dataclass(frozen=True)
class Captured:
    """A captured request of boto3."""

    headers: dict[str, str]
    body: bytes

    @property
    def on_the_wire(self) -> bytes:
        """The whole request as bytes."""
        return on_the_wire("/", self.headers, self.body)


def on_the_wire(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write a POST request."""
    result = headers | {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in result.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class Connection:
    """A client with little overhead, which keeps its connection if the server does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.answers: BinaryIO | None = None

    def ask(self, request: bytes) -> None:
        """Send a request, and read the answer, which must be a success."""
        if self.answers is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.answers = self.socket.makefile("rb")
        self.socket.sendall(request)
        status = self.answers.readline()
        headers = dict(self._headers(self.answers))
        body = self.answers.read(int(headers[b"content-length"]))
        if b" 200 " not in status:
            raise RuntimeError((status + body).decode())
        if headers.get(b"connection") == b"close":
            self.close()

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        if self.answers is not None:
            self.answers.close()
            self.socket.close()
            self.answers = None

    @staticmethod
    def _headers(answers: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
        while line := answers.readline().strip():
            name, _, value = line.partition(b": ")
            yield name.lower(), value


def capture(service: str, method: str, **given: Any) -> Captured:
    """Capture the request that boto3 would send."""
    client = boto3.client(service, endpoint_url="http://127.0.0.1:1")
    taken: list[Captured] = []

    def take(request: Any, **_given: Any) -> AWSResponse:
        headers = {
            name: value.decode() if isinstance(value, bytes) else value
            for name, value in request.headers.items()
            if name != "Content-Length"
        }
        taken.append(Captured(headers, request.body))
        return AWSResponse(request.url, 200, {}, Raw(b"{}"))

    client.meta.events.register(f"before-send.{service}", take)
    getattr(client, method)(**given)
    return taken[0]


@dataclass(frozen=True)
class Kind:
    """A server to start, and a call that lists its only entry."""

    name: str
    module: tuple[str, ...]
    service: str
    method: str

    def command(self, port: int) -> list[str]:
        """Return the command that starts it at a port, with default options."""
        return [PYTHON, "-m", *self.module, str(port)]

    def listing(self) -> Captured:
        """Return boto3's request for the list."""
        return capture(self.service, self.method)


OURS = Kind("serve", ("pinpoint_sms_emu", "serve", "--port"), SERVICE, "describe_opt_out_lists")
RAW = Kind("raw socket", ("benchmarks.raw_socket",), SERVICE, "describe_opt_out_lists")
# moto does not have this service. Secrets Manager has the same protocol, and a similar listing.
MOTO = Kind("moto_server", ("moto.server", "--port"), "secretsmanager", "list_secrets")


@dataclass
class Running:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    seconds_to_answer: float

    @property
    def url(self) -> str:
        """The server's URL."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> int:
        """Return the proportional set size of all its processes in kB (Linux)."""
        return sum(proportional(pid) for pid in _family(self.process.pid))


@contextmanager
def running(kind: Kind, *options: str, first: Captured | None = None) -> Iterator[Running]:
    """Start a server, and wait until it answers a call, or by default an invalid request."""
    port = _free_port()
    request, expected = (first.on_the_wire, b" 200 ") if first else (b"Hello?\r\n\r\n", b"")
    start = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [*kind.command(port), *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while not _answers(port, request, expected):
            if process.poll() is not None or time.perf_counter() - start > START_SECONDS:
                raise RuntimeError(f"{kind.name} has not started")
            time.sleep(0.002)
        yield Running(process, port, time.perf_counter() - start)
    finally:
        process.terminate()
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def _answers(port: int, request: bytes, expected: bytes) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS) as connection:
            connection.sendall(request)
            answer = connection.recv(16)
            return bool(answer) and expected in answer
    except OSError:
        return False


def _family(pid: int) -> Iterator[int]:
    yield pid
    for thread in Path(f"/proc/{pid}/task").iterdir():
        for child in (thread / "children").read_text().split():
            yield from _family(int(child))


def proportional(pid: int) -> int:
    """Return the proportional set size of a process in kB (Linux)."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def seconds_of(code: str) -> float:
    """Return the duration of a Python process that runs some code, in seconds."""
    start = time.perf_counter()
    subprocess.run([PYTHON, "-c", code], check=True)  # noqa: S603
    return time.perf_counter() - start


def printed_by(code: str) -> float:
    """Return the number that a Python process prints."""
    command = [PYTHON, "-c", code]
    return float(subprocess.check_output(command))  # noqa: S603


def write_bytecode() -> None:
    """Let started processes write bytecode files, as they do for users."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
