"""Checks before sending: one small function for each Reason. A check changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    Identified,
    ResourceNotFoundException,
    ResourceReference,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.messaging.sending.selection import sender_id_not_supported, wrong_country
from pinpoint_sms_emu.messaging.sending.suitability import (
    is_at_home,
    may_cross,
    message_types,
    not_launched_in,
    only_receives,
)
from pinpoint_sms_emu.reference.countries import ALLOWLISTED, SANCTIONED, country
from pinpoint_sms_emu.reference.simulator_numbers import simulator_country
from pinpoint_sms_emu.reference.voice_regions import has_calls
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.resources.opt_out_lists import opt_out_list_of
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.rcs_launches import can_be_tested, is_tester, reaches
from pinpoint_sms_emu.resources.sender_ids import SenderId
from pinpoint_sms_emu.resources.two_way import TwoWay
from pinpoint_sms_emu.service.rules import must_be_active

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.sending.draft import Draft

# User guide, "Voice sandbox" and "Voice quotas": 20 messages in 24 hours, to these countries.
_SANDBOX_CALLS_IN_ALL: Final = 20
_SANDBOX_COUNTRIES: Final = ("AU", "CA", "DE", "GB", "HK", "IL", "JP", "MX", "SE", "SG", "US")


# The destination.


def country_is_served(draft: Draft) -> None:
    """The country must be supported. China requires an allowlisted account.

    User guide, "Working with shared resources": the request fails with this Reason "regardless of
    whether the origination identity is owned or shared".
    """
    code = draft.destination.iso_country_code
    place = country(code)
    if place is None or not place.served or code in ALLOWLISTED:
        raise _blocked(draft, "messages")


def country_takes_media(draft: Draft) -> None:
    """MMS must be supported in the country, or the destination be a simulator number."""
    place = country(draft.destination.iso_country_code)
    if place is None or not (place.mms or simulator_country(draft.destination.phone_number)):
        raise _blocked(draft, "MMS")


def country_takes_calls(draft: Draft) -> None:
    """In the sandbox, only some countries can be called.

    User guide, "Voice quotas": "If your account is out of the sandbox, you can send messages to
    recipients in any country." That this excludes sanctioned countries is inferred.
    """
    code = draft.destination.iso_country_code
    is_sandbox = draft.account.settings.account_tier == "SANDBOX"
    if code in SANCTIONED or (is_sandbox and code not in _SANDBOX_COUNTRIES):
        raise _blocked(draft, "voice messages")


def country_takes_rcs(draft: Draft) -> None:
    """RCS must be supported in the country, or the destination be a tester of the agent."""
    place = country(draft.destination.iso_country_code)
    if draft.channel.name == "rcs" and not (place and place.rcs) and not _is_to_tester(draft):
        raise _blocked(draft, "RCS messages")


def _is_to_tester(draft: Draft) -> bool:
    identity = draft.origin.identity
    number = draft.destination.phone_number
    return isinstance(identity, RcsAgent) and is_tester(draft.account, identity, number)


def _blocked(draft: Draft, what: str) -> ValidationException:
    return ValidationException(
        "DESTINATION_COUNTRY_BLOCKED",
        destination_phone_number=f"is in {draft.destination.iso_country_code}, "
        f"where {what} cannot be sent",
    )


def destination_is_verified(draft: Draft) -> None:
    """In the sandbox, the destination must be a verified number or a simulator number."""
    account, number = draft.account, draft.destination.phone_number
    if account.settings.account_tier != "SANDBOX" or simulator_country(number):
        return
    if _is_to_tester(draft):
        return
    for verified in account.verified_destination_numbers:
        is_tester_only = verified.rcs_agent_id is not None
        if (verified.destination_phone_number, is_tester_only) == (number, False) and (
            verified.status == "VERIFIED"
        ):
            return
    raise _not_verified(draft)


def _not_verified(draft: Draft) -> ConflictException:
    number = draft.destination.phone_number
    return ConflictException(
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", ResourceReference("phone-number", number)
    )


def destination_has_not_opted_out(draft: Draft) -> None:
    """The number must not be on the opt-out list of the pool, or else of the identity.

    Inferred: a sender ID outside of a pool uses the default list, because it has none.
    """
    holder = draft.origin.pool or draft.origin.identity
    if isinstance(holder, TwoWay):
        opt_out_list = opt_out_list_of(draft.account, holder)
    else:
        opt_out_list = draft.account.opt_out_lists["Default"]
    number = draft.destination.phone_number
    if number in opt_out_list.numbers:
        raise ConflictException(
            "DESTINATION_PHONE_NUMBER_OPTED_OUT", ResourceReference("phone-number", number)
        )


def protection_allows_it(draft: Draft) -> None:
    """No protect configuration must block the number or its country; FILTER acts later."""
    if draft.protect_decision.reason:
        raise ConflictException(draft.protect_decision.reason, draft.protect_decision.configuration)


def destination_was_not_called_too_often(draft: Draft) -> None:
    """A destination is called at most 5 times in 24 hours, from all numbers together.

    User guide, "Voice quotas": this applies in the sandbox and in production.
    """
    account = draft.account
    calls = account.within_a_day.count(f"VOICE {draft.destination.phone_number}", account.now())
    if calls >= account.quota("DAILY_DESTINATION_CALL_LIMIT"):
        raise ServiceQuotaExceededException("DAILY_DESTINATION_CALL_LIMIT")


def sandbox_has_calls_left(draft: Draft) -> None:
    """An account in the sandbox makes a limited number of calls in 24 hours.

    The Reason is inferred: it is the most similar one.
    """
    account = draft.account
    is_sandbox = account.settings.account_tier == "SANDBOX"
    if is_sandbox and account.within_a_day.count("VOICE", account.now()) >= _SANDBOX_CALLS_IN_ALL:
        raise ServiceQuotaExceededException("DAILY_DESTINATION_CALL_LIMIT")


# The origin.


def origin_is_active(draft: Draft) -> None:
    """The number, sender ID or pool must not be in creation or deletion."""
    if draft.origin.pool:
        must_be_active(draft.origin.pool)
    if draft.origin.identity:
        must_be_active(draft.origin.identity)


def origin_has_the_type(draft: Draft) -> None:
    """The pool or identity must have the request's message type."""
    named = draft.origin.pool or draft.origin.identity
    if named and draft.requested_type and draft.requested_type not in message_types(named):
        raise ConflictException("MESSAGE_TYPE_MISMATCH", named)


def origin_was_found(draft: Draft) -> None:
    """There must be an identity or a shared route that can send the message."""
    if not draft.origin.sender:
        # The resource type is not documented; our choice is the named pool, or else the account.
        about = draft.origin.pool or ResourceReference("account", draft.account.account_id)
        raise nothing_found(draft, about)


def nothing_found(draft: Draft, about: Identified) -> ConflictException:
    """Return the error that nothing can send a message, with the candidates."""
    error = ConflictException("NO_ORIGINATION_IDENTITIES_FOUND", about)
    error.candidates = draft.origin.candidates
    return error


def origin_has_the_capability(draft: Draft) -> None:
    """The number must have the capability of the channel."""
    identity = draft.origin.identity
    if identity and draft.channel.capability not in identity.number_capabilities:
        raise ConflictException("NUMBER_CAPABILITIES_MISMATCH", identity)


def region_has_calls(draft: Draft) -> None:
    """The Region must have the voice channel."""
    region = draft.account.region
    if not has_calls(region):
        raise ValidationException(
            "VOICE_CAPABILITY_NOT_AVAILABLE", origination_identity=f"cannot call from {region}"
        )


def origin_has_a_voice(draft: Draft) -> None:
    """The number must have the capability VOICE."""
    identity = draft.origin.identity
    if identity and "VOICE" not in identity.number_capabilities:
        raise ValidationException(
            "VOICE_CAPABILITY_NOT_AVAILABLE", origination_identity=f"{identity.id} cannot call"
        )


def origin_can_send_there(draft: Draft) -> None:
    """The identity must be able to send to the country (decisions 45).

    Agents send to countries where they are launched, and to their testers. User guide, "Testing RCS
    messages": a testing agent sends only to testers; the refusal and its Reason are inferred.
    """
    identity, destination = draft.origin.identity, draft.destination
    code = destination.iso_country_code
    if isinstance(identity, RcsAgent) and not reaches(draft.account, identity, destination):
        if can_be_tested(identity):
            raise _not_verified(draft)
        raise wrong_country(f"{identity.id} {not_launched_in(code)}")
    if identity is None:
        return
    if only_receives(identity, draft.channel.capability):
        raise wrong_country(
            f"{identity.id} can only receive, like all long codes of {identity.iso_country_code}"
        )
    if is_at_home(identity, destination) or may_cross(identity, destination):
        return
    place = country(destination.iso_country_code)
    if isinstance(identity, SenderId) and place and place.sender_ids == "unsupported":
        raise sender_id_not_supported(place.iso_code)
    raise wrong_country(
        f"{identity.id} cannot send to {destination.phone_number} ({destination.iso_country_code})"
    )


def origin_has_the_keyword(draft: Draft) -> None:
    """The keyword, the program name of a US short code, must be one of the origin's."""
    holder = draft.origin.pool or draft.origin.identity
    if draft.keyword is None:
        return
    keywords = holder.keywords if isinstance(holder, TwoWay) else {}
    if draft.keyword.upper() not in keywords:
        raise ResourceNotFoundException(ResourceReference("keyword", draft.keyword))


# The price.


def price_is_acceptable(draft: Draft) -> None:
    """The price of the whole message must not exceed MaxPrice (current documentation)."""
    if draft.max_price is not None and draft.price > draft.max_price:
        raise ValidationException(
            "PRICE_OVER_THRESHOLD", max_price=f"is below the price of {draft.price}"
        )


def price_per_minute_is_acceptable(draft: Draft) -> None:
    """The price of a minute must not exceed MaxPricePerMinute."""
    if draft.max_price is not None and draft.unit_price > draft.max_price:
        raise ValidationException(
            "PRICE_OVER_THRESHOLD",
            max_price_per_minute=f"is below the price of {draft.unit_price}",
        )


def spend_limit_leaves_room(draft: Draft) -> None:
    """The message must not exceed the monthly limit for its kind."""
    spend_limits.must_leave_room(draft.account, draft.channel.spend, draft.price)
