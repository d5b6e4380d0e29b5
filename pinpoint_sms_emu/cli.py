"""The command line: `serve`, and the commands that talk to a server that is running."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, NoReturn

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.settings import Settings

PROGRAM = "pinpoint-sms-emu"
ENVIRONMENT_PREFIX = "PINPOINT_SMS_EMU_"
WRONG_USAGE = 2

# SMS on a phone's keypad, and the 0 that is left.
DEFAULT_PORT = 7670
HIGHEST_PORT = 65_535


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage before it."""

    def error(self, message: str) -> NoReturn:
        """Say it, and end with the status of wrong usage."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command that the arguments name, and return the exit status."""
    parser = build_parser()
    chosen = parser.parse_args(arguments)
    if chosen.run is None:
        parser.print_help()
        return 0
    run: Callable[[argparse.Namespace], int] = chosen.run
    try:
        return run(chosen)
    except (ValueError, OSError) as error:
        print(f"{PROGRAM} {chosen.command}: {_sentence(error)}", file=sys.stderr)
        return WRONG_USAGE if isinstance(error, ValueError) else 1


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of all commands; each sets the function that runs it."""
    parser = Parser(
        prog=PROGRAM,
        description="A local emulator of AWS End User Messaging SMS (Pinpoint SMS and Voice V2).",
        epilog=f"Every option is also an environment variable: --port is {_variable('port')}.",
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"{PROGRAM} {__version__}")
    parser.set_defaults(run=None)
    commands = parser.add_subparsers(title="commands", dest="command", metavar="COMMAND")
    for add in (_add_serve, _add_reset, _add_operations):
        add(commands)
    return parser


# --- serve ---------------------------------------------------------------------------------


def _add_serve(commands: Any) -> None:
    command = _add_command(commands, "serve", "answer over HTTP until stopped", _serve)
    _add_option(command, "host", "127.0.0.1", "the address to listen on")
    _add_option(command, "port", DEFAULT_PORT, "the port to listen on; 0 picks a free one", _port)
    _add_option(
        command,
        "log-level",
        "info",
        "info says one line a call, warning only what is wrong",
        choices=("debug", "info", "warning", "error"),
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
        _add_option(settings, each.name.replace("_", "-"), None, each.metadata["help"], **switch)


def _serve(chosen: argparse.Namespace) -> int:
    # Imported here, for no other command needs a server.
    from pinpoint_sms_emu.server import serve

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


# --- commands for a server that is running -----------------------------------------------------


def _add_reset(commands: Any) -> None:
    _add_client_command(commands, "reset", "make everything as it was at the start", _reset)


def _reset(chosen: argparse.Namespace) -> int:
    _client(chosen).post("/_emulator/reset")
    return 0


def _add_operations(commands: Any) -> None:
    _add_client_command(commands, "operations", "list which operations are emulated", _operations)


def _operations(chosen: argparse.Namespace) -> int:
    answer = _client(chosen).get("/_emulator/operations")
    for operation in answer["operations"]:
        print(f"{'yes' if operation['emulated'] else 'no ':<4} {operation['name']}")
    print(f"{answer['emulated']} of {answer['total']} operations are emulated.")
    return 0


def _add_client_command(
    commands: Any, name: str, explanation: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    command = _add_command(commands, name, explanation, run)
    url = f"http://127.0.0.1:{DEFAULT_PORT}"
    _add_option(command, "url", url, "where the server is that is talked to")
    _add_option(command, "access-token", None, "the token it asks for, if it asks for one")
    return command


def _client(chosen: argparse.Namespace) -> Any:
    # Imported here, for `serve` does not talk to a server.
    from pinpoint_sms_emu.control.client import ControlClient

    return ControlClient(chosen.url, chosen.access_token)


# --- what the commands have in common ------------------------------------------------------------


def _add_command(
    commands: Any, name: str, explanation: str, run: Callable[[argparse.Namespace], int]
) -> argparse.ArgumentParser:
    command: argparse.ArgumentParser = commands.add_parser(
        name, help=explanation, description=f"{explanation.capitalize()}.", allow_abbrev=False
    )
    command.set_defaults(run=run)
    return command


def _add_option(
    command: Any,
    name: str,
    default: Any,
    explanation: str,
    read: Callable[[str], Any] = str,
    **more: Any,
) -> None:
    variable = _variable(name)
    note = variable if default is None else f"{variable}, {default}"
    command.add_argument(
        f"--{name}",
        # An empty variable is one that is not given, as compose files have it.
        default=os.environ.get(variable) or default,
        help=f"{explanation} [{note}]".replace("%", "%%"),
        type=read,
        **({"metavar": name.rpartition("-")[2].upper()} | more),
    )


def _variable(name: str) -> str:
    return ENVIRONMENT_PREFIX + name.replace("-", "_").upper()


def _sentence(error: ValueError | OSError) -> str:
    return str(getattr(error, "strerror", None) or error)
