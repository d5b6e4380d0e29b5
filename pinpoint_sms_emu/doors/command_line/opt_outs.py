"""`opt-outs`: lists who has opted out, and what did it."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_formats,
    add_list_command,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import Commands, Parser, add_account

_TITLES = ("NUMBER", "LIST", "OPTED OUT", "BY MESSAGE", "BY CALL", "ACCOUNT", "REGION")
_FILTERS = ("recipient", "sender", "account_id", "region")


def add_opt_outs(commands: Commands) -> None:
    """Declare the command."""
    add_list_command(
        commands,
        "opt-outs",
        "list who has opted out, on which list, and by which message or call",
        _list,
        options=_add_list_options,
        examples="opt-outs\nopt-outs --recipient +14255550100 --json",
        list_examples="opt-outs list\nopt-outs list --sender +12065550100",
    )


def _add_list_options(command: Parser) -> None:
    add_formats(command)
    command.add_argument(
        "--recipient", metavar="NUMBER", help="only this number, such as +14255550100"
    )
    command.add_argument(
        "--sender",
        metavar="IDENTITY",
        help="only on the list that counts for this number, sender ID, pool or agent",
    )
    add_account(command)


def _list(arguments: argparse.Namespace) -> int:
    query = {name: getattr(arguments, name) for name in _FILTERS}
    return print_list(arguments, "/_emulator/opt-outs", "opt_outs", _TITLES, _row, **query)


def _row(opt_out: Mapping[str, Any]) -> Row:
    return (
        opt_out["opted_out_number"],
        opt_out["opt_out_list_name"],
        output.local_time(opt_out["opted_out_timestamp"]),
        opt_out["message_id"],
        opt_out["request_id"],
        opt_out["account_id"],
        opt_out["region"],
    )
