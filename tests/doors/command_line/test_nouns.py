"""Commands that list, add and clear, and those that show resources."""

from __future__ import annotations

import csv
import json
import subprocess
import time

import pytest

from pinpoint_sms_emu import Server
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import environment, run

NUMBER = "+12065550100"
ALICE = "+14255550100"


def test_an_end_user_texts(command, emulator):
    """`inbound` prints the keyword and the reply."""
    result = command("inbound", "--sender", ALICE, "--recipient", NUMBER, "STOP")

    received = emulator.messages[0]
    assert "Keyword:  STOP (OPT_OUT)\n" in result
    assert f"Message:  {received.message_id}\n" in result
    assert emulator.messages[-1].body in result


def test_self_managed_opt_outs(command, emulator):
    """The keyword had no effect."""
    settings = {
        "TwoWayEnabled": True,
        "TwoWayChannelArn": "arn:aws:sns:us-east-1:123456789012:inbound",
        "SelfManagedOptOutsEnabled": True,
    }
    number = (
        engine_of(emulator).account("123456789012", "us-east-1").phone_numbers.by_number(NUMBER)
    )
    engine_of(emulator).call("UpdatePhoneNumber", {"PhoneNumberId": number.id} | settings)

    result = command("inbound", "--sender", ALICE, "--recipient", NUMBER, "STOP")

    assert result.startswith("Keyword:  STOP (left to the application)\nReply:    none\n")


def test_an_end_user_texts_as_json(command, emulator):
    """With --json it prints the route's answer."""
    result = json.loads(
        command("inbound", "--json", "--sender", ALICE, "--recipient", NUMBER, "Hello")
    )

    assert result["message_id"] == emulator.messages[0].message_id


def test_an_unknown_number_is_refused(server):
    """A refusal by the server is one sentence, with exit status 1."""
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

    ours = engine_of(emulator).account("123456789012", "us-east-1").phone_numbers[phone_number_id]
    assert ours.number_capabilities == ["SMS", "VOICE"]
    assert ours.two_way_channel_arn == channel
    titles, first, second, third = command("numbers").splitlines()
    assert titles.startswith("ID ")
    assert first.split()[1:4] == [NUMBER, "LONG_CODE", "ACTIVE"]
    assert second.split()[:2] == [phone_number_id, "+14155550100"]
    assert third.split()[1] == "12345"
    assert third.split()[-2:] == ["210987654321", "us-east-1"]
    printed = json.loads(command("numbers", "list", "--json"))
    assert printed == {"numbers": [each.as_dict() for each in emulator.numbers], "total": 3}
    rows = list(csv.DictReader(command("numbers", "--format", "csv").splitlines()))
    assert [row["phone_number"] for row in rows] == [NUMBER, "+14155550100", "12345"]
    [other] = command("numbers", "list", "--account-id", "210987654321").splitlines()[1:]
    assert "12345" in other


def test_faults(command, emulator):
    """Faults are added, listed and cleared, one or all."""
    throttled = ("SendTextMessage", "--error", "ThrottlingException", "--times", "2")
    slow = ("*", "--delay-seconds", "0.5", "--probability", "0.1")

    assert command("faults", "add", *throttled) == "fault-1\n"
    assert json.loads(command("faults", "add", *slow, "--json")) == next(
        each.as_dict() for each in emulator.faults if each.id == "fault-2"
    )
    titles, first, second = command("faults").splitlines()
    assert titles.split()[:4] == ["ID", "OPERATION", "ERROR", "REASON"]
    assert first.split() == ["fault-1", "SendTextMessage", "ThrottlingException", "2", "1.0"]
    assert second.split() == ["fault-2", "*", "0.1", "0.5", "s"]
    assert command("faults", "clear", "fault-1") == ""
    listed = json.loads(command("faults", "list", "--json"))["faults"]
    assert [each["id"] for each in listed] == ["fault-2"]
    assert command("faults", "clear") == ""
    assert list(emulator.faults) == []


def test_outcomes(command, emulator):
    """Outcomes are added, listed and cleared, one or all."""
    assert command("outcomes", "add", "TEXT_BLOCKED", "--recipient", ALICE) == "outcome-1\n"
    assert command("outcomes", "add", "VOICE_BUSY", "--times", "1") == "outcome-2\n"

    assert [line.split() for line in command("outcomes", "list").splitlines()] == [
        ["ID", "EVENT", "RECIPIENT", "TIMES", "ACCOUNT", "REGION"],
        ["outcome-1", "TEXT_BLOCKED", ALICE],
        ["outcome-2", "VOICE_BUSY", "*", "1"],
    ]
    assert command("outcomes", "clear", "outcome-1") == ""
    assert [each.id for each in emulator.outcomes] == ["outcome-2"]
    assert command("outcomes", "clear") == ""
    assert list(emulator.outcomes) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("numbers", "add", "12"), "12 does not belong to a country; add its iso_country_code"),
        (("faults", "add", "SendPost"), "SendPost"),
        (("faults", "clear", "fault-1"), "there is no fault fault-1"),
        (
            ("outcomes", "add", "TEXT_LOST"),
            "there is no event 'TEXT_LOST'; it must be one of 46 values, the most similar are ",
        ),
        (("outcomes", "clear", "outcome-1"), "there is no outcome outcome-1"),
    ],
)
def test_invalid_arguments_are_refused(server, arguments, sentence):
    """A refusal by the server is one sentence, with exit status 1."""
    finished = run(*arguments, PINPOINT_SMS_EMU_URL=server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith(f"pinpoint-sms-emu {arguments[0]} {arguments[1]}: ")
    assert sentence in finished.stderr
    assert finished.stderr.count("\n") == 1


def test_a_command_without_its_subcommand():
    """`state` alone is wrong usage: its help lists the subcommands."""
    finished = run("state")

    assert (finished.returncode, finished.stdout) == (2, "")
    assert "save the whole state to a file" in finished.stderr


def test_operations_as_json(command):
    """--json prints the answer of the route."""
    result = json.loads(command("operations", "--json"))

    assert {"name": "CreatePool", "emulated": True} in result["operations"]


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


def test_another_server_is_recognized():
    """The error is one sentence."""
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
