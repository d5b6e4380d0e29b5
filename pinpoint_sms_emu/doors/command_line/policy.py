"""`policy`: prints the least-privilege IAM policy for the calls that the server recorded."""

from __future__ import annotations

import argparse

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_account,
    add_client_command,
    connect,
)

_FILTERS = ("account_id", "region", "access_key", "user_agent", "operation", "refused", "widen")


def add_policy(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "policy",
        "print the IAM policy that the recorded calls need",
        _policy,
        examples="policy\npolicy --user-agent checkout --widen",
    )
    add_account(command)
    command.add_argument("--access-key", metavar="KEY", help="only calls with this access key id")
    command.add_argument(
        "--user-agent", metavar="TEXT", help="only calls whose user agent contains this text"
    )
    command.add_argument(
        "--operation",
        metavar="OPERATION",
        help="only calls of this operation, such as SendTextMessage",
    )
    command.add_argument("--refused", action="store_const", const="true", help="only refused calls")
    command.add_argument(
        "--widen",
        action="store_const",
        const="true",
        help="name no resource, but patterns such as pool/*",
    )


def _policy(arguments: argparse.Namespace) -> int:
    query = {name: getattr(arguments, name) for name in _FILTERS}
    output.print_json(connect(arguments).get("/_emulator/policy", **query))
    return DONE
