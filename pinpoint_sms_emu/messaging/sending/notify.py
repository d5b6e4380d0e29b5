"""SendNotifyTextMessage and SendNotifyVoiceMessage."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import (
    ConflictException,
    ServiceQuotaExceededException,
    ValidationException,
)
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import NOTIFY_TEXT, NOTIFY_VOICE, Channel
from pinpoint_sms_emu.messaging.sending.draft import Check, Draft, find_draft, send
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import GENERIC_SENDER, Origin, choose_from
from pinpoint_sms_emu.messaging.sending.suitability import IdentityRequest
from pinpoint_sms_emu.reference.countries import ALLOWLISTED, country
from pinpoint_sms_emu.reference.notify_templates import NotifyTemplate, notify_countries
from pinpoint_sms_emu.resources.notify_configurations import NotifyConfiguration, find_template
from pinpoint_sms_emu.resources.notify_templates import (
    fill_in,
    missing_variables,
    refuse_variables,
)
from pinpoint_sms_emu.service.destinations import Destination, read_destination
from pinpoint_sms_emu.service.operations import operation
from pinpoint_sms_emu.service.throttling import limits_of_notify
from pinpoint_sms_emu.state.times_log import recent

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# The number that AWS uses for calls, and for texts to countries without sender IDs, if the customer
# has no suitable identity. Our choice, from the range that is reserved for fiction.
_MANAGED_NUMBER: Final = "+18005550199"
# A code with separated digits, which are spoken one by one.
_SEPARATED: Final = re.compile(r"\d(?:[ .,]+\d)+[ .,]*")

_QUOTA: Final = "DAILY_NOTIFY_TIER_MESSAGE_LIMIT"
_QUOTA_OF_ONE: Final = "DAILY_NOTIFY_DESTINATION_MESSAGE_LIMIT"


def country_is_open(draft: Draft) -> None:
    """The country must not require an allowlisted account.

    Notify has its own list of countries, which includes some that text messages do not support.
    """
    if draft.destination.iso_country_code in ALLOWLISTED:
        checks.country_is_served(draft)


def pool_has_no_opt_out(draft: Draft) -> None:
    """The number must not be on the pool's opt-out list; AWS's identities have no list."""
    if draft.origin.pool:
        checks.destination_has_not_opted_out(draft)


def destination_did_not_get_too_many(draft: Draft) -> None:
    """A destination gets a limited number of Notify messages in 24 hours, in any tier.

    User guide, "Notify quotas and limits". The Reason is inferred: it is the most similar one.
    """
    account = draft.account
    got = account.within_a_day.count(f"NOTIFY {draft.destination.phone_number}", account.now())
    if got >= account.quota(_QUOTA_OF_ONE):
        raise ServiceQuotaExceededException(_QUOTA)


TEXT_CHECKS: Final[tuple[Check, ...]] = (
    country_is_open,
    checks.destination_is_verified,
    checks.origin_is_active,
    pool_has_no_opt_out,
    checks.protection_allows_it,
    destination_did_not_get_too_many,
    checks.spend_limit_leaves_room,
)
VOICE_CHECKS: Final[tuple[Check, ...]] = (
    checks.country_takes_calls,
    checks.destination_is_verified,
    checks.origin_is_active,
    pool_has_no_opt_out,
    checks.protection_allows_it,
    checks.destination_was_not_called_too_often,
    checks.sandbox_has_calls_left,
    destination_did_not_get_too_many,
    checks.spend_limit_leaves_room,
)


@operation
def send_notify_text_message(
    account: Account,
    *,
    notify_configuration_id: str,
    destination_phone_number: str,
    template_variables: dict[str, str],
    template_id: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    configuration_set_name: str | None = None,
    dry_run: bool = False,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Send a filled-in template as SMS to one recipient."""
    destination = read_destination(destination_phone_number, "destination_phone_number")
    configuration = account.notify_configurations[notify_configuration_id]
    template = _find_template(configuration, template_id)
    body = _fill_in(configuration, template, template_variables)
    draft = find_draft(
        account,
        NOTIFY_TEXT,
        destination_phone_number=destination_phone_number,
        origin=_find_origin(account, configuration, NOTIFY_TEXT, destination),
        configuration_set_name=configuration_set_name,
        time_to_live=time_to_live,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=body,
        parts=segment(body),
        template_id=template.id,
        template_variables=template_variables,
    )

    _must_be_allowed(draft, configuration, template, "SMS")
    return _send(draft, TEXT_CHECKS, configuration, template, dry_run=dry_run)


@operation
def send_notify_voice_message(
    account: Account,
    *,
    notify_configuration_id: str,
    destination_phone_number: str,
    template_variables: dict[str, str],
    template_id: str | None = None,
    voice_id: str | None = None,
    time_to_live: int | None = None,
    context: dict[str, str] | None = None,
    configuration_set_name: str | None = None,
    dry_run: bool = False,
    message_feedback_enabled: bool | None = None,
) -> dict[str, str]:
    """Call one recipient, and speak a filled-in template."""
    destination = read_destination(destination_phone_number, "destination_phone_number")
    configuration = account.notify_configurations[notify_configuration_id]
    template = _find_template(configuration, template_id)
    body = _fill_in(configuration, template, template_variables, spoken=True)
    voices = template.supported_voice_ids or ()
    if voices and voice_id not in (None, *voices):
        raise ValidationException(
            "INVALID_PARAMETER", voice_id=f"{template.id} is spoken by {', '.join(voices)}"
        )
    draft = find_draft(
        account,
        NOTIFY_VOICE,
        destination_phone_number=destination_phone_number,
        origin=_find_origin(account, configuration, NOTIFY_VOICE, destination),
        configuration_set_name=configuration_set_name,
        time_to_live=time_to_live,
        context=context,
        message_feedback_enabled=message_feedback_enabled,
        body=body,
        spoken=body,
        message_body_text_type="TEXT",
        # Inferred: the first voice is the default.
        voice_id=voice_id or next(iter(voices), "MATTHEW"),
        template_id=template.id,
        template_variables=template_variables,
    )

    _must_be_allowed(draft, configuration, template, "VOICE")
    return _send(draft, VOICE_CHECKS, configuration, template, dry_run=dry_run)


def _find_template(configuration: NotifyConfiguration, template_id: str | None) -> NotifyTemplate:
    name = configuration.default_template_id if template_id is None else template_id
    if name is None:
        raise ValidationException(
            "MISSING_PARAMETER", template_id="is required: the configuration has no default"
        )
    return find_template(name, "template_id")


def _fill_in(
    configuration: NotifyConfiguration,
    template: NotifyTemplate,
    values: Mapping[str, str],
    *,
    spoken: bool = False,
) -> str:
    """Fill in a template. For speech, the separators in codes are not checked."""
    if missing := missing_variables(template, values):
        raise ValidationException(
            "MISSING_PARAMETER", template_variables=f"lack {', '.join(missing)}"
        )
    checked = {name: _digits(value) for name, value in values.items()} if spoken else values
    if refused := refuse_variables(template, checked):
        why = "; ".join(f"{name} {reason}" for name, reason in refused.items())
        raise ValidationException("INVALID_PARAMETER", template_variables=why)
    return fill_in(template, values, configuration.display_name)


def _digits(value: str) -> str:
    """Remove the separators between the digits of a code."""
    return re.sub(r"\D", "", value) if _SEPARATED.fullmatch(value) else value


def _find_origin(
    account: Account,
    configuration: NotifyConfiguration,
    channel: Channel,
    destination: Destination,
) -> Origin:
    """Return the origin: from the configuration's pool, or else AWS's own identity."""
    pool = account.pools.get(configuration.pool_id or "")
    managed = _managed_origin(channel, destination)
    if pool:
        request = IdentityRequest(account=account, channel=channel, destination=destination)
        return choose_from(request, pool, managed)
    return managed or Origin("")


def _managed_origin(channel: Channel, destination: Destination) -> Origin | None:
    """Return AWS's own identity for a country, or None where customers need their own."""
    if _needs_own_identity(destination):
        return None
    place = country(destination.iso_country_code)
    has_sender_ids = place is not None and place.sender_ids != "unsupported"
    if channel is NOTIFY_TEXT and has_sender_ids:
        return Origin(GENERIC_SENDER)
    return Origin(_MANAGED_NUMBER)


def _needs_own_identity(destination: Destination) -> bool:
    place = notify_countries().get(destination.iso_country_code)
    return place is not None and place.customer_owned_identity_required


# Refuse.


def _must_be_allowed(
    draft: Draft, configuration: NotifyConfiguration, template: NotifyTemplate, channel: str
) -> None:
    """Refuse a message that the configuration, its tier or the template does not support."""
    if configuration.status != "ACTIVE":
        raise ConflictException("NOTIFY_CONFIGURATION_NOT_ACTIVE", configuration)
    if channel not in configuration.enabled_channels:
        raise ValidationException(
            "CHANNEL_NOT_ENABLED", notify_configuration_id=f"has not enabled {channel}"
        )
    if channel not in template.channels:
        raise _wrong_template(template, f"is not for {channel}")
    if configuration.tier not in template.tier_access:
        raise _wrong_template(template, f"is not for the {configuration.tier} tier")
    code = draft.destination.iso_country_code
    _must_reach(configuration, channel, code)
    if code not in template.supported_countries:
        raise _wrong_template(template, f"is not for {code}")
    if not draft.origin.sender:
        # ListNotifyCountries: "Whether a customer-owned identity is required".
        raise checks.nothing_found(draft, configuration)


def _must_reach(configuration: NotifyConfiguration, channel: str, code: str) -> None:
    """Refuse a country that is not enabled, or that the tier or Notify does not support."""
    place = notify_countries().get(code)
    if (
        (configuration.enabled_countries and code not in configuration.enabled_countries)
        or place is None
        or configuration.tier not in place.supported_tiers
        or channel not in place.supported_channels
    ):
        raise ValidationException(
            "COUNTRY_NOT_ENABLED",
            destination_phone_number=f"is in {code}, which is not enabled for {channel}",
        )


def _wrong_template(template: NotifyTemplate, why: str) -> ValidationException:
    return ValidationException("INVALID_PARAMETER", template_id=f"{template.id} {why}")


# Change.


def _send(
    draft: Draft,
    others: tuple[Check, ...],
    configuration: NotifyConfiguration,
    template: NotifyTemplate,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """Send, and count the message if the tier has a daily limit."""
    account = draft.account
    is_limited = configuration.tier == "BASIC"
    sent = recent(configuration.messages_sent, account.now()) if is_limited else []

    def messages_are_left(_draft: Draft) -> None:
        if is_limited and len(sent) >= account.quota(_QUOTA):
            raise ServiceQuotaExceededException(_QUOTA)

    limits = limits_of_notify(configuration.id, configuration.tier, account.operation)
    checks_of_all = (*others, messages_are_left)
    answer = send(draft, checks_of_all, dry_run=dry_run, limits=limits)
    if not dry_run and is_limited:
        configuration.messages_sent = [*sent, account.now()]
    return {**answer, "template_id": template.id, "resolved_message_body": draft.body}
