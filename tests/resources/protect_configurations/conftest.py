"""Fixtures of the tests of protect configurations."""

from typing import Any

import pytest


@pytest.fixture
def make(sms: Any, account: Any) -> Any:
    """Create a protect configuration."""

    def create(**members: Any) -> Any:
        made = sms.create_protect_configuration(**members)
        return account.protect_configurations[made["ProtectConfigurationId"]]

    return create


@pytest.fixture
def configuration(make: Any) -> Any:
    """A protect configuration."""
    return make()


@pytest.fixture
def configuration_set(sms: Any, account: Any) -> Any:
    """A configuration set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


@pytest.fixture
def associate(sms: Any) -> Any:
    """Associate a protect configuration with a configuration set."""

    def call(configuration: Any, name: Any = "news") -> Any:
        return sms.associate_protect_configuration(
            ProtectConfigurationId=configuration.id, ConfigurationSetName=name
        )

    return call
