"""Declaring commands and options, and what all commands have in common."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias

from pinpoint_sms_emu.service.filters import must_be_a_place
from pinpoint_sms_emu.wire.json_text import has_lone_surrogate
from pinpoint_sms_emu.wording import nearest, one_line, quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.control.client import ControlClient

PROGRAM = "pinpoint-sms-emu"
ENVIRONMENT_PREFIX = "PINPOINT_SMS_EMU_"

DONE = 0
REFUSED = 1
WRONG_USAGE = 2
INTERRUPTED = 130
EXIT_STATUS = f"""exit status:
  {DONE}    success
  {REFUSED}    the server does not answer, or refuses; doctor and seed check: a problem was found
  {WRONG_USAGE}    wrong usage
  {INTERRUPTED}  interrupted (Ctrl-C); serve ends with {DONE}"""

# SMS on a phone's keypad, and a 0.
DEFAULT_PORT = 7670

# No option begins like this, but values do: `clock advance -1h`, or a text such as "-5 °C".
_NO_OPTION = re.compile(r"-\d")

# Variables that Kubernetes and Docker links set for a service named pinpoint-sms-emu.
_SERVICE_VARIABLE = re.compile(r"SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP|SCTP)(_.*)?")
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")

Run = Callable[[argparse.Namespace], int]
# The object to which a command is added.
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001  it has no public name


class Parser(argparse.ArgumentParser):
    """A parser that reports mistakes in one sentence, without the usage.

    A subcommand inherits options that were given to the command above: `numbers --json list` means
    `numbers list --json`.
    """

    above: Parser | None = None

    def __init__(self, *positional: Any, **named: Any) -> None:
        # The environment variables of its options, and the options' names.
        self.variables: set[str] = set()
        self.declared: set[str] = set()
        self.subcommands: Commands | None = None
        super().__init__(*positional, **named)
        # argparse recognizes only numbers, and would report a missing argument.
        self._negative_number_matcher = _NO_OPTION

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments; the command with unknown arguments reports the error."""
        parsed, unknown = self.parse_known_args(args, namespace)
        if unknown:
            command: Parser = getattr(parsed, "parser", self)
            command.error(f"unrecognized arguments: {' '.join(unknown)}{command._hint(unknown[0])}")
        return parsed

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse arguments, but refuse an unknown option before a subcommand is looked for.

        Otherwise the option's value would be taken for the name of the subcommand.
        """
        if self.subcommands is not None:
            for argument in sys.argv[1:] if args is None else args:
                if argument == "--" or argument in self.subcommands.choices:
                    break
                option = argument.partition("=")[0]
                if option.startswith("--") and option not in self._option_string_actions:
                    self.error(f"unrecognized arguments: {argument}{self._hint(option)}")
        return super().parse_known_args(args, namespace)

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print a text; argparse's own method hides that it cannot be written."""
        print(message, end="", file=file or sys.stderr, flush=True)

    def _hint(self, unknown: str) -> str:
        """Name a similar option if there is one, or else what the command takes beside options."""
        similar = nearest(unknown, self._option_string_actions)
        if unknown.startswith("-") and similar.startswith("did you mean"):
            return f"; {similar}"
        if self.subcommands is not None and unknown.startswith("-"):
            return "; the options of a command are written after it"
        taken = " and ".join(
            f"{each.metavar} ({each.help})"
            for each in self._actions
            if not each.option_strings and each.metavar and each.help
        )
        return f"; apart from options, it takes {taken}" if taken else ""

    def _get_value(self, action: argparse.Action, arg_string: str) -> Any:
        """Refuse a value that is not UTF-8, unless it names a file."""
        # The arguments of a subcommand are its parser's.
        is_free = action.nargs == argparse.PARSER or vars(action).get("complete") == "file"
        if not is_free and has_lone_surrogate(arg_string):
            raise argparse.ArgumentError(action, f"must be UTF-8, unlike {arg_string!r:.80}")
        return super()._get_value(action, arg_string)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is none of the choices; of many, name only the one that is meant."""
        if action.choices is not None and value not in action.choices:
            meant = nearest(value, map(str, action.choices))
            raise argparse.ArgumentError(action, f"invalid choice: {value!r:.80}; {meant}")

    def add_subparsers(self, **given: Any) -> Commands:  # type: ignore[override]
        """Let the command have subcommands."""
        self.subcommands = super().add_subparsers(**given)
        return self.subcommands

    def error(self, message: str) -> NoReturn:
        """Report a mistake, and exit with the status for wrong usage."""
        see = " See" if message.endswith("?") else "; see"
        self.exit(WRONG_USAGE, f"{self.prog}: {one_line(message)}{see} {self.prog} --help\n")

    def add_argument(self, *names: str, **given: Any) -> argparse.Action:
        """Declare an argument; an option that the command above also has gets no default."""
        self.declared.update(names)
        if self.above is not None and names[0] in self.above.declared - {"-h"}:
            given["default"] = argparse.SUPPRESS
        action = super().add_argument(*names, **given)
        if given.get("type") is Path:
            complete_files(action)
        return action


def complete_files(action: argparse.Action) -> None:
    """Enable the completion of file names for an argument."""
    vars(action)["complete"] = "file"  # where shtab looks for it


def add_command(
    commands: Commands,
    name: str,
    explanation: str,
    run: Run | None,
    *,
    examples: str,
    note: str = "",
    above: Parser | None = None,
) -> Parser:
    """Declare a command. `examples` are arguments of the program, one example per line."""
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
    commands: Commands,
    name: str,
    explanation: str,
    run: Run,
    *,
    examples: str,
    note: str = "",
    above: Parser | None = None,
    url: str | None = "",
) -> Parser:
    """Declare a command that is a client of a running server."""
    command = add_command(
        commands, name, explanation, run, examples=examples, note=note, above=above
    )
    url = default_url() if url == "" else url
    add_option(command, "url", url, "the URL of the server")
    add_option(command, "access-token", None, "the server's access token, if it has one")
    return command


def add_subcommands(command: Parser) -> Commands:
    """Declare that a command has subcommands."""
    return command.add_subparsers(title="commands", dest="subcommand", metavar="COMMAND")


def whole_number(text: str) -> int:
    """Read a whole number."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, not {text!r:.80}") from None


def number(text: str) -> float:
    """Read a number."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number, not {text!r:.80}") from None


def _account_id(text: str) -> str:
    try:
        must_be_a_place(text, None)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be 12 digits, not {quoted(text)}") from None
    return text


def _region(text: str) -> str:
    try:
        must_be_a_place(None, text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"must be a Region such as us-east-1, not {quoted(text)}"
        ) from None
    return text


def add_json(command: Parser) -> None:
    """Declare --json."""
    command.add_argument("--json", action="store_true", help="print the server's JSON")


# What --account-id and --region do, and what happens without them.
ONLY = (
    "only in this account, such as 123456789012 (default: all)",
    "only in this Region, such as us-east-1 (default: all)",
)
WHERE = ("the account, 12 digits (default: 123456789012)", "the Region (default: us-east-1)")
WHOSE = (
    "the account, 12 digits; needed if several accounts have it",
    "the Region, such as us-east-1; needed if it is in several",
)


def add_account(command: Parser, helps: tuple[str, str] = ONLY) -> None:
    """Declare --account-id and --region."""
    account, region = helps
    command.add_argument("--account-id", type=_account_id, metavar="ACCOUNT_ID", help=account)
    command.add_argument("--region", type=_region, metavar="REGION", help=region)


def add_option(
    command: Parser,
    name: str,
    default: Any,
    explanation: str,
    read: Callable[[str], Any] = str,
    *,
    group: Any = None,
    help_default: object = None,
    **more: Any,
) -> argparse.Action:
    """Declare an option that can also be given as an environment variable.

    `help_default` is a default for the help alone, where what is not given must be told apart.
    """
    variable = variable_of(name)
    command.variables.add(variable)
    help_default = default if help_default is None else help_default
    note = variable if help_default is None else f"{variable}, {_spelled(help_default)}"
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


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def variable_of(option: str) -> str:
    """Return the environment variable of an option."""
    return ENVIRONMENT_PREFIX + option.replace("-", "_").upper()


def environment_value(variable: str) -> str | None:
    """Return a variable's value; None if it is empty, or was set by Kubernetes."""
    value = os.environ.get(variable)
    return None if not value or _SERVICE_ADDRESS.match(value) else value


def unknown_variables(known: set[str], environment: Mapping[str, str]) -> list[str]:
    """Return the variables with this program's prefix that are unknown."""
    return sorted(
        name
        for name in environment
        if name.startswith(ENVIRONMENT_PREFIX)
        and name not in known
        and not _SERVICE_VARIABLE.fullmatch(name.removeprefix(ENVIRONMENT_PREFIX))
    )


def default_url() -> str:
    """Return the URL of a server that was started with the same environment."""
    port = environment_value(variable_of("port")) or ""
    return f"http://127.0.0.1:{port if port.isdigit() and port != '0' else DEFAULT_PORT}"


def connect(arguments: argparse.Namespace) -> ControlClient:
    """Return a client of the server in the options."""
    # Imported here, because `serve` and the help need no client.
    from pinpoint_sms_emu.control.client import ControlClient

    return ControlClient(arguments.url, arguments.access_token)


def print_help(arguments: argparse.Namespace) -> int:
    """Print the help of a command that only has subcommands."""
    arguments.parser.print_help(sys.stderr)
    return WRONG_USAGE
