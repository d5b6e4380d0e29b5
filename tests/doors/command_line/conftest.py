"""What tests of the command line share: a server, and a command that it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.doors.serving import run

NUMBER = "+12065550100"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with a number."""
    emulator = Emulator(seed=7)
    emulator.add_number(NUMBER)
    yield emulator
    emulator.close()


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    """Its server."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def command(server: Server) -> Callable[..., str]:
    """Run a command for the server; it must have ended well."""

    def command(*arguments: str, **variables: str) -> str:
        finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url, **variables)
        assert (finished.returncode, finished.stderr) == (0, "")
        return finished.stdout

    return command
