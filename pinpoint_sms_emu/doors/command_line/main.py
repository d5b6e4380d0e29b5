"""The command line: `serve`, and the commands that talk to a server that is running."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.doors.command_line.calls import add_calls
from pinpoint_sms_emu.doors.command_line.clock import add_clock
from pinpoint_sms_emu.doors.command_line.completion import add_completion
from pinpoint_sms_emu.doors.command_line.doctor import add_doctor
from pinpoint_sms_emu.doors.command_line.events import add_events
from pinpoint_sms_emu.doors.command_line.faults import add_faults
from pinpoint_sms_emu.doors.command_line.health import add_health
from pinpoint_sms_emu.doors.command_line.inbound import add_inbound
from pinpoint_sms_emu.doors.command_line.invitations import add_invitations
from pinpoint_sms_emu.doors.command_line.messages import add_messages
from pinpoint_sms_emu.doors.command_line.numbers import add_numbers
from pinpoint_sms_emu.doors.command_line.operations import add_operations
from pinpoint_sms_emu.doors.command_line.outcomes import add_outcomes
from pinpoint_sms_emu.doors.command_line.parsing import (
    DONE,
    EXIT_STATUS,
    INTERRUPTED,
    PROGRAM,
    REFUSED,
    WRONG_USAGE,
    Parser,
    variable_of,
)
from pinpoint_sms_emu.doors.command_line.policy import add_policy
from pinpoint_sms_emu.doors.command_line.registrations import add_registrations
from pinpoint_sms_emu.doors.command_line.report import add_report
from pinpoint_sms_emu.doors.command_line.reset import add_reset
from pinpoint_sms_emu.doors.command_line.resources import add_resources
from pinpoint_sms_emu.doors.command_line.seed import add_seed
from pinpoint_sms_emu.doors.command_line.segments import add_segments
from pinpoint_sms_emu.doors.command_line.send import add_send
from pinpoint_sms_emu.doors.command_line.serve import add_serve
from pinpoint_sms_emu.doors.command_line.settings import add_settings
from pinpoint_sms_emu.doors.command_line.state import add_state

# In the order of the help.
_COMMANDS = (
    add_serve,
    add_health,
    add_send,
    add_messages,
    add_inbound,
    add_invitations,
    add_events,
    add_calls,
    add_policy,
    add_report,
    add_segments,
    add_numbers,
    add_resources,
    add_registrations,
    add_faults,
    add_outcomes,
    add_clock,
    add_state,
    add_reset,
    add_seed,
    add_settings,
    add_operations,
    add_doctor,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status."""
    parser = build_parser()
    parsed = parser.parse_args(arguments)
    if parsed.run is None:
        parser.print_help()
        return DONE
    run: Callable[[argparse.Namespace], int] = parsed.run
    try:
        status = run(parsed)
        print(end="", flush=True)  # there may be no standard output at all
    except BrokenPipeError:
        # The reader has had enough. Python would complain about the rest when it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except (ValueError, OSError) as error:
        print(f"{parsed.parser.prog}: {_sentence(error)}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, ValueError) else REFUSED
    return status


def build_parser() -> Parser:
    """Build the parser of all commands; each sets the function that runs it."""
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
    for add in _COMMANDS:
        add(commands)
    add_completion(commands, parser)
    return parser


def _sentence(error: ValueError | OSError) -> str:
    """What went wrong, and with which file."""
    reason = getattr(error, "strerror", None)
    name = getattr(error, "filename", None)
    return f"{name}: {reason}" if reason and name else str(reason or error)
