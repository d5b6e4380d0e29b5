"""How commands and their options are declared, and what all of them have in common."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pinpoint_sms_emu.control.client import ControlClient

PROGRAM = "pinpoint-sms-emu"
ENVIRONMENT_PREFIX = "PINPOINT_SMS_EMU_"

FINE = 0
REFUSED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
EXIT_CODES = f"""exit status:
  {FINE}    it is done
  {REFUSED}    nothing answers there, or what answers refuses; doctor: something is wrong
  {WRONG_USAGE}    wrong usage
  {INTERRUPTED}  interrupted (Ctrl-C); serve ends with {FINE}"""

# SMS on a phone's keypad, and the 0 that is left.
DEFAULT_PORT = 7670
DEFAULT_URL = f"http://127.0.0.1:{DEFAULT_PORT}"

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Say it, and end with the status of wrong usage."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


def add_command(
    commands: Any, name: str, explanation: str, run: Run | None, *, examples: str, note: str = ""
) -> argparse.ArgumentParser:
    """Declare a command, with examples: what stands after the program's name, one a line."""
    shown = "".join(f"\n  {PROGRAM} {each}" for each in examples.strip().splitlines())
    command: argparse.ArgumentParser = commands.add_parser(
        name,
        help=explanation,
        description=f"{explanation[0].upper()}{explanation[1:]}.",
        epilog=f"{note}\n\nexamples:{shown}".strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.set_defaults(run=run, parser=command)
    return command


def add_client_command(
    commands: Any,
    name: str,
    explanation: str,
    run: Run,
    *,
    examples: str,
    note: str = "",
    url: str | None = DEFAULT_URL,
) -> argparse.ArgumentParser:
    """Declare a command that talks to a server that is running."""
    command = add_command(commands, name, explanation, run, examples=examples, note=note)
    add_option(command, "url", url, "where the server is that is talked to")
    add_option(command, "access-token", None, "the token it asks for, if it asks for one")
    return command


def inherit(way: argparse.ArgumentParser) -> None:
    """Let a way of a command that can stand alone take what is not given from that command."""
    for action in way._actions:  # noqa: SLF001 - argparse has no other way to name them all
        if action.option_strings and action.dest != "help":
            action.default = argparse.SUPPRESS


def add_option(
    command: Any,
    name: str,
    default: Any,
    explanation: str,
    read: Callable[[str], Any] = str,
    **more: Any,
) -> None:
    """Declare an option that an environment variable can give too."""
    variable = variable_of(name)
    note = variable if default is None else f"{variable}, {default}"
    # An empty variable is one that is not given, as compose files have it.
    given: Any = os.environ.get(variable) or None
    if given and more.get("action") == "append":
        given = given.splitlines()
    command.add_argument(
        f"--{name}",
        default=given or default,
        help=f"{explanation} [{note}]".replace("%", "%%"),
        type=read,
        **({"metavar": name.rpartition("-")[2].upper()} | more),
    )


def variable_of(option: str) -> str:
    """The environment variable that gives an option."""
    return ENVIRONMENT_PREFIX + option.replace("-", "_").upper()


def connect(chosen: argparse.Namespace) -> ControlClient:
    """Make a client of the server that the options name."""
    # Imported here, for `serve` and the help talk to nobody.
    from pinpoint_sms_emu.control.client import ControlClient

    return ControlClient(chosen.url, chosen.access_token)
