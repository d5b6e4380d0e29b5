"""`outcomes`: lists what is to become of messages, adds to it, clears it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_and_print,
    add_formats,
    clear,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import (
    add_account,
    add_client_command,
    add_json,
    add_subcommands,
)

_PATH = "/_emulator/outcomes"
_MEMBERS = ("event", "recipient", "times", "account_id", "region")
_TITLES = ("ID", "EVENT", "RECIPIENT", "TIMES", "ACCOUNT", "REGION")


def add_outcomes(commands: Any) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "outcomes",
        "list, add or clear outcomes: how the delivery of messages ends",
        _list,
        examples="outcomes\noutcomes add TEXT_BLOCKED --recipient +14255550100\noutcomes clear",
    )
    add_formats(group)
    subcommands = add_subcommands(group)
    add_formats(
        add_client_command(
            subcommands,
            "list",
            "list the outcomes that are to happen",
            _list,
            examples="outcomes list\noutcomes list --json",
            above=group,
        )
    )
    add = add_client_command(
        subcommands,
        "add",
        "choose how the delivery of messages ends, by its final event, and print the outcome's id",
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
        help="a number, a country such as CA, or a pattern such as +1425*; without it, everyone",
    )
    add.add_argument(
        "--times", type=int, metavar="N", help="for how many messages; without it, until cleared"
    )
    add_json(add)
    add_account(add)
    command = add_client_command(
        subcommands,
        "clear",
        "clear one outcome, or all of them",
        _clear,
        examples="outcomes clear\noutcomes clear outcome-1",
        above=group,
    )
    command.add_argument("id", nargs="?", metavar="ID", help="the outcome; without it, all")


def _list(arguments: argparse.Namespace) -> int:
    return print_list(arguments, _PATH, "outcomes", _TITLES, _row)


def _row(outcome: Mapping[str, Any]) -> Row:
    names = ("id", "event", "recipient", "times", "account_id", "region")
    return tuple(outcome[name] for name in names)


def _add(arguments: argparse.Namespace) -> int:
    return add_and_print(arguments, _PATH, _MEMBERS, "id")


def _clear(arguments: argparse.Namespace) -> int:
    return clear(arguments, _PATH)
