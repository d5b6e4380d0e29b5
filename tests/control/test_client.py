"""The errors of the command line's client: what a server does wrong is told in one sentence."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from pinpoint_sms_emu.control import client
from pinpoint_sms_emu.control.client import ControlClient

Serve = Callable[[bytes], str]

# After this, the server sends nothing more.
HALF_A_LINE = b"HTTP/1.1 20"


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that answers one request with these bytes; return its URL."""
    listener = socket.create_server(("127.0.0.1", 0))
    threads = []
    is_over = threading.Event()

    def serve(answer: bytes) -> str:
        def answer_one() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)
                if answer == HALF_A_LINE:
                    is_over.wait(10)

        threads.append(threading.Thread(target=answer_one))
        threads[-1].start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    with closing(listener):
        yield serve
        is_over.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"", "closed the connection early"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{", "closed the connection early"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{", "is not the emulator"),
        (b"SSH-2.0-OpenSSH\r\n", "is not the emulator"),
        (HALF_A_LINE, "did not answer in time"),
    ],
    ids=["closed", "half", "no JSON", "no HTTP", "late"],
)
def test_a_server_that_answers_wrong(monkeypatch, serve, answer, sentence):
    """The sentence names the server, and tells one that has stopped from another program."""
    monkeypatch.setattr(client, "ANSWER_SECONDS", 0.3)
    url = serve(answer)

    with pytest.raises(OSError, match=sentence) as raised:
        ControlClient(url).get("/_emulator/messages")

    assert str(raised.value) == f"the server at {url} {sentence}"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("localhost:7670", "the URL must start with http:// or https://, not 'localhost:7670'"),
        ("http://", "the URL must name a host, and a port up to 65535, not 'http://'"),
        ("http://[::1", "the URL must name a host, and a port up to 65535, not 'http://[::1'"),
        ("http://a\nb", "the URL must not have spaces or control characters: 'http://a\\nb'"),
        ("http://a:1 ", "the URL must not have spaces or control characters: 'http://a:1 '"),
        ("http://a:b@c", "the URL must not have a user or a password: give --access-token"),
        ("http://a/?b", "the URL must not have a query or a fragment, as 'http://a/?b' has"),
    ],
)
def test_urls_that_are_refused(url, sentence):
    """The sentence says what is wrong before anything is called."""
    with pytest.raises(ValueError, match="the URL must") as raised:
        ControlClient(url)

    assert str(raised.value) == sentence
