"""`calls`: the recorded API calls as a table, one by one, as they happen, and cleared."""

from __future__ import annotations

import json
import signal
from contextlib import closing

import pytest
from botocore.exceptions import ClientError

from tests.doors.serving import Following, make_client

NUMBER = "+12065550100"
ALICE = "+14255550100"


@pytest.fixture
def client(server):
    """A client of the server."""
    with closing(make_client(server.url)) as client:
        yield client


def send(client, body="Hello"):
    """Send a text."""
    client.send_text_message(
        DestinationPhoneNumber=ALICE, OriginationIdentity=NUMBER, MessageBody=body
    )


@pytest.fixture
def refused(emulator, client):
    """A call that was answered, and one that was refused because of an opt-out."""
    send(client)
    emulator.receive("STOP", sender=ALICE, recipient=NUMBER)
    with pytest.raises(ClientError):
        send(client, "a\u202eb")
    return emulator.calls[-1]


def test_a_table(command, refused):
    """Every call is a line: its time, operation, result and id, and why it was refused."""
    titles, answered, line = command("calls").splitlines()

    assert titles.split() == ["TIME", "OPERATION", "RESULT", "REQUEST", "WHY"]
    assert " SendTextMessage " in answered
    assert " answered " in answered
    assert " ConflictException DESTINATION_PHONE_NUMBER_OPTED_OUT " in line
    assert refused.request_id in line
    assert line.endswith(refused.why["summary"])
    assert command("calls", "list", "--refused").splitlines() == [titles, line]


def test_one_call(command, refused):
    """`calls show` has the parameters, the state that caused the refusal, the rule and the help."""
    shown = command("calls", "show", refused.request_id)

    assert ALICE in shown
    assert refused.why["rule"]["text"] in shown
    assert refused.why["help"] in shown
    assert all(sentence in shown for sentence in refused.why["state"])
    assert "\u202e" not in shown, "what a text has in it could turn the terminal's lines around"
    assert json.loads(command("calls", "show", refused.request_id, "--json")) == refused.as_dict()


def test_following(server, refused, emulator, client):
    """--follow shows what there is, then each call as it happens, until Ctrl-C: 130."""
    following = Following("calls", "--follow", "--refused", "--url", server.url)

    assert following.line().startswith("TIME")
    assert refused.request_id in following.line()
    client.describe_pools()
    with pytest.raises(ClientError):
        send(client)
    assert emulator.calls[-1].request_id in following.line()

    following.process.send_signal(signal.SIGINT)
    assert following.end() == (130, "")


def test_following_as_json(server, emulator, client):
    """With --json each call is a line; a reset is reported, and the end of the server: status 1."""
    client.describe_pools()
    following = Following("calls", "--follow", "--json", "--url", server.url)

    assert json.loads(following.line()) == emulator.calls[-1].as_dict()
    send(client)
    assert json.loads(following.line()) == emulator.calls[-1].as_dict()

    emulator.reset()
    client.describe_pools()
    assert json.loads(following.line())["operation"] == "DescribePools"
    server.stop()
    status, complaint = following.end()
    assert status == 1
    assert complaint.splitlines()[0] == "The emulator was reset."
    assert complaint.splitlines()[1].startswith("pinpoint-sms-emu calls: ")


def test_clearing(command, emulator, refused):
    """`calls clear` removes the calls, and no message."""
    assert command("calls", "clear") == ""

    assert emulator.calls == []
    assert len(emulator.messages) == 3, "the text, STOP and the reply"
