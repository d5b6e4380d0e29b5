"""Delivery status logs of SNS: one entry for each text, after its final event.

Developer guide, "Viewing CloudWatch metrics and logs for SMS deliveries". The members of failed
texts come from published entries.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.messaging.events.deliveries import SMS_LOGS, EventDelivery
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.reference.simulator_numbers import carrier_of

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# The attributes of SNS that enable the logs.
DELIVERY_STATUS_ROLE: Final = "DeliveryStatusIAMRole"
SUCCESS_SAMPLING_RATE: Final = "DeliveryStatusSuccessSamplingRate"

# Texts that are published to a topic have no other log groups: observed.
_GROUP: Final = "DirectPublishToPhoneNumber"
_FAILURES: Final = "/Failure"
_ARRIVED: Final = ("SUCCESSFUL", "DELIVERED")
_ALL: Final = 100


def deliveries(account: Account, message: Message) -> list[EventDelivery]:
    """Return the delivery of a message's final event to a log group, if logs are enabled."""
    event = message.history[-1]
    role = account.sns_attributes.get(DELIVERY_STATUS_ROLE)
    if not event.is_final or not role or not _is_sampled(account, message):
        return []
    group = f"sns/{account.region}/{account.account_id}/{_GROUP}"
    if not _has_arrived(message):
        group += _FAILURES
    place = f"{account.partition}:logs:{account.region}:{account.account_id}"
    return [
        EventDelivery(
            id=_GROUP,
            sink=SMS_LOGS,
            target=f"arn:{place}:log-group:{group}",
            # The names of SNS's log streams are not documented.
            label=message.id,
        )
    ]


def _has_arrived(message: Message) -> bool:
    return message.status in _ARRIVED


def _is_sampled(account: Account, message: Message) -> bool:
    """Return whether an entry is written, by the sampling rate of delivered texts."""
    rate = int(account.sns_attributes.get(SUCCESS_SAMPLING_RATE, _ALL))
    if rate == _ALL or not _has_arrived(message):
        return True
    return bool(rate) and account.random_source.fraction() * _ALL < rate


def make_entry(message: Message, position: int) -> dict[str, Any]:
    """Return the log entry of a message, from its final event."""
    event = message.history[position]
    kind = EVENT_TYPES[event.event_type]
    arrived = kind.status in _ARRIVED
    first, last = message.history[0].at, event.at
    delivery: dict[str, Any] = {
        "destination": message.recipient,
        "smsType": (message.message_type or "").capitalize(),
        "providerResponse": message.failure or kind.description,
        "dwellTimeMs": _milliseconds(message.created, first),
    }
    if message.failure is None:
        carrier = carrier_of(message.iso_country_code or "") if arrived else None
        delivery |= {
            "mcc": int(carrier.mcc) if carrier else 0,
            "mnc": int(carrier.mnc) if carrier else 0,
            "priceInUSD": message.price,
            "dwellTimeMsUntilDeviceAck": _milliseconds(message.created, last),
        }
        if carrier:
            delivery["phoneCarrier"] = carrier.name
    return {
        "notification": {"messageId": message.id, "timestamp": _spelled(message.created)},
        "delivery": delivery,
        "status": "SUCCESS" if arrived else "FAILURE",
    }


def _milliseconds(begin: datetime, end: datetime) -> int:
    return int((end - begin).total_seconds() * 1000)


def _spelled(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03}"
