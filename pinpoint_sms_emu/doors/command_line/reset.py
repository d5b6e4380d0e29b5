"""`reset`: resets the emulator to its state at the start."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line.parsing import DONE, Commands, add_client_command, connect


def add_reset(commands: Commands) -> None:
    """Declare the command."""
    add_client_command(
        commands,
        "reset",
        "reset the emulator to its state at the start, and apply the seed file again",
        _reset,
        examples="reset\nreset --url http://127.0.0.1:8000",
    )


def _reset(arguments: argparse.Namespace) -> int:
    connect(arguments).post("/_emulator/reset")
    return DONE
