"""The commands that send, and that show what there is: tables, JSON, and empty lists."""

from __future__ import annotations

import csv
import json

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import make_client, run
from tests.filling import fill_in

NUMBER = "+12065550100"
ALICE = "+14255550100"
REGISTRATION = "GB_SENDER_ID_REGISTRATION"


# --- a message -----------------------------------------------------------------------------------


@pytest.mark.since("1.44.5")
def test_a_tapped_suggestion_is_shown(command, emulator):
    """`messages show` prints the postback data of a tap."""
    agent = engine_of(emulator).call("CreateRcsAgent", {})["RcsAgentId"]
    tap = '{"text": "Yes", "postback_data": "yes:1"}'
    engine_of(emulator).call("DescribeRcsAgents", {})
    command("inbound", "--sender", ALICE, "--recipient", agent, "--suggestion", tap)

    shown = command("messages", "show", emulator.messages[-1].message_id)

    [line] = [line for line in shown.splitlines() if line.startswith("interaction:")]
    assert json.loads(line.partition(":")[2]) == {"suggestion": json.loads(tap)}


# --- send ----------------------------------------------------------------------------------------


def test_a_text_is_sent(command, emulator):
    """`send` prints the id of the message, which is sent through the API."""
    message_id = command("send", "--recipient", ALICE, "Your code is 482913").strip()
    other_id = command("send", "--recipient", ALICE, "--sender", NUMBER, "Hello").strip()

    first, second = emulator.messages
    assert (first.id, second.id) == (message_id, other_id)
    assert (first.body, first.recipient, first.account_id) == (
        "Your code is 482913",
        ALICE,
        "123456789012",
    )
    assert second.sender == NUMBER


def test_another_account_sends(command, emulator):
    """--account-id and --region set the sender's account, and --json prints the API's answer."""
    emulator.add_number("+12065550199", account_id="210987654321", region="eu-west-1")

    sent = command(
        *("send", "--json", "--recipient", ALICE, "Hello"),
        *("--account-id", "210987654321", "--region", "eu-west-1"),
    )

    [message] = emulator.messages
    assert json.loads(sent) == {"MessageId": message.id}
    assert (message.account_id, message.region) == ("210987654321", "eu-west-1")


def test_a_send_that_is_refused(server):
    """A refusal is the API's code and text in one line, with exit status 1."""
    finished = run("send", "--recipient", "+1", "Hello", "--url", server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("pinpoint-sms-emu send: ValidationException: ")
    assert finished.stderr.count("\n") == 1


def test_an_explanation_that_repeats_the_message_is_printed_once():
    """A denied call is explained by AWS's own text."""
    policy = {"Version": "2012-10-17", "Statement": []}
    with Server(Emulator(policies={"own": policy})) as server:
        own = {"AWS_ACCESS_KEY_ID": "own", "AWS_SECRET_ACCESS_KEY": "own"}
        finished = run("send", "--recipient", ALICE, "Hello", "--url", server.url, **own)

    assert finished.stderr.count("is not authorized to perform") == 1
    assert finished.stderr.endswith("Allow the action in the policy of the caller.\n")


def test_no_identity_to_send_from():
    """Without a server, the error is one sentence."""
    finished = run("send", "--recipient", ALICE, "Hello", "--url", "http://127.0.0.1:9")

    assert finished.returncode == 1
    assert finished.stderr.startswith(
        "pinpoint-sms-emu send: nothing answers at http://127.0.0.1:9"
    )
    assert finished.stderr.endswith("; start it with pinpoint-sms-emu serve, or give its --url\n")
    assert finished.stderr.count("\n") == 1


# --- health, settings ----------------------------------------------------------------------------


def test_health(command, server):
    """`health` prints version and URL."""
    assert command("health").endswith(f" answers at {server.url}\n")
    assert json.loads(command("health", "--json"))["status"] == "ok"


def test_no_health():
    """Without a server the exit status is 1."""
    finished = run("health", "--url", "http://127.0.0.1:9")

    assert finished.returncode == 1
    assert "nothing answers" in finished.stderr


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({"PINPOINT_SMS_EMU_PORT": "9"}, "http://127.0.0.1:9:"),
        ({"PINPOINT_SMS_EMU_PORT": ""}, "http://127.0.0.1:7670:"),
        ({"PINPOINT_SMS_EMU_PORT": "tcp://10.0.0.7:7670"}, "http://127.0.0.1:7670:"),
        ({"PINPOINT_SMS_EMU_PORT": "9", "PINPOINT_SMS_EMU_URL": "http://127.0.0.1:10"}, ":10:"),
    ],
)
def test_health_looks_where_serve_would_listen(variables, url):
    """With serve's own variable for the port, as in a container, the other commands find it."""
    finished = run("health", **variables)

    # Where something answers there, it is what is looked for.
    assert url in finished.stderr or "answers at" in finished.stdout


def test_the_settings(command, emulator):
    """`settings` lists each setting and its value."""
    lines = [line.split(maxsplit=1) for line in command("settings").splitlines()]

    assert lines[0] == ["SETTING", "VALUE"]
    assert ["account_tier", "PRODUCTION"] in lines
    assert ["seed", "7"] in lines
    assert json.loads(command("settings", "list", "--json"))["seed"] == 7


# --- segments, report ----------------------------------------------------------------------------


def test_the_segments_of_a_text(command):
    """`segments` prints the parts of a text, the characters that need Unicode, and replacements."""
    printed = command("segments", "--country", "US,ES", "It\u2019s 社").splitlines()

    assert printed == [
        "Encoding:         Unicode",
        "Parts:            1",
        "Length:           6 UTF-16 code units",
        "Characters left:  64",
        "Price to US:      0.01181 USD",
        "Price to ES:      0.06087 USD",
        "Forces Unicode:   \u2019 RIGHT SINGLE QUOTATION MARK; write '",
        "Forces Unicode:   社 CJK UNIFIED IDEOGRAPH-793E; no similar character",
    ]
    assert json.loads(command("segments", "--json", "abc"))["encoding"] == "GSM"


def test_the_report(command, emulator):
    """`report` has a row for each day, country, channel and type of number, and the total."""
    emulator.clock.freeze("2031-01-31T12:00:00Z")
    command("send", "--recipient", ALICE, "a" * 161)

    titles, row, total = command("report").splitlines()

    assert titles.startswith("DAY")
    assert row.split() == ["2031-01-31", "US", "text", "LONG_CODE", "1", "2", "0.02362"]
    assert total.split() == ["total", "1", "2", "0.02362"]
    [cells] = csv.DictReader(command("report", "--format", "csv").splitlines())
    assert cells["price"] == "0.02362"
    assert json.loads(command("report", "--json"))["total"]["parts"] == 2


# --- events, resources, registrations ------------------------------------------------------------


def test_the_events(command, emulator):
    """`events` has the local time of each record, its type, its message and where it went."""
    emulator.clock.freeze("2031-01-31T12:00:00Z")
    message_id = command("send", "--recipient", ALICE, "Hello").strip()

    titles, *lines = command("events", "list", TZ="Asia/Tokyo").splitlines()

    assert titles.split() == ["TIME", "EVENT", "MESSAGE", "DESTINATIONS"]
    assert [line.split()[3:] for line in lines] == [
        [each.record["eventType"], message_id] for each in emulator.events
    ]
    assert lines[-1].startswith("2031-01-31 21:00:00 JST")
    other = command("events", "--json", "--message-id", message_id, "--limit", "1")
    assert json.loads(other)["total"] == len(emulator.events)


def test_the_resources(command, emulator):
    """`resources` has each resource of each account, or of one kind."""
    pool = engine_of(emulator).call(
        "CreatePool",
        {
            "OriginationIdentity": emulator.numbers[0].id,
            "IsoCountryCode": "US",
            "MessageType": "TRANSACTIONAL",
        },
    )["PoolId"]

    [titles, line] = command("resources", "list", "--kind", "pool").splitlines()

    assert titles.split() == ["KIND", "ID", "STATUS", "ACCOUNT", "REGION"]
    assert line.split()[:2] == ["pool", pool]
    assert emulator.numbers[0].id in command("resources")
    assert len(json.loads(command("resources", "--json"))["accounts"]) == 1


def test_a_registration_is_reviewed(command, emulator, server):
    """`registrations review` decides, and prints the status; `list` shows it."""
    emulator.reset(registrations="required")
    client = make_client(server.url)
    registration_id = client.create_registration(RegistrationType=REGISTRATION)["RegistrationId"]
    account = engine_of(emulator).account("123456789012", "us-east-1")
    fill_in(client, account.registrations[registration_id])
    client.submit_registration_version(RegistrationId=registration_id)

    assert command("registrations", "review", registration_id, "COMPLETE") == "COMPLETE\n"
    titles, line = command("registrations").splitlines()
    assert titles.split() == ["ID", "TYPE", "STATUS", "ACCOUNT", "REGION"]
    assert line.split()[:3] == [registration_id, REGISTRATION, "COMPLETE"]
    assert json.loads(command("registrations", "list", "--json"))["total"] == 1


def test_updates_are_required(server, emulator):
    """A decision has a reason and reasons of fields; impossible ones are refused in a sentence."""
    registration_id = engine_of(emulator).call(
        "CreateRegistration", {"RegistrationType": REGISTRATION}
    )["RegistrationId"]

    finished = run(
        *("registrations", "review", registration_id, "REQUIRES_UPDATES", "--url", server.url),
        *("--reason", "Unknown company", "--field", "companyInfo.companyName=No such company"),
    )
    no_reason = run("registrations", "review", registration_id, "CLOSED", "--field", "a")

    assert finished.returncode == 1
    assert finished.stderr.count("\n") == 1
    assert no_reason.returncode == 2
    assert "must be PATH=REASON, not 'a'" in no_reason.stderr


# --- nothing -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("noun", "sentence"),
    [
        ("messages", "No messages."),
        ("events", "No events."),
        ("numbers", "No numbers."),
        ("faults", "No faults."),
        ("outcomes", "No outcomes."),
        ("registrations", "No registrations."),
        ("report", "No messages sent."),
    ],
)
def test_empty_lists_say_so(noun, sentence):
    """If there is nothing to list, standard error says so; the output is empty."""
    with Server(Emulator()) as server:
        finished = run(noun, "--url", server.url)
        document = run(noun, "--json", "--url", server.url)

    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", f"{sentence}\n")
    assert json.loads(document.stdout) != {}


def test_a_kind_that_is_not(server):
    """An unknown kind is an error, not an empty list."""
    finished = run("resources", "--kind", "pools", "--url", server.url)

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr == (
        "pinpoint-sms-emu resources: there is no kind 'pools'; did you mean pool?\n"
    )
