"""Replicas: several emulators behind a proxy, each with some of the accounts.

They share no state. To avoid duplicate ids and phone numbers, each replica has its own seed, and
the phone numbers are divided among them.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

from pinpoint_sms_emu.wording import quoted

_FORM = re.compile(r"([0-9]{1,6})/([0-9]{1,6})", re.ASCII)


class Replica(NamedTuple):
    """The number of a replica, beginning with 1, and the number of all replicas."""

    number: int
    total: int

    def __str__(self) -> str:
        return f"{self.number}/{self.total}"

    def may_give(self, phone_number: str) -> bool:
        """Return whether this replica may assign a phone number; each belongs to one replica."""
        # This divides the numbers of each area code, and of each country.
        return crc32(phone_number.encode()) % self.total == self.number - 1

    def seed(self, seed: int) -> int:
        """Return the seed of this replica for a common seed, within 53 bits, which JSON keeps."""
        return int.from_bytes(blake2b(f"{seed} {self}".encode(), digest_size=6).digest())


def numbered(name: str, replica: Replica | None) -> str:
    """Return a numbered name, such as fault-1, which is different in each replica."""
    return f"{name}-of-{replica.number}" if replica else name


def read_replica(value: Any) -> Replica:
    """Parse `K/N`, or a pair."""
    found = _FORM.fullmatch("/".join(map(str, value)) if isinstance(value, tuple | list) else value)
    replica = Replica(*map(int, found.groups())) if found else None
    if replica is None or not 1 <= replica.number <= replica.total:
        raise ValueError(f"must be K/N with K from 1 to N, such as 2/3, not {quoted(value)}")
    return replica


def read_peers(value: Any) -> tuple[str, ...]:
    """Parse `URL,URL`, or a list: the URLs of all replicas, in the order of their numbers."""
    parts = value.split(",") if isinstance(value, str) else value
    urls = tuple(part.strip().rstrip("/") for part in parts)
    for url in urls:
        if not _is_of_a_server(url):
            raise ValueError(f"must be URLs such as http://127.0.0.1:7671, not {quoted(url)}")
    return urls


def must_fit_together(
    replica: Replica | None, peers: tuple[str, ...], *, has_seed_file: bool
) -> None:
    """Refuse peers that are not the URLs of all replicas, and a seed file."""
    if peers and replica is None:
        raise ValueError("peers needs replica, the number of this replica, such as 1/3")
    if replica is None:
        return
    if peers and len(peers) != replica.total:
        raise ValueError(
            f"peers must be the URLs of all {replica.total} replicas, including this one, "
            f"not {len(peers)} of them"
        )
    if len(set(peers)) < len(peers):
        raise ValueError("peers must be different URLs, one for each replica")
    if has_seed_file and replica.total > 1:
        raise ValueError(
            "seed_file cannot be given to a replica, since each would create its accounts; "
            "create the resources through the proxy instead"
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
    except ValueError:  # an invalid address or port
        return False
