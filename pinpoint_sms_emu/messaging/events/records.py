"""Event records: what is told of a message, in the members, types and order that AWS documents.

User guide, "Event data": one JSON object for SNS, Firehose and CloudWatch Logs alike. What has no
value is absent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES, EventType
from pinpoint_sms_emu.messaging.sending import speech
from pinpoint_sms_emu.messaging.sending.channels import MEDIA, RCS, TEXT, VOICE
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.rcs_content import is_text
from pinpoint_sms_emu.reference.prices import Price
from pinpoint_sms_emu.reference.simulator_numbers import carrier_of

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message, MessageEvent

_VERSION: Final = "1.0"

CHANNELS: Final = {each.name: each for each in (TEXT, MEDIA, VOICE, RCS)}
# How many characters a message has that is billed as RCS Basic.
_MOST_BASIC: Final = 160
_NOTHING: Final = Price(Decimal(0), Decimal(0))

# Published records of failures do not name the network.
_WITH_CARRIER: Final = ("SUCCESSFUL", "DELIVERED")

# What EventBridge calls its events; there is none for RCS.
DETAIL_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "Text Message Delivery Status Updated",
        "media": "Media Message Delivery Status Updated",
        "voice": "Voice Message Delivery Status Updated",
    }
)


def make_record(message: Message, event: MessageEvent) -> dict[str, Any]:
    """Make the record of what was heard of a message."""
    kind = EVENT_TYPES[event.event_type]
    price = _price(message) if event.is_charged else _NOTHING
    of_its_channel = _of_call if message.channel == "voice" else _of_message
    record = {
        # MMS records begin with it; no others have it.
        "contentType": "MMS" if message.channel == "media" else None,
        "eventType": event.event_type,
        "eventVersion": _VERSION,
        "eventTimestamp": _milliseconds(event.at),
        "isFinal": event.is_final,
        "originationPhoneNumber": message.sender,
        "destinationPhoneNumber": message.recipient,
        **of_its_channel(message, kind, price),
    }
    return {name: value for name, value in record.items() if value is not None}


def _of_message(message: Message, kind: EventType, price: Price) -> dict[str, Any]:
    # What was read has been paid for when it was delivered.
    total = _NOTHING if kind.status == "READ" else price.times(message.parts)
    return {
        # User guide: whether international sending is on for the number.
        "isInternationalSend": message.international,
        "isoCountryCode": message.iso_country_code,
        **_carrier(message, kind),
        # What the caller has been given: a fallback's events go on with those of its original.
        "messageId": message.fallback_of or message.id,
        "messageRequestTimestamp": _milliseconds(message.created),
        "messageEncoding": _encoding(message),
        "messageType": message.message_type,
        "messageStatus": kind.status,
        "messageStatusDescription": kind.description,
        "context": message.context or None,
        "totalMessageParts": message.parts,
        "totalMessagePrice": float(total.price),
        "totalCarrierFee": float(total.fee),
        **(_of_agent(message, kind) if message.channel == "rcs" else {}),
        **(_assessment(message) if kind.status == "PROTECT_BLOCKED" else {}),
    }


def _encoding(message: Message) -> str:
    if message.channel == "rcs":
        return "UNICODE"
    return message.encoding or segment(message.body or "").encoding


def _of_agent(message: Message, kind: EventType) -> dict[str, Any]:
    """The members that only RCS has, as the user guide shows them in "RCS message events".

    The platform's own id of an agent is not documented: it is made of ours.
    """
    billing = {"billingEventType": _billing(message)}
    return {
        "rcsMetadata": billing if kind.status == "DELIVERED" else None,
        "rcsBusinessId": f"{message.sender.removeprefix('rcs-')}_agent",
        "agentIsoCountryCode": message.iso_country_code,
    }


def _billing(message: Message) -> str:
    """What an RCS message is billed as: user guide, "RCS billing and pricing model".

    The United States have "Rich RCS" only; elsewhere "RCS Basic" has up to 160 characters, and
    "RCS Single" more. That a text with suggestions is RICH, and the word SINGLE, is inferred.
    """
    content = message.rcs_message_content
    plain = is_text(content) and not (content or {}).get("suggestions")
    if message.iso_country_code == "US" or not plain:
        return "RICH"
    return "BASIC" if len(message.body or "") <= _MOST_BASIC else "SINGLE"


def _of_call(message: Message, kind: EventType, price: Price) -> dict[str, Any]:
    # Until a call is over it has lasted no time and cost nothing: inferred.
    said = speech.spoken_in(message) if kind.status == "COMPLETED" else None
    minutes = speech.minutes(said) if said is not None else 0
    return {
        "isoCountryCode": message.iso_country_code,
        "messageId": message.id,
        "messageRequestTimestamp": _milliseconds(message.created),
        "messageStatus": kind.status,
        "callDurationInSeconds": speech.seconds(said) if said is not None else 0,
        "totalDurationInMinutes": minutes,
        "totalMessagePrice": float(price.times(minutes).total),
        "context": message.context or None,
    }


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _price(message: Message) -> Price:
    """What a part, message or minute costs."""
    return CHANNELS[message.channel].price(message.iso_country_code or "")


def _carrier(message: Message, kind: EventType) -> dict[str, str]:
    carrier = carrier_of(message.iso_country_code or "")
    if carrier is None or kind.status not in _WITH_CARRIER or message.channel == "rcs":
        return {}
    if message.comes_from_short_code:
        # Their published records name the carrier alone.
        return {"carrierName": carrier.name}
    return {"mcc": carrier.mcc, "mnc": carrier.mnc, "carrierName": carrier.name}


def _protect_configuration(message: Message) -> dict[str, Any] | None:
    if message.protect_configuration_id is None:
        return None
    return {
        "protectConfigurationId": message.protect_configuration_id,
        "protectStatus": message.protect_status,
    }


def _assessment(message: Message) -> dict[str, Any]:
    """Why a message was filtered: AIT is artificially inflated traffic."""
    return {
        "protectConfiguration": _protect_configuration(message),
        "protectConfigurationAssessment": {
            "protectRecommendation": "BLOCK",
            "protectInsights": {"blockReason": "AIT_SUSPECTED"},
        },
    }


# User guide, "Monitoring with EventBridge".


def make_detail(message: Message, record: Mapping[str, Any]) -> dict[str, Any]:
    """Make the detail of EventBridge's event: the same without who got it and the context."""
    left_out = ("destinationPhoneNumber", "context", "protectConfiguration")
    detail = {name: value for name, value in record.items() if name not in left_out}
    protect_configuration = _protect_configuration(message)
    if protect_configuration:
        detail["protectConfiguration"] = protect_configuration
    return detail


def make_inbound_record(message: Message, keyword: str, previous: str | None) -> dict[str, Any]:
    """Make what a two-way channel is told of an inbound message, in the order of captures.

    User guide, "Two-way SMS": the person is the origin here, and the number is the destination.
    """
    record = {
        "originationNumber": message.sender,
        "destinationNumber": message.recipient,
        "messageKeyword": keyword,
        "messageBody": message.body,
        "previousPublishedMessageId": previous,
        "inboundMessageId": message.id,
    }
    return {name: value for name, value in record.items() if value is not None}


def written(record: Mapping[str, Any]) -> str:
    """Write a record as it goes out: compact JSON."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)
