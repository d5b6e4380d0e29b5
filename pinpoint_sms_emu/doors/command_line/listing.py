"""What commands that list things have in common: tables, --json and --format."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import DONE, Parser, add_json, connect

Row = Sequence[object]


def add_formats(command: Parser) -> None:
    """Declare --json and --format, of which one can be given."""
    add_json(command)
    command.add_argument(
        "--format", choices=("csv", "jsonl"), help="print CSV, or JSON with one entry a line"
    )


def print_list(
    arguments: argparse.Namespace,
    path: str,
    name: str,
    titles: Sequence[str],
    row: Callable[[Mapping[str, Any]], Row],
    **query: Any,
) -> int:
    """Print what a route lists, in the format that was chosen; an empty list says so."""
    if arguments.json and arguments.format:
        raise ValueError("--json and --format exclude each other")
    client = connect(arguments)
    if arguments.format:
        output.print_listing(client.get_text(path, **query, format=arguments.format))
        return DONE
    answer = client.get(path, **query)
    if arguments.json:
        output.print_json(answer)
        return DONE
    print_table(titles, [row(each) for each in answer[name]], name)
    return DONE


def print_table(titles: Sequence[str], rows: Sequence[Row], name: str) -> None:
    """Print a table, or that there is nothing to list."""
    if rows:
        output.Table(titles).print(rows)
    else:
        print(f"No {name}.", file=sys.stderr)


def add_and_print(
    arguments: argparse.Namespace, path: str, members: Sequence[str], printed: str
) -> int:
    """Post what the options say, and print the new entry's id, or all of it as JSON."""
    given = {name: getattr(arguments, name) for name in members}
    added = connect(arguments).post(path, **given)
    if arguments.json:
        output.print_json(added)
    else:
        print(added[printed])
    return DONE


def clear(arguments: argparse.Namespace, path: str) -> int:
    """Delete one entry, or all."""
    if arguments.id is not None:
        path = f"{path}/{quote(arguments.id, safe='')}"
    connect(arguments).delete(path)
    return DONE
