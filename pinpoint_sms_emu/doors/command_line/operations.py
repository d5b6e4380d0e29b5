"""`operations`: lists the operations of the service, and which are emulated."""

from __future__ import annotations

import argparse
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    add_client_command,
    add_json,
    add_subcommands,
    connect,
)


def add_operations(commands: Any) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "operations",
        "list the operations of the service, and whether they are emulated",
        _list,
        examples="operations\noperations --json",
    )
    add_json(group)
    add_json(
        add_client_command(
            add_subcommands(group),
            "list",
            "list the operations of the service, and whether they are emulated",
            _list,
            examples="operations list\noperations list --json",
            above=group,
        )
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
