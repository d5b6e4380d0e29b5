"""`events`: lists the event records, and where they went."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import Row, add_formats, print_list
from pinpoint_sms_emu.doors.command_line.parsing import (
    Parser,
    add_account,
    add_client_command,
    add_subcommands,
)

_TITLES = ("TIME", "EVENT", "MESSAGE", "DESTINATIONS")


def add_events(commands: Any) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "events",
        "list the event records of messages, oldest first, and where they went",
        _list,
        examples="events\nevents --message-id 16c54dd1-8338-45c3-a85c-5fcea888a450 --json",
    )
    _add_options(group)
    _add_options(
        add_client_command(
            add_subcommands(group),
            "list",
            "list the event records of messages, oldest first, and where they went",
            _list,
            examples="events list\nevents list --limit 10",
            above=group,
        )
    )


def _add_options(command: Parser) -> None:
    add_formats(command)
    command.add_argument("--message-id", metavar="MESSAGE_ID", help="of this message")
    add_account(command)
    command.add_argument("--limit", type=int, metavar="N", help="at most so many")


def _list(arguments: argparse.Namespace) -> int:
    names = ("message_id", "account_id", "region", "limit")
    query = {name: getattr(arguments, name) for name in names}
    return print_list(arguments, "/_emulator/events", "events", _TITLES, _row, **query)


def _row(event: Mapping[str, Any]) -> Row:
    record = event["record"]
    destinations = (f"{each['name']}: {each['status']}" for each in event["destinations"])
    return (
        _time(record),
        record.get("eventType"),
        event["message_id"],
        ", ".join(destinations),
    )


def _time(record: Mapping[str, Any]) -> str:
    """A record's time; AWS has milliseconds since 1970 in it."""
    milliseconds = record.get("eventTimestamp")
    if not isinstance(milliseconds, int):
        return ""
    return output.local_time(datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat())
