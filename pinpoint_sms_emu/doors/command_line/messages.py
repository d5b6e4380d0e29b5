"""`messages`: what was sent and received, as a table or as JSON, once or as it happens."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from pinpoint_sms_emu.doors.command_line import terminal
from pinpoint_sms_emu.doors.command_line.declaring import FINE, add_client_command, connect
from pinpoint_sms_emu.messaging.messages import CHANNELS, DIRECTIONS

# The query of GET /_emulator/messages that messages themselves must fit, which a stream takes too.
_FILTERS = (
    "recipient",
    "sender",
    "channel",
    "direction",
    "contains",
    "status",
    "account_id",
    "region",
)
_TITLES = ("CREATED", "CHANNEL", "FROM", "TO", "STATUS", "BODY")
_WIDTHS = (19, 7, 12, 12, 9)
# Nobody waits longer than a day, and a socket could not.
_LONGEST_WAIT = 86_400
_GOOD = ("DELIVERED", "RECEIVED", "SUCCESSFUL", "ANSWERED", "COMPLETED", "READ")
_ON_ITS_WAY = ("PENDING", "QUEUED", "SENT", "RINGING", "INITIATED")


def add_messages(commands: Any) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "messages",
        "show the messages that were sent and received, oldest first",
        show,
        examples="""messages --recipient +14255550100
messages --follow --direction outbound
messages --json --contains code --limit 10
messages --recipient +14255550100 --wait-seconds 5""",
        note="--json gives the document that GET /_emulator/messages answers; with --follow, "
        "one message a line.",
    )
    command.add_argument("--json", action="store_true", help="JSON instead of a table")
    patience = command.add_mutually_exclusive_group()
    patience.add_argument(
        "--follow", action="store_true", help="go on with each message, and each change, as it is"
    )
    patience.add_argument(
        "--wait-seconds", type=_seconds, metavar="SECONDS", help="wait for one, if there is none"
    )
    which = command.add_argument_group("which messages")
    which.add_argument("--recipient", metavar="NUMBER", help="to this number")
    which.add_argument("--sender", metavar="NUMBER", help="from this number or sender ID")
    which.add_argument("--channel", choices=CHANNELS, help="of this channel")
    which.add_argument("--direction", choices=DIRECTIONS, help="sent by, or to, an account")
    which.add_argument("--contains", metavar="TEXT", help="with this in the body")
    which.add_argument("--status", metavar="STATUS", help="with this status: DELIVERED")
    which.add_argument("--account-id", metavar="ID", help="of this account")
    which.add_argument("--region", metavar="REGION", help="of this Region")
    which.add_argument("--after", metavar="MESSAGE-ID", help="after this message")
    which.add_argument("--limit", type=int, metavar="N", help="so many at most")


def _seconds(text: str) -> float:
    """Read how long to wait; what is no number is below everything."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise argparse.ArgumentTypeError(
            f"must be a number of seconds from 0 to {_LONGEST_WAIT}, not {text!r}"
        )
    return seconds


def show(chosen: argparse.Namespace) -> int:
    """Show the messages that there are, and with --follow those to come."""
    client = connect(chosen)
    filters = {name: getattr(chosen, name) for name in _FILTERS}
    query = filters | {"after": chosen.after, "limit": chosen.limit}
    if not chosen.follow:
        patience = chosen.wait_seconds
        answer = client.get("/_emulator/messages", **query, wait_seconds=patience)
        if chosen.json:
            print(json.dumps(answer, ensure_ascii=False, indent=2))
        else:
            _print_table(answer)
        return FINE

    # The stream is opened first, so that nothing can happen unseen between the two.
    with client.stream("/_emulator/messages/stream", **filters) as events:
        known = {}
        for message in client.get("/_emulator/messages", **query)["messages"]:
            known[message["message_id"]] = message
        write = _as_lines_of_json if chosen.json else _AsTable()
        for message in known.values():
            write(message)
        for kind, data in events:
            if kind == "reset":
                known.clear()
                print("Everything is as at the start.", file=sys.stderr, flush=True)
            elif known.pop(data["message_id"], None) != data:
                write(data)
    raise OSError(f"the server at {client.url} has ended")


def _as_lines_of_json(message: dict[str, Any]) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


class _AsTable:
    """Writes one line after the other, its titles first."""

    def __init__(self) -> None:
        self.table = terminal.Table(_TITLES, _WIDTHS)
        print(self.table.head(), flush=True)

    def __call__(self, message: dict[str, Any]) -> None:
        print(_line(self.table, message), flush=True)


def _print_table(answer: dict[str, Any]) -> None:
    messages = answer["messages"]
    if messages:
        table = terminal.Table(_TITLES, _WIDTHS)
        for message in messages:
            table.measure(_cells(message))
        print(table.head())
        for message in messages:
            print(_line(table, message))
    shown, total = len(messages), answer["total"]
    forgotten = f"; {answer['forgotten']} more have been forgotten" if answer["forgotten"] else ""
    if not messages or shown < total or forgotten:
        count = "No messages" if not total else f"{shown} of {total} messages"
        print(f"{count}{forgotten}.", file=sys.stderr)


def _line(table: terminal.Table, message: dict[str, Any]) -> str:
    status = message["status"]
    colour = terminal.RED
    if status in _GOOD:
        colour = terminal.GREEN
    elif status in _ON_ITS_WAY:
        colour = terminal.YELLOW
    return table.line(_cells(message), [None, None, None, None, colour, None])


def _cells(message: dict[str, Any]) -> list[str]:
    created = message["created"][:19].replace("T", " ")
    names = ("channel", "sender", "recipient", "status", "body")
    return [created, *(terminal.harmless(message[name] or "") for name in names)]
