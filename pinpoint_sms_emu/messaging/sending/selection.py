"""Selects the origination identity of a message: the one that is named, or the most suitable."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.errors import (
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.messaging.contacts import Contact, name_of
from pinpoint_sms_emu.messaging.sending.suitability import (
    IdentityRequest,
    is_at_home,
    message_types,
    why_not,
)
from pinpoint_sms_emu.reference.countries import (
    country,
    shared_short_code,
)
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.resource_policies import usable_members
from pinpoint_sms_emu.resources.sender_ids import supports_characters
from pinpoint_sms_emu.state.times_log import is_recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.identities import Identity
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.state.tables import Table


logger = logging.getLogger("pinpoint_sms_emu")


# User guide, "Sender ID display name rules": the sender of shared routes in countries with sender
# IDs.
GENERIC_SENDER: Final = "NOTICE"


# User guide, "Sticky sending": an identity that "successfully delivers a message" is used again.
_PAIRED: Final = timedelta(hours=25)
# User guide, "RCS to SMS fallback": after a fallback the pool "periodically retries RCS". How often
# is not documented: as long as a pair lasts is inferred.
_RCS_RETRIED: Final = _PAIRED


# User guide, "RCS to SMS fallback": agent, short code, 10DLC, toll-free, sender ID. Inferred: long
# codes rank with 10DLC, and simulators after all other numbers.
_PREFERENCE: Final = (
    "rcs-agent",
    "SHORT_CODE",
    "TEN_DLC",
    "LONG_CODE",
    "TOLL_FREE",
    "SIMULATOR",
    "sender-id",
)


_LONGEST_SENDER_ID: Final = 11
_PREFIXES: Final = {"phone-": "phone-number", "pool-": "pool", "rcs-": "rcs-agent"}


class Candidate(NamedTuple):
    """An identity that was considered for a message, and why it was not chosen."""

    id: str
    sender: str
    reason: str


class Origin(NamedTuple):
    """The origin of a message. An empty sender means that nothing suitable was found."""

    sender: str
    identity: Identity | None = None
    # The pool that the request names.
    pool: Pool | None = None
    # The identities that were considered, if none is suitable.
    candidates: tuple[Candidate, ...] = ()


def find_origin(request: IdentityRequest, origination_identity: str | None) -> Origin:
    """Return the origin that a request names, or choose from a pool or from all identities."""
    if origination_identity is None:
        return choose(request)
    named = find_named(request, origination_identity)
    if isinstance(named, Pool):
        return choose_from(request, named)
    return Origin(sender_of(named), named)


def sender_of(identity: Identity) -> str:
    """Return what recipients see: the number, the sender ID's name, or the agent's id."""
    return identity.phone_number if isinstance(identity, PhoneNumber) else identity.id


# Named.


def find_named(request: IdentityRequest, name: str) -> Identity | Pool:
    """Find an identity or a pool by number, id, ARN or sender ID.

    The name of a sender ID means the one of the destination's country.
    """
    account = request.account
    found: Identity | Pool | None
    if name.startswith("arn:"):
        found = _find_by_arn(account, name)
    else:
        found = (
            account.phone_numbers.get(name)
            or account.phone_numbers.by_number(name)
            or account.pools.get(name)
            or account.rcs_agents.get(name)
            or account.sender_ids.get(f"{name.upper()}/{request.destination.iso_country_code}")
        )
    kind = found.kind if found else _looks_like(name)
    if kind not in request.channel.origins:
        raise ValidationException(
            "INVALID_PARAMETER",
            origination_identity=f"is a {kind}, which cannot send {request.channel.name} messages",
        )
    if found is None:
        raise _nothing_called(request, kind, name)
    return found


def _find_by_arn(account: Account, arn: str) -> Identity | Pool:
    kind = arn.split(":", 5)[-1].partition("/")[0]
    tables: tuple[Table[Any], ...] = (
        account.phone_numbers,
        account.pools,
        account.sender_ids,
        account.rcs_agents,
    )
    for table in tables:
        if table.kind == kind:
            found: Identity | Pool = table[arn]
            return found
    raise InvalidArnError(arn, "is not the ARN of an origination identity")


def _looks_like(name: str) -> str:
    """Return the kind of resource that an unknown name looks like."""
    if name.removeprefix("+").isdecimal():
        return "phone-number"
    prefix = next((each for each in _PREFIXES if name.startswith(each)), None)
    return _PREFIXES[prefix] if prefix and len(name) > _LONGEST_SENDER_ID else "sender-id"


def _nothing_called(
    request: IdentityRequest, kind: str, name: str
) -> ResourceNotFoundException | ValidationException:
    """Return the error for an unknown name; there are Reasons for sender IDs."""
    iso_country_code = request.destination.iso_country_code
    if kind != "sender-id":
        return ResourceNotFoundException(ResourceReference(kind, name))
    place = country(iso_country_code)
    if place and place.sender_ids == "unsupported":
        return sender_id_not_supported(iso_country_code)
    if any(each.id == name.upper() for each in request.account.sender_ids):
        return wrong_country(f"is of another country than {iso_country_code}")
    return ValidationException(
        "SENDER_ID_NOT_REGISTERED",
        origination_identity=f"is no sender ID of this account in {iso_country_code}",
    )


def sender_id_not_supported(iso_country_code: str) -> ValidationException:
    """Return the error for sender IDs in a country without them."""
    return ValidationException(
        "SENDER_ID_NOT_SUPPORTED", origination_identity=f"does not work in {iso_country_code}"
    )


def wrong_country(why: str) -> ValidationException:
    """Return the error for an identity that cannot send to the destination's country."""
    return ValidationException("INVALID_IDENTITY_FOR_DESTINATION_COUNTRY", origination_identity=why)


# Chosen.


def choose(request: IdentityRequest, otherwise: Origin | None = None) -> Origin:
    """Choose an identity of the account, or else a shared route, or else `otherwise`.

    SetDefaultSenderId: "will be used if no dedicated origination phone numbers or registered
    sender IDs are available in your account", "instead of a generic sender ID".
    """
    numbers, sender_ids = list(request.account.phone_numbers), list(request.account.sender_ids)
    agents = list(request.account.rcs_agents)
    registered = [each for each in sender_ids if each.registered]
    return (
        _best(request, [*agents, *numbers, *registered])
        or from_sender_id(request)
        or _best(request, sender_ids)
        or _shared_route(request)
        or otherwise
        or _nothing(request, [*agents, *numbers, *sender_ids])
    )


def choose_from(request: IdentityRequest, pool: Pool, otherwise: Origin | None = None) -> Origin:
    """Choose a member of a pool, or else a shared route, or else `otherwise`."""
    inside = usable_members(request.account, pool)
    return (
        _best(request, inside, pool)
        or (_shared_route(request, pool) if pool.shared_routes_enabled else None)
        or otherwise
        or _nothing(request, inside, pool)
    )


def _best(
    request: IdentityRequest, identities: Iterable[Identity], pool: Pool | None = None
) -> Origin | None:
    """Return the suitable identity that sent to the recipient last, or else the preferred one."""
    suitable = [each for each in identities if why_not(request, each) is None]
    if not suitable:
        return None
    best = suitable[0]
    if len(suitable) > 1:
        paired = _paired(request, suitable)
        best = paired or min(suitable, key=lambda each: _rank(request, each))
    return Origin(sender_of(best), best, pool)


def _paired(request: IdentityRequest, suitable: Iterable[Identity]) -> Identity | None:
    """Return the identity whose message arrived last, within 25 hours, or None."""
    contacts = request.account.contacts.of(request.destination.phone_number)
    if not contacts:
        return None
    now = request.account.now()
    by_name = {name_of(each.id, sender_of(each)): each for each in suitable}
    if any(
        each.kind == "rcs-agent" and _is_to_be_retried(contacts.get(name), now)
        for name, each in by_name.items()
    ):
        return None
    arrived = [
        (contact.arrived, by_name[name])
        for name, contact in reversed(contacts.items())
        if name in by_name and contact.arrived and is_recent(contact.arrived, now, _PAIRED)
    ]
    # Of those that arrived at the same time, the one that was sent last.
    return max(arrived, key=itemgetter(0))[1] if arrived else None


def _is_to_be_retried(contact: Contact | None, now: datetime) -> bool:
    """Return whether an agent tries again whose last message fell back to SMS long ago."""
    if contact is None or contact.sent is None or is_recent(contact.sent, now, _RCS_RETRIED):
        return False
    return contact.arrived is None or contact.arrived < contact.sent


def _rank(request: IdentityRequest, identity: Identity) -> tuple[bool, bool, bool, int, int]:
    """Return a sort key: preferred identities first, and the oldest among equals.

    User guide, "SMS limits": of transactional and promotional numbers the service "chooses a
    transactional number by default".
    """
    types = message_types(identity)
    rank = identity.number_type if isinstance(identity, PhoneNumber) else identity.kind
    return (
        not is_at_home(identity, request.destination),
        request.preferred_type is not None and request.preferred_type not in types,
        "TRANSACTIONAL" not in types,
        _PREFERENCE.index(rank),
        identity.sequence,
    )


def from_sender_id(request: IdentityRequest, pool: Pool | None = None) -> Origin | None:
    """Return the request's default sender ID, which need not be owned (decisions 14)."""
    name = request.default_sender_id
    place = country(request.destination.iso_country_code)
    if name is None or place is None or request.channel.capability != "SMS":
        return None
    own = request.account.sender_ids.get(f"{name.upper()}/{place.iso_code}")
    if own:
        return _best(request, [own], pool)
    is_possible = place.sender_ids == "open" and supports_characters(place.iso_code, name)
    return Origin(name, pool=pool) if is_possible else None


def _shared_route(request: IdentityRequest, pool: Pool | None = None) -> Origin | None:
    """Return the shared route of a country, if it has one.

    User guide, "Sender ID display name rules": NOTICE in countries with sender IDs, also where
    they must be registered; elsewhere "a random long or short code".
    """
    place = country(request.destination.iso_country_code)
    if place is None or not place.shared_routes or request.channel.capability != "SMS":
        return None
    if pool and request.message_type not in (None, pool.message_type):
        return None
    if default := from_sender_id(request, pool):
        return default
    if place.sender_ids == "unsupported":
        return Origin(shared_short_code(request.destination.phone_number), pool=pool)
    return Origin(GENERIC_SENDER, pool=pool)


def _nothing(
    request: IdentityRequest, tried: Iterable[Identity], pool: Pool | None = None
) -> Origin:
    """Return an origin without a sender, with the candidates, and log them."""
    candidates = why_none(request, tried)
    destination = request.destination
    logger.info(
        "Nothing can send %s to %s (%s): %s",
        request.channel.name,
        destination.phone_number,
        destination.iso_country_code,
        "; ".join(f"{each.id} {each.reason}" for each in candidates)
        or "there is no origination identity",
    )
    return Origin("", pool=pool, candidates=candidates)


def why_none(request: IdentityRequest, tried: Iterable[Identity]) -> tuple[Candidate, ...]:
    """Return identities that cannot send a message, with the reasons."""
    return tuple(
        Candidate(each.id, sender_of(each), why_not(request, each) or "is suitable")
        for each in tried
    )
