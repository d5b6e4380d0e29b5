"""Three replicas as processes, and Debian's HAProxy with the shipped configuration."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import boto3
from botocore.config import Config

from tests.doors.serving import COMMAND, SERVICE, environment

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
# The ports in haproxy.cfg.
PORTS = (7671, 7672, 7673)
FRONT = "http://127.0.0.1:7670"
# A killed replica is up again in much less time.
RETRIES = Config(retries={"mode": "standard", "total_max_attempts": 12})


class Replicas:
    """The replicas of the shipped configuration, each with a data folder."""

    def __init__(self, folder: Path, *options: str, ports: Sequence[int] = PORTS) -> None:
        self.folder = folder
        self.options = options
        self.ports = ports
        self.processes: dict[int, subprocess.Popen[str]] = {}
        self.url = FRONT

    @cached_property
    def session(self) -> Any:
        """One session for all accounts: the model is read once."""
        return boto3.Session(region_name="us-east-1")

    def start(self, number: int) -> None:
        """Start a replica, and wait until it answers."""
        peers = ",".join(f"http://127.0.0.1:{port}" for port in self.ports)
        port = str(self.ports[number - 1])
        options = ["--port", port, "--replica", f"{number}/3", "--peers", peers]
        data_dir = ["--data-dir", str(self.folder / f"replica-{number}")]
        process = subprocess.Popen(
            [*COMMAND, "serve", *options, *data_dir, *self.options, "--log-level", "error"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        self.processes[number] = process
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening on ")

    def kill(self, number: int) -> None:
        """Kill a replica with SIGKILL."""
        process = self.processes.pop(number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdout is not None
        process.stdout.close()

    def client(self, access_key: str, secret: str = "any", config: Config = RETRIES) -> Any:  # noqa: S107
        """A boto3 client of the proxy."""
        return self.session.client(
            SERVICE,
            endpoint_url=self.url,
            aws_access_key_id=access_key,
            aws_secret_access_key=secret,
            config=config,
        )

    def ask(self, method: str, path: str, body: Any = None, url: str | None = None) -> Any:
        """Send a request to /_emulator, through the proxy or to a replica.

        Return its JSON or text.
        """
        request = urllib.request.Request(
            f"{url or self.url}/_emulator/{path}".rstrip("/"),
            None if body is None else json.dumps(body).encode(),
            {"Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            text = answer.read().decode()
            return json.loads(text) if "json" in answer.headers["Content-Type"] else text

    def status(self, method: str, path: str, body: Any = None) -> int:
        """Return the status of an answer."""
        try:
            self.ask(method, path, body)
        except HTTPError as error:
            return error.code
        return 200

    def accounts_at(self, number: int) -> set[str]:
        """The accounts that a replica has."""
        listed = self.ask(
            "GET", "accounts?here=true", url=f"http://127.0.0.1:{self.ports[number - 1]}"
        )
        return {each["account_id"] for each in listed["accounts"]}


def free_ports(count: int) -> list[int]:
    """Return ports without a listener."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


@contextmanager
def haproxy(folder: Path = DEPLOY, **variables: str) -> Iterator[None]:
    """Run HAProxy with the configuration in a folder."""
    command = ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")]
    process = subprocess.Popen(command, env={**os.environ, **variables})
    try:
        yield
    finally:
        process.terminate()
        process.wait()


def wait_until_served(url: str, tries: int = 200) -> None:
    """Wait until the proxy has replicas that are up."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    pause = threading.Event()
    for _ in range(tries):
        try:
            opener.open(f"{url}/_proxy/health", timeout=5).close()
        except OSError:
            pause.wait(0.1)
        else:
            return
    raise RuntimeError(f"nothing is served at {url}")


@contextmanager
def served(folder: Path, *options: str) -> Iterator[Replicas]:
    """Serve with three replicas behind the shipped configuration."""
    replicas = Replicas(folder, *options)
    try:
        for number in (1, 2, 3):
            replicas.start(number)
        with haproxy():
            wait_until_served(replicas.url)
            yield replicas
    finally:
        for number in list(replicas.processes):
            replicas.kill(number)
