"""How commands and their options are declared, and what all of them have in common."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pinpoint_sms_emu.control.client import ControlClient

PROGRAM = "pinpoint-sms-emu"
ENVIRONMENT_PREFIX = "PINPOINT_SMS_EMU_"

DONE = 0
REFUSED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
EXIT_STATUS = f"""exit status:
  {DONE}    done
  {REFUSED}    the server does not answer or refuses; doctor and seed check: something is wrong
  {WRONG_USAGE}    wrong usage
  {INTERRUPTED}  interrupted (Ctrl-C); serve ends with {DONE}"""

# SMS on a phone's keypad, and the 0 that is left.
DEFAULT_PORT = 7670

# What Kubernetes and old Docker links put into containers beside a service named pinpoint-sms-emu.
_SERVICE_VARIABLE = re.compile(r"SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP|SCTP)(_.*)?")
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")

Run = Callable[[argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    """Reports a mistake in one sentence, without the usage.

    A subcommand takes what it is not given from the command above: `numbers --json list` is
    `numbers list --json`.
    """

    above: Parser | None = None

    def __init__(self, *positional: Any, **named: Any) -> None:
        # The environment variables that can give its options, and the options' names.
        self.variables: set[str] = set()
        self.declared: set[str] = set()
        super().__init__(*positional, **named)

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments; what is left over is a mistake of the command that it was given to."""
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command: Parser = getattr(parsed, "parser", self)
            command.error(f"unrecognized arguments: {' '.join(unknown)}")
        return parsed

    def error(self, message: str) -> NoReturn:
        """Report a mistake, and end with the status of wrong usage."""
        self.exit(WRONG_USAGE, f"{self.prog}: {message}; see {self.prog} --help\n")

    def add_argument(self, *names: str, **given: Any) -> argparse.Action:
        """Declare an argument; an option that the command above has too has no default here."""
        self.declared.update(names)
        if self.above is not None and names[0] in self.above.declared - {"-h"}:
            given["default"] = argparse.SUPPRESS
        action = super().add_argument(*names, **given)
        if given.get("type") is Path:
            complete_files(action)
        return action


def complete_files(action: argparse.Action) -> None:
    """Let shells complete the names of files for an argument."""
    vars(action)["complete"] = "file"  # where shtab looks for it


def add_command(
    commands: Any,
    name: str,
    explanation: str,
    run: Run | None,
    *,
    examples: str,
    note: str = "",
    above: Parser | None = None,
) -> Parser:
    """Declare a command. Examples: what follows the program's name, one a line."""
    example_lines = "".join(f"\n  {PROGRAM} {each}" for each in examples.strip().splitlines())
    command: Parser = commands.add_parser(
        name,
        help=explanation,
        description=f"{explanation[0].upper()}{explanation[1:]}.",
        epilog=f"{note}\n\nexamples:{example_lines}".strip(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.above = above
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
    above: Parser | None = None,
    url: str | None = "",
) -> Parser:
    """Declare a command that talks to a running server."""
    command = add_command(
        commands, name, explanation, run, examples=examples, note=note, above=above
    )
    url = default_url() if url == "" else url
    add_option(command, "url", url, "the URL of the server")
    add_option(command, "access-token", None, "the server's access token, if it has one")
    return command


def add_subcommands(command: Parser) -> Any:
    """Let a command have subcommands."""
    return command.add_subparsers(title="commands", dest="subcommand", metavar="COMMAND")


def add_json(command: Parser) -> None:
    """Declare --json."""
    command.add_argument("--json", action="store_true", help="print the JSON that HTTP gives")


def add_account(command: Parser) -> None:
    """Declare --account-id and --region."""
    command.add_argument("--account-id", metavar="ACCOUNT_ID", help="the account, 12 digits")
    command.add_argument("--region", metavar="REGION", help="the Region, such as us-east-1")


def add_option(
    command: Parser,
    name: str,
    default: Any,
    explanation: str,
    read: Callable[[str], Any] = str,
    *,
    group: Any = None,
    **more: Any,
) -> argparse.Action:
    """Declare an option that an environment variable can give too."""
    variable = variable_of(name)
    command.variables.add(variable)
    note = variable if default is None else f"{variable}, {default}"
    given: Any = environment_value(variable)
    if given and more.get("action") == "append":
        given = given.splitlines()
    action: argparse.Action = (group or command).add_argument(
        f"--{name}",
        default=given or default,
        help=f"{explanation} [{note}]".replace("%", "%%"),
        type=read,
        **({"metavar": name.rpartition("-")[2].upper()} | more),
    )
    return action


def variable_of(option: str) -> str:
    """The environment variable that gives an option."""
    return ENVIRONMENT_PREFIX + option.replace("-", "_").upper()


def environment_value(variable: str) -> str | None:
    """Read a variable; an empty one, as in compose files, and one of Kubernetes are none."""
    value = os.environ.get(variable)
    return None if not value or _SERVICE_ADDRESS.match(value) else value


def unknown_variables(known: set[str], environment: Mapping[str, str]) -> list[str]:
    """The variables with this program's prefix that mean nothing to it."""
    return sorted(
        name
        for name in environment
        if name.startswith(ENVIRONMENT_PREFIX)
        and name not in known
        and not _SERVICE_VARIABLE.fullmatch(name.removeprefix(ENVIRONMENT_PREFIX))
    )


def default_url() -> str:
    """Where a server listens that was started with the same environment."""
    port = environment_value(variable_of("port")) or ""
    return f"http://127.0.0.1:{port if port.isdigit() and port != '0' else DEFAULT_PORT}"


def connect(arguments: argparse.Namespace) -> ControlClient:
    """Make a client of the server that the options name."""
    # Imported here: `serve` and the help need no client.
    from pinpoint_sms_emu.control.client import ControlClient

    return ControlClient(arguments.url, arguments.access_token)


def print_help(arguments: argparse.Namespace) -> int:
    """Print the help of a command that does nothing by itself."""
    arguments.parser.print_help(sys.stderr)
    return WRONG_USAGE
