"""Changes of the state that users make through the emulator's own API, not through AWS's."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Unpack

from pinpoint_sms_emu.messaging import inbound
from pinpoint_sms_emu.messaging.delivery.outcomes import EVERYONE, Outcome
from pinpoint_sms_emu.messaging.inbound import Inbound, Interactions
from pinpoint_sms_emu.resources import added_numbers, verified_destination_numbers
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.registrations import review
from pinpoint_sms_emu.resources.registrations.registrations import Registration
from pinpoint_sms_emu.resources.verified_destination_numbers import Tester
from pinpoint_sms_emu.service.faults import Fault
from pinpoint_sms_emu.service.filters import must_be_a_place
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.transactions import change


@change
def add_number(
    state: State,
    phone_number: str,
    *,
    account_id: str,
    region: str,
    **settings: Unpack[NumberSettings],
) -> PhoneNumber:
    """Give an account a number, which is ACTIVE at once; a refusal creates no account."""
    added_numbers.must_be_account_and_region(account_id, region)
    with state.attempt(account_id, region) as account:
        return added_numbers.add_number(account, phone_number, **settings)


@change
def receive(
    state: State,
    body: str | None,
    *,
    sender: str,
    recipient: str,
    account_id: str | None,
    region: str | None,
    **interactions: Unpack[Interactions],
) -> Inbound:
    """Receive a message or an RCS interaction from an end user."""
    return inbound.receive(
        state,
        body,
        sender=sender,
        recipient=recipient,
        account_id=account_id,
        region=region,
        **interactions,
    )


@change
def text_subscriber(
    state: State,
    account_id: str,
    region: str,
    *,
    phone_number: str,
    message: str,
    message_structure: str | None,
    attributes: Mapping[str, str],
) -> None:
    """Text a phone that is subscribed to a topic of another emulator; a refusal is an ApiError."""
    from pinpoint_sms_emu.sns import publishing  # noqa: PLC0415  only with SNS

    with state.attempt(account_id, region) as account:
        publishing.text_subscriber(account, phone_number, message, message_structure, attributes)


@change
def accept_invitation(
    state: State,
    tester: str,
    rcs_agent_id: str | None,
    *,
    account_id: str | None,
    region: str | None,
) -> Tester:
    """Accept, as an end user, the invitation to test an RCS agent."""
    return verified_destination_numbers.accept_invitation(
        state.accounts_in(account_id, region), tester, rcs_agent_id=rcs_agent_id
    )


@change
def review_registration(
    state: State,
    registration_id: str,
    decision: str,
    *,
    reason: str | None,
    fields: Mapping[str, str],
    carriers: Mapping[str, str] | None = None,
    account_id: str | None,
    region: str | None,
) -> Registration:
    """Decide about a registration, as AWS's reviewers do."""
    if not isinstance(registration_id, str):
        raise ValueError(f"registration_id must be an id or an ARN, not {registration_id!r:.80}")
    for account in state.accounts_in(account_id, region):
        registration = account.registrations.get(registration_id.rpartition("/")[2])
        if registration is not None:
            review.review(account, registration, decision, reason, fields, carriers)
            return registration
    raise LookupError(f"there is no registration {registration_id:.80}")


# Faults and outcomes.


@change
def add_fault(state: State, operation: str, **members: Any) -> Fault:
    """Make calls of an operation, or of all (*), fail, or delay or cut their responses."""
    return state.faults.add(Fault(operation=operation, **members), state.settings.replica)


@change
def clear_faults(state: State, fault_id: str | None) -> None:
    """Remove a fault, or all."""
    state.faults.clear(fault_id)


@change
def add_outcome(
    state: State,
    event: str,
    recipient: str = EVERYONE,
    *,
    times: int | None,
    account_id: str | None,
    region: str | None,
    id: str = "",
) -> Outcome:
    """Choose what happens to messages to a number, a country, a pattern, or everyone."""
    must_be_a_place(account_id, region)
    outcome = Outcome(
        id=id,
        event=event,
        recipient=recipient,
        times=times,
        account_id=account_id,
        region=region,
    )
    return state.outcomes.add(outcome, state.settings.replica)


@change
def clear_outcomes(state: State, outcome_id: str | None) -> None:
    """Remove an outcome, or all."""
    state.outcomes.clear(outcome_id)
