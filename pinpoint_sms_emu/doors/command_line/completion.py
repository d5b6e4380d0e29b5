"""`completion`: prints a completion script for a shell."""

from __future__ import annotations

import argparse
from functools import partial

from pinpoint_sms_emu.doors.command_line.parsing import DONE, PROGRAM, Commands, Parser, add_command

SHELLS = ("bash", "zsh", "fish")


def add_completion(commands: Commands, parser: Parser) -> None:
    """Declare the command; `parser` is the parser of all commands."""
    command = add_command(
        commands,
        "completion",
        "print a completion script for a shell",
        partial(_print, parser),
        examples="completion bash\ncompletion zsh\ncompletion fish",
        note=f"bash:  source <({PROGRAM} completion bash)\n"
        f'zsh:   eval "$({PROGRAM} completion zsh)"\n'
        f"fish:  {PROGRAM} completion fish | source",
    )
    command.add_argument("shell", choices=SHELLS, help="the shell")


def _print(parser: Parser, arguments: argparse.Namespace) -> int:
    # Imported here, because only this command needs it.
    import shtab

    print(shtab.complete(parser, arguments.shell))
    return DONE
