"""`messages`: tables, JSON, CSV and codes, once or continuously; and deletion."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
from datetime import timedelta

import pytest

from pinpoint_sms_emu.doors.command_line.output import Table
from tests.doors.serving import COMMAND, Following, environment, make_client, run

NUMBER = "+12065550100"
ALICE = "+14255550100"
BOB = "+14255550101"


def text(emulator, body, sender=ALICE):
    """Send a text to the number."""
    return emulator.receive(body, sender=sender, recipient=NUMBER)


def test_one_message_with_everything_it_has(command, emulator, server):
    """`messages show` prints what a message has and its events; --json prints HTTP's document."""
    client = make_client(server.url)
    sent = client.send_voice_message(
        DestinationPhoneNumber=ALICE,
        OriginationIdentity=NUMBER,
        MessageBody="<speak>Your code is 482 913</speak>",
        MessageBodyTextType="SSML",
        VoiceId="JOANNA",
    )

    lines = dict(
        line.split(":", maxsplit=1)
        for line in command("messages", "show", sent["MessageId"]).splitlines()
    )
    shown = {name: value.strip() for name, value in lines.items()}

    assert shown["spoken_text"] == "Your code is 482 913"
    assert (shown["voice_id"], shown["message_body_text_type"]) == ("JOANNA", "SSML")
    assert shown["codes"] == '["482913"]'
    assert shown["event"] == "VOICE_COMPLETED"
    assert "rcs_message_content" not in shown
    document = json.loads(command("messages", "show", sent["MessageId"], "--json"))
    assert document["message_id"] == sent["MessageId"]


def test_an_unknown_message_is_not_shown(server):
    """A wrong id is reported in one line."""
    finished = run("messages", "show", "x", PINPOINT_SMS_EMU_URL=server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        "pinpoint-sms-emu messages show: there is no message x, or it has been removed\n"
    )


def test_a_table_of_messages(command, emulator):
    """Every message is a line: its local time with its zone, its facts, its id and its text."""
    text(emulator, "Hello there")

    titles, line = command("messages", TZ="Asia/Tokyo").splitlines()

    assert titles.split() == ["CREATED", "CHANNEL", "FROM", "TO", "STATUS", "ID", "BODY"]
    [message] = emulator.messages
    local = message.created + timedelta(hours=9)
    assert line.split(maxsplit=8) == [
        *local.strftime("%Y-%m-%d %H:%M:%S JST").split(),
        *("text", ALICE, NUMBER, "RECEIVED", message.id, "Hello there"),
    ]
    assert titles.index("BODY") == line.index("Hello")


def test_wide_characters_keep_the_columns(command, emulator):
    """Characters of two columns keep the columns aligned."""
    text(emulator, "日本語のテキスト")
    text(emulator, "abc")

    titles, first, second = command("messages", "list").splitlines()

    assert first.endswith("  日本語のテキスト")
    assert first.index("日") == second.index("abc") == titles.index("BODY")


def test_wide_characters_in_any_column(capsys):
    """A column is as wide as its widest text on the screen, not as its number of characters."""
    Table(["A", "B"]).print([["日本語", "x"], ["abc", "y"]])

    titles, first, second = capsys.readouterr().out.splitlines()

    assert first == "日本語  x"
    assert second == "abc     y"
    assert titles == "A       B"


def test_messages_as_json(command, emulator):
    """--json prints the answer of the route."""
    text(emulator, "Grüße")

    answer = json.loads(command("messages", "--json"))

    assert answer["messages"] == [message.as_dict() for message in emulator.messages]
    assert (answer["total"], answer["forgotten"]) == (1, 0)


@pytest.mark.parametrize(
    ("query", "bodies"),
    [
        (["--sender", ALICE], ["one", "three"]),
        (["--recipient", NUMBER, "--limit", "1"], ["one"]),
        (["--contains", "two"], ["two"]),
        (["--direction", "outbound"], []),
        (["--channel", "voice"], []),
        (["--status", "RECEIVED", "--region", "us-east-1"], ["one", "two", "three"]),
        (["--account-id", "999999999999"], []),
        (["--wait-seconds", "0", "--sender", BOB], ["two"]),
        (["--order", "newest", "--limit", "2"], ["three", "two"]),
    ],
)
def test_filters(command, emulator, query, bodies):
    """Every query parameter of the route is an option."""
    text(emulator, "one")
    text(emulator, "two", sender=BOB)
    text(emulator, "three")

    answer = json.loads(command("messages", "--json", *query))

    assert [message["body"] for message in answer["messages"]] == bodies


def test_messages_after_another(command, emulator):
    """--after begins behind a message."""
    first = text(emulator, "one")
    text(emulator, "two")

    answer = json.loads(command("messages", "--json", "--after", first.message_id))

    assert [message["body"] for message in answer["messages"]] == ["two"]


def test_no_messages(server):
    """If there are no messages, standard error says so; the output is empty."""
    finished = run("messages", "--url", server.url)

    assert (finished.returncode, finished.stdout) == (0, "")
    assert finished.stderr == "No messages.\n"


def test_a_truncated_list_says_so(server, emulator):
    """If there are more messages, standard error says so."""
    text(emulator, "one")
    text(emulator, "two")

    finished = run("messages", "--url", server.url, "--limit", "1")

    assert finished.stderr == "1 of 2 messages.\n"


def test_control_characters_are_escaped(command, emulator):
    """A body stays on one line."""
    text(emulator, "\x1b[31mred\nnext\u202eback")

    _, line = command("messages").splitlines()

    assert line.endswith("\\x1b[31mred\\nnext\\u202eback")


def test_following(server, emulator):
    """--follow shows what there is, then each message as it comes, until Ctrl-C: 130."""
    text(emulator, "before")
    following = Following("messages", "--follow", "--sender", ALICE, "--url", server.url)

    assert following.line().startswith("CREATED")
    assert following.line().endswith("before")
    text(emulator, "another", sender=BOB)
    text(emulator, "after")
    assert following.line().endswith("after")

    following.process.send_signal(signal.SIGINT)
    assert following.end() == (130, "")


def test_following_as_json(server, emulator):
    """With --json each message is a line; with the end of the server it ends, with status 1."""
    text(emulator, "before")
    following = Following("messages", "--follow", "--json", "--url", server.url)

    assert json.loads(following.line())["body"] == "before"
    text(emulator, "after")
    assert json.loads(following.line()) == emulator.messages[-1].as_dict()

    server.stop()
    status, complaint = following.end()
    assert status == 1
    assert complaint.startswith("pinpoint-sms-emu messages: ")
    assert complaint.count("\n") == 1


def test_waiting_is_not_following(server):
    """The two options exclude each other."""
    finished = run("messages", "--follow", "--wait-seconds", "1", "--url", server.url)

    assert finished.returncode == 2
    assert finished.stderr == (
        "pinpoint-sms-emu messages: --follow and --wait-seconds exclude each other\n"
    )


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "inf", "1e12"])
def test_invalid_waits_are_refused(seconds):
    """A wait is a number of seconds, at most a day."""
    finished = run("messages", f"--wait-seconds={seconds}")

    assert finished.returncode == 2
    assert "must be a number of seconds from 0 to 86400" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_a_closed_pipe_is_no_error(server, emulator):
    """A reader such as head may stop early."""
    for _ in range(300):
        text(emulator, "x" * 1000)
    listing = Following("messages", "--url", server.url)
    listing.process.stdout.readline()
    listing.process.stdout.close()

    assert listing.process.wait(60) == 0
    assert listing.process.stderr.read() == ""
    listing.process.stderr.close()


def on_a_terminal(*arguments: str, **variables: str) -> str:
    """Return the output of a command on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    variables = {"TERM": "xterm", "COLUMNS": "80"} | variables
    kept = environment(**variables)
    if "NO_COLOR" not in variables:
        kept.pop("NO_COLOR", None)
    with subprocess.Popen([*COMMAND, *arguments], stdout=theirs, env=kept) as process:
        os.close(theirs)
        printed = b""
        try:
            while data := os.read(ours, 4096):
                printed += data
        except OSError:
            pass  # the other end is closed
        assert process.wait(60) == 0
    os.close(ours)
    return printed.decode()


def test_colours_on_a_terminal_alone(command, server, emulator):
    """Output on a terminal has colours, unless NO_COLOR is set or the terminal is dumb."""
    text(emulator, "Hello")
    list_them = ("messages", "--url", server.url)

    assert "\x1b[32mRECEIVED" in on_a_terminal(*list_them)
    assert "\x1b" not in on_a_terminal(*list_them, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(*list_them, TERM="dumb")
    assert "\x1b" not in command("messages")


def test_lines_fit_a_terminal(command, server, emulator):
    """A narrow terminal has a line of facts, and one of id and text, cut where it ends."""
    text(emulator, "x" * 200)
    [message] = emulator.messages

    facts, line = on_a_terminal("messages", "--url", server.url, NO_COLOR="1").splitlines()

    assert facts.startswith("RECEIVED  ")
    assert facts.endswith(f"  text  {ALICE} > {NUMBER}")
    assert line.startswith(f"  {message.id}  xxx")
    assert len(line) == 80
    assert line.endswith("x…")
    assert command("messages").rstrip().endswith("x" * 200)


def test_a_wide_terminal_has_one_line(server, emulator):
    """A wide terminal has a table like a pipe, its last column cut where the terminal ends."""
    text(emulator, "x" * 200)

    titles, line = on_a_terminal(
        "messages", "--url", server.url, NO_COLOR="1", COLUMNS="160"
    ).splitlines()

    assert titles.startswith("CREATED")
    assert len(line) == 160
    assert line.endswith("x…")


def test_messages_as_csv_and_lines_of_json(command, emulator, server):
    """--format gives what HTTP gives; JSON has one message a line."""
    text(emulator, "one, two")
    text(emulator, 'say "three"')

    rows = list(csv.DictReader(io.StringIO(command("messages", "--format", "csv"))))
    lines = command("messages", "list", "--format", "jsonl").splitlines()

    assert [row["body"] for row in rows] == ["one, two", 'say "three"']
    assert rows[0]["message_id"] == emulator.messages[0].id
    assert [json.loads(line)["body"] for line in lines] == ["one, two", 'say "three"']


@pytest.mark.parametrize(
    "arguments", [("--json",), ("--format", "jsonl"), ("--format", "csv"), ("--order", "newest")]
)
def test_control_characters_are_escaped_in_every_format(command, emulator, arguments):
    """So are direction overrides."""
    text(emulator, "a\x1b[31m\u202eb\x9b\u200bc\x7f")

    printed = command("messages", *arguments)

    assert all(each.isprintable() or each in "\r\n" for each in printed)
    assert "\\u202e" in printed


def test_json_that_is_escaped_is_the_same_json(command, emulator):
    """Escaped characters are decoded to what was sent."""
    body = "a\x1b[31m\u202eb\x9b\U000e0041c 日本 😀"
    text(emulator, body)

    printed = command("messages", "--json")

    assert json.loads(printed)["messages"][0]["body"] == body
    assert "日本 😀" in printed


def test_the_latest_code(command, emulator):
    """--code prints the bare code of the latest message that has one."""
    text(emulator, "Your code is 111111")
    text(emulator, "Your code is 482913")
    text(emulator, "Thank you")

    assert command("messages", "--code") == "482913\n"
    assert command("messages", "list", "--code", "--sender", ALICE) == "482913\n"


def test_no_code(server, emulator):
    """If no message has a code, an error says so, with exit status 1."""
    text(emulator, "Thank you")

    finished = run("messages", "--code", "--url", server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == "No message with a code.\n"


def test_messages_are_cleared(command, emulator):
    """`messages clear` deletes what fits, and without a filter all."""
    text(emulator, "one")
    text(emulator, "two", sender=BOB)
    text(emulator, "three")

    assert command("messages", "clear", "--sender", BOB) == ""
    assert [message.body for message in emulator.messages] == ["one", "three"]
    assert command("messages", "clear") == ""
    assert emulator.messages == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--code", "--json"], "--code and --json exclude each other"),
        (["--json", "--format", "csv"], "--json and --format exclude each other"),
        (["--follow", "--order", "newest"], "--follow and --order exclude each other"),
    ],
)
def test_options_that_exclude_each_other(arguments, sentence):
    """Two options that exclude each other are refused with one sentence."""
    finished = run("messages", *arguments)

    assert finished.returncode == 2
    assert finished.stderr == f"pinpoint-sms-emu messages: {sentence}\n"
