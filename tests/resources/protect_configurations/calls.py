"""Calls and values for the tests of protect configurations."""

from typing import Any

import pytest

CAPABILITIES = ["SMS", "VOICE", "MMS", pytest.param("RCS", marks=pytest.mark.since("1.44.5"))]


# botocore has number overrides since 1.36.
OVERRIDES = pytest.mark.since("1.36")


UNKNOWN = "protect-00000000000000000000000000000000"


SEATTLE = "+14255550100"


def described(sms: Any, *members: str, **filters: Any) -> Any:
    """Describe the named or matching configurations."""
    answer = sms.describe_protect_configurations(
        ProtectConfigurationIds=list(members),
        Filters=[{"Name": name.replace("_", "-"), "Values": v} for name, v in filters.items()],
    )
    return answer["ProtectConfigurations"]


def rules(sms: Any, configuration: Any, capability: Any = "SMS") -> Any:
    """The status of every country."""
    answer = sms.get_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id, NumberCapability=capability
    )
    return {code: rule["ProtectStatus"] for code, rule in answer["CountryRuleSet"].items()}


def set_rules(sms: Any, configuration: Any, capability: Any = "SMS", **statuses: Any) -> Any:
    """Set rules."""
    return sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id,
        NumberCapability=capability,
        CountryRuleSetUpdates={code: {"ProtectStatus": each} for code, each in statuses.items()},
    )


def content(answer: Any) -> Any:
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}
