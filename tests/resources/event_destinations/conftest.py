"""Fixtures of the tests of event destinations."""

from typing import Any

import pytest

from tests.resources.event_destinations.calls import SINKS, SNS


@pytest.fixture
def configuration_set(sms: Any, account: Any) -> Any:
    """An empty set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


@pytest.fixture
def create(sms: Any, configuration_set: Any) -> Any:
    """Add a destination to the set; members override those of a usual one."""

    def make(name: Any = "events", **other: Any) -> Any:
        members = {
            "ConfigurationSetName": configuration_set.name,
            "EventDestinationName": name,
            "MatchingEventTypes": ["ALL"],
        }
        sink = {} if other.keys() & SINKS else {"SnsDestination": SNS}
        return sms.create_event_destination(**(members | sink | other))

    return make


@pytest.fixture
def update(sms: Any, configuration_set: Any) -> Any:
    """Update a destination of the set."""

    def change(name: Any = "events", **changes: Any) -> Any:
        return sms.update_event_destination(
            ConfigurationSetName=configuration_set.name, EventDestinationName=name, **changes
        )

    return change


@pytest.fixture
def destination(create: Any, configuration_set: Any) -> Any:
    """A topic that gets every event type."""
    create()
    return configuration_set.event_destinations["events"]


@pytest.fixture
def listed(sms: Any) -> Any:
    """The destinations that DescribeConfigurationSets shows."""

    def describe() -> Any:
        (found,) = sms.describe_configuration_sets()["ConfigurationSets"]
        return found["EventDestinations"]

    return describe
