"""Inbound messages, outcomes and events over HTTP."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.messaging.endpoints import FlakyReceiver

NUMBER, PERSON = "+12065550100", "+14255550100"
TOPIC = "arn:aws:sns:us-east-1:123456789012:topic"


@pytest.fixture
def number(emulator):
    """A number with a two-way channel."""
    return emulator.add_number(NUMBER, two_way_enabled=True, two_way_channel_arn=TOPIC)


@pytest.fixture
def send(sms, number):
    """Send a text to the person, with a configuration set whose events go to the topic."""
    sms.create_configuration_set(ConfigurationSetName="campaign")
    sms.create_event_destination(
        ConfigurationSetName="campaign",
        EventDestinationName="receipts",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )

    def call():
        return sms.send_text_message(
            DestinationPhoneNumber=PERSON, MessageBody="Hello", ConfigurationSetName="campaign"
        )["MessageId"]

    return call


# Inbound.


def test_a_person_texts_a_number(control, number):
    """The answer describes the effect of the text, and the messages can be read."""
    answer = control.post("/_emulator/inbound", sender=PERSON, recipient=NUMBER, body="STOP")

    assert answer.status == 200
    assert list(answer.json) == ["message_id", "keyword", "action", "reply"]
    assert (answer.json["keyword"], answer.json["action"]) == ("STOP", "OPT_OUT")
    inbound, reply = control.get("/_emulator/messages").json["messages"]
    assert (inbound["message_id"], inbound["direction"]) == (answer.json["message_id"], "inbound")
    assert (reply["in_reply_to"], reply["body"]) == (inbound["message_id"], answer.json["reply"])


@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-inbound-suggestion", "rcs-inbound-location", "rcs-inbound-media")
@pytest.mark.parametrize(
    ("interaction", "text"),
    [
        ({"suggestion": {"text": "Yes", "postback_data": "yes:1"}}, '"postbackData":"yes:1"'),
        ({"location": {"latitude": 47.6, "longitude": -122.33}}, '"latitude":47.6'),
        ({"media": {"file_name": "cat.png"}}, '"mimeType":"image/png"'),
        ({"typing": True}, '"type":"RCS_TYPING"'),
        ({"conversation_started": True}, '"type":"CONVERSATION_STARTED"'),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_person_talks_to_an_agent(sms, control, interaction, text):
    """Inbound RCS content other than texts is published to the agent's two-way channel."""
    agent_id = sms.create_rcs_agent()["RcsAgentId"]
    sms.update_rcs_agent(
        RcsAgentId=agent_id,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayRcsEventsEnabled=["ALL"],
    )

    answer = control.post("/_emulator/inbound", sender=PERSON, recipient=agent_id, **interaction)

    assert (answer.status, answer.json["keyword"]) == (200, None)
    [event] = control.get("/_emulator/events").json["inbound"]
    assert text in event["record"]["messageBody"]


def test_a_text_without_a_keyword(control, number):
    """Effects that an inbound message does not have are null."""
    answer = control.post("/_emulator/inbound", sender=PERSON, recipient=number.id, body="Hello")

    assert answer.json | {"message_id": ""} == {
        "message_id": "",
        "keyword": None,
        "action": None,
        "reply": None,
    }


@pytest.mark.parametrize(
    ("members", "status", "error"),
    [
        ({"recipient": "+12065550199"}, 404, "there is no number +12065550199"),
        ({"sender": "somebody"}, 400, "sender must be a phone number in E.164 form"),
        ({"body": " "}, 400, "body must be a text that is not blank"),
        ({"body": 5}, 400, "body must be a text"),
        ({"account_id": "111122223333"}, 404, "account 111122223333 has no number"),
        ({"colour": "red"}, 400, "'colour' is unknown"),
    ],
)
def test_invalid_inbound_messages_are_refused(control, emulator, number, members, status, error):
    """Invalid inbound messages are refused with a sentence, and change nothing."""
    before = emulator.snapshot()
    given = {"sender": PERSON, "recipient": NUMBER, "body": "Hello"} | members

    answer = control.post("/_emulator/inbound", **given)

    assert answer.status == status
    assert answer.error.startswith(error)
    assert emulator.snapshot() == before


# Outcomes.


def test_outcomes(control, send):
    """An outcome is added, listed, and applied."""
    made = control.post("/_emulator/outcomes", event="TEXT_SPAM", recipient=PERSON, times=1)
    listed = control.get("/_emulator/outcomes").json

    message_id = send()

    assert made.status == 200
    assert made.json == {
        "id": "outcome-1",
        "event": "TEXT_SPAM",
        "recipient": PERSON,
        "times": 1,
        "account_id": None,
        "region": None,
    }
    assert listed == {"outcomes": [made.json], "total": 1}
    assert control.get(f"/_emulator/messages/{message_id}").json["status"] == "SPAM"
    assert control.get("/_emulator/outcomes").json == {"outcomes": [], "total": 0}


def test_clearing_outcomes(control):
    """One outcome is cleared by its id, or all are; an unknown id is a 404."""
    first, _ = (control.post("/_emulator/outcomes", event="TEXT_SPAM").json for _ in range(2))

    assert control.delete(f"/_emulator/outcomes/{first['id']}").status == 200
    assert control.get("/_emulator/outcomes").json["total"] == 1
    assert control.delete(f"/_emulator/outcomes/{first['id']}").status == 404
    assert control.delete("/_emulator/outcomes").status == 200
    assert control.get("/_emulator/outcomes").json["total"] == 0


@pytest.mark.parametrize(
    ("members", "error"),
    [
        ({"event": "TEXT_SENT"}, "there is no event 'TEXT_SENT'; it must be one of 46 values"),
        ({}, "event must be given"),
        ({"event": "TEXT_SPAM", "recipient": "nobody"}, "recipient must be"),
        ({"event": "TEXT_SPAM", "times": 0}, "times must be"),
        ({"event": "TEXT_SPAM", "account_id": "1"}, "account_id must"),
    ],
)
def test_invalid_outcomes_are_refused(control, members, error):
    """An impossible outcome is refused with a sentence."""
    answer = control.post("/_emulator/outcomes", **members)

    assert answer.status == 400
    assert answer.error.startswith(error)
    assert control.get("/_emulator/outcomes").json["total"] == 0


# Events.


def test_events_are_listed(control, send):
    """Every event record is listed with its message, and with how far it has come."""
    message_id = send()

    listed = control.get("/_emulator/events").json

    assert list(listed) == ["events", "total", "inbound", "registrations", "forgotten"]
    assert listed["total"] == 2
    delivered = listed["events"][-1]
    message = control.get(f"/_emulator/messages/{message_id}").json
    assert delivered | {"event_bridge": None} == {
        "record": message["events"][-1],
        "message_id": message_id,
        "account_id": "123456789012",
        "region": "us-east-1",
        "destinations": [
            {
                "name": "receipts",
                "kind": "sns",
                "status": "recorded",
                "attempts": 0,
                "error": None,
            }
        ],
        "event_bridge": None,
    }
    assert delivered["event_bridge"]["kind"] == "eventbridge"


def test_finding_events(control, emulator, send, client):
    """Events are found by message, account and Region, and cut at a limit."""
    emulator.add_number("+12065550101", account_id="111122223333", region="eu-west-1")
    first = send()
    client("111122223333", "eu-west-1").send_text_message(
        DestinationPhoneNumber=PERSON, MessageBody="Hello"
    )

    def found(**query):
        listed = control.get("/_emulator/events", **query).json
        return [each["message_id"] == first for each in listed["events"]], listed["total"]

    assert found() == ([True, True, False, False], 4)
    assert found(message_id=first) == ([True, True], 2)
    assert found(account_id="111122223333") == found(region="eu-west-1") == ([False, False], 2)
    assert found(limit=1) == ([True], 4)
    assert control.get("/_emulator/events", limit=-1).status == 400


def test_the_payloads_of_two_way_channels(control, number):
    """Payloads of inbound messages are listed with the events."""
    control.post("/_emulator/inbound", sender=PERSON, recipient=NUMBER, body="Hello")

    listed = control.get("/_emulator/events").json

    assert listed["total"] == 0
    [result] = listed["inbound"]
    assert result["record"]["messageBody"] == "Hello"
    assert [each["name"] for each in result["destinations"]] == ["two-way"]


def test_a_destination_that_fails(control, emulator, send):
    """A destination that does not take records is shown, with its error and the attempts."""
    with FlakyReceiver() as endpoint:
        endpoint.moods = {TOPIC: "bad"}
        state = emulator.snapshot()
        emulator.reset(events_endpoint_url=endpoint.url)
        emulator.restore(state)
        send()
        assert emulator.flush()

        first, second = control.get("/_emulator/events").json["events"]
        control.delete("/_emulator/messages")
        listed = control.get("/_emulator/events").json
        engine_of(emulator).dispatcher.stop()

    [destination] = first["destinations"]
    assert (destination["status"], destination["attempts"]) == ("failed", 6)
    assert destination["error"]
    assert second["destinations"][0]["status"] == "failed"
    assert first["event_bridge"]["status"] == "delivered"
    assert (listed["events"], listed["forgotten"]) == ([], {TOPIC: 2})
