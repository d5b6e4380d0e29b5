"""`clock`: shows the emulator's time, moves it forward, freezes it, or resumes it."""

from __future__ import annotations

import argparse
import re
from typing import Any

from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    Commands,
    add_client_command,
    add_json,
    add_subcommands,
    connect,
)

_PATH = "/_emulator/clock"
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile(r"(?:\d+(?:\.\d+)?[dhms])+")


def add_clock(commands: Commands) -> None:
    """Declare the command."""
    group = add_client_command(
        commands,
        "clock",
        "show the emulator's time, move it forward, freeze it or resume it",
        _show,
        examples="clock\nclock advance 25h\nclock freeze\nclock resume",
    )
    add_json(group)
    subcommands = add_subcommands(group)
    show = add_client_command(
        subcommands,
        "show",
        "show the time",
        _show,
        examples="clock show\nclock show --json",
        above=group,
    )
    advance = add_client_command(
        subcommands,
        "advance",
        "move the time forward, and run everything that becomes due",
        _advance,
        examples="clock advance 25h\nclock advance 1d12h\nclock advance 90s",
        above=group,
    )
    advance.add_argument(
        "seconds", type=_duration, metavar="DURATION", help="such as 90s, 15m, 25h, 30d or 1h30m"
    )
    freeze = add_client_command(
        subcommands,
        "freeze",
        "freeze the time, now or at a later time",
        _freeze,
        examples="clock freeze\nclock freeze 2031-01-31T12:00:00Z",
        above=group,
    )
    freeze.add_argument(
        "moment",
        nargs="?",
        default="now",
        metavar="TIME",
        help="such as 2031-01-31T12:00:00Z (default: now)",
    )
    resume = add_client_command(
        subcommands,
        "resume",
        "return to the system's time",
        _resume,
        examples="clock resume",
        above=group,
    )
    for command in (show, advance, freeze, resume):
        add_json(command)


def _show(arguments: argparse.Namespace) -> int:
    return _print(arguments, connect(arguments).get(_PATH))


def _advance(arguments: argparse.Namespace) -> int:
    return _print(arguments, connect(arguments).post(_PATH, advance_seconds=arguments.seconds))


def _freeze(arguments: argparse.Namespace) -> int:
    return _print(arguments, connect(arguments).post(_PATH, freeze_at=arguments.moment))


def _resume(arguments: argparse.Namespace) -> int:
    return _print(arguments, connect(arguments).post(_PATH, resume=True))


def _print(arguments: argparse.Namespace, clock: dict[str, Any]) -> int:
    if arguments.json:
        output.print_json(clock)
        return DONE
    offset = round(clock["offset_seconds"])
    state = "frozen" if clock["frozen"] else "running"
    distance = f", {_spelled(offset)} {'ahead of' if offset > 0 else 'behind'} the system's time"
    print(f"{clock['now']} ({state}{distance if offset else ''})")
    return DONE


def _spelled(seconds: int) -> str:
    """Spell a duration as `advance` takes it, such as 1d2h."""
    spelled, rest = "", abs(seconds)
    for unit, length in _UNITS.items():
        count, rest = divmod(rest, length)
        spelled += f"{count}{unit}" if count else ""
    return spelled


def _duration(text: str) -> float:
    """Parse a duration: a number of seconds, or numbers with units."""
    text = f"{text}s" if text[-1:].isdigit() else text
    if not _DURATION.fullmatch(text):
        raise argparse.ArgumentTypeError(f"must be a duration such as 90s or 1h30m, not {text!r}")
    parts = re.findall(r"([\d.]+)([dhms])", text)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)
