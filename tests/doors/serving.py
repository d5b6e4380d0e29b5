"""Starts the command line as the process it is, and speaks raw HTTP to it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self

import boto3
from botocore.config import Config

from tests.stopwatch import Stopwatch

SERVICE = "pinpoint-sms-voice-v2"
COMMAND = (sys.executable, "-m", "pinpoint_sms_emu")
AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=testing/20260101/us-east-1/sms-voice/aws4_request, "
    "SignedHeaders=host;x-amz-date;x-amz-target, Signature=" + "0" * 64
)
# In seconds; what takes longer hangs, even on a busy machine.
_LONGEST = 60


@dataclass
class Serving:
    """A server process that has announced itself."""

    process: subprocess.Popen[str]
    announced: str
    host: str = "127.0.0.1"

    @property
    def url(self) -> str:
        """The URL that it announced."""
        return self.announced.removeprefix("Listening on ")

    @property
    def port(self) -> int:
        """The port that it announced."""
        return int(self.url.rpartition(":")[2])

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, float]:
        """Send the signal; how it ended, and after how many seconds on processors that are free."""
        stopwatch, tries = Stopwatch(self.process.pid), 0
        self.process.send_signal(number)
        while self.process.poll() is None:
            stopwatch.look()
            tries += 1
            assert tries < _LONGEST * 200, "it has not ended"
            time.sleep(0.005)
        return self.process.returncode, stopwatch.seconds


def environment(**variables: str) -> dict[str, str]:
    """The environment without settings for the emulator but these."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith("PINPOINT_SMS_EMU")
    }
    return kept | variables


@contextmanager
def serving(*arguments: str, stderr: int | None = None, **variables: str) -> Iterator[Serving]:
    """Serve on a free port until the end of the block."""
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0", "--log-level", "warning", *arguments],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        env=environment(**variables),
    )
    assert process.stdout is not None
    try:
        yield Serving(process, process.stdout.readline().strip())
    finally:
        process.kill()
        process.wait()
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()


def run(
    *arguments: str, encoding: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run the command line to its end; `encoding` is that of its output."""
    return subprocess.run(
        [*COMMAND, *arguments],
        capture_output=True,
        text=True,
        encoding=encoding,
        check=False,
        timeout=_LONGEST,
        env=environment(**variables),
    )


def make_client(url: str) -> Any:
    """A boto3 client of the emulator at a URL, which tries once."""
    return boto3.client(
        SERVICE,
        endpoint_url=url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=Config(retries={"total_max_attempts": 1}),
    )


def call(operation: str = "DescribePools", body: bytes = b"{}", **headers: str) -> bytes:
    """Spell the request of an operation."""
    lines = {
        "Host": "127.0.0.1",
        "X-Amz-Target": f"PinpointSMSVoiceV2.{operation}",
        "X-Amz-Date": "20260101T000000Z",
        "Content-Type": "application/x-amz-json-1.0",
        "Content-Length": str(len(body)),
        "Authorization": AUTHORIZATION,
    }
    lines |= {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return f"POST / HTTP/1.1\r\n{head}\r\n".encode() + body


def control(method: str, path: str, body: bytes = b"") -> bytes:
    """Spell a request to the control plane."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection:
    """One connection, and the answers that come over it."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=_LONGEST)
        self.stream = self.socket.makefile("rb")

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.socket.sendall(data)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        """Read an answer: status, headers, body; status 0 if it is not HTTP."""
        first = self.stream.readline().split()
        if not first or not first[0].startswith(b"HTTP/"):
            return 0, {}, b""
        headers = {}
        while line := self.stream.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = self.stream.read(int(headers.get("content-length", 0)))
        return int(first[1]), headers, body

    def close(self) -> None:
        """Leave."""
        self.stream.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Following:
    """A running command."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        # What a shell has in the background heeds no Ctrl-C, and its children neither.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**variables),
        )
        signal.signal(signal.SIGINT, handler)

    def line(self) -> str:
        """The next line that it prints."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().rstrip("\n")

    def end(self) -> tuple[int, str]:
        """Wait for its end, and return the exit status and standard error."""
        _, complaints = self.process.communicate(timeout=_LONGEST)
        return self.process.returncode, complaints
