"""Event records that go somewhere, and how far each of their deliveries has come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pinpoint_sms_emu.messaging.events.event_types import DETAIL_TYPES
from pinpoint_sms_emu.messaging.message_queries import must_be_a_limit, must_be_a_text
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.state.tables import Entries, Entry

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# EventBridge gets every event of these channels, on a "best effort" basis: there is one attempt.
EVENT_BRIDGE: Final = "eventbridge"

# A record of a message leaves with it; of those that belong to none, the latest are kept.
MAX_ACCOUNT_EVENTS: Final = 1_000


@dataclass(slots=True, kw_only=True)
class EventDelivery(Entry):
    """The delivery of a record to one destination; its id is the destination's name.

    Its status is `recorded` where nothing is sent, else `pending`, `delivered`, `failed`, or
    `lost` when the record was removed before it could be delivered.
    """

    kind: ClassVar[str] = "event-delivery"

    sink: str
    target: str
    # A log stream, or what EventBridge calls the detail-type.
    label: str = ""
    status: str = "recorded"
    attempts: int = 0
    error: str | None = None


@dataclass(slots=True, kw_only=True)
class AccountEvent:
    """A record that belongs to no message: what EventBridge gets about registrations."""

    account_id: str
    region: str
    detail: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class PublishedRecord(Entry):
    """A record that goes somewhere: `MESSAGE_ID/POSITION`, or an account event with its detail."""

    kind: ClassVar[str] = "published-record"

    deliveries: list[EventDelivery] = field(default_factory=list)
    account_event: AccountEvent | None = None

    @property
    def message_id(self) -> str:
        """The message that the record belongs to."""
        return self.id.partition("/")[0]

    @property
    def position(self) -> str:
        """Its place among the records of the message."""
        return self.id.partition("/")[2]


class EventDeliveries:
    """All records of a state that go somewhere. A listener is called with each pending one."""

    def __init__(self, messages: Messages, *, are_sent: bool) -> None:
        self.published: Entries[PublishedRecord] = Entries()
        self.made = 0
        # The ids of records that belong to no message, of which the latest are kept.
        self.account_events: deque[str] = deque()
        # How many were removed with their messages before they were delivered, by destination.
        self.lost: dict[str, int] = {}
        # Called with each delivery that is to be made.
        self.on_pending: Callable[[PublishedRecord, EventDelivery], None] = _ignore

        self._messages = messages
        self.are_sent = are_sent

    def next_sequence(self) -> int:
        """The next place in the order of all records."""
        self.made += 1
        return self.made

    def publish(
        self, message: Message, position: int, sequence: int, deliveries: list[EventDelivery]
    ) -> None:
        """Send one of the records of a message to destinations."""
        record_id = f"{message.id}/{position}"
        self._add(PublishedRecord(id=record_id, sequence=sequence, deliveries=deliveries))

    def publish_account_event(
        self, account: Account, detail_type: str, detail: dict[str, Any]
    ) -> None:
        """Keep a record that belongs to no message, and send it to EventBridge."""
        sequence = self.next_sequence()
        self.account_events.append(f"account-event/{sequence}")
        if len(self.account_events) > MAX_ACCOUNT_EVENTS:
            self._remove_account_event(self.account_events.popleft())
        self._add(
            PublishedRecord(
                id=self.account_events[-1],
                sequence=sequence,
                deliveries=[to_event_bridge(account, detail_type)],
                account_event=AccountEvent(
                    account_id=account.account_id,
                    region=account.region,
                    detail=detail,
                ),
            )
        )

    def _add(self, record: PublishedRecord) -> None:
        self.published.put(record)
        if not self.are_sent:
            return
        for delivery in record.deliveries:
            if delivery.target.startswith("arn:"):
                delivery.status = "pending"
                self.on_pending(record, delivery)

    def pending(self) -> Iterator[tuple[PublishedRecord, EventDelivery]]:
        """Go through the deliveries that are still to be made, in order."""
        for record in self.published if self.are_sent else ():
            for delivery in record.deliveries:
                if delivery.status == "pending":
                    yield record, delivery

    def settle(
        self, record_id: str, position: int, status: str, attempts: int, error: str | None
    ) -> None:
        """Note what has become of a delivery; the record may have left meanwhile."""
        record = self.published.get(record_id)
        if record is None:
            return
        delivery = record.deliveries[position]
        delivery.status, delivery.attempts, delivery.error = status, attempts, error
        if record.account_event is not None and record.id not in self.account_events:
            # It was still under way when so many others had come after it.
            self._remove_account_event(record.id)

    def _remove_account_event(self, record_id: str) -> None:
        record = self.published.get(record_id)
        if record is not None and all(each.status != "pending" for each in record.deliveries):
            self.published.remove(record)

    def remove_records_of(self, message: Message) -> None:
        """Remove the records of a message that leaves, and count those not delivered."""
        for position in range(message.record_count if self.published else 0):
            record = self.published.get(f"{message.id}/{position}")
            if record is not None:
                self.published.remove(record)
                self._count_lost(record)

    def _count_lost(self, record: PublishedRecord) -> None:
        for delivery in record.deliveries:
            if delivery.status in ("pending", "failed"):
                delivery.status = "lost"
                self.lost[delivery.target] = self.lost.get(delivery.target, 0) + 1

    def load(self, record: PublishedRecord) -> bool:
        """Take a record of a document; False if its message has no such record.

        The records of a message for which there was no room are lost with it.
        """
        if record.account_event is not None:
            self.account_events.append(record.id)
            self.published.put(record)
            return True
        message = self._messages.get(record.message_id)
        if message is None:
            self._count_lost(record)
            return True
        self.published.put(record)
        return record.position in map(str, range(message.record_count))

    # What users read.

    def events(self) -> list[Event]:
        """The event records of all messages, in the order they were made."""
        return [self._event(*each) for each in _in_order(self._messages)]

    def find(
        self, message_id: str | None, account_id: str | None, region: str | None, limit: int | None
    ) -> FoundEvents:
        """Find records by message, account and Region; a wrong argument is a ValueError."""
        must_be_a_text("account_id", account_id)
        must_be_a_text("region", region)
        must_be_a_limit(limit)
        candidates: Iterable[Message | None] = self._messages
        if message_id is not None:
            candidates = [self._messages.get(message_id)]
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
            dict(self.lost),
        )

    def _account_events(self) -> Iterator[Event]:
        for record in self.published:
            if (account_event := record.account_event) is not None:
                yield Event(
                    record=account_event.detail,
                    message_id=None,
                    account_id=account_event.account_id,
                    region=account_event.region,
                    destinations=[],
                    event_bridge=_as_destination(record.deliveries[0]),
                )

    def _event(self, message: Message, position: int) -> Event:
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
    """Nothing sends records of this state."""


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
    """A record, and what became of it. EventBridge is not a destination that anybody configures."""

    record: dict[str, Any]
    # None where it is of no message, but of a registration.
    message_id: str | None
    account_id: str
    region: str
    destinations: list[Destination]
    event_bridge: Destination | None


@dataclass(frozen=True, slots=True)
class FoundEvents:
    """The events that match, and how many there are without the limit."""

    events: list[Event]
    total: int
    # What two-way channels got of inbound messages.
    inbound: list[Event]
    # What EventBridge got about registrations.
    registrations: list[Event]
    # How many records were removed before they were delivered, by destination.
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
    """Make the delivery to the event bus that every account has."""
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
