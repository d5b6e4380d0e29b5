"""Checks of what operations rely on: entries that always exist, logs in order, and the like."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.events.deliveries import PublishedRecord
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.messaging.sending.channels import CHANNELS, NOTIFY_TEXT
from pinpoint_sms_emu.messaging.sending.rcs_content import must_be_showable
from pinpoint_sms_emu.persistence.codec import DocumentError
from pinpoint_sms_emu.resources.event_destinations import SINKS, EventDestination
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.resource_policies import must_be_a_policy
from pinpoint_sms_emu.resources.two_way import TwoWay, mandatory_keywords
from pinpoint_sms_emu.service.account import Account
from pinpoint_sms_emu.state.tables import LEAVING, Resource
from pinpoint_sms_emu.state.times_log import DAY, MINUTE, SECOND, TimesLog
from pinpoint_sms_emu.wire import validation
from pinpoint_sms_emu.wire.model import service_model, snake
from pinpoint_sms_emu.wording import quoted


def must_be_complete(account: Account) -> None:
    """Refuse an account without what `Account.begin` creates, or with wrong logs."""
    if DEFAULT_LIST not in account.opt_out_lists:
        raise DocumentError(f"lacks the list {DEFAULT_LIST}").inside("opt_out_lists")
    for name, window in _LOGS.items():
        log: TimesLog = getattr(account, name)
        if log.window != window:
            raise DocumentError(f"must be {window.total_seconds():.0f} seconds").inside(
                "window", name
            )
        for each, times in log.times.items():
            _must_be_in_order(times, each, "times", name)
    for kind, limit in account.spend_limit_overrides.items():
        if kind not in _KINDS:
            raise DocumentError(f"is not a kind of messages: {quoted(kind)}").inside(
                "spend_limit_overrides"
            )
        if limit < 0:
            raise DocumentError("must be at least 0").inside(kind, "spend_limit_overrides")
    if account.sns_attributes:
        _must_be_sns_attributes(account.sns_attributes)


def _must_be_sns_attributes(attributes: Mapping[str, str]) -> None:
    from pinpoint_sms_emu.sns.attributes import is_possible  # noqa: PLC0415  most accounts have none

    for name, value in attributes.items():
        if not is_possible(name, value):
            why = f"is not an attribute of SNS with a possible value: {quoted(value)}"
            raise DocumentError(why).inside(name, "sns_attributes")


# The kinds of messages that have a spend limit.
_KINDS: Final = frozenset({NOTIFY_TEXT.spend, *(each.spend for each in CHANNELS.values())})

_LOGS: Final = {"within_a_day": DAY, "within_a_minute": MINUTE, "within_a_second": SECOND}


def _must_be_in_order(times: list[datetime], *place: str) -> None:
    if not times:
        raise DocumentError("must have a time").inside(*place)
    if any(earlier > later for earlier, later in pairwise(times)):
        raise DocumentError("must be in the order of time").inside(*place)


def _must_have_a_possible_policy(resource: Resource) -> None:
    if resource.policy is not None:
        try:
            must_be_a_policy(resource.policy)
        except ApiError as error:
            raise DocumentError("is not a resource policy").inside("policy") from error


def _must_have_keywords(resource: TwoWay) -> None:
    if resource.status in LEAVING:
        return
    for word in mandatory_keywords():
        if word not in resource.keywords:
            raise DocumentError(f"lacks {word}").inside("keywords")
    for word, keyword in resource.keywords.items():
        if keyword.sequence < 1:  # DescribeKeywords would leave it out
            raise DocumentError("must be at least 1").inside("sequence", word, "keywords")


def _must_have_versions(registration: Registration) -> None:
    if not registration.versions:
        raise DocumentError("must have a version").inside("versions")
    for index, version in enumerate(registration.versions):
        if version.version_number != index + 1:
            raise DocumentError(f"must be {index + 1}").inside("sequence", index, "versions")


def _must_fit_its_direction(message: Message) -> None:
    if message.parts < 1:
        raise DocumentError("must be at least 1").inside("parts")
    if message.two_way_payload is not None and message.direction == "outbound":
        raise DocumentError("is only for inbound messages").inside("two_way_payload")
    if message.direction == "inbound":
        for name in ("history", "pending_events"):
            if getattr(message, name):
                raise DocumentError("is only for outbound messages").inside(name)
    for name in ("incoming_media", "interaction", "two_way_payload"):
        value = getattr(message, name)
        if value is not None:
            must_be_json(value, name)
    if message.rcs_content is not None:
        _must_be_rcs_content(message.rcs_content)


def must_be_json(value: Any, *place: str | int) -> None:
    """Refuse times, decimals and bytes in a value of any type that is answered as JSON."""
    try:
        json.dumps(value)
    except TypeError as error:
        raise DocumentError("must be JSON").inside(*place) from error


def _must_be_rcs_content(content: dict[str, Any]) -> None:
    problems: list[validation.Problem] = []
    try:
        wire = _with_aws_names("RcsMessageContent", content)
        validation.check("RcsMessageContent")(wire, "", problems)
        if not problems:
            must_be_showable(content)
    except ApiError as error:
        why = error.members.get("Fields") or [{"Message": error.message}]
        raise DocumentError(why[0]["Message"]).inside("rcs_content") from error
    if problems:
        raise DocumentError(f"{problems[0].where} {problems[0].why}").inside("rcs_content")


def _with_aws_names(shape: str, value: Any) -> Any:
    """Return a value as a request has it; refuse an unknown member."""
    about = service_model().shapes[shape]
    if about["type"] == "list" and isinstance(value, list):
        return [_with_aws_names(about["member"]["shape"], each) for each in value]
    if about["type"] != "structure" or not isinstance(value, dict):
        return value.timestamp() if isinstance(value, datetime) else value
    members = {snake(name): (name, of["shape"]) for name, of in about["members"].items()}
    for name in value:
        if name not in members:
            raise DocumentError(f"has the unknown member {quoted(name)}").inside("rcs_content")
    return {
        members[name][0]: _with_aws_names(members[name][1], inner) for name, inner in value.items()
    }


def _must_have_deliveries(record: PublishedRecord) -> None:
    if not record.deliveries:
        raise DocumentError("must have a delivery").inside("deliveries")
    if record.account_event is not None:
        must_be_json(record.account_event.detail, "detail", "account_event")
    for index, delivery in enumerate(record.deliveries):
        if delivery.status not in _DELIVERY_STATUSES:
            raise DocumentError(f"must not be {quoted(delivery.status)}").inside(
                "status", index, "deliveries"
            )


_DELIVERY_STATUSES: Final = ("recorded", "pending", "delivered", "failed", "lost")


def _must_have_one_sink(destination: EventDestination) -> None:
    if sum(getattr(destination, name) is not None for name in SINKS) != 1:
        raise DocumentError(f"must have one of {', '.join(SINKS)}")


_CHECKS: Final[Mapping[type, Callable[[Any], None]]] = {
    EventDestination: _must_have_one_sink,
    Message: _must_fit_its_direction,
    PublishedRecord: _must_have_deliveries,
    Registration: _must_have_versions,
    Resource: _must_have_a_possible_policy,
    TwoWay: _must_have_keywords,
}


def checks_of(of: type) -> list[Callable[[Any], None]]:
    """Return the checks of a class; their errors name the attribute."""
    return [check for kind, check in _CHECKS.items() if issubclass(of, kind)]
