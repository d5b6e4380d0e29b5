"""Long reads: calls of others are answered while one client reads much."""

from __future__ import annotations

import json
import threading

import pytest

from pinpoint_sms_emu import Server
from pinpoint_sms_emu.control import cloudtrail
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging import codes, report
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.permissions import generation
from pinpoint_sms_emu.persistence import gradual
from pinpoint_sms_emu.resources.opt_out_lists import OptedOutNumber
from pinpoint_sms_emu.service import opt_outs
from pinpoint_sms_emu.service.calls import Call
from tests.control.http import Control
from tests.doors.serving import Connection, call

SENDER = "+12065550100"
ENTRIES = 2_000
# The reader waits for another call after so many entries: more than it looks at in one step.
ENTRIES_PER_CALL = 200
SECONDS = 30


@pytest.fixture
def server(emulator):
    """A server with many messages, each with a call and with events."""
    emulator.add_number(SENDER)
    with Server(emulator) as running:
        with Connection(running.port) as client:
            for number in range(ENTRIES):
                members = {
                    "DestinationPhoneNumber": f"+1425555{number:04}",
                    "MessageBody": "x" * 500,
                }
                client.send(call("SendTextMessage", json.dumps(members).encode()))
                assert client.answer()[0] == 200
        account = engine_of(emulator).account("123456789012", "us-east-1")
        for number in range(ENTRIES):
            entry = OptedOutNumber(
                id=f"+1425556{number:04}",
                sequence=account.next_sequence(),
                opted_out_timestamp=account.now(),
            )
            account.opt_out_lists["Default"].numbers.put(entry)
        yield running


def test_codes_are_looked_for_once(server, watch):
    """The codes of a text never change, so they are kept."""
    noted = watch(codes, "find_codes")
    for _ in range(3):
        assert Control(server.url).get("/_emulator/messages?has_code=true").json["total"] == 0

    assert len(noted) == ENTRIES


@pytest.fixture
def watch(monkeypatch, emulator):
    """Note at each call of a function how many API calls have been answered."""

    def watch(owner, name, before=lambda _number, _answered: None):
        noted, function, calls = [], getattr(owner, name), engine_of(emulator).calls

        def noting(*given, **named):
            answered = calls.forgotten + len(calls)
            before(len(noted), answered)
            noted.append(answered)
            return function(*given, **named)

        monkeypatch.setattr(owner, name, noting)
        return noted

    return watch


@pytest.mark.parametrize(
    ("path", "owner", "function"),
    [
        ("messages", Message, "as_dict"),
        ("messages?format=csv", Message, "as_dict"),
        ("messages?format=jsonl", Message, "as_dict"),
        ("events", Message, "record"),
        ("events?format=jsonl", Message, "record"),
        ("calls", Call, "as_dict"),
        ("calls?as=cloudtrail", cloudtrail, "record"),
        ("state", gradual, "dump_message"),
        ("messages?has_code=true", codes, "find_codes"),
        ("messages/latest?has_code=true", codes, "find_codes"),
        ("report", report, "_add"),
        ("policy", generation, "arns_named_by"),
        ("opt-outs", opt_outs, "_opt_out"),
    ],
)
def test_calls_are_answered_meanwhile(server, watch, path, owner, function):
    """Calls of others are answered while the entries are rendered, or looked at.

    On a busy machine the reader could be done before the next call is sent, so it waits for it.
    """
    calls = engine_of(server.emulator).calls
    sent, sending = calls.forgotten + len(calls), threading.Condition()

    def wait_for_a_call(number, answered):
        if number % ENTRIES_PER_CALL == 0:
            with sending:
                sending.wait_for(lambda: sent > answered, SECONDS)

    noted = watch(owner, function, wait_for_a_call)
    reader = threading.Thread(target=Control(server.url).get, args=(f"/_emulator/{path}",))
    with Connection(server.port) as client:
        reader.start()
        while reader.is_alive():
            client.send(call())
            with sending:
                sent += 1
                sending.notify()
            assert client.answer()[0] == 200

    assert len(noted) >= ENTRIES
    assert len(set(noted)) >= ENTRIES // ENTRIES_PER_CALL
