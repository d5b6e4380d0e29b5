"""Notify configurations, with which one-time passwords are sent from templates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypedDict, Unpack

from pinpoint_sms_emu.errors import (
    ResourceNotFoundException,
    ResourceReference,
    ValidationException,
)
from pinpoint_sms_emu.reference.notify_display_names import is_of_a_brand, reason_to_reject
from pinpoint_sms_emu.reference.notify_templates import (
    NotifyCountry,
    NotifyTemplate,
    notify_countries,
    notify_templates,
)
from pinpoint_sms_emu.resources.pools import find_pool
from pinpoint_sms_emu.service.listing import Filter, Listed, Paginated, listed, matching, select
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.rules import must_be_active, must_not_be_protected
from pinpoint_sms_emu.state.scheduler import job
from pinpoint_sms_emu.state.tables import Resource

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

UNSET_TEMPLATE: Final = "UNSET_DEFAULT_TEMPLATE"
UNSET_POOL: Final = "UNSET_DEFAULT_POOL_FOR_NOTIFY"

_CHANNELS: Final = ("SMS", "VOICE")


# The registrations that raise the tier. User guide, "Notify tiers"; the first name is missing in
# the list of types that was observed.
TIER_UPGRADES: Final = ("MANAGED_ROUTES_BRAND_VERIFICATION", "NOTIFY_TIER_UPGRADE_REGISTRATION")
# The registration that verifies the brand of a display name.
BRAND_VERIFICATION: Final = "MANAGED_ROUTES_BRAND_VERIFICATION"
# TierUpgradeStatus by the status of such a registration; with other statuses it is BASIC.
_TIER_UPGRADE_STATUSES: Final[Mapping[str, str]] = {
    "SUBMITTED": "PENDING_UPGRADE",
    "AWS_REVIEWING": "PENDING_UPGRADE",
    "REVIEWING": "PENDING_UPGRADE",
    "REQUIRES_AUTHENTICATION": "PENDING_UPGRADE",
    "PROVISIONING": "PENDING_UPGRADE",
    "COMPLETE": "ADVANCED",
    "REQUIRES_UPDATES": "REJECTED",
    "CLOSED": "REJECTED",
}


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class NotifyConfiguration(Resource):
    """A configuration. AWS decides on its tier, and may reject it."""

    kind: ClassVar[str] = "notify-configuration"
    id_prefix: ClassVar[str] = "notify-"
    filter_attributes: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"default-template": "default_template_id", "default-pool": "pool_names"}
    )

    display_name: str
    use_case: str
    default_template_id: str | None = None
    pool_id: str | None = None
    # None or an empty list means all countries.
    enabled_countries: list[str] | None = None
    enabled_channels: list[str]
    tier: str = "BASIC"
    tier_upgrade_status: str = "BASIC"
    rejection_reason: str | None = None
    deletion_protection_enabled: bool = False
    # When messages were sent in the period to which the daily limit applies.
    messages_sent: list[datetime] = field(default_factory=list)

    @property
    def pool_names(self) -> tuple[str, ...]:
        """The id and the ARN of its pool, for filters."""
        return self.names_of("pool", self.pool_id)


class NotifyConfigurationChanges(TypedDict, total=False):
    """The settings that can be updated."""

    default_template_id: str
    pool_id: str
    enabled_countries: list[str]
    enabled_channels: list[str]
    deletion_protection_enabled: bool


@operation
def create_notify_configuration(
    account: Account,
    *,
    display_name: str,
    use_case: str,
    enabled_channels: list[str],
    default_template_id: str | None = None,
    pool_id: str | None = None,
    enabled_countries: list[str] | None = None,
    deletion_protection_enabled: bool = False,
    tags: dict[str, str] | None = None,
) -> NotifyConfiguration:
    """Create a configuration, which is PENDING until its display name is reviewed."""
    _must_be_channels(enabled_channels)
    _must_be_countries(enabled_countries or ())
    if default_template_id is not None:
        find_template(default_template_id, "default_template_id")
    # The model allows an empty text, which names no pool.
    pool = find_pool(account, pool_id) if pool_id else None

    if pool:
        must_be_active(pool)

    configuration = NotifyConfiguration(
        status="PENDING",
        display_name=display_name,
        use_case=use_case,
        default_template_id=default_template_id,
        pool_id=pool.id if pool else None,
        enabled_countries=enabled_countries,
        enabled_channels=enabled_channels,
        deletion_protection_enabled=deletion_protection_enabled,
        tags=tags or {},
    )
    account.notify_configurations.add(configuration)
    account.schedule(review_display_name, configuration)
    return configuration


@operation
def update_notify_configuration(
    account: Account,
    *,
    notify_configuration_id: str,
    **changes: Unpack[NotifyConfigurationChanges],
) -> NotifyConfiguration:
    """Change the settings that are given and keep the others."""
    _must_be_channels(changes.get("enabled_channels", ()))
    _must_be_countries(changes.get("enabled_countries", ()))
    configuration = account.notify_configurations[notify_configuration_id]
    settings: dict[str, Any] = {**changes}
    if changes.get("default_template_id") == UNSET_TEMPLATE:
        settings["default_template_id"] = None
    elif "default_template_id" in changes:
        find_template(changes["default_template_id"], "default_template_id")
    if changes.get("pool_id") == UNSET_POOL:
        settings["pool_id"] = None
    elif "pool_id" in changes:
        pool = find_pool(account, changes["pool_id"])
        settings["pool_id"] = pool.id
        must_be_active(pool)

    configuration.change(settings)
    return configuration


@operation
def delete_notify_configuration(
    account: Account, *, notify_configuration_id: str
) -> NotifyConfiguration:
    """Delete a configuration. It is removed at once, because there is no status for deletion."""
    configuration = account.notify_configurations[notify_configuration_id]

    must_not_be_protected(configuration)

    account.notify_configurations.remove(configuration)
    return configuration


@operation
def describe_notify_configurations(
    account: Account,
    *,
    notify_configuration_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[NotifyConfiguration]:
    """List the configurations that the request names, or all."""
    return select(account.notify_configurations, notify_configuration_ids, filters)


@operation
def describe_notify_templates(
    _account: Account,
    *,
    template_ids: list[str] | None = None,
    filters: list[Filter] | None = None,
) -> Paginated[NotifyTemplate]:
    """List the templates that the request names, or all."""
    _must_be_languages(filters or ())
    named = {find_template(each, "template_ids").id for each in template_ids or ()}

    found = [each for each in notify_templates().values() if not named or each.id in named]
    return Paginated(Listed(found), matching(filters, NotifyTemplate))


@operation
def list_notify_countries(
    _account: Account,
    *,
    channels: list[str] | None = None,
    use_cases: list[str] | None = None,
    tier: str | None = None,
) -> Paginated[NotifyCountry]:
    """List the countries that have any of the requested channels and use cases."""
    return listed(
        [
            country
            for country in notify_countries().values()
            if (not channels or not set(channels).isdisjoint(country.supported_channels))
            and (not use_cases or not set(use_cases).isdisjoint(country.supported_use_cases))
            and tier in (None, *country.supported_tiers)
        ]
    )


def follow_registration(account: Account, registration_type: str, status: str) -> None:
    """Update the configurations of an account by the status of a Notify registration.

    User guide, "Notify tiers": "Upon approval, the Notify configuration tier is automatically
    upgraded". A registration names no configuration, so it applies to all of the account. An
    ADVANCED configuration stays ADVANCED.
    """
    for configuration in account.notify_configurations:
        if registration_type in TIER_UPGRADES and configuration.tier != "ADVANCED":
            upgrade = _TIER_UPGRADE_STATUSES.get(status, "BASIC")
            configuration.tier_upgrade_status = upgrade
            configuration.tier = "ADVANCED" if upgrade == "ADVANCED" else "BASIC"
        if registration_type == BRAND_VERIFICATION and status == "COMPLETE":
            _accept_brand(configuration)


def _accept_brand(configuration: NotifyConfiguration) -> None:
    """Activate a configuration with a brand's name. Inferred from the purpose of verification."""
    if configuration.status == "REQUIRES_VERIFICATION":
        configuration.status = "ACTIVE"


@job
def review_display_name(_account: Account, configuration: NotifyConfiguration) -> None:
    """Decide about the display name of a new configuration.

    User guide, "Display name review"; AWS's agent guide: "a well-known third-party brand name will
    be flagged".
    """
    name = configuration.display_name
    configuration.rejection_reason = reason_to_reject(name)
    if configuration.rejection_reason:
        configuration.status = "REJECTED"
    else:
        configuration.status = "REQUIRES_VERIFICATION" if is_of_a_brand(name) else "ACTIVE"


def find_template(template_id: str, argument: str) -> NotifyTemplate:
    """Find a template; refuse the value that removes a default template."""
    if template_id in ("", UNSET_TEMPLATE):
        raise ValidationException("INVALID_PARAMETER", **{argument: "must name a template"})
    template = notify_templates().get(template_id)
    if template is None:
        raise ResourceNotFoundException(ResourceReference("notify-template", template_id))
    return template


def _must_be_channels(names: Iterable[str]) -> None:
    """Refuse channels that the model has, but that Notify does not support."""
    for name in names:
        if name not in _CHANNELS:
            raise ValidationException(
                "INVALID_PARAMETER", enabled_channels=f"are {' and '.join(_CHANNELS)}, not {name}"
            )


def _must_be_languages(filters: Iterable[Filter]) -> None:
    """Refuse language codes in the wrong letter case.

    AWS's agent guide about `language-code`: "uppercase fails with INVALID_FILTER_VALUES".
    """
    for each in filters:
        for value in each["values"]:
            if each["name"] == "language-code" and not _LANGUAGE.fullmatch(value):
                raise ValidationException(
                    "INVALID_FILTER_VALUES", filters=f"language-code has no value {value:.80}"
                )


_LANGUAGE: Final = re.compile("[a-z]{2}(-[A-Z]{2})?")


def _must_be_countries(codes: Iterable[str]) -> None:
    """Refuse countries to which Notify does not send (inferred)."""
    for code in codes:
        if code not in notify_countries():
            raise ValidationException(
                "INVALID_PARAMETER", enabled_countries=f"{code} is not a Notify country"
            )
