"""The rules of a protect configuration, which are one property of its type, by channel."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.resource_types import Attributes, Properties

_CAPABILITIES: Final = ("SMS", "VOICE", "MMS")
_ALLOW: Final = "ALLOW"


def set_rules(
    call: Caller, attributes: Attributes, before: Properties, properties: Properties
) -> None:
    """Set the rules that differ; countries that the template no longer has are allowed again."""
    for capability in _CAPABILITIES:
        former, wanted = _rules(before, capability), _rules(properties, capability)
        if former == wanted:
            continue
        current = _current(call, attributes, capability)
        wanted = dict.fromkeys(former, _ALLOW) | wanted
        updates = {
            country: {"ProtectStatus": status}
            for country, status in wanted.items()
            if current.get(country, _ALLOW) != status
        }
        if updates:
            call(
                "UpdateProtectConfigurationCountryRuleSet",
                ProtectConfigurationId=attributes["ProtectConfigurationId"],
                NumberCapability=capability,
                CountryRuleSetUpdates=updates,
            )


def read_rules(call: Caller, attributes: Attributes) -> Mapping[str, Any]:
    """Read the rules of all countries and channels."""
    rules = {
        capability: [
            {"CountryCode": country, "ProtectStatus": status}
            for country, status in _current(call, attributes, capability).items()
        ]
        for capability in _CAPABILITIES
    }
    return {"CountryRuleSet": rules}


def _rules(properties: Properties, capability: str) -> dict[str, str]:
    rules = properties.get("CountryRuleSet", {}).get(capability, [])
    return {each["CountryCode"]: each["ProtectStatus"] for each in rules}


def _current(call: Caller, attributes: Attributes, capability: str) -> dict[str, str]:
    answer = call(
        "GetProtectConfigurationCountryRuleSet",
        ProtectConfigurationId=attributes["ProtectConfigurationId"],
        NumberCapability=capability,
    )
    return {country: each["ProtectStatus"] for country, each in answer["CountryRuleSet"].items()}
