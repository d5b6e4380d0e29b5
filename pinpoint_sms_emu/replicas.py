"""Replicas: several emulators behind a proxy, each with some of the accounts.

They have no state in common. So that no id or phone number exists twice, each replica draws from a
seed of its own, and the phone numbers are divided among them.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from pinpoint_sms_emu.errors import quoted

_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)


class Replica(NamedTuple):
    """One of so many replicas; the first has the number 1."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    def may_give(self, phone_number: str) -> bool:
        """Tell whether this replica gives a number to accounts: each number has one that does."""
        # Any order would do. This one parts the numbers of each area code, and of each country.
        return crc32(phone_number.encode()) % self.total == self.number - 1

    def seed(self, seed: int) -> int:
        """Make the seed of this replica out of one that all have, of a size that JSON keeps."""
        return int.from_bytes(blake2b(f"{seed} {self}".encode(), digest_size=6).digest())


def numbered(name: str, replica: Replica | None) -> str:
    """Make the name of something that is counted, such as fault-1, different in each replica."""
    return f"{name}-of-{replica.number}" if replica else name


def read_replica(value: Any) -> Replica:
    """Read `K/N`, or such a pair."""
    found = _FORM.fullmatch("/".join(map(str, value)) if isinstance(value, tuple | list) else value)
    replica = Replica(*map(int, found.groups())) if found else None
    if replica is None or not 1 <= replica.number <= replica.total:
        raise ValueError(f"must be K/N with K from 1 to N, such as 2/3, not {quoted(value)}")
    return replica


def read_peers(value: Any) -> tuple[str, ...]:
    """Read `URL,URL`, or a list: the URLs of all replicas, in the order of their numbers."""
    parts = value.split(",") if isinstance(value, str) else value
    urls = tuple(part.strip().rstrip("/") for part in parts)
    for url in urls:
        if not _is_of_a_server(url):
            raise ValueError(f"must be URLs such as http://127.0.0.1:7671, not {quoted(url)}")
    return urls


def must_fit_together(
    replica: Replica | None, peers: tuple[str, ...], *, has_seed_file: bool
) -> None:
    """Refuse peers that are not those of all replicas, and what each replica would make anew."""
    if peers and replica is None:
        raise ValueError("peers needs replica, which says the number of this one: 1/3")
    if replica is None:
        return
    if peers and len(peers) != replica.total:
        raise ValueError(
            f"peers must be the URLs of all {replica.total} replicas, this one too, "
            f"not {len(peers)} of them"
        )
    if len(set(peers)) < len(peers):
        raise ValueError("peers must be different URLs, one for each replica")
    if has_seed_file and replica.total > 1:
        raise ValueError(
            "seed_file cannot be given to a replica, since each would make its accounts; "
            "make the resources through the proxy instead"
        )


def _is_of_a_server(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (
            parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
            and not (parts.path or parts.query or parts.fragment or parts.username)
        )
    except ValueError:  # no address, or no port
        return False
