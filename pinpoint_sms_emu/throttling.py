"""Throttling, where the setting asks for it: AWS's documented rates, on the emulator's clock.

Each limit is a bucket that is full after a second; of each, one time is kept: when it will be full
again. Rates are those of the user guide, "Quotas" and "Message parts per second (MPS) limits".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.errors import ThrottlingException
from pinpoint_sms_emu.throughput import SENDER_ID_RATE

if TYPE_CHECKING:
    from pinpoint_sms_emu.account import Account

# "1 request per second" holds for all operations but these, and those that send.
_CALLS_PER_SECOND: Final[Mapping[str, int]] = {
    "DeleteOptedOutNumber": 10,
    "ListTagsForResource": 10,
    "PutMessageFeedback": 20,
    "PutOptedOutNumber": 10,
}
# Sending is limited by message parts, calls by the minute.
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

# A bucket that seems to be full so late is one of before the clock went back.
_LATEST: Final = timedelta(minutes=2)


class Limit(NamedTuple):
    """So many of something in a while, and all of them at once if there were none before."""

    name: str
    most: int
    within: timedelta = timedelta(seconds=1)


def must_not_call_too_often(account: Account, operation: str) -> None:
    """Refuse a call that comes sooner than the documented request rate has it."""
    if account.settings.throttling and operation not in _SENDING:
        _take(account, [Limit(operation, _CALLS_PER_SECOND.get(operation, 1))], 1)


def must_not_send_too_fast(
    account: Account, capability: str, identity: Any, parts: int, *, dry_run: bool
) -> None:
    """Refuse parts that an identity, None for shared routes, cannot send as fast as this."""
    if not account.settings.throttling:
        return
    name, rate = _rate(identity, capability)
    if dry_run:
        # "5 message parts per second, or the origination identity's limit if that is lower."
        limits = [Limit(f"{name} DryRun", min(rate, _DRY_RUN_RATE))]
    else:
        limits = [Limit(f"{name} {capability}", rate)]
    if capability == "VOICE":
        calls = 5 if account.settings.account_tier == "SANDBOX" else 20
        limits.append(Limit("calls", calls, timedelta(minutes=1)))
    _take(account, limits, parts)


def _rate(identity: Any, capability: str) -> tuple[str, int]:
    if identity is None:
        return "shared routes", _SHARED_ROUTES_RATE
    limits = getattr(identity, "messaging_limits", {}).get("rate_limits", {})
    return identity.key, limits.get(capability, SENDER_ID_RATE)


def _take(account: Account, limits: list[Limit], count: int) -> None:
    """Take so many out of all buckets, or refuse and take out of none.

    More than a bucket holds is let through when it is full, as a long message must be.
    """
    now, full = account.now(), {}
    for limit in limits:
        full_at = account.buckets.get(limit.name, now)
        lacking = full_at - now if now < full_at < now + _LATEST else timedelta()
        needed = limit.within / limit.most * count
        if lacking and lacking + needed > limit.within:
            raise ThrottlingException
        full[limit.name] = now + lacking + needed
    account.buckets |= full
