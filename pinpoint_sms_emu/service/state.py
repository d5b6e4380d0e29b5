"""The state: everything that an emulator remembers. Reset and restore replace it as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Unpack

from pinpoint_sms_emu.messaging.delivery.media_files import MediaFiles, is_waiting
from pinpoint_sms_emu.messaging.delivery.outcomes import Outcomes
from pinpoint_sms_emu.messaging.events.deliveries import EventDeliveries
from pinpoint_sms_emu.messaging.message_queries import MessageQuery, Query
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.faults import Faults, InjectedFault
from pinpoint_sms_emu.service.filters import must_be_a_place
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state import scheduler
from pinpoint_sms_emu.state.clock import Clock, ClockPosition
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.scheduler import JOBS, Scheduler
from pinpoint_sms_emu.state.transactions import change

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account
    from pinpoint_sms_emu.service.stacks import Stack


class State:
    """Accounts, messages, deliveries, scheduled jobs, faults, outcomes and random sources.

    Settings and clock belong to the engine that holds the state. How far the clock was moved
    belongs to the state.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.clock_position: ClockPosition = self.clock.position
        self.random_source = RandomSource(settings.random_seed)
        self.scheduler = Scheduler(self._has_resource)
        self.sequence = 0
        self.accounts: dict[tuple[str, str], Account] = {}
        self.messages = Messages(settings.max_messages, self._forget_message)
        self.events = EventDeliveries(
            self.messages, are_sent=settings.events_endpoint_url is not None
        )
        self.media_files = MediaFiles(settings.s3_endpoint_url)
        self.outcomes = Outcomes()
        # Faults have a source of their own, so that they do not change the ids of resources.
        self.faults = Faults(RandomSource(settings.random_seed))
        # What a CloudFormation template has created, if there was one.
        self.stack: Stack | None = None

        # Used while a call is being answered; see `StateInterface`.
        self.operation = ""
        self.requested_id: str | None = None

    def _forget_message(self, message: Message) -> None:
        self.events.remove_records_of(message)
        self.media_files.drop(message)

    def _has_resource(self, entry: scheduler.ScheduledJob) -> bool:
        account = self.accounts.get((entry.account_id, entry.region))
        return account is not None and account.find(entry.kind, entry.key) is not None

    def use(self, settings: Settings, clock: Clock) -> None:
        """Use the settings and the clock of the engine that now holds the state."""
        self.settings, self.clock = settings, clock
        self.messages.max_messages = settings.max_messages
        self.events.are_sent = settings.events_endpoint_url is not None
        self.media_files.are_inspected = settings.s3_endpoint_url is not None

    def now(self) -> datetime:
        """The emulator's time."""
        return self.clock.now()

    def account(self, account_id: str, region: str) -> Account:
        """Return an account in a Region; it is created on first use."""
        account = self.accounts.get((account_id, region))
        if account is None:
            account = self.accounts[account_id, region] = self.new_account(account_id, region)
        return account

    def new_account(self, account_id: str, region: str) -> Account:
        """Create an account without keeping it."""
        # Imported here, so that a block without calls does not load all resources.
        from pinpoint_sms_emu.service.account import Account

        account = Account(self, account_id, region)
        account.begin()
        return account

    @contextmanager
    def attempt(self, account_id: str, region: str) -> Iterator[Account]:
        """Provide an account, and keep a new one only if nothing is raised.

        With `throttling` it is always kept, because refused calls count too.
        """
        place, sequence = (account_id, region), self.sequence
        is_new = place not in self.accounts and not self.settings.throttling
        try:
            yield self.account(account_id, region)
        except BaseException:
            if is_new:
                del self.accounts[place]
                self.sequence = sequence
            raise

    def accounts_in(self, account_id: str | None, region: str | None) -> list[Account]:
        """Return the accounts with an id, in a Region; None means all."""
        must_be_a_place(account_id, region)
        return [
            account
            for place, account in sorted(self.accounts.items())
            if account_id in (None, place[0]) and region in (None, place[1])
        ]


# Changes outside of calls.


@change
def make_account(state: State, account_id: str, region: str) -> Account:
    """Create an account, or return an existing one."""
    return state.account(account_id, region)


@change
def run_due_jobs(state: State) -> None:
    """Run all due jobs, each at its own time; skip jobs whose resource no longer exists."""
    clock = state.clock
    now = clock.now()
    try:
        for entry in state.scheduler.due(now):
            account = state.account(entry.account_id, entry.region)
            resource = account.find(entry.kind, entry.key)
            if resource is not None:
                clock.hold_at(entry.due)
                JOBS[entry.job](account, resource)
    finally:
        clock.hold_at(now)


@change
def move_clock(state: State, offset_microseconds: int, frozen_at: str | None, now: str) -> None:
    """Record that the clock was moved."""
    position = ClockPosition(
        timedelta(microseconds=offset_microseconds),
        datetime.fromisoformat(frozen_at) if frozen_at else None,
    )
    state.clock.put(position, datetime.fromisoformat(now))


@change
def settle_delivery(
    state: State, record_id: str, position: int, status: str, attempts: int, error: str | None
) -> None:
    """Record the result of the delivery of an event record."""
    state.events.settle(record_id, position, status, attempts, error)


@change
def note_inspection(state: State, message_id: str, problem: str | None) -> None:
    """Continue with a message after its media files were inspected."""
    from pinpoint_sms_emu.messaging import inbound
    from pinpoint_sms_emu.messaging.delivery import simulation

    message = state.messages.get(message_id)
    if message is not None and is_waiting(message):
        go_on = simulation.begin if message.incoming_media is None else inbound.finish_upload
        go_on(state.account(message.account_id, message.region), message, problem)
        state.messages.notify(message)


@change
def keep_stack(state: State, stack: dict[str, Any]) -> None:
    """Store the stack of a template."""
    # Imported here: most emulators have no stack.
    from pinpoint_sms_emu.persistence.codec import codec
    from pinpoint_sms_emu.service.stacks import Stack

    state.stack = codec(Stack).load(stack)


@change
def clear_messages(state: State, **query: Unpack[MessageQuery]) -> None:
    """Remove the matching messages, or all. Data folders of earlier versions have this change."""
    state.messages.clear(Query.of(**query) if query else None)


@change
def clear_message(state: State, message_id: str) -> None:
    """Remove one message. Data folders of earlier versions have this change."""
    state.messages.remove(message_id)


@change
def discard_messages(state: State, message_ids: list[str]) -> None:
    """Remove messages, except those that have left already; they count as `forgotten`."""
    state.messages.discard(message_ids)


@change
def choose_fault(state: State, operation: str, account_id: str, region: str) -> InjectedFault:
    """Choose the fault that is injected into a call."""
    return state.faults.choose(operation, account_id, region)
