"""`messages`: lists, shows, follows and clears messages."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import add_formats, add_list_command, follow
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    REFUSED,
    Commands,
    Parser,
    add_account,
    add_client_command,
    add_json,
    connect,
    whole_number,
)
from pinpoint_sms_emu.doors.command_line.whole_files import write_file
from pinpoint_sms_emu.messaging.message_queries import CHANNELS, DIRECTIONS, ORDERS
from pinpoint_sms_emu.wording import one_line

_PATH = "/_emulator/messages"

# The filters of the stream and of `clear`; lists have more options.
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
_TITLES = ("CREATED", "CHANNEL", "FROM", "TO", "STATUS", "ID", "BODY")
_WIDTHS = (23, 7, 12, 12, 9, 36)
# On a narrower terminal, a message takes two lines.
_ONE_LINE = sum(_WIDTHS) + 2 * len(_WIDTHS) + 30
# One day; the socket needs a timeout.
_LONGEST_WAIT = 86_400
_GOOD = ("DELIVERED", "RECEIVED", "SUCCESSFUL", "ANSWERED", "COMPLETED", "READ")
_ON_ITS_WAY = ("PENDING", "QUEUED", "SENT", "RINGING", "INITIATED")


def add_messages(commands: Commands) -> None:
    """Declare the command."""
    group, subcommands = add_list_command(
        commands,
        "messages",
        "list the messages that were sent and received, oldest first",
        _list,
        options=_add_list_options,
        examples="""messages --recipient +14255550100
messages --code --recipient +14255550100 --wait-seconds 5
messages --follow --direction outbound
messages --json --contains code --limit 10
messages clear --recipient +14255550100""",
        list_examples="messages list --order newest --limit 1\nmessages list --format csv",
        note="--json prints the document of GET /_emulator/messages; with --follow, one message "
        "per line.",
    )
    show = add_client_command(
        subcommands,
        "show",
        "show everything that one message has, and its events",
        _show,
        examples="messages show 5c6f0a1e-0000-0000-0000-000000000000",
        above=group,
    )
    show.add_argument("id", metavar="ID", help="the message")
    add_json(show)
    clear = add_client_command(
        subcommands,
        "clear",
        "delete one message, the matching messages, or all",
        _clear,
        examples="messages clear\nmessages clear --recipient +14255550100",
        above=group,
    )
    clear.add_argument(
        "id", nargs="?", metavar="ID", help="the message (default: all that match the options)"
    )
    media = add_client_command(
        subcommands,
        "media",
        "read a file of a message through s3_endpoint_url, and write it to a file",
        _media,
        examples="messages media 5c6f0a1e-0000-0000-0000-000000000000 --output picture.png",
        above=group,
    )
    media.add_argument("id", metavar="ID", help="the message")
    media.add_argument(
        "--file",
        metavar="S3_URL",
        help="which of its files, such as s3://shop/cat.png (default: the first)",
    )
    media.add_argument(
        "--output", type=Path, required=True, metavar="FILE", help="where to write it"
    )
    _add_filters(clear)


def _add_list_options(command: Parser) -> None:
    add_formats(command)
    command.add_argument(
        "--code",
        action="store_true",
        help="print only the one-time code of the latest message that has one",
    )
    command.add_argument(
        "--follow", action="store_true", help="also print new and changed messages, until stopped"
    )
    command.add_argument(
        "--wait-seconds",
        type=_seconds,
        metavar="SECONDS",
        help="how long to wait for a message if there is none, such as 5 (default: 0)",
    )
    command.add_argument("--order", choices=ORDERS, help="oldest first (default) or newest first")
    command.add_argument("--after", metavar="MESSAGE_ID", help="only messages after this one")
    command.add_argument(
        "--limit",
        type=whole_number,
        metavar="N",
        help="the maximum number of messages; 0 only counts",
    )
    _add_filters(command)


def _add_filters(command: Parser) -> None:
    command.add_argument(
        "--recipient", metavar="NUMBER", help="only to this number, such as +14255550100"
    )
    command.add_argument("--sender", metavar="NUMBER", help="only from this number or sender ID")
    command.add_argument("--channel", choices=CHANNELS, help="only of this channel")
    command.add_argument(
        "--direction", choices=DIRECTIONS, help="only sent (outbound) or received (inbound)"
    )
    command.add_argument("--contains", metavar="TEXT", help="only with this text in the body")
    command.add_argument(
        "--status", metavar="STATUS", help="only with this status, such as DELIVERED"
    )
    add_account(command)


def _seconds(text: str) -> float:
    """Parse a number of seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= _LONGEST_WAIT:
        raise argparse.ArgumentTypeError(
            f"must be a number of seconds from 0 to {_LONGEST_WAIT}, not {text!r}"
        )
    return seconds


def _clear(arguments: argparse.Namespace) -> int:
    filters = {name: getattr(arguments, name) for name in _FILTERS}
    path = _PATH if arguments.id is None else f"{_PATH}/{quote(arguments.id, safe='')}"
    connect(arguments).delete(path, **filters)
    return DONE


def _media(arguments: argparse.Namespace) -> int:
    path = f"{_PATH}/{quote(arguments.id, safe='')}/media"
    content = connect(arguments).get_bytes(path, url=arguments.file)
    write_file(arguments.output, content)
    return DONE


def _list(arguments: argparse.Namespace) -> int:
    _must_not_exclude_each_other(arguments)
    filters = {name: getattr(arguments, name) for name in _FILTERS}
    query = filters | {name: getattr(arguments, name) for name in ("order", "after", "limit")}
    if arguments.follow:
        return follow(
            arguments,
            _PATH,
            member="messages",
            key="message_id",
            write=_TableWriter(),
            **query,
        )
    client, wait = connect(arguments), arguments.wait_seconds
    if arguments.code:
        return _print_code(arguments, filters)
    if arguments.format:
        text = client.get_text(_PATH, **query, wait_seconds=wait, format=arguments.format)
        output.print_listing(text)
        return DONE
    answer = client.get(_PATH, **query, wait_seconds=wait)
    if arguments.json:
        output.print_json(answer)
    else:
        _print_messages(answer)
    return DONE


def _must_not_exclude_each_other(arguments: argparse.Namespace) -> None:
    """Refuse options that exclude each other."""
    for first, *others in (
        ("follow", "wait_seconds", "code", "order", "format"),
        ("code", "json", "format", "order", "after", "limit"),
        ("json", "format"),
    ):
        for other in others:
            if getattr(arguments, first) and getattr(arguments, other) not in (None, False):
                names = (f"--{name.replace('_', '-')}" for name in (first, other))
                raise ValueError("{} and {} exclude each other".format(*names))


def _print_code(arguments: argparse.Namespace, filters: Mapping[str, Any]) -> int:
    """Print the code of the latest message that has one."""
    found = connect(arguments).get(
        _PATH,
        **filters,
        has_code="true",
        order="newest",
        limit=1,
        wait_seconds=arguments.wait_seconds,
    )
    if not found["messages"]:
        print("No message with a code.", file=sys.stderr)
        return REFUSED
    print(one_line(found["messages"][0]["codes"][0]))
    return DONE


def _show(arguments: argparse.Namespace) -> int:
    """Print the members that have a value, one on each line, and then the events."""
    message = connect(arguments).get(f"{_PATH}/{quote(arguments.id, safe='')}")
    if arguments.json:
        output.print_json(message)
        return DONE
    events = message.pop("events")
    message["created"] = output.local_time(message["created"])
    for name, value in message.items():
        if value not in (None, [], {}):
            text = value if isinstance(value, str) else output.to_json(value, indent=None)
            print(f"{name + ':':32}{one_line(text)}")
    for event in events:
        facts = (event.get("eventType"), event.get("messageStatusDescription"))
        print(f"{'event:':32}{one_line(': '.join(filter(None, facts)))}")
    return DONE


class _TableWriter:
    """Prints messages as rows of a table, or on two lines each."""

    def __init__(self) -> None:
        self.table = output.Table(_TITLES, _WIDTHS)
        self.is_narrow = output.is_for_people() and output.terminal_width() < _ONE_LINE

    def __call__(self, messages: Sequence[Mapping[str, Any]]) -> None:
        if self.is_narrow:
            for message in messages:
                _print_on_two_lines(message)
            return
        self.table.print(map(_cells, messages), colour=_colours)


def _print_messages(answer: Mapping[str, Any]) -> None:
    messages = answer["messages"]
    if messages:
        _TableWriter()(messages)
    printed, total = len(messages), answer["total"]
    gone = answer["forgotten"]
    left = f"; {gone} more {'has' if gone == 1 else 'have'} been deleted" if gone else ""
    if not messages or printed < total or left:
        count = "No messages" if not total else f"{printed} of {total} messages"
        print(f"{count}{left}.", file=sys.stderr)


def _print_on_two_lines(message: Mapping[str, Any]) -> None:
    """Print a message on two lines, for narrow terminals."""
    created, channel, sender, recipient, status, message_id, body = map(one_line, _cells(message))
    output.print_coloured(
        status, _colour(status), f"  {created}  {channel}  {sender} > {recipient}"
    )
    output.print_cut(f"  {message_id}  {body}")


def _cells(message: Mapping[str, Any]) -> list[str]:
    names = ("channel", "sender", "recipient", "status", "message_id", "body")
    return [output.local_time(message["created"]), *(message[name] or "" for name in names)]


def _colours(cells: Sequence[object]) -> list[str | None]:
    return [None, None, None, None, _colour(cells[4]), None, None]


def _colour(status: object) -> str:
    if status in _GOOD:
        return output.GOOD
    return output.WAITING if status in _ON_ITS_WAY else output.BAD
