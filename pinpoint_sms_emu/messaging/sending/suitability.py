"""Suitability: whether an origination identity can send a message, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pinpoint_sms_emu.messaging.sending.channels import Channel
from pinpoint_sms_emu.reference.countries import (
    OF_THE_UNITED_STATES,
    country,
)
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.rcs_launches import is_tester, reaches
from pinpoint_sms_emu.resources.resource_policies import lets_sns_send
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.service.destinations import Destination

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.identities import Identity
    from pinpoint_sms_emu.service.account import Account


class IdentityRequest(NamedTuple):
    """A message for which an origination identity is needed."""

    account: Account
    channel: Channel
    destination: Destination
    # The request's type, which is required, and the configuration set's default.
    message_type: str | None = None
    preferred_type: str | None = None
    default_sender_id: str | None = None
    # SNS sends it, and only from identities whose resource policies let it.
    sns_needs_policies: bool = False


def why_not(request: IdentityRequest, identity: Identity) -> str | None:
    """Return why an identity is not suitable, in words that follow its name, or None."""
    if identity.status not in identity.working:
        return f"is {identity.status}"
    if identity.kind not in request.channel.origins:
        return f"is a {identity.kind}"
    if isinstance(identity, RcsAgent):
        # An agent can also send texts.
        return _why_not_the_agent(request, identity)
    if request.sns_needs_policies and not lets_sns_send(identity):
        return "has no resource policy that lets SNS send"
    if request.channel.capability not in identity.number_capabilities:
        return f"does not have the capability {request.channel.capability}"
    if request.message_type and request.message_type not in message_types(identity):
        return f"is not {request.message_type}"
    if only_receives(identity, request.channel.capability):
        return f"is a long code of {identity.iso_country_code}, which can only receive"
    if not is_at_home(identity, request.destination) and not _crosses_by_itself(
        identity, request.destination
    ):
        return f"belongs to {identity.iso_country_code}"
    return None


def _why_not_the_agent(request: IdentityRequest, agent: RcsAgent) -> str | None:
    account, (number, code) = request.account, request.destination
    place = country(code)
    if (place is None or not place.rcs) and not is_tester(account, agent, number):
        return f"cannot send to {code}"
    return None if reaches(account, agent, request.destination) else not_launched_in(code)


def not_launched_in(iso_country_code: str) -> str:
    """Return the words for an agent that is not launched in a country."""
    return f"is not launched in {iso_country_code}"


def message_types(identity: Identity | Pool | None) -> list[str]:
    """Return the message types of an identity or a pool; a shared route has all."""
    if isinstance(identity, SenderId):
        return identity.message_types
    own = identity and identity.message_type
    return [own] if own else ["TRANSACTIONAL", "PROMOTIONAL"]


def is_at_home(identity: Identity, destination: Destination) -> bool:
    """Return whether the destination is in a country that the identity belongs to."""
    if not isinstance(identity, PhoneNumber):
        return identity.iso_country_code in (None, destination.iso_country_code)
    if identity.number_type == "SIMULATOR":
        # User guide: they "can only send to simulator destinations of the same country".
        return simulator_country(destination.phone_number) == identity.iso_country_code
    if identity.iso_country_code == "US" and identity.number_type == "SHORT_CODE":
        # "They can't be used to send messages to recipients outside of the United States or the US
        # territories" (user guide, "Origination identity registration").
        return destination.iso_country_code in OF_THE_UNITED_STATES
    if identity.number_type in ("TOLL_FREE", "TEN_DLC"):
        # They also send to the territories (user guide, "Toll-free numbers", "United States 10DLC
        # registration").
        return destination.iso_country_code in OF_THE_UNITED_STATES
    return identity.iso_country_code == destination.iso_country_code


def only_receives(identity: Identity, capability: str) -> bool:
    """Return whether an identity is a long code of a country whose long codes only receive.

    User guide, "Supported countries and regions for SMS messaging", note 4.
    """
    if not isinstance(identity, PhoneNumber) or identity.number_type != "LONG_CODE":
        return False
    place = country(identity.iso_country_code)
    return place is not None and place.long_codes_only_receive and capability in ("SMS", "MMS")


def _crosses_by_itself(identity: Identity, destination: Destination) -> bool:
    """Return whether a number can be chosen for another country: if both have enabled it.

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
    """Return whether a number that the request names may send to another country.

    Observed for 10DLC numbers (decisions 45); toll-free ones need international sending there.
    """
    if not isinstance(identity, PhoneNumber):
        return False
    if identity.number_type == "TOLL_FREE":
        return _supports_international_sending(destination)
    return identity.number_type in ("LONG_CODE", "TEN_DLC")
