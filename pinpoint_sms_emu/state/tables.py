"""Resources, and the tables that hold them: found by id or ARN, counted, unique, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from pinpoint_sms_emu.errors import (
    ConflictException,
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
)
from pinpoint_sms_emu.state.clock import EPOCH


@dataclass(slots=True, kw_only=True)
class Entry:
    """Something of which an account has many; `sequence` is its place in their order."""

    kind: ClassVar[str]

    id: str = ""
    sequence: int = 0

    @property
    def key(self) -> str:
        """What it is found by: the id, where that alone does not name it, more."""
        return self.id

    @property
    def name(self) -> str:
        """What AWS calls Name is the id of the things that the caller names."""
        return self.id

    def change(self, changes: Mapping[str, Any]) -> None:
        """Take over the settings that are given."""
        for name, value in changes.items():
            setattr(self, name, value)


@dataclass(slots=True, kw_only=True)
class Resource(Entry):
    """An entry with an ARN and tags. Its table gives id, ARN and time of birth."""

    # With a prefix the table makes up the id, unless the caller has named it.
    id_prefix: ClassVar[str] = ""
    # In which statuses it does what it is for.
    working: ClassVar[tuple[str, ...]] = ("ACTIVE",)

    arn: str = ""
    created_timestamp: datetime = EPOCH
    status: str = "ACTIVE"
    tags: dict[str, str] = field(default_factory=dict)
    # With whom it is shared: the text of a resource policy, and when it was put.
    policy: str | None = None
    policy_timestamp: datetime | None = None

    @property
    def account_id(self) -> str:
        """The account that it belongs to; others may find it where it is shared."""
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        """The Region that it is in."""
        return self.arn.split(":")[3]

    def names_of(
        self, kind: str, key: str | None, account_id: str | None = None
    ) -> tuple[str, ...]:
        """The names of another resource that this one refers to: its key and its ARN."""
        if key is None:
            return ()
        start = ":".join(self.arn.split(":")[:4])
        return key, f"{start}:{account_id or self.account_id}:{kind}/{key}"


# What is on its way out has one of these: it is still listed, and counts for nothing.
LEAVING = ("DISASSOCIATING", "DELETING", "DELETED")

E = TypeVar("E", bound=Entry)
R = TypeVar("R", bound=Resource)

_sequence = attrgetter("sequence")


class Entries(Generic[E]):
    """Entries by key, and in the order they came; one page costs the same among any number."""

    def __init__(self, entries: Iterable[E] = ()) -> None:
        self._order: list[E] = list(entries)
        self._by_key: dict[str, E] = {entry.key: entry for entry in self._order}

    def __len__(self) -> int:
        return len(self._by_key)

    def __iter__(self) -> Iterator[E]:
        return iter(list(self._by_key.values()))

    def __contains__(self, key: object) -> bool:
        return key in self._by_key

    def get(self, key: str) -> E | None:
        """Find an entry by its key, or None."""
        return self._by_key.get(key)

    def after(self, position: int) -> Iterator[tuple[int, E]]:
        """Go through the entries that came after a position, each with its own."""
        order, by_key = self._order, self._by_key
        for index in range(bisect_right(order, position, key=_sequence), len(order)):
            entry = order[index]
            if by_key.get(entry.key) is entry:
                yield entry.sequence, entry

    def latest(self, most: int) -> Iterator[E]:
        """Go through the entries that came last, at most so many, the latest first."""
        order, by_key = self._order, self._by_key
        left = most
        for index in range(len(order) - 1, -1, -1):
            entry = order[index]
            if by_key.get(entry.key) is entry:
                if left == 0:
                    return
                left -= 1
                yield entry

    def oldest(self) -> E:
        """The entry that has been here longest."""
        return next(iter(self._by_key.values()))

    def put(self, entry: E) -> None:
        """Add an entry whose sequence is higher than that of all before."""
        self._order.append(entry)
        self._by_key[entry.key] = entry

    def remove(self, entry: E) -> None:
        """Take an entry out. Its place in the order is given up when many of them are empty."""
        del self._by_key[entry.key]
        if len(self._order) - len(self._by_key) > len(self._by_key) // 8 + 16:
            self._order = list(self._by_key.values())


class Owner(Protocol):
    """What a table needs of the account that owns its resources."""

    account_id: str
    region: str
    partition: str

    def new_id(self, prefix: str) -> str:
        """Make up an id."""

    def now(self) -> datetime:
        """The emulator's time."""

    def quota(self, name: str) -> int:
        """How many there may be."""

    def next_sequence(self) -> int:
        """The next place in the order of everything."""

    def shared(self, kind: str) -> list[Any]:
        """The resources of a kind that other accounts share with this one."""


class Table(Entries[R]):
    """The resources of one class. Exists, already exists and quota are refused here, once."""

    def __init__(self, owner: Owner, of: type[R], *, quota: str | None = None) -> None:
        super().__init__()
        self.of = of
        self.kind = of.kind
        self.quota = quota
        self._owner = owner
        self._arn_start = f"arn:{owner.partition}:sms-voice:{owner.region}"

    def __getitem__(self, name: str) -> R:
        """Find by id or ARN; what does not exist is a ResourceNotFoundException."""
        resource = self.find(name)
        if resource is None:
            raise ResourceNotFoundException(
                ResourceReference(self.kind, name.rpartition(f"{self.kind}/")[2])
            )
        return resource

    def find(self, name: str) -> R | None:
        """Find by id or ARN, or None; an ARN of another kind or place is refused."""
        if not name.startswith("arn:"):
            return self._by_key.get(self.spelled(name))
        start, _, rest = name.rpartition(f":{self.kind}/")
        key = self.spelled(rest)
        place, _, account_id = start.rpartition(":")
        if place != self._arn_start:
            expected = f"{self._arn_start}:<account>:{self.kind}/<name>"
            raise InvalidArnError(name, f"must be like {expected}")
        if account_id != self._owner.account_id:
            # Shared resources are found by their full ARN only.
            shared = (each for each in self.shared() if each.account_id == account_id)
            return next((each for each in shared if each.key == key), None)
        return self._by_key.get(key)

    def spelled(self, key: str) -> str:
        """Spell a key as it is kept."""
        return key

    def shared(self) -> list[R]:
        """The resources that other accounts share with the owner."""
        return self._owner.shared(self.kind)

    @property
    def used(self) -> int:
        """How many count towards the quota: what is on its way out does not any more."""
        return sum(each.status not in LEAVING for each in self)

    def must_take(self, resource: R) -> None:
        """Refuse a resource that there is already, or for which there is no room."""
        if resource.key in self._by_key and resource.key:
            raise ConflictException("RESOURCE_ALREADY_EXISTS", self._by_key[resource.key])
        if self.quota and self._is_full(self._owner.quota(self.quota)):
            raise ServiceQuotaExceededException(self.quota)
        if len(resource.tags) > self._owner.quota("TAGS_PER_RESOURCE"):
            raise ServiceQuotaExceededException("TAGS_PER_RESOURCE")

    def _is_full(self, most: int) -> bool:
        # There may be a million: they are only counted where that can change anything.
        return len(self) >= most and self.used >= most

    def arn_of(self, resource: R) -> str:
        """Spell the ARN that a resource has in this table."""
        return f"{self._arn_start}:{self._owner.account_id}:{resource.kind}/{resource.key}"

    def add(self, resource: R) -> R:
        """Keep a new resource; gives it id, ARN, time of birth and place."""
        self.must_take(resource)
        if resource.id_prefix and not resource.id:
            resource.id = self._owner.new_id(resource.id_prefix)
        resource.arn = self.arn_of(resource)
        resource.created_timestamp = self._owner.now()
        resource.sequence = self._owner.next_sequence()
        self.put(resource)
        return resource
