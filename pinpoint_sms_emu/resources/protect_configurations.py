"""Protect configurations: the countries and numbers to which messages may be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple, TypedDict, Unpack

from pinpoint_sms_emu.errors import (
    ConflictException,
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.reference.countries import PROTECT_ISO_CODES
from pinpoint_sms_emu.resources.number_overrides import NumberOverride, override_key
from pinpoint_sms_emu.service.destinations import Destination
from pinpoint_sms_emu.service.listing import Filter, Paginated, matching, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_not_be_protected
from pinpoint_sms_emu.state.tables import Entries, Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.configuration_sets import ConfigurationSet
    from pinpoint_sms_emu.service.account import Account


# From the least to the most strict.
_STRICTER: Final = ("ALLOW", "MONITOR", "FILTER", "BLOCK")


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class ProtectConfiguration(Resource):
    """Rules for countries by capability, and for single numbers."""

    kind: ClassVar[str] = "protect-configuration"
    id_prefix: ClassVar[str] = "protect-"

    account_default: bool = False
    deletion_protection_enabled: bool = False
    # By capability and country; without a rule, messages are allowed.
    country_rules: dict[str, dict[str, str]] = field(default_factory=dict)
    number_overrides: Entries[NumberOverride] = field(default_factory=Entries)

    @property
    def reference(self) -> dict[str, Any]:
        """The id and ARN of the configuration, in answers about parts of it."""
        return {"protect_configuration_arn": self.arn, "protect_configuration_id": self.id}

    def decide(self, capability: str, iso_country_code: str) -> str:
        """Return the rule for a message. For RCS, it is the stricter of the RCS and SMS rules.

        RCS is a capability of its own in the API, but AWS's agent guide says that SMS "governs RCS
        sends too".
        """
        status = self.country_rule(capability, iso_country_code)
        if capability != "RCS":
            return status
        return max(status, self.country_rule("SMS", iso_country_code), key=_STRICTER.index)

    def country_rule(self, capability: str, iso_country_code: str) -> str:
        """Return the rule of a capability and a country."""
        return self.country_rules.get(capability, {}).get(iso_country_code, "ALLOW")

    def number_override(self, phone_number: str) -> NumberOverride | None:
        """Return the override of a number, or None."""
        return self.number_overrides.get(override_key(self.id, phone_number))


class ProtectConfigurationChanges(TypedDict, total=False):
    """The settings that can be updated."""

    deletion_protection_enabled: bool


# Decisions, for sending.


class ProtectDecision(NamedTuple):
    """The decision about a message: ALLOW, MONITOR, FILTER, or BLOCK with a Reason."""

    status: str = "ALLOW"
    configuration: ProtectConfiguration | None = None
    reason: str | None = None


_UNPROTECTED: Final = ProtectDecision()


def protect_decision(
    account: Account,
    destination: Destination,
    capability: str,
    *,
    protect_configuration_id: str | None = None,
    configuration_set: ConfigurationSet | None = None,
) -> ProtectDecision:
    """Decide about a message of a capability to a destination.

    User guide, "Protect": the override of a number has precedence over the rule of its country.
    """
    configuration = effective(account, protect_configuration_id, configuration_set)
    if configuration is None:
        return _UNPROTECTED
    if override := configuration.number_override(destination.phone_number):
        reason = "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"
        status = override.action
    else:
        reason = "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
        status = configuration.decide(capability, destination.iso_country_code)
    return ProtectDecision(status, configuration, reason if status == "BLOCK" else None)


def effective(
    account: Account,
    protect_configuration_id: str | None,
    configuration_set: ConfigurationSet | None,
) -> ProtectConfiguration | None:
    """Return the request's configuration, else the configuration set's, else the default."""
    if protect_configuration_id is not None:
        return account.protect_configurations[protect_configuration_id]
    if configuration_set is not None and configuration_set.protect_configuration_id is not None:
        return account.protect_configurations[configuration_set.protect_configuration_id]
    return account_default(account)


def account_default(account: Account) -> ProtectConfiguration | None:
    """Return the account's default configuration, or None."""
    if not account.protect_configurations:
        return None
    return next((each for each in account.protect_configurations if each.account_default), None)


# The configurations themselves.


@operation
def create_protect_configuration(
    account: Account,
    *,
    deletion_protection_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> ProtectConfiguration:
    """Create a configuration that allows everything."""
    return account.protect_configurations.add(
        ProtectConfiguration(
            deletion_protection_enabled=deletion_protection_enabled, tags=tags or {}
        )
    )


@operation
def update_protect_configuration(
    account: Account,
    *,
    protect_configuration_id: str,
    **changes: Unpack[ProtectConfigurationChanges],
) -> ProtectConfiguration:
    """Turn the deletion protection of a configuration on or off."""
    configuration = account.protect_configurations[protect_configuration_id]

    configuration.change(changes)
    return configuration


@operation
def delete_protect_configuration(
    account: Account, *, protect_configuration_id: str
) -> ProtectConfiguration:
    """Delete an unused configuration with its rules."""
    configuration = account.protect_configurations[protect_configuration_id]

    must_not_be_protected(configuration)
    if any(
        each.protect_configuration_id == configuration.id for each in account.configuration_sets
    ):
        raise ConflictException(
            "PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET", configuration
        )
    if configuration.account_default:
        raise ConflictException("PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT", configuration)

    account.protect_configurations.remove(configuration)
    return configuration


@operation
def describe_protect_configurations(
    account: Account,
    *,
    protect_configuration_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[ProtectConfiguration]:
    """List the configurations that the request names, or all, that match any of the filters."""
    found = select(account.protect_configurations, protect_configuration_ids)
    if not filters:
        return found
    # Any filter may match; in all other operations, all filters must match (decisions 22).
    alternatives = [matching([each]) for each in filters]
    return found._replace(keep=lambda entry: any(matches(entry) for matches in alternatives))


# Associations.


@operation
def associate_protect_configuration(
    account: Account, *, protect_configuration_id: str, configuration_set_name: str
) -> dict[str, Any]:
    """Set the protect configuration of a configuration set, or replace it."""
    configuration = account.protect_configurations[protect_configuration_id]
    configuration_set = account.configuration_sets[configuration_set_name]

    configuration_set.protect_configuration_id = configuration.id
    return configuration.reference | configuration_set.reference


@operation
def disassociate_protect_configuration(
    account: Account, *, protect_configuration_id: str, configuration_set_name: str
) -> dict[str, Any]:
    """Remove the protect configuration of a configuration set."""
    configuration = account.protect_configurations[protect_configuration_id]
    configuration_set = account.configuration_sets[configuration_set_name]

    if configuration_set.protect_configuration_id != configuration.id:
        raise ConflictException(
            "PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET", configuration
        )

    configuration_set.protect_configuration_id = None
    return configuration.reference | configuration_set.reference


@operation
def set_account_default_protect_configuration(
    account: Account, *, protect_configuration_id: str
) -> dict[str, str]:
    """Make a configuration the account's default, for messages without another one."""
    configuration = account.protect_configurations[protect_configuration_id]

    if former := account_default(account):
        former.account_default = False
    configuration.account_default = True
    return _as_default(configuration)


@operation
def delete_account_default_protect_configuration(account: Account) -> dict[str, str]:
    """Remove the account's default. The configuration itself is not deleted."""
    former = account_default(account)
    if former is None:
        raise ResourceNotFoundException(ResourceReference(ProtectConfiguration.kind, "default"))

    former.account_default = False
    return _as_default(former)


def _as_default(configuration: ProtectConfiguration) -> dict[str, str]:
    return {
        "default_protect_configuration_arn": configuration.arn,
        "default_protect_configuration_id": configuration.id,
    }


# Rules for countries.


class CountryRule(TypedDict):
    """A rule, in the form of requests and answers."""

    protect_status: str


@operation
def get_protect_configuration_country_rule_set(
    account: Account, *, protect_configuration_id: str, number_capability: str
) -> dict[str, Any]:
    """Return the rules of all countries for one capability."""
    configuration = account.protect_configurations[protect_configuration_id]
    return _country_rule_set(configuration, number_capability)


@operation
def update_protect_configuration_country_rule_set(
    account: Account,
    *,
    protect_configuration_id: str,
    number_capability: str,
    country_rule_set_updates: dict[str, CountryRule],
) -> dict[str, Any]:
    """Change the rules of the given countries for one capability."""
    if unknown := sorted(country_rule_set_updates.keys() - set(PROTECT_ISO_CODES)):
        raise ValidationException(
            "INVALID_PARAMETER",
            country_rule_set_updates=f"has no supported country {', '.join(unknown)}",
        )
    configuration = account.protect_configurations[protect_configuration_id]

    rules = configuration.country_rules.setdefault(number_capability, {})
    for iso_country_code, rule in country_rule_set_updates.items():
        rules[iso_country_code] = rule["protect_status"]
    return _country_rule_set(configuration, number_capability)


def _country_rule_set(configuration: ProtectConfiguration, capability: str) -> dict[str, Any]:
    return configuration.reference | {
        "number_capability": capability,
        "country_rule_set": {
            code: CountryRule(protect_status=configuration.country_rule(capability, code))
            for code in PROTECT_ISO_CODES
        },
    }
