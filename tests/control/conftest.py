"""The control plane is tested over HTTP, with the emulator of the test behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.control.http import Control


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    """A server of the emulator."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def control(server: Server) -> Control:
    """Its control plane."""
    return Control(server.url)
