"""From what a message is sent: the identity that the caller names, or the most suitable one."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.errors import (
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.messaging.sending.channels import Channel
from pinpoint_sms_emu.reference.countries import (
    OF_THE_UNITED_STATES,
    country,
    shared_short_code,
)
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.rcs_launches import is_tester, reaches
from pinpoint_sms_emu.resources.resource_policies import usable_members
from pinpoint_sms_emu.resources.sender_ids import SenderId, is_spelled_as_in
from pinpoint_sms_emu.service.destinations import Destination

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.identities import Identity
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.state.tables import Table

logger = logging.getLogger("pinpoint_sms_emu")

# User guide, "Sender ID display name rules": what shared routes send from in countries with sender
# IDs.
GENERIC_SENDER: Final = "NOTICE"

# User guide, "Sticky sending": an identity that "successfully delivers a message" writes again.
_PAIRED: Final = timedelta(hours=25)
_ARRIVED: Final = frozenset({"SUCCESSFUL", "DELIVERED", "READ", "COMPLETED"})

# User guide, "RCS to SMS fallback": agent, short code, 10DLC, toll-free, sender ID. It leaves out
# what is not of the US: that long codes stand with 10DLC, and simulators behind all numbers, is
# inferred.
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
    """An identity that could have sent a message, and why it was not chosen."""

    id: str
    sender: str
    reason: str


class Origin(NamedTuple):
    """What a message is sent from. Without a sender, nothing suitable was found."""

    sender: str
    identity: Identity | None = None
    # The pool that the caller has named.
    pool: Pool | None = None
    # What was considered where nothing was found.
    candidates: tuple[Candidate, ...] = ()


class IdentityRequest(NamedTuple):
    """What is asked of an identity."""

    account: Account
    channel: Channel
    destination: Destination
    # Must be so, and should be so: the request's type, and a configuration set's default.
    message_type: str | None = None
    preferred_type: str | None = None
    default_sender_id: str | None = None


def find_origin(wanted: IdentityRequest, origination_identity: str | None) -> Origin:
    """Find what the caller names; a pool, or no name, leaves the choice to the service."""
    if origination_identity is None:
        return _choose(wanted)
    named = find_named(wanted, origination_identity)
    if isinstance(named, Pool):
        return choose_from(wanted, named)
    return Origin(sender_of(named), named)


def sender_of(identity: Identity) -> str:
    """What recipients see: the number, the name of a sender ID, the id of an agent."""
    return identity.phone_number if isinstance(identity, PhoneNumber) else identity.id


# Named.


def find_named(wanted: IdentityRequest, name: str) -> Identity | Pool:
    """Find an identity or a pool by number, id, ARN or sender ID.

    A sender ID exists by country, so its bare name means the one of the destination's country.
    """
    account = wanted.account
    found: Identity | Pool | None
    if name.startswith("arn:"):
        found = _find_by_arn(account, name)
    else:
        found = (
            account.phone_numbers.get(name)
            or account.phone_numbers.by_number(name)
            or account.pools.get(name)
            or account.rcs_agents.get(name)
            or account.sender_ids.get(f"{name.upper()}/{wanted.destination.iso_country_code}")
        )
    kind = found.kind if found else _looks_like(name)
    if kind not in wanted.channel.origins:
        raise ValidationException(
            "INVALID_PARAMETER",
            origination_identity=f"is a {kind}, which cannot send {wanted.channel.name} messages",
        )
    if found is None:
        raise _nothing_called(wanted, kind, name)
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
    """Tell what kind of thing a name that means nothing would be."""
    if name.removeprefix("+").isdecimal():
        return "phone-number"
    prefix = next((each for each in _PREFIXES if name.startswith(each)), None)
    return _PREFIXES[prefix] if prefix and len(name) > _LONGEST_SENDER_ID else "sender-id"


def _nothing_called(
    wanted: IdentityRequest, kind: str, name: str
) -> ResourceNotFoundException | ValidationException:
    """Say why a name means nothing; for sender IDs there are Reasons."""
    iso_country_code = wanted.destination.iso_country_code
    if kind != "sender-id":
        return ResourceNotFoundException(ResourceReference(kind, name))
    place = country(iso_country_code)
    if place and place.sender_ids == "unsupported":
        return sender_id_not_supported(iso_country_code)
    if any(each.id == name.upper() for each in wanted.account.sender_ids):
        return wrong_country(f"is of another country than {iso_country_code}")
    return ValidationException(
        "SENDER_ID_NOT_REGISTERED",
        origination_identity=f"is no sender ID of this account in {iso_country_code}",
    )


def sender_id_not_supported(iso_country_code: str) -> ValidationException:
    """No sender ID of anybody works in this country."""
    return ValidationException(
        "SENDER_ID_NOT_SUPPORTED", origination_identity=f"does not work in {iso_country_code}"
    )


def wrong_country(why: str) -> ValidationException:
    """An identity cannot send to the destination's country."""
    return ValidationException("INVALID_IDENTITY_FOR_DESTINATION_COUNTRY", origination_identity=why)


# Chosen.


def _choose(wanted: IdentityRequest) -> Origin:
    """Choose among all that the account has, then the routes that are shared with other users.

    SetDefaultSenderId: "will be used if no dedicated origination phone numbers or registered
    sender IDs are available in your account", "instead of a generic sender ID".
    """
    numbers, sender_ids = list(wanted.account.phone_numbers), list(wanted.account.sender_ids)
    agents = list(wanted.account.rcs_agents)
    registered = [each for each in sender_ids if each.registered]
    return (
        _best(wanted, [*agents, *numbers, *registered])
        or _default_sender(wanted)
        or _best(wanted, sender_ids)
        or _shared_route(wanted)
        or _nothing(wanted, [*agents, *numbers, *sender_ids])
    )


def choose_from(wanted: IdentityRequest, pool: Pool) -> Origin:
    """Choose among the members of a pool, then the routes that are shared with other users."""
    inside = usable_members(wanted.account, pool)
    return (
        _best(wanted, inside, pool)
        or (_shared_route(wanted, pool) if pool.shared_routes_enabled else None)
        or _nothing(wanted, inside, pool)
    )


def _best(
    wanted: IdentityRequest, identities: Iterable[Identity], pool: Pool | None = None
) -> Origin | None:
    """The most suitable identity: the one that wrote to the recipient last, or else preferred."""
    suitable = [each for each in identities if why_not(wanted, each) is None]
    if not suitable:
        return None
    best = suitable[0]
    if len(suitable) > 1:
        paired = _paired(wanted, suitable)
        best = paired or min(suitable, key=lambda each: _rank(wanted, each))
    return Origin(sender_of(best), best, pool)


def _paired(wanted: IdentityRequest, suitable: Iterable[Identity]) -> Identity | None:
    # Members of a shared pool may be of two accounts that chose the same id.
    by_name = {(each.id, sender_of(each)): each for each in suitable}
    account = wanted.account
    now = account.now()
    for message in account.messages.latest_to(wanted.destination.phone_number):
        if now - message.created >= _PAIRED:
            return None
        whose = (message.account_id, message.region, message.direction)
        if whose == (*account.place, "outbound") and message.status in _ARRIVED:
            identity = by_name.get((message.origination_identity or "", message.sender))
            if identity:
                return identity
    return None


def _rank(wanted: IdentityRequest, identity: Identity) -> tuple[bool, bool, bool, int, int]:
    """What is preferred comes first; among equals, the oldest.

    User guide, "SMS limits": of transactional and promotional numbers the service "chooses a
    transactional number by default".
    """
    types = message_types(identity)
    rank = identity.number_type if isinstance(identity, PhoneNumber) else identity.kind
    return (
        not is_at_home(identity, wanted.destination),
        wanted.preferred_type is not None and wanted.preferred_type not in types,
        "TRANSACTIONAL" not in types,
        _PREFERENCE.index(rank),
        identity.sequence,
    )


def why_not(wanted: IdentityRequest, identity: Identity) -> str | None:
    """Why the service does not choose an identity, in words; None if it may."""
    if identity.status not in identity.working:
        return f"is {identity.status}"
    if identity.kind not in wanted.channel.origins:
        return f"is a {identity.kind}"
    if isinstance(identity, RcsAgent):
        # It sends texts too, in its own way.
        return _why_not_the_agent(wanted, identity)
    if wanted.channel.capability not in identity.number_capabilities:
        return f"cannot do {wanted.channel.capability}"
    if wanted.message_type and wanted.message_type not in message_types(identity):
        return f"is not {wanted.message_type}"
    if only_receives(identity, wanted.channel.capability):
        return f"is a long code of {identity.iso_country_code}, which can only receive"
    if not is_at_home(identity, wanted.destination) and not _crosses_by_itself(
        identity, wanted.destination
    ):
        return f"is of {identity.iso_country_code}"
    return None


def _why_not_the_agent(wanted: IdentityRequest, agent: RcsAgent) -> str | None:
    account, (number, code) = wanted.account, wanted.destination
    place = country(code)
    if (place is None or not place.rcs) and not is_tester(account, agent, number):
        return f"cannot send to {code}"
    return None if reaches(account, agent, wanted.destination) else not_launched_in(code)


def not_launched_in(iso_country_code: str) -> str:
    """Say that an agent waits for its registration in a country."""
    return f"is not launched in {iso_country_code}"


def message_types(identity: Identity | Pool | None) -> list[str]:
    """The types of messages that can be sent from an identity or a pool; a generic one has all."""
    if isinstance(identity, SenderId):
        return identity.message_types
    own = identity and identity.message_type
    return [own] if own else ["TRANSACTIONAL", "PROMOTIONAL"]


def is_at_home(identity: Identity, destination: Destination) -> bool:
    """Whether the destination is in a country that the identity belongs to."""
    if not isinstance(identity, PhoneNumber):
        return identity.iso_country_code in (None, destination.iso_country_code)
    if identity.number_type == "SIMULATOR":
        # "Can only send to simulator destinations of the same country", the user guide says.
        return simulator_country(destination.phone_number) == identity.iso_country_code
    if identity.number_type in ("TOLL_FREE", "TEN_DLC"):
        # They serve the territories too (user guide, "Toll-free numbers", "United States 10DLC
        # registration").
        return destination.iso_country_code in OF_THE_UNITED_STATES
    return identity.iso_country_code == destination.iso_country_code


def only_receives(identity: Identity, capability: str) -> bool:
    """Whether it is a long code of a country whose long codes do not send texts.

    User guide, "Supported countries and regions for SMS messaging", note 4.
    """
    if not isinstance(identity, PhoneNumber) or identity.number_type != "LONG_CODE":
        return False
    place = country(identity.iso_country_code)
    return place is not None and place.long_codes_only_receive and capability in ("SMS", "MMS")


def _crosses_by_itself(identity: Identity, destination: Destination) -> bool:
    """Whether the service chooses a number for another country: where both sides have enabled it.

    Document history, August 2025: "For more information about the destination countries that
    support International sending, see Supported countries and regions".
    """
    return (
        isinstance(identity, PhoneNumber)
        and identity.international_sending_enabled
        and may_cross(identity, destination)
        and _supports_international_sending(destination)
    )


def _supports_international_sending(destination: Destination) -> bool:
    place = country(destination.iso_country_code)
    return place is not None and place.international_sending


def may_cross(identity: Identity, destination: Destination) -> bool:
    """Whether a number that is named may send to another country.

    Observed of 10DLC numbers (decisions 45); toll-free ones reach the countries that have it.
    """
    if not isinstance(identity, PhoneNumber):
        return False
    if identity.number_type == "TOLL_FREE":
        return _supports_international_sending(destination)
    return identity.number_type in ("LONG_CODE", "TEN_DLC")


def _default_sender(wanted: IdentityRequest, pool: Pool | None = None) -> Origin | None:
    """The configuration set's default sender ID, which nobody needs to own (decisions 14)."""
    name = wanted.default_sender_id
    place = country(wanted.destination.iso_country_code)
    if name is None or place is None or wanted.channel.capability != "SMS":
        return None
    own = wanted.account.sender_ids.get(f"{name.upper()}/{place.iso_code}")
    if own:
        return _best(wanted, [own], pool)
    is_possible = place.sender_ids == "open" and is_spelled_as_in(place.iso_code, name)
    return Origin(name, pool=pool) if is_possible else None


def _shared_route(wanted: IdentityRequest, pool: Pool | None = None) -> Origin | None:
    """What AWS shares among its users, where the country has that.

    User guide, "Sender ID display name rules": NOTICE in countries with sender IDs, also where
    they must be registered; elsewhere "a random long or short code".
    """
    place = country(wanted.destination.iso_country_code)
    if place is None or not place.shared_routes or wanted.channel.capability != "SMS":
        return None
    if pool and wanted.message_type not in (None, pool.message_type):
        return None
    if default := _default_sender(wanted, pool):
        return default
    if place.sender_ids == "unsupported":
        return Origin(shared_short_code(wanted.destination.phone_number), pool=pool)
    return Origin(GENERIC_SENDER, pool=pool)


def _nothing(
    wanted: IdentityRequest, tried: Iterable[Identity], pool: Pool | None = None
) -> Origin:
    """Say that nothing can send, and of each candidate why: the error and the log tell it."""
    candidates = why_none(wanted, tried)
    destination = wanted.destination
    logger.info(
        "Nothing can send %s to %s (%s): %s",
        wanted.channel.name,
        destination.phone_number,
        destination.iso_country_code,
        "; ".join(f"{each.id} {each.reason}" for each in candidates) or "there is nothing",
    )
    return Origin("", pool=pool, candidates=candidates)


def why_none(wanted: IdentityRequest, tried: Iterable[Identity]) -> tuple[Candidate, ...]:
    """List identities that cannot send a message, each with the reason."""
    return tuple(
        Candidate(each.id, sender_of(each), why_not(wanted, each) or "is suitable")
        for each in tried
    )
