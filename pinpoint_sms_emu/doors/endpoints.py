"""The endpoints of this process's servers, and comparing endpoint URLs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_ANY_HOST = "*"
_THIS_MACHINE = "localhost"


class Endpoint(NamedTuple):
    """Host and port of a URL. All names and addresses of this machine are `localhost`."""

    host: str
    port: int


# The endpoints of the running servers of this process, one entry per server.
_served: list[Endpoint] = []


def add(url: str) -> None:
    """Add the URL of a server that has started."""
    _served.append(_of(url))


def remove(url: str) -> None:
    """Remove the URL of a server that has stopped."""
    _served.remove(_of(url))


def is_served(url: str) -> bool:
    """Return whether a server of this process listens at the endpoint of a URL."""
    if not _served:
        return False
    endpoint = _of(url)
    return endpoint in _served or Endpoint(_ANY_HOST, endpoint.port) in _served


def is_listed(url: str, listed: Iterable[str]) -> bool:
    """Return whether a URL has the same endpoint as one of a list."""
    return any(_of(url) == _of(each) for each in listed)


@lru_cache(maxsize=128)
def _of(url: str) -> Endpoint:
    parts = urlsplit(url)
    return Endpoint(_host(parts.hostname or ""), parts.port or _PORTS.get(parts.scheme, 0))


def _host(name: str) -> str:
    if name == _THIS_MACHINE or name.endswith(f".{_THIS_MACHINE}"):
        return _THIS_MACHINE
    try:
        address = ip_address(name)
    except ValueError:
        return name
    if address.is_unspecified:  # a server that listens on all addresses
        return _ANY_HOST
    return _THIS_MACHINE if address.is_loopback else name
