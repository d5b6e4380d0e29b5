"""Pools: several origination identities with one id and common settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ValidationException,
)
from pinpoint_sms_emu.resources.identities import (
    find_identity,
    is_member,
    join,
    leave,
    members,
    must_be_free,
    must_fit,
    must_have_room,
    must_send,
    numbers_among,
)
from pinpoint_sms_emu.resources.opt_out_lists import chosen_list
from pinpoint_sms_emu.resources.registrations.number_activation import activate_number
from pinpoint_sms_emu.resources.two_way import TwoWay, TwoWayChanges, must_be_able_to_answer
from pinpoint_sms_emu.service.life_cycle import activate, remove_deleted
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, matching, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import (
    must_be_active,
    must_be_set_up,
    must_not_be_protected,
)
from pinpoint_sms_emu.state.tables import Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.identities import Identity
    from pinpoint_sms_emu.service.account import Account


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Pool(TwoWay):
    """A pool. Its settings are also those of its members."""

    kind: ClassVar[str] = "pool"
    id_prefix: ClassVar[str] = "pool-"

    message_type: str
    shared_routes_enabled: bool = False
    # The ids of other accounts with identities in it.
    visitors: list[str] = field(default_factory=list)


class PoolChanges(TwoWayChanges, total=False):
    """The settings that can be updated."""

    shared_routes_enabled: bool


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Member(Entry):
    """A member, as ListPoolOriginationIdentities returns it."""

    kind: ClassVar[str] = "origination-identity"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"number-capability": "number_capabilities"}
    )

    origination_identity: str
    origination_identity_arn: str
    iso_country_code: str | None
    number_capabilities: list[str]
    phone_number: str | None


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
    """Create a pool of one identity, with the identity's two-way settings."""
    identity = find_identity(account, origination_identity, iso_country_code)

    must_be_free(identity)
    _must_be_ready(identity)
    must_send(identity, message_type)

    pool = Pool(
        status="CREATING",
        message_type=message_type,
        deletion_protection_enabled=deletion_protection_enabled,
        tags=tags or {},
        **(identity.inherited_settings() if isinstance(identity, TwoWay) else {}),
    )
    account.pools.add(pool)
    join(pool, identity)
    account.schedule(activate, pool)
    return pool


@operation
def update_pool(account: Account, *, pool_id: str, **changes: Unpack[PoolChanges]) -> Pool:
    """Change the given settings of a pool and its members, and keep the others."""
    pool = find_pool(account, pool_id)
    inside = members(account, pool)
    chosen = chosen_list(account.owner_of(pool), changes.get("opt_out_list_name"))

    must_be_set_up(pool)
    must_be_able_to_answer(pool, changes, numbers_among(inside))

    pool.change({**changes, **chosen})
    # "The pool's settings" are those of its members, which UpdatePhoneNumber does not touch.
    for identity in inside:
        if isinstance(identity, TwoWay):
            identity.change(pool.shared_settings())
    return pool


@operation
def delete_pool(account: Account, *, pool_id: str) -> Pool:
    """Delete a pool. Its identities are in no pool afterwards."""
    pool = find_pool(account, pool_id)

    must_not_be_protected(pool)
    _must_not_serve_notify(account, pool)
    must_be_active(pool)

    for identity in members(account, pool):
        leave(pool, identity)
    pool.status = "DELETING"
    account.owner_of(pool).schedule(remove_deleted, pool)
    return pool


@operation
def describe_pools(
    account: Account,
    *,
    pool_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
    owner: str | None = None,
) -> Paginated[Pool]:
    """List the pools that the request names, or all."""
    if pool_ids and "" in pool_ids:
        raise ValidationException("INVALID_PARAMETER", pool_ids="must not be empty")

    return select(account.pools, pool_ids, filters, owner)


@operation
def associate_origination_identity(
    account: Account,
    *,
    pool_id: str,
    origination_identity: str,
    iso_country_code: str | None = None,
) -> dict[str, Any]:
    """Add an identity with the same settings to a pool."""
    pool = find_pool(account, pool_id)
    identity = find_identity(account, origination_identity, iso_country_code)

    if is_member(pool, identity):
        raise ConflictException("RESOURCE_ALREADY_ASSOCIATED", identity)
    must_be_free(identity)
    must_be_active(pool)
    _must_be_ready(identity)
    must_fit(account, pool, identity)
    must_have_room(account, pool)

    join(pool, identity)
    if identity.kind == "phone-number":
        identity.status = "ASSOCIATING"
        account.owner_of(identity).schedule(activate_number, identity)
    return _pair(pool, identity)


@operation
def disassociate_origination_identity(
    account: Account,
    *,
    pool_id: str,
    origination_identity: str,
    iso_country_code: str | None = None,
) -> dict[str, Any]:
    """Remove an identity from a pool."""
    pool = find_pool(account, pool_id)
    identity = find_identity(account, origination_identity, iso_country_code)

    if not is_member(pool, identity):
        if identity.kind != "phone-number":
            # There is no Reason for this, so the identity is not found.
            raise ResourceNotFoundException(identity)
        raise ConflictException("PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL", identity)
    must_be_active(pool)
    if numbers_among(members(account, pool)) == [identity]:
        raise ConflictException("LAST_PHONE_NUMBER", pool)

    leave(pool, identity)
    return _pair(pool, identity)


@operation
def list_pool_origination_identities(
    account: Account, *, pool_id: str, filters: list[Filter] | None = None
) -> Paginated[Member]:
    """List the identities of a pool."""
    pool = find_pool(account, pool_id)

    inside = [
        Member(
            sequence=each.sequence,
            origination_identity=each.id,
            origination_identity_arn=each.arn,
            iso_country_code=each.iso_country_code,
            number_capabilities=list(each.number_capabilities),
            phone_number=getattr(each, "phone_number", None),
        )
        for each in members(account, pool)
    ]
    beside = {"pool_arn": pool.arn, "pool_id": pool.id}
    return Paginated(Listed(inside), matching(filters, Member), beside)


def find_pool(account: Account, pool_id: str) -> Pool:
    """Find a pool by id or ARN; refuse an empty text, which the model allows."""
    if not pool_id:
        raise ValidationException("INVALID_PARAMETER", pool_id="must not be empty")
    return account.pools[pool_id]


def _must_not_serve_notify(account: Account, pool: Pool) -> None:
    """Refuse a pool that a Notify configuration of the pool's account uses."""
    configurations = account.owner_of(pool).notify_configurations
    if any(each.pool_id == pool.id for each in configurations):
        raise ConflictException("POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION", pool)


def _must_be_ready(identity: Identity) -> None:
    """Refuse a number that is not ACTIVE. Agents and sender IDs need not be ACTIVE."""
    if identity.kind == "phone-number" or identity.status == "DELETED":
        must_be_active(identity)


def _pair(pool: Pool, identity: Identity) -> dict[str, Any]:
    return {
        "pool_arn": pool.arn,
        "pool_id": pool.id,
        "origination_identity_arn": identity.arn,
        "origination_identity": identity.id,
        "iso_country_code": identity.iso_country_code,
    }
