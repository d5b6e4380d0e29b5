"""`faults`: lists, adds and clears errors and delays for API calls."""

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
    number,
    whole_number,
)

_PATH = "/_emulator/faults"
_MEMBERS = (
    "operation",
    "error",
    "reason",
    "times",
    "probability",
    "delay_seconds",
    "cut",
    "account_id",
    "region",
)
_TITLES = (
    "ID",
    "OPERATION",
    "ERROR",
    "REASON",
    "TIMES",
    "PROBABILITY",
    "DELAY",
    "CUT",
    "ACCOUNT",
    "REGION",
)


def add_faults(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "faults",
        "list, add or clear faults: errors, delays and cut connections on demand",
        _list,
        options=add_formats,
        examples="faults\nfaults add SendTextMessage --error ThrottlingException --times 2\n"
        "faults clear",
        list_explanation="list the active faults",
        list_examples="faults list\nfaults list --json",
    )
    add = add_client_command(
        subcommands,
        "add",
        "make calls of an operation fail, or delay or cut their answers, and print the fault's id",
        _add,
        examples="""faults add SendTextMessage --error ThrottlingException --times 2
faults add '*' --delay-seconds 3 --probability 0.1
faults add DescribePools --cut""",
        above=group,
    )
    add.add_argument(
        "operation", metavar="OPERATION", help="such as SendTextMessage; * means all operations"
    )
    add.add_argument("--error", metavar="ERROR", help="such as ThrottlingException")
    add.add_argument(
        "--reason", metavar="REASON", help="the Reason of the error, such as RESOURCE_NOT_ACTIVE"
    )
    add.add_argument(
        "--times",
        type=whole_number,
        metavar="N",
        help="how many calls it applies to (default: all until it is cleared)",
    )
    add.add_argument(
        "--probability", type=number, metavar="P", help="the probability, from 0 to 1 (default: 1)"
    )
    add.add_argument(
        "--delay-seconds",
        type=number,
        metavar="SECONDS",
        help="a delay before the answer, such as 0.5",
    )
    add.add_argument(
        "--cut", action="store_true", help="close the connection in the middle of the answer"
    )
    add_json(add)
    add_account(add)
    add_clear_command(subcommands, group, "fault", _PATH)


def _list(arguments: argparse.Namespace) -> int:
    return print_list(arguments, _PATH, "faults", _TITLES, _row)


def _row(fault: Mapping[str, Any]) -> Row:
    return (
        fault["id"],
        fault["operation"],
        fault["error"],
        fault["reason"],
        fault["times"],
        fault["probability"],
        f"{fault['delay_seconds']:g} s" if fault["delay_seconds"] else "",
        "yes" if fault["cut"] else "",
        fault["account_id"],
        fault["region"],
    )


def _add(arguments: argparse.Namespace) -> int:
    return add_and_print(arguments, _PATH, _MEMBERS, "id")
