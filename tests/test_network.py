"""The network guard of the tests: neither they nor their Python subprocesses reach another host."""

import socket
import subprocess
import sys

import pytest

from tests import network

# Reserved for documentation: RFC 5737, RFC 6761.
ELSEWHERE = "192.0.2.1"
NOBODY = "nobody.example"


def send_to(host):
    """Send a datagram."""
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
def test_a_connection_to_another_host_fails(reach):
    """An attempt to reach another host raises an error, and fails its test."""
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
def test_a_subprocess_cannot_reach_another_host(code):
    """An attempt of a subprocess fails too, and so does the test that started it."""
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    [tried] = network._tries_of_others()

    assert ended.returncode == 1
    assert "a test must not reach" in ended.stderr
    assert tried.split()[0] in (ELSEWHERE, NOBODY)


def test_loopback_is_allowed():
    """A subprocess can connect to a server on this machine."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        code = f"import socket; socket.create_connection(('localhost', {port})).close()"
        subprocess.run([sys.executable, "-c", code], check=True)

    assert network._tries_of_others() == []
