"""Event types, with the statuses and descriptions in event records.

The statuses are those of the user guide's pages "Event types" and "Event data". Descriptions are
documented for SUCCESSFUL, DELIVERED, READ and PROTECT_BLOCKED; others are those of published
records, or marked as inferred.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

# In the order of the model's enum. MMS messages have the same statuses and descriptions.
_OF_TEXT: Final = {
    "PENDING": "Message is being delivered",  # inferred
    "QUEUED": "Message is queued for delivery",  # inferred
    "SUCCESSFUL": "Message has been accepted by phone carrier",
    "DELIVERED": "Message has been accepted by phone",
    "INVALID": "Invalid phone number",
    "INVALID_MESSAGE": "Message body is invalid",
    "UNREACHABLE": "Phone is currently unreachable/unavailable",
    "CARRIER_UNREACHABLE": "Phone carrier is currently unreachable/unavailable",
    "BLOCKED": "Phone has blocked SMS",
    "CARRIER_BLOCKED": "Phone carrier has blocked this message",
    "SPAM": "Blocked as spam by phone carrier",
    "UNKNOWN": "Unknown error attempting to reach phone",
    "TTL_EXPIRED": "The delivery TTL has expired",
}
_OF_PROTECTED_TEXT: Final = {"PROTECT_BLOCKED": "Message blocked by protect configuration"}
_OF_FILES: Final = {
    "FILE_INACCESSIBLE": "Media file cannot be read",  # inferred
    "FILE_TYPE_UNSUPPORTED": "Media file is of a type that is not supported",  # inferred
    "FILE_SIZE_EXCEEDED": "Media file is too large",  # inferred
}
# Events of calls have no description.
_OF_CALLS: Final = (
    "INITIATED",
    "RINGING",
    "ANSWERED",
    "COMPLETED",
    "BUSY",
    "NO_ANSWER",
    "FAILED",
    "TTL_EXPIRED",
)
_OF_RCS: Final = {
    "QUEUED": "Message is queued for delivery",  # inferred, as all of these
    "SENT": "Message has been sent",
    "DELIVERED": "Message has been accepted by phone",  # user guide, "RCS message events"
    "READ": "Message has been read by recipient",  # user guide, "RCS message events"
    "FAILED": "Message could not be delivered",
    "TTL_EXPIRED": "The delivery TTL has expired",
    "PROTECT_BLOCKED": "Message blocked by protect configuration",
    "FALLEN_BACK_TO_SMS": "Message has been sent as SMS instead",
}


class EventType(NamedTuple):
    """The channel of a type, its messageStatus and messageStatusDescription."""

    channel: str
    status: str
    description: str


def _types(channel: str, descriptions: dict[str, str]) -> dict[str, EventType]:
    return {
        f"{channel.upper()}_{status}": EventType(channel, status, description)
        for status, description in descriptions.items()
    }


# TEXT_SENT is in the model's enum too, but documented as "not supported".
EVENT_TYPES: Final = MappingProxyType(
    _types("text", _OF_TEXT | _OF_PROTECTED_TEXT)
    | _types("voice", dict.fromkeys(_OF_CALLS, ""))
    | _types("media", _OF_TEXT | _OF_FILES)
    | _types("rcs", _OF_RCS)
)

# What EventBridge calls the events of each channel; RCS messages have none.
DETAIL_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "text": "Text Message Delivery Status Updated",
        "media": "Media Message Delivery Status Updated",
        "voice": "Voice Message Delivery Status Updated",
    }
)
