"""Pools: several origination identities behind one id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from pinpoint_sms_emu.errors import ConflictException
from pinpoint_sms_emu.lifecycle import activate, forget
from pinpoint_sms_emu.listing import Filter, Page, select
from pinpoint_sms_emu.operations import operation
from pinpoint_sms_emu.resources.identities import find_identity, join, leave, members, must_be_free
from pinpoint_sms_emu.resources.two_way import TwoWay, TwoWayChanges
from pinpoint_sms_emu.rules import must_be_active, must_not_be_protected

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account


@dataclass(slots=True, kw_only=True)
class Pool(TwoWay):
    """A pool. What its members have in common is set on it."""

    kind: ClassVar[str] = "pool"
    id_prefix: ClassVar[str] = "pool-"

    message_type: str
    shared_routes_enabled: bool = False
    # Other accounts that have identities in it, by the id of the account.
    visitors: list[str] = field(default_factory=list)


class PoolChanges(TwoWayChanges, total=False):
    """The settings that can be updated."""

    shared_routes_enabled: bool


@operation
def create_pool(
    account: Account,
    *,
    origination_identity: str,
    message_type: str,
    iso_country_code: str | None = None,
    deletion_protection_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> Pool:
    """Make a pool of one identity. It takes over the identity's two-way settings."""
    identity = find_identity(account, origination_identity, iso_country_code)

    must_be_active(identity)
    must_be_free(identity)
    if identity.message_type != message_type:
        raise ConflictException("MESSAGE_TYPE_MISMATCH", identity)

    pool = Pool(
        status="CREATING",
        message_type=message_type,
        deletion_protection_enabled=deletion_protection_enabled,
        tags=tags or {},
        **identity.heritage(),
    )
    account.pools.add(pool)
    join(pool, identity)
    account.later(activate, pool)
    return pool


@operation
def delete_pool(account: Account, *, pool_id: str) -> Pool:
    """Delete a pool. Its identities are free again."""
    pool = account.pools[pool_id]

    must_not_be_protected(pool)
    must_be_active(pool)

    for identity in members(account, pool):
        leave(pool, identity)
    pool.status = "DELETING"
    account.later(forget, pool)
    return pool


@operation
def describe_pools(
    account: Account,
    *,
    pool_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Page[Pool]:
    """The pools asked for, or all of them."""
    return select(account.pools, pool_ids, filters, owner)
