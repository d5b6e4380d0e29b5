"""`report`: adds up what sending has cost."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.listing import Row, add_formats, print_table
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    add_account,
    add_client_command,
    connect,
)

_PATH = "/_emulator/report"
_TITLES = ("DAY", "COUNTRY", "CHANNEL", "NUMBER TYPE", "MESSAGES", "PARTS", "PRICE (USD)")


def add_report(commands: Any) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "report",
        "show what sending has cost, by day, country, channel and type of number",
        _report,
        examples="report\nreport --account-id 123456789012 --format csv",
    )
    add_formats(command)
    add_account(command)


def _report(arguments: argparse.Namespace) -> int:
    place = {"account_id": arguments.account_id, "region": arguments.region}
    client = connect(arguments)
    if arguments.format:
        output.print_listing(client.get_text(_PATH, **place, format=arguments.format))
        return DONE
    report = client.get(_PATH, **place)
    if arguments.json:
        output.print_json(report)
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
