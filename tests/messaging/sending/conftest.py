"""Fixtures of the tests of sending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, Message


@pytest.fixture
def event_types_of(emulator: Emulator) -> Callable[[Message], list[tuple[str, bool]]]:
    """The types of the events of a message, and whether each is final."""

    def of(message: Message) -> list[tuple[str, bool]]:
        emulator.messages  # noqa: B018  lets happen what is due
        return [(each["eventType"], each["isFinal"]) for each in message.events]

    return of


@pytest.fixture
def mixed(sms: Any, agent: Any, pool: Any) -> Any:
    """A pool of a number and an agent."""
    sms.associate_origination_identity(
        PoolId=pool.id, OriginationIdentity=agent.id, IsoCountryCode="US"
    )
    return pool
