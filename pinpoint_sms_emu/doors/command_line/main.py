"""The command line: `serve`, and commands for a running server."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.doors.command_line import output
from pinpoint_sms_emu.doors.command_line.completion import add_completion
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    EXIT_STATUS,
    INTERRUPTED,
    PROGRAM,
    REFUSED,
    WRONG_USAGE,
    Parser,
    unknown_variables,
    variable_of,
)
from pinpoint_sms_emu.wording import nearest, one_line

# Variables beside those of serve: of the other commands, and of compose.yaml.
_OTHER_VARIABLES = frozenset(map(variable_of, ("url", "access-token", "image")))

# In the order of the help text. The module of a command has its name, with underscores, and a
# function `add_NAME`.
_COMMANDS = (
    "serve",
    "health",
    "send",
    "messages",
    "inbound",
    "opt-outs",
    "invitations",
    "events",
    "calls",
    "policy",
    "report",
    "segments",
    "numbers",
    "resources",
    "registrations",
    "faults",
    "outcomes",
    "clock",
    "state",
    "reset",
    "seed",
    "settings",
    "operations",
    "doctor",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status."""
    given = sys.argv[1:] if arguments is None else arguments
    program = PROGRAM
    output.escape_what_cannot_be_encoded()
    try:
        # Load only the command that is used: `serve` starts sooner.
        parser = build_parser(given[:1] if given and given[0] in _COMMANDS else _COMMANDS)
        parsed = parser.parse_args(given)
        if parsed.run is None:
            parser.print_help()
            return DONE
        program = parsed.parser.prog
        _must_know_variables(parsed.parser)
        run: Callable[[argparse.Namespace], int] = parsed.run
        status = run(parsed)
        print(end="", flush=True)  # fails here if there is no standard output
    except BrokenPipeError:
        # The reader has closed the pipe.
        _drop_unwritten()
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ValueError, OSError) as error:
        _drop_unwritten()
        print(f"{program}: {one_line(_sentence(error))}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, ValueError) else REFUSED
    return status


def build_parser(names: Sequence[str] = _COMMANDS) -> Parser:
    """Build the parser of these commands; each sets the function that runs it."""
    parser = Parser(
        prog=PROGRAM,
        description="A local emulator of AWS End User Messaging SMS (Pinpoint SMS and Voice V2).",
        epilog=f"Every option of serve, --url and --access-token is also an environment variable: "
        f"--port is {variable_of('port')}.\n\n{EXIT_STATUS}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for name in (each.replace("-", "_") for each in names):
        module = import_module(f"pinpoint_sms_emu.doors.command_line.{name}")
        getattr(module, f"add_{name}")(commands)
    add_completion(commands, parser)
    return parser


def _must_know_variables(command: Parser) -> None:
    """Refuse an unknown variable with this program's prefix, which would have no effect."""
    known = command.variables | _OTHER_VARIABLES
    if unknown_variables(known, os.environ):
        # The variables of serve may be set for a whole container.
        commands = Parser().add_subparsers()
        import_module("pinpoint_sms_emu.doors.command_line.serve").add_serve(commands)
        known |= commands.choices["serve"].variables
    for name in unknown_variables(known, os.environ):
        raise ValueError(f"the environment variable {name} is unknown; {nearest(name, known)}")


def _drop_unwritten() -> None:
    """Drop output that cannot be written, which Python would report on exit."""
    try:
        print(end="", flush=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _sentence(error: ValueError | OSError) -> str:
    """Return the sentence of an error, with the file that it names."""
    reason = getattr(error, "strerror", None)
    name = getattr(error, "filename", None)
    return f"{name}: {reason}" if reason and name else str(reason or error)
