"""Publishing: records the events of messages, and sends them to event destinations."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.messaging.contacts import note_status
from pinpoint_sms_emu.messaging.events.deliveries import EventDelivery, to_event_bridge
from pinpoint_sms_emu.messaging.events.event_types import DETAIL_TYPES, EVENT_TYPES
from pinpoint_sms_emu.messaging.messages import Message, MessageEvent
from pinpoint_sms_emu.messaging.sending.channels import CHANNELS
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.wire.model import SNS

if TYPE_CHECKING:
    from pinpoint_sms_emu.resources.event_destinations import EventDestination
    from pinpoint_sms_emu.service.account import Account


# User guide, "Billing implications of SMS fallback": RCS messages are "billed only when
# successfully delivered to the recipient's device".
_UNDELIVERED: Final = ("RCS_FAILED", "RCS_TTL_EXPIRED", "RCS_FALLEN_BACK_TO_SMS")
# Published records of messages that AWS blocks have a price of zero.
_BLOCKED: Final = ("BLOCKED", "PROTECT_BLOCKED")


def record_event(account: Account, message: Message, event_type: str, *, is_final: bool) -> None:
    """Record an event of a message, and publish it to the matching destinations."""
    message.status = EVENT_TYPES[event_type].status
    note_status(account, message)
    if message.status in _BLOCKED or event_type in _UNDELIVERED:
        _refund(account, message)
    sequence = account.events.next_sequence()
    event = MessageEvent(event_type, account.now(), is_final, bool(message.price), sequence)
    message.history = (*message.history, event)
    if deliveries := _deliveries(account, message, event_type):
        account.events.publish(message, len(message.history) - 1, sequence, deliveries)
    account.messages.notify(message)


def _refund(account: Account, message: Message) -> None:
    """Subtract the price of a message that was not delivered from the month's cost."""
    spend = message.spend or CHANNELS[message.channel].spend
    spend_limits.add_cost(account, spend, -Decimal(str(message.price)), message.created)
    message.price = 0.0


def _deliveries(account: Account, message: Message, event_type: str) -> list[EventDelivery]:
    """Return deliveries to the configuration set's matching destinations and to EventBridge."""
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
    if message.api == SNS:
        from pinpoint_sms_emu.messaging.events import sms_logs  # noqa: PLC0415  only with SNS

        deliveries += sms_logs.deliveries(account, message)
    # Without an endpoint, the event itself shows what EventBridge would get.
    is_sent = account.settings.events_endpoint_url is not None
    if is_sent and message.channel in DETAIL_TYPES:
        deliveries.append(to_event_bridge(account, DETAIL_TYPES[message.channel]))
    return deliveries


def _delivery(destination: EventDestination, configuration_set: str) -> EventDelivery:
    """Return a delivery to an event destination, which has exactly one sink."""
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
        # The service chooses the name of the log stream; the format is not documented.
        label=f"{configuration_set}/{destination.name}",
    )
