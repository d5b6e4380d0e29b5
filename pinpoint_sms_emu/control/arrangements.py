"""Routes to arrange: numbers, inbound messages, reviews, the clock, faults and outcomes."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypedDict, Unpack

from pinpoint_sms_emu.control.formats import ListAnswer, listing
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.messaging.delivery.outcomes import EVERYONE, Outcome
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.resources.numbers import Number
from pinpoint_sms_emu.service import arrangements, opt_outs
from pinpoint_sms_emu.service.faults import Fault
from pinpoint_sms_emu.service.opt_outs import OptOut
from pinpoint_sms_emu.state.steps import Steps
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.model import snake
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION


def add_number(
    emulator: Emulator,
    *,
    phone_number: str,
    account_id: str = DEFAULT_ACCOUNT,
    region: str = DEFAULT_REGION,
    **chosen: Unpack[NumberSettings],
) -> dict[str, Any]:
    """Add a phone number of your choice to an account, which AWS does not allow."""
    number = emulator.add_number(phone_number, account_id=account_id, region=region, **chosen)
    return number.as_dict()


def list_numbers(
    emulator: Emulator,
    *,
    account_id: str | None = None,
    region: str | None = None,
    format: str | None = None,
) -> ListAnswer:
    """List the phone numbers of all accounts, or of one, oldest first."""
    numbers = emulator.find_numbers(account_id=account_id, region=region)
    found = {"numbers": [number.as_dict() for number in numbers], "total": len(numbers)}
    return listing(found, "numbers", format, [each.name for each in fields(Number)])


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
) -> dict[str, Any]:
    """Receive a text from an end user to a number, or another interaction with an RCS agent."""
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


def list_opt_outs(
    emulator: Emulator,
    *,
    recipient: str | None = None,
    sender: str | None = None,
    account_id: str | None = None,
    region: str | None = None,
    format: str | None = None,
) -> Steps[ListAnswer]:
    """List who has opted out, on which list, and by which inbound message or call."""
    engine = engine_of(emulator)
    with engine.transaction():
        steps = opt_outs.find(
            engine.state,
            engine.calls.all(),
            recipient=recipient,
            sender=sender,
            account_id=account_id,
            region=region,
        )
    entries = yield from steps
    found = {"opt_outs": (each.as_dict() for each in entries), "total": len(entries)}
    return listing(found, "opt_outs", format, [each.name for each in fields(OptOut)])


def accept_invitation(
    emulator: Emulator,
    *,
    verified_destination_number_id: str | None = None,
    destination_phone_number: str | None = None,
    rcs_agent_id: str | None = None,
    account_id: str | None = None,
    region: str | None = None,
) -> dict[str, Any]:
    """Accept the invitation to test an RCS agent as an end user, by id or by number."""
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
) -> dict[str, Any]:
    """Decide about a registration, as AWS's reviewers do."""
    registration = emulator.review(
        registration_id,
        decision,
        reason=reason,
        fields=fields,
        carriers=carriers,
        account_id=account_id,
        region=region,
    )
    return _members_of("RegistrationInformation", registration)


def get_clock(emulator: Emulator) -> dict[str, Any]:
    """Show the emulator's time."""
    return emulator.clock.as_dict()


def move_clock(
    emulator: Emulator,
    *,
    advance_seconds: float | None = None,
    freeze_at: str | None = None,
    set_to: str | None = None,
    resume: bool | None = None,
) -> dict[str, Any]:
    """Move the time forward, freeze it (`now`, or later), or return to the system's time."""
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


def list_faults(emulator: Emulator, *, format: str | None = None) -> ListAnswer:
    """List the active faults."""
    faults = [fault.as_dict() for fault in emulator.faults]
    return listing({"faults": faults, "total": len(faults)}, "faults", format)


class FaultMembers(TypedDict, total=False):
    """The members of a fault other than the operation: the arguments of `Emulator.fail`."""

    error: str | None
    reason: str | None
    times: int | None
    probability: float
    delay_seconds: float
    cut: bool
    account_id: str | None
    region: str | None
    # The id, if another replica has created the fault.
    id: str


def add_fault(
    emulator: Emulator, *, operation: str, **members: Unpack[FaultMembers]
) -> dict[str, Any]:
    """Make calls of an operation, or of all (*), fail, or delay or cut their answers."""
    fault: Fault = engine_of(emulator).change(arrangements.add_fault, operation, **members)
    return fault.as_dict()


def clear_faults(emulator: Emulator) -> dict[str, Any]:
    """Clear all faults."""
    emulator.clear_faults()
    return {}


def clear_fault(emulator: Emulator, fault_id: str) -> dict[str, Any]:
    """Clear one fault."""
    emulator.clear_faults(fault_id)
    return {}


def list_outcomes(emulator: Emulator, *, format: str | None = None) -> ListAnswer:
    """List the active outcomes."""
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
    id: str = "",
) -> dict[str, Any]:
    """Choose the final event of messages to a number, a country, a pattern (+1425*) or all (*)."""
    outcome: Outcome = engine_of(emulator).change(
        arrangements.add_outcome,
        event,
        recipient,
        times=times,
        account_id=account_id,
        region=region,
        id=id,
    )
    return outcome.as_dict()


def clear_outcomes(emulator: Emulator) -> dict[str, Any]:
    """Clear all outcomes."""
    emulator.clear_outcomes()
    return {}


def clear_outcome(emulator: Emulator, outcome_id: str) -> dict[str, Any]:
    """Clear one outcome."""
    emulator.clear_outcomes(outcome_id)
    return {}


def _members_of(shape: str, resource: Any) -> dict[str, Any]:
    """Return a resource's members in AWS's API, in snake case, with times in ISO 8601."""
    members = {}
    for member, value in shapes.render(shape, resource).items():
        at = getattr(resource, shapes.attribute(member, type(resource)) or "")
        members[snake(member)] = at.isoformat() if isinstance(at, datetime) else value
    return members
