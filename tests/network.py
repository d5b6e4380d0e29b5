"""The network guard: no test reaches another host; an attempt is stopped and fails the test."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Generator
from ipaddress import ip_address
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest

# The attempts since the last test ended, on any thread.
_tries: list[str] = []


class OtherHostError(OSError):
    """An attempt to reach another host, or to look up its name."""


# The file in which subprocesses of tests record their attempts.
_TRIES_OF_OTHERS = Path(gettempdir()) / f"tests-tries-{os.getpid()}"


def pytest_configure() -> None:
    """Intercept connections of this process and of Python subprocesses."""
    guard = str(Path(__file__).parent / "guard")
    paths = [each for each in os.environ.get("PYTHONPATH", "").split(os.pathsep) if each]
    if guard not in paths:
        os.environ["PYTHONPATH"] = os.pathsep.join([guard, *paths])
    os.environ["TESTS_TRIES"] = str(_TRIES_OF_OTHERS)
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _stop_connections(getattr(socket.socket, name)))
    socket.getaddrinfo = _stop_look_ups(socket.getaddrinfo)


def pytest_collection_finish() -> None:
    """Refuse test modules that connect during import."""
    if _tries:
        raise pytest.UsageError(f"collecting the tests tried to reach {', '.join(_tries)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, Any, None]:
    """Fail the test that has tried to connect, even if it caught the exception."""
    yield
    tries = [*_tries, *_tries_of_others()]
    _tries.clear()
    if tries:
        pytest.fail(f"{item.name} tried to reach {', '.join(tries)}", pytrace=False)


def _tries_of_others() -> list[str]:
    if not _TRIES_OF_OTHERS.exists():
        return []
    tries = _TRIES_OF_OTHERS.read_text().splitlines()
    _TRIES_OF_OTHERS.unlink()
    return tries


def _stop_connections(found: Callable[..., Any]) -> Callable[..., Any]:
    def call(self: socket.socket, *given: Any) -> Any:
        # The address comes last: sendto may have flags before it.
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _must_be_here(given[-1][0])
        return found(self, *given)

    return call


def _stop_look_ups(found: Callable[..., Any]) -> Callable[..., Any]:
    def getaddrinfo(host: Any, *given: Any, **named: Any) -> Any:
        _must_be_here(host)
        return found(host, *given, **named)

    return getaddrinfo


def _must_be_here(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host or ""
    if not _is_here(name):
        _tries.append(name)
        raise OtherHostError(f"a test must not reach {name}")


def _is_here(name: str) -> bool:
    if name in ("", "localhost", socket.gethostname()) or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
