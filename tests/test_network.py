"""The guard of the tests: neither they nor the Pythons that they start reach another host."""

import socket
import subprocess
import sys

import pytest

from tests import network

# For documentation: RFC 5737, RFC 6761.
ELSEWHERE = "192.0.2.1"
NOBODY = "nobody.example"


def send_to(host):
    """Send without a connection."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as plain:
        plain.sendto(b"x", (host, 9))


@pytest.mark.parametrize(
    "reach",
    [
        lambda: socket.create_connection((ELSEWHERE, 9), timeout=0.1),
        lambda: socket.getaddrinfo(NOBODY, 9),
        lambda: send_to(ELSEWHERE),
    ],
)
def test_a_test_is_stopped(reach):
    """What tries to reach another host gets an error, and its test would fail."""
    with pytest.raises(network.OtherHostError):
        reach()

    assert network._tries.pop() in (ELSEWHERE, NOBODY)


@pytest.mark.parametrize(
    "code",
    [
        f"import socket; socket.create_connection(('{ELSEWHERE}', 9), 0.1)",
        f"import urllib.request; urllib.request.urlopen('http://{NOBODY}/')",
        f"import asyncio; asyncio.run(asyncio.open_connection('{ELSEWHERE}', 9))",
    ],
)
def test_a_python_that_a_test_starts_is_stopped(code):
    """A process is stopped too, and the test that started it would fail."""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    [tried] = network._tries_of_others()

    assert ended.returncode == 1
    assert "a test must not reach" in ended.stderr
    assert tried.split()[0] in (ELSEWHERE, NOBODY)


def test_this_machine_can_be_reached():
    """A server of this machine answers a process."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('localhost', {port})).close()"
        subprocess.run([sys.executable, "-c", code], check=True)

    assert network._tries_of_others() == []
