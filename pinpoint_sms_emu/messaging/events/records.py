"""Event records, with the members, types and order of AWS's records.

SNS, Firehose and CloudWatch Logs get the same JSON object. Members without a value are absent.
The order is that of published records; the user guide's page "Event data" agrees, except that its
sample of a text has isInternationalSend in the place of isoCountryCode.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Protocol

from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES, EventType
from pinpoint_sms_emu.messaging.sending import speech
from pinpoint_sms_emu.messaging.sending.channels import CHANNELS
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.rcs_content import is_text
from pinpoint_sms_emu.reference.prices import Price
from pinpoint_sms_emu.reference.simulator_numbers import Carrier, carrier_of

_VERSION: Final = "1.0"

# The longest message that is billed as RCS Basic, in characters.
_LONGEST_BASIC: Final = 160
_FREE: Final = Price(Decimal(0), Decimal(0))

# Published records of other statuses do not name the network.
_WITH_CARRIER: Final = ("SUCCESSFUL", "DELIVERED", "TTL_EXPIRED", "PROTECT_BLOCKED")
# Calls that are not over have neither a duration nor a price.
_CALL_GOES_ON: Final = ("INITIATED", "RINGING", "ANSWERED")
# Under these rules AWS assesses every message.
_ASSESSED: Final = ("MONITOR", "FILTER")


class RecordedMessage(Protocol):
    """The attributes of a message that its records contain."""

    id: str
    channel: str
    sender: str
    recipient: str
    body: str | None
    created: datetime
    message_type: str | None
    encoding: str | None
    parts: int
    context: dict[str, str]
    fallback_of: str | None
    number_type: str | None
    international: bool
    iso_country_code: str | None
    protect_configuration_id: str | None
    protect_status: str | None
    protect_recommendation: str | None
    conversation_initiating_message_id: str | None
    conversation_initiating_message_type: str | None
    conversation_session_fee: float | None
    rcs_business_id: str | None
    message_body_text_type: str | None
    call_seconds: int | None
    failure: str | None
    rcs_content: dict[str, Any] | None


class RecordedEvent(Protocol):
    """The attributes of an event that its record contains."""

    event_type: str
    at: datetime
    is_final: bool
    is_charged: bool


def make_record(message: RecordedMessage, event: RecordedEvent) -> dict[str, Any]:
    """Return the record of an event of a message."""
    kind = EVENT_TYPES[event.event_type]
    price = _price(message) if event.is_charged else _FREE
    members_of_channel = _call_members if message.channel == "voice" else _message_members
    record = {
        # Only MMS records have it.
        "contentType": "MMS" if message.channel == "media" else None,
        "eventType": event.event_type,
        "eventVersion": _VERSION,
        "eventTimestamp": _milliseconds(event.at),
        "isFinal": event.is_final,
        # Published record: a message that AWS blocks has no origination number.
        "originationPhoneNumber": message.sender if kind.status != "BLOCKED" else None,
        "destinationPhoneNumber": message.recipient,
        "isoCountryCode": message.iso_country_code,
        **members_of_channel(message, kind, price),
        "protectConfiguration": _protect_configuration(message),
        "protectConfigurationAssessment": _assessment(message, kind),
    }
    return {name: value for name, value in record.items() if value is not None}


def _message_members(message: RecordedMessage, kind: EventType, price: Price) -> dict[str, Any]:
    # A message that is read was paid for when it was delivered.
    total = _FREE if kind.status == "READ" else price.times(message.parts)
    return {
        "isInternationalSend": _international(message, kind),
        **_carrier(message, kind),
        # The events of a fallback continue those of the original message, with its id.
        "messageId": message.fallback_of or message.id,
        "messageRequestTimestamp": _milliseconds(message.created),
        "messageEncoding": _encoding(message),
        "messageType": message.message_type,
        "messageStatus": kind.status,
        # Of a text of SNS that is not delivered, SNS's own words are known.
        "messageStatusDescription": message.failure or kind.description,
        "context": dict(message.context) or None,
        "totalMessageParts": message.parts,
        "totalMessagePrice": float(total.price),
        "totalCarrierFee": float(total.fee),
        **(_rcs_members(message, kind) if message.channel == "rcs" else {}),
    }


def _international(message: RecordedMessage, kind: EventType) -> bool | None:
    """Return whether the number has international sending; None for MMS and blocked messages."""
    if message.channel == "media" or kind.status in ("BLOCKED", "PROTECT_BLOCKED"):
        return None
    return message.international


def _encoding(message: RecordedMessage) -> str | None:
    """Return GSM or UNICODE; MMS have no encoding."""
    if message.channel == "media":
        return None
    if message.channel == "rcs":
        return "UNICODE"
    return (message.encoding or segment(message.body or "").encoding).upper()


def _rcs_members(message: RecordedMessage, kind: EventType) -> dict[str, Any]:
    """Return the members that only RCS has: user guide, "RCS message events".

    An agent without registrations has no platform id; one is derived from the agent's id.
    """
    members = {
        "rcsMetadata": None,
        "rcsBusinessId": message.rcs_business_id or f"{message.sender.removeprefix('rcs-')}_agent",
        "agentIsoCountryCode": message.iso_country_code,
    }
    if kind.status != "DELIVERED":
        return members
    return {
        **members,
        "rcsMetadata": {"billingEventType": _billing(message)},
        "conversationInitiatingMessageId": message.conversation_initiating_message_id,
        "conversationInitiatingMessageType": message.conversation_initiating_message_type,
        "conversationSessionFee": message.conversation_session_fee,
    }


def _billing(message: RecordedMessage) -> str:
    """Return how an RCS message is billed: user guide, "RCS billing and pricing model".

    The United States have "Rich RCS" only; elsewhere "RCS Basic" has up to 160 characters, and
    "RCS Single" more. That a text with suggestions is RICH, and the word SINGLE, is inferred.
    """
    content = message.rcs_content
    plain = is_text(content) and not (content or {}).get("suggestions")
    if message.iso_country_code == "US" or not plain:
        return "RICH"
    return "BASIC" if len(message.body or "") <= _LONGEST_BASIC else "SINGLE"


def _call_members(message: RecordedMessage, kind: EventType, price: Price) -> dict[str, Any]:
    members: dict[str, Any] = {
        "messageId": message.id,
        "messageRequestTimestamp": _milliseconds(message.created),
        "messageStatus": kind.status,
    }
    if kind.status not in _CALL_GOES_ON:
        seconds, minutes = _duration(message) if kind.status == "COMPLETED" else (0, 0)
        members |= {
            "callDurationInSeconds": seconds,
            "totalDurationInMinutes": minutes,
            "totalMessagePrice": float(price.times(minutes).total),
        }
    return members | {"context": dict(message.context) or None}


def _duration(message: RecordedMessage) -> tuple[int, int]:
    """Return the length of a completed call in seconds, and the billed minutes."""
    if message.call_seconds is not None:
        return message.call_seconds, speech.minutes(message.call_seconds)
    # A message of a state of an earlier version has no length.
    spoken = speech.read_script(message.body or "", message.message_body_text_type or "TEXT")
    return speech.seconds(spoken), speech.minutes(speech.seconds(spoken))


def _milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def _price(message: RecordedMessage) -> Price:
    """Return the price of a part, message or minute."""
    return CHANNELS[message.channel].price(message.iso_country_code or "")


def _carrier(message: RecordedMessage, kind: EventType) -> dict[str, str]:
    """Return the network's members, as far as published records have them."""
    carrier = carrier_of(message.iso_country_code or "") if message.channel == "text" else None
    if carrier is None or kind.status not in _WITH_CARRIER:
        return {}
    if message.number_type == "SHORT_CODE":
        return {"carrierName": carrier.name}
    if message.number_type == "TOLL_FREE" and kind.status == "SUCCESSFUL":
        return {}
    return _codes(carrier) | (
        {} if kind.status == "PROTECT_BLOCKED" else {"carrierName": carrier.name}
    )


def _codes(carrier: Carrier) -> dict[str, str]:
    return {"mcc": carrier.mcc, "mnc": carrier.mnc}


def _protect_configuration(message: RecordedMessage) -> dict[str, Any] | None:
    """Return the protect configuration that decided about the message, and its rule."""
    if message.protect_configuration_id is None:
        return None
    return {
        "protectConfigurationId": message.protect_configuration_id,
        "protectStatus": message.protect_status,
    }


def _assessment(message: RecordedMessage, kind: EventType) -> dict[str, Any] | None:
    """Return AWS's recommendation about a message; AIT is artificially inflated traffic."""
    if message.protect_configuration_id is None or message.protect_status not in _ASSESSED:
        return None
    if kind.status == "PROTECT_BLOCKED" or message.protect_recommendation == "BLOCK":
        return {
            "protectRecommendation": "BLOCK",
            "protectInsights": {"blockReason": "AIT_SUSPECTED"},
        }
    return {"protectRecommendation": "ALLOW"}


# EventBridge: user guide, "Monitoring with EventBridge".


def make_detail(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the detail of an EventBridge event: the record without recipient and context."""
    left_out = ("destinationPhoneNumber", "context")
    return {name: value for name, value in record.items() if name not in left_out}


def resources_in(detail: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the ARNs of an event's resources: the registration's; messages have none."""
    return (detail["registrationArn"],) if "registrationArn" in detail else ()


def make_inbound_record(
    message: RecordedMessage, keyword: str, previous: str | None
) -> dict[str, Any]:
    """Return the payload of an inbound message for a two-way channel, in the observed order.

    User guide, "Two-way SMS": the end user is the origin, and the number is the destination.
    """
    record = {
        "originationNumber": message.sender,
        "destinationNumber": message.recipient,
        "messageKeyword": keyword,
        "messageBody": message.body,
        "previousPublishedMessageId": previous,
        "inboundMessageId": message.id,
    }
    return add_conversation(
        {name: value for name, value in record.items() if value is not None}, message
    )


def add_conversation(record: dict[str, Any], message: RecordedMessage) -> dict[str, Any]:
    """Return an inbound record with its session, if its message is part of one.

    User guide, "Conversational pricing events and fields": of the three fields, inbound events
    have two. Inferred: they are members of the record and not of its messageBody.
    """
    if message.conversation_initiating_message_id is None:
        return record
    return {
        **record,
        "conversationInitiatingMessageId": message.conversation_initiating_message_id,
        "conversationInitiatingMessageType": message.conversation_initiating_message_type,
    }


def to_json(record: Mapping[str, Any]) -> str:
    """Write a record as compact JSON."""
    return json.dumps(record, separators=(",", ":"), ensure_ascii=False)
