"""Dispatch: finds the function of an operation, and does what all operations share."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.errors import InvalidArnError, UnknownOperationException
from pinpoint_sms_emu.service import listing, throttling
from pinpoint_sms_emu.service.operations import OPERATIONS, Operation
from pinpoint_sms_emu.state.transactions import change
from pinpoint_sms_emu.wire import shapes
from pinpoint_sms_emu.wire.idempotency import fingerprint
from pinpoint_sms_emu.wire.model import OperationModel, service_model, snake
from pinpoint_sms_emu.wire.sns_actions import ACTIONS

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.service.state import State


@cache
def load_service() -> None:
    """Load all operations and jobs. The first call does so; a block without calls does not.

    Calls on other threads wait meanwhile, because an operation is registered while its module
    is still loading.
    """
    from pinpoint_sms_emu.service import modules  # noqa: F401  registers them


def find_operation(name: str) -> tuple[OperationModel, Operation]:
    """Find an operation by its AWS name; refuse an unknown one.

    The emulated operations of SNS have no name in common with those of this service.
    """
    load_service()
    model = service_model().operations.get(name)
    if model is None and name in ACTIONS:
        from pinpoint_sms_emu.sns import modules as sns  # loaded by the first call of SNS

        return sns.find_operation(name)
    if model is None:
        raise UnknownOperationException(f"{name:.80} is no operation of this service")
    operation = OPERATIONS.get(snake(name))
    if operation is None:
        raise UnknownOperationException(f"{name} is not emulated yet")
    return model, operation


def emulated_operations() -> dict[str, bool]:
    """Return every operation that the installed botocore knows, and whether it is emulated."""
    load_service()
    return {name: snake(name) in OPERATIONS for name in sorted(service_model().operations)}


@change
def answer_call(
    state: State, operation: str, account_id: str, region: str, body: dict[str, Any]
) -> dict[str, Any]:
    """Answer a call, as a change that is written to the journal."""
    state.operation = operation
    return answer_in(state, account_id, region, *find_operation(operation), body)


def answer_in(
    state: State,
    account_id: str,
    region: str,
    model: OperationModel,
    operation: Operation,
    body: dict[str, Any],
) -> dict[str, Any]:
    """Answer a call of an account, which is kept only if the call is not refused."""
    account = state.accounts.get((account_id, region))
    if account is not None:
        return answer(account, model, operation, body)
    with state.attempt(account_id, region) as new:
        return answer(new, model, operation, body)


def answer(
    account: Account, model: OperationModel, operation: Operation, body: dict[str, Any]
) -> dict[str, Any]:
    """Answer a call; a call that repeats a client token gets the former answer again."""
    throttling.must_not_call_too_often(account, model.name)
    arguments = shapes.arguments(model.input_shape, body, model.service)
    token = arguments.pop(snake(model.token_member), None) if model.token_member else None
    if token is None:
        return _answer(account, model, operation, arguments)

    digest = fingerprint(arguments)
    former = account.tokens.recall(model.name, token, digest, account.now())
    if former is not None:
        return former
    new = _answer(account, model, operation, arguments)
    account.tokens.remember(model.name, token, digest, new, account.now())
    return new


def _answer(
    account: Account, model: OperationModel, operation: Operation, arguments: dict[str, Any]
) -> dict[str, Any]:
    try:
        if model.list_member:
            return _list(account, model, operation, arguments)
        return shapes.render(model.output_shape, operation(account, arguments), model.service)
    except InvalidArnError as error:
        error.name_field(arguments)
        raise


def _list(
    account: Account, model: OperationModel, operation: Operation, arguments: dict[str, Any]
) -> dict[str, Any]:
    """Answer with one page of a listing operation's result, and the token of the next page."""
    listing.must_not_name_and_select(arguments, model)
    size = arguments.pop("max_results", model.page_size)
    token = arguments.pop("next_token", None)
    if "filters" in arguments:
        listing.must_be_possible(arguments["filters"], model)
    found = operation(account, arguments)
    # An empty list is the same as none, in the tokens too.
    asked = {name: value for name, value in arguments.items() if value != []}
    query = (model.name, account.account_id, account.region, asked)
    entries, next_token = listing.take_page(found, size, token, query)
    answer = {**found.beside, snake(model.list_member): entries, "next_token": next_token}
    return shapes.render(model.output_shape, answer, model.service)
