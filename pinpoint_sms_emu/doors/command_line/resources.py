"""`resources`: lists the resources of accounts."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import add_list_command, print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    Parser,
    add_account,
    add_json,
    connect,
)

_TITLES = ("KIND", "ID", "STATUS", "ACCOUNT", "REGION")


def add_resources(commands: Commands) -> None:
    """Declare the command."""
    add_list_command(
        commands,
        "resources",
        "list the resources of all accounts, or of one",
        _list,
        options=_add_options,
        examples="resources\nresources --kind pool\nresources --json",
        list_examples="resources list --region eu-west-1",
    )


def _add_options(command: Parser) -> None:
    command.add_argument("--kind", metavar="KIND", help="only resources of this kind, such as pool")
    add_account(command)
    add_json(command)


def _list(arguments: argparse.Namespace) -> int:
    query = {name: getattr(arguments, name) for name in ("account_id", "region", "kind")}
    answer = connect(arguments).get("/_emulator/resources", **query)
    if arguments.json:
        output.print_json(answer)
        return DONE
    rows = [
        (kind, each["id"], each.get("status"), account["account_id"], account["region"])
        for account in answer["accounts"]
        for kind, resources in account["resources"].items()
        for each in resources
    ]
    print_table(_TITLES, rows, "resources")
    return DONE
