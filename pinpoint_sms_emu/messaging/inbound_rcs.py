"""Interactions of end users with RCS agents, other than texts.

User guide, "RCS message events" and "Receiving inbound RCS media": the payloads for the two-way
channel, or observed ones if there are any.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pinpoint_sms_emu.messaging.contacts import Conversation
from pinpoint_sms_emu.messaging.events.records import add_conversation

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.messages import Message
    from pinpoint_sms_emu.resources.rcs_agents import RcsAgent
    from pinpoint_sms_emu.service.account import Account

TYPING: Final = "RCS_TYPING"
CONVERSATION_STARTED: Final = "CONVERSATION_STARTED"

_MEDIA_STATUSES: Final = ("SUCCESS", "UPLOAD_FAILED", "ROLE_ASSUME_FAILED")
# The first is the user guide's; the other is inferred.
_MEDIA_STATUS_MESSAGES: Final = {
    "ROLE_ASSUME_FAILED": "Media received but could not assume the configured IAM role",
    "UPLOAD_FAILED": "Media received but could not be uploaded to the configured S3 bucket",
}
# Observed: 24 hours and 5 minutes; the user guide says 24 hours.
_SESSION: Final = timedelta(hours=24, minutes=5)
_ID_LENGTH: Final = 64
# A limit of ours: a file of this size is made where there is an S3 endpoint to put it to.
_LARGEST_FILE: Final = 100 * 1024 * 1024
_LONGEST_TEXT: Final = 25
_LONGEST_POSTBACK: Final = 2048


class Interaction(NamedTuple):
    """An interaction: its kind, and its members."""

    kind: str
    members: Mapping[str, Any]

    def as_given(self) -> dict[str, Any]:
        """Return the interaction as `receive` takes it, with its defaults."""
        return {self.kind: dict(self.members) or True}

    @property
    def body(self) -> str | None:
        """The text of the interaction, for the message's body."""
        match self.kind:
            case "suggestion":
                return str(self.members["text"])
            case "location":
                return f"{self.members['latitude']}, {self.members['longitude']}"
            case "media":
                return str(self.members["file_name"])
        return None


# Read.


def read_interaction(given: Mapping[str, Any]) -> Interaction:
    """Parse an interaction; raise a ValueError for wrong arguments."""
    named = [name for name, value in given.items() if value is not None and value is not False]
    if not named:
        raise ValueError(f"body must be given, or one of {', '.join(given)}")
    if len(named) > 1:
        raise ValueError(f"give only one of {' and '.join(named)}")
    [kind] = named
    return Interaction(kind, _READERS[kind](kind, given[kind]))


def _read_flag(kind: str, value: Any) -> dict[str, Any]:
    if value is not True:
        raise ValueError(f"{kind} must be true or false, not {value!r:.80}")
    return {}


def _read_suggestion(kind: str, value: Any) -> dict[str, Any]:
    members = _read_members(kind, value, required=("text",), optional=("postback_data",))
    _must_be_text(kind, members, "text", _LONGEST_TEXT)
    members.setdefault("postback_data", members["text"])
    _must_be_text(kind, members, "postback_data", _LONGEST_POSTBACK)
    return members


def _read_location(kind: str, value: Any) -> dict[str, Any]:
    members = _read_members(kind, value, required=("latitude", "longitude"))
    for name, most in (("latitude", 90), ("longitude", 180)):
        number = members[name]
        if type(number) not in (int, float) or not -most <= number <= most:
            raise ValueError(f"{name} must be a number from -{most} to {most}, not {number!r:.80}")
    return members


def _read_media(kind: str, value: Any) -> dict[str, Any]:
    optional = ("mime_type", "file_size_bytes", "status")
    members = _read_members(kind, value, required=("file_name",), optional=optional)
    _must_be_text(kind, members, "file_name", 1024)
    guessed = mimetypes.guess_type(members["file_name"])[0] or "application/octet-stream"
    members.setdefault("mime_type", guessed)
    _must_be_text(kind, members, "mime_type", 128)
    size = members.setdefault("file_size_bytes", 1024)
    if type(size) is not int or not 0 <= size <= _LARGEST_FILE:
        raise ValueError(
            f"file_size_bytes must be a whole number from 0 to {_LARGEST_FILE}, not {size!r:.80}"
        )
    status = members.setdefault("status", "SUCCESS")
    if status not in _MEDIA_STATUSES:
        raise ValueError(f"status must be {', '.join(_MEDIA_STATUSES)}, not {status!r:.80}")
    return members


_READERS: Final = {
    "suggestion": _read_suggestion,
    "location": _read_location,
    "media": _read_media,
    "typing": _read_flag,
    "conversation_started": _read_flag,
}


def _read_members(
    kind: str, value: Any, *, required: tuple[str, ...], optional: tuple[str, ...] = ()
) -> dict[str, Any]:
    known = (*required, *optional)
    if not isinstance(value, Mapping):
        raise ValueError(f"{kind} must have {', '.join(known)}, not be {value!r:.80}")
    for name in value:
        if name not in known:
            raise ValueError(f"{kind} has {', '.join(known)}; not {name!r:.80}")
    for name in required:
        if value.get(name) is None:
            raise ValueError(f"{kind} needs {name}")
    return {name: each for name, each in value.items() if each is not None}


def _must_be_text(kind: str, members: Mapping[str, Any], name: str, longest: int) -> None:
    value = members[name]
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise ValueError(f"{name} of a {kind} must have 1 to {longest} characters: {value!r:.80}")


# Payloads.


def is_published(agent: RcsAgent, interaction: Interaction) -> bool:
    """Return whether the two-way channel gets an interaction, by TwoWayRcsEventsEnabled.

    The types other than ALL are not documented. Inferred: they are those of the payloads, and taps,
    locations and media are messages, which are always published.
    """
    event = {"typing": TYPING, "conversation_started": CONVERSATION_STARTED}.get(interaction.kind)
    enabled = agent.two_way_rcs_events_enabled or ()
    return event is None or not {"ALL", event, event.removeprefix("RCS_")}.isdisjoint(enabled)


def new_id(account: Account, interaction: Interaction, person: str) -> str:
    """Generate an id, whose observed format depends on the kind of interaction."""
    match interaction.kind:
        case "typing":
            return f"{person.removeprefix('+')}-{_iso(account.now())}"
        case "suggestion" | "location":
            return account.random_source.alphanumerics(_ID_LENGTH)
    return account.random_source.uuid()


def make_payload(
    agent: RcsAgent, message: Message, interaction: Interaction, previous: str | None
) -> dict[str, Any]:
    """Return the payload for the two-way channel, whose messageBody is JSON as a text."""
    number = message.sender.removeprefix("+")
    match interaction.kind:
        case "suggestion":
            body = {
                "type": "SUGGESTION",
                "text": interaction.members["text"],
                "postbackData": interaction.members["postback_data"],
            }
        case "location":
            # Inferred: the user guide says that it is in the body, but has no example.
            body = {"type": "LOCATION", **interaction.members}
        case "media":
            # The only published example has a plus sign.
            number = message.sender
            body = _media_body(agent, message, interaction.members)
        case "typing":
            body = {"type": TYPING, "receivedAt": _iso(message.created)}
        case _:
            initiator = "OUTBOUND" if previous else "INBOUND"
            return make_conversation_started(
                message, Conversation(message.created, previous or message.id, initiator)
            )
    return add_conversation(_payload(number, message, body, message.id), message)


def make_conversation_started(message: Message, conversation: Conversation) -> dict[str, Any]:
    """Return the payload that says that a session of conversational pricing has begun."""
    body = {
        "type": CONVERSATION_STARTED,
        "startTime": _iso(conversation.began),
        "endTime": _iso(conversation.began + _SESSION),
        "conversationInitiatingMessageId": conversation.initiating_message_id,
        "conversationInitiatingMessageType": conversation.initiating_message_type,
    }
    number = message.sender.removeprefix("+")
    return _payload(number, message, body, conversation.initiating_message_id)


def _payload(
    number: str, message: Message, body: Mapping[str, Any], inbound_id: str
) -> dict[str, Any]:
    return {
        "originationNumber": number,
        "destinationNumber": message.recipient,
        "messageBody": json.dumps(body, separators=(",", ":"), ensure_ascii=False),
        "inboundMessageId": inbound_id,
    }


def media_url(agent: RcsAgent, message_id: str, interaction: Interaction) -> str | None:
    """Return the URL of a stored file, or None if it is not stored."""
    bucket = agent.two_way_media_s3_bucket_name
    if interaction.kind != "media" or _media_status(agent, interaction.members) != "SUCCESS":
        return None
    return f"s3://{bucket}/{_media_key(agent, message_id, interaction.members['file_name'])}"


def _media_body(agent: RcsAgent, message: Message, members: Mapping[str, Any]) -> dict[str, Any]:
    status = _media_status(agent, members)
    about = {"mediaStatusMessage": _MEDIA_STATUS_MESSAGES.get(status)}
    if status == "SUCCESS":
        about = {
            "s3Bucket": agent.two_way_media_s3_bucket_name,
            "s3Key": _media_key(agent, message.id, members["file_name"]),
        }
    return {
        "mediaStatus": status,
        **about,
        "mimeType": members["mime_type"],
        "fileName": members["file_name"],
        "fileSizeBytes": members["file_size_bytes"],
    }


def _media_status(agent: RcsAgent, members: Mapping[str, Any]) -> str:
    """Return the status of a file. Inferred: without a bucket, the upload fails."""
    status = str(members["status"])
    has_bucket = agent.two_way_media_s3_bucket_name is not None
    return status if has_bucket or status != "SUCCESS" else "UPLOAD_FAILED"


def _media_key(agent: RcsAgent, message_id: str, file_name: str) -> str:
    """Return the S3 key of a file: "{prefix}/rcs/{messageId}#{fileName}"."""
    prefix = agent.two_way_media_s3_key_prefix
    key = f"rcs/{message_id}#{file_name}"
    return f"{prefix}/{key}" if prefix else key


def _iso(at: datetime) -> str:
    """Format a time, such as 2026-06-17T17:36:29.937+0000."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "+0000")
