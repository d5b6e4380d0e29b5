"""`outcomes`: lists, adds and clears the final events that are chosen for messages."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_and_print,
    add_clear_command,
    add_formats,
    add_list_command,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import (
    Commands,
    add_account,
    add_client_command,
    add_json,
    whole_number,
)

_PATH = "/_emulator/outcomes"
_MEMBERS = ("event", "recipient", "times", "account_id", "region")
_TITLES = ("ID", "EVENT", "RECIPIENT", "TIMES", "ACCOUNT", "REGION")


def add_outcomes(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "outcomes",
        "list, add or clear outcomes: the final events of messages",
        _list,
        options=add_formats,
        examples="outcomes\noutcomes add TEXT_BLOCKED --recipient +14255550100\noutcomes clear",
        list_explanation="list the active outcomes",
        list_examples="outcomes list\noutcomes list --json",
    )
    add = add_client_command(
        subcommands,
        "add",
        "choose the final event of messages, and print the outcome's id",
        _add,
        examples="""outcomes add TEXT_BLOCKED --recipient +14255550100
outcomes add TEXT_CARRIER_UNREACHABLE --recipient CA --times 1
outcomes add VOICE_NO_ANSWER""",
        above=group,
    )
    add.add_argument("event", metavar="EVENT", help="such as TEXT_BLOCKED or VOICE_BUSY")
    add.add_argument(
        "--recipient",
        metavar="RECIPIENT",
        help="a number, a country such as CA, or a pattern such as +1425* (default: all)",
    )
    add.add_argument(
        "--times",
        type=whole_number,
        metavar="N",
        help="how many messages it applies to (default: all until it is cleared)",
    )
    add_json(add)
    add_account(add)
    add_clear_command(subcommands, group, "outcome", _PATH)


def _list(arguments: argparse.Namespace) -> int:
    return print_list(arguments, _PATH, "outcomes", _TITLES, _row)


def _row(outcome: Mapping[str, Any]) -> Row:
    names = ("id", "event", "recipient", "times", "account_id", "region")
    return tuple(outcome[name] for name in names)


def _add(arguments: argparse.Namespace) -> int:
    return add_and_print(arguments, _PATH, _MEMBERS, "id")
