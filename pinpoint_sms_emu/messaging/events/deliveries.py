"""Published event records, and the status of each of their deliveries."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple

from pinpoint_sms_emu.messaging.events.event_types import DETAIL_TYPES
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.filters import must_be_a_limit, must_be_a_place, must_be_a_text
from pinpoint_sms_emu.state.found import Found
from pinpoint_sms_emu.state.steps import Steps, for_each, select_in_steps, slices
from pinpoint_sms_emu.state.tables import Entries, Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# EventBridge gets every event, on a "best effort" basis: there is one attempt.
EVENT_BRIDGE: Final = "eventbridge"

# The delivery status logs of SNS, in CloudWatch Logs.
SMS_LOGS: Final = "sms_delivery_status_logs"

# Records are removed with their messages; of those without a message, this many are kept.
MAX_ACCOUNT_EVENTS: Final = 1_000


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class EventDelivery(Entry):
    """The delivery of a record to one destination. Its id is the destination's name.

    Its status is `recorded` if nothing is sent, otherwise `pending`, `delivered`, `failed`, or
    `lost` if the record was removed before it could be delivered.
    """

    kind: ClassVar[str] = "event-delivery"

    sink: str
    target: str
    # The log stream, or EventBridge's detail-type.
    label: str = ""
    status: str = "recorded"
    attempts: int = 0
    error: str | None = None


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class AccountEvent:
    """A record without a message: an event about a registration, for EventBridge."""

    account_id: str
    region: str
    detail: dict[str, Any]


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class PublishedRecord(Entry):
    """A published record, with the id `MESSAGE_ID/POSITION`, or with an account event."""

    kind: ClassVar[str] = "published-record"

    deliveries: list[EventDelivery] = field(default_factory=list)
    account_event: AccountEvent | None = None

    @property
    def message_id(self) -> str:
        """The id of the record's message."""
        return self.id.partition("/")[0]

    @property
    def position(self) -> str:
        """Its index among the records of the message."""
        return self.id.partition("/")[2]


class EventDeliveries:
    """All published records of a state."""

    def __init__(self, messages: Messages, *, are_sent: bool) -> None:
        self.published: Entries[PublishedRecord] = Entries()
        self.made = 0
        # The records without a message, and the ids of the latest ones. The others are kept until
        # their delivery ends.
        self._account_records: dict[str, PublishedRecord] = {}
        self.account_events: deque[str] = deque()
        # The number of records removed before they were delivered, by destination.
        self.lost: dict[str, int] = {}
        # Called with each record before its deliveries change.
        self.change_listeners: list[Callable[[PublishedRecord], None]] = []
        # Called with each pending delivery.
        self.on_pending: Callable[[PublishedRecord, EventDelivery], None] = _ignore

        self._messages = messages
        self.are_sent = are_sent

    def next_sequence(self) -> int:
        """Return the next sequence number of records."""
        self.made += 1
        return self.made

    def publish(
        self, message: Message, position: int, sequence: int, deliveries: list[EventDelivery]
    ) -> None:
        """Publish a record of a message to destinations."""
        record_id = f"{message.id}/{position}"
        self._add(PublishedRecord(id=record_id, sequence=sequence, deliveries=deliveries))

    def publish_account_event(
        self, account: Account, detail_type: str, detail: dict[str, Any]
    ) -> None:
        """Publish a record without a message to EventBridge."""
        sequence = self.next_sequence()
        self.account_events.append(f"account-event/{sequence}")
        if len(self.account_events) > MAX_ACCOUNT_EVENTS:
            self._remove_account_event(self.account_events.popleft())
        record = PublishedRecord(
            id=self.account_events[-1],
            sequence=sequence,
            deliveries=[to_event_bridge(account, detail_type)],
            account_event=AccountEvent(
                account_id=account.account_id,
                region=account.region,
                detail=detail,
            ),
        )
        self._account_records[record.id] = record
        self._add(record)

    def _add(self, record: PublishedRecord) -> None:
        self.published.put(record)
        if not self.are_sent:
            return
        for delivery in record.deliveries:
            if delivery.target.startswith("arn:"):
                delivery.status = "pending"
                self.on_pending(record, delivery)

    def pending(self) -> Iterator[tuple[PublishedRecord, EventDelivery]]:
        """Iterate over the pending deliveries, in order."""
        for record in self.published if self.are_sent else ():
            for delivery in record.deliveries:
                if delivery.status == "pending":
                    yield record, delivery

    def settle(
        self, record_id: str, position: int, status: str, attempts: int, error: str | None
    ) -> None:
        """Record the result of a delivery, unless the record was removed meanwhile."""
        record = self.published.get(record_id)
        if record is None:
            return
        self._notify_before_change(record)
        delivery = record.deliveries[position]
        delivery.status, delivery.attempts, delivery.error = status, attempts, error
        if record.account_event is not None and record.id not in self.account_events:
            self._remove_account_event(record.id)

    def _remove_account_event(self, record_id: str) -> None:
        record = self.published.get(record_id)
        if record is not None and all(each.status != "pending" for each in record.deliveries):
            self.published.remove(record)
            del self._account_records[record.id]

    def remove_records_of(self, message: Message) -> None:
        """Remove the records of a removed message, and count those not delivered."""
        for position in range(message.record_count if self.published else 0):
            record = self.published.get(f"{message.id}/{position}")
            if record is not None:
                self.published.remove(record)
                self._count_lost(record)

    def _notify_before_change(self, record: PublishedRecord) -> None:
        for listener in self.change_listeners:
            listener(record)

    def _count_lost(self, record: PublishedRecord) -> None:
        self._notify_before_change(record)
        for delivery in record.deliveries:
            if delivery.status in ("pending", "failed"):
                delivery.status = "lost"
                self.lost[delivery.target] = self.lost.get(delivery.target, 0) + 1

    def load(self, record: PublishedRecord) -> bool:
        """Add a record of a document; return False if its message has no such record.

        The records of a message that exceeded `max_messages` are dropped with it.
        """
        if record.account_event is not None:
            self.account_events.append(record.id)
            self._account_records[record.id] = record
            self.published.put(record)
            return True
        message = self._messages.get(record.message_id)
        if message is None:
            self._count_lost(record)
            return True
        self.published.put(record)
        return record.position in map(str, range(message.record_count))

    # For users.

    def render(self, found: FoundRecords) -> FoundEvents:
        """Render all records that `find_records` has found; this does not need the lock."""
        return FoundEvents(
            [self.event(*each) for each in found.records],
            found.total,
            [self.event(message, 0) for message in found.inbound],
            found.account_events,
            dict(self.lost),
        )

    def find_records(
        self, message_id: str | None, account_id: str | None, region: str | None, limit: int | None
    ) -> Steps[FoundRecords]:
        """Find records by message, account and Region, in steps; only this call needs the lock.

        They are not rendered: `event` does so one by one. A wrong argument is a ValueError.
        """
        must_be_a_text("message_id", message_id)
        must_be_a_place(account_id, region)
        must_be_a_limit(limit)
        candidates = list(self._messages) if message_id is None else []
        if message_id is not None and (named := self._messages.get(message_id)):
            candidates = [named]
        account_events = [
            event
            for event in (self._account_events() if message_id is None else ())
            if account_id in (None, event.account_id) and region in (None, event.region)
        ]
        return _find_among(candidates, account_id, region, limit, account_events)

    def _account_events(self) -> Iterator[Event]:
        for record in self._account_records.values():
            if (account_event := record.account_event) is not None:
                yield Event(
                    record=deepcopy(account_event.detail),
                    message_id=None,
                    account_id=account_event.account_id,
                    region=account_event.region,
                    destinations=[],
                    event_bridge=_as_destination(record.deliveries[0]),
                )

    def event(self, message: Message, position: int) -> Event:
        """Render a record of a message, with its deliveries."""
        record = self.published.get(f"{message.id}/{position}")
        bridge = _NOT_SENT if message.channel in DETAIL_TYPES else None
        destinations = []
        for delivery in record.deliveries if record else ():
            if delivery.sink == EVENT_BRIDGE:
                bridge = _as_destination(delivery)
            else:
                destinations.append(_as_destination(delivery))
        return Event(
            record=message.record(position),
            message_id=message.id,
            account_id=message.account_id,
            region=message.region,
            destinations=destinations,
            event_bridge=bridge if message.direction == "outbound" else None,
        )


def _ignore(_record: PublishedRecord, _delivery: EventDelivery) -> None:
    """Do nothing, because nothing sends the records of this state."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination of a record, and the status of the delivery."""

    name: str
    kind: str
    status: str
    attempts: int
    error: str | None


_NOT_SENT: Final = Destination("default", EVENT_BRIDGE, "recorded", 0, None)


@dataclass(frozen=True, slots=True)
class Event:
    """An event record and its deliveries. EventBridge is separate, because it is not configured."""

    record: dict[str, Any]
    # None for an event about a registration.
    message_id: str | None
    account_id: str
    region: str
    destinations: list[Destination]
    event_bridge: Destination | None


@dataclass(frozen=True, slots=True)
class FoundEvents(Found[Event]):
    """The matching events, and their number without the limit."""

    events: list[Event]
    total: int
    # The payloads of inbound messages for two-way channels.
    inbound: list[Event]
    # The events about registrations for EventBridge.
    registrations: list[Event]
    # The number of records removed before they were delivered, by destination.
    forgotten: dict[str, int]

    @property
    def _entries(self) -> list[Event]:
        return self.events


class FoundRecords(NamedTuple):
    """The matching records, as message and index, and the events that have no such record."""

    records: Iterator[tuple[Message, int]]
    total: int
    # The messages with a payload for a two-way channel.
    inbound: list[Message]
    account_events: list[Event]


def _find_among(
    candidates: list[Message],
    account_id: str | None,
    region: str | None,
    limit: int | None,
    account_events: list[Event],
) -> Steps[FoundRecords]:
    messages = yield from select_in_steps(
        candidates,
        lambda message: (
            account_id in (None, message.account_id) and region in (None, message.region)
        ),
    )
    records = yield from _records_of(messages)
    return FoundRecords(
        islice(_in_order(records), limit),
        len(records),
        [message for message in messages if message.two_way_payload is not None],
        account_events,
    )


def _records_of(messages: list[Message]) -> Steps[dict[int, Message]]:
    """Return the message of each record, by the record's place among the records of all."""
    records: dict[int, Message] = {}

    def add(part: Sequence[Message]) -> None:
        records.update((event.sequence, message) for message in part for event in message.history)

    yield from for_each(slices(messages), add)
    return records


def _in_order(records: dict[int, Message]) -> Iterator[tuple[Message, int]]:
    """Iterate over records, as message and index, in the order of their creation."""
    for sequence in sorted(records):
        message = records[sequence]
        yield message, [event.sequence for event in message.history].index(sequence)


def to_event_bridge(account: Account, detail_type: str) -> EventDelivery:
    """Return a delivery to the default event bus of an account."""
    place = f"{account.partition}:events:{account.region}:{account.account_id}"
    return EventDelivery(
        id="default",
        sink=EVENT_BRIDGE,
        target=f"arn:{place}:event-bus/default",
        label=detail_type,
    )


def _as_destination(delivery: EventDelivery) -> Destination:
    return Destination(
        delivery.id, delivery.sink, delivery.status, delivery.attempts, delivery.error
    )
