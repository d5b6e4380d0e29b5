"""Events: what happens to a message is recorded, and told to those who have asked for it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.events.dispatcher import EventDelivery, to_event_bridge
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.events.records import CHANNELS, DETAIL_TYPES
from pinpoint_sms_emu.messaging.messages import Message, MessageEvent
from pinpoint_sms_emu.resources import spend_limits

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.event_destinations import EventDestination
    from pinpoint_sms_emu.service.account import Account


# User guide, "Billing implications of SMS fallback": RCS messages are "billed only when
# successfully delivered to the recipient's device".
_UNDELIVERED: Final = ("RCS_FAILED", "RCS_TTL_EXPIRED", "RCS_FALLEN_BACK_TO_SMS")


def record_event(account: Account, message: Message, event_type: str, *, is_final: bool) -> None:
    """Keep what is heard of a message, and publish the record of it."""
    message.status = EVENT_TYPES[event_type].status
    if message.status == "PROTECT_BLOCKED" or event_type in _UNDELIVERED:
        _take_back_the_price(account, message)
    sequence = account.events.next_sequence()
    message.history.append(
        MessageEvent(event_type, account.now(), is_final, bool(message.price), sequence)
    )
    if deliveries := _deliveries(account, message, event_type):
        account.events.publish(message, len(message.history) - 1, sequence, deliveries)
    account.messages.tell(message)


def _take_back_the_price(account: Account, message: Message) -> None:
    """What was filtered costs nothing: its documented record says so."""
    spend = message.spend or CHANNELS[message.channel].spend
    spend_limits.book(account, spend, -Decimal(str(message.price)), message.created)
    message.price = 0.0


def _deliveries(account: Account, message: Message, event_type: str) -> list[EventDelivery]:
    """Where an event goes: the destinations that its configuration set has now, and EventBridge."""
    deliveries = []
    configuration_set = (
        account.configuration_sets.get(message.configuration_set)
        if message.configuration_set
        else None
    )
    if configuration_set:
        deliveries = [
            _delivery(destination, configuration_set.name)
            for destination in configuration_set.event_destinations.values()
            if destination.matches(event_type)
        ]
    # Where nothing is sent anywhere, `Post` shows what EventBridge would get, without a parcel.
    is_sent = account.settings.events_endpoint_url is not None
    if is_sent and message.channel in DETAIL_TYPES:
        deliveries.append(to_event_bridge(account, DETAIL_TYPES[message.channel]))
    return deliveries


def _delivery(destination: EventDestination, configuration_set: str) -> EventDelivery:
    """Address a record to a destination, whose one sink says what it is."""
    if topic := destination.sns_destination:
        return EventDelivery(id=destination.name, sink="sns", target=topic["topic_arn"])
    if stream := destination.kinesis_firehose_destination:
        return EventDelivery(
            id=destination.name, sink="firehose", target=stream["delivery_stream_arn"]
        )
    log = destination.cloud_watch_logs_destination or {}
    return EventDelivery(
        id=destination.name,
        sink="cloudwatch_logs",
        target=log["log_group_arn"],
        # The service names its streams itself, and how is not documented.
        label=f"{configuration_set}/{destination.name}",
    )
