"""Throttling, where the setting asks for it: AWS's documented rates, on the emulator's clock.

Each limit is a bucket that is full after a second; of each, one time is kept: when it will be full
again. Rates are those of the user guide, "Quotas", "Message parts per second (MPS) limits" and
"Notify quotas and limits".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.errors import ThrottlingException
from pinpoint_sms_emu.reference.rates import SENDER_ID_RATE
from pinpoint_sms_emu.state.times_log import SECOND

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# "1 request per second" holds for all operations but these, and those that send.
_CALLS_PER_SECOND: Final[Mapping[str, int]] = {
    "DeleteOptedOutNumber": 10,
    "ListTagsForResource": 10,
    "PutMessageFeedback": 20,
    "PutOptedOutNumber": 10,
}
# Sending is limited by message parts, calls by the minute, Notify by its tier.
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

# A bucket that seems to be full so late is one of before the clock went back.
_LATEST: Final = timedelta(minutes=2)


class Limit(NamedTuple):
    """So many of something in a while, and all of them at once if there were none before."""

    name: str
    most: int
    within: timedelta = SECOND
    # How many of them the request takes.
    units: int = 1


def must_not_call_too_often(account: Account, operation: str) -> None:
    """Refuse a call that comes sooner than the documented request rate has it."""
    if account.settings.throttling and operation not in _SENDING:
        _take(account, [Limit(operation, _CALLS_PER_SECOND.get(operation, 1))])


def must_not_write_too_often(account: Account, recipient: str) -> None:
    """Refuse a second SMS or MMS to one person within a second.

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
    """Refuse parts that an identity, None for shared routes, cannot send as fast as this.

    With other limits and no identity it is what the service sends from, whose rates they are.
    """
    if not account.settings.throttling:
        return
    limits = [*others]
    if identity is not None or not others:
        limits.append(_limit(identity, capability, parts, dry_run=dry_run))
    if capability == "VOICE":
        _must_have_calls_left(account)
    _take(account, limits)


def _must_have_calls_left(account: Account) -> None:
    """Refuse a call too many in any minute, whenever the minute begins.

    How AWS counts the minute is not documented: who stays below this is safe either way.
    """
    most = _CALLS_A_MINUTE[account.settings.account_tier]
    if account.within_a_minute.count("VOICE", account.now()) >= most:
        raise ThrottlingException


def limits_of_notify(configuration_id: str, tier: str, operation: str) -> list[Limit]:
    """How fast a configuration sends, and an operation is called for those of its tier."""
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
    limits = getattr(identity, "messaging_limits", {}).get("rate_limits", {})
    # The ARN: a number that another account shares may have the id of an own one.
    return identity.arn, limits.get(capability, SENDER_ID_RATE)


def _take(account: Account, limits: list[Limit]) -> None:
    """Take what the request needs out of all buckets, or refuse and take out of none.

    More than a bucket holds is let through when it is full, as a long message must be.
    """
    now, full = account.now(), {}
    for limit in limits:
        full_at = account.buckets.get(limit.name, now)
        lacking = full_at - now if now < full_at < now + _LATEST else timedelta()
        needed = limit.within / limit.most * limit.units
        if lacking and lacking + needed > limit.within:
            raise ThrottlingException
        full[limit.name] = now + lacking + needed
    account.buckets |= full
