"""Fixtures for everyone's tests; costs a test run that does not use them nothing.

Nothing of ours is imported before a fixture is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pinpoint_sms_emu.doors.server import Server
    from pinpoint_sms_emu.emulator import Emulator

ENDPOINT_VARIABLE = "AWS_ENDPOINT_URL_PINPOINT_SMS_VOICE_V2"


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line(
        "markers", "pinpoint_sms(**settings): settings of the emulator that this test uses"
    )


def _settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """What the markers say, the one closest to the test first."""
    settings: dict[str, Any] = {}
    for mark in request.node.iter_markers("pinpoint_sms"):
        settings = mark.kwargs | settings
    return settings


@pytest.fixture
def pinpoint_sms(request: pytest.FixtureRequest) -> Iterator[Emulator]:
    """An emulator that answers every call of the service in this process, fresh for each test."""
    from pinpoint_sms_emu.doors.in_process import mock_sms  # noqa: PLC0415 loading the plugin loads nothing

    with mock_sms(**_settings(request)) as emulator:
        yield emulator


@pytest.fixture(scope="session")
def _pinpoint_sms_server() -> Iterator[Server]:
    from pinpoint_sms_emu.doors.server import Server  # noqa: PLC0415
    from pinpoint_sms_emu.emulator import Emulator  # noqa: PLC0415

    with Server(Emulator()) as server:
        yield server


@pytest.fixture
def pinpoint_sms_server(
    request: pytest.FixtureRequest, _pinpoint_sms_server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """An emulator behind HTTP, one a session and reset for each test; clients find it by itself.

    A crash inside it fails the test that hit it.
    """
    emulator = _pinpoint_sms_server.emulator
    emulator.reset(**({"seed": None} | _settings(request)))
    monkeypatch.setenv(ENDPOINT_VARIABLE, _pinpoint_sms_server.url)
    yield _pinpoint_sms_server
    # Nothing is sent when the test is over, and with it what it has put in AWS's place.
    emulator.post.stop()
    if emulator.crashes:
        raise emulator.crashes[0]
