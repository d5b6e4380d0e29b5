"""The help of every command: its examples, its options, its words."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator

import pytest

from pinpoint_sms_emu.doors.command_line import main


def commands(
    parser: argparse.ArgumentParser, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Go through all commands and their subcommands."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, command in action.choices.items():
                yield (*path, name), command
                yield from commands(command, (*path, name))


PARSER = main.build_parser()
COMMANDS = dict(commands(PARSER))
NOUNS = (
    "messages",
    "events",
    "calls",
    "numbers",
    "resources",
    "registrations",
    "faults",
    "outcomes",
    "settings",
    "operations",
)


def help_of(path, capsys) -> str:
    """The help of a command."""
    with pytest.raises(SystemExit) as ended:
        main.main([*path, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_examples_that_parse(path, capsys):
    """The help of every command has examples, each of which is right usage of that command."""
    result = help_of(path, capsys)

    examples = result.partition("\nexamples:\n")[2].strip().splitlines()
    assert examples
    for example in examples:
        program, *arguments = shlex.split(example)
        assert program == "pinpoint-sms-emu"
        assert tuple(arguments[: len(path)]) == path
        chosen = main.build_parser().parse_args(arguments)
        assert chosen.run is not None


def test_the_help_lists_every_exit_status(capsys):
    """The help explains each exit status."""
    result = help_of((), capsys)

    for status in ("0", "1", "2", "130"):
        assert f"\n  {status} " in result


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_is_explained(path):
    """Every argument and subcommand has a help text."""
    for action in COMMANDS[path]._actions:
        if isinstance(action, argparse._SubParsersAction):
            assert action.metavar == "COMMAND"
            assert all(each.help for each in action._choices_actions)
        else:
            assert action.help


@pytest.mark.parametrize("noun", NOUNS)
def test_every_noun_has_a_list(noun):
    """`NOUN list` works for every noun, and has the options of `NOUN` alone."""
    alone = {name for action in COMMANDS[(noun,)]._actions for name in action.option_strings}
    listed = {
        name for action in COMMANDS[(noun, "list")]._actions for name in action.option_strings
    }

    assert alone == listed


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_an_option_before_a_subcommand_counts(path):
    """A subcommand inherits options of the command above: no default hides them."""
    if len(path) == 1 or COMMANDS[path[:1]].get_default("run") is None:
        return
    above = {name for action in COMMANDS[path[:1]]._actions for name in action.option_strings}
    for action in COMMANDS[path]._actions:
        if set(action.option_strings) & above - {"-h", "--help"}:
            assert action.default == argparse.SUPPRESS
