"""`resources`: lists what accounts have."""

from __future__ import annotations

import argparse
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Parser,
    add_account,
    add_client_command,
    add_json,
    add_subcommands,
    connect,
)
from pinpoint_sms_emu.errors import nearest, quoted

_TITLES = ("KIND", "ID", "STATUS", "ACCOUNT", "REGION")


def add_resources(commands: Any) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "resources",
        "list the resources of all accounts, or of one",
        _list,
        examples="resources\nresources --kind pool\nresources --json",
    )
    _add_options(group)
    _add_options(
        add_client_command(
            add_subcommands(group),
            "list",
            "list the resources of all accounts, or of one",
            _list,
            examples="resources list --region eu-west-1",
            above=group,
        )
    )


def _add_options(command: Parser) -> None:
    command.add_argument("--kind", metavar="KIND", help="only of this kind, such as pool")
    add_account(command)
    add_json(command)


def _list(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    answer = connect(arguments).get("/_emulator/resources", **place)
    if arguments.json:
        output.print_json(answer)
        return DONE
    kinds = {kind for account in answer["accounts"] for kind in account["resources"]}
    if kinds and arguments.kind not in (None, *kinds):
        meant = nearest(arguments.kind, kinds)
        raise ValueError(f"there is no kind {quoted(arguments.kind)}; {meant}")
    rows = [
        (kind, each["id"], each.get("status"), account["account_id"], account["region"])
        for account in answer["accounts"]
        for kind, resources in account["resources"].items()
        for each in resources
        if arguments.kind in (None, kind)
    ]
    print_table(_TITLES, rows, "resources")
    return DONE
