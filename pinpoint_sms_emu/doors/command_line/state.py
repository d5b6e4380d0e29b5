"""`state`: saves the whole state to a file, and loads it."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import BinaryIO

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_client_command,
    add_command,
    add_subcommands,
    connect,
    print_help,
)
from pinpoint_sms_emu.doors.command_line.whole_files import write_file
from pinpoint_sms_emu.setting_files import MIB, read_at_most
from pinpoint_sms_emu.wire.json_text import why_not_json

_PATH = "/_emulator/state"
# The server takes no larger one.
LARGEST_STATE = 1024 * MIB


def add_state(commands: Commands) -> None:
    """Declare the command."""
    group = add_command(
        commands,
        "state",
        "save the whole state to a file, or load it",
        print_help,
        examples="state save before.json\nstate load before.json",
    )
    subcommands = add_subcommands(group)
    save = add_client_command(
        subcommands,
        "save",
        "save the whole state to a file",
        _save,
        examples="state save before.json\nstate save -",
    )
    save.add_argument("file", type=Path, metavar="FILE", help="the file; - is standard output")
    load = add_client_command(
        subcommands,
        "load",
        "replace the whole state with the state in a file",
        _load,
        examples="state load before.json\nstate load -",
    )
    load.add_argument("file", type=Path, metavar="FILE", help="the file; - is standard input")


def _save(arguments: argparse.Namespace) -> int:
    text = output.to_json(connect(arguments).get(_PATH), indent=None) + "\n"
    if str(arguments.file) == "-":
        output.print_file(text)
    else:
        write_file(arguments.file, text.encode())
    return DONE


def _load(arguments: argparse.Namespace) -> int:
    try:
        document = json.loads(_read(arguments.file))
    except EOFError as error:
        raise OSError(f"{arguments.file} does not contain a state: {error}") from error
    except (ValueError, RecursionError) as error:
        raise OSError(
            f"{arguments.file} does not contain a state: {why_not_json(error)}"
        ) from error
    if not isinstance(document, dict):
        raise OSError(f"{arguments.file} does not contain a state: it is not a JSON object")
    connect(arguments).put(_PATH, document)
    return DONE


def _read(file: Path) -> bytes:
    if str(file) != "-":
        with file.open("rb") as opened:
            return read_at_most(LARGEST_STATE, opened)
    if sys.stdin is None:
        raise OSError("there is no standard input")
    source: BinaryIO = sys.stdin.buffer
    return read_at_most(LARGEST_STATE, source)
