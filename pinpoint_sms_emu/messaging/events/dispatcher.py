"""The post: takes records to their destinations, in order, and knows which of them arrived.

Each destination has a queue of its own, and one that fails waits alone. In process a queue is
emptied on the caller's thread, after the lock is let go: the test finds the record when its call
returns, and nothing is sent when the block is over. A server has a thread for each queue that has
something in it, so nobody's request waits.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.messaging.events.records import (
    DETAIL_TYPES,
    make_detail,
    resources_in,
    to_json,
)
from pinpoint_sms_emu.messaging.events.sinks import Payload, Sinks
from pinpoint_sms_emu.messaging.messages import Message, must_be_a_limit, must_be_a_text
from pinpoint_sms_emu.state.tables import Entries, Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.service.account import Account

# A destination that has refused so often in a row is given up, record by record, until it takes
# one again. With a server that is after six seconds.
ATTEMPTS: Final = 6

# How long an attempt may take: in process somebody waits for it.
SECONDS_IN_PROCESS: Final = 1.0
SECONDS_IN_BACKGROUND: Final = 10.0

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_PAUSE_IN_A_HURRY: Final = 0.05
_GLANCE: Final = 0.01

# What is left at the end has so long to be delivered: the whole end may take a second.
_LAST_SECONDS: Final = 0.4

# EventBridge gets every event of these channels, on a "best effort" basis: there is one attempt.
EVENT_BRIDGE: Final = "eventbridge"

# Records that are of no message leave with none, so only the latest are kept.
MOST_ACCOUNT_EVENTS: Final = 1_000

logger = logging.getLogger("pinpoint_sms_emu")


@dataclass(slots=True, kw_only=True)
class EventDelivery(Entry):
    """A record on its way to one destination; its id is the destination's name."""

    kind: ClassVar[str] = "parcel"

    sink: str
    target: str
    # A log stream, or what EventBridge calls the detail-type.
    label: str = ""
    status: str = "recorded"
    attempts: int = 0
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class AccountEvent:
    """A record of no message: what EventBridge is told of an account's registrations."""

    account_id: str
    region: str
    detail: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class PublishedRecord(Entry):
    """A record of a message that goes somewhere; the record itself is the message's."""

    kind: ClassVar[str] = "published"

    deliveries: list[EventDelivery] = field(default_factory=list)
    account_event: AccountEvent | None = None

    @property
    def message_id(self) -> str:
        """Whose record it is."""
        return self.id.partition("/")[0]

    @property
    def position(self) -> str:
        """Which of the message's records it is."""
        return self.id.partition("/")[2]


class Queue:
    """What waits for one destination, the oldest first."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[PublishedRecord, EventDelivery]] = deque()
        # In a row.
        self.failures = 0
        # Who holds it sends.
        self.turn = threading.Lock()
        self.worker: threading.Thread | None = None


class EventDispatcher:
    """All records of an emulator that go somewhere, and the queues of those under way."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.published: Entries[PublishedRecord] = Entries()
        self.made = 0
        # The ids of records that are of no message, of which the latest are kept.
        self.account_events: deque[str] = deque()
        # How many left with their messages before they were delivered, by destination.
        self.forgotten: dict[str, int] = {}

        self._queues: dict[str, Queue] = {}
        self._busy: dict[str, Queue] = {}
        self._sinks: dict[float, Sinks] = {}
        self._flushing = 0
        self._hurry = threading.Event()
        self._over = threading.Event()

    # In.

    def next_sequence(self) -> int:
        """The next place in the order of all records."""
        self.made += 1
        return self.made

    def publish(
        self, message: Message, position: int, sequence: int, deliveries: list[EventDelivery]
    ) -> None:
        """Let one of the records of a message go to its destinations."""
        published = PublishedRecord(
            id=f"{message.id}/{position}", sequence=sequence, deliveries=deliveries
        )
        self._let_go(published)

    def publish_account_event(
        self, account: Account, detail_type: str, detail: dict[str, Any]
    ) -> None:
        """Keep a record that is of no message, and let it go to EventBridge."""
        sequence = self.next_sequence()
        self.account_events.append(f"account-event/{sequence}")
        if len(self.account_events) > MOST_ACCOUNT_EVENTS:
            self._remove_account_event(self.account_events.popleft())
        self._let_go(
            PublishedRecord(
                id=self.account_events[-1],
                sequence=sequence,
                deliveries=[to_event_bridge(account, detail_type)],
                account_event=AccountEvent(
                    account_id=account.account_id, region=account.region, detail=detail
                ),
            )
        )

    def _remove_account_event(self, notice_id: str) -> None:
        published = self.published.get(notice_id)
        if published is not None and all(each.status != "pending" for each in published.deliveries):
            self.published.remove(published)

    def _remove_late_account_event(self, published: PublishedRecord) -> None:
        """Let a notice leave that was still under way when so many others had come after it."""
        if published.account_event is not None and published.id not in self.account_events:
            self._remove_account_event(published.id)

    def _let_go(self, published: PublishedRecord) -> None:
        self.published.put(published)
        if self.emulator.settings.events_endpoint_url is None:
            return
        for delivery in published.deliveries:
            if delivery.target.startswith("arn:"):
                delivery.status = "pending"
                self._enqueue(published, delivery)

    def _enqueue(self, published: PublishedRecord, delivery: EventDelivery) -> None:
        queue = self._queues.get(delivery.target)
        if queue is None:
            queue = self._queues[delivery.target] = Queue()
        queue.waiting.append((published, delivery))
        self._busy[delivery.target] = queue

    def forget(self, message: Message) -> None:
        """Let the records of a message leave with it, and count those that were not delivered."""
        for position in range(message.record_count if self.published else 0):
            published = self.published.get(f"{message.id}/{position}")
            if published is None:
                continue
            self.published.remove(published)
            for delivery in published.deliveries:
                if delivery.status in ("pending", "failed"):
                    delivery.status = "forgotten"
                    self._count(delivery)

    def _count(self, delivery: EventDelivery) -> None:
        self.forgotten[delivery.target] = self.forgotten.get(delivery.target, 0) + 1
        queue = self._queues.get(delivery.target)
        # Messages leave from the oldest on, and so do their records.
        while queue and queue.waiting and queue.waiting[0][1].status == "forgotten":
            queue.waiting.popleft()

    def take_up(self, published: PublishedRecord) -> bool:
        """Know of a record of a state that is restored; tells whether there is such a record.

        Nothing is sent: `resume` does that. The record of a message for which there was no room
        any more leaves with it.
        """
        if published.account_event is not None:
            self.account_events.append(published.id)
            self.published.put(published)
            return True
        message = self.emulator.message_store.get(published.message_id)
        if message is None:
            for delivery in published.deliveries:
                if delivery.status in ("pending", "failed"):
                    self._count(delivery)
            return True
        self.published.put(published)
        return published.position in map(str, range(message.record_count))

    # Out.

    def deliver(self) -> None:
        """Deliver what waits, in process: an attempt for each destination, on this thread."""
        if not self._busy or self.emulator.served or self._over.is_set():
            return
        with self.emulator.lock:
            busy = list(self._busy.items())
        for target, queue in busy:
            # Another thread that is sending to it may take what is ours along.
            if queue.turn.acquire(timeout=SECONDS_IN_PROCESS):
                try:
                    while self._send_first(target, queue):
                        pass
                finally:
                    queue.turn.release()

    def deliver_in_background(self) -> None:
        """Let a thread deliver what waits, for each destination one."""
        if not self._busy or self._over.is_set():
            return
        with self.emulator.lock:
            for target, queue in self._busy.items():
                if queue.worker is None:
                    queue.worker = threading.Thread(
                        target=self._work, args=(target, queue), daemon=True
                    )
                    queue.worker.start()

    def _work(self, target: str, queue: Queue) -> None:
        """Empty a queue, with a pause after each failure."""
        try:
            while queue.waiting and self._may_send():
                with queue.turn:
                    delivered = self._send_first(target, queue)
                if not delivered and queue.waiting:
                    pause = _FIRST_PAUSE * 2 ** min(queue.failures - 1, 10)
                    self._hurry.wait(min(pause, _LONGEST_PAUSE))
                    self._over.wait(_PAUSE_IN_A_HURRY)
        finally:
            with self.emulator.lock:
                queue.worker = None
                if not queue.waiting:
                    self._rest(target, queue)

    def _may_send(self) -> bool:
        return not self._over.is_set() and (self.emulator.served or self._flushing > 0)

    def _send_first(self, target: str, queue: Queue) -> bool:
        """Try to deliver what has waited longest; who calls it has the queue's turn."""
        with self.emulator.lock:
            if self._over.is_set():
                return False  # another post has taken its place, and other messages theirs
            if not queue.waiting:
                self._rest(target, queue)
                return False
            published, delivery = queue.waiting[0]
            payload = self._payload(published, delivery)
            sinks = self._sinks_at_hand()

        error = sinks.take(payload)

        with self.emulator.lock:
            delivery.attempts += 1
            delivery.error = error
            queue.failures = queue.failures + 1 if error else 0
            self._tell(delivery, queue)
            if delivery.status == "forgotten":
                # Its message has left meanwhile.
                self.forgotten[target] -= error is None
                return error is None
            if error is None:
                delivery.status = "delivered"
            elif queue.failures >= ATTEMPTS or delivery.sink == EVENT_BRIDGE:
                delivery.status = "failed"
            if delivery.status != "pending":
                queue.waiting.popleft()
                position = published.deliveries.index(delivery)
                told = (published.id, position, delivery.status, delivery.attempts, delivery.error)
                self.emulator.note("settle", *told)
                self._remove_late_account_event(published)
            if not queue.waiting:
                self._rest(target, queue)
            return error is None

    def _rest(self, target: str, queue: Queue) -> None:
        """Know that a queue is empty; of what takes its records, nothing need be remembered."""
        if self._busy.get(target) is queue:
            del self._busy[target]
        is_done_with = queue.worker is None and not queue.failures
        if is_done_with and self._queues.get(target) is queue:
            del self._queues[target]

    def _payload(self, published: PublishedRecord, delivery: EventDelivery) -> Payload:
        if published.account_event is not None:
            return Payload(
                delivery.sink,
                delivery.target,
                to_json(published.account_event.detail),
                delivery.label,
                resources_in(published.account_event.detail),
            )
        message = self.emulator.message_store[published.message_id]
        record = message.record(int(published.position))
        if delivery.sink == EVENT_BRIDGE:
            record = make_detail(record)
        return Payload(delivery.sink, delivery.target, to_json(record), delivery.label)

    def _sinks_at_hand(self) -> Sinks:
        served = self.emulator.served
        seconds = SECONDS_IN_BACKGROUND if served else SECONDS_IN_PROCESS
        sinks = self._sinks.get(seconds)
        if sinks is None:
            endpoint_url = self.emulator.settings.events_endpoint_url or ""
            sinks = self._sinks[seconds] = Sinks(endpoint_url, seconds)
        return sinks

    def _tell(self, delivery: EventDelivery, queue: Queue) -> None:
        """Log the beginning of trouble with a destination, and that it is given up."""
        if delivery.error and queue.failures == 1:
            logger.warning("%s does not take event records: %s", delivery.target, delivery.error)
        if delivery.error and queue.failures == ATTEMPTS:
            logger.warning("%s is given up after %d attempts", delivery.target, ATTEMPTS)

    # All of it.

    def flush(self, seconds: float) -> bool:
        """Wait until nothing is under way any more; tells whether that is so.

        What was under way when a state was restored is sent now: that has been asked for.
        """
        self.resume()
        with self.emulator.lock:
            self._flushing += 1
            self._hurry.set()
        while self._busy and seconds > 0 and not self._over.is_set():
            self.deliver_in_background()
            self._over.wait(_GLANCE)
            seconds -= _GLANCE
        with self.emulator.lock:
            self._flushing -= 1
            if not self._flushing:
                self._hurry.clear()
            workers = [each.worker for each in self._queues.values() if each.worker]
        if not self.emulator.served:
            # Nobody sends behind the back of a test.
            for worker in workers:
                worker.join()
        return not self._busy

    def settle(
        self, published_id: str, position: int, status: str, attempts: int, error: str | None
    ) -> None:
        """Know again what became of a record; it is in no queue, until `resume` fills them."""
        published = self.published.get(published_id)
        if published is not None:
            delivery = published.deliveries[position]
            delivery.status, delivery.attempts, delivery.error = status, attempts, error
            self._remove_late_account_event(published)

    def resume(self) -> None:
        """Put what is under way into queues: in a state that was restored, nothing is."""
        if self.emulator.settings.events_endpoint_url is None:
            return
        with self.emulator.lock:
            for queue in self._queues.values():
                queue.waiting.clear()
            for published in self.published:
                for delivery in published.deliveries:
                    if delivery.status == "pending":
                        self._enqueue(published, delivery)

    def close(self) -> None:
        """Deliver what can be delivered at once, if there is a server, and name the rest."""
        if self.emulator.served:
            self.flush(_LAST_SECONDS)
        for target, queue in self._busy.items():
            logger.warning("%d event records were not sent to %s", len(queue.waiting), target)
        self.stop()

    def stop(self) -> None:
        """Deliver nothing any more: another post takes the place of this one."""
        self._over.set()
        for sinks in self._sinks.values():
            sinks.close()

    # For those who look.

    def events(self) -> list[Event]:
        """The event records of all messages, in the order they were made."""
        return [self._event(*each) for each in _in_order(self.emulator.message_store)]

    def find(
        self, message_id: str | None, account_id: str | None, region: str | None, limit: int | None
    ) -> FoundEvents:
        """Find records by whose they are; a wrong argument is a ValueError."""
        must_be_a_text("account_id", account_id)
        must_be_a_text("region", region)
        must_be_a_limit(limit)
        store = self.emulator.message_store
        candidates: Iterable[Message | None] = store
        if message_id is not None:
            candidates = [store.get(message_id)]
        messages = [
            message
            for message in candidates
            if message is not None
            and account_id in (None, message.account_id)
            and region in (None, message.region)
        ]
        records = _in_order(messages)
        account_events = [
            event
            for event in self._account_events()
            if message_id is None
            and account_id in (None, event.account_id)
            and region in (None, event.region)
        ]
        return FoundEvents(
            [self._event(*each) for each in records[:limit]],
            len(records),
            [
                self._event(message, 0)
                for message in messages
                if message.two_way_payload is not None
            ],
            account_events,
            dict(self.forgotten),
        )

    def _account_events(self) -> Iterator[Event]:
        for published in self.published:
            if (account_event := published.account_event) is not None:
                yield Event(
                    record=account_event.detail,
                    message_id=None,
                    account_id=account_event.account_id,
                    region=account_event.region,
                    destinations=[],
                    event_bridge=_seen(published.deliveries[0]),
                )

    def _event(self, message: Message, position: int) -> Event:
        published = self.published.get(f"{message.id}/{position}")
        bridge = _NOT_SENT if message.channel in DETAIL_TYPES else None
        destinations = []
        for delivery in published.deliveries if published else ():
            if delivery.sink == EVENT_BRIDGE:
                bridge = _seen(delivery)
            else:
                destinations.append(_seen(delivery))
        return Event(
            record=message.record(position),
            message_id=message.id,
            account_id=message.account_id,
            region=message.region,
            destinations=destinations,
            event_bridge=bridge if message.direction == "outbound" else None,
        )


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a record goes, and how far it has come."""

    name: str
    kind: str
    status: str
    attempts: int
    error: str | None


_NOT_SENT: Final = Destination("default", EVENT_BRIDGE, "recorded", 0, None)


@dataclass(frozen=True, slots=True)
class Event:
    """A record of a message, and what became of it. EventBridge is no destination of anybody's."""

    record: dict[str, Any]
    # None where it is of no message, but of a registration.
    message_id: str | None
    account_id: str
    region: str
    destinations: list[Destination]
    event_bridge: Destination | None


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """The events that were asked for, and how many there are beyond the limit."""

    events: list[Event]
    total: int
    # What two-way channels were told of inbound messages.
    inbound: list[Event]
    # What EventBridge was told of registrations.
    registrations: list[Event]
    # How many records left before they were delivered, by destination.
    forgotten: dict[str, int]


def _in_order(messages: Iterable[Message]) -> list[tuple[Message, int]]:
    """The records of messages, each as its message and its place there, as they were made."""
    found = [
        (event.sequence, message, position)
        for message in messages
        for position, event in enumerate(message.history)
    ]
    found.sort(key=itemgetter(0))
    return [(message, position) for _, message, position in found]


def to_event_bridge(account: Account, detail_type: str) -> EventDelivery:
    """Address a record to the event bus that every account has."""
    place = f"{account.partition}:events:{account.region}:{account.account_id}"
    return EventDelivery(
        id="default",
        sink=EVENT_BRIDGE,
        target=f"arn:{place}:event-bus/default",
        label=detail_type,
    )


def _seen(delivery: EventDelivery) -> Destination:
    return Destination(
        delivery.id, delivery.sink, delivery.status, delivery.attempts, delivery.error
    )
