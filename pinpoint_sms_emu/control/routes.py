"""The table of all routes of the control plane, which call the methods of an Emulator.

The signature of a route's function has the parts of the path before the `*`, and the members of the
query or the JSON body after it.
"""

from __future__ import annotations

from pinpoint_sms_emu.control.administration import (
    export_seed,
    export_template,
    get_state,
    health,
    list_accounts,
    list_resources,
    operations,
    put_state,
    reset,
    settings,
)
from pinpoint_sms_emu.control.arrangements import (
    accept_invitation,
    add_fault,
    add_number,
    add_outcome,
    clear_fault,
    clear_faults,
    clear_outcome,
    clear_outcomes,
    get_clock,
    list_faults,
    list_numbers,
    list_opt_outs,
    list_outcomes,
    move_clock,
    receive,
    review,
)
from pinpoint_sms_emu.control.calls import clear_calls, get_call, list_calls, stream_calls
from pinpoint_sms_emu.control.messages import (
    clear_message,
    clear_messages,
    get_message,
    latest_message,
    list_events,
    list_messages,
    read_media,
    report,
    show_policy,
    show_segments,
    stream_messages,
)
from pinpoint_sms_emu.control.route import Route, Span

ROUTES = (
    Route("GET", "/_emulator/health", health),
    Route("POST", "/_emulator/reset", reset, Span.ALL),
    Route("GET", "/_emulator/settings", settings),
    Route("GET", "/_emulator/operations", operations, is_listing=True),
    Route("GET", "/_emulator/state", get_state, Span.ACCOUNT),
    Route("PUT", "/_emulator/state", put_state, Span.ACCOUNT, takes_document=True),
    Route("GET", "/_emulator/seed", export_seed, Span.ACCOUNT, answers_with="application/toml"),
    Route("GET", "/_emulator/seed/template", export_template, Span.ACCOUNT),
    Route("GET", "/_emulator/accounts", list_accounts, Span.MERGED),
    Route("GET", "/_emulator/resources", list_resources, Span.MERGED),
    Route("GET", "/_emulator/numbers", list_numbers, Span.MERGED, is_listing=True),
    Route("POST", "/_emulator/numbers", add_number, Span.OWNER),
    Route("GET", "/_emulator/messages", list_messages, Span.MERGED, is_listing=True),
    Route("GET", "/_emulator/messages/latest", latest_message, Span.MERGED),
    Route("DELETE", "/_emulator/messages", clear_messages, Span.ALL),
    Route(
        "GET",
        "/_emulator/messages/stream",
        stream_messages,
        Span.MERGED,
        answers_with="text/event-stream",
    ),
    Route("GET", "/_emulator/messages/<message_id>", get_message, Span.FOUND),
    Route("DELETE", "/_emulator/messages/<message_id>", clear_message, Span.FOUND),
    Route(
        "GET",
        "/_emulator/messages/<message_id>/media",
        read_media,
        answers_with="application/octet-stream",
    ),
    Route("GET", "/_emulator/opt-outs", list_opt_outs, Span.MERGED, is_listing=True),
    Route("POST", "/_emulator/inbound", receive, Span.FOUND),
    Route("POST", "/_emulator/invitations", accept_invitation, Span.FOUND),
    Route("POST", "/_emulator/registrations/<registration_id>/review", review, Span.FOUND),
    Route("GET", "/_emulator/events", list_events, Span.MERGED, is_listing=True),
    Route("GET", "/_emulator/calls", list_calls, Span.MERGED, is_listing=True),
    Route("DELETE", "/_emulator/calls", clear_calls, Span.ALL),
    Route(
        "GET",
        "/_emulator/calls/stream",
        stream_calls,
        Span.MERGED,
        answers_with="text/event-stream",
    ),
    Route("GET", "/_emulator/calls/<request_id>", get_call, Span.FOUND),
    Route("GET", "/_emulator/report", report, Span.MERGED, is_listing=True),
    Route("GET", "/_emulator/segments", show_segments),
    Route("GET", "/_emulator/policy", show_policy, Span.ACCOUNT),
    Route("GET", "/_emulator/clock", get_clock),
    Route("POST", "/_emulator/clock", move_clock, Span.ALL),
    Route("GET", "/_emulator/faults", list_faults, Span.MERGED, is_listing=True),
    Route("POST", "/_emulator/faults", add_fault, Span.ALL),
    Route("DELETE", "/_emulator/faults", clear_faults, Span.ALL),
    Route("DELETE", "/_emulator/faults/<fault_id>", clear_fault, Span.ALL),
    Route("GET", "/_emulator/outcomes", list_outcomes, Span.MERGED, is_listing=True),
    Route("POST", "/_emulator/outcomes", add_outcome, Span.ALL),
    Route("DELETE", "/_emulator/outcomes", clear_outcomes, Span.ALL),
    Route("DELETE", "/_emulator/outcomes/<outcome_id>", clear_outcome, Span.ALL),
)
