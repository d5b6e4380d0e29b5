"""`report`: shows the cost of messages."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line.listing import Row, add_formats, get_or_print, print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_account,
    add_client_command,
)

_PATH = "/_emulator/report"
_TITLES = ("DAY", "COUNTRY", "CHANNEL", "NUMBER TYPE", "MESSAGES", "PARTS", "PRICE (USD)")


def add_report(commands: Commands) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "report",
        "show the cost of messages, by day, country, channel and number type",
        _report,
        examples="report\nreport --account-id 123456789012 --format csv",
    )
    add_formats(command)
    add_account(command)


def _report(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    report = get_or_print(arguments, _PATH, **place)
    if report is None:
        return DONE
    rows = [_row(each) for each in report["rows"]]
    if rows:
        rows.append(_row({"day": "total", **report["total"]}))
    print_table(_TITLES, rows, "messages sent")
    return DONE


def _row(row: Mapping[str, Any]) -> Row:
    return (
        row["day"],
        row.get("country"),
        row.get("channel"),
        row.get("number_type"),
        row["messages"],
        row["parts"],
        f"{row['price']:.5f}",
    )
