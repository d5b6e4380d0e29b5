"""Publish with a PhoneNumber, and texts to subscribers of topics.

SNS accepts texts that the other service would refuse, but does not deliver them: the same checks
apply, and the delivery status has the reason in SNS's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.messaging.sending import checks
from pinpoint_sms_emu.messaging.sending.channels import SNS_TEXT
from pinpoint_sms_emu.messaging.sending.draft import (
    ChannelMembers,
    Check,
    Draft,
    accept,
    find_draft,
)
from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.selection import (
    Origin,
    choose,
    find_named,
    from_sender_id,
    sender_of,
)
from pinpoint_sms_emu.messaging.sending.suitability import IdentityRequest
from pinpoint_sms_emu.reference.countries import shared_short_code
from pinpoint_sms_emu.resources.phone_numbers import PhoneNumber
from pinpoint_sms_emu.resources.resource_policies import lets_sns_send
from pinpoint_sms_emu.service.destinations import Destination
from pinpoint_sms_emu.service.throttling import must_not_send_too_fast
from pinpoint_sms_emu.sns import message_attributes as attributes_of_messages
from pinpoint_sms_emu.sns.attributes import DEFAULT_MESSAGE_TYPE, DEFAULT_SENDER_ID
from pinpoint_sms_emu.sns.errors import invalid_parameter
from pinpoint_sms_emu.sns.message_attributes import MESSAGE_TYPES, Attribute, TextAttributes
from pinpoint_sms_emu.sns.phone_numbers import read_destination
from pinpoint_sms_emu.sns.registry import operation
from pinpoint_sms_emu.wire.model import SNS

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.account import Account

# "The total size limit for a single SMS Publish action is 1,600 characters."
_LONGEST: Final = 1_600
# "UTF-8 text with no line breaks or control characters, and less than 100 characters long".
_SUBJECT: Final = re.compile(r"[^\x00-\x1f\x7f]{1,100}")
_STRUCTURED: Final = "json"


@operation
def publish(
    account: Account,
    *,
    phone_number: str,
    message: str,
    subject: str | None = None,
    message_structure: str | None = None,
    message_attributes: Mapping[str, Attribute] | None = None,
    topic_arn: str | None = None,
    target_arn: str | None = None,
) -> dict[str, str]:
    """Send a text to a phone number. The subject is ignored."""
    if topic_arn is not None or target_arn is not None:
        # Inferred: "you must specify a value for the PhoneNumber or TargetArn parameters".
        raise invalid_parameter(
            "topicArn" if topic_arn is not None else "targetArn",
            "Invalid parameter: PhoneNumber Reason: only one of PhoneNumber, TopicArn and "
            "TargetArn can be given",
        )
    destination = read_destination(phone_number)
    if subject is not None and not _SUBJECT.fullmatch(subject):
        raise invalid_parameter("subject", "Invalid parameter: Subject")
    body = read_body(message, message_structure)
    if len(body) > _LONGEST:
        raise invalid_parameter("message", "Invalid parameter: Message too long")
    attributes = attributes_of_messages.read(message_attributes)
    draft = _find_draft(account, destination, body, attributes)
    parts = draft.parts.number if draft.parts else 1
    must_not_send_too_fast(account, "SMS", draft.origin.identity, parts, dry_run=False)

    return {"message_id": _accept(draft).id}


def read_body(message: str, message_structure: str | None) -> str:
    """Return the body of a text; of a structured message, the entry for SMS."""
    if not message:
        raise invalid_parameter("message", "Invalid parameter: Empty message")
    if message_structure != _STRUCTURED:
        # Observed: any other value has no effect.
        return message
    try:
        by_protocol = json.loads(message)
        # A lone surrogate is no text: it could not be written again.
        json.dumps(by_protocol, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        by_protocol = None
    if not isinstance(by_protocol, dict):
        raise invalid_parameter(
            "messageStructure",
            "Invalid parameter: Message Structure - JSON message body failed to parse",
        )
    # "Non-string values will cause the key to be ignored."
    texts = {name: text for name, text in by_protocol.items() if isinstance(text, str)}
    if "default" not in texts:
        raise invalid_parameter(
            "messageStructure",
            "Invalid parameter: Message Structure - No default entry in JSON message body",
        )
    return str(texts.get("sms", texts["default"]))


def text_subscriber(
    account: Account,
    phone_number: str,
    message: str,
    message_structure: str | None,
    message_attributes: Mapping[str, str],
) -> Message:
    """Send a text to a phone number that is subscribed to a topic."""
    destination = read_destination(phone_number)
    body = read_body(message, message_structure)
    attributes = attributes_of_messages.read_texts(message_attributes)
    return _accept(_find_draft(account, destination, body, attributes))


# Drafts.


def _find_draft(
    account: Account, destination: Destination, body: str, attributes: TextAttributes
) -> Draft:
    message_type = attributes.message_type or account.sns_attributes.get(
        DEFAULT_MESSAGE_TYPE, MESSAGE_TYPES[0]
    )
    draft = find_draft(
        account,
        SNS_TEXT,
        destination_phone_number=destination.phone_number,
        origin=_find_origin(account, destination, attributes),
        max_price=attributes.max_price,
        body=body,
        parts=segment(body),
        destination_country_parameters=attributes.destination_country_parameters,
        api=SNS,
    )
    # The message type does not affect the choice of the number, and numbers send both types.
    return draft._replace(message_type=message_type.upper())


def _find_origin(account: Account, destination: Destination, attributes: TextAttributes) -> Origin:
    """Return the named number, the sender ID if the country supports it, or the best number.

    An account without numbers uses a shared one, so that tests need no setup; with
    `like_aws="strict"`, only in countries where AWS has shared numbers.
    """
    settings = account.settings
    request = IdentityRequest(
        account=account,
        channel=SNS_TEXT,
        destination=destination,
        # SNS developer guide: "If you are in the sandbox, you can start sending SMS messages to
        # verified destination phone numbers without setting additional resource policies."
        sns_needs_policies=settings.is_strict and settings.account_tier == "PRODUCTION",
    )
    if attributes.origination_number is not None:
        return _named(request, attributes.origination_number)
    sender_id = attributes.sender_id or account.sns_attributes.get(DEFAULT_SENDER_ID)
    origin = sender_id and from_sender_id(request._replace(default_sender_id=sender_id))
    if origin:
        return origin
    if len(account.phone_numbers) or settings.is_strict:
        return choose(request)
    return choose(request, Origin(shared_short_code(destination.phone_number)))


def _named(request: IdentityRequest, origination_number: str) -> Origin:
    """Find a number of the account; without it, there is no origin."""
    try:
        named = find_named(request, origination_number)
    except ApiError:
        return Origin("")
    if not isinstance(named, PhoneNumber) or (
        request.sns_needs_policies and not lets_sns_send(named)
    ):
        return Origin("")
    return Origin(sender_of(named), named)


# Delivery.


def _destination_has_not_opted_out_of_all(draft: Draft) -> None:
    """The number must not be on the account's default list, in addition to the number's list."""
    without_a_number = draft._replace(origin=Origin(draft.origin.sender))
    checks.destination_has_not_opted_out(without_a_number)


# "MaxPrice has no effect if your month-to-date costs have already exceeded" the spend limit.
_CHECKS: Final[tuple[Check, ...]] = (
    checks.country_is_served,
    checks.destination_is_verified,
    checks.origin_is_active,
    checks.origin_was_found,
    checks.origin_has_the_capability,
    checks.origin_can_send_there,
    _destination_has_not_opted_out_of_all,
    checks.destination_has_not_opted_out,
    checks.protection_allows_it,
    checks.spend_limit_leaves_room,
    checks.price_is_acceptable,
)

_NO_ORIGIN: Final = "No origination identity available to send to destination number"
_BY_REASON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DESTINATION_COUNTRY_BLOCKED": "Destination is on a blocked list",
        "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION": "Destination is on a blocked list",
        "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE": "Phone is on a blocked list",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED": "Sandboxed account unable to send to number.",
        "DESTINATION_PHONE_NUMBER_OPTED_OUT": "Phone number is opted out",
        "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT": "No quota left for account",
        "PRICE_OVER_THRESHOLD": "This delivery would exceed max price",
    }
)


def _accept(draft: Draft) -> Message:
    """Keep a text and begin its delivery; a text that is not delivered costs nothing."""
    account = draft.account
    failure = _why_not_delivered(draft)
    if failure is not None:
        members: ChannelMembers = {**draft.channel_members, "failure": failure}
        draft = draft._replace(unit_price=Decimal(0), price=Decimal(0), channel_members=members)
    return accept(draft, account.random_source.uuid())


def _why_not_delivered(draft: Draft) -> str | None:
    for check in _CHECKS:
        try:
            check(draft)
        except ApiError as error:
            # A number without the capability counts as a missing origin.
            return _BY_REASON.get(error.reason or "", _NO_ORIGIN)
    return None
