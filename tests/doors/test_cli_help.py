"""The help of every command, its examples, and what shells complete."""

from __future__ import annotations

import argparse
import shlex
import shutil
import subprocess

import pytest

from pinpoint_sms_emu.doors.command_line import main
from pinpoint_sms_emu.doors.command_line.completion import SHELLS, nodes
from tests.doors.serving import run

TREE = list(nodes(main.build_parser()))
COMMANDS = [node.path for node in TREE if node.path]


def help_of(path, capsys) -> str:
    """The help of a command."""
    with pytest.raises(SystemExit) as ended:
        main.main([*path, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_examples_that_parse(path, capsys):
    """The help of every command has examples, each of which is right usage of that command."""
    told = help_of(path, capsys)

    examples = told.partition("\nexamples:\n")[2].strip().splitlines()
    assert examples
    for example in examples:
        program, *arguments = shlex.split(example)
        assert program == "pinpoint-sms-emu"
        assert tuple(arguments[: len(path)]) == path
        chosen = main.build_parser().parse_args(arguments)
        assert chosen.run is not None


def test_the_help_tells_every_exit_status(capsys):
    """What each exit status means stands in the help."""
    told = help_of((), capsys)

    for status in ("0", "1", "2", "130"):
        assert f"\n  {status} " in told


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_is_explained(path):
    """Every command and option says what it is for."""
    (node,) = [node for node in TREE if node.path == path]

    assert all(node.commands.values())
    assert all(option.explanation for option in node.options)


def test_completion_knows_every_command():
    """The tree that the scripts are made of is the parser's."""
    parser = main.build_parser()
    (commands,) = [
        action for action in parser._actions if isinstance(action, argparse._SubParsersAction)
    ]

    assert {path[0] for path in COMMANDS} == set(commands.choices)
    assert ("clock", "advance") in COMMANDS
    assert ("state", "load") in COMMANDS


def test_an_unknown_shell():
    """A shell that nobody knows is wrong usage."""
    finished = run("completion", "tcsh")

    assert finished.returncode == 2
    assert "bash" in finished.stderr


def complete_in_bash(line: str) -> list[str]:
    """What bash offers for the last word of a line, which may be empty."""
    words = line.split(" ")
    script = cli_script("bash") + (
        f"COMP_WORDS=({' '.join(word or repr('') for word in words)}); "
        f"COMP_CWORD={len(words) - 1}; _pinpoint_sms_emu; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    )
    finished = subprocess.run(
        ["bash", "--norc", "-c", script], capture_output=True, text=True, check=True
    )
    return finished.stdout.split()


def complete_in_fish(line: str) -> list[str]:
    """What fish offers for the last word of a line."""
    script = cli_script("fish") + f"complete -C {shlex.quote(line)}"
    finished = subprocess.run(
        ["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True
    )
    return [offered.partition("\t")[0] for offered in finished.stdout.splitlines()]


def complete_in_zsh(line: str) -> list[str]:
    """What zsh is offered for the last word of a line: its completion system is replaced."""
    words = line.split(" ")
    stubs = """
compdef() { :; }
_describe() { print -l -- ${(P)2%%:*}; }
compadd() { shift; print -l -- "$@"; }
_files() { print -l -- *; }
"""
    script = f"{stubs}{cli_script('zsh')}words=({' '.join(word or repr('') for word in words)})\n"
    finished = subprocess.run(
        ["zsh", "-f", "-c", f"{script}CURRENT={len(words)}\n_pinpoint_sms_emu\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    # zsh's own completion leaves out what does not begin with the word.
    return [each for each in finished.stdout.split() if each.startswith(words[-1])]


def cli_script(shell: str) -> str:
    """The script of a shell."""
    finished = run("completion", shell)
    assert (finished.returncode, finished.stderr) == (0, "")
    return finished.stdout


COMPLETE = {"bash": complete_in_bash, "zsh": complete_in_zsh, "fish": complete_in_fish}


@pytest.mark.parametrize(
    "shell",
    [
        "bash",
        *(pytest.param(each, marks=pytest.mark.needs("shells")) for each in ("zsh", "fish")),
    ],
)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("pinpoint-sms-emu oper", {"operations"}),
        ("pinpoint-sms-emu clock f", {"freeze"}),
        ("pinpoint-sms-emu messages --rec", {"--recipient"}),
        ("pinpoint-sms-emu messages --channel ", {"text", "media", "voice", "rcs"}),
        ("pinpoint-sms-emu serve --log-level w", {"warning"}),
        ("pinpoint-sms-emu completion ba", {"bash"}),
        ("pinpoint-sms-emu state load pyproj", {"pyproject.toml"}),
        ("pinpoint-sms-emu messages --json --sen", {"--sender"}),
    ],
)
def test_shells_complete(shell, line, offered):
    """Each shell offers commands, options, the values of an option, and files."""
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")

    assert set(COMPLETE[shell](line)) == offered


def test_every_shell_is_tried():
    """No script is offered that no test has run."""
    assert set(COMPLETE) == set(SHELLS)
