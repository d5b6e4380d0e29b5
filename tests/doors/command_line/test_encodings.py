"""Arguments and output in other encodings than UTF-8."""

import argparse
import json

import pytest

from pinpoint_sms_emu.doors.command_line.main import build_parser
from tests.doors.command_line.conftest import NUMBER
from tests.doors.serving import run

RECIPIENT = "+14255550123"
# How Python passes an argument with the byte FF.
NOT_UTF_8 = "\udcff"


def commands(parser):
    """Yield a parser, and those of all its subcommands."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                yield from commands(each)


def values():
    """Yield each option and argument of each command that takes a value."""
    for command in commands(build_parser()):
        for action in command._actions:
            if action.nargs not in (0, argparse.PARSER):
                yield command, action


def refuses(command, action):
    """Return whether a value that is not UTF-8 is refused."""
    try:
        command._get_value(action, NOT_UTF_8)
    except argparse.ArgumentError as error:
        return "must be UTF-8" in str(error)
    return False


def test_only_names_of_files_may_have_other_bytes():
    """All other values are sent to a server, as JSON or in a URL."""
    taking = {
        f"{command.prog} {'/'.join(action.option_strings) or action.metavar}"
        for command, action in values()
        if not refuses(command, action)
    }

    assert taking == {
        "pinpoint-sms-emu messages media --output",
        "pinpoint-sms-emu seed check FILE",
        "pinpoint-sms-emu seed export FILE",
        "pinpoint-sms-emu seed init FILE",
        "pinpoint-sms-emu serve --data-dir",
        "pinpoint-sms-emu serve --policies",
        "pinpoint-sms-emu serve --seed-file",
        "pinpoint-sms-emu serve --signing-keys",
        "pinpoint-sms-emu state load FILE",
        "pinpoint-sms-emu state save FILE",
    }


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["send", "--recipient", RECIPIENT, f"caf{NOT_UTF_8}"], "BODY"),
        (["numbers", "add", NOT_UTF_8], "PHONE_NUMBER"),
        (["messages", "--recipient", NOT_UTF_8], "--recipient"),
        (["serve", "--host", NOT_UTF_8], "--host"),
    ],
)
def test_a_value_that_is_not_utf_8_is_refused(arguments, named):
    """One sentence names the argument; nothing is sent."""
    finished = run(*arguments)

    assert finished.returncode == 2
    assert f"argument {named}: must be UTF-8, unlike" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_a_file_may_have_any_name(command, emulator, tmp_path):
    """A state is saved under a name that is not UTF-8."""
    file = tmp_path / f"caf{NOT_UTF_8}.json"

    command("state", "save", str(file))

    assert json.loads(file.read_text("utf-8")) == emulator.snapshot()


@pytest.fixture
def texted(emulator):
    """A text with characters of which few encodings have all."""
    emulator.receive("café € 👍", sender=RECIPIENT, recipient=NUMBER)


@pytest.mark.usefixtures("texted")
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", r"caf\u00e9 \u20ac \ud83d\udc4d"), ("iso8859-1", r"café \u20ac \ud83d\udc4d")],
)
def test_output_escapes_what_its_encoding_does_not_have(server, encoding, shown):
    """A list does not end at the first such character."""
    finished = run(
        "messages", PINPOINT_SMS_EMU_URL=server.url, PYTHONIOENCODING=encoding, encoding=encoding
    )

    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.rstrip().endswith(shown)


@pytest.mark.usefixtures("texted")
@pytest.mark.parametrize(
    "arguments", [["messages", "--json"], ["messages", "--format", "jsonl"], ["state", "save", "-"]]
)
def test_json_stays_json(command, arguments):
    """Programs read the same texts, whatever the encoding is."""
    assert "café € 👍" in str(json.loads(command(*arguments, PYTHONIOENCODING="ascii")))


def test_what_is_printed_for_a_file_is_utf_8(server, emulator):
    """A seed file that was written by redirecting the output has the encoding of TOML."""
    emulator.add_number("+12065550101", tags={"who": "Zoë 👍"})

    finished = run(
        "seed",
        "export",
        PINPOINT_SMS_EMU_URL=server.url,
        PYTHONIOENCODING="ascii",
        encoding="utf-8",
    )

    assert "Zoë 👍" in finished.stdout


def test_a_chosen_way_to_print_other_characters_stays(server, emulator):
    """PYTHONIOENCODING can name a handler of errors, which has precedence."""
    emulator.receive("€", sender=RECIPIENT, recipient=NUMBER)

    finished = run("messages", PINPOINT_SMS_EMU_URL=server.url, PYTHONIOENCODING="ascii:replace")

    assert finished.stdout.rstrip().endswith("?")
