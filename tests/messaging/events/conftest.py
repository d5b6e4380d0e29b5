"""Fixtures of the tests of sinks: receivers of records, and senders of messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from moto import mock_aws

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.events import dispatcher
from tests.messaging.endpoints import FlakyReceiver, moto_server, reset_all
from tests.messaging.people import US
from tests.messaging.receivers import Receivers


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    """A moto that is another process."""
    with moto_server() as url:
        yield url


@pytest.fixture(params=["in process", "as a server"])
def aws(
    request: pytest.FixtureRequest, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receivers]:
    """Moto, and an emulator that publishes to it, with time for a busy machine."""
    monkeypatch.setattr(dispatcher, "SECONDS_IN_PROCESS", 30)
    if request.param == "in process":
        with mock_aws():
            emulator.reset(seed=7, events_endpoint_url="aws")
            yield Receivers()
            engine_of(emulator).dispatcher.stop()
    else:
        url = request.getfixturevalue("moto_url")
        reset_all(url)
        emulator.reset(seed=7, events_endpoint_url=url)
        yield Receivers(url)


@pytest.fixture
def flaky(emulator: Emulator) -> Iterator[FlakyReceiver]:
    """An endpoint with configurable failures, and an emulator that publishes to it."""
    with FlakyReceiver() as endpoint:
        emulator.reset(seed=7, events_endpoint_url=endpoint.url)
        yield endpoint
        engine_of(emulator).dispatcher.stop()


@pytest.fixture
def in_process(emulator: Emulator, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are delivered by the call itself, even over HTTP, and not by a server's thread."""
    del url
    monkeypatch.setattr(engine_of(emulator), "tick", lambda: None)
    engine_of(emulator).servers = 0


@pytest.fixture
def settle(emulator: Emulator) -> Callable[[], object]:
    """In process all is done when a call returns; a server needs a moment."""
    return lambda: emulator.flush() if engine_of(emulator).servers else None


@pytest.fixture
def add(sms: Any) -> Callable[..., None]:
    """Add a destination to a configuration set, which is made when it is missing."""

    def add_destination(
        configuration_set: str = "campaign", name: str = "receipts", **sink: Any
    ) -> None:
        if not sms.describe_configuration_sets()["ConfigurationSets"]:
            sms.create_configuration_set(ConfigurationSetName=configuration_set)
        sms.create_event_destination(
            ConfigurationSetName=configuration_set,
            EventDestinationName=name,
            MatchingEventTypes=["ALL"],
            **sink,
        )

    return add_destination


@pytest.fixture
def send(sms: Any, emulator: Emulator) -> Callable[..., str]:
    """Send a text from a new number, with the configuration set."""

    def call(**members: Any) -> str:
        if (
            not engine_of(emulator)
            .account("123456789012", "us-east-1")
            .phone_numbers.by_number("12065550100")
        ):
            emulator.add_number("+12065550100")
        message_id: str = sms.send_text_message(
            **{
                "DestinationPhoneNumber": US,
                "MessageBody": "Hello",
                "ConfigurationSetName": "campaign",
                **members,
            }
        )["MessageId"]
        return message_id

    return call


@pytest.fixture
def seen(emulator: Emulator) -> Callable[..., list[tuple[str, int]]]:
    """How far the records have come on their way to a destination."""

    def of(name: str = "receipts") -> list[tuple[str, int]]:
        return [
            (each.status, each.attempts)
            for event in emulator.events
            for each in event.destinations
            if each.name == name
        ]

    return of
