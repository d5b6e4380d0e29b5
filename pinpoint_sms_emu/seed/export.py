"""Exports the resources of accounts as a seed file that creates the same resources."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
from pinpoint_sms_emu.resources.event_destinations import SINKS
from pinpoint_sms_emu.resources.identities import members
from pinpoint_sms_emu.resources.notify_configurations import NotifyConfiguration
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST, OptOutList
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.pools import Pool
from pinpoint_sms_emu.resources.protect_configurations import ProtectConfiguration
from pinpoint_sms_emu.resources.rcs_agents import RcsAgent, RcsAgentChanges
from pinpoint_sms_emu.resources.registrations.definitions import find_problems
from pinpoint_sms_emu.resources.registrations.registered_identities import identities
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.registrations.status import UNDER_REVIEW
from pinpoint_sms_emu.resources.registrations.versions import missing_identities
from pinpoint_sms_emu.resources.sender_ids import SenderId, must_be_registered
from pinpoint_sms_emu.resources.two_way import TwoWay, changed_keywords
from pinpoint_sms_emu.resources.verified_destination_numbers import VerifiedDestinationNumber
from pinpoint_sms_emu.state.tables import LEAVING
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

Members = dict[str, Any]

_escape: Final = json.JSONEncoder(ensure_ascii=False).encode

_TWO_WAY: Final = (
    "two_way_enabled",
    "two_way_channel_arn",
    "two_way_channel_role",
    "self_managed_opt_outs_enabled",
    "opt_out_list_name",
    "deletion_protection_enabled",
)
# Default values, which are left out.
_USUAL: Final[tuple[Any, ...]] = (None, False, [], {}, ())
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_HEAD: Final = """\
# The resources of a running emulator, without its messages; `serve --seed-file` creates them.
"""


def export(accounts: Iterable[Account]) -> str:
    """Return the resources of accounts as the TOML of a seed file."""
    lines = [_HEAD]
    others = []
    for account in accounts:
        if account.place == (DEFAULT_ACCOUNT, DEFAULT_REGION):
            lines += _account(account, "")
        else:
            others.append(account)
    for account in others:
        sections = list(_account(account, "accounts."))
        if sections:
            place = {"account_id": account.account_id, "region": account.region}
            lines += [*_table("[[accounts]]", place), *sections]
    return "\n".join(lines)


def _account(account: Account, prefix: str) -> Iterator[str]:
    overrides = {kind.lower(): limit for kind, limit in account.spend_limit_overrides.items()}
    if overrides:
        yield from _table(f"[{prefix}spend_limit_overrides]", overrides)
    for kind, (name, describe) in _SECTIONS.items():
        for resource in account.tables[kind]:
            described = {} if resource.status in LEAVING else describe(account, resource)
            if described:
                yield from _table(f"[[{prefix}{name}]]", described)


# Resources.


def _some(resource: object, names: Iterable[str]) -> Members:
    """Return the members of a resource that do not have default values.

    An opt-out list of another account is left out: seed files share nothing.
    """
    found = {name: getattr(resource, name) for name in names}
    if isinstance(resource, TwoWay) and (
        resource.opt_out_list_name == DEFAULT_LIST
        or resource.opt_out_list_owner != resource.account_id
    ):
        del found["opt_out_list_name"]
    return {name: value for name, value in found.items() if value not in _USUAL}


def _opt_out_list(_account: Account, opt_out_list: OptOutList) -> Members:
    numbers = [each.id for each in opt_out_list.numbers]
    if opt_out_list.id == DEFAULT_LIST and not numbers:
        return {}
    described = {"opt_out_list_name": opt_out_list.id, **_some(opt_out_list, ("tags",))}
    return described | ({"opted_out_numbers": numbers} if numbers else {})


def _protect_configuration(_account: Account, protect: ProtectConfiguration) -> Members:
    described: Members = {"protect_configuration_id": protect.id}
    described |= _some(protect, ("account_default", "deletion_protection_enabled", "tags"))
    rules = {
        capability: {country: {"protect_status": status} for country, status in rules.items()}
        for capability, rules in protect.country_rules.items()
        if rules
    }
    overrides = [
        {"destination_phone_number": each.id, **_some(each, ("action", "expiration_timestamp"))}
        for each in protect.number_overrides
    ]
    described |= {"country_rule_set": rules} if rules else {}
    return described | ({"number_overrides": overrides} if overrides else {})


def _registration(account: Account, registration: Registration) -> Members:
    if registration.status == "CLOSED":
        return {}  # Its resources are gone, and it can only be deleted.
    version = registration.approved or registration.current
    # Attachments are files, which seed files cannot contain.
    values = {
        path: value
        for path, value in version.values.items()
        if value.registration_attachment_id is None and not value.is_empty
    }
    fields = {
        path: value.text_value if value.select_choices is None else value.select_choices
        for path, value in values.items()
    }
    described = {
        "registration_id": registration.id,
        "registration_type": registration.registration_type,
        **_some(registration, ("tags",)),
    }
    described |= {"fields": fields} if fields else {}
    # Seed files have no associations: registrations that need or have them are drafts there.
    can_be_submitted = (
        version.status in (*UNDER_REVIEW, "APPROVED")
        and not missing_identities(account, registration)
        and not identities(account, registration)
        and not find_problems(registration.form, values)
    )
    return described | ({"submitted": True} if can_be_submitted else {})


def _phone_number(_account: Account, number: PhoneNumber) -> Members:
    settings = NumberSettings.__annotations__.keys() - {"phone_number_id", "pool_id"}
    described = {"phone_number": number.phone_number, "phone_number_id": number.id}
    return described | _some(number, sorted(settings)) | _keywords(number)


def _keywords(resource: TwoWay) -> Members:
    changed = [
        {
            "keyword": each.id,
            "keyword_message": each.message,
            "keyword_action": each.action,
        }
        for each in changed_keywords(resource)
    ]
    return {"keywords": changed} if changed else {}


def _sender_id(account: Account, sender_id: SenderId) -> Members:
    if must_be_registered(account, sender_id.iso_country_code):
        return {}
    names = ("iso_country_code", "message_types", "deletion_protection_enabled", "tags")
    return {"sender_id": sender_id.id.partition("/")[0], **_some(sender_id, names)}


def _rcs_agent(_account: Account, agent: RcsAgent) -> Members:
    settings = (*RcsAgentChanges.__annotations__, "tags")
    described = {"rcs_agent_id": agent.id, **_some(agent, settings)}
    return described | _keywords(agent)


def _pool(account: Account, pool: Pool) -> Members:
    found = _members(account, pool)
    if not found:
        return {}
    described = {
        "pool_id": pool.id,
        "message_type": pool.message_type,
        "origination_identities": list(map(_member, found)),
        **_some(pool, (*_TWO_WAY, "shared_routes_enabled", "tags")),
    }
    return described | _keywords(pool)


def _members(account: Account, pool: Pool) -> list[PhoneNumber | SenderId | RcsAgent]:
    """Return the members of a pool that the seed file has too."""
    return [
        each
        for each in members(account, pool)
        if each.account_id == account.account_id
        and not (isinstance(each, SenderId) and must_be_registered(account, each.iso_country_code))
    ]


def _member(identity: PhoneNumber | SenderId | RcsAgent) -> Any:
    """Return a member of a pool in the form of seed files."""
    if isinstance(identity, SenderId):
        sender_id = identity.id.partition("/")[0]
        return {"origination_identity": sender_id, "iso_country_code": identity.iso_country_code}
    return identity.phone_number if isinstance(identity, PhoneNumber) else identity.id


def _notify_configuration(account: Account, configuration: NotifyConfiguration) -> Members:
    names = (
        "display_name",
        "use_case",
        "default_template_id",
        "pool_id",
        "enabled_countries",
        "enabled_channels",
        "deletion_protection_enabled",
        "tags",
    )
    described = {"notify_configuration_id": configuration.id, **_some(configuration, names)}
    pool = account.pools.get(configuration.pool_id or "")
    if pool is not None and not _members(account, pool):
        del described["pool_id"]
    return described


def _configuration_set(_account: Account, configuration_set: ConfigurationSet) -> Members:
    names = (
        "default_message_type",
        "default_sender_id",
        "default_message_feedback_enabled",
        "protect_configuration_id",
        "tags",
    )
    destinations = [
        {
            "event_destination_name": each.id,
            "matching_event_types": each.matching_event_types,
            "enabled": each.enabled,
            **_some(each, SINKS),
        }
        for each in configuration_set.event_destinations.values()
    ]
    described = {"configuration_set_name": configuration_set.id, **_some(configuration_set, names)}
    return described | ({"event_destinations": destinations} if destinations else {})


def _verified_number(_account: Account, number: VerifiedDestinationNumber) -> Members:
    if number.status != "VERIFIED":
        return {}
    described = {"verified_destination_number_id": number.id}
    return described | _some(number, ("destination_phone_number", "rcs_agent_id", "tags"))


# By the kind of the table, in the order of a seed file's sections.
_SECTIONS: Final[Mapping[str, tuple[str, Callable[[Account, Any], Members]]]] = {
    "opt-out-list": ("opt_out_lists", _opt_out_list),
    "protect-configuration": ("protect_configurations", _protect_configuration),
    "registration": ("registrations", _registration),
    "phone-number": ("phone_numbers", _phone_number),
    "sender-id": ("sender_ids", _sender_id),
    "rcs-agent": ("rcs_agents", _rcs_agent),
    "pool": ("pools", _pool),
    "notify-configuration": ("notify_configurations", _notify_configuration),
    "configuration-set": ("configuration_sets", _configuration_set),
    "verified-destination-number": ("verified_destination_numbers", _verified_number),
}


# TOML.


def _table(header: str, table: Members) -> list[str]:
    return [header, *(f"{_key(name)} = {_value(value)}" for name, value in table.items()), ""]


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else _text(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case datetime():
            return value.isoformat()
        case Mapping():
            pairs = (f"{_key(name)} = {_value(each)}" for name, each in value.items())
            return f"{{ {', '.join(pairs)} }}"
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
        case _:
            return str(value)


def _text(text: str) -> str:
    """Return a TOML string: its escapes are JSON's, except for characters beyond 16 bits."""
    escaped = _escape(text)
    if escaped.isprintable():
        return escaped
    return "".join(each if each.isprintable() else f"\\U{ord(each):08X}" for each in escaped)
