"""`inbound`, `reset`, `clock`, `state` and `operations`: what people and scripts steer with."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.doors.command_line.declaring import (
    FINE,
    WRONG_USAGE,
    add_client_command,
    add_command,
    connect,
    inherit,
)
from pinpoint_sms_emu.doors.command_line.terminal import harmless

# What a length of time is spelled with.
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_LENGTH = re.compile(r"(?:\d+(?:\.\d+)?[dhms])+")
_CLOCK = "/_emulator/clock"


# --- inbound -------------------------------------------------------------------------------------


def add_inbound(commands: Any) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "inbound",
        "let a person text one of the numbers, and show the answer",
        _inbound,
        examples="""inbound --sender +14255550100 --recipient +12065550100 STOP
inbound --sender +14255550100 --recipient phone-0123456789abcdef "See you at 8" """,
    )
    command.add_argument("--sender", required=True, metavar="NUMBER", help="who texts")
    command.add_argument(
        "--recipient", required=True, metavar="NUMBER", help="the number that gets it, or its id"
    )
    command.add_argument("--account-id", metavar="ID", help="whose number it is")
    command.add_argument("--region", metavar="REGION", help="in which Region it is")
    command.add_argument("--json", action="store_true", help="JSON instead of words")
    command.add_argument("body", nargs="?", metavar="BODY", help="what the person writes")
    for name, explanation in _INTERACTIONS.items():
        command.add_argument(
            f"--{name}", type=_json_object, metavar="JSON", help=f"to an RCS agent: {explanation}"
        )
    command.add_argument("--typing", action="store_const", const=True, help="begin to type")
    command.add_argument(
        "--conversation-started",
        action="store_const",
        const=True,
        help="a session of conversational pricing begins",
    )


# What people can send an RCS agent instead of a text, as JSON.
_INTERACTIONS = {
    "suggestion": 'tap one: {"text": "Yes", "postback_data": "yes:1"}',
    "location": 'share one: {"latitude": 47.6, "longitude": -122.3}',
    "media": 'send a file: {"file_name": "cat.jpg"}',
}


def _json_object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text:.80} is not JSON") from error
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f"{text:.80} is no JSON object")
    return value


def _inbound(chosen: argparse.Namespace) -> int:
    names = ("sender", "recipient", "body", "account_id", "region")
    members = {
        name: getattr(chosen, name)
        for name in (*names, *_INTERACTIONS, "typing", "conversation_started")
    }
    received = connect(chosen).post("/_emulator/inbound", **members)
    if chosen.json:
        print(json.dumps(received, ensure_ascii=False, indent=2))
        return FINE
    if received["keyword"]:
        done = received["action"] or "left to the application"
        print(f"Keyword:  {harmless(received['keyword'])} ({done})")
    print(f"Answer:   {harmless(received['reply']) if received['reply'] else 'none'}")
    print(f"Message:  {received['message_id']}")
    return FINE


# --- invitations ---------------------------------------------------------------------------------


def add_invitations(commands: Any) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "invitations",
        "let a person accept the invitation to test an RCS agent",
        _accept_invitation,
        examples="invitations +14255550100\ninvitations vdn-0123456789abcdef0123456789abcdef",
    )
    command.add_argument(
        "tester", metavar="NUMBER", help="the person's number, or the id of the verified number"
    )
    command.add_argument("--rcs-agent-id", metavar="ID", help="which agent has invited")
    command.add_argument("--account-id", metavar="ID", help="whose agent it is")
    command.add_argument("--region", metavar="REGION", help="in which Region it is")
    command.add_argument("--json", action="store_true", help="JSON instead of words")


def _accept_invitation(chosen: argparse.Namespace) -> int:
    names = ("rcs_agent_id", "account_id", "region")
    members = {name: getattr(chosen, name) for name in names}
    is_id = not chosen.tester.lstrip("+").isdecimal()
    members["verified_destination_number_id" if is_id else "destination_phone_number"] = (
        chosen.tester
    )
    accepted = connect(chosen).post("/_emulator/invitations", **members)
    if chosen.json:
        print(json.dumps(accepted, ensure_ascii=False, indent=2))
        return FINE
    print(f"{accepted['destination_phone_number']} tests {accepted['rcs_agent_id']}")
    return FINE


# --- reset ---------------------------------------------------------------------------------------


def add_reset(commands: Any) -> None:
    """Declare the command."""
    add_client_command(
        commands,
        "reset",
        "make everything as it was at the start",
        _reset,
        examples="reset\nreset --url http://127.0.0.1:8000",
    )


def _reset(chosen: argparse.Namespace) -> int:
    connect(chosen).post("/_emulator/reset")
    return FINE


# --- clock ---------------------------------------------------------------------------------------


def add_clock(commands: Any) -> None:
    """Declare the command, and one for each of the ways to move time."""
    group = add_client_command(
        commands,
        "clock",
        "show the emulator's time, move it forward, stop it, let it go on",
        _show_clock,
        examples="clock\nclock advance 25h\nclock freeze\nclock resume",
    )
    group.add_argument("--json", action="store_true", help="JSON instead of words")
    ways = group.add_subparsers(title="ways", dest="way", metavar="WAY")
    show = add_client_command(
        ways, "show", "show the time", _show_clock, examples="clock show\nclock show --json"
    )
    advance = add_client_command(
        ways,
        "advance",
        "move time forward; what becomes due happens",
        _advance,
        examples="clock advance 25h\nclock advance 1d12h\nclock advance 90s",
    )
    advance.add_argument(
        "seconds", type=_length, metavar="LENGTH", help="such as 90s, 15m, 25h, 30d or 1h30m"
    )
    freeze = add_client_command(
        ways,
        "freeze",
        "stop time, now or at a later moment",
        _freeze,
        examples="clock freeze\nclock freeze 2031-01-31T12:00:00Z",
    )
    freeze.add_argument("moment", nargs="?", default="now", help="ISO 8601, or: now")
    resume = add_client_command(
        ways, "resume", "go back to the system's time", _resume, examples="clock resume"
    )
    for way in (show, advance, freeze, resume):
        way.add_argument("--json", action="store_true", help="JSON instead of words")
        inherit(way)


def _show_clock(chosen: argparse.Namespace) -> int:
    return _print_clock(chosen, connect(chosen).get(_CLOCK))


def _advance(chosen: argparse.Namespace) -> int:
    return _print_clock(chosen, connect(chosen).post(_CLOCK, advance_seconds=chosen.seconds))


def _freeze(chosen: argparse.Namespace) -> int:
    return _print_clock(chosen, connect(chosen).post(_CLOCK, freeze_at=chosen.moment))


def _resume(chosen: argparse.Namespace) -> int:
    return _print_clock(chosen, connect(chosen).post(_CLOCK, resume=True))


def _print_clock(chosen: argparse.Namespace, clock: dict[str, Any]) -> int:
    if chosen.json:
        print(json.dumps(clock, indent=2))
        return FINE
    offset = clock["offset_seconds"]
    state = "frozen" if clock["frozen"] else "running"
    way = f", {abs(offset)} seconds {'after' if offset > 0 else 'before'} the system's time"
    print(f"{clock['now']} ({state}{way if offset else ''})")
    return FINE


def _length(text: str) -> float:
    """Read a length of time: a number of seconds, or numbers with their units."""
    text = f"{text}s" if text[-1:].isdigit() else text
    if not _LENGTH.fullmatch(text):
        raise argparse.ArgumentTypeError(f"is no length of time such as 90s or 1h30m: {text!r}")
    parts = re.findall(r"([\d.]+)([dhms])", text)
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


# --- state ---------------------------------------------------------------------------------------


def add_state(commands: Any) -> None:
    """Declare the command, and one for each direction."""
    group = add_command(
        commands,
        "state",
        "keep the whole state in a file, or put it back",
        _needs_more,
        examples="state save before.json\nstate load before.json",
    )
    ways = group.add_subparsers(title="ways", dest="way", metavar="WAY")
    save = add_client_command(
        ways,
        "save",
        "write the whole state into a file",
        _save,
        examples="state save before.json\nstate save -",
    )
    save.add_argument("file", type=Path, metavar="FILE", help="where to; - is standard output")
    load = add_client_command(
        ways,
        "load",
        "put the state of a file in the place of the one there is",
        _load,
        examples="state load before.json\nstate load -",
    )
    load.add_argument("file", type=Path, metavar="FILE", help="where from; - is standard input")


def _save(chosen: argparse.Namespace) -> int:
    text = json.dumps(connect(chosen).get("/_emulator/state"), ensure_ascii=False) + "\n"
    if str(chosen.file) == "-":
        sys.stdout.write(text)
    else:
        chosen.file.write_text(text, encoding="utf-8")
    return FINE


def _load(chosen: argparse.Namespace) -> int:
    is_input = str(chosen.file) == "-"
    data = sys.stdin.buffer.read() if is_input else chosen.file.read_bytes()
    try:
        document = json.loads(data)
    except ValueError as error:
        raise OSError(f"{chosen.file} holds no state: {error}") from error
    if not isinstance(document, dict):
        raise OSError(f"{chosen.file} holds no state: it is JSON, but no object")
    connect(chosen).put("/_emulator/state", document)
    return FINE


# --- operations ----------------------------------------------------------------------------------


def add_operations(commands: Any) -> None:
    """Declare the command."""
    command = add_client_command(
        commands,
        "operations",
        "list which operations are emulated",
        _operations,
        examples="operations\noperations --json",
    )
    command.add_argument("--json", action="store_true", help="JSON instead of a list")


def _operations(chosen: argparse.Namespace) -> int:
    answer = connect(chosen).get("/_emulator/operations")
    if chosen.json:
        print(json.dumps(answer, indent=2))
        return FINE
    for operation in answer["operations"]:
        print(f"{'yes' if operation['emulated'] else 'no ':<4} {operation['name']}")
    print(f"{answer['emulated']} of {answer['total']} operations are emulated.")
    return FINE


def _needs_more(chosen: argparse.Namespace) -> int:
    """Say what there is to choose from; a command that has ways is none by itself."""
    chosen.parser.print_help(sys.stderr)
    return WRONG_USAGE
