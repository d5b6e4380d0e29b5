"""The control plane: a thin JSON skin over the methods of an Emulator.

A route takes what its function's signature says: the parts of its path stand before the `*`, the
members of its query or JSON body after it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack, cast

from werkzeug.wrappers import Response

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.api.messages import must_be_seconds
from pinpoint_sms_emu.api.permissions import PolicyFilters
from pinpoint_sms_emu.control.calls import clear_calls, get_call, list_calls, stream_calls
from pinpoint_sms_emu.control.formats import listing, must_be_a_form
from pinpoint_sms_emu.control.route import Route
from pinpoint_sms_emu.control.stream import Stream, Waiting, must_have_room
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.delivery.outcomes import EVERYONE
from pinpoint_sms_emu.messaging.events.deliveries import Event
from pinpoint_sms_emu.messaging.message_queries import MessageFilters, MessageQuery, Query
from pinpoint_sms_emu.messaging.messages import MEMBERS
from pinpoint_sms_emu.messaging.report import ReportRow
from pinpoint_sms_emu.messaging.sending.segments import segments
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.resources.numbers import Number
from pinpoint_sms_emu.seed.export import export
from pinpoint_sms_emu.service import dispatch, inventory
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION

# --- the emulator itself -------------------------------------------------------------------------


def health(_emulator: Emulator) -> Any:
    """Tell that the server is up."""
    return {"status": "ok", "version": __version__}


def reset(emulator: Emulator) -> Any:
    """Reset everything to how it was at the start."""
    emulator.reset()
    return {}


def settings(emulator: Emulator) -> Any:
    """Show the settings; the access token is masked."""
    values = {each.name: getattr(emulator.settings, each.name) for each in fields(Settings)}
    secret = {"access_token": "***"} if values["access_token"] else {}
    return {name: _json_value(value) for name, value in (values | secret).items()}


def operations(_emulator: Emulator, *, format: str | None = None) -> Any:
    """List the operations of the service, and whether they are emulated."""
    emulated = dispatch.emulated_operations()
    entries = [{"name": name, "emulated": is_emulated} for name, is_emulated in emulated.items()]
    found = {"operations": entries, "emulated": sum(emulated.values()), "total": len(entries)}
    return listing(found, "operations", format)


def get_state(emulator: Emulator) -> Any:
    """Give the whole state as one JSON document."""
    return emulator.snapshot()


def export_seed(
    emulator: Emulator, *, account_id: str | None = None, region: str | None = None
) -> Any:
    """Write the resources of all accounts, or of one, as the TOML of a seed file."""
    engine = engine_of(emulator)
    with engine.transaction():
        text = export(engine.state.accounts_in(account_id, region))
    return Response(text, mimetype="application/toml", headers={"Cache-Control": "no-store"})


def put_state(emulator: Emulator, document: dict[str, Any]) -> Any:
    """Replace the whole state; a document that cannot be read changes nothing."""
    emulator.restore(document)
    return {}


# --- accounts ------------------------------------------------------------------------------------


def list_accounts(emulator: Emulator) -> Any:
    """List every account and Region that has been used, and how much there is of each kind."""
    engine = engine_of(emulator)
    with engine.transaction():
        accounts = [
            {
                "account_id": account.account_id,
                "region": account.region,
                "resources": inventory.count(account),
            }
            for account in engine.state.accounts_in(None, None)
        ]
    return {"accounts": accounts, "total": len(accounts)}


def list_resources(
    emulator: Emulator, *, account_id: str | None = None, region: str | None = None
) -> Any:
    """Show what accounts have: their resources by kind, and what they have spent this month."""
    accounts = emulator.resources(account_id, region)
    return {"accounts": accounts, "total": len(accounts)}


# --- numbers and messages ------------------------------------------------------------------------


def add_number(
    emulator: Emulator,
    *,
    phone_number: str,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = DEFAULT_REGION,
    **chosen: Unpack[NumberSettings],
) -> Any:
    """Add a phone number of your choice to an account, which AWS does not allow."""
    number = emulator.add_number(phone_number, account_id=account_id, region=region, **chosen)
    return number.as_dict()


def list_numbers(
    emulator: Emulator,
    *,
    account_id: str | None = None,
    region: str | None = None,
    format: str | None = None,
) -> Any:
    """List the phone numbers of all accounts, or of one, oldest first."""
    numbers = emulator.find_numbers(account_id=account_id, region=region)
    found = {"numbers": [number.as_dict() for number in numbers], "total": len(numbers)}
    return listing(found, "numbers", format, [each.name for each in fields(Number)])


def list_messages(
    emulator: Emulator,
    *,
    wait_seconds: float = 0,
    events: bool = True,
    format: str | None = None,
    **asked: Unpack[MessageQuery],
) -> Any:
    """List messages, with or without their events; where there are none, wait for one."""
    must_be_seconds("wait_seconds", wait_seconds)
    must_be_a_form(format)
    events = events and format != "csv"

    def look() -> tuple[Any, bool]:
        found = emulator.find_messages(**asked)
        document = {
            "messages": (message.as_dict(events=events) for message in found.messages),
            "total": found.total,
            "forgotten": found.forgotten,
        }
        return listing(document, "messages", format, MEMBERS), found.total > 0

    return _look_or_wait(emulator, look, wait_seconds, asked)


def latest_message(
    emulator: Emulator, *, wait_seconds: float = 0, **asked: Unpack[MessageFilters]
) -> Any:
    """Show the latest message that fits; where there is none, wait for one."""
    must_be_seconds("wait_seconds", wait_seconds)
    described = ", ".join(f"{name}={value}" for name, value in asked.items())
    error = f"there is no message{f' with {described}' if described else ''}"

    def look() -> tuple[Any, bool]:
        found = emulator.find_messages(order="newest", limit=1, **asked).messages
        if found:
            return found[0].as_dict(), True
        return Response(json.dumps({"error": error}), 404, mimetype="application/json"), False

    return _look_or_wait(emulator, look, wait_seconds, asked)


def _look_or_wait(
    emulator: Emulator,
    look: Callable[[], tuple[Any, bool]],
    wait_seconds: float,
    filters: MessageQuery | MessageFilters,
) -> Any:
    """Give an answer, or where it is not what is looked for, wait for a message that fits."""
    answer, is_found = look()
    if is_found or not wait_seconds:
        return answer
    must_have_room(emulator)
    return Waiting(emulator, look, Query.of(**filters).test(), wait_seconds)


def get_message(emulator: Emulator, message_id: str) -> Any:
    """Show one message."""
    return engine_of(emulator).state.messages[message_id].as_dict()


def clear_messages(emulator: Emulator, **asked: Unpack[MessageQuery]) -> Any:
    """Delete the messages that fit, or all."""
    emulator.clear_messages(**asked)
    return {}


def stream_messages(
    emulator: Emulator, *, events: bool = True, **asked: Unpack[MessageFilters]
) -> Response:
    """Stream each message, and each change of one, as it happens: server-sent events."""
    stream = Stream(emulator, Query(**asked), events=events)
    must_have_room(emulator)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(cast("Any", aiter(stream)), mimetype="text/event-stream", headers=headers)


def receive(
    emulator: Emulator,
    *,
    sender: str,
    recipient: str,
    body: str | None = None,
    suggestion: dict[str, str] | None = None,
    location: dict[str, float] | None = None,
    media: dict[str, Any] | None = None,
    typing: bool | None = None,
    conversation_started: bool | None = None,
    account_id: str | None = None,
    region: str | None = None,
) -> Any:
    """Send a text from a person to an account's number, or something else to an RCS agent."""
    received = emulator.receive(
        body,
        sender=sender,
        recipient=recipient,
        account_id=account_id,
        region=region,
        suggestion=suggestion,
        location=location,
        media=media,
        typing=typing,
        conversation_started=conversation_started,
    )
    return asdict(received)


def accept_invitation(
    emulator: Emulator,
    *,
    verified_destination_number_id: str | None = None,
    destination_phone_number: str | None = None,
    rcs_agent_id: str | None = None,
    account_id: str | None = None,
    region: str | None = None,
) -> Any:
    """Let a person accept the invitation to test an RCS agent, by the id or by the number."""
    if (verified_destination_number_id is None) == (destination_phone_number is None):
        raise ValueError("give one of verified_destination_number_id and destination_phone_number")
    tester = verified_destination_number_id or destination_phone_number or ""
    accepted = emulator.accept_invitation(
        tester, rcs_agent_id=rcs_agent_id, account_id=account_id, region=region
    )
    return asdict(accepted)


def review(
    emulator: Emulator,
    registration_id: str,
    *,
    decision: str,
    reason: str | None = None,
    fields: dict[str, str] | None = None,
    carriers: dict[str, str] | None = None,
    account_id: str | None = None,
    region: str | None = None,
) -> Any:
    """Decide about a registration as its reviewer."""
    registration = emulator.review(
        registration_id,
        decision,
        reason=reason,
        fields=fields,
        carriers=carriers,
        account_id=account_id,
        region=region,
    )
    return _as_aws_shows("RegistrationInformation", registration)


def list_events(
    emulator: Emulator,
    *,
    message_id: str | None = None,
    account_id: str | None = None,
    region: str | None = None,
    limit: int | None = None,
    format: str | None = None,
) -> Any:
    """List event records, oldest first, two-way payloads, and how many left undelivered."""
    found = emulator.find_events(
        message_id=message_id, account_id=account_id, region=region, limit=limit
    )
    document = {
        "events": [asdict(event) for event in found.events],
        "total": found.total,
        "inbound": [asdict(event) for event in found.inbound],
        "registrations": [asdict(event) for event in found.registrations],
        "forgotten": found.forgotten,
    }
    return listing(document, "events", format, [each.name for each in fields(Event)])


# --- costs ---------------------------------------------------------------------------------------


def report(
    emulator: Emulator,
    *,
    account_id: str | None = None,
    region: str | None = None,
    format: str | None = None,
) -> Any:
    """Add up what sending has cost, by day, country, channel and type of number."""
    found = emulator.report(account_id=account_id, region=region)
    return listing({**found}, "rows", format, list(ReportRow.__annotations__))


def show_segments(_emulator: Emulator, *, text: str, country: list[str] | None = None) -> Any:
    """Tell how a text travels as SMS, which characters force Unicode, and what it costs."""
    return segments(text, country=country)


def show_policy(
    emulator: Emulator, *, widen: bool = False, **filters: Unpack[PolicyFilters]
) -> Any:
    """Make the least-privilege IAM policy for the calls that were recorded."""
    return emulator.policy(widen=widen, **filters)


# --- time, faults and outcomes -------------------------------------------------------------------


def get_clock(emulator: Emulator) -> Any:
    """Show the emulator's time."""
    return emulator.clock.as_dict()


def move_clock(
    emulator: Emulator,
    *,
    advance_seconds: float | None = None,
    freeze_at: str | None = None,
    set_to: str | None = None,
    resume: bool | None = None,
) -> Any:
    """Move the time forward, freeze it (`now`, or later) or go back to the system's."""
    clock = emulator.clock
    match advance_seconds, freeze_at, set_to, resume:
        case float() | int(), None, None, None:
            clock.advance(seconds=advance_seconds)
        case None, str(), None, None:
            clock.freeze(None if freeze_at == "now" else freeze_at)
        case None, None, str(), None:
            clock.set(set_to)
        case None, None, None, True:
            clock.resume()
        case _:
            raise ValueError("give one of advance_seconds, freeze_at, set_to and resume (true)")
    return clock.as_dict()


def list_faults(emulator: Emulator, *, format: str | None = None) -> Any:
    """List the faults that are to happen."""
    faults = [fault.as_dict() for fault in emulator.faults]
    return listing({"faults": faults, "total": len(faults)}, "faults", format)


class FaultMembers(TypedDict, total=False):
    """What a fault has beside its operation: the arguments of `Emulator.fail`."""

    error: str | None
    reason: str | None
    times: int | None
    probability: float
    delay_seconds: float
    cut: bool
    account_id: str | None
    region: str | None


def add_fault(emulator: Emulator, *, operation: str, **members: Unpack[FaultMembers]) -> Any:
    """Make calls of an operation, or of all (*), fail, take time or break off."""
    return emulator.fail(operation, **members).as_dict()


def clear_faults(emulator: Emulator) -> Any:
    """Clear all faults."""
    emulator.clear_faults()
    return {}


def clear_fault(emulator: Emulator, fault_id: str) -> Any:
    """Clear one fault."""
    emulator.clear_faults(fault_id)
    return {}


def list_outcomes(emulator: Emulator, *, format: str | None = None) -> Any:
    """List what is to become of messages."""
    outcomes = [outcome.as_dict() for outcome in emulator.outcomes]
    return listing({"outcomes": outcomes, "total": len(outcomes)}, "outcomes", format)


def add_outcome(
    emulator: Emulator,
    *,
    event: str,
    recipient: str = EVERYONE,
    times: int | None = None,
    account_id: str | None = None,
    region: str | None = None,
) -> Any:
    """Choose how delivery ends: to a number, a country, a pattern (+1425*) or everyone (*)."""
    outcome = emulator.outcome(event, recipient, times=times, account_id=account_id, region=region)
    return outcome.as_dict()


def clear_outcomes(emulator: Emulator) -> Any:
    """Clear all outcomes."""
    emulator.clear_outcomes()
    return {}


def clear_outcome(emulator: Emulator, outcome_id: str) -> Any:
    """Clear one outcome."""
    emulator.clear_outcomes(outcome_id)
    return {}


# --- as JSON -------------------------------------------------------------------------------------


def _as_aws_shows(shape: str, resource: Any) -> dict[str, Any]:
    """A resource with the members that AWS shows of it, in snake case, its times in ISO 8601."""
    shown = {}
    for member, value in shapes.render(shape, resource).items():
        at = getattr(resource, shapes.attribute(member, type(resource)) or "")
        shown[snake(member)] = at.isoformat() if isinstance(at, datetime) else value
    return shown


def _json_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    return str(value) if isinstance(value, Path) else value


ROUTES = (
    Route("GET", "/_emulator/health", health),
    Route("POST", "/_emulator/reset", reset),
    Route("GET", "/_emulator/settings", settings),
    Route("GET", "/_emulator/operations", operations, is_listing=True),
    Route("GET", "/_emulator/state", get_state),
    Route("PUT", "/_emulator/state", put_state, takes_document=True),
    Route("GET", "/_emulator/seed", export_seed, answers_with="application/toml"),
    Route("GET", "/_emulator/accounts", list_accounts),
    Route("GET", "/_emulator/resources", list_resources),
    Route("GET", "/_emulator/numbers", list_numbers, is_listing=True),
    Route("POST", "/_emulator/numbers", add_number),
    Route("GET", "/_emulator/messages", list_messages, is_listing=True),
    Route("GET", "/_emulator/messages/latest", latest_message),
    Route("DELETE", "/_emulator/messages", clear_messages),
    Route(
        "GET",
        "/_emulator/messages/stream",
        stream_messages,
        answers_with="text/event-stream",
    ),
    Route("GET", "/_emulator/messages/<message_id>", get_message),
    Route("POST", "/_emulator/inbound", receive),
    Route("POST", "/_emulator/invitations", accept_invitation),
    Route("POST", "/_emulator/registrations/<registration_id>/review", review),
    Route("GET", "/_emulator/events", list_events, is_listing=True),
    Route("GET", "/_emulator/calls", list_calls, is_listing=True),
    Route("DELETE", "/_emulator/calls", clear_calls),
    Route("GET", "/_emulator/calls/stream", stream_calls, answers_with="text/event-stream"),
    Route("GET", "/_emulator/calls/<request_id>", get_call),
    Route("GET", "/_emulator/report", report, is_listing=True),
    Route("GET", "/_emulator/segments", show_segments),
    Route("GET", "/_emulator/policy", show_policy),
    Route("GET", "/_emulator/clock", get_clock),
    Route("POST", "/_emulator/clock", move_clock),
    Route("GET", "/_emulator/faults", list_faults, is_listing=True),
    Route("POST", "/_emulator/faults", add_fault),
    Route("DELETE", "/_emulator/faults", clear_faults),
    Route("DELETE", "/_emulator/faults/<fault_id>", clear_fault),
    Route("GET", "/_emulator/outcomes", list_outcomes, is_listing=True),
    Route("POST", "/_emulator/outcomes", add_outcome),
    Route("DELETE", "/_emulator/outcomes", clear_outcomes),
    Route("DELETE", "/_emulator/outcomes/<outcome_id>", clear_outcome),
)
