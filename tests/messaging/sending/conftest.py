"""What the tests of sending have in common."""

import pytest


@pytest.fixture
def event_types_of(emulator):
    """The types of the events of a message, and whether each is final."""

    def of(message):
        emulator.messages  # noqa: B018  lets happen what is due
        return [(each["eventType"], each["isFinal"]) for each in message.events]

    return of


@pytest.fixture
def mixed(sms, agent, pool):
    """A pool of a number and an agent."""
    sms.associate_origination_identity(
        PoolId=pool.id, OriginationIdentity=agent.id, IsoCountryCode="US"
    )
    return pool
