"""What tests of event destinations share."""

import pytest

from tests.resources.event_destinations.calls import SINKS, SNS


@pytest.fixture
def configuration_set(sms, account):
    """An empty set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


@pytest.fixture
def create(sms, configuration_set):
    """Add a destination to the set; all but what is said otherwise is the same."""

    def make(name="events", **other):
        asked = {
            "ConfigurationSetName": configuration_set.name,
            "EventDestinationName": name,
            "MatchingEventTypes": ["ALL"],
        }
        sink = {} if other.keys() & SINKS else {"SnsDestination": SNS}
        return sms.create_event_destination(**(asked | sink | other))

    return make


@pytest.fixture
def update(sms, configuration_set):
    """Update a destination of the set."""

    def change(name="events", **changes):
        return sms.update_event_destination(
            ConfigurationSetName=configuration_set.name, EventDestinationName=name, **changes
        )

    return change


@pytest.fixture
def destination(create, configuration_set):
    """A topic that gets everything."""
    create()
    return configuration_set.event_destinations["events"]


@pytest.fixture
def shown(sms):
    """The destinations that the set shows."""

    def describe():
        (found,) = sms.describe_configuration_sets()["ConfigurationSets"]
        return found["EventDestinations"]

    return describe
