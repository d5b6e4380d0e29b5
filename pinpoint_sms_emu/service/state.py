"""The state: everything that an emulator remembers, replaced as a whole by reset and restore."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Unpack

from pinpoint_sms_emu.messaging.delivery.media_files import MediaFiles, is_waiting
from pinpoint_sms_emu.messaging.delivery.outcomes import Outcomes
from pinpoint_sms_emu.messaging.events.deliveries import EventDeliveries
from pinpoint_sms_emu.messaging.message_queries import MessageQuery, Query
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.faults import Faults, InjectedFault
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.clock import Clock, ClockPosition
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.scheduler import JOBS, Scheduler
from pinpoint_sms_emu.state.transactions import change

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account


class State:
    """Accounts, messages, deliveries, scheduled jobs, faults, outcomes and random values.

    It is the `World` of its accounts. Settings and clock belong to the engine that holds the state;
    how the clock was moved belongs to the state.
    """

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = settings
        self.clock = clock or Clock()
        self.clock_position: ClockPosition = self.clock.position
        self.random_source = RandomSource(settings.seed)
        self.scheduler = Scheduler()
        self.sequence = 0
        self.accounts: dict[tuple[str, str], Account] = {}
        self.messages = Messages(settings.max_messages, self._message_left)
        self.events = EventDeliveries(
            self.messages, are_sent=settings.events_endpoint_url is not None
        )
        self.media_files = MediaFiles(settings.s3_endpoint_url)
        self.outcomes = Outcomes()
        # With a source of its own: whether a fault happens must not change the next pool's id.
        self.faults = Faults(RandomSource(settings.seed))

        # Of the call that is being answered, see `World`.
        self.operation = ""
        self.requested_id: str | None = None

    def _message_left(self, message: Message) -> None:
        self.events.remove_records_of(message)

    def use(self, settings: Settings, clock: Clock) -> None:
        """Go on with these settings and this clock: another engine holds the state now."""
        self.settings, self.clock = settings, clock
        self.messages.most = settings.max_messages
        self.events.are_sent = settings.events_endpoint_url is not None
        self.media_files.are_inspected = settings.s3_endpoint_url is not None

    def now(self) -> datetime:
        """The emulator's time."""
        return self.clock.now()

    def account(self, account_id: str, region: str) -> Account:
        """Find an account in a Region; it is made on first use."""
        account = self.accounts.get((account_id, region))
        if account is None:
            account = self.accounts[account_id, region] = self.new_account(account_id, region)
        return account

    def new_account(self, account_id: str, region: str) -> Account:
        """Make an account that is not kept yet."""
        # Imported here: a block in which nothing is called need not load all resources.
        from pinpoint_sms_emu.service.account import Account

        account = Account(self, account_id, region)
        account.begin()
        return account

    @contextmanager
    def attempt(self, account_id: str, region: str) -> Iterator[Account]:
        """Work on an account; one that is new is kept only if nothing is raised.

        With throttling it is kept all the same: a refused call counts.
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
        """The accounts with an id, in a Region; None is every one."""
        return [
            account
            for place, account in sorted(self.accounts.items())
            if account_id in (None, place[0]) and region in (None, place[1])
        ]


# Changes that are not part of a call.


@change
def make_account(state: State, account_id: str, region: str) -> Account:
    """Make an account, or find it."""
    return state.account(account_id, region)


@change
def run_due_jobs(state: State) -> None:
    """Run all jobs that are due, each at its own time, unless their resource is gone."""
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
    """Move the clock, as it was moved."""
    position = ClockPosition(
        timedelta(microseconds=offset_microseconds),
        datetime.fromisoformat(frozen_at) if frozen_at else None,
    )
    state.clock.put(position, datetime.fromisoformat(now))


@change
def settle_delivery(
    state: State, record_id: str, position: int, status: str, attempts: int, error: str | None
) -> None:
    """Note what has become of the delivery of an event record."""
    state.events.settle(record_id, position, status, attempts, error)


@change
def note_inspection(state: State, message_id: str, problem: str | None) -> None:
    """Go on with a message whose media files were inspected."""
    from pinpoint_sms_emu.messaging.delivery import course

    message = state.messages.get(message_id)
    if message is not None and is_waiting(message):
        course.begin(state.account(message.account_id, message.region), message, problem)


@change
def clear_messages(state: State, **query: Unpack[MessageQuery]) -> None:
    """Remove the messages that match, or all; they count as those that have left."""
    state.messages.clear(Query.of(**query) if query else None)


@change
def choose_fault(state: State, operation: str, account_id: str, region: str) -> InjectedFault:
    """Choose what is injected into a call."""
    return state.faults.choose(operation, account_id, region)
