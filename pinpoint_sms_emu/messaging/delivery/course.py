"""Delivery: which events a message has after it was accepted, decided in one place."""

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

# Which failure AWS's simulator shows is not documented.
_OF_SIMULATOR: Final = {"success": "DELIVERED", "failure": "CARRIER_UNREACHABLE"}

# Shorter texts need no closer look.
_MANY_PARTS: Final = 10

_SIMULATED: Final = ("text", "media")

# The statuses of a message that arrives, in this order. With short codes the last one is that the
# carrier has accepted it: published records have TEXT_SUCCESSFUL as their final event.
_GOOD_COURSES: Final = {
    "text": ("SUCCESSFUL", "DELIVERED"),
    "media": ("SUCCESSFUL", "DELIVERED"),
    "voice": ("INITIATED", "RINGING", "ANSWERED", "COMPLETED"),
    "rcs": ("SENT", "DELIVERED", "READ"),
}
# A message is read only if a test chooses that outcome.
_ENDS: Final = {"text": "DELIVERED", "media": "DELIVERED", "voice": "COMPLETED", "rcs": "DELIVERED"}
_FALLEN_BACK: Final = "RCS_FALLEN_BACK_TO_SMS"


def accepted(account: Account, message: Message) -> None:
    """Begin the delivery of a message, now or when its files have been inspected."""
    status = _fate(account, message)
    if status is not None or not account.media_files.takes(message):
        begin(account, message, status)


def begin(account: Account, message: Message, status: str | None) -> None:
    """Record the events that lead to a status, at once or by the scheduler; None is success."""
    course = _course(message.channel, status, is_of_short_code=message.comes_from_short_code)
    under_way = account.settings.delivery_seconds
    last_moment = _last_moment(message, status) if status else None
    if message.fallback and _must_fall_back(message, status, under_way):
        _prepare_fallback(account, message, message.fallback, course, under_way)
        return
    if under_way > message.time_to_live:
        # SendTextMessage: "If the message isn't handed off before the TTL expires we stop
        # attempting to hand off the message and return TTL_EXPIRED event."
        course, under_way, last_moment = ("TTL_EXPIRED",), message.time_to_live, None

    message.pending_events = _event_types(message.channel, course)
    if not under_way and not last_moment:
        while message.pending_events:
            record_next_event(account, message)
        return
    for step in range(1, len(course) + 1):
        account.schedule(record_next_event, message, under_way * step / len(course))
    if last_moment:
        status, seconds = last_moment
        message.pending_events += _event_types(message.channel, (status,))
        account.schedule(record_next_event, message, seconds)


def _must_fall_back(message: Message, status: str | None, under_way: float) -> bool:
    """Whether an RCS message fails, or does not arrive in time."""
    late = message.fallback is not None and under_way > message.fallback.after
    return status not in (None, "DELIVERED", "READ", "PROTECT_BLOCKED") or (
        late and status != "PROTECT_BLOCKED"
    )


def _prepare_fallback(
    account: Account,
    message: Message,
    fallback: Fallback,
    course: tuple[str, ...],
    under_way: float,
) -> None:
    """Record the events that happen in time, and send something else after that.

    User guide, "Fallback events" and "Delivery receipts during fallback": there is one final
    receipt, that of the channel that delivers the message.
    """
    good = [each for each in course if each in ("QUEUED", "SENT")]
    steps = {each: under_way * (place + 1) / len(course) for place, each in enumerate(good)}
    steps = {each: seconds for each, seconds in steps.items() if seconds < fallback.after}
    message.pending_events = (*_event_types(message.channel, tuple(steps)), _FALLEN_BACK)
    for seconds in steps.values():
        account.schedule(record_next_event, message, seconds)
    failed = course[-1] in ("FAILED", "TTL_EXPIRED", "FALLEN_BACK_TO_SMS")
    # It sends a message, and so it is registered by a module that comes after this one.
    account.schedule(
        JOBS["fall_back"], message, min(under_way, fallback.after) if failed else fallback.after
    )


def _fate(account: Account, message: Message) -> str | None:
    """Decide the final messageStatus of a message; None if it arrives as usual.

    A text that is too long is not delivered: "SMS character limits" of the user guide does
    not say whether the call or the delivery fails, and the call allows 1,600 characters. AWS's
    simulator numbers always mean what AWS says. Then a test decides, and so it may also say
    that FILTER lets a message through: AWS looks for pumped traffic, and the emulator cannot.
    """
    simulated = simulator_outcome(message.recipient) if message.channel in _SIMULATED else None
    if _is_too_long(message):
        return "INVALID_MESSAGE"
    if simulated:
        return _OF_SIMULATOR[simulated] if simulated == "failure" else None
    outcome = account.outcomes.take(message)
    outcome = outcome and outcome.removeprefix(f"{message.channel.upper()}_")
    _assess(message, outcome)
    # Under MONITOR a recommendation is all that a message gets.
    if outcome and (outcome, message.protect_status) != ("PROTECT_BLOCKED", "MONITOR"):
        return outcome
    if problem := type_problem(message):
        return problem
    is_filtered = message.protect_status == "FILTER" and message.protect_recommendation == "BLOCK"
    return "PROTECT_BLOCKED" if is_filtered else None


def _is_too_long(message: Message) -> bool:
    """Whether a text is too long for SMS; MMS and RCS have limits of their own."""
    if message.channel != "text" or message.parts < _MANY_PARTS:
        return False
    return is_too_long(message.body or "", Parts(message.encoding or "GSM", message.parts))


def _assess(message: Message, outcome: str | None) -> None:
    """Recommend to block a message whose rule is MONITOR or FILTER, unless a test says otherwise.

    Only texts and RCS messages can be blocked: the other channels have no such event.
    """
    if message.protect_status in ("MONITOR", "FILTER"):
        is_blocked = outcome in (None, "PROTECT_BLOCKED") and message.channel in ("text", "rcs")
        message.protect_recommendation = "BLOCK" if is_blocked else "ALLOW"


@cache
def _course(channel: str, status: str | None, *, is_of_short_code: bool) -> tuple[str, ...]:
    """The statuses that lead to a status, in this order."""
    good = _GOOD_COURSES[channel]
    if status is None:
        status = good[0] if is_of_short_code else _ENDS[channel]
    return good[: good.index(status) + 1] if status in good else (status,)


def _last_moment(message: Message, status: str) -> tuple[str, int] | None:
    """The final status of a message whose last status is not final, and after how many seconds."""
    if status in ("PENDING", "QUEUED", "INITIATED", "RINGING", "ANSWERED", "SENT"):
        return "TTL_EXPIRED", message.time_to_live
    if status == "SUCCESSFUL" and not message.comes_from_short_code:
        return "UNKNOWN", _NO_FINAL_EVENT
    return None


@cache
def _event_types(channel: str, course: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"{channel.upper()}_{status}" for status in course)


@job
def record_next_event(account: Account, message: Message) -> None:
    """Record the next event of a message; the last one is final."""
    if not message.pending_events:
        return
    event_type, message.pending_events = message.pending_events[0], message.pending_events[1:]
    # Published records of RCS messages have two final events: DELIVERED, and READ after it.
    is_final = not message.pending_events or event_type == "RCS_DELIVERED"
    publishing.record_event(account, message, event_type, is_final=is_final)
