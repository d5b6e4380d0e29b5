"""`events`: lists event records and their destinations."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import (
    Row,
    add_formats,
    add_list_command,
    print_list,
)
from pinpoint_sms_emu.doors.command_line.parsing import (
    Commands,
    Parser,
    add_account,
    whole_number,
)

_TITLES = ("TIME", "EVENT", "MESSAGE", "DESTINATIONS")


def add_events(commands: Commands) -> None:
    """Declare the command."""
    add_list_command(
        commands,
        "events",
        "list the event records of messages and their destinations, oldest first",
        _list,
        options=_add_options,
        examples="events\nevents --message-id 16c54dd1-8338-45c3-a85c-5fcea888a450 --json",
        list_examples="events list\nevents list --limit 10",
    )


def _add_options(command: Parser) -> None:
    add_formats(command)
    command.add_argument("--message-id", metavar="MESSAGE_ID", help="only records of this message")
    add_account(command)
    command.add_argument(
        "--limit",
        type=whole_number,
        metavar="N",
        help="the maximum number of records; 0 prints none",
    )


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
    """Return the time of a record, which AWS writes in milliseconds since 1970."""
    milliseconds = record.get("eventTimestamp")
    if not isinstance(milliseconds, int):
        return ""
    return output.local_time(datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat())
