"""Routes for the recorded API calls."""

from __future__ import annotations

from typing import Any, TypedDict, Unpack

from werkzeug.wrappers import Response

from pinpoint_sms_emu.control import cloudtrail
from pinpoint_sms_emu.control.formats import ListAnswer, listing
from pinpoint_sms_emu.control.stream import CALLS, respond_with_events
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.service.calls import MEMBERS, Call, CallFilters, CallQuery
from pinpoint_sms_emu.state.steps import Steps

# `as` cannot be the name of a parameter in Python.
As = TypedDict("As", {"as": str | None}, total=False)


class ListedCalls(CallQuery, As, total=False):
    """Filters for calls, and the format."""

    format: str | None


class StreamedCalls(CallFilters, total=False):
    """Filters for a stream of calls."""


def list_calls(emulator: Emulator, **query: Unpack[ListedCalls]) -> Steps[ListAnswer]:
    """List the recorded API calls, oldest first, including refused ones."""
    filters: Any = dict(query)
    form = filters.pop("format", None)
    is_cloudtrail = _is_cloudtrail(filters.pop("as", None))
    found = yield from engine_of(emulator).calls.search(**filters)
    if is_cloudtrail:
        accounts = engine_of(emulator).state.accounts
        return {"Records": (cloudtrail.record(call, accounts) for call in found.calls)}
    document = {
        "calls": (call.as_dict() for call in found.calls),
        "total": found.total,
        "forgotten": found.forgotten,
    }
    return listing(document, "calls", form, MEMBERS)


def get_call(emulator: Emulator, request_id: str, **form: Unpack[As]) -> dict[str, Any]:
    """Show one API call, and why it was refused."""
    is_cloudtrail = _is_cloudtrail(form.get("as"))
    engine = engine_of(emulator)
    call = engine.calls.get(request_id)
    return cloudtrail.record(call, engine.state.accounts) if is_cloudtrail else call.as_dict()


def _is_cloudtrail(form: str | None) -> bool:
    if form not in (None, "cloudtrail"):
        raise ValueError(f"as must be cloudtrail, not {form!r:.80}")
    return form == "cloudtrail"


def clear_calls(emulator: Emulator) -> dict[str, Any]:
    """Remove all recorded API calls."""
    emulator.clear_calls()
    return {}


def stream_calls(emulator: Emulator, **filters: Unpack[StreamedCalls]) -> Response:
    """Stream each new API call, as server-sent events."""
    emulator.find_calls(**filters, limit=0)

    def fits(call: Call) -> bool:
        return all(value in (None, getattr(call, name)) for name, value in filters.items())

    return respond_with_events(emulator, CALLS, fits, Call.as_dict)
