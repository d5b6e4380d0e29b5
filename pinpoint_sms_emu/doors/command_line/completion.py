"""`completion`: scripts that let a shell complete commands and options, made from the parser."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.doors.command_line.declaring import FINE, PROGRAM, add_command

SHELLS = ("bash", "zsh", "fish")


@dataclass
class Option:
    """An option: how it is spelled, what it is for, and what may follow it."""

    names: list[str]
    explanation: str
    takes_value: bool
    choices: list[str]


@dataclass
class Node:
    """A command, and what may stand after it."""

    path: tuple[str, ...]
    commands: dict[str, str] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    takes_file: bool = False


def add_completion(commands: Any, parser: argparse.ArgumentParser) -> None:
    """Declare the command; the parser is the one of all commands."""
    command = add_command(
        commands,
        "completion",
        "print a script that lets the shell complete commands and options",
        partial(_print, parser),
        examples="completion bash\ncompletion zsh\ncompletion fish",
        note=f"bash:  source <({PROGRAM} completion bash)\n"
        f"zsh:   source <({PROGRAM} completion zsh)\n"
        f"fish:  {PROGRAM} completion fish | source",
    )
    command.add_argument("shell", choices=SHELLS, help="whose script it is to be")


def _print(parser: argparse.ArgumentParser, chosen: argparse.Namespace) -> int:
    script = {"bash": bash, "zsh": zsh, "fish": fish}[chosen.shell]
    print(script(list(nodes(parser))), end="")
    return FINE


def nodes(parser: argparse.ArgumentParser, path: tuple[str, ...] = ()) -> Iterator[Node]:
    """Go through a parser and those of its commands."""
    node = Node(path)
    below: list[Node] = []
    for action in parser._actions:  # noqa: SLF001 - argparse shows its actions nowhere else
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - as above
            for shown in action._choices_actions:  # noqa: SLF001 - the help of each command
                node.commands[shown.dest] = shown.help or ""
            for name, command in action.choices.items():
                below += nodes(command, (*path, name))
        elif action.option_strings:
            explanation = (action.help or "").replace("%%", "%")
            choices = list(map(str, action.choices or ()))
            names = list(action.option_strings)
            node.options.append(Option(names, explanation, action.nargs != 0, choices))
        else:
            node.choices += map(str, action.choices or ())
            node.takes_file = node.takes_file or action.type is Path
    yield node
    yield from below


def bash(tree: list[Node]) -> str:
    """The script for bash."""
    values, words = [], []
    for node in tree:
        for option in node.options:
            if option.takes_value:
                found = (
                    f'compgen -W "{" ".join(option.choices)}"' if option.choices else "compgen -f"
                )
                keys = "|".join(f'"{_key(node.path)} {name}"' for name in option.names)
                values.append(f'        {keys}) COMPREPLY=($({found} -- "$word")); return ;;')
        files = ' $(compgen -f -- "$word")' if node.takes_file else ""
        found = f'$(compgen -W "{" ".join(_words(node))}" -- "$word"){files}'
        words.append(f'        "{_key(node.path)}") COMPREPLY=({found}) ;;')
    return f"""# Completion of {PROGRAM} for bash.
_pinpoint_sms_emu() {{
    local each path="" word="${{COMP_WORDS[COMP_CWORD]}}"
    for each in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$path $each" in
            {_paths(tree)}) path="$path $each" ;;
        esac
    done
    case "$path ${{COMP_WORDS[COMP_CWORD-1]}}" in
{_lines(values)}
    esac
    case "$path" in
{_lines(words)}
    esac
}}
complete -o filenames -F _pinpoint_sms_emu {PROGRAM}
"""


def zsh(tree: list[Node]) -> str:
    """The script for zsh."""
    values, offered = [], []
    for node in tree:
        for option in node.options:
            if option.takes_value:
                found = f"compadd -- {' '.join(option.choices)}" if option.choices else "_files"
                keys = "|".join(f'"{_key(node.path)} {name}"' for name in option.names)
                values.append(f"        {keys}) {found}; return ;;")
        entries = " ".join(
            shlex.quote(f"{name}:{explanation}") for name, explanation in _explained(node)
        )
        files = "; _files" if node.takes_file else ""
        offered.append(
            f"        \"{_key(node.path)}\") offered=({entries}); _describe '' offered{files} ;;"
        )
    return f"""#compdef {PROGRAM}
# Completion of {PROGRAM} for zsh.
_pinpoint_sms_emu() {{
    local each where=""
    local -a offered
    for each in "${{(@)words[2,CURRENT-1]}}"; do
        case "$where $each" in
            {_paths(tree)}) where="$where $each" ;;
        esac
    done
    case "$where ${{words[CURRENT-1]}}" in
{_lines(values)}
    esac
    case "$where" in
{_lines(offered)}
    esac
}}
if [[ $funcstack[1] == _pinpoint_sms_emu ]]; then
    _pinpoint_sms_emu "$@"
else
    compdef _pinpoint_sms_emu {PROGRAM}
fi
"""


def fish(tree: list[Node]) -> str:
    """The script for fish."""
    lines = [f"# Completion of {PROGRAM} for fish.", f"complete -c {PROGRAM} -f"]
    for node in tree:
        start = f"complete -c {PROGRAM} -n {_quoted(_condition(node))}"
        for name, explanation in node.commands.items():
            lines.append(f"{start} -a {name} -d {_quoted(explanation)}")
        if node.choices:
            lines.append(f"{start} -a {_quoted(' '.join(node.choices))}")
        if node.takes_file:
            lines.append(f"{start} -F")
        for option in node.options:
            spelled = " ".join(
                f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"
                for name in option.names
            )
            value = ""
            if option.takes_value:
                value = (
                    f" -x -a {_quoted(' '.join(option.choices))}" if option.choices else " -r -F"
                )
            lines.append(f"{start} {spelled}{value} -d {_quoted(option.explanation)}")
    return "\n".join(lines) + "\n"


def _condition(node: Node) -> str:
    conditions = [f"__fish_seen_subcommand_from {name}" for name in node.path]
    if node.commands:
        conditions.append(f"not __fish_seen_subcommand_from {' '.join(node.commands)}")
    return "; and ".join(conditions)


def _key(path: tuple[str, ...]) -> str:
    return "".join(f" {name}" for name in path)


def _paths(tree: list[Node]) -> str:
    return "|".join(f'"{_key(node.path)}"' for node in tree if node.path)


def _words(node: Node) -> list[str]:
    return [name for name, _ in _explained(node)]


def _explained(node: Node) -> Iterable[tuple[str, str]]:
    yield from node.commands.items()
    yield from ((choice, "") for choice in node.choices)
    for option in node.options:
        yield from ((name, option.explanation) for name in option.names)


def _quoted(text: str) -> str:
    """Quote a text as fish does."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _lines(lines: list[str]) -> str:
    return "\n".join(lines)
