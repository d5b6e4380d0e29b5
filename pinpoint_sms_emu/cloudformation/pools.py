"""The identities of a pool, which are one property of its type: a list of ARNs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation import keywords
from pinpoint_sms_emu.cloudformation.caller import Caller, pages
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, Properties

_NUMBER: Final = ":phone-number/"
# The identities whose settings a new pool gets.
_ANSWERING: Final = (_NUMBER, ":rcs-agent/")


def first_identity(call: Caller, properties: Properties) -> Mapping[str, Any]:
    """Choose the identity to create a pool with: a number, if there is one, for its settings."""
    arns = properties["OriginationIdentities"]
    arn = next((each for kind in _ANSWERING for each in arns if kind in each), arns[0])
    number = _number(call, arn)
    message_type = number["MessageType"] if number else "TRANSACTIONAL"
    return {"MessageType": message_type, **_named(arn, number)}


def set_identities(
    call: Caller, attributes: Attributes, before: Properties, properties: Properties
) -> None:
    """Associate the missing identities, then disassociate the others."""
    wanted = properties["OriginationIdentities"]
    if before.get("OriginationIdentities") == wanted:
        return
    current = _members(call, attributes)
    for arn in wanted:
        if arn not in current:
            named = _named(arn, _number(call, arn))
            call("AssociateOriginationIdentity", PoolId=attributes["PoolId"], **named)
    _leave(call, attributes, [arn for arn in current if arn not in wanted])


def leave_identities(call: Caller, attributes: Attributes) -> None:
    """Disassociate all identities except the last number, which leaves with the pool."""
    arns = _members(call, attributes)
    numbers = [arn for arn in arns if _is_number(arn)]
    last = (numbers or arns)[-1:]
    _leave(call, attributes, [arn for arn in arns if arn not in last])


def read(call: Caller, attributes: Attributes) -> Mapping[str, Any]:
    """Read the identities, and the keywords."""
    identities = _members(call, attributes)
    return {"OriginationIdentities": identities, **keywords.read_keywords(call, attributes)}


def _members(call: Caller, attributes: Attributes) -> list[str]:
    operation = "ListPoolOriginationIdentities"
    found = pages(call, operation, "OriginationIdentities", PoolId=attributes["PoolId"])
    return [each["OriginationIdentityArn"] for each in found]


def _leave(call: Caller, attributes: Attributes, arns: list[str]) -> None:
    for arn in arns:
        operation = "DisassociateOriginationIdentity"
        call(operation, PoolId=attributes["PoolId"], **_named(arn, None))


def _number(call: Caller, arn: str) -> Mapping[str, Any] | None:
    """Describe an identity if it is a phone number, from which the pool inherits settings."""
    if not _is_number(arn):
        return None
    found: list[dict[str, Any]] = call("DescribePhoneNumbers", PhoneNumberIds=[arn])["PhoneNumbers"]
    return found[0]


def _is_number(arn: str) -> bool:
    return _NUMBER in arn


def _named(arn: str, number: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the members that name an identity; an older model also requires the country."""
    named = {"OriginationIdentity": arn}
    if number:
        return {**named, "IsoCountryCode": number["IsoCountryCode"]}
    # The last part of a sender ID's ARN is its country.
    return {**named, "IsoCountryCode": arn[-2:]} if ":sender-id/" in arn else named
