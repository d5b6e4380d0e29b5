"""The emulator: handle(Request) -> Response. Start reading here."""

from __future__ import annotations

import logging
import math
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Unpack

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.delivery.media_files import MediaFiles, is_waiting
from pinpoint_sms_emu.messaging.delivery.outcomes import EVERYONE, Outcome, Outcomes
from pinpoint_sms_emu.messaging.events.dispatcher import Event, EventDispatcher, FoundEvents
from pinpoint_sms_emu.messaging.messages import (
    FoundMessages,
    Message,
    MessageQuery,
    Messages,
    Query,
)
from pinpoint_sms_emu.persistence import journal
from pinpoint_sms_emu.persistence.journal import Journal, NotWrittenError, recorded
from pinpoint_sms_emu.service import dispatch
from pinpoint_sms_emu.service.faults import NO_FAULT, Fault, Faults, InjectedFault, must_be_place
from pinpoint_sms_emu.service.operations import OPERATIONS, Operation
from pinpoint_sms_emu.settings import Settings, SettingsArguments
from pinpoint_sms_emu.state.clock import Clock
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.scheduler import JOBS, Scheduler
from pinpoint_sms_emu.wire import protocol, signing
from pinpoint_sms_emu.wire.model import OperationModel, service_model, snake
from pinpoint_sms_emu.wire.protocol import Call, Request, Response

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.inbound import Inbound
    from pinpoint_sms_emu.resources.added_numbers import NumberSettings
    from pinpoint_sms_emu.resources.numbers import Number
    from pinpoint_sms_emu.resources.registrations.registrations import Registration
    from pinpoint_sms_emu.resources.verified_destination_numbers import Tester
    from pinpoint_sms_emu.service.account import Account

# How often somebody who waits in process lets happen what has become due.
_TICK = 0.05

# The latest ones are kept: each holds on to what it was about.
MAX_CRASHES = 20

# The attributes that are replaced as a whole when a state is restored.
_STATE = (
    "random_source",
    "sequence",
    "accounts",
    "message_store",
    "post",
    "media_files",
    "scheduler",
    "faults",
    "outcomes",
)

# What these operations do changes nothing, where rates are not limited.
_READS = ("Describe", "Get", "List")

# What all request ids of a run begin with: a number after it is cheaper than another draw.
_RUN = RandomSource().uuid()[:-12]
# Outside the state: a refused call, or one more Describe, changes nobody's next id.
_REQUESTS = count(1)

logger = logging.getLogger("pinpoint_sms_emu")


class Emulator:
    """One emulated service with all its accounts. Two of them share nothing."""

    def __init__(self, **settings: Unpack[SettingsArguments]) -> None:
        self.settings = Settings.of(**settings)
        self.lock = threading.RLock()
        self.clock = Clock(self.turn, self._write_move)
        # Told of every new message and every change of one, under the lock.
        self.message_listeners: list[Callable[[Message], None]] = []
        # Rung when everything is another at once, and at the end, for those who watch.
        self.watchers: list[threading.Event] = []
        self.generation = 0
        self.closing = threading.Event()
        # A server delivers event records in the background: nobody's request waits for that.
        self.served = False
        # Told in a line what each call came to.
        self.log_call: Callable[[str], None] = logger.info
        # What went wrong inside, for the test that hit it.
        self.crashes: deque[BaseException] = deque(maxlen=MAX_CRASHES)
        # Where changes are written down; what a change that is written down leads to is not.
        self.journal: Journal | None = None
        self._is_written = False
        self._start()
        if self.settings.data_dir:
            self._open(Journal(self.settings.data_dir))
        elif self.settings.seed_file:
            self._become(self._new_with_seed(self.settings))

    def _open(self, own: Journal) -> None:
        """Go on where the data folder was left."""
        self.journal = own
        dispatch.load_service()
        try:
            state = journal.recover(self, own)
            if state is None:
                self._become(self._new_with_seed(self.settings))
            else:
                self.restore(state)
                self.post.resume()
        except NotWrittenError as error:
            own.close()
            raise OSError(error.why) from error
        except BaseException:
            own.close()
            raise

    def _start(self) -> None:
        # Without keys signatures are read, but not verified.
        file = self.settings.signing_keys
        self.signing_keys = signing.read_keys(file) if file else {}
        self.random_source = RandomSource(self.settings.seed)
        self.scheduler = Scheduler()
        self.accounts: dict[tuple[str, str], Account] = {}
        # One that has changed nothing yet.
        self._unsaved_account: Account | None = None
        self.sequence: int = 0
        # The operation that is under way: resource policies share for some and not for others.
        self.calling = ""
        # The id of what is made next, where somebody may choose it.
        self.chosen_id: str | None = None
        self.post = EventDispatcher(self)
        self.media_files = MediaFiles(self.settings.s3_endpoint_url)
        self.message_store = Messages(
            self.settings.max_messages, self.message_listeners, self.post.forget
        )
        self.outcomes = Outcomes()
        self.faults = Faults(RandomSource(self.settings.seed))
        self.crashes.clear()
        self._begin_anew()

    # One request.

    def handle(self, request: Request) -> Response:
        """Answer a request. Whatever is no ApiError is a fault of ours, and raised."""
        request_id = self.new_request_id()
        call, trouble = None, NO_FAULT
        try:
            if self.signing_keys:
                signing.must_be_genuine(request, self.signing_keys, self.clock.system_now())
            call = protocol.read(request)
            model, operation = dispatch.find_operation(call.operation)
            trouble = self._trouble(call)
            if trouble.delay_seconds:
                self.closing.wait(trouble.delay_seconds)
            trouble.must_not_fail(request_id)
            with self.turn():
                body = self._answer(call, model, operation)
        except ApiError as error:
            told = f"{call.region} {call.operation}" if call else "no call"
            self.log_call(f"{told}: {error.code} {error.reason or ''}".rstrip())
            return protocol.refusal(error, request_id, cut=trouble.cut)
        self.log_call(f"{call.region} {call.operation}: ok")
        return protocol.answer(body, request_id, cut=trouble.cut)

    def call(
        self,
        operation: str,
        members: dict[str, Any],
        account_id: str = protocol.DEFAULT_ACCOUNT,
        region: str = protocol.DEFAULT_REGION,
    ) -> dict[str, Any]:
        """Call an operation with its members as they are on the wire; a refusal is an ApiError."""
        with self.turn():
            call = Call(operation, account_id, region, members)
            return self._answer(call, *dispatch.find_operation(operation))

    def new_request_id(self) -> str:
        """Make up the id of a request."""
        return f"{_RUN}{next(_REQUESTS):012x}"

    def _trouble(self, call: Call) -> InjectedFault:
        """Choose what happens to a call before it is looked at."""
        if not len(self.faults.entries):
            return NO_FAULT
        with self.turn():
            trouble, used = self.faults.choose(call)
            if used:
                self._use_faults(used)
        return trouble

    @recorded
    def _use_faults(self, fault_ids: list[str]) -> None:
        self.faults.use(fault_ids)

    @journal.change
    def _answer_again(self, *call: Any) -> None:
        """Do what a call did that was written down."""
        again = Call(*call)
        self._answer(again, *dispatch.find_operation(again.operation))

    def _answer(self, call: Call, model: OperationModel, operation: Operation) -> dict[str, Any]:
        if self.journal is None or self._changes_nothing(call.operation):
            return self._do(call, model, operation)
        with self.change("_answer_again", *call):
            return self._do(call, model, operation)

    def _changes_nothing(self, operation: str) -> bool:
        return operation.startswith(_READS) and not self.settings.throttling

    def _do(self, call: Call, model: OperationModel, operation: Operation) -> dict[str, Any]:
        self.calling = call.operation
        account = self.accounts.get((call.account_id, call.region))
        if account is None:
            return self._do_for_stranger(call, model, operation)
        return dispatch.do(account, model, operation, call.body)

    def _do_for_stranger(
        self, call: Call, model: OperationModel, operation: Operation
    ) -> dict[str, Any]:
        """Begin an account. Of one that only reads, or is refused, nothing stays.

        Anybody can make up keys. Who reads once will do so again, so the last one is at hand.
        """
        place = call.account_id, call.region
        reads = self._changes_nothing(call.operation)
        sequence = self.sequence
        if not reads or self._unsaved_account is None or self._unsaved_account.place != place:
            self._unsaved_account = self._begin_account(*place)
        account = self.accounts[place] = self._unsaved_account
        stays = self.settings.throttling
        try:
            answer = dispatch.do(account, model, operation, call.body)
            stays = stays or not reads
        finally:
            if not reads:
                self._unsaved_account = None
            if not stays:
                del self.accounts[place]
                self.sequence = sequence
        return answer

    # Time and state.

    def turn(self) -> AbstractContextManager[None]:
        """Have the emulator to oneself, at one time; what is due happens before and after."""
        return _Turn(self)

    def _begin_turn(self) -> bool:
        """Take the lock; who takes it first holds the time, and lets happen what is due."""
        self.lock.acquire()
        is_outermost = False
        try:
            is_outermost = self.clock.hold()
            if is_outermost:
                self._run_due()
        except BaseException:
            if is_outermost:
                self._end_turn(well=False)
            else:
                self.lock.release()
            raise
        return is_outermost

    def _end_turn(self, *, well: bool) -> None:
        """Let happen what has become due, if all went well, and time go on."""
        try:
            try:
                if well:
                    self._run_due()
            finally:
                self.clock.let_go()
            if well and self.journal is not None:
                self.journal.renew(self)
        finally:
            self.lock.release()
            self._reach_out()

    def _reach_out(self) -> None:
        """Do in process what takes others: look at files, deliver records."""
        if not self.served:
            self.media_files.look(self)
            self.post.deliver()

    @recorded
    def files_were_looked_at(self, message_id: str, trouble: str | None) -> None:
        """Let a message go whose files somebody has looked at."""
        with self.turn():
            message = self.message_store.get(message_id)
            if message is not None and is_waiting(message):
                from pinpoint_sms_emu.messaging.delivery import course

                account = self.account(message.account_id, message.region)
                course.begin(account, message, trouble)

    def run_due(self) -> None:
        """Let everything happen that the clock has made due."""
        with self.turn():
            pass

    def _run_due(self) -> None:
        if not self.scheduler.entries or not self.scheduler.has_due(self.clock.now()):
            return
        if self.journal is None:
            self._do_what_is_due()
            return
        try:
            with self.change("_do_what_is_due"):
                self._do_what_is_due()
        except NotWrittenError as error:
            # It will be when there is room again; who only looks is not refused for that.
            logger.warning("What is due does not happen: %s", error.why)

    @journal.change
    def _do_what_is_due(self) -> None:
        """Do all that is due at this time; a job whose resource is gone not."""
        now = self.clock.now()
        try:
            for entry in self.scheduler.due(now):
                account = self.account(entry.account_id, entry.region)
                resource = account.find(entry.kind, entry.key)
                if resource is not None:
                    self.clock.hold_at(entry.due)
                    JOBS[entry.job](account, resource)
        finally:
            self.clock.hold_at(now)

    @contextmanager
    def change(self, name: str, *arguments: Any, **given: Any) -> Iterator[None]:
        """Write down what is about to be changed, unless it is part of a change that is."""
        if self.journal is None or self._is_written:
            yield
            return
        self.journal.append(journal.line_of(self, name, arguments, given))
        self._is_written = True
        try:
            yield
        finally:
            self._is_written = False

    def _write_move(self, offset: timedelta, frozen_at: datetime | None, now: datetime) -> None:
        frozen = frozen_at.isoformat() if frozen_at else None
        microseconds = offset // timedelta(microseconds=1)
        with self.change("move_clock", microseconds, frozen, now.isoformat()):
            pass

    def note(self, name: str, *arguments: Any) -> None:
        """Write down what has happened by itself; where that cannot be, it may happen again."""
        with suppress(NotWrittenError), self.change(name, *arguments):
            pass

    def tick(self) -> None:
        """What a server does now and then, so that things happen though nobody asks."""
        self.run_due()
        self.media_files.look_in_background(self)
        self.post.deliver_in_background()

    def close(self) -> None:
        """End: delays and streams are cut short, nothing is delivered any more."""
        self.closing.set()
        self._ring()
        self.post.close()
        self.media_files.close()
        if self.journal is not None:
            with self.lock:
                self.journal.end(self)

    def _ring(self) -> None:
        for bell in list(self.watchers):
            bell.set()

    def _begin_anew(self) -> None:
        """Tell those who watch that nothing they know holds any more."""
        self.generation += 1
        self._ring()

    def account(self, account_id: str, region: str) -> Account:
        """Find what an account has in a Region; it is made on first use."""
        account = self.accounts.get((account_id, region))
        return account or self._make_account(account_id, region)

    @recorded
    def _make_account(self, account_id: str, region: str) -> Account:
        return self._begin_account(account_id, region)

    def _begin_account(self, account_id: str, region: str) -> Account:
        from pinpoint_sms_emu.service.account import Account

        account = self.accounts[account_id, region] = Account(self, account_id, region)
        account.begin()
        return account

    @contextmanager
    def _account_unless_refused(self, account_id: str, region: str) -> Iterator[Account]:
        """Find an account; a new one does not stay if what it is wanted for is refused."""
        is_new = (account_id, region) not in self.accounts
        sequence = self.sequence
        account = self.account(account_id, region)
        try:
            yield account
        except BaseException:
            if is_new:
                del self.accounts[account_id, region]
                self.sequence = sequence
            raise

    @property
    def messages(self) -> list[Message]:
        """Every message that is kept, oldest first."""
        with self.turn():
            return list(self.message_store)

    def find_messages(
        self, *, wait_seconds: float = 0, **asked: Unpack[MessageQuery]
    ) -> FoundMessages:
        """Find messages, oldest first; where there are none, wait for one to come or to change.

        A wrong argument is a ValueError, an `after` that is unknown or forgotten a LookupError.
        """
        query = Query.of(**asked)
        must_be_seconds("wait_seconds", wait_seconds)
        arrived = threading.Event()
        fits = query.test()

        def listen(message: Message) -> None:
            if fits(message):
                arrived.set()

        with self.turn():
            found = self.message_store.find(query)
            if found.total or not wait_seconds:
                return found
            self.message_listeners.append(listen)
        try:
            self._wait(arrived, wait_seconds)
        finally:
            self.message_listeners.remove(listen)
        with self.turn():
            return self.message_store.find(query)

    def wait_for(self, *, timeout: float = 5, **asked: Unpack[MessageQuery]) -> Message:
        """Wait until there is a message like this, and give the latest; else a TimeoutError."""
        must_be_seconds("timeout", timeout)
        found = self.find_messages(wait_seconds=timeout, **asked)
        if not found.messages:
            described = ", ".join(f"{name}={value!r}" for name, value in asked.items())
            raise TimeoutError(f"no message with {described or 'anything'} within {timeout} s")
        return found.messages[-1]

    def _wait(self, until: threading.Event, seconds: float) -> None:
        """Wait in real time; in process nobody else lets happen what becomes due meanwhile."""
        while seconds > 0 and not self.closing.is_set() and not until.wait(min(seconds, _TICK)):
            seconds -= _TICK
            self.run_due()

    @recorded
    def add_number(
        self,
        phone_number: str,
        *,
        account_id: str = protocol.DEFAULT_ACCOUNT,
        region: str = protocol.DEFAULT_REGION,
        **settings: Unpack[NumberSettings],
    ) -> Number:
        """Give an account a phone number of your choice, which is ACTIVE at once.

        AWS lets nobody choose a number or its id; tests need to.

        `phone_number`: in E.164 form, or the digits of a short code. `account_id`, `region`: who
        gets it. Any setting that RequestPhoneNumber and UpdatePhoneNumber know can be given in
        snake case, and a `phone_number_id`; what is left out is read from the number.

        Returns the number as AWS shows it. Raises a ValueError for wrong arguments, a LookupError
        for an unknown pool, opt-out list or registration; neither changes anything.

            number = sms.add_number("+12065550100", number_type="TOLL_FREE")
            sns_handler(number.phone_number_id)
        """
        from pinpoint_sms_emu.resources import added_numbers
        from pinpoint_sms_emu.resources.numbers import Number

        added_numbers.must_be_place(account_id, region)
        with self.turn(), self._account_unless_refused(account_id, region) as account:
            return Number.of(added_numbers.add_number(account, phone_number, **settings))

    @property
    def numbers(self) -> list[Number]:
        """The phone numbers of all accounts, oldest first, as AWS shows them now.

        for number in sms.numbers:
            print(number.phone_number, number.status)
        """
        return self.find_numbers()

    def find_numbers(
        self, *, account_id: str | None = None, region: str | None = None
    ) -> list[Number]:
        """Find the phone numbers of an account, in a Region, or everywhere, oldest first."""
        must_be_place(account_id, region)
        from pinpoint_sms_emu.resources.numbers import Number

        with self.turn():
            found = [
                number
                for account in self._accounts(account_id, region)
                for number in account.phone_numbers
            ]
            return [Number.of(each) for each in sorted(found, key=attrgetter("sequence"))]

    def message(self, message_id: str) -> Message:
        """Find a message; one that is unknown or forgotten is a LookupError."""
        with self.turn():
            return self.message_store[message_id]

    @recorded
    def clear_messages(self, **asked: Unpack[MessageQuery]) -> None:
        """Delete the messages that fit, or all; they count as those that have left."""
        with self.turn():
            self.message_store.clear(Query.of(**asked) if asked else None)
            self._begin_anew()

    @property
    def operations(self) -> dict[str, bool]:
        """Every operation that the installed botocore knows, and whether it is emulated."""
        dispatch.load_service()
        return {name: snake(name) in OPERATIONS for name in sorted(service_model().operations)}

    def resources(
        self, account_id: str | None = None, region: str | None = None
    ) -> list[dict[str, Any]]:
        """What each account, or the one that is named, has in each Region: resources, spend."""
        from pinpoint_sms_emu.service import inventory

        with self.turn():
            return [inventory.take(account) for account in self._accounts(account_id, region)]

    def places(self) -> list[dict[str, Any]]:
        """Every account and Region that has been used, and how much there is of each kind."""
        from pinpoint_sms_emu.service import inventory

        with self.turn():
            return [
                {
                    "account_id": account.account_id,
                    "region": account.region,
                    "resources": inventory.count(account),
                }
                for account in self._accounts(None, None)
            ]

    def _accounts(self, account_id: str | None, region: str | None) -> list[Account]:
        return [
            account
            for place, account in sorted(self.accounts.items())
            if account_id in (None, place[0]) and region in (None, place[1])
        ]

    # Trouble.

    @recorded
    def fail(
        self,
        operation: str,
        error: str | None = None,
        *,
        reason: str | None = None,
        times: int | None = None,
        probability: float = 1.0,
        delay_seconds: float = 0.0,
        cut: bool = False,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Fault:
        """Let calls of an operation, or of all (*), fail, take long, or be cut in the answer."""
        fault = Fault(
            operation=operation,
            error=error,
            reason=reason,
            times=times,
            probability=probability,
            delay_seconds=delay_seconds,
            cut=cut,
            account_id=account_id,
            region=region,
        )
        with self.lock:
            return self.faults.add(fault)

    @recorded
    def clear_faults(self, fault_id: str | None = None) -> None:
        """Forget a fault, or all; an unknown id is a LookupError."""
        with self.lock:
            self.faults.forget(fault_id)

    @recorded
    def outcome(
        self,
        event: str,
        recipient: str = EVERYONE,
        *,
        times: int | None = None,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Outcome:
        """Say what becomes of messages to a number, a country, a pattern (+1425*) or everyone."""
        must_be_place(account_id, region)
        outcome = Outcome(
            event=event, recipient=recipient, times=times, account_id=account_id, region=region
        )
        with self.lock:
            return self.outcomes.add(outcome)

    @recorded
    def clear_outcomes(self, outcome_id: str | None = None) -> None:
        """Forget an outcome, or all; an unknown id is a LookupError."""
        with self.lock:
            self.outcomes.forget(outcome_id)

    # Events.

    @property
    def events(self) -> list[Event]:
        """The event records of all messages that are kept, in the order they were made."""
        with self.turn():
            return self.post.events()

    def find_events(
        self,
        *,
        message_id: str | None = None,
        account_id: str | None = None,
        region: str | None = None,
        limit: int | None = None,
    ) -> FoundEvents:
        """Find event records, and what two-way channels were told, in the order they were made."""
        with self.turn():
            return self.post.find(message_id, account_id, region, limit)

    def flush(self, timeout: float = 10) -> bool:
        """Wait until no event record is under way any more; tells whether that is so."""
        must_be_seconds("timeout", timeout)
        with self.turn():
            self.post.resume()
        return self.post.flush(timeout)

    # People.

    @recorded
    def receive(
        self,
        body: str | None = None,
        *,
        sender: str,
        recipient: str,
        account_id: str | None = None,
        region: str | None = None,
        suggestion: Mapping[str, Any] | None = None,
        location: Mapping[str, Any] | None = None,
        media: Mapping[str, Any] | None = None,
        typing: bool | None = None,
        conversation_started: bool | None = None,
    ) -> Inbound:
        """Let a person text a number of an account, or do something else that RCS has.

        `recipient` is the number by its digits, or the id of a number or an RCS agent. Instead of
        a `body` people can send an agent one of: `suggestion`, a tap on one (`text`,
        `postback_data`); `location` (`latitude`, `longitude`); `media` (`file_name`, and
        `mime_type`, `file_size_bytes`, `status`: SUCCESS, UPLOAD_FAILED or ROLE_ASSUME_FAILED);
        `typing=True`; `conversation_started=True`. Returns the message's id and, of a text, the
        keyword that it began with, the action and the reply. What cannot be is a ValueError, a
        number that is nobody's a LookupError.

            sms.receive("STOP", sender="+14255550100", recipient="+12065550100")
            sms.receive(suggestion={"text": "Yes", "postback_data": "yes:1"}, sender=…, recipient=…)
        """
        from pinpoint_sms_emu.messaging import inbound

        with self.turn():
            return inbound.receive(
                self,
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

    @recorded
    def accept_invitation(
        self,
        tester: str,
        rcs_agent_id: str | None = None,
        *,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Tester:
        """Let a person accept the invitation to test an RCS agent: "Make me a tester".

        `tester` is the id or ARN of a verified destination number that was created with an
        RcsAgentId, or the phone number itself; where several agents have invited the same person,
        `rcs_agent_id` says which. Returns the tester, who is VERIFIED then. An unknown tester is a
        LookupError, one without an open invitation a ValueError.

            sms.accept_invitation("+14255550100")
        """
        from pinpoint_sms_emu.resources import verified_destination_numbers

        with self.turn():
            return verified_destination_numbers.accept_invitation(
                self._accounts(account_id, region), tester, rcs_agent_id=rcs_agent_id
            )

    @recorded
    def review(
        self,
        registration_id: str,
        decision: str,
        *,
        reason: str | None = None,
        fields: Mapping[str, str] | None = None,
        carriers: Mapping[str, str] | None = None,
        account_id: str | None = None,
        region: str | None = None,
    ) -> Registration:
        """Decide about a registration as its reviewer: COMPLETE, REQUIRES_UPDATES, CLOSED, ….

        With REQUIRES_UPDATES `reason` tells why, and `fields` why of single ones, by their paths.
        With PROVISIONING or COMPLETE `carriers` says of single carriers of an RCS launch whether
        they are ACTIVE, PENDING or REJECTED.
        What is wrong in itself is a ValueError, an unknown id a LookupError; what cannot be
        decided about it as it is, is an UndecidableError.
        """
        from pinpoint_sms_emu.resources.registrations import review

        if not isinstance(registration_id, str):
            raise ValueError(f"registration_id must be an id or an ARN, not {registration_id!r}")
        with self.turn():
            for account in self._accounts(account_id, region):
                registration = account.registrations.get(registration_id.rpartition("/")[2])
                if registration is not None:
                    review.review(account, registration, decision, reason, fields or {}, carriers)
                    return registration
        raise LookupError(f"there is no registration {registration_id}")

    # State, in and out.

    def snapshot(self) -> dict[str, Any]:
        """Give the whole state as one JSON document."""
        from pinpoint_sms_emu.persistence import document

        with self.turn():
            return document.write(self)

    def restore(self, state: Any) -> None:
        """Have this state instead; one that cannot be read is a ValueError, and changes nothing."""
        from pinpoint_sms_emu.persistence import document

        dispatch.load_service()
        aside = self._like_this(self.settings)
        document.read(state, aside)
        self._become(aside)

    def _like_this(self, settings: Settings) -> Emulator:
        aside = Emulator()
        aside.settings, aside.message_listeners = settings, self.message_listeners
        aside._start()
        return aside

    def _new_with_seed(self, settings: Settings) -> Emulator:
        """Make another one as it is at the start: with what the seed file asks for, at once."""
        if settings.seed_file is None:
            return self._like_this(settings)
        from pinpoint_sms_emu.seed import seed_file

        at_once = replace(
            settings, transition_seconds=0.0, throttling=False, events_endpoint_url=None
        )
        aside = self._like_this(at_once)
        seed_file.apply(settings.seed_file, aside)
        aside.run_due()
        aside.settings = settings
        return aside

    def _become(self, aside: Emulator) -> None:
        """Take over the state of another one."""
        with self.lock:
            if self.journal is not None:
                self.journal.start_over(aside)
            self.post.stop()
            self.settings, self.signing_keys = aside.settings, aside.signing_keys
            for name in _STATE:
                setattr(self, name, getattr(aside, name))
            self.clock.offset, self.clock.frozen_at = aside.clock.offset, aside.clock.frozen_at
            self._unsaved_account = None
            for account in self.accounts.values():
                account.emulator = self
            self.post.emulator = self
            self.media_files.resume(list(self.message_store))
            self._begin_anew()
            self.run_due()

    def reset(self, **settings: Unpack[SettingsArguments]) -> None:
        """Everything is as at the start, with other settings where some are given."""
        told = Settings.of(**settings) if settings else self.settings
        if told.data_dir not in (None, self.settings.data_dir):
            raise ValueError("data_dir is chosen when an emulator is made")
        with self.lock:
            self._become(self._new_with_seed(replace(told, data_dir=self.settings.data_dir)))
            self.crashes.clear()


class _Turn:
    """A turn at an emulator. A generator would cost every call twice as much."""

    __slots__ = ("_emulator", "_is_outermost")

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def __enter__(self) -> None:
        self._is_outermost = self._emulator._begin_turn()  # noqa: SLF001  a part of it

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if self._is_outermost:
            self._emulator._end_turn(well=kind is None)  # noqa: SLF001
        else:
            self._emulator.lock.release()


def must_be_seconds(name: str, value: object) -> None:
    """Refuse what is no length of time to wait."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"{name} must be a number of seconds, not below zero, not {value!r}")
