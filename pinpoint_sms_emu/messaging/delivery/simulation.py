"""The simulation of deliveries: decides which events a message has after it was accepted."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.delivery.media_files import type_problem
from pinpoint_sms_emu.messaging.events import publishing
from pinpoint_sms_emu.messaging.messages import LONGEST_TIME_TO_LIVE, Fallback, Message
from pinpoint_sms_emu.messaging.sending.parts import Parts, is_too_long
from pinpoint_sms_emu.reference.simulator_numbers import simulator_outcome
from pinpoint_sms_emu.state.scheduler import JOBS, job

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# User guide: "After 72 hours, if AWS End User Messaging SMS has not received a final event from a
# carrier, the service will automatically return an UNKNOWN messageStatus".
_NO_FINAL_EVENT: Final = LONGEST_TIME_TO_LIVE

# The status at AWS's simulator numbers that fail, which is not documented.
_SIMULATED_FAILURE: Final = "CARRIER_UNREACHABLE"

# Texts with fewer parts are never too long.
_MANY_PARTS: Final = 10

_CHANNELS_OF_SIMULATOR: Final = ("text", "media")

# The statuses of a message that is delivered, in order. From short codes, the last one is that the
# carrier has accepted it: published records have TEXT_SUCCESSFUL as their final event.
_STATUSES: Final = {
    "text": ("SUCCESSFUL", "DELIVERED"),
    "media": ("SUCCESSFUL", "DELIVERED"),
    "voice": ("INITIATED", "RINGING", "ANSWERED", "COMPLETED"),
    "rcs": ("SENT", "DELIVERED", "READ"),
}
# A message is READ only if a test chooses that outcome.
_DELIVERED: Final = {
    "text": "DELIVERED",
    "media": "DELIVERED",
    "voice": "COMPLETED",
    "rcs": "DELIVERED",
}
_FALLEN_BACK: Final = "RCS_FALLEN_BACK_TO_SMS"


def deliver(account: Account, message: Message) -> None:
    """Begin the delivery of an accepted message, now or after its files were inspected."""
    status = _final_status(account, message)
    if status is not None or not account.media_files.queue_for_inspection(message):
        begin(account, message, status)


def begin(account: Account, message: Message, status: str | None) -> None:
    """Record or schedule the events that lead to a status; None is success."""
    statuses = _statuses_up_to(
        message.channel, status, is_of_short_code=message.comes_from_short_code
    )
    delivery_seconds = account.settings.delivery_seconds
    at_expiry = _status_at_expiry(message, status) if status else None
    if message.fallback and _must_fall_back(message, status, delivery_seconds):
        _prepare_fallback(account, message, message.fallback, statuses, delivery_seconds)
        return
    if delivery_seconds > message.time_to_live:
        # SendTextMessage: "If the message isn't handed off before the TTL expires we stop
        # attempting to hand off the message and return TTL_EXPIRED event."
        statuses, delivery_seconds, at_expiry = ("TTL_EXPIRED",), message.time_to_live, None

    message.pending_events = _event_types(message.channel, statuses)
    if not delivery_seconds and not at_expiry:
        while message.pending_events:
            record_next_event(account, message)
        return
    for step in range(1, len(statuses) + 1):
        account.schedule(record_next_event, message, delivery_seconds * step / len(statuses))
    if at_expiry:
        status, seconds = at_expiry
        message.pending_events += _event_types(message.channel, (status,))
        account.schedule(record_next_event, message, seconds)


def _must_fall_back(message: Message, status: str | None, delivery_seconds: float) -> bool:
    """Return whether an RCS message fails, or is not delivered in time."""
    late = message.fallback is not None and delivery_seconds > message.fallback.after
    return status not in (None, "DELIVERED", "READ", "PROTECT_BLOCKED") or (
        late and status != "PROTECT_BLOCKED"
    )


def _prepare_fallback(
    account: Account,
    message: Message,
    fallback: Fallback,
    statuses: tuple[str, ...],
    delivery_seconds: float,
) -> None:
    """Record the events before the fallback, and schedule the fallback.

    User guide, "Fallback events" and "Delivery receipts during fallback": there is one final
    receipt, that of the channel that delivers the message.
    """
    good = [each for each in statuses if each in ("QUEUED", "SENT")]
    steps = {
        each: delivery_seconds * (place + 1) / len(statuses) for place, each in enumerate(good)
    }
    steps = {each: seconds for each, seconds in steps.items() if seconds < fallback.after}
    message.pending_events = (*_event_types(message.channel, tuple(steps)), _FALLEN_BACK)
    for seconds in steps.values():
        account.schedule(record_next_event, message, seconds)
    failed = statuses[-1] in ("FAILED", "TTL_EXPIRED", "FALLEN_BACK_TO_SMS")
    # By name, because the job sends messages and is in a module of a higher layer.
    account.schedule(
        JOBS["fall_back"],
        message,
        min(delivery_seconds, fallback.after) if failed else fallback.after,
    )


def _final_status(account: Account, message: Message) -> str | None:
    """Decide the final messageStatus of a message; None if it is delivered.

    AWS's simulator numbers come first. A text that is too long is not delivered: the user guide,
    "SMS character limits", does not say whether the call or the delivery fails, but the call
    allows 1,600 characters. Otherwise a test may choose the outcome, also that FILTER allows a
    message: AWS detects artificially inflated traffic, which the emulator cannot.
    """
    if message.failure is not None:
        # AWS itself does not send it, like a blocked message (inferred).
        return "BLOCKED"
    simulated = (
        simulator_outcome(message.recipient) if message.channel in _CHANNELS_OF_SIMULATOR else None
    )
    if _is_too_long(message):
        return "INVALID_MESSAGE"
    if simulated:
        return _SIMULATED_FAILURE if simulated == "failure" else None
    outcome = account.outcomes.take(message)
    outcome = outcome and outcome.removeprefix(f"{message.channel.upper()}_")
    _assess(message, outcome)
    # MONITOR only adds a recommendation.
    if outcome and (outcome, message.protect_status) != ("PROTECT_BLOCKED", "MONITOR"):
        return outcome
    if problem := type_problem(message):
        return problem
    is_filtered = message.protect_status == "FILTER" and message.protect_recommendation == "BLOCK"
    return "PROTECT_BLOCKED" if is_filtered else None


def _is_too_long(message: Message) -> bool:
    """Return whether a text is too long for SMS; MMS and RCS have limits of their own."""
    if message.channel != "text" or message.parts < _MANY_PARTS:
        return False
    return is_too_long(message.body or "", Parts(message.encoding or "GSM", message.parts))


def _assess(message: Message, outcome: str | None) -> None:
    """Recommend BLOCK for a message whose rule is MONITOR or FILTER, unless a test chooses ALLOW.

    Only texts and RCS messages can be blocked: the other channels have no such event.
    """
    if message.protect_status in ("MONITOR", "FILTER"):
        is_blocked = outcome in (None, "PROTECT_BLOCKED") and message.channel in ("text", "rcs")
        message.protect_recommendation = "BLOCK" if is_blocked else "ALLOW"


@cache
def _statuses_up_to(channel: str, status: str | None, *, is_of_short_code: bool) -> tuple[str, ...]:
    """Return the statuses that lead to a status, in order."""
    good = _STATUSES[channel]
    if status is None:
        status = good[0] if is_of_short_code else _DELIVERED[channel]
    return good[: good.index(status) + 1] if status in good else (status,)


def _status_at_expiry(message: Message, status: str) -> tuple[str, int] | None:
    """Return the final status after a status that is not final, and its delay in seconds."""
    if status in ("PENDING", "QUEUED", "INITIATED", "RINGING", "ANSWERED", "SENT"):
        return "TTL_EXPIRED", message.time_to_live
    if status == "SUCCESSFUL" and not message.comes_from_short_code:
        return "UNKNOWN", _NO_FINAL_EVENT
    return None


@cache
def _event_types(channel: str, statuses: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{channel.upper()}_{status}" for status in statuses)


@job
def record_next_event(account: Account, message: Message) -> None:
    """Record the next event of a message. The last event is final."""
    if not message.pending_events:
        return
    event_type, message.pending_events = message.pending_events[0], message.pending_events[1:]
    # Published records of RCS messages have two final events: DELIVERED, and READ after it.
    is_final = not message.pending_events or event_type == "RCS_DELIVERED"
    publishing.record_event(account, message, event_type, is_final=is_final)
