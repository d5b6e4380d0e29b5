"""`operations`: lists the operations of the service, and whether each is emulated."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import add_list_command
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_json,
    connect,
)


def add_operations(commands: Commands) -> None:
    """Declare the command."""
    add_list_command(
        commands,
        "operations",
        "list the operations of the service, and whether each is emulated",
        _list,
        options=add_json,
        examples="operations\noperations --json",
        list_examples="operations list\noperations list --json",
    )


def _list(arguments: argparse.Namespace) -> int:
    answer = connect(arguments).get("/_emulator/operations")
    if arguments.json:
        output.print_json(answer)
        return DONE
    for operation in answer["operations"]:
        print(f"{'yes' if operation['emulated'] else 'no ':<4} {operation['name']}")
    print(f"{answer['emulated']} of {answer['total']} operations are emulated.")
    return DONE
