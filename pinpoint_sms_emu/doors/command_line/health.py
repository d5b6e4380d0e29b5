"""`health`: checks whether a server answers; also the container's health check."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_client_command,
    add_json,
    connect,
)
from pinpoint_sms_emu.wording import one_line


def add_health(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "health",
        "check whether the server answers; the exit status is 1 if it does not",
        _health,
        examples="health\nhealth --url http://127.0.0.1:8000",
    )
    add_json(command)


def _health(arguments: argparse.Namespace) -> int:
    client = connect(arguments)
    health = client.get("/_emulator/health")
    if not isinstance(health, dict) or "version" not in health:
        raise OSError(f"the server at {client.url} is not the emulator")
    if arguments.json:
        output.print_json(health)
    else:
        print(f"pinpoint-sms-emu {one_line(health['version'])} answers at {client.url}")
    return DONE
