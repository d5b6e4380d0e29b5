"""The whole state over HTTP."""

import json
import re

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.control.http import Control

PATH = "/_emulator/state"


@pytest.fixture
def state(control, sms, number):
    """The state of an emulator with a number and a message."""
    sms.send_text_message(
        DestinationPhoneNumber="+14255550100", OriginationIdentity=number.id, MessageBody="Hällo"
    )
    return control.get(PATH)


def test_a_state_is_moved_to_another_server(state, emulator):
    """A state goes from one server to another."""
    assert state.status == 200
    with Server(Emulator()) as other:
        answer = Control(other.url).put(PATH, state.json)

        assert (answer.status, answer.json) == (200, {})
        assert Control(other.url).get(PATH).json == state.json
        assert [each.body for each in other.emulator.messages] == ["Hällo"]
    assert emulator.snapshot() == state.json


def test_restoring_undoes_later_changes(control, state, sms):
    """Restoring a state undoes later changes."""
    sms.create_opt_out_list(OptOutListName="Meanwhile")
    control.delete("/_emulator/messages")

    control.put(PATH, state.json)

    assert control.get(PATH).json == state.json
    assert len(sms.describe_opt_out_lists()["OptOutLists"]) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text[: len(text) // 2],
        lambda text: text[1:],
        lambda _: "",
        lambda _: "null",
        lambda _: "{}",
        lambda _: "[]",
        lambda text: text.replace('"version":2', '"version":3'),
        lambda text: text.replace("pinpoint-sms-emu state", "somebody's state"),
        lambda text: text.replace('"accounts"', '"clients"'),
        lambda text: text.replace('"sequence":1', '"sequence":"1"'),
        lambda text: re.sub(r'"price":[0-9.]+', f'"price":{"9" * 400}', text),
        lambda text: text.replace('"channel":"text"', '"channel":"fax"', 1),
        lambda text: text.replace("+00:00", ""),
        lambda text: text.replace("TRANSACTIONAL", "\\ud800"),
        lambda text: text + text,
        lambda text: json.dumps({"state": json.loads(text)}),
        lambda text: text.replace(
            '"history":[', '"history":[{"deep":' + "[" * 700 + "]" * 700 + "},", 1
        ),
    ],
)
def test_invalid_documents_are_refused(control, state, spoil):
    """A document that is cut short, from elsewhere or of another version is a 400."""
    answer = control.call("PUT", PATH, spoil(state.text).encode())

    assert answer.status == 400
    assert answer.error
    assert control.get(PATH).json == state.json


def test_large_states(control, state):
    """A state may be larger than any call."""
    large = state.json
    large["messages"]["kept"][0]["body"] = "a" * 9 * 1024 * 1024

    assert control.put(PATH, large).status == 200
    assert len(control.get("/_emulator/messages").json["messages"][0]["body"]) > 9_000_000
