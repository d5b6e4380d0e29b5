"""The product in separate processes on this Python: server, command line and pytest plugin."""

from __future__ import annotations

import json
import signal
import urllib.request
from contextlib import closing

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.emulator import engine_of
from tests.doors.serving import make_client, run, serving

NUMBER, ANN = "+12065550100", "+14255550101"


def add_number(url):
    """Add a chosen number."""
    body = json.dumps({"phone_number": NUMBER}).encode()
    urllib.request.urlopen(f"{url}/_emulator/numbers", body).close()


def send(url, body="Hello"):
    """Send a text to Ann through boto3; return its id."""
    with closing(make_client(url)) as sms:
        return sms.send_text_message(
            DestinationPhoneNumber=ANN, OriginationIdentity=NUMBER, MessageBody=body
        )["MessageId"]


def test_serve_answers_and_ends():
    """`serve` answers boto3 and the control plane.

    SIGTERM ends it within a second with status 0.
    """
    with serving() as server:
        add_number(server.url)
        message_id = send(server.url)
        with urllib.request.urlopen(f"{server.url}/_emulator/messages/{message_id}") as answer:
            message = json.load(answer)

        status, seconds = server.stop()

    assert (message["body"], message["status"]) == ("Hello", "DELIVERED")
    assert status == 0
    assert seconds < 1


def test_serve_ends_with_its_streams():
    """Open streams do not delay the end, also with Ctrl-C."""
    with serving() as server:
        stream = urllib.request.urlopen(f"{server.url}/_emulator/messages/stream", timeout=10)

        with closing(stream):
            status, seconds = server.stop(signal.SIGINT)

    assert status == 0
    assert seconds < 1


def test_serve_reports_a_failed_start_in_a_sentence(tmp_path):
    """The status is 1, also if a worker finds the error."""
    (tmp_path / "seed.toml").write_text("nonsense = 1\n")

    finished = run("serve", "--port", "0", "--seed-file", str(tmp_path / "seed.toml"))

    assert (finished.returncode, finished.stdout) == (1, "")
    assert finished.stderr.startswith("pinpoint-sms-emu serve: ")
    assert finished.stderr.count("\n") == 1


def test_a_data_folder_survives_a_kill(tmp_path):
    """Answered changes are there after kill -9 and a restart, and after a normal end."""
    with serving("--data-dir", str(tmp_path / "data")) as server:
        add_number(server.url)
        first = send(server.url)
        server.stop(signal.SIGKILL)
    with serving("--data-dir", str(tmp_path / "data")) as server:
        second = send(server.url)
        status, _ = server.stop()
    with Server(Emulator(data_dir=tmp_path / "data")) as again:
        kept = [message.id for message in again.emulator.messages]
        again.emulator.close()

    assert status == 0
    assert kept == [first, second]


def test_a_server_on_a_thread():
    """A `Server` in this process answers boto3, and its emulator can be inspected."""
    with Server(Emulator(seed=7)) as server:
        server.emulator.add_number(NUMBER)
        message_id = send(server.url)

        assert engine_of(server.emulator).state.messages[message_id].status == "DELIVERED"


def test_the_command_line_talks_to_a_server():
    """`inbound`, `messages` and `operations` work with a running server."""
    with Server(Emulator()) as server:
        server.emulator.add_number(NUMBER)
        inbound = run("inbound", "--url", server.url, "--sender", ANN, "--recipient", NUMBER, "Hi")
        messages = run("messages", "--url", server.url, "--json")
        operations = run("operations", "--url", server.url)

    assert {each.returncode for each in (inbound, messages, operations)} == {0}
    assert {each.stderr for each in (inbound, messages, operations)} == {""}
    assert [each["body"] for each in json.loads(messages.stdout)["messages"]] == ["Hi"]
    assert "operations are emulated." in operations.stdout


def test_the_pytest_plugin(pytester, monkeypatch):
    """Both fixtures work in a user's test run with warnings as errors."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(
        """
        import boto3
        import pytest

        def names(client):
            found = client.describe_opt_out_lists()["OptOutLists"]
            return [each["OptOutListName"] for each in found]

        @pytest.mark.pinpoint_sms(account_tier="SANDBOX")
        def test_in_process(pinpoint_sms):
            assert names(boto3.client("pinpoint-sms-voice-v2")) == ["Default"]
            assert pinpoint_sms.settings.account_tier == "SANDBOX"

        def test_served(pinpoint_sms_server):
            client = boto3.client(
                "pinpoint-sms-voice-v2",
                region_name="us-east-1",
                aws_access_key_id="any",
                aws_secret_access_key="any",
            )
            assert names(client) == ["Default"]
        """
    )

    result = pytester.runpytest_subprocess("-W", "error", "-p", "no:randomly", "-p", "no:xdist")

    result.assert_outcomes(passed=2)
