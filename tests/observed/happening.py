"""Repeats the message, call or registration about which AWS sent a record or payload."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from observe.reading import Observation
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES
from pinpoint_sms_emu.messaging.events.records import make_detail
from tests.observed.preparing import ACCOUNT, Preparation, person

# International sending, which added a member, was released then: user guide, document history; in
# milliseconds.
AUGUST_2025: Final = 1_754_006_400_000
_ENCODED: Final = {"GSM": "a", "UNICODE": "ж"}
_PART: Final = {"GSM": 153, "UNICODE": 67}


def record_of(observation: Observation) -> dict[str, Any] | None:
    """The record in an answer: by itself, or as the detail of EventBridge's event."""
    answer = observation.answer
    for candidate in (answer, answer.get("detail")):
        if isinstance(candidate, dict) and candidate.get("eventType") in EVENT_TYPES:
            return candidate
    return None


def payload_of(observation: Observation) -> dict[str, Any] | None:
    """The payload of a two-way channel in an answer: by itself, or in a notification of SNS."""
    answer = observation.answer
    if answer.get("Type") == "Notification":
        answer = json.loads(answer["Message"])
    return answer if "inboundMessageId" in answer else None


def added_later(record: dict[str, Any]) -> frozenset[str]:
    """The members that AWS has added since the record was made."""
    is_old = record["eventTimestamp"] < AUGUST_2025
    return frozenset({"isInternationalSend"} if is_old else ())


def send_as(at: Preparation, record: dict[str, Any]) -> dict[str, Any]:
    """Do what a record is about; return the emulator's record of the same type."""
    country = record.get("isoCountryCode", "US")
    members: dict[str, Any] = {
        "DestinationPhoneNumber": person(country),
        "OriginationIdentity": _origin(at, record, country),
        "Context": record.get("context", {}),
    }
    if protected := record.get("protectConfiguration"):
        members["ProtectConfigurationId"] = at.protect(
            {}, status=protected["protectStatus"], country=country
        )
    at.emulator.outcome(record["eventType"])
    channel = record["eventType"].partition("_")[0]
    made = _SEND[channel](at, record, members)
    message = engine_of(at.emulator).state.messages[made["MessageId"]]
    [found] = [each for each in message.events if each["eventType"] == record["eventType"]]
    return found


def detail_as(at: Preparation, record: dict[str, Any]) -> dict[str, Any]:
    """Do what a record is about; return the detail of EventBridge's event."""
    return make_detail(send_as(at, record))


def _origin(at: Preparation, record: dict[str, Any], country: str) -> str:
    """An identity of the kind in the record or the note."""
    sender = record.get("originationPhoneNumber", "")
    if sender.startswith("rcs-"):
        in_conversation = "conversationInitiatingMessageId" in record
        return _conversing_agent(at, record, country) if in_conversation else at.agent()
    if re.fullmatch(r"\d{3,8}", sender):
        return at.number(country, number_type="SHORT_CODE")
    if re.search(r"[A-Za-z]", sender):
        return at.sender_id(sender, country)
    kind = "TOLL_FREE" if "oll-free" in at.observation.note else "LONG_CODE"
    capabilities = ["SMS", "VOICE"] if kind == "LONG_CODE" else ["SMS", "MMS", "VOICE"]
    return at.number(
        country,
        number_type=kind,
        number_capabilities=capabilities,
        message_type=record.get("messageType", "TRANSACTIONAL"),
        international_sending_enabled=record.get("isInternationalSend") or None,
    )


def _conversing_agent(at: Preparation, record: dict[str, Any], country: str) -> str:
    """An agent with conversational pricing and an open session with the recipient."""
    agent = at.agent()
    registration = at.registration(f"{country}_RCS_LAUNCH_REGISTRATION")
    at.sms.create_registration_association(RegistrationId=registration, ResourceId=agent)
    at.fill(registration)
    at.sms.put_registration_field_value(
        RegistrationId=registration,
        FieldPath="agentDetails.billingCategory",
        SelectChoices=["CONVERSATIONAL"],
    )
    at.submit(registration)
    if at.account.registrations[registration].status != "COMPLETE":
        at.emulator.review(registration, "COMPLETE")
    if record["conversationInitiatingMessageType"] == "OUTBOUND":
        _send_rcs(
            at, record, {"DestinationPhoneNumber": person(country), "OriginationIdentity": agent}
        )
    at.emulator.receive("Hello", sender=person(country), recipient=agent)
    return agent


def _body(record: dict[str, Any]) -> str:
    """A text with this many parts, in the encoding."""
    encoding = record.get("messageEncoding", "GSM")
    length: int = _PART[encoding] * (record.get("totalMessageParts", 1) - 1) + 1
    return _ENCODED[encoding] * length


def _send_text(at: Preparation, record: dict[str, Any], members: dict[str, Any]) -> Any:
    return at.sms.send_text_message(
        MessageBody=_body(record), MessageType=record["messageType"], **members
    )


def _send_media(at: Preparation, _record: dict[str, Any], members: dict[str, Any]) -> Any:
    return at.sms.send_media_message(MediaUrls=["s3://bucket/cat.png"], **members)


def _call(at: Preparation, _record: dict[str, Any], members: dict[str, Any]) -> Any:
    return at.sms.send_voice_message(MessageBody="Hello", **members)


def _send_rcs(at: Preparation, _record: dict[str, Any], members: dict[str, Any]) -> Any:
    content = {"Content": {"TextMessage": {"Body": "Hello"}}}
    return at.sms.send_rcs_message(RcsMessageContent=content, **members)


_SEND: Final = {"TEXT": _send_text, "MEDIA": _send_media, "VOICE": _call, "RCS": _send_rcs}


def receive_as(at: Preparation, payload: dict[str, Any]) -> dict[str, Any]:
    """Receive the text in a payload; return the emulator's payload."""
    if payload["destinationNumber"].startswith("rcs-"):
        return _interact_as(at, payload)
    keyword = payload["messageKeyword"]
    number = at.number(
        two_way_enabled=True, two_way_channel_arn=f"arn:aws:sns:{at.region}:{ACCOUNT}:topic-1"
    )
    body = payload["messageBody"]
    if not keyword.upper().startswith("KEYWORD_"):
        at.sms.put_keyword(OriginationIdentity=number, Keyword=keyword, KeywordMessage="Hello")
        body = keyword
    if "previousPublishedMessageId" in payload:
        at.sms.send_text_message(
            DestinationPhoneNumber=person("US"), OriginationIdentity=number, MessageBody="Hello"
        )
    received = at.emulator.receive(body, sender=person("US"), recipient=number)
    [record] = engine_of(at.emulator).state.messages[received.message_id].events
    # The text is the sender's, not AWS's.
    return record | {"messageBody": payload["messageBody"]}


def _interact_as(at: Preparation, payload: dict[str, Any]) -> dict[str, Any]:
    """Receive the RCS interaction in a payload."""
    agent = at.agent()
    at.sms.update_rcs_agent(
        RcsAgentId=agent,
        TwoWayEnabled=True,
        TwoWayChannelArn=f"arn:aws:sns:{at.region}:{ACCOUNT}:topic-1",
        TwoWayRcsEventsEnabled=["ALL"],
        TwoWayMediaS3BucketName="bucket",
        TwoWayMediaS3KeyPrefix="inbound-media",
        TwoWayMediaS3Role=f"arn:aws:iam::{ACCOUNT}:role/media",
    )
    body = json.loads(payload["messageBody"])
    interaction = _INTERACTIONS[body.get("type", "media")](body)
    if body.get("conversationInitiatingMessageType") == "OUTBOUND":
        _send_rcs(at, {}, {"DestinationPhoneNumber": person("US"), "OriginationIdentity": agent})
    received = at.emulator.receive(sender=person("US"), recipient=agent, **interaction)
    [record] = engine_of(at.emulator).state.messages[received.message_id].events
    # Ids and times differ; the members are the same, in the same order.
    same = list(json.loads(record["messageBody"])) == list(body)
    return record | ({"messageBody": payload["messageBody"]} if same else {})


_INTERACTIONS: Final[dict[str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "CONVERSATION_STARTED": lambda _body: {"conversation_started": True},
    "RCS_TYPING": lambda _body: {"typing": True},
    "SUGGESTION": lambda body: {
        "suggestion": {"text": body["text"], "postback_data": body["postbackData"]}
    },
    "media": lambda body: {"media": {"file_name": body["fileName"]}},
}


def submit_as(at: Preparation, detail: dict[str, Any]) -> dict[str, Any]:
    """Give a registration the status in an event; return the emulator's record."""
    details = detail.get("registrationDetails", detail)
    status = details["currentStatus"]
    registration = at.registration(details.get("registrationType", ""))
    if status != "CREATED":
        at.fill(registration)
        at.submit(registration)
    if status not in ("CREATED", "SUBMITTED", "REVIEWING"):
        at.emulator.review(registration, status)
    found = [each.record for each in at.emulator.find_events().registrations]
    return next(each for each in found if each["registrationDetails"]["currentStatus"] == status)
