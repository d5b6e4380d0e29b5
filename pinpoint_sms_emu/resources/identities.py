"""Origination identities: find them by any of their names, let them join and leave pools."""

from __future__ import annotations

from collections.abc import Iterator
from operator import attrgetter
from typing import TYPE_CHECKING, TypeAlias

from pinpoint_sms_emu.errors import (
    ConflictException,
    Identified,
    InvalidArnError,
    ResourceNotFoundException,
    ServiceQuotaExceededException,
    Thing,
    ValidationException,
)
from pinpoint_sms_emu.resources.two_way import TwoWay
from pinpoint_sms_emu.state.resource import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account
    from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
    from pinpoint_sms_emu.resources.pools import Pool
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.resources.sender_ids import SenderId

    Identity: TypeAlias = PhoneNumber | SenderId | RcsAgent

# A sender ID has at most 11 characters, so what is longer and begins like this is an id of ours.
_LONGEST_SENDER_ID = 11
_PREFIXES = {"phone-": "phone-number", "rcs-": "rcs-agent"}
_REASONS = {
    "phone-number": "PHONE_NUMBER_ASSOCIATED_TO_POOL",
    "rcs-agent": "RCS_AGENT_ASSOCIATED_TO_POOL",
}


# Find.


def find_identity(
    account: Account, origination_identity: str, iso_country_code: str | None
) -> Identity:
    """Find an identity by its id or ARN; a sender ID needs its country too."""
    kind = _kind(account, origination_identity)
    if kind == "sender-id":
        return find_sender_id(account, origination_identity, iso_country_code)
    if kind == "rcs-agent":
        # An agent is of no country, so it does not matter which one is given.
        return account.rcs_agents[origination_identity]

    number = account.phone_numbers[origination_identity]
    if iso_country_code not in (None, number.iso_country_code):
        raise _country_mismatch(number)
    return number


def find_sender_id(account: Account, sender_id: str, iso_country_code: str | None) -> SenderId:
    """Find a sender ID by its name or ARN, in any letter case, and its country."""
    if iso_country_code is None:
        # Observed for an ARN, which names the country itself (decisions 15).
        raise ValidationException("INVALID_ARN", sender_id="needs its country beside it")
    if not sender_id.startswith("arn:"):
        found = account.sender_ids.find(f"{sender_id.upper()}/{iso_country_code}")
        if found is None:
            raise ResourceNotFoundException(Thing("sender-id", sender_id))
        return found

    found = account.sender_ids[sender_id]
    if found.iso_country_code != iso_country_code:
        raise _country_mismatch(found)
    return found


def _kind(account: Account, name: str) -> str:
    """Tell what kind of identity a name means: numbers may have ids that their owner chose."""
    if name.startswith("arn:"):
        resource = name.split(":", 5)[-1]
        kind = resource.partition("/")[0]
        if kind not in ("phone-number", "sender-id", "rcs-agent"):
            raise InvalidArnError(name, "is not the ARN of an origination identity")
        return kind
    for table in (account.phone_numbers, account.rcs_agents):
        if name in table:
            return table.kind
    looks_like = next((_PREFIXES[each] for each in _PREFIXES if name.startswith(each)), None)
    return looks_like if looks_like and len(name) > _LONGEST_SENDER_ID else "sender-id"


def _country_mismatch(identity: PhoneNumber | SenderId) -> ValidationException:
    return ValidationException(
        "COUNTRY_CODE_MISMATCH", iso_country_code=f"{identity.id} is of {identity.iso_country_code}"
    )


# Refuse.


def must_be_free(identity: Identity) -> None:
    """Refuse a number or an agent that is in a pool: each can be in one only, sender IDs in many.

    The agent's half is inferred: it shows one PoolId, and there is a Reason for it.
    """
    if isinstance(identity, TwoWay) and identity.pool_id:
        raise ConflictException(_REASONS[identity.kind], identity)


def must_fit(
    account: Account, pool: Pool, identity: Identity, about: Identified | None = None
) -> None:
    """Refuse an identity whose settings differ from the pool's, naming the first that does.

    AssociateOriginationIdentity: "If the origination identity configuration doesn't match the
    pool's configuration, an error is returned." What is compared is what a pool takes over from
    its first identity. `about` is what the refusal names where the identity is still to be made.
    """
    about = about or identity
    if not isinstance(identity, TwoWay):
        if pool.message_type not in identity.message_types:
            raise ConflictException("MESSAGE_TYPE_MISMATCH", about)
        return

    if identity.message_type not in (None, pool.message_type):
        raise ConflictException("MESSAGE_TYPE_MISMATCH", about)
    if identity.opt_out_list_name != pool.opt_out_list_name:
        raise ConflictException("OPT_OUT_LIST_MISMATCH", about)
    if _two_way_settings(identity) != _two_way_settings(pool):
        raise ConflictException("TWO_WAY_CONFIG_MISMATCH", about)
    if identity.self_managed_opt_outs_enabled != pool.self_managed_opt_outs_enabled:
        raise ConflictException("SELF_MANAGED_OPT_OUTS_MISMATCH", about)
    if _answers(identity) != _answers(pool):
        raise ConflictException("KEYWORD_MISMATCH", about)
    # Inferred from the Reason's name: there must be something that every number of a pool can do.
    able = set(identity.number_capabilities)
    for member in members(account, pool):
        if member.kind == identity.kind:
            able.intersection_update(member.number_capabilities)
    if not able:
        raise ConflictException("NUMBER_CAPABILITIES_MISMATCH", about)


def must_have_room(account: Account, pool: Pool) -> None:
    """Refuse one identity more than a pool may have."""
    quota = "ORIGINATION_IDENTITIES_PER_POOL"
    if sum(1 for _ in members(account, pool)) >= account.quota(quota):
        raise ServiceQuotaExceededException(quota)


def _two_way_settings(of: TwoWay) -> tuple[bool, str | None, str | None]:
    return of.two_way_enabled, of.two_way_channel_arn, of.two_way_channel_role


def _answers(of: TwoWay) -> dict[str, tuple[str, str]]:
    return {word: (each.message, each.action) for word, each in of.keywords.items()}


# Members.


def members(account: Account, pool: Pool) -> list[Identity]:
    """The identities of a pool, oldest first; those that are shared may be another account's."""
    found = [
        identity
        for account_id in (_owner(pool), *pool.visitors)
        for identity in _identities(account.emulator.account(account_id, account.region))
        if is_member(pool, identity)
    ]
    return sorted(found, key=attrgetter("sequence"))


def is_member(pool: Pool, identity: Identity) -> bool:
    """Tell whether an identity is in a pool: the membership is kept with the identity, once."""
    if isinstance(identity, TwoWay):
        return identity.pool_id == pool.id
    return pool.id in identity.pool_ids


def join(pool: Pool, identity: Identity) -> None:
    """Make an identity a member."""
    if isinstance(identity, TwoWay):
        identity.pool_id = pool.id
    else:
        identity.pool_ids.append(pool.id)
    if _owner(identity) not in (_owner(pool), *pool.visitors):
        pool.visitors.append(_owner(identity))


def leave(pool: Pool, identity: Identity) -> None:
    """End a membership; the identity keeps the settings it had as a member."""
    if isinstance(identity, TwoWay):
        identity.pool_id = None
    else:
        identity.pool_ids.remove(pool.id)


def _owner(resource: Resource) -> str:
    return resource.arn.split(":")[4]


def _identities(account: Account) -> Iterator[Identity]:
    yield from account.phone_numbers
    yield from account.sender_ids
    yield from account.rcs_agents
