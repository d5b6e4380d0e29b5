"""Origination identities: finding them by id, ARN or name, and their membership in pools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from pinpoint_sms_emu.errors import (
    ConflictException,
    Identified,
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.resources.two_way import TwoWay, has_two_way_messaging, is_connect
from pinpoint_sms_emu.state.tables import Table

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.pools import Pool
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.resources.sender_ids import SenderId
    from pinpoint_sms_emu.service.account import Account

    Identity: TypeAlias = PhoneNumber | SenderId | RcsAgent

# A longer name that begins like an id cannot be a sender ID.
_LONGEST_SENDER_ID = 11
_IN_A_POOL = {
    "phone-number": "PHONE_NUMBER_ASSOCIATED_TO_POOL",
    "rcs-agent": "RCS_AGENT_ASSOCIATED_TO_POOL",
}


class PoolMember(Protocol):
    """A number or an agent that is in a pool, or a message that was sent from one."""

    # The id alone is ambiguous, because two accounts may have chosen the same one.
    pool_id: str | None
    # The account of a pool of another account, or None.
    pool_account_id: str | None


# Find.


def pool_of(account: Account, member: PoolMember) -> Pool | None:
    """Return the pool of a number, an agent or a message of an account, or None.

    The pool belongs to the same account, or to another account that shares it.
    """
    if member.pool_id is None:
        return None
    owner = account.in_region(member.pool_account_id) if member.pool_account_id else account
    return owner.pools.get(member.pool_id)


def find_identity(
    account: Account, origination_identity: str, iso_country_code: str | None
) -> Identity:
    """Find an identity by its id or ARN; a sender ID needs its country too."""
    table = table_of(origination_identity, account.phone_numbers, account.rcs_agents)
    if table is None:
        return find_sender_id(account, origination_identity, iso_country_code)

    identity: PhoneNumber | RcsAgent = table[origination_identity]
    # An agent has no country, so any country is accepted.
    if identity.iso_country_code is not None:
        _must_be_its_country(identity, iso_country_code or identity.iso_country_code)
    return identity


def find_sender_id(account: Account, sender_id: str, iso_country_code: str | None) -> SenderId:
    """Find a sender ID by its name or ARN, in any letter case, and its country."""
    is_arn = sender_id.startswith("arn:")
    if is_arn and ":sender-id/" not in sender_id:
        raise InvalidArnError(sender_id, "is not the ARN of an origination identity")
    if iso_country_code is None:
        # Observed even for an ARN, which names the country itself (decisions 15).
        raise ValidationException(
            "INVALID_ARN",
            sender_id="is not the id of a phone number or RCS agent; a sender ID needs a country",
        )

    if is_arn:
        found = account.sender_ids[sender_id]
        _must_be_its_country(found, iso_country_code)
        return found
    mine = account.sender_ids.find(f"{sender_id}/{iso_country_code}")
    if mine is None:
        raise ResourceNotFoundException(ResourceReference("sender-id", sender_id))
    return mine


def table_of(name: str, *tables: Table[Any]) -> Table[Any] | None:
    """Return the table to look up a name in, by the kind in an ARN or the prefix of an id."""
    if name.startswith("arn:"):
        return next((table for table in tables if f":{table.kind}/" in name), None)
    # A chosen id may have any prefix.
    for table in tables:
        if name in table:
            return table
    if len(name) <= _LONGEST_SENDER_ID:
        return None
    return next((table for table in tables if name.startswith(table.of.id_prefix)), None)


def _must_be_its_country(identity: PhoneNumber | SenderId, iso_country_code: str) -> None:
    if identity.iso_country_code != iso_country_code:
        raise ValidationException(
            "COUNTRY_CODE_MISMATCH",
            iso_country_code=f"{identity.id} belongs to {identity.iso_country_code}",
        )


# Refuse.


def must_be_free(identity: TwoWay | SenderId) -> None:
    """Refuse a number or an agent that is in a pool. Sender IDs can be in several pools.

    For agents this is inferred: an agent has one PoolId, and there is a Reason for it.
    """
    if getattr(identity, "pool_id", None):
        raise ConflictException(_IN_A_POOL[identity.kind], identity)


def must_send(identity: Identity, message_type: str, about: Identified | None = None) -> None:
    """Refuse an identity that does not send messages of this type. Agents send both types."""
    if isinstance(identity, TwoWay):
        fits = identity.message_type in (None, message_type)
    else:
        fits = message_type in identity.message_types
    if not fits:
        raise ConflictException("MESSAGE_TYPE_MISMATCH", about or identity)


def must_fit(
    account: Account, pool: Pool, identity: Identity, about: Identified | None = None
) -> None:
    """Refuse an identity whose settings differ from the pool's; name the first difference.

    AssociateOriginationIdentity: "If the origination identity configuration doesn't match the
    pool's configuration, an error is returned." Compared are the settings that a pool inherits from
    its first identity; of these, a sender ID has only the message type. The error names `about` if
    the identity does not exist yet.
    """
    about = about or identity
    must_send(identity, pool.message_type, about)
    if not isinstance(identity, TwoWay):
        return
    if _opt_out_list(identity) != _opt_out_list(pool):
        raise ConflictException("OPT_OUT_LIST_MISMATCH", about)
    if _two_way_settings(identity) != _two_way_settings(pool) or not _can_have_them(identity):
        raise ConflictException("TWO_WAY_CONFIG_MISMATCH", about)
    if identity.self_managed_opt_outs_enabled != pool.self_managed_opt_outs_enabled:
        raise ConflictException("SELF_MANAGED_OPT_OUTS_MISMATCH", about)
    if _answers(identity) != _answers(pool):
        raise ConflictException("KEYWORD_MISMATCH", about)
    # Inferred from the Reason's name: the numbers of a pool must have a common capability.
    able = set(identity.number_capabilities)
    for member in members(account, pool):
        if member.kind == identity.kind:
            able.intersection_update(member.number_capabilities)
    if not able:
        raise ConflictException("NUMBER_CAPABILITIES_MISMATCH", about)


def must_have_room(account: Account, pool: Pool) -> None:
    """Refuse an identity that exceeds the pool's quota."""
    quota = "ORIGINATION_IDENTITIES_PER_POOL"
    if len(members(account, pool)) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)


def _opt_out_list(of: TwoWay) -> tuple[str, str]:
    return of.opt_out_list_owner, of.opt_out_list_name


def _two_way_settings(of: TwoWay) -> tuple[bool, str | None, str | None]:
    return of.two_way_enabled, of.two_way_channel_arn, of.two_way_channel_role


def _can_have_them(identity: PhoneNumber | RcsAgent) -> bool:
    """Return whether an identity can have the two-way settings that it inherited from a pool."""
    code = identity.iso_country_code
    if code is None or not identity.two_way_enabled:
        return True
    is_simulator = getattr(identity, "number_type", None) == "SIMULATOR"
    on_connect = is_connect(identity.two_way_channel_arn)
    return has_two_way_messaging(code) and not (is_simulator and on_connect)


def _answers(of: TwoWay) -> dict[str, tuple[str, str]]:
    return {word: (each.message, each.action) for word, each in of.keywords.items()}


# Members.


def members(account: Account, pool: Pool) -> list[Identity]:
    """Return the identities of a pool, oldest first, including those of other accounts."""
    found = [
        identity
        for account_id in (pool.account_id, *pool.visitors)
        for identity in _identities(account.in_region(account_id))
        if is_member(pool, identity)
    ]
    return sorted(found, key=attrgetter("sequence"))


def numbers_among(identities: Iterable[Identity]) -> list[PhoneNumber]:
    """Return the identities that are phone numbers."""
    return [cast("PhoneNumber", each) for each in identities if each.kind == "phone-number"]


def is_member(pool: Pool, identity: Identity) -> bool:
    """Return whether an identity is in a pool. The membership is stored only in the identity."""
    if not isinstance(identity, TwoWay):
        names, name = _pools_of(identity, pool)
        return name in names
    if identity.pool_id != pool.id:
        return False
    return (identity.pool_account_id or identity.account_id) == pool.account_id


def join(pool: Pool, identity: Identity) -> None:
    """Make an identity a member of a pool."""
    if isinstance(identity, TwoWay):
        identity.pool_id = pool.id
        identity.pool_account_id = other_account(pool, identity.account_id)
    else:
        names, name = _pools_of(identity, pool)
        names.append(name)
    if identity.account_id not in (pool.account_id, *pool.visitors):
        pool.visitors.append(identity.account_id)


def leave(pool: Pool, identity: Identity) -> None:
    """End a membership. The identity keeps the settings it had as a member."""
    if isinstance(identity, TwoWay):
        identity.pool_id = identity.pool_account_id = None
    else:
        names, name = _pools_of(identity, pool)
        names.remove(name)


def _pools_of(sender: SenderId, pool: Pool) -> tuple[list[str], str]:
    """Return the sender ID's list for pools of this account or of others, and the pool's entry."""
    if pool.account_id == sender.account_id:
        return sender.pool_ids, pool.id
    return sender.shared_pool_arns, pool.arn


def other_account(pool: Pool, account_id: str) -> str | None:
    """Return the account of a pool, or None if it is this account."""
    return None if pool.account_id == account_id else pool.account_id


def _identities(account: Account) -> Iterator[Identity]:
    yield from account.phone_numbers
    yield from account.sender_ids
    yield from account.rcs_agents
