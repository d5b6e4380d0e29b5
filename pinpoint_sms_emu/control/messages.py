"""Routes for messages, event records and costs."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, fields
from functools import partial
from typing import Any, TypeVar, Unpack

from werkzeug.wrappers import Response

from pinpoint_sms_emu.api.messages import clear_in_steps, search_in_steps
from pinpoint_sms_emu.api.permissions import PolicyFilters, make_policy_in_steps
from pinpoint_sms_emu.control.formats import ListAnswer, listing, must_be_a_form
from pinpoint_sms_emu.control.stream import MESSAGES, Waiting, must_have_room, respond_with_events
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.events.deliveries import Event
from pinpoint_sms_emu.messaging.message_queries import MessageFilters, MessageQuery, Query
from pinpoint_sms_emu.messaging.messages import MEMBERS, Message
from pinpoint_sms_emu.messaging.report import ReportRow, make_report
from pinpoint_sms_emu.messaging.sending.segments import Segments, segments
from pinpoint_sms_emu.service.filters import must_be_seconds
from pinpoint_sms_emu.state.steps import Steps

# The answer that is waited for.
A = TypeVar("A")


def list_messages(
    emulator: Emulator,
    *,
    wait_seconds: float = 0,
    events: bool = True,
    format: str | None = None,
    **filters: Unpack[MessageQuery],
) -> Steps[Any]:
    """List messages, with or without their events; if there are none, wait for one."""
    must_be_seconds("wait_seconds", wait_seconds)
    must_be_a_form(format)
    events = events and format != "csv"

    def look() -> Steps[tuple[ListAnswer, bool]]:
        found = yield from search_in_steps(engine_of(emulator), Query.of(**filters))
        document = {
            "messages": (message.as_dict(events=events) for message in found.messages),
            "total": found.total,
            "forgotten": found.forgotten,
        }
        return listing(document, "messages", format, MEMBERS), found.total > 0

    return (yield from _look_or_wait(emulator, look, wait_seconds, filters))


def latest_message(
    emulator: Emulator, *, wait_seconds: float = 0, **filters: Unpack[MessageFilters]
) -> Steps[dict[str, Any] | Response | Waiting]:
    """Show the latest matching message; if there is none, wait for one."""
    must_be_seconds("wait_seconds", wait_seconds)
    described = ", ".join(f"{name}={_as_sent(value):.80}" for name, value in filters.items())
    error = f"there is no message{f' with {described}' if described else ''}"

    def look() -> Steps[tuple[dict[str, Any] | Response, bool]]:
        query = Query.of(order="newest", limit=1, **filters)
        found = yield from search_in_steps(engine_of(emulator), query)
        if found.messages:
            return found.messages[0].as_dict(), True
        return Response(json.dumps({"error": error}), 404, mimetype="application/json"), False

    return (yield from _look_or_wait(emulator, look, wait_seconds, filters))


def _as_sent(value: object) -> str:
    """Write the value of a filter as in a query string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _look_or_wait(
    emulator: Emulator,
    look: Callable[[], Steps[tuple[A, bool]]],
    wait_seconds: float,
    filters: MessageQuery | MessageFilters,
) -> Steps[A | Waiting]:
    """Return the answer, or wait for a matching message if it was not found."""
    answer, is_found = yield from look()
    if is_found or not wait_seconds:
        return answer
    must_have_room(emulator)
    return Waiting(emulator, look, Query.of(**filters).test(), wait_seconds)


def get_message(emulator: Emulator, message_id: str) -> dict[str, Any]:
    """Show one message."""
    return engine_of(emulator).state.messages[message_id].as_dict()


# What browsers show as a picture, and cannot run.
_PICTURES = ("image/gif", "image/jpeg", "image/png", "image/webp")


def read_media(
    emulator: Emulator, message_id: str, *, url: str | None = None
) -> Awaitable[Response]:
    """Read a file of a message, the first where no `url` is given, through `s3_endpoint_url`."""

    def read() -> Response:
        file = emulator.read_media(message_id, url)
        is_picture = file.content_type in _PICTURES
        headers = {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Content-Disposition": "inline" if is_picture else "attachment",
        }
        mimetype = file.content_type if is_picture else "application/octet-stream"
        return Response(file.content, mimetype=mimetype, headers=headers)

    # On a thread, since S3 takes its time.
    return asyncio.to_thread(read)


def clear_messages(emulator: Emulator, **filters: Unpack[MessageQuery]) -> Steps[Any]:
    """Delete the matching messages, or all."""
    yield from clear_in_steps(engine_of(emulator), **filters)
    return {}


def clear_message(emulator: Emulator, message_id: str) -> dict[str, Any]:
    """Delete one message."""
    emulator.clear_messages(message_id)
    return {}


def stream_messages(
    emulator: Emulator, *, events: bool = True, **filters: Unpack[MessageFilters]
) -> Response:
    """Stream each new or changed message, as server-sent events."""
    as_dict = partial(Message.as_dict, events=events)
    return respond_with_events(emulator, MESSAGES, Query(**filters).test(), as_dict)


def list_events(
    emulator: Emulator,
    *,
    message_id: str | None = None,
    account_id: str | None = None,
    region: str | None = None,
    limit: int | None = None,
    format: str | None = None,
) -> Steps[ListAnswer]:
    """List event records and two-way payloads, oldest first, and the number of lost records."""
    engine = engine_of(emulator)
    with engine.transaction():
        events = engine.state.events
        steps = events.find_records(message_id, account_id, region, limit)
    found = yield from steps
    document = {
        "events": (asdict(events.event(*each)) for each in found.records),
        "total": found.total,
        "inbound": (asdict(events.event(message, 0)) for message in found.inbound),
        "registrations": [asdict(event) for event in found.account_events],
        "forgotten": dict(events.lost),
    }
    return listing(document, "events", format, [each.name for each in fields(Event)])


def report(
    emulator: Emulator,
    *,
    account_id: str | None = None,
    region: str | None = None,
    format: str | None = None,
) -> Steps[ListAnswer]:
    """Sum up the cost of messages, by day, country, channel and number type."""
    query = Query.of(account_id=account_id, region=region)
    found = yield from search_in_steps(engine_of(emulator), query)
    made = yield from make_report(found.messages)
    return listing({**made}, "rows", format, list(ReportRow.__annotations__))


def show_segments(_emulator: Emulator, *, text: str, country: list[str] | None = None) -> Segments:
    """Show how a text is sent as SMS, which characters force Unicode, and the price."""
    return segments(text, country=country)


def show_policy(
    emulator: Emulator, *, widen: bool = False, **filters: Unpack[PolicyFilters]
) -> Steps[Any]:
    """Return the least-privilege IAM policy for the recorded calls."""
    return make_policy_in_steps(engine_of(emulator), widen=widen, **filters)
