"""`inbound`: sends a message from an end user to a number of an account."""

from __future__ import annotations

import argparse
from typing import Any

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
from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wording import one_line, quoted

# Interactions with an RCS agent, instead of a text.
_INTERACTIONS = {
    "suggestion": 'tap a suggestion: {"text": "Yes", "postback_data": "yes:1"}',
    "location": 'share a location: {"latitude": 47.6, "longitude": -122.3}',
    "media": 'send a file: {"file_name": "cat.jpg"}',
}


def add_inbound(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "inbound",
        "send a message from an end user to a number of an account, and print the reply",
        _inbound,
        examples="""inbound --sender +14255550100 --recipient +12065550100 STOP
inbound --sender +14255550100 --recipient phone-0123456789abcdef "See you at 8" """,
    )
    command.add_argument(
        "--sender",
        required=True,
        metavar="NUMBER",
        help="the end user's number, such as +14255550100",
    )
    command.add_argument(
        "--recipient",
        required=True,
        metavar="NUMBER",
        help="a number of an account, or the id of a number or RCS agent",
    )
    add_account(command, WHOSE)
    add_json(command)
    command.add_argument(
        "body", nargs="?", metavar="BODY", help="the text, if it is not one of the options below"
    )
    for name, explanation in _INTERACTIONS.items():
        command.add_argument(
            f"--{name}", type=_json_object, metavar="JSON", help=f"for an RCS agent: {explanation}"
        )
    command.add_argument(
        "--typing",
        action="store_const",
        const=True,
        help="for an RCS agent: the end user begins to type",
    )
    command.add_argument(
        "--conversation-started",
        action="store_const",
        const=True,
        help="for an RCS agent: a session of conversational pricing begins",
    )


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json_text.decode_without_duplicates(text)
    except (ValueError, RecursionError) as error:
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {quoted(text)}") from error
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"must be a JSON object, not {quoted(text)}")
    return value


def _inbound(arguments: argparse.Namespace) -> int:
    names = ("sender", "recipient", "body", "account_id", "region", *_INTERACTIONS)
    members = {
        name: getattr(arguments, name) for name in (*names, "typing", "conversation_started")
    }
    received = connect(arguments).post("/_emulator/inbound", **members)
    if arguments.json:
        output.print_json(received)
        return DONE
    if received["keyword"]:
        action = received["action"] or "left to the application"
        print(f"Keyword:  {one_line(received['keyword'])} ({action})")
    print(f"Reply:    {one_line(received['reply']) if received['reply'] else 'none'}")
    print(f"Message:  {received['message_id']}")
    return DONE
