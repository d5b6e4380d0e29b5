"""`invitations`: accepts the invitation to test an RCS agent."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    WHOSE,
    Commands,
    add_account,
    add_client_command,
    add_json,
    connect,
)


def add_invitations(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "invitations",
        "accept the invitation to test an RCS agent, as an end user",
        _accept,
        examples="invitations +14255550100\ninvitations vdn-0123456789abcdef0123456789abcdef",
    )
    command.add_argument(
        "tester", metavar="NUMBER", help="the tester's number, or the id of the verified number"
    )
    command.add_argument(
        "--rcs-agent-id", metavar="ID", help="which agent, if the number tests several"
    )
    add_account(command, WHOSE)
    add_json(command)


def _accept(arguments: argparse.Namespace) -> int:
    names = ("rcs_agent_id", "account_id", "region")
    members = {name: getattr(arguments, name) for name in names}
    is_id = not arguments.tester.lstrip("+").isdecimal()
    member = "verified_destination_number_id" if is_id else "destination_phone_number"
    accepted = connect(arguments).post(
        "/_emulator/invitations", **members, **{member: arguments.tester}
    )
    if arguments.json:
        output.print_json(accepted)
    else:
        print(f"{accepted['destination_phone_number']} tests {accepted['rcs_agent_id']}")
    return DONE
