"""The commands that show, arrange and steer."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.server import Server
from tests.doors.serving import COMMAND, environment, run

NUMBER = "+12065550100"
ALICE = "+14255550100"
BOB = "+14255550101"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """An emulator with a number."""
    emulator = Emulator(seed=7)
    emulator.add_number(NUMBER)
    yield emulator
    emulator.close()


@pytest.fixture
def server(emulator) -> Iterator[Server]:
    """Its server."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def command(server):
    """Run a command for the server; it must have ended well."""

    def command(*arguments: str, **variables: str) -> str:
        finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url, **variables)
        assert (finished.returncode, finished.stderr) == (0, "")
        return finished.stdout

    return command


def text(emulator, body, sender=ALICE):
    """Let somebody text the number."""
    return emulator.receive(body, sender=sender, recipient=NUMBER)


def test_a_table_of_messages(command, emulator):
    """Every message is a line: when, how, from whom, to whom, its status and what it says."""
    text(emulator, "Hello there")

    titles, line = command("messages").splitlines()

    assert titles.split() == ["CREATED", "CHANNEL", "FROM", "TO", "STATUS", "BODY"]
    shown = emulator.messages[0]
    assert line.split(maxsplit=6) == [
        *shown.created.strftime("%Y-%m-%d %H:%M:%S").split(),
        *("text", ALICE, NUMBER, "RECEIVED", "Hello there"),
    ]
    assert titles.index("BODY") == line.index("Hello")


def test_messages_as_json(command, emulator):
    """--json gives what the route answers."""
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
    ],
)
def test_which_messages(command, emulator, query, bodies):
    """Every query of the route is an option."""
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
    """That there are none is said beside the output, which stays empty."""
    finished = run("messages", "--url", server.url)

    assert (finished.returncode, finished.stdout) == (0, "")
    assert finished.stderr == "No messages.\n"


def test_some_of_the_messages(server, emulator):
    """That there are more is said beside the output."""
    text(emulator, "one")
    text(emulator, "two")

    finished = run("messages", "--url", server.url, "--limit", "1")

    assert finished.stderr == "1 of 2 messages.\n"


def test_a_body_steers_no_terminal(command, emulator):
    """What steers a terminal is spelled out, and a body stays on its line."""
    text(emulator, "\x1b[31mred\nnext\u202eback")

    _, line = command("messages").splitlines()

    assert line.endswith("\\x1b[31mred\\nnext\\u202eback")


class Following:
    """A command that goes on."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        # What a shell has in the background heeds no Ctrl-C, and its children neither.
        handler = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            [*COMMAND, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**variables),
        )
        signal.signal(signal.SIGINT, handler)

    def line(self) -> str:
        """The next line that it prints."""
        return self.process.stdout.readline().rstrip("\n")

    def end(self) -> tuple[int, str]:
        """Wait for its end: its exit status, and what it has complained about."""
        _, complaints = self.process.communicate(timeout=10)
        return self.process.returncode, complaints


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
    """Only one of the two can be asked for."""
    finished = run("messages", "--follow", "--wait-seconds", "1", "--url", server.url)

    assert finished.returncode == 2
    assert "not allowed with argument --follow" in finished.stderr


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "inf", "1e12"])
def test_waits_that_cannot_be(seconds):
    """How long to wait is a number of seconds, for a day at most."""
    finished = run("messages", f"--wait-seconds={seconds}")

    assert finished.returncode == 2
    assert "must be a number of seconds from 0 to 86400" in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_who_reads_may_leave(server, emulator):
    """A reader that has had enough, as head has, is no mistake."""
    for _ in range(300):
        text(emulator, "x" * 1000)
    listing = Following("messages", "--url", server.url)
    listing.process.stdout.readline()
    listing.process.stdout.close()

    assert listing.process.wait(10) == 0
    assert listing.process.stderr.read() == ""
    listing.process.stderr.close()


def on_a_terminal(*arguments: str, **variables: str) -> str:
    """What a command prints on a terminal of 80 columns."""
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
        assert process.wait(10) == 0
    os.close(ours)
    return printed.decode()


def test_colours_on_a_terminal_alone(command, server, emulator):
    """A terminal gets colours, unless NO_COLOR or a dumb terminal says otherwise."""
    text(emulator, "Hello")
    list_them = ("messages", "--url", server.url)

    assert "\x1b[32mRECEIVED" in on_a_terminal(*list_them)
    assert "\x1b" not in on_a_terminal(*list_them, NO_COLOR="1")
    assert "\x1b" not in on_a_terminal(*list_them, TERM="dumb")
    assert "\x1b" not in command("messages")


def test_lines_fit_a_terminal(command, server, emulator):
    """A long body is cut where the terminal ends, and nowhere else."""
    text(emulator, "x" * 200)

    line = on_a_terminal("messages", "--url", server.url, NO_COLOR="1").splitlines()[1]

    assert len(line) == 80
    assert line.endswith("x…")
    assert command("messages").rstrip().endswith("x" * 200)


def test_somebody_texts(command, emulator):
    """Inbound tells the keyword that was understood, and the answer."""
    told = command("inbound", "--sender", ALICE, "--recipient", NUMBER, "STOP")

    received = emulator.messages[0]
    assert "Keyword:  STOP (OPT_OUT)\n" in told
    assert f"Message:  {received.message_id}\n" in told
    assert emulator.messages[-1].body in told


def test_what_is_left_to_the_application(command, emulator):
    """Where opt-outs are self-managed, nothing was done about the keyword."""
    settings = {
        "TwoWayEnabled": True,
        "TwoWayChannelArn": "arn:aws:sns:us-east-1:123456789012:inbound",
        "SelfManagedOptOutsEnabled": True,
    }
    number = emulator.account("123456789012", "us-east-1").phone_numbers.by_number(NUMBER)
    emulator.call("UpdatePhoneNumber", {"PhoneNumberId": number.id} | settings)

    told = command("inbound", "--sender", ALICE, "--recipient", NUMBER, "STOP")

    assert told.startswith("Keyword:  STOP (left to the application)\nAnswer:   none\n")


def test_somebody_texts_as_json(command, emulator):
    """With --json it is what the route answers."""
    told = json.loads(
        command("inbound", "--json", "--sender", ALICE, "--recipient", NUMBER, "Hello")
    )

    assert told["message_id"] == emulator.messages[0].message_id


def test_a_number_that_nobody_has(server):
    """A refusal of the server is one sentence, with exit status 1."""
    finished = run(
        *("inbound", "--url", server.url, "--sender", ALICE, "--recipient", "+12065550199", "Hi")
    )

    assert finished.returncode == 1
    assert finished.stderr.startswith("pinpoint-sms-emu inbound: ")
    assert finished.stderr.count("\n") == 1


def test_numbers(command, emulator):
    """A number of one's choice is added, and shown with those that there are."""
    channel = "arn:aws:sns:us-east-1:123456789012:inbound"
    phone_number_id = command(
        *("numbers", "add", "+14155550100", "--number-capabilities", "SMS,VOICE"),
        *("--two-way-enabled", "--two-way-channel-arn", channel, "--region", "us-east-1"),
    ).strip()
    command("numbers", "add", "12345", "--iso-country-code", "US", "--account-id", "210987654321")

    ours = emulator.account("123456789012", "us-east-1").phone_numbers[phone_number_id]
    assert ours.number_capabilities == ["SMS", "VOICE"]
    assert ours.two_way_channel_arn == channel
    first, second, third = command("numbers").splitlines()
    assert f"  phone_number={NUMBER}  status=ACTIVE  " in first
    assert second.startswith(f"{phone_number_id}  phone_number=+14155550100  ")
    assert "phone_number=12345" in third
    assert third.endswith("  account_id=210987654321  region=us-east-1")
    shown = json.loads(command("numbers", "--json"))
    assert [each["phone_number"] for each in shown] == [NUMBER, "+14155550100", "12345"]


def test_faults(command, emulator):
    """Faults are added, shown and forgotten, one or all."""
    throttled = ("SendTextMessage", "--error", "ThrottlingException", "--times", "2")
    slow = ("*", "--delay-seconds", "0.5", "--probability", "0.1")

    assert command("faults", "add", *throttled) == "fault-1\n"
    assert json.loads(command("faults", "add", *slow, "--json")) == next(
        each.as_dict() for each in emulator.faults if each.id == "fault-2"
    )
    assert command("faults").splitlines() == [
        "fault-1  operation=SendTextMessage  error=ThrottlingException  times=2  probability=1.0",
        "fault-2  operation=*  probability=0.1  delay_seconds=0.5",
    ]
    assert command("faults", "forget", "fault-1") == ""
    assert [each["id"] for each in json.loads(command("faults", "--json"))["faults"]] == ["fault-2"]
    assert command("faults", "forget") == ""
    assert command("faults") == ""


def test_outcomes(command, emulator):
    """Outcomes are added, shown and forgotten, one or all."""
    assert command("outcomes", "add", "TEXT_BLOCKED", "--recipient", ALICE) == "outcome-1\n"
    assert command("outcomes", "add", "VOICE_BUSY", "--times", "1") == "outcome-2\n"

    assert command("outcomes").splitlines() == [
        f"outcome-1  event=TEXT_BLOCKED  recipient={ALICE}",
        "outcome-2  event=VOICE_BUSY  recipient=*  times=1",
    ]
    assert command("outcomes", "forget", "outcome-1") == ""
    assert [each.id for each in emulator.outcomes] == ["outcome-2"]
    assert command("outcomes", "forget") == ""
    assert list(emulator.outcomes) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("numbers", "add", "12"), "12 belongs to no country: give an iso_country_code"),
        (("faults", "add", "SendPost"), "SendPost"),
        (("faults", "forget", "fault-1"), "there is no fault fault-1"),
        (("outcomes", "add", "TEXT_LOST"), "event must be one of TEXT_PENDING"),
        (("outcomes", "forget", "outcome-1"), "there is no outcome outcome-1"),
    ],
)
def test_what_cannot_be_arranged(server, arguments, sentence):
    """A refusal of the server is one sentence, with exit status 1."""
    finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith(f"pinpoint-sms-emu {arguments[0]} {arguments[1]}: ")
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_the_clock(command, emulator):
    """Time is shown, stopped, moved and let go."""
    assert command("clock").endswith(" (running)\n")

    stopped = json.loads(command("clock", "freeze", "--json"))
    assert stopped["frozen"]
    assert stopped["now"] == emulator.clock.now().isoformat()

    before = emulator.clock.now()
    told = command("clock", "advance", "1d1h30m")
    assert (emulator.clock.now() - before).total_seconds() == 91_800
    assert told.startswith(f"{emulator.clock.now().isoformat()} (frozen, ")

    later = "2077-01-31T12:00:00+00:00"
    assert command("clock", "freeze", later).startswith(later)

    assert command("clock", "resume").endswith(" (running)\n")
    assert command("clock", "show", "--json") != ""


@pytest.mark.parametrize(("length", "seconds"), [("90", 90), ("0.5h", 1800), ("2d", 172_800)])
def test_lengths_of_time(command, emulator, length, seconds):
    """A length of time is seconds, or numbers with their units."""
    emulator.clock.freeze()
    before = emulator.clock.now()

    command("clock", "advance", length)

    assert (emulator.clock.now() - before).total_seconds() == seconds


@pytest.mark.parametrize("length", ["soon", "-5s", "5 h", "1w", ""])
def test_lengths_of_time_that_are_none(length):
    """What is no length of time is wrong usage."""
    finished = run("clock", "advance", length)

    assert finished.returncode == 2
    assert finished.stderr.count("\n") == 1


def test_the_url_before_and_after_the_way(server):
    """Options may stand before the way to move time, or behind it."""
    before = run("clock", "--url", server.url, "show")
    after = run("clock", "show", "--url", server.url)

    assert (before.returncode, after.returncode) == (0, 0)


def test_the_state(command, emulator, tmp_path):
    """What was saved is there again."""
    text(emulator, "Hello")
    file = tmp_path / "state.json"
    before = emulator.snapshot()

    assert command("state", "save", str(file)) == ""
    emulator.reset()
    assert command("state", "load", str(file)) == ""

    assert emulator.snapshot() == before


def test_the_state_in_a_pipe(server, emulator):
    """- is standard output, and standard input."""
    text(emulator, "Hello")
    saved = run("state", "save", "-", "--url", server.url).stdout
    emulator.reset()

    loaded = subprocess.run(
        [*COMMAND, "state", "load", "-", "--url", server.url],
        input=saved,
        text=True,
        check=False,
        timeout=30,
        env=environment(),
    )

    assert loaded.returncode == 0
    assert [message.body for message in emulator.messages] == ["Hello"]


@pytest.mark.parametrize("content", ["nonsense", "[]", '{"version": -1}', None])
def test_states_that_are_none(server, emulator, tmp_path, content):
    """What is no state is refused in one sentence that names it, and changes nothing."""
    file = tmp_path / "state.json"
    if content is not None:
        file.write_text(content)
    before = emulator.snapshot()

    finished = run("state", "load", str(file), "--url", server.url)

    assert finished.returncode == 1
    assert finished.stderr.startswith("pinpoint-sms-emu state load: ")
    assert finished.stderr.count("\n") == 1
    assert emulator.snapshot() == before


def test_a_command_without_its_way():
    """`state` alone is wrong usage: its help says what there is."""
    finished = run("state")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert "{save,load}" in finished.stderr or "save" in finished.stderr


def test_operations_as_json(command):
    """--json gives what the route answers."""
    told = json.loads(command("operations", "--json"))

    assert {"name": "CreatePool", "emulated": True} in told["operations"]


def test_the_token(emulator):
    """Commands give the access token, by option or variable; without it they are refused."""
    emulator.reset(access_token="secret")  # as the server was started with it
    with Server(emulator) as server:
        refused = run("reset", "--url", server.url)
        by_option = run("operations", "--url", server.url, "--access-token", "secret")
        by_variable = run("operations", "--url", server.url, PINPOINT_SMS_EMU_ACCESS_TOKEN="secret")

    assert refused.returncode == 1
    assert "access_token" in refused.stderr
    assert (by_option.returncode, by_variable.returncode) == (0, 0)


def test_what_is_not_the_emulator():
    """Something else at that place is one sentence."""
    with subprocess.Popen(
        ["bash", "-c", "exec 2>&-; exec python3 -m http.server --bind 127.0.0.1 0"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(PYTHONUNBUFFERED="1"),
    ) as other:
        try:
            words = other.stdout.readline().split()
            url = f"http://127.0.0.1:{words[words.index('port') + 1]}"
            started = time.monotonic()
            finished = run("operations", "--url", url)
        finally:
            other.kill()

    assert time.monotonic() - started < 10
    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
