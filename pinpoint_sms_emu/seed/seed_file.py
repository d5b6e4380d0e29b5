"""The seed file: a TOML file with resources, which are created by AWS's operations.

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

Resources outside of `accounts` belong to the default account in the default Region. A mistake
raises a ValueError with its place.
"""

from __future__ import annotations

import pathlib
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.cloudformation import templates
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.seed.seed_table import (
    Mistakes,
    Path,
    SeedFileError,
    SeedTable,
    find_lines,
)
from pinpoint_sms_emu.service import arrangements
from pinpoint_sms_emu.service.calls import CallJournal
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.setting_files import read_text
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.wire.json_text import must_have_no_lone_surrogate
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import (
    ACCOUNT_ID,
    DEFAULT_ACCOUNT,
    DEFAULT_REGION,
    REGION,
)
from pinpoint_sms_emu.wording import quoted


def first_state(settings: Settings, calls: CallJournal) -> State:
    """Create a state with the resources in the seed file of the settings, which are active at once.

    A template is deployed like CloudFormation deploys it; its calls are recorded.
    """
    assert settings.seed_file is not None, "the caller has checked it"  # noqa: S101
    at_once = replace(settings, transition_seconds=0.0, throttling=False, events_endpoint_url=None)
    engine = Engine(at_once)
    engine.calls = calls
    if templates.is_template(settings.seed_file):
        from pinpoint_sms_emu.seed import seed_template  # noqa: PLC0415  only for templates

        seed_template.apply(settings.seed_file, settings.seed_parameters, engine)
    elif settings.seed_parameters:
        raise ValueError("seed_parameters need a template: the seed file is none")
    else:
        apply(settings.seed_file, engine)
    engine.run_due()
    return engine.state


def apply(file: pathlib.Path | Mapping[str, Any], engine: Engine) -> None:
    """Create the resources of a seed file in an engine with an empty state."""
    text, document = ("", _checked(file)) if isinstance(file, Mapping) else _read(file)
    try:
        _apply_all(SeedTable(document, (), engine, DEFAULT_ACCOUNT, DEFAULT_REGION))
    except SeedFileError as mistake:
        name = f"the seed file {file}" if isinstance(file, pathlib.Path) else "seed_file"
        place = mistake.place(find_lines(text))
        raise ValueError(f"{name}, {place}: {mistake.why}") from mistake


def find_mistakes(
    file: pathlib.Path, parameters: Mapping[str, str] = MappingProxyType({})
) -> list[str]:
    """Find all mistakes in a seed file, each a sentence with its place.

    `parameters`: the parameters of a template.

    To find all, the resources are created in a temporary state, without stopping at a mistake.
    """
    if templates.is_template(file):
        from pinpoint_sms_emu.seed import seed_template  # noqa: PLC0415  only for templates

        return seed_template.find_mistakes(file, parameters)
    try:
        text, document = _read(file)
    except ValueError as error:
        return [str(error)]
    root = SeedTable(document, (), Engine(Settings()), DEFAULT_ACCOUNT, DEFAULT_REGION)
    root.mistakes = Mistakes()
    with root.collecting():
        _apply_all(root)
    lines = find_lines(text)
    found = sorted(root.mistakes.found, key=lambda mistake: mistake.line(lines) or 0)
    return [f"{file}, {mistake.place(lines)}: {mistake.why}" for mistake in found]


def _checked(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of a seed in Python; refuse texts that TOML could not contain."""
    try:
        must_have_no_lone_surrogate(mapping, "seed_file")
    except RecursionError as error:
        raise ValueError("seed_file is nested too deeply") from error
    return dict(mapping)


def _read(file: pathlib.Path) -> tuple[str, dict[str, Any]]:
    """Read a seed file, and return text and document; raise a ValueError if it is not TOML."""
    text = read_text(file, f"the seed file {file}")
    try:
        return text, tomllib.loads(text)
    except RecursionError as error:
        raise ValueError(f"the seed file {file} is not TOML: it is nested too deeply") from error
    except ValueError as error:
        raise ValueError(f"the seed file {file} is not TOML: {error}") from error


def _apply_all(root: SeedTable) -> None:
    root.must_know(also=("accounts", *SECTIONS, *_SINGLE))
    _apply_account(root)
    for account in root.each("accounts"):
        account.must_know(also=("account_id", "region", *SECTIONS, *_SINGLE))
        with account.collecting():
            account.account_id = _place(account, "account_id", ACCOUNT_ID, "12 digits")
            account.region = _place(account, "region", REGION, "a Region such as us-east-1")
            root.engine.account(account.account_id, account.region)
            _apply_account(account)


def _place(account: SeedTable, name: str, form: re.Pattern[str], expected: str) -> str:
    value = account.table.get(name, getattr(account, name))
    if not isinstance(value, str):
        raise SeedFileError((*account.path, name), f"must be {expected}, in quotes, not {value}")
    if not form.fullmatch(value):
        raise SeedFileError((*account.path, name), f"must be {expected}, not {quoted(value)}")
    return value


def _apply_account(account: SeedTable) -> None:
    for name, apply_one in SECTIONS.items():
        with account.collecting():
            for section in account.each(name):
                with section.collecting(all_of_it=True):
                    apply_one(section)
    for name, apply_only in _SINGLE.items():
        if name in account.table:
            with account.collecting():
                apply_only(account.inner(account.table[name], (*account.path, name)))


def _apply_opt_out_list(section: SeedTable) -> None:
    section.must_know("CreateOptOutList", also=("opted_out_numbers",))
    # Every account has the default list from the start.
    if section.table.get("opt_out_list_name") != DEFAULT_LIST:
        section.call("CreateOptOutList")
    for number, path in section.items("opted_out_numbers"):
        with section.collecting():
            section.call("PutOptedOutNumber", at=path, opted_out_number=number)


def _apply_protect_configuration(section: SeedTable) -> None:
    own = ("protect_configuration_id", "country_rule_set", "number_overrides", "account_default")
    section.must_know("CreateProtectConfiguration", also=own)
    section.choose_id("protect_configuration_id")
    made = section.call("CreateProtectConfiguration")["ProtectConfigurationId"]

    rules = section.inner(
        section.table.get("country_rule_set", {}), (*section.path, "country_rule_set")
    )
    rules.must_know(also=tuple(service_model().shapes["NumberCapability"]["enum"]))
    for capability, countries in rules.table.items():
        with section.collecting():
            section.call(
                "UpdateProtectConfigurationCountryRuleSet",
                at=(*rules.path, capability),
                protect_configuration_id=made,
                number_capability=capability,
                country_rule_set_updates=countries,
            )
    for override in section.each("number_overrides"):
        operation = "PutProtectConfigurationRuleSetNumberOverride"
        override.must_know(operation, but=("protect_configuration_id",))
        # A file that could be loaded can be loaded again later.
        if not override.is_past("expiration_timestamp"):
            with override.collecting():
                override.call(operation, protect_configuration_id=made)
    if section.flag("account_default"):
        section.call("SetAccountDefaultProtectConfiguration", protect_configuration_id=made)


def _apply_registration(section: SeedTable) -> None:
    own = ("registration_id", "fields", "submitted")
    section.must_know("CreateRegistration", also=own)
    section.choose_id("registration_id")
    made = section.call("CreateRegistration")["RegistrationId"]

    values = section.inner(section.table.get("fields", {}), (*section.path, "fields"))
    for field_path, value in values.table.items():
        with section.collecting():
            section.call(
                "PutRegistrationFieldValue",
                at=(*values.path, field_path),
                registration_id=made,
                field_path=field_path,
                **{"select_choices" if isinstance(value, list) else "text_value": value},
            )
    if section.flag("submitted"):
        section.call("SubmitRegistrationVersion", registration_id=made)


def _apply_phone_number(section: SeedTable) -> None:
    known = NumberSettings.__annotations__.keys() - {"pool_id"}
    section.must_know(also=("phone_number", "keywords", *known))
    settings = {name: value for name, value in section.table.items() if name in known}
    try:
        number = section.engine.change(
            arrangements.add_number,
            section.need_text("phone_number"),
            account_id=section.account_id,
            region=section.region,
            **settings,
        )
    except (ValueError, LookupError) as error:
        # The sentence about a wrong setting begins with its name.
        name, _, why = str(error).partition(" ")
        if name in settings:
            raise SeedFileError((*section.path, name), why) from error
        raise SeedFileError(section.path, str(error)) from error
    _apply_keywords(section, number.id)


def _apply_keywords(section: SeedTable, identity: str) -> None:
    for keyword in section.each("keywords"):
        keyword.must_know("PutKeyword", but=("origination_identity",))
        with keyword.collecting():
            keyword.call("PutKeyword", origination_identity=identity)


def _apply_sender_id(section: SeedTable) -> None:
    section.must_know("RequestSenderId")
    section.call("RequestSenderId")


def _apply_rcs_agent(section: SeedTable) -> None:
    section.must_know("CreateRcsAgent", "UpdateRcsAgent", also=("keywords",))
    section.choose_id("rcs_agent_id")
    made = section.call("CreateRcsAgent")["RcsAgentId"]
    section.call("UpdateRcsAgent", rcs_agent_id=made)
    _apply_keywords(section, made)


def _apply_pool(section: SeedTable) -> None:
    own = ("pool_id", "origination_identities", "keywords")
    section.must_know(
        "CreatePool", "UpdatePool", also=own, but=("origination_identity", "iso_country_code")
    )
    section.need("origination_identities")
    members = [_member(section, *item) for item in section.items("origination_identities")]
    if not members:
        raise SeedFileError((*section.path, "origination_identities"), "must name one at least")

    section.choose_id("pool_id")
    (first, path), *rest = members
    message_type = section.table.get("message_type", "TRANSACTIONAL")
    made = section.call("CreatePool", at=path, **first, message_type=message_type)["PoolId"]
    for member, path in rest:
        section.call("AssociateOriginationIdentity", at=path, pool_id=made, **member)
    section.call("UpdatePool", pool_id=made)
    _apply_keywords(section, made)


def _member(section: SeedTable, value: Any, path: Path) -> tuple[dict[str, Any], Path]:
    """Parse a member of a pool: a number, an id, or a sender ID with its country."""
    if isinstance(value, dict):
        section.inner(value, path).must_know(also=("origination_identity", "iso_country_code"))
        return value, path
    account = section.engine.account(section.account_id, section.region)
    number = account.phone_numbers.by_number(value) if isinstance(value, str) else None
    if number is None:
        if isinstance(value, str) and value.startswith("+"):
            raise SeedFileError(path, f"there is no number {value} in phone_numbers")
        return {"origination_identity": value}, path
    # An older model requires the country of each member.
    country = number.iso_country_code
    return {"origination_identity": number.id, "iso_country_code": country}, path


def _apply_configuration_set(section: SeedTable) -> None:
    own = ("event_destinations", "protect_configuration_id", *_DEFAULTS)
    section.must_know("CreateConfigurationSet", also=own)
    name = section.call("CreateConfigurationSet")["ConfigurationSetName"]
    for member, (operation, expected) in _DEFAULTS.items():
        if member in section.table:
            section.call(operation, at=(*section.path, member), **{expected: section.table[member]})
    if "protect_configuration_id" in section.table:
        section.call(
            "AssociateProtectConfiguration", at=(*section.path, "protect_configuration_id")
        )
    for destination in section.each("event_destinations"):
        destination.must_know(
            "CreateEventDestination", also=("enabled",), but=("configuration_set_name",)
        )
        with destination.collecting():
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


def _apply_notify_configuration(section: SeedTable) -> None:
    section.must_know("CreateNotifyConfiguration", also=("notify_configuration_id",))
    section.choose_id("notify_configuration_id")
    section.call("CreateNotifyConfiguration")


def _apply_verified_number(section: SeedTable) -> None:
    section.must_know("CreateVerifiedDestinationNumber", also=("verified_destination_number_id",))
    section.choose_id("verified_destination_number_id")
    made = section.call("CreateVerifiedDestinationNumber")["VerifiedDestinationNumberId"]
    # Verified directly, without sending a code.
    account = section.engine.account(section.account_id, section.region)
    account.verified_destination_numbers[made].status = "VERIFIED"


def _apply_spend_limits(section: SeedTable) -> None:
    section.must_know(also=("media", "notify", "rcs", "text", "voice"))
    for kind, limit in section.table.items():
        operation = f"Set{kind.capitalize()}MessageSpendLimitOverride"
        with section.collecting():
            section.call(operation, at=(*section.path, kind), monthly_limit=limit)


# In the order of their dependencies.
SECTIONS: Final[Mapping[str, Callable[[SeedTable], None]]] = {
    "opt_out_lists": _apply_opt_out_list,
    "protect_configurations": _apply_protect_configuration,
    "registrations": _apply_registration,
    "phone_numbers": _apply_phone_number,
    "sender_ids": _apply_sender_id,
    "rcs_agents": _apply_rcs_agent,
    "pools": _apply_pool,
    "notify_configurations": _apply_notify_configuration,
    "configuration_sets": _apply_configuration_set,
    "verified_destination_numbers": _apply_verified_number,
}
# Tables that an account has once.
_SINGLE: Final[Mapping[str, Callable[[SeedTable], None]]] = {
    "spend_limit_overrides": _apply_spend_limits,
}
