"""What commands with lists have in common: `list`, `clear`, tables, --json and --format."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    Parser,
    Run,
    add_client_command,
    add_json,
    add_subcommands,
    connect,
)

Row = Sequence[object]

# The parts of a list's query that a stream does not have.
_OF_LISTS_ONLY = ("order", "after", "limit")


def add_list_command(
    commands: Commands,
    name: str,
    explanation: str,
    run: Run,
    *,
    options: Callable[[Parser], object],
    examples: str,
    list_examples: str,
    list_explanation: str = "",
    note: str = "",
) -> tuple[Parser, Commands]:
    """Declare a command that lists, alone or as `list`; return it and its subcommands."""
    command = add_client_command(commands, name, explanation, run, examples=examples, note=note)
    subcommands = add_subcommands(command)
    list_command = add_client_command(
        subcommands,
        "list",
        list_explanation or explanation,
        run,
        examples=list_examples,
        above=command,
    )
    options(command)
    options(list_command)
    return command, subcommands


def add_clear_command(subcommands: Commands, above: Parser, noun: str, path: str) -> None:
    """Declare `clear`, which deletes one entry, or all."""
    command = add_client_command(
        subcommands,
        "clear",
        f"clear one {noun}, or all",
        partial(_clear, path),
        examples=f"{noun}s clear\n{noun}s clear {noun}-1",
        above=above,
    )
    command.add_argument("id", nargs="?", metavar="ID", help=f"the {noun} (default: all)")


def _clear(path: str, arguments: argparse.Namespace) -> int:
    if arguments.id is not None:
        path = f"{path}/{quote(arguments.id, safe='')}"
    connect(arguments).delete(path)
    return DONE


def add_formats(command: Parser) -> None:
    """Declare --json and --format, which exclude each other."""
    add_json(command)
    command.add_argument(
        "--format", choices=("csv", "jsonl"), help="print CSV, or one line of JSON per entry"
    )


def print_list(
    arguments: argparse.Namespace,
    path: str,
    name: str,
    titles: Sequence[str],
    row: Callable[[Mapping[str, Any]], Row],
    **query: Any,
) -> int:
    """Print the list of a route, as a table or with --json or --format."""
    answer = get_or_print(arguments, path, **query)
    if answer is not None:
        print_table(titles, [row(each) for each in answer[name]], name.replace("_", "-"))
    return DONE


def get_or_print(arguments: argparse.Namespace, path: str, **query: Any) -> Any:
    """Print a document if --json or --format is given, and return None; else return it."""
    if arguments.json and arguments.format:
        raise ValueError("--json and --format exclude each other")
    client = connect(arguments)
    if arguments.format:
        output.print_listing(client.get_text(path, **query, format=arguments.format))
        return None
    answer = client.get(path, **query)
    if arguments.json:
        output.print_json(answer)
        return None
    return answer


Write = Callable[[Sequence[Mapping[str, Any]]], None]


def follow(
    arguments: argparse.Namespace,
    path: str,
    *,
    member: str,
    key: str,
    write: Write,
    **query: Any,
) -> int:
    """Print the entries of a list, and then new and changed ones, until the server stops.

    `member` has the entries in the answer, and `key` is the member with the id of an entry.
    """
    client = connect(arguments)
    filters = {name: value for name, value in query.items() if name not in _OF_LISTS_ONLY}
    if arguments.json:
        write = _write_json
    # The stream is opened before the list is read, so that no entry is missed.
    with client.stream(f"{path}/stream", **filters) as events:
        listed = client.get(path, **query)[member]
        write(listed)
        known = {entry[key]: entry for entry in listed}
        for kind, data in events:
            if kind == "reset":
                known.clear()
                print("The emulator was reset.", file=sys.stderr, flush=True)
            elif known.pop(data[key], None) != data:
                write([data])
    raise OSError(f"the server at {client.url} has stopped")


def _write_json(entries: Iterable[Mapping[str, Any]]) -> None:
    for entry in entries:
        output.print_json(entry, indent=None)


def print_table(titles: Sequence[str], rows: Sequence[Row], name: str) -> None:
    """Print a table, or that the list is empty."""
    if rows:
        output.Table(titles).print(rows)
    else:
        print(f"No {name}.", file=sys.stderr)


def add_and_print(
    arguments: argparse.Namespace, path: str, members: Sequence[str], printed: str
) -> int:
    """Post the options, and print one member of the new entry, or all as JSON."""
    given = {name: getattr(arguments, name) for name in members}
    added = connect(arguments).post(path, **given)
    if arguments.json:
        output.print_json(added)
    else:
        print(added[printed])
    return DONE
