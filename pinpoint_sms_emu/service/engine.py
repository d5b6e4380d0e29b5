"""The engine: a state, and what uses it. `service/request_handler.py` answers requests."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, Final, Protocol

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.events.dispatcher import EventDispatcher
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.background import BackgroundWork
from pinpoint_sms_emu.service.calls import CallJournal
from pinpoint_sms_emu.service.state import (
    State,
    make_account,
    move_clock,
    run_due_jobs,
)
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state import forks
from pinpoint_sms_emu.state.clock import Clock, ClockPosition
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.transactions import Transaction, Transactions
from pinpoint_sms_emu.wire import protocol, signing
from pinpoint_sms_emu.wire.json_text import must_have_no_lone_surrogate
from pinpoint_sms_emu.wire.protocol import JSON, OperationRequest, Request, Response, Wire
from pinpoint_sms_emu.wire.signing import Key

if TYPE_CHECKING:
    from datetime import datetime

    from pinpoint_sms_emu.permissions.principals import Principal
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.service.exchange import Delayed
    from pinpoint_sms_emu.service.request_handler import RequestHandler

# How often a waiting caller in process runs due jobs.
_TICK_SECONDS: Final = 0.05

# How long `pause` leaves the lock and the interpreter to other threads, in seconds.
_PAUSE_SECONDS: Final = 0.0001

# Only the latest are kept, because a traceback keeps all its objects alive.
MAX_CRASHES: Final = 20

logger = logging.getLogger("pinpoint_sms_emu")


class Watcher(Protocol):
    """What is told that the state was replaced, or that the emulator is closed: often an Event."""

    def set(self) -> None:
        """Take note of it."""


class Engine:
    """A state, and what uses it: transactions, the clock, background work and listeners."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.signing_keys = _read_keys(settings)
        self.principals = _read_principals(settings, self.signing_keys)
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
        self.watchers: list[Watcher] = []
        # Called after a reset, to reset what belongs to the emulator.
        self.reset_listeners: list[Callable[[], None]] = []
        # The settings without the URL of `use_default_endpoint`, and this URL.
        self._given_settings = settings
        self._default_endpoint_url: str | None = None
        # The number of times that the state was replaced or cleared.
        self.generation = 0
        self.closing = threading.Event()
        # Returns the account of an access key, if moto runs beside the emulator and creates keys.
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
        self._request_id_start = _new_request_id_start()
        self._start_background_work()
        forks.prepare(self)

    @property
    def state(self) -> State:
        """The current state."""
        return self.transactions.state

    # Requests.

    @cached_property
    def _handler(self) -> RequestHandler:
        """What answers requests. The first one loads it; a block without calls does not."""
        from pinpoint_sms_emu.service.request_handler import RequestHandler

        return RequestHandler(self)

    def handle(self, request: Request, wire: Wire = JSON) -> Response:
        """Answer a request. An exception is always a defect of the emulator."""
        return self._handler.handle(request, wire)

    def begin(self, request: Request, wire: Wire = JSON) -> Response | Delayed:
        """Answer a request, or return a `Delayed` answer if an injected fault delays it."""
        return self._handler.begin(request, wire)

    def refuse(self, request: Request, error: ApiError, wire: Wire = JSON) -> Response:
        """Refuse a request that a server rejects before it is parsed."""
        return self._handler.refuse(request, error, wire)

    def call(
        self,
        operation: str,
        members: dict[str, Any],
        account_id: str = protocol.DEFAULT_ACCOUNT,
        region: str = protocol.DEFAULT_REGION,
    ) -> dict[str, Any]:
        """Call an operation with AWS's member names; raise an ApiError if it is refused."""
        return self._handler.call(OperationRequest(operation, account_id, region, members))

    def new_request_id(self) -> str:
        """Make a request id."""
        return f"{self._request_id_start}{next(self.request_numbers):012x}"

    # Transactions.

    def transaction(self) -> Transaction:
        """Hold the lock and the time; due jobs run before and after."""
        return Transaction(self.transactions)

    def change(self, function: Callable[..., Any], *arguments: Any, **given: Any) -> Any:
        """Change the state, and write the change to the journal, if there is one.

        A text with a lone surrogate is a ValueError: a state with it could not be read again.
        """
        must_have_no_lone_surrogate(arguments)
        for name, value in given.items():
            must_have_no_lone_surrogate(value, name)
        return self.transactions.change(function, *arguments, **given)

    def account(self, account_id: str, region: str) -> Account:
        """Return an account in a Region; it is created on first use."""
        account = self.state.accounts.get((account_id, region))
        return account or self.change(make_account, account_id, region)

    def run_due(self) -> None:
        """Run all jobs that are due."""
        with Transaction(self.transactions, only_reads=True):
            pass

    def _run_due(self) -> None:
        scheduler = self.transactions.state.scheduler
        if scheduler.entries and scheduler.has_due(self.clock.now()):
            self.transactions.try_to_change(run_due_jobs)

    def _move_clock(self, position: ClockPosition, now: datetime) -> None:
        microseconds = round(position.offset.total_seconds() * 1_000_000)
        frozen_at = position.frozen_at.isoformat() if position.frozen_at else None
        self.change(move_clock, microseconds, frozen_at, now.isoformat())

    # The state as a whole.

    def adopt(
        self, other: State, settings: Settings | None = None, *, is_written: bool = False
    ) -> None:
        """Replace the state, and the settings too if they are given.

        Work on the former state does not affect the new one. `is_written`: the journal has it.
        """
        settings = settings or self._given_settings
        signing_keys = _read_keys(settings)
        principals = _read_principals(settings, signing_keys)
        journal = None if is_written else self.transactions.journal
        if journal is not None:
            # Before the transaction, as it takes long to write.
            other.settings = self._with_default_endpoint(settings)
            prepared = journal.prepare(other)
        with self.transaction():
            self._given_settings, settings = settings, self._with_default_endpoint(settings)
            if journal is not None:
                journal.start_over(prepared)
            self.background.stop()
            # A call that still works on the former state must not call the listeners.
            self.state.messages.listeners = []
            self.state.clock = Clock()
            self.settings, self.signing_keys, self.principals = settings, signing_keys, principals
            self.calls.max_calls = settings.max_calls
            self.transactions.state = other
            other.use(settings, self.clock)
            self.clock.position = other.clock_position
            self.clock.hold_at()
            self._start_background_work()
            self.begin_generation()

    def use_default_endpoint(self, url: str | None) -> None:
        """Use a URL for events and media that the settings do not name; None ends it."""
        with self.transaction():
            self._default_endpoint_url = url
            self.settings = self._with_default_endpoint(self._given_settings)
            self.state.use(self.settings, self.clock)
            self.background.stop()
            self._start_background_work()
            self.dispatcher.resume()

    def _with_default_endpoint(self, settings: Settings) -> Settings:
        url = self._default_endpoint_url
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

    def begin_in_child(self) -> None:
        """Continue in a forked child, which has no threads and servers of its parent.

        The pending deliveries are the parent's.
        """
        self.servers = 0
        self._request_id_start = _new_request_id_start()
        self._start_background_work()

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

    def pause(self) -> bool:
        """Let other threads work, between two steps; return whether the emulator is closed."""
        return self.closing.wait(_PAUSE_SECONDS)

    @property
    def is_writing_last_state(self) -> bool:
        """Whether `close` is writing the whole state into the data folder, which may take long."""
        journal = self.transactions.journal
        return journal is not None and journal.is_closing

    def close(self) -> None:
        """Close: end delays and streams early, and deliver nothing more.

        A signal handler may call this during a transaction, and a listener on any thread.
        """
        self.closing.set()
        for watcher in list(self.watchers):
            watcher.set()
        self.dispatcher.close()
        self.background.media_inspector.stop()
        if self.transactions.journal is not None:
            self.transactions.journal.close()


def _new_request_id_start() -> str:
    return RandomSource().uuid()[:-12]


def _read_principals(settings: Settings, keys: Mapping[str, Key]) -> Mapping[str, Principal]:
    """Read the principals with policies, by access key; without one, every call is allowed."""
    if settings.policies is None:
        return {}
    from pinpoint_sms_emu.permissions import principals

    return principals.read(settings.policies, keys)


def _read_keys(settings: Settings) -> dict[str, Key]:
    """Read the keys; without keys, signatures are parsed but not verified."""
    return signing.read_keys(settings.signing_keys) if settings.signing_keys else {}
