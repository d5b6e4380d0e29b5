"""Receivers of event records as servers: moto, and an endpoint that can fail."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

PUBLISHED = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
    "<PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
)


def free_port() -> int:
    """A port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    return port


@contextmanager
def moto_server() -> Iterator[str]:
    """Moto in a separate process; yields its URL."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", f"-p{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Running on" in line:
                break
        # Otherwise it would block when its output is not read.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def reset_all(url: str) -> None:
    """Reset a moto server."""
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()


class FlakyReceiver:
    """An endpoint that accepts records, refuses them, or lets callers wait; it stores them.

    Its moods are good, bad, slow and picky; picky is a bus that refuses entries in a successful
    answer.
    """

    def __init__(self) -> None:
        self.moods: dict[str, str] = {}
        self.taken: list[tuple[str, Any]] = []
        self.keys: set[str] = set()
        self._go_on = threading.Event()
        flaky = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body leave together, or the second waits for an answer

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                flaky.keys.add(self.headers["Authorization"].split("=")[1].split("/")[0])
                status, answer = flaky.answer(self.headers.get("X-Amz-Target", ""), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_what: object) -> None:
                """Log nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_who: object) -> None:
                """Ignore clients that have disconnected after a time-out."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, target: str, body: bytes) -> tuple[int, str]:
        """Answer with the failure that is set for the topic or the bus."""
        if target.endswith("PutEvents"):
            [entry] = json.loads(body)["Entries"]
            name, text, good = "bus", entry["Detail"], '{"FailedEntryCount": 0, "Entries": []}'
        else:
            members = parse_qs(body.decode())
            name, text, good = members["TopicArn"][0], members["Message"][0], PUBLISHED
        mood = self.moods.get(name, "good")
        if mood == "slow":
            self._go_on.wait(20)
        if mood == "picky":
            failed = {"ErrorCode": "NotAuthorizedForSource", "ErrorMessage": "Not for you."}
            return 200, json.dumps({"FailedEntryCount": 1, "Entries": [failed]})
        if mood != "good":
            return 500, "{}"
        self.taken.append((name, json.loads(text)))
        return 200, good

    def of(self, name: str) -> list[str]:
        """The types of the events that a topic, or the bus, has taken."""
        return [record["eventType"] for each, record in self.taken if each == name]


@contextmanager
def interrupted_receiver(interrupt: Callable[[], object]) -> Iterator[tuple[str, list[str]]]:
    """An endpoint that calls a function during its first request; yields its URL and requests.

    It refuses that request as CloudWatch Logs does if there is no such log stream, so that others
    follow. An S3 client reads that every file has no bytes.
    """
    requests: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1

        def do_HEAD(self) -> None:
            self.answer(200, "")

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if requests:
                self.answer(200, "{}")
            else:
                self.answer(400, '{"__type": "ResourceNotFoundException"}')

        def answer(self, status: int, body: str) -> None:
            requests.append(self.requestline)
            if len(requests) == 1:
                interrupt()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_what: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", requests
        server.shutdown()
