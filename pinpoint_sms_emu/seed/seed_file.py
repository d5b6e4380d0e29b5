"""The seed file: resources to start with, as TOML, made by the operations that users call.

    [[opt_out_lists]]
    opt_out_list_name = "Marketing"
    opted_out_numbers = ["+14255550199"]

    [[phone_numbers]]
    phone_number = "+12065550100"
    phone_number_id = "phone-main"
    number_type = "TOLL_FREE"
    keywords = [{ keyword = "YES", keyword_message = "Thank you" }]

    [[pools]]
    pool_id = "pool-main"
    origination_identities = ["+12065550100"]
    opt_out_list_name = "Marketing"

    [spend_limit_overrides]
    text = 50

    [[accounts]]
    account_id = "210987654321"
    region = "eu-west-1"
    sender_ids = [{ sender_id = "ACME", iso_country_code = "DE" }]

What stands outside of `accounts` is the default account's, in its default Region. A mistake is a
ValueError that says where it is.
"""

from __future__ import annotations

import pathlib
import re
import tomllib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.seed.seed_table import MistakeError, Path, Plot, find_lines
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator

_ACCOUNT_ID: Final = re.compile(r"[0-9]{12}")
_REGION: Final = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+")


def plant(file: pathlib.Path, emulator: Emulator) -> None:
    """Make everything that a seed file asks for, in an emulator that has nothing yet."""
    try:
        text = file.read_text("utf-8")
        document = tomllib.loads(text)
    except OSError as error:
        raise ValueError(f"the seed file {file} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ValueError(f"the seed file {file} is not TOML: {error}") from error
    try:
        _plant_all(Plot(document, (), emulator, DEFAULT_ACCOUNT, DEFAULT_REGION))
    except MistakeError as mistake:
        place = mistake.place(find_lines(text))
        raise ValueError(f"the seed file {file}, {place}: {mistake.why}") from mistake


def _plant_all(root: Plot) -> None:
    root.must_know(also=("accounts", *_SECTIONS, *_SINGLE))
    _plant_account(root)
    for account in root.each("accounts"):
        account.must_know(also=("account_id", "region", *_SECTIONS, *_SINGLE))
        account.account_id = _place(account, "account_id", _ACCOUNT_ID, "12 digits")
        account.region = _place(account, "region", _REGION, "a Region such as us-east-1")
        root.emulator.account(account.account_id, account.region)
        _plant_account(account)


def _place(account: Plot, name: str, form: re.Pattern[str], wanted: str) -> str:
    value = account.table.get(name, getattr(account, name))
    if not isinstance(value, str) or not form.fullmatch(value):
        raise MistakeError((*account.path, name), f"must be {wanted}, not {value!r}")
    return value


def _plant_account(account: Plot) -> None:
    for name, plant_one in _SECTIONS.items():
        for plot in account.each(name):
            plant_one(plot)
    for name, plant_only in _SINGLE.items():
        if name in account.table:
            plant_only(account.inner(account.table[name], (*account.path, name)))


def _plant_opt_out_list(plot: Plot) -> None:
    plot.must_know("CreateOptOutList", also=("opted_out_numbers",))
    # Every account has this one from the start.
    if plot.table.get("opt_out_list_name") != "Default":
        plot.call("CreateOptOutList")
    for number, path in plot.items("opted_out_numbers"):
        plot.call("PutOptedOutNumber", at=path, opted_out_number=number)


def _plant_protect_configuration(plot: Plot) -> None:
    own = ("protect_configuration_id", "country_rule_set", "number_overrides", "account_default")
    plot.must_know("CreateProtectConfiguration", also=own)
    plot.choose_id("protect_configuration_id")
    made = plot.call("CreateProtectConfiguration")["ProtectConfigurationId"]

    rules = plot.inner(plot.table.get("country_rule_set", {}), (*plot.path, "country_rule_set"))
    for capability, countries in rules.table.items():
        plot.call(
            "UpdateProtectConfigurationCountryRuleSet",
            at=(*rules.path, capability),
            protect_configuration_id=made,
            number_capability=capability,
            country_rule_set_updates=countries,
        )
    for override in plot.each("number_overrides"):
        operation = "PutProtectConfigurationRuleSetNumberOverride"
        override.must_know(operation, but=("protect_configuration_id",))
        override.call(operation, protect_configuration_id=made)
    if plot.table.get("account_default"):
        plot.call("SetAccountDefaultProtectConfiguration", protect_configuration_id=made)


def _plant_registration(plot: Plot) -> None:
    own = ("registration_id", "fields", "submitted")
    plot.must_know("CreateRegistration", also=own)
    plot.choose_id("registration_id")
    made = plot.call("CreateRegistration")["RegistrationId"]

    values = plot.inner(plot.table.get("fields", {}), (*plot.path, "fields"))
    for field_path, value in values.table.items():
        plot.call(
            "PutRegistrationFieldValue",
            at=(*values.path, field_path),
            registration_id=made,
            field_path=field_path,
            **{"select_choices" if isinstance(value, list) else "text_value": value},
        )
    if plot.table.get("submitted"):
        plot.call("SubmitRegistrationVersion", registration_id=made)


def _plant_phone_number(plot: Plot) -> None:
    known = NumberSettings.__annotations__.keys() - {"pool_id"}
    plot.must_know(also=("phone_number", "keywords", *known))
    settings = {name: value for name, value in plot.table.items() if name in known}
    try:
        number = plot.emulator.add_number(
            plot.need("phone_number"),
            account_id=plot.account_id,
            region=plot.region,
            **settings,
        )
    except (ValueError, LookupError) as error:
        raise MistakeError(plot.path, str(error)) from error
    _plant_keywords(plot, number.id)


def _plant_keywords(plot: Plot, identity: str) -> None:
    for keyword in plot.each("keywords"):
        keyword.must_know("PutKeyword", but=("origination_identity",))
        keyword.call("PutKeyword", origination_identity=identity)


def _plant_sender_id(plot: Plot) -> None:
    plot.must_know("RequestSenderId")
    plot.call("RequestSenderId")


def _plant_rcs_agent(plot: Plot) -> None:
    plot.must_know("CreateRcsAgent", "UpdateRcsAgent", also=("keywords",))
    plot.choose_id("rcs_agent_id")
    made = plot.call("CreateRcsAgent")["RcsAgentId"]
    plot.call("UpdateRcsAgent", rcs_agent_id=made)
    _plant_keywords(plot, made)


def _plant_pool(plot: Plot) -> None:
    own = ("pool_id", "origination_identities", "keywords")
    plot.must_know(
        "CreatePool", "UpdatePool", also=own, but=("origination_identity", "iso_country_code")
    )
    plot.need("origination_identities")
    members = [_member(plot, *item) for item in plot.items("origination_identities")]
    if not members:
        raise MistakeError((*plot.path, "origination_identities"), "must name one at least")

    plot.choose_id("pool_id")
    (first, path), *rest = members
    message_type = plot.table.get("message_type", "TRANSACTIONAL")
    made = plot.call("CreatePool", at=path, **first, message_type=message_type)["PoolId"]
    for member, path in rest:
        plot.call("AssociateOriginationIdentity", at=path, pool_id=made, **member)
    plot.call("UpdatePool", pool_id=made)
    _plant_keywords(plot, made)


def _member(plot: Plot, value: Any, path: Path) -> tuple[dict[str, Any], Path]:
    """Read a member of a pool: a number, an id, or a sender ID with its country."""
    if isinstance(value, dict):
        plot.inner(value, path).must_know(also=("origination_identity", "iso_country_code"))
        return value, path
    account = plot.emulator.account(plot.account_id, plot.region)
    number = account.phone_numbers.by_number(value) if isinstance(value, str) else None
    if number is None:
        return {"origination_identity": value}, path
    # An older model wants the country of each member.
    country = number.iso_country_code
    return {"origination_identity": number.id, "iso_country_code": country}, path


def _plant_configuration_set(plot: Plot) -> None:
    own = ("event_destinations", "protect_configuration_id", *_DEFAULTS)
    plot.must_know("CreateConfigurationSet", also=own)
    name = plot.call("CreateConfigurationSet")["ConfigurationSetName"]
    for member, (operation, wanted) in _DEFAULTS.items():
        if member in plot.table:
            plot.call(operation, at=(*plot.path, member), **{wanted: plot.table[member]})
    if "protect_configuration_id" in plot.table:
        plot.call("AssociateProtectConfiguration", at=(*plot.path, "protect_configuration_id"))
    for destination in plot.each("event_destinations"):
        destination.must_know(
            "CreateEventDestination", also=("enabled",), but=("configuration_set_name",)
        )
        destination.call("CreateEventDestination", configuration_set_name=name)
        if "enabled" in destination.table:
            destination.call("UpdateEventDestination", configuration_set_name=name)


_DEFAULTS: Final[Mapping[str, tuple[str, str]]] = {
    "default_message_type": ("SetDefaultMessageType", "message_type"),
    "default_sender_id": ("SetDefaultSenderId", "sender_id"),
    "default_message_feedback_enabled": (
        "SetDefaultMessageFeedbackEnabled",
        "message_feedback_enabled",
    ),
}


def _plant_notify_configuration(plot: Plot) -> None:
    plot.must_know("CreateNotifyConfiguration", also=("notify_configuration_id",))
    plot.choose_id("notify_configuration_id")
    plot.call("CreateNotifyConfiguration")


def _plant_verified_number(plot: Plot) -> None:
    plot.must_know("CreateVerifiedDestinationNumber", also=("verified_destination_number_id",))
    plot.choose_id("verified_destination_number_id")
    made = plot.call("CreateVerifiedDestinationNumber")["VerifiedDestinationNumberId"]
    # Nobody is there to read a code and tell it.
    account = plot.emulator.account(plot.account_id, plot.region)
    account.verified_destination_numbers[made].status = "VERIFIED"


def _plant_spend_limits(plot: Plot) -> None:
    plot.must_know(also=("media", "notify", "rcs", "text", "voice"))
    for kind, limit in plot.table.items():
        operation = f"Set{kind.capitalize()}MessageSpendLimitOverride"
        plot.call(operation, at=(*plot.path, kind), monthly_limit=limit)


# In the order in which one needs another.
_SECTIONS: Final[Mapping[str, Callable[[Plot], None]]] = {
    "opt_out_lists": _plant_opt_out_list,
    "protect_configurations": _plant_protect_configuration,
    "registrations": _plant_registration,
    "phone_numbers": _plant_phone_number,
    "sender_ids": _plant_sender_id,
    "rcs_agents": _plant_rcs_agent,
    "pools": _plant_pool,
    "notify_configurations": _plant_notify_configuration,
    "configuration_sets": _plant_configuration_set,
    "verified_destination_numbers": _plant_verified_number,
}
# Tables of which an account has one.
_SINGLE: Final[Mapping[str, Callable[[Plot], None]]] = {
    "spend_limit_overrides": _plant_spend_limits,
}
