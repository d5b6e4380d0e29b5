"""Settings that a template does not support: no property of the type can express them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.resource_types import Attributes, ResourceType
from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST, OptOutList
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.protect_configurations import ProtectConfiguration
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
from pinpoint_sms_emu.resources.registrations.number_activation import (
    REGISTERED_BEFORE,
    REGISTERED_LATER,
)
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.sender_ids import SenderId, must_be_registered
from pinpoint_sms_emu.resources.two_way import changed_keywords
from pinpoint_sms_emu.resources.verified_destination_numbers import VerifiedDestinationNumber
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.state.tables import Resource


def find_unsupported(account: Account, kind: ResourceType, attributes: Attributes) -> Iterator[str]:
    """Yield a phrase for each setting of a resource that a template does not support."""
    found = _found(account, kind, attributes)
    if found is not None:
        _, phrases_of = _TABLES[kind.short_name]
        for each in phrases_of(found):
            yield f"{kind.short_name} {attributes[kind.id]}: {each}"


def find_impossible(account: Account, kind: ResourceType, attributes: Attributes) -> Iterator[str]:
    """Yield why a template cannot create a resource again at all."""
    match _found(account, kind, attributes):
        case VerifiedDestinationNumber(rcs_agent_id=str(agent)):
            yield f"it tests {agent}"
        case SenderId(iso_country_code=code) if must_be_registered(account, code):
            yield "it needs a registration"
        case PhoneNumber() as number if _needs_registration(account, number, REGISTERED_BEFORE):
            yield "it needs a registration"


def can_join_a_pool(account: Account, arn: str) -> bool:
    """Return whether a number is ACTIVE without a registration, as other identities need not be."""
    number = account.phone_numbers.get(arn.rpartition("/")[2]) if ":phone-number/" in arn else None
    return number is None or not _needs_registration(account, number, REGISTERED_LATER)


def _needs_registration(account: Account, number: PhoneNumber, kind: tuple[str, str]) -> bool:
    is_required = account.settings.registrations == "required"
    return is_required and (number.iso_country_code, number.number_type) == kind


def _found(account: Account, kind: ResourceType, attributes: Attributes) -> Resource | None:
    if kind.short_name not in _TABLES:
        return None
    table, _ = _TABLES[kind.short_name]
    return next((each for each in account.tables[table] if each.arn == attributes[kind.arn]), None)


def find_unsupported_of_account(account: Account) -> Iterator[str]:
    """Yield a phrase for each setting that belongs to no resource."""
    if account.spend_limit_overrides:
        yield "the account: its spend limits"
    numbers = account.opt_out_lists[DEFAULT_LIST].numbers
    if numbers:
        yield f"OptOutList {DEFAULT_LIST}: {_count(len(numbers), 'opted-out number')}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _of_list(opt_out_list: OptOutList) -> Iterator[str]:
    if opt_out_list.numbers:
        yield _count(len(opt_out_list.numbers), "opted-out number")


def _of_protect_configuration(configuration: ProtectConfiguration) -> Iterator[str]:
    if configuration.account_default:
        yield "it is the account's default"
    if configuration.number_overrides:
        yield _count(len(configuration.number_overrides), "override of a number")


def _of_registration(registration: Registration) -> Iterator[str]:
    if any(version.values for version in registration.versions):
        yield "the values of its fields"
    if registration.versions[-1].status != "DRAFT":
        yield "that it was submitted"


def _of_number(number: PhoneNumber) -> Iterator[str]:
    yield f"its digits {number.phone_number} and its id"
    if number.message_type != "TRANSACTIONAL":
        yield f"its message type {number.message_type}"
    if number.international_sending_enabled:
        yield "its international sending"
    if number.registration_id:
        yield f"its registration {number.registration_id}"


def _of_sender_id(sender_id: SenderId) -> Iterator[str]:
    if len(sender_id.message_types) == 1:
        yield f"that it has only the message type {sender_id.message_types[0]}"
    if sender_id.registration_id:
        yield f"its registration {sender_id.registration_id}"


def _of_agent(agent: RcsAgent) -> Iterator[str]:
    if changed_keywords(agent):
        yield "its keywords"


def _of_pool(pool: Pool) -> Iterator[str]:
    if pool.message_type != "TRANSACTIONAL":
        yield f"its message type {pool.message_type}"


def _of_set(configuration_set: ConfigurationSet) -> Iterator[str]:
    if configuration_set.default_message_type:
        yield f"its default message type {configuration_set.default_message_type}"


def _of_verified_number(number: VerifiedDestinationNumber) -> Iterator[str]:
    if number.status == "VERIFIED":
        yield "that it is verified"


# By the name of the type: the kind of its table, and the function for the phrases.
_TABLES: Final[Mapping[str, tuple[str, Callable[[Any], Iterator[str]]]]] = {
    "OptOutList": ("opt-out-list", _of_list),
    "ProtectConfiguration": ("protect-configuration", _of_protect_configuration),
    "Registration": ("registration", _of_registration),
    "PhoneNumber": ("phone-number", _of_number),
    "SenderId": ("sender-id", _of_sender_id),
    "RcsAgent": ("rcs-agent", _of_agent),
    "Pool": ("pool", _of_pool),
    "ConfigurationSet": ("configuration-set", _of_set),
    "VerifiedDestinationNumber": ("verified-destination-number", _of_verified_number),
}
