"""What tests of protect configurations share."""

import pytest


@pytest.fixture
def make(sms, account):
    """Make a protect configuration."""

    def create(**asked):
        made = sms.create_protect_configuration(**asked)
        return account.protect_configurations[made["ProtectConfigurationId"]]

    return create


@pytest.fixture
def configuration(make):
    """A protect configuration."""
    return make()


@pytest.fixture
def configuration_set(sms, account):
    """A configuration set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


@pytest.fixture
def associate(sms):
    """Associate a protect configuration with a configuration set."""

    def call(configuration, name="news"):
        return sms.associate_protect_configuration(
            ProtectConfigurationId=configuration.id, ConfigurationSetName=name
        )

    return call
