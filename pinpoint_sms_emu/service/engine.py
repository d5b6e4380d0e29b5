"""The engine: answers requests one at a time, using a state. Start reading at `handle`."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.events.dispatcher import EventDispatcher
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service import dispatch
from pinpoint_sms_emu.service.background import BackgroundWork
from pinpoint_sms_emu.service.calls import CallJournal
from pinpoint_sms_emu.service.exchange import Delayed, Exchange
from pinpoint_sms_emu.service.faults import NO_FAULT, InjectedFault
from pinpoint_sms_emu.service.operations import Operation
from pinpoint_sms_emu.service.state import (
    State,
    choose_fault,
    make_account,
    move_clock,
    run_due_jobs,
)
from pinpoint_sms_emu.service.why import Why
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.clock import Clock, ClockPosition
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.transactions import Transaction, Transactions
from pinpoint_sms_emu.wire import protocol, signing, validation
from pinpoint_sms_emu.wire.model import SERVICE, OperationModel
from pinpoint_sms_emu.wire.protocol import JSON, OperationRequest, Request, Response, Wire
from pinpoint_sms_emu.wire.signing import Key

# How often a waiting caller in process runs due jobs.
_TICK_SECONDS: Final = 0.05

# Only the latest are kept, because a traceback keeps all its objects alive.
MAX_CRASHES: Final = 20

# Operations with these prefixes change nothing, unless `throttling` counts them.
_READS: Final = ("Check", "Describe", "Get", "List")

if TYPE_CHECKING:
    from pinpoint_sms_emu.permissions.callers import Caller
    from pinpoint_sms_emu.service.account import Account

logger = logging.getLogger("pinpoint_sms_emu")


class Engine:
    """A state, and what uses it: transactions, the clock, background work and listeners."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.signing_keys = _read_keys(settings)
        self.callers = _read_callers(settings, self.signing_keys)
        self.clock = Clock(self.transaction, self._move_clock)
        self.transactions = Transactions(
            State(settings, self.clock),
            self.clock,
            self._run_due,
            self._work_in_process,
        )
        self.lock = self.transactions.lock
        # Called with every new message and every changed one, under the lock.
        self.message_listeners: list[Callable[[Message], None]] = []
        # Set when the state is replaced, and on close.
        self.watchers: list[threading.Event] = []
        # Called after a reset, to reset what belongs to the emulator.
        self.reset_listeners: list[Callable[[], None]] = []
        # The settings without the URL of `use_neighbours`, and this URL.
        self._given_settings = settings
        self._neighbours_url: str | None = None
        # The number of times that the state was replaced or cleared.
        self.generation = 0
        self.closing = threading.Event()
        # Returns the account of an access key, if a neighbour creates keys.
        self.account_of_key: Callable[[str], str] | None = None
        # The number of running servers: if there is one, events are delivered in the background.
        self.servers = 0
        # Called with one line for each call.
        self.log_call: Callable[[str], None] = logger.info
        # The API calls of this run: a reset clears them, and snapshots do not contain them.
        self.calls = CallJournal(settings.max_calls)
        # Exceptions inside the emulator, for the test in which they happened.
        self.crashes: deque[BaseException] = deque(maxlen=MAX_CRASHES)
        # Request ids are not part of the state, so a refused call does not change later ids. They
        # share a random prefix, because a counter is faster than another random UUID.
        self.request_numbers = count(1)
        self._request_id_start = RandomSource().uuid()[:-12]
        # An account with only read calls so far; see `_answer_reader`.
        self._unsaved_account: Account | None = None
        self._start_background_work()

    @property
    def state(self) -> State:
        """The current state."""
        return self.transactions.state

    # One request.

    def handle(self, request: Request, wire: Wire = JSON) -> Response:
        """Answer a request. An exception is always a defect of the emulator."""
        answer = self.begin(request, wire)
        if isinstance(answer, Delayed):
            self.closing.wait(answer.seconds)
            return answer.go_on()
        return answer

    def begin(self, request: Request, wire: Wire = JSON) -> Response | Delayed:
        """Answer a request, or return a `Delayed` answer if an injected fault delays it."""
        exchange = Exchange(request, wire, self.state, self.new_request_id())
        try:
            if self.signing_keys and not request.is_ours:
                request = signing.must_have_valid_signature(
                    request, wire, self.signing_keys, self.clock.system_now()
                )
            call = exchange.call = wire.read(request)
            model, operation = dispatch.find_operation(call.operation)
            exchange.fault = self._choose_fault(call)
        except ApiError as error:
            return self._refuse(exchange, error)
        if exchange.fault.delay_seconds:
            go_on = partial(self._finish, exchange, call, model, operation)
            return Delayed(exchange.fault.delay_seconds, go_on)
        return self._finish(exchange, call, model, operation)

    def refuse(self, request: Request, error: ApiError, wire: Wire = JSON) -> Response:
        """Refuse a request that a server rejects before it is parsed."""
        return self._refuse(Exchange(request, wire, self.state, self.new_request_id()), error)

    def _finish(
        self,
        exchange: Exchange,
        call: OperationRequest,
        model: OperationModel,
        operation: Operation,
    ) -> Response:
        try:
            exchange.fault.must_not_fail(exchange.request_id)
            with Transaction(self.transactions):
                if self.callers and not exchange.request.is_ours:
                    self._authorize(exchange, call, model)
                body = self._answer(exchange.state, call, model, operation)
        except ApiError as error:
            return self._refuse(exchange, error)
        except Exception as crash:
            self._record(exchange, crash=crash)
            raise
        if self.calls.max_calls:
            self._record(exchange, response=body)
        self.log_call(f"{call.region} {call.operation}: ok")
        return exchange.wire.answer(call.operation, body, exchange.request_id, exchange.fault.cut)

    def _authorize(self, exchange: Exchange, call: OperationRequest, model: OperationModel) -> None:
        """Check IAM policies, after the model's constraints and before the operation runs."""
        if model.service == SERVICE and (caller := self.callers.get(exchange.access_key)):
            validation.must_be_valid(model.input_shape, call.body)
            exchange.must_be_allowed(caller, call, self.settings.policies_mode, self.clock.now())

    def _refuse(self, exchange: Exchange, error: ApiError) -> Response:
        call, fault, wire = exchange.call, exchange.fault, exchange.wire
        error = wire.translated(error)
        with self.lock:
            explained = exchange.explain(error)
        self._record(exchange, error=error, explained=explained)
        described = f"{call.region} {call.operation}" if call else "no call"
        line = f"{described}: {error.code} {error.reason or ''}".rstrip()
        why = explained.sentences if self.settings.explain and self.servers else None
        self.log_call(f"{line} - {why}" if why else line)
        return wire.refusal(error, exchange.request_id, fault.cut, why)

    def _record(
        self,
        exchange: Exchange,
        *,
        response: dict[str, Any] | None = None,
        error: ApiError | None = None,
        crash: Exception | None = None,
        explained: Why | None = None,
    ) -> None:
        if not self.calls.max_calls or exchange.state is not self.state:
            return
        self.calls.add(
            exchange.recorded(
                self.clock.now(), response=response, error=error, crash=crash, explained=explained
            )
        )

    def call(
        self,
        operation: str,
        members: dict[str, Any],
        account_id: str = protocol.DEFAULT_ACCOUNT,
        region: str = protocol.DEFAULT_REGION,
    ) -> dict[str, Any]:
        """Call an operation with AWS's member names; raise an ApiError if it is refused."""
        call = OperationRequest(operation, account_id, region, members)
        with self.transaction():
            return self._answer(self.state, call, *dispatch.find_operation(operation))

    def new_request_id(self) -> str:
        """Make a request id."""
        return f"{self._request_id_start}{next(self.request_numbers):012x}"

    def _choose_fault(self, call: OperationRequest) -> InjectedFault:
        if not self.state.faults.entries:
            return NO_FAULT
        fault: InjectedFault = self.transactions.change(
            choose_fault, call.operation, call.account_id, call.region
        )
        return fault

    def _answer(
        self, state: State, call: OperationRequest, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        is_current = state is self.transactions.state
        if self.transactions.journal is None or not is_current or self._only_reads(call.operation):
            return self._answer_on(state, call, model, operation)
        answer: dict[str, Any] = self.transactions.change(dispatch.answer_call, *call)
        return answer

    def _answer_on(
        self, state: State, call: OperationRequest, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        state.operation = call.operation
        place = call.account_id, call.region
        if place not in state.accounts and self._only_reads(call.operation):
            return self._answer_reader(state, call, model, operation)
        return dispatch.answer_in(state, *place, model, operation, call.body)

    def _only_reads(self, operation: str) -> bool:
        return operation.startswith(_READS) and not self.settings.throttling

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

    # Transactions.

    def transaction(self) -> Transaction:
        """Hold the lock and the time; due jobs run before and after."""
        return Transaction(self.transactions)

    def change(self, function: Callable[..., Any], *arguments: Any, **given: Any) -> Any:
        """Change the state, and write the change to the journal, if there is one."""
        return self.transactions.change(function, *arguments, **given)

    def account(self, account_id: str, region: str) -> Account:
        """Return an account in a Region; it is created on first use."""
        account = self.state.accounts.get((account_id, region))
        return account or self.change(make_account, account_id, region)

    def run_due(self) -> None:
        """Run all jobs that are due."""
        with self.transaction():
            pass

    def _run_due(self) -> None:
        if self.state.scheduler.has_due(self.clock.now()):
            self.transactions.try_to_change(run_due_jobs)

    def _move_clock(self, position: ClockPosition, now: Any) -> None:
        microseconds = round(position.offset.total_seconds() * 1_000_000)
        frozen_at = position.frozen_at.isoformat() if position.frozen_at else None
        self.change(move_clock, microseconds, frozen_at, now.isoformat())

    # The state as a whole.

    def adopt(self, other: State, settings: Settings | None = None) -> None:
        """Replace the state, and the settings too if they are given.

        Work on the former state does not affect the new one.
        """
        settings = settings or self._given_settings
        signing_keys = _read_keys(settings)
        callers = _read_callers(settings, signing_keys)
        with self.transaction():
            self._given_settings, settings = settings, self._with_neighbours(settings)
            if self.transactions.journal is not None:
                other.settings = settings
                self.transactions.journal.start_over(other)
            self.background.stop()
            # A call that still works on the former state must not call the listeners.
            self.state.messages.listeners = []
            self.state.clock = Clock()
            self.settings, self.signing_keys, self.callers = settings, signing_keys, callers
            self.calls.max_calls = settings.max_calls
            self.transactions.state = other
            other.use(settings, self.clock)
            self.clock.position = other.clock_position
            self.clock.hold_at()
            self._start_background_work()
            self.begin_generation()

    def use_neighbours(self, url: str | None) -> None:
        """Use a URL for events and media that the settings do not name; None ends it."""
        with self.transaction():
            self._neighbours_url = url
            self.settings = self._with_neighbours(self._given_settings)
            self.state.use(self.settings, self.clock)
            self.background.stop()
            self._start_background_work()
            self.dispatcher.resume()

    def _with_neighbours(self, settings: Settings) -> Settings:
        url = self._neighbours_url
        return replace(
            settings,
            events_endpoint_url=settings.events_endpoint_url or url,
            s3_endpoint_url=settings.s3_endpoint_url or url,
        )

    def begin_generation(self) -> None:
        """Tell all watchers that the state was replaced or cleared."""
        self.generation += 1
        for watcher in list(self.watchers):
            watcher.set()

    # Background work.

    def _start_background_work(self) -> None:
        self.state.messages.listeners = self.message_listeners
        self.background = BackgroundWork(self.transactions, self.settings, lambda: self.servers > 0)

    def _work_in_process(self) -> None:
        self.background.work_in_process()

    @property
    def dispatcher(self) -> EventDispatcher:
        """The dispatcher of the state's event records."""
        return self.background.dispatcher

    def tick(self) -> None:
        """Run due jobs and background work; a server calls this ten times a second."""
        self.run_due()
        self.background.work_on_threads()

    def wait(self, until: threading.Event, seconds: float) -> float:
        """Wait in real time and run due jobs meanwhile; return the remaining seconds."""
        while seconds > 0 and not self.closing.is_set() and not until.wait(_TICK_SECONDS):
            seconds -= _TICK_SECONDS
            self.run_due()
        return seconds

    def close(self) -> None:
        """Close: end delays and streams early, and deliver nothing more."""
        self.closing.set()
        for watcher in list(self.watchers):
            watcher.set()
        self.dispatcher.close()
        self.background.media_inspector.stop()
        if self.transactions.journal is not None:
            with self.lock:
                self.transactions.journal.close(self.state)


def _read_callers(settings: Settings, keys: Mapping[str, Key]) -> Mapping[str, Caller]:
    """Read the policies of the callers; without policies, every call is allowed."""
    if settings.policies is None:
        return {}
    from pinpoint_sms_emu.permissions import callers

    return callers.read(settings.policies, keys)


def _read_keys(settings: Settings) -> dict[str, Key]:
    """Read the keys; without keys, signatures are parsed but not verified."""
    return signing.read_keys(settings.signing_keys) if settings.signing_keys else {}
