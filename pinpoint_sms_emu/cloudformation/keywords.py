"""The keywords of numbers and pools, which are two properties of their types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.caller import Caller, pages
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, Properties

_MANDATORY: Final = ("HELP", "STOP")
_PROPERTIES: Final = ("MandatoryKeywords", "OptionalKeywords")


def set_keywords(
    call: Caller, attributes: Attributes, before: Properties, properties: Properties
) -> None:
    """Put the keywords that differ, and delete those that the template no longer has."""
    if all(before.get(name) == properties.get(name) for name in _PROPERTIES):
        return
    identity = _identity(attributes)
    current = _current(call, identity)
    for word in sorted(_optional(before).keys() & current.keys() - _optional(properties).keys()):
        call("DeleteKeyword", OriginationIdentity=identity, Keyword=word)
    for word, members in _wanted(properties).items():
        if not members.items() <= current.get(word, {}).items():
            call("PutKeyword", OriginationIdentity=identity, Keyword=word, **members)


def read_keywords(call: Caller, attributes: Attributes) -> Mapping[str, Any]:
    """Read both properties."""
    current = _current(call, _identity(attributes))
    optional = [
        {"Keyword": word, "Message": each["KeywordMessage"], "Action": each["KeywordAction"]}
        for word, each in current.items()
        if word not in _MANDATORY
    ]
    mandatory = {word: {"Message": current[word]["KeywordMessage"]} for word in _MANDATORY}
    return {"MandatoryKeywords": mandatory} | ({"OptionalKeywords": optional} if optional else {})


def _identity(attributes: Attributes) -> str:
    found: str = attributes.get("PoolId") or attributes["PhoneNumberId"]
    return found


def _current(call: Caller, identity: str) -> dict[str, dict[str, str]]:
    found = pages(call, "DescribeKeywords", "Keywords", OriginationIdentity=identity)
    return {each["Keyword"]: each for each in found}


def _wanted(properties: Properties) -> dict[str, dict[str, str]]:
    # HELP and STOP keep their actions.
    mandatory = {
        word: {"KeywordMessage": each["Message"]}
        for word, each in properties.get("MandatoryKeywords", {}).items()
    }
    return mandatory | _optional(properties)


def _optional(properties: Properties) -> dict[str, dict[str, str]]:
    return {
        each["Keyword"].upper(): {
            "KeywordMessage": each["Message"],
            "KeywordAction": each["Action"],
        }
        for each in properties.get("OptionalKeywords", [])
    }
