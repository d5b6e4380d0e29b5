"""What tests of the command line share: a server, and a command that it answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.server import Server
from tests.doors.serving import run

NUMBER = "+12065550100"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with a number."""
    emulator = Emulator(seed=7)
    emulator.add_number(NUMBER)
    yield emulator
    emulator.close()


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    """Its server."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def command(server: Server) -> Callable[..., str]:
    """Run a command for the server; it must have ended well."""

    def command(*arguments: str, **variables: str) -> str:
        finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url, **variables)
        assert (finished.returncode, finished.stderr) == (0, "")
        return finished.stdout

    return command


@pytest.fixture
def httpserver_of() -> Iterator[Callable[[dict[str, Any]], str]]:
    """Serve fixed documents by path, where a route is not there yet; gives the URL."""
    servers = []

    def serve(documents: dict[str, Any]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(documents[self.path]).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serve
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()
