"""Throttling, if the setting is on: AWS's documented rates, by the emulator's clock.

Each limit is a token bucket that refills within a second; its state is the time at which it will
be full again. The rates are those of the user guide, "Quotas", "Message parts per second (MPS)
limits" and "Notify quotas and limits".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.errors import ThrottlingException
from pinpoint_sms_emu.state.times_log import SECOND
from pinpoint_sms_emu.wire.sns_actions import ACTIONS

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# All operations except these and the sending ones are limited to "1 request per second".
_CALLS_PER_SECOND: Final[Mapping[str, int]] = {
    "DeleteOptedOutNumber": 10,
    "ListTagsForResource": 10,
    "PutMessageFeedback": 20,
    "PutOptedOutNumber": 10,
}
# Sending is limited by message parts, voice also by calls per minute, Notify by its tier.
_SENDING: Final = frozenset(
    {
        "SendMediaMessage",
        "SendNotifyTextMessage",
        "SendNotifyVoiceMessage",
        "SendRcsMessage",
        "SendTextMessage",
        "SendVoiceMessage",
    }
)
_SHARED_ROUTES_RATE: Final = 20
_DRY_RUN_RATE: Final = 5
# "TPS per configuration", and the same for each operation.
_NOTIFY_RATES: Final[Mapping[str, int]] = {"BASIC": 1, "ADVANCED": 25}

# User guide, "Voice quotas".
_CALLS_A_MINUTE: Final[Mapping[str, int]] = {"PRODUCTION": 20, "SANDBOX": 5}

# A bucket that is full later than this is from before the clock was set back.
_LATEST: Final = timedelta(minutes=2)


class Limit(NamedTuple):
    """A token bucket: up to `capacity` units within a period, also all at once."""

    name: str
    capacity: int
    within: timedelta = SECOND
    # The number of units that the request takes.
    units: int = 1


def must_not_call_too_often(account: Account, operation: str) -> None:
    """Refuse a call that exceeds the documented request rate.

    The rates of SNS are not emulated.
    """
    if not account.settings.throttling:
        return
    if operation not in _SENDING and operation not in ACTIONS:
        _take(account, [Limit(operation, _CALLS_PER_SECOND.get(operation, 1))])


def must_not_send_too_often(account: Account, recipient: str) -> None:
    """Refuse a second SMS or MMS to one recipient within a second.

    "Number of SMS and MMS messages that can be sent to a single recipient each second": 1. That
    it is a ThrottlingException, and that answers to keywords do not count, is inferred.
    """
    if account.settings.throttling and account.within_a_second.count(recipient, account.now()):
        raise ThrottlingException


def must_not_send_too_fast(
    account: Account,
    capability: str,
    identity: Any,
    parts: int,
    *,
    dry_run: bool,
    others: Sequence[Limit] = (),
) -> None:
    """Refuse message parts that exceed the rate of an identity, or of shared routes (None).

    A Notify configuration has `others` as its limits, and no identity.
    """
    if not account.settings.throttling:
        return
    limits = [*others]
    if identity is not None or not others:
        limits.append(_limit(identity, capability, parts, dry_run=dry_run))
    if capability == "VOICE":
        _must_not_exceed_calls_per_minute(account)
    _take(account, limits)


def _must_not_exceed_calls_per_minute(account: Account) -> None:
    """Refuse a call that exceeds the limit in the last 60 seconds.

    AWS does not document when a minute begins; this is the strictest interpretation.
    """
    capacity = _CALLS_A_MINUTE[account.settings.account_tier]
    if account.within_a_minute.count("VOICE", account.now()) >= capacity:
        raise ThrottlingException


def limits_of_notify(configuration_id: str, tier: str, operation: str) -> list[Limit]:
    """Return the limits of a Notify configuration, and of an operation for its tier."""
    rate = _NOTIFY_RATES[tier]
    return [Limit(configuration_id, rate), Limit(f"{operation} {tier}", rate)]


def _limit(identity: Any, capability: str, parts: int, *, dry_run: bool) -> Limit:
    name, rate = _rate(identity, capability)
    if dry_run:
        # "5 message parts per second, or the origination identity's limit if that is lower."
        return Limit(f"{name} DryRun", min(rate, _DRY_RUN_RATE), units=parts)
    return Limit(f"{name} {capability}", rate, units=parts)


def _rate(identity: Any, capability: str) -> tuple[str, int]:
    if identity is None:
        return "shared routes", _SHARED_ROUTES_RATE
    rate = identity.messaging_limits["rate_limits"][capability]
    if capability == "SMS" and getattr(identity, "number_type", None) == "TEN_DLC":
        # "The limit is shared across all numbers on the campaign."
        return identity.registration_id or identity.arn, rate
    # The ARN, because a number that another account shares may have the same id.
    return identity.arn, rate


def _take(account: Account, limits: list[Limit]) -> None:
    """Take the request's units from all buckets, or refuse it and take from none.

    A full bucket also allows more units than it holds, so that long messages can be sent.
    """
    now, full = account.now(), {}
    for limit in limits:
        full_at = account.buckets.get(limit.name, now)
        lacking = full_at - now if now < full_at < now + _LATEST else timedelta()
        needed = limit.within / limit.capacity * limit.units
        if lacking and lacking + needed > limit.within:
            raise ThrottlingException
        full[limit.name] = now + lacking + needed
    account.buckets |= full
