"""The command line: `serve`, and the commands that talk to a server that is running."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.doors.command_line import arranging, completion, doctor, messages, steering
from pinpoint_sms_emu.doors.command_line.declaring import (
    DEFAULT_PORT,
    EXIT_CODES,
    FINE,
    INTERRUPTED,
    PROGRAM,
    REFUSED,
    WRONG_USAGE,
    Parser,
    add_command,
    add_option,
    variable_of,
)
from pinpoint_sms_emu.settings import Settings

HIGHEST_PORT = 65_535
LOG_LEVELS = ("debug", "info", "warning", "error")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status."""
    parser = build_parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help()
        return FINE
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        status = run(chosen)
        print(end="", flush=True)  # there may be no standard output at all
    except BrokenPipeError:
        # Whoever reads has had enough. Python would complain about the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FINE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ValueError, OSError) as error:
        print(f"{chosen.parser.prog}: {_sentence(error)}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, ValueError) else REFUSED
    return status


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands; each sets the function that runs it."""
    parser = Parser(
        prog=PROGRAM,
        description="A local emulator of AWS End User Messaging SMS (Pinpoint SMS and Voice V2).",
        epilog=f"Every option of serve, --url and --access-token is also an environment variable: "
        f"--port is {variable_of('port')}.\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for add in (
        _add_serve,
        messages.add_messages,
        arranging.add_numbers,
        steering.add_inbound,
        steering.add_invitations,
        steering.add_reset,
        steering.add_clock,
        steering.add_state,
        arranging.add_faults,
        arranging.add_outcomes,
        steering.add_operations,
        doctor.add_doctor,
    ):
        add(commands)
    completion.add_completion(commands, parser)
    return parser


def _sentence(error: ValueError | OSError) -> str:
    """What went wrong, and with which file."""
    reason = getattr(error, "strerror", None)
    name = getattr(error, "filename", None)
    return f"{name}: {reason}" if reason and name else str(reason or error)


# --- serve ---------------------------------------------------------------------------------


def _add_serve(commands: Any) -> None:
    command = add_command(
        commands,
        "serve",
        "answer over HTTP until stopped",
        _serve,
        examples="""serve
serve --port 0 --seed 7
serve --host 0.0.0.0 --access-token secret --account-tier SANDBOX""",
    )
    add_option(command, "host", "127.0.0.1", "the address to listen on")
    add_option(command, "port", DEFAULT_PORT, "the port to listen on; 0 picks a free one", _port)
    add_option(
        command,
        "log-level",
        "info",
        "info says one line a call, warning only what is wrong",
        _log_level,
        choices=LOG_LEVELS,
    )
    settings = command.add_argument_group("settings of the emulator")
    defaults = Settings()
    for each in fields(Settings):
        # A switch may be given without its value: --throttling is --throttling=true.
        switch: dict[str, Any] = (
            {"nargs": "?", "const": "true"}
            if isinstance(getattr(defaults, each.name), bool)
            else {}
        )
        if isinstance(getattr(defaults, each.name), Mapping) and each.name != "quotas":
            switch = {"action": "append"}
        add_option(settings, each.name.replace("_", "-"), None, each.metadata["help"], **switch)


def _serve(chosen: argparse.Namespace) -> int:
    # Imported here, for no other command needs a server.
    from pinpoint_sms_emu.doors.server import serve

    given = {each.name: getattr(chosen, each.name) for each in fields(Settings)}
    options = {name: value for name, value in given.items() if value is not None}
    Settings.of(**options)  # refused here, before anything has been started
    return serve(chosen.host, chosen.port, options, log_level=chosen.log_level)


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or int(value) > HIGHEST_PORT:
        raise argparse.ArgumentTypeError(
            f"must be a number from 0 to {HIGHEST_PORT}, not {value!r}"
        )
    return int(value)


def _log_level(value: str) -> str:
    """Read a level; argparse looks at what it offers for options only, not for variables."""
    if value not in LOG_LEVELS:
        raise argparse.ArgumentTypeError(f"must be one of {', '.join(LOG_LEVELS)}, not {value!r}")
    return value
