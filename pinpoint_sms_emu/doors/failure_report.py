"""Lists the calls and messages of an emulator, for the report of a failed test."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.wording import one_line

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.messaging.messages import Message

MOST = 20
_LONGEST_BODY = 60


def describe(emulator: Emulator) -> str:
    """Return the last calls and messages, one per line, oldest first."""
    entries = sorted([*_calls(emulator), *_messages(emulator)], key=lambda entry: entry[0])
    lines = [f"{at:%H:%M:%S}  {line}" for at, line in entries[-MOST:]]
    left_out = len(entries) - len(lines)
    first = [f"({left_out} earlier ones are left out)"] if left_out else []
    return "\n".join([*first, *lines]) or "There were no calls and no messages."


def _calls(emulator: Emulator) -> Iterator[tuple[datetime, str]]:
    for call in getattr(emulator, "calls", ()):
        yield call.at, _describe_call(call)


def _describe_call(call: Any) -> str:
    operation = call.operation or "unknown operation"
    if call.error is None:
        return f"{operation}: answered"
    reason = call.error.get("reason") or ""
    refused = f"{operation}: refused, {call.error['code']} {reason}".rstrip()
    if call.why:
        summary = call.why["summary"].removesuffix(".")
        refused += ": " + ". ".join(filter(None, (summary, call.why["help"])))
    return one_line(refused)


def _messages(emulator: Emulator) -> Iterator[tuple[datetime, str]]:
    for message in emulator.messages:
        yield message.created, _describe_message(message)


def _describe_message(message: Message) -> str:
    body = message.body or ""
    excerpt = body if len(body) <= _LONGEST_BODY else f"{body[:_LONGEST_BODY]}…"
    return (
        f"{message.direction} {message.channel} {message.sender} -> {message.recipient} "
        f"{message.status} {excerpt!r}"
    )
