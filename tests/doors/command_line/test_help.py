"""The help of every command: its examples, its options, its words."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterator
from typing import Literal, get_args, get_origin, get_type_hints

import pytest

from pinpoint_sms_emu.doors.command_line import main
from pinpoint_sms_emu.settings import SettingsArguments


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


CHOICES = {
    name: get_args(next(iter(get_args(hint))))
    for name, hint in get_type_hints(SettingsArguments).items()
    if get_origin(next(iter(get_args(hint)), None)) is Literal
}


@pytest.mark.parametrize("setting", sorted(CHOICES))
def test_the_help_of_serve_writes_the_choices(setting):
    """A setting with a few values shows them in the usage."""
    option = f"--{setting.replace('_', '-')}"
    [action] = [each for each in COMMANDS["serve",]._actions if option in each.option_strings]

    assert action.metavar.strip("{}").split(",") == list(CHOICES[setting])


def test_options_repeat_no_word_as_their_value():
    """--with-moto takes true or false, not a MOTO."""
    for action in COMMANDS["serve",]._actions:
        if action.nargs == "?":
            assert action.metavar == "true|false"


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_option_is_explained(path):
    """Every argument and subcommand has a help text."""
    for action in COMMANDS[path]._actions:
        if isinstance(action, argparse._SubParsersAction):
            assert action.metavar == "COMMAND"
            assert all(each.help for each in action._choices_actions)
        else:
            assert action.help


def with_option(option: str) -> list[tuple[str, ...]]:
    """The commands that have an option."""
    return [path for path, command in COMMANDS.items() if option in command._option_string_actions]


@pytest.mark.parametrize("value", ["", "-1", "12345678901", "prod"])
@pytest.mark.parametrize("path", with_option("--account-id"), ids=" ".join)
def test_what_is_no_account_is_wrong_usage(path, value, capsys):
    """No command takes another text for an account, or for none."""
    with pytest.raises(SystemExit) as ended:
        main.main([*path, "--account-id", value])

    assert ended.value.code == 2
    assert f"--account-id: must be 12 digits, not '{value}'" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "US East"])
@pytest.mark.parametrize("path", with_option("--region"), ids=" ".join)
def test_what_is_no_region_is_wrong_usage(path, value, capsys):
    """No command takes another text for a Region, or for the default one."""
    with pytest.raises(SystemExit) as ended:
        main.main([*path, "--region", value])

    assert ended.value.code == 2
    assert f"--region: must be a Region such as us-east-1, not '{value}'" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["", "Yes", "[1]"])
@pytest.mark.parametrize("option", ["--suggestion", "--location", "--media"])
def test_what_is_no_json_object_is_quoted(option, value, capsys):
    """The error about an empty value does not end after "not"."""
    with pytest.raises(SystemExit) as ended:
        main.main(["inbound", option, value])

    assert ended.value.code == 2
    assert f"{option}: must be a JSON object, not '{value}'; see " in capsys.readouterr().err


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
