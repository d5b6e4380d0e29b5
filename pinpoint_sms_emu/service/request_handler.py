"""Answers requests, one at a time. Start reading at `begin`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.service import dispatch
from pinpoint_sms_emu.service.exchange import Delayed, Exchange
from pinpoint_sms_emu.service.faults import InjectedFault, injected_error
from pinpoint_sms_emu.service.former_answers import FormerAnswers
from pinpoint_sms_emu.service.operations import Operation
from pinpoint_sms_emu.service.state import State, choose_fault
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.state.transactions import Transaction
from pinpoint_sms_emu.wire import protocol, signing, validation
from pinpoint_sms_emu.wire.model import SERVICE, OperationModel, service_model
from pinpoint_sms_emu.wire.protocol import OperationRequest, Request, Response, Wire
from pinpoint_sms_emu.wording import nearest, one_line, quoted

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pinpoint_sms_emu.permissions.principals import Principal
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.service.calls import CallJournal
    from pinpoint_sms_emu.settings import Settings
    from pinpoint_sms_emu.state.clock import Clock
    from pinpoint_sms_emu.state.transactions import Transactions
    from pinpoint_sms_emu.wire.signing import Key

# Operations with these prefixes change nothing, unless `throttling` counts them.
_READS: Final = ("Check", "Describe", "Get", "List")
# How many ignored members a line of the log names.
_NAMED: Final = 3


class EngineInterface(Protocol):
    """The part of `Engine` that answers to requests depend on."""

    settings: Settings
    signing_keys: dict[str, Key]
    # By access key; without policies, there are none.
    principals: Mapping[str, Principal]
    clock: Clock
    transactions: Transactions[State]
    lock: threading.RLock
    closing: threading.Event
    servers: int
    calls: CallJournal
    log_call: Callable[[str], None]

    def transaction(self) -> Transaction:
        """Hold the lock and the time; due jobs run before and after."""

    def new_request_id(self) -> str:
        """Make a request id."""


class RequestHandler:
    """Answers the requests of an engine: reads, authorizes, dispatches and records them."""

    def __init__(self, engine: EngineInterface) -> None:
        self._engine = engine
        self._transactions = engine.transactions
        self._former_answers = FormerAnswers(engine.transactions)
        # An account with only read calls so far; see `_answer_reader`.
        self._unsaved_account: Account | None = None

    def handle(self, request: Request, wire: Wire) -> Response:
        """Answer a request; wait if an injected fault delays the answer."""
        answer = self.begin(request, wire)
        if isinstance(answer, Delayed):
            self._engine.closing.wait(answer.seconds)
            return answer.go_on()
        return answer

    def begin(self, request: Request, wire: Wire) -> Response | Delayed:
        """Answer a request, or return a `Delayed` answer if an injected fault delays it."""
        engine, state = self._engine, self._transactions.state
        exchange = Exchange(request, wire, state, engine.new_request_id())
        try:
            if engine.signing_keys and not request.is_ours:
                request = signing.must_have_valid_signature(
                    request, wire, engine.signing_keys, engine.clock.system_now()
                )
            call = exchange.call = wire.read(request)
            model, operation = dispatch.find_operation(call.operation)
            if state.faults.entries:
                exchange.fault = self._choose_fault(call)
        except ApiError as error:
            return self._refuse(exchange, error)
        if exchange.fault.delay_seconds:
            go_on = partial(self._finish, exchange, call, model, operation)
            return Delayed(exchange.fault.delay_seconds, go_on)
        return self._finish(exchange, call, model, operation)

    def refuse(self, request: Request, error: ApiError, wire: Wire) -> Response:
        """Refuse a request that a server rejects before it is parsed."""
        state = self._transactions.state
        exchange = Exchange(request, wire, state, self._engine.new_request_id())
        return self._refuse(exchange, error)

    def _finish(
        self,
        exchange: Exchange,
        call: OperationRequest,
        model: OperationModel,
        operation: Operation,
    ) -> Response:
        engine, fault, wire = self._engine, exchange.fault, exchange.wire
        if fault.error:
            error = injected_error(fault.error, fault.reason, exchange.request_id)
            return self._refuse(exchange, error)
        only_reads = self._only_reads(call.operation)
        try:
            with Transaction(self._transactions, only_reads=only_reads):
                if engine.principals and not exchange.request.is_ours:
                    self._authorize(exchange, call, model)
                body: dict[str, Any] | bytes
                if only_reads and self._may_repeat(exchange):
                    body = self._answer_again(exchange, call, model, operation)
                else:
                    body = self._answer(exchange.state, call, model, operation)
                at = engine.clock.now()
        except ApiError as error:
            return self._refuse(exchange, error)
        except Exception as crash:
            self._record(exchange, engine.clock.now(), crash=crash)
            raise
        if isinstance(body, bytes):
            answer, encoded = protocol.encoded_answer(body, exchange.request_id, fault.cut), body
        else:
            answer = wire.answer(call.operation, body, exchange.request_id, fault.cut)
            encoded = answer.body if wire.is_json else protocol.encode(body)
        self._record(exchange, at, response=encoded)
        ignored = _ignored(call, model) if engine.settings.explain and engine.servers else ""
        engine.log_call(f"{call.region} {call.operation}: ok{ignored}")
        return answer

    def _authorize(self, exchange: Exchange, call: OperationRequest, model: OperationModel) -> None:
        """Check IAM policies, after the model's constraints and before the operation runs."""
        engine = self._engine
        if model.service == SERVICE and (caller := engine.principals.get(exchange.access_key)):
            validation.must_be_valid(model.input_shape, call.body)
            exchange.must_be_allowed(
                caller, call, engine.settings.policies_mode, engine.clock.now()
            )

    def _refuse(self, exchange: Exchange, error: ApiError) -> Response:
        engine, call, wire = self._engine, exchange.call, exchange.wire
        error = wire.translated(error)
        with engine.lock:
            explained = exchange.explain(error)
        self._record(exchange, engine.clock.now(), error=error, why=explained)
        described = f"{call.region} {call.operation}" if call else "request refused"
        line = f"{described}: {error.code} {error.reason or ''}".rstrip()
        why = explained.sentences if engine.settings.explain and engine.servers else None
        engine.log_call(one_line(f"{line} - {why}" if why else line))
        return wire.refusal(error, exchange.request_id, exchange.fault.cut, why)

    def _record(
        self,
        exchange: Exchange,
        at: datetime,
        *,
        response: bytes | None = None,
        error: ApiError | None = None,
        crash: Exception | None = None,
        why: Why | None = None,
    ) -> None:
        engine = self._engine
        if engine.calls.max_calls and exchange.state is self._transactions.state:
            engine.calls.add(
                exchange.recorded(at, response=response, error=error, crash=crash, why=why)
            )

    def call(self, call: OperationRequest) -> dict[str, Any]:
        """Answer a call that is not recorded; raise an ApiError if it is refused."""
        with self._engine.transaction():
            return self._answer(
                self._transactions.state, call, *dispatch.find_operation(call.operation)
            )

    def _choose_fault(self, call: OperationRequest) -> InjectedFault:
        fault: InjectedFault = self._transactions.change(
            choose_fault, call.operation, call.account_id, call.region
        )
        return fault

    def _may_repeat(self, exchange: Exchange) -> bool:
        """Return whether former answers are kept: in process, boto3 takes several times as long."""
        is_served = self._engine.servers > 0
        return is_served and exchange.wire.is_json and exchange.state is self._transactions.state

    def _answer_again(
        self,
        exchange: Exchange,
        call: OperationRequest,
        model: OperationModel,
        operation: Operation,
    ) -> bytes:
        """Answer a call that only reads, in JSON: as before, if nothing has changed since."""
        answer = self._former_answers.find(call, exchange.request.body)
        if answer is None:
            answer = protocol.encode(self._answer(exchange.state, call, model, operation))
            self._former_answers.keep(call, exchange.request.body, answer)
        return answer

    def _answer(
        self, state: State, call: OperationRequest, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        if (
            self._transactions.journal is not None
            and state is self._transactions.state
            and not self._only_reads(call.operation)
        ):
            answer: dict[str, Any] = self._transactions.change(dispatch.answer_call, *call)
            return answer
        return self._answer_on(state, call, model, operation)

    def _answer_on(
        self, state: State, call: OperationRequest, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        state.operation = call.operation
        place = call.account_id, call.region
        if place not in state.accounts and self._only_reads(call.operation):
            return self._answer_reader(state, call, model, operation)
        return dispatch.answer_in(state, *place, model, operation, call.body)

    def _only_reads(self, operation: str) -> bool:
        return operation.startswith(_READS) and not self._engine.settings.throttling

    def _answer_reader(
        self, state: State, call: OperationRequest, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        """Answer a read call with a new account that is not kept; the last one is reused."""
        place, sequence = (call.account_id, call.region), state.sequence
        account = self._unsaved_account
        if account is None or account.place != place or account.state is not state:
            account = self._unsaved_account = state.new_account(*place)
        state.accounts[place] = account
        try:
            return dispatch.answer(account, model, operation, call.body)
        finally:
            del state.accounts[place]
            state.sequence = sequence


def _ignored(call: OperationRequest, model: OperationModel) -> str:
    """Name some members that are ignored because the operation does not have them."""
    if model.service != SERVICE:
        return ""
    known = service_model().shapes[model.input_shape]["members"]
    unknown = [name for name in call.body if name not in known][:_NAMED]
    return "".join(f"; {quoted(name)} is ignored, {nearest(name, known)}" for name in unknown)
