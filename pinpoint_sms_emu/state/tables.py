"""Resources and their tables: look-up by id or ARN, uniqueness, quotas and order."""

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


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Entry:
    """An object in a collection. `sequence` determines its place in the collection's order.

    Most entries are compared by identity, and shown by their key.
    """

    kind: ClassVar[str]

    id: str = ""
    sequence: int = 0

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.key}>"

    @property
    def key(self) -> str:
        """The key in its collection: the id, or more if the id alone is not unique."""
        return self.id

    @property
    def name(self) -> str:
        """The Name in AWS's API, which is the id of resources that callers name."""
        return self.id

    def change(self, changes: Mapping[str, Any]) -> None:
        """Set the attributes that are given."""
        for name, value in changes.items():
            setattr(self, name, value)


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Resource(Entry):
    """An entry with an ARN and tags. Its table sets the id, the ARN and the creation time."""

    # With a prefix, the table generates the id, unless it was chosen.
    id_prefix: ClassVar[str] = ""
    # The statuses in which the resource can be used.
    working: ClassVar[tuple[str, ...]] = ("ACTIVE",)

    arn: str = ""
    created_timestamp: datetime = EPOCH
    status: str = "ACTIVE"
    tags: dict[str, str] = field(default_factory=dict)
    # The text of the resource policy that shares it, and when it was put.
    policy: str | None = None
    policy_timestamp: datetime | None = None

    @property
    def account_id(self) -> str:
        """The id of the account that owns it; other accounts see it if it is shared."""
        return self.arn.split(":")[4]

    @property
    def region(self) -> str:
        """The Region of the resource."""
        return self.arn.split(":")[3]

    def names_of(
        self, kind: str, key: str | None, account_id: str | None = None
    ) -> tuple[str, ...]:
        """Return both names of another resource: its key and its ARN."""
        if key is None:
            return ()
        start = ":".join(self.arn.split(":")[:4])
        return key, f"{start}:{account_id or self.account_id}:{kind}/{key}"


# Resources with one of these statuses are being removed: they are only listed.
LEAVING = ("DISASSOCIATING", "DELETING", "DELETED")

E = TypeVar("E", bound=Entry)
R = TypeVar("R", bound=Resource)

_sequence = attrgetter("sequence")


class Entries(Generic[E]):
    """Entries by key, in the order of their sequence. A page costs the same at any size."""

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
        """Return the entry with a key, or None."""
        return self._by_key.get(key)

    def after(self, position: int) -> Iterator[tuple[int, E]]:
        """Iterate over the entries after a position, each with its own position."""
        order, by_key = self._order, self._by_key
        for index in range(bisect_right(order, position, key=_sequence), len(order)):
            entry = order[index]
            if by_key.get(entry.key) is entry:
                yield entry.sequence, entry

    def latest(self, most: int) -> Iterator[E]:
        """Iterate over the last `most` entries, the latest first."""
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
        """Return the entry that was added first."""
        return next(iter(self._by_key.values()))

    def put(self, entry: E) -> None:
        """Add an entry, whose sequence must be higher than all others."""
        self._order.append(entry)
        self._by_key[entry.key] = entry

    def remove(self, entry: E) -> None:
        """Remove an entry. Its place in the order stays empty until there are many such places."""
        del self._by_key[entry.key]
        if len(self._order) - len(self._by_key) > len(self._by_key) // 8 + 16:
            self._order = list(self._by_key.values())


class Owner(Protocol):
    """The part of `Account` that tables use."""

    account_id: str
    region: str
    partition: str

    def new_id(self, prefix: str) -> str:
        """Generate an id."""

    def now(self) -> datetime:
        """The emulator's time."""

    def quota(self, name: str) -> int:
        """The value of a quota."""

    def next_sequence(self) -> int:
        """Return the next sequence number."""

    def shared(self, kind: str) -> list[Any]:
        """Return the resources of a kind that other accounts share with this one."""


class Table(Entries[R]):
    """The resources of one class. Refuses unknown ids, existing names and exceeded quotas."""

    def __init__(self, owner: Owner, of: type[R], *, quota: str | None = None) -> None:
        super().__init__()
        self.of = of
        self.kind = of.kind
        self.quota = quota
        self._owner = owner
        self._arn_start = f"arn:{owner.partition}:sms-voice:{owner.region}"

    def __getitem__(self, name: str) -> R:
        """Return a resource by id or ARN, or raise a ResourceNotFoundException."""
        resource = self.find(name)
        if resource is None:
            raise ResourceNotFoundException(
                ResourceReference(self.kind, name.rpartition(f"{self.kind}/")[2])
            )
        return resource

    def find(self, name: str) -> R | None:
        """Return a resource by id or ARN, or None; refuse an ARN of another kind or Region."""
        if not name.startswith("arn:"):
            return self._by_key.get(self.normalized(name))
        start, _, rest = name.rpartition(f":{self.kind}/")
        key = self.normalized(rest)
        place, _, account_id = start.rpartition(":")
        if place != self._arn_start:
            expected = f"{self._arn_start}:<account>:{self.kind}/<name>"
            raise InvalidArnError(name, f"must be like {expected}")
        if account_id != self._owner.account_id:
            # Shared resources are found only by their full ARN.
            shared = (each for each in self.shared() if each.account_id == account_id)
            return next((each for each in shared if each.key == key), None)
        return self._by_key.get(key)

    def normalized(self, key: str) -> str:
        """Normalize a key."""
        return key

    def shared(self) -> list[R]:
        """Return the resources that other accounts share with the owner."""
        return self._owner.shared(self.kind)

    @property
    def used(self) -> int:
        """Count the resources that count towards the quota: those that are not being removed."""
        return sum(each.status not in LEAVING for each in self)

    def must_accept(self, resource: R) -> None:
        """Refuse a resource that exists already, or that would exceed the quota."""
        if resource.key in self._by_key and resource.key:
            raise ConflictException("RESOURCE_ALREADY_EXISTS", self._by_key[resource.key])
        if self.quota and self._is_full(self._owner.quota(self.quota)):
            raise ServiceQuotaExceededException(self.quota)
        if len(resource.tags) > self._owner.quota("TAGS_PER_RESOURCE"):
            raise ServiceQuotaExceededException("TAGS_PER_RESOURCE")

    def _is_full(self, most: int) -> bool:
        # There may be a million, so `used` is only called if the total exceeds the quota.
        return len(self) >= most and self.used >= most

    def arn_of(self, resource: R) -> str:
        """Return the ARN of a resource in this table."""
        return f"{self._arn_start}:{self._owner.account_id}:{resource.kind}/{resource.key}"

    def add(self, resource: R) -> R:
        """Add a new resource, and set its id, ARN, creation time and sequence."""
        self.must_accept(resource)
        if resource.id_prefix and not resource.id:
            resource.id = self._owner.new_id(resource.id_prefix)
        resource.arn = self.arn_of(resource)
        resource.created_timestamp = self._owner.now()
        resource.sequence = self._owner.next_sequence()
        self.put(resource)
        return resource
