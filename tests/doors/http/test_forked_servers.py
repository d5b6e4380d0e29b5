"""A server whose process forks: the child has neither its sockets nor its thread."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from urllib.request import urlopen

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from tests.forked import forked, in_a_child

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here"),
    pytest.mark.filterwarnings("ignore:This process.*is multi-threaded:DeprecationWarning"),
]


@pytest.fixture
def server() -> Iterator[Server]:
    """A server on a thread of this process."""
    with Server(Emulator()) as started:
        yield started


def answers(url: str) -> bool:
    """Whether a server answers at a URL."""
    with urlopen(f"{url}/_emulator/health", timeout=60) as answer:
        return bool(answer.status == 200)


def test_a_child_does_not_keep_connections_open(server):
    """While a child lives, a stopped server's streams end and its port is free."""
    emulator = server.emulator
    with closing(urlopen(f"{server.url}/_emulator/messages/stream", timeout=60)) as stream:
        assert stream.readline()
        with forked(lambda: "begun") as answer:
            assert answer() == "begun"
            assert answers(server.url)
            server.stop()

            while stream.readline():
                pass
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", server.port), timeout=60)
            with Server(emulator, port=server.port) as another:
                assert answers(another.url)


def test_a_child_leaves_the_server_to_its_parent(server):
    """Stopping the server does nothing in the child, where it does not count."""

    def stop() -> int:
        server.stop()
        return engine_of(server.emulator).servers

    assert in_a_child(stop) == "0"
    assert answers(server.url)


def test_a_child_can_start_a_server_of_its_own(server):
    """The child serves its copy of the emulator at another port."""

    def serve() -> tuple[bool, int]:
        with Server(server.emulator) as own:
            return answers(own.url), engine_of(server.emulator).servers

    assert in_a_child(serve) == "(True, 1)"
    assert answers(server.url)
