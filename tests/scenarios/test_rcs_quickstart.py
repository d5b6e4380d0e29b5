"""A developer tries RCS: an agent, a tester, a message with a suggestion, and the tester's answers.

The steps are those of AWS's quickstart: create an agent, register it for testing, invite a tester,
send a message with a suggestion, and read the answers from the two-way channel. At the end,
everything is deleted. The reader is written as for a Lambda function that subscribes to the topic.
"""

import json
from types import SimpleNamespace

import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from tests.filling import fill_in

pytestmark = pytest.mark.since("1.44.5")

TESTER, OTHER_NUMBER = "+14255550101", "+14255550102"
TYPE = "TEST_RCS_LAUNCH_REGISTRATION"
TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"


class Reader:
    """A function that subscribes to the two-way topic."""

    def __init__(self) -> None:
        self.read = []

    def __call__(self, payload):
        """Read one payload; its members tell what it is."""
        person = payload["originationNumber"]
        person = person if person.startswith("+") else f"+{person}"
        if "messageKeyword" in payload:
            self.read.append((person, "text", payload["messageBody"]))
            return
        body = json.loads(payload["messageBody"])
        if "mediaStatus" in body:
            place = f"{body['s3Bucket']}/{body['s3Key']}" if "s3Bucket" in body else None
            self.read.append((person, body["mediaStatus"], place))
            return
        known = {
            "SUGGESTION": lambda: body["postbackData"],
            "LOCATION": lambda: (body["latitude"], body["longitude"]),
            "RCS_TYPING": lambda: None,
            "CONVERSATION_STARTED": lambda: body["conversationInitiatingMessageType"],
        }
        self.read.append((person, body["type"], known[body["type"]]()))


@pytest.fixture
def emulator():
    """The emulator with a frozen clock."""
    with mock_sms(seed=7) as inside:
        inside.clock.freeze()
        yield inside


@pytest.fixture
def sms(emulator):
    """A client."""
    return boto3.client("pinpoint-sms-voice-v2")


def status_of(sms, agent_id):
    """Return the statuses of an agent and of its testing agent."""
    [agent] = sms.describe_rcs_agents(RcsAgentIds=[agent_id])["RcsAgents"]
    return agent["Status"], agent.get("TestingAgent", {}).get("Status")


@pytest.fixture
def registration_id(sms, agent_id):
    """The agent's testing registration, which is submitted."""
    made = sms.create_registration(RegistrationType=TYPE)["RegistrationId"]
    sms.create_registration_association(RegistrationId=made, ResourceId=agent_id)
    assert status_of(sms, agent_id) == ("CREATED", "CREATED")
    fill_in(sms, SimpleNamespace(id=made, registration_type=TYPE))
    sms.submit_registration_version(RegistrationId=made)
    return made


@pytest.fixture
def agent_id(sms):
    """An agent with a two-way channel."""
    made = sms.create_rcs_agent(DeletionProtectionEnabled=True)["RcsAgentId"]
    sms.update_rcs_agent(
        RcsAgentId=made,
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayRcsEventsEnabled=["ALL"],
        TwoWayMediaS3BucketName="pictures",
        TwoWayMediaS3Role="arn:aws:iam::123456789012:role/pictures",
    )
    return made


def send(sms, agent_id, person):
    """Send a question with a suggestion."""
    return sms.send_rcs_message(
        DestinationPhoneNumber=person,
        OriginationIdentity=agent_id,
        RcsMessageContent={
            "Content": {"TextMessage": {"Body": "Shall we come?"}},
            "Suggestions": [{"Reply": {"Text": "Yes", "PostbackData": "come:yes"}}],
        },
        MessageTrafficType="TRANSACTIONAL",
    )["MessageId"]


@pytest.mark.rule("rcs-testing-agent", "rcs-testing-only-testers")
def test_from_an_agent_to_a_tap(emulator, sms, agent_id, registration_id):
    """A tester who accepted gets the message and taps; others can neither get nor send any."""
    [agent] = sms.describe_rcs_agents(RcsAgentIds=[agent_id])["RcsAgents"]
    assert (agent["Status"], agent["TestingAgent"]["Status"]) == ("TESTING", "ACTIVE")
    assert agent["TestingAgent"]["RegistrationId"] == registration_id
    assert agent["TestingAgent"]["TestingAgentId"]

    sms.create_verified_destination_number(DestinationPhoneNumber=TESTER, RcsAgentId=agent_id)
    with pytest.raises(sms.exceptions.ConflictException) as refused:
        send(sms, agent_id, TESTER)
    assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"
    emulator.accept_invitation(TESTER)
    send(sms, agent_id, TESTER)
    message = emulator.wait_for(recipient=TESTER)
    assert message.status == "DELIVERED"
    assert message.events[-1]["rcsBusinessId"] == agent["TestingAgent"]["TestingAgentId"]
    with pytest.raises(sms.exceptions.ConflictException):
        send(sms, agent_id, OTHER_NUMBER)
    with pytest.raises(ValueError, match="is not a tester"):
        emulator.receive("Hello", sender=OTHER_NUMBER, recipient=agent_id)

    tap = {"text": "Yes", "postback_data": "come:yes"}
    emulator.receive(suggestion=tap, sender=TESTER, recipient=agent_id)

    reader = Reader()
    for event in emulator.find_events().inbound:
        reader(event.record)
    assert reader.read == [(TESTER, "SUGGESTION", "come:yes")]


def test_every_kind_of_answer(emulator, sms, agent_id, registration_id):
    """The reader knows texts, taps, locations, files, typing, and the start of a conversation."""
    sms.create_verified_destination_number(DestinationPhoneNumber=TESTER, RcsAgentId=agent_id)
    emulator.accept_invitation(TESTER)
    send(sms, agent_id, TESTER)
    people = {"sender": TESTER, "recipient": agent_id}

    emulator.receive(typing=True, **people)
    emulator.receive("See you", **people)
    emulator.receive(conversation_started=True, **people)
    emulator.receive(suggestion={"text": "Yes"}, **people)
    emulator.receive(location={"latitude": 47.6, "longitude": -122.3}, **people)
    file = emulator.receive(media={"file_name": "door.jpg"}, **people)
    emulator.receive(media={"file_name": "a.pdf", "status": "ROLE_ASSUME_FAILED"}, **people)

    reader = Reader()
    for event in emulator.find_events().inbound:
        reader(event.record)
    assert reader.read == [
        (TESTER, "RCS_TYPING", None),
        (TESTER, "text", "See you"),
        (TESTER, "CONVERSATION_STARTED", "OUTBOUND"),
        (TESTER, "SUGGESTION", "Yes"),
        (TESTER, "LOCATION", (47.6, -122.3)),
        (TESTER, "SUCCESS", f"pictures/rcs/{file.message_id}#door.jpg"),
        (TESTER, "ROLE_ASSUME_FAILED", None),
    ]


@pytest.mark.rule("rcs-delete-registered")
def test_everything_is_deleted(emulator, sms, agent_id, registration_id):
    """The tester, the registration and the agent can be deleted in this order only."""
    tester = sms.create_verified_destination_number(
        DestinationPhoneNumber=TESTER, RcsAgentId=agent_id
    )["VerifiedDestinationNumberId"]
    emulator.accept_invitation(tester)

    sms.delete_verified_destination_number(VerifiedDestinationNumberId=tester)
    sms.update_rcs_agent(RcsAgentId=agent_id, DeletionProtectionEnabled=False)
    with pytest.raises(sms.exceptions.ConflictException) as refused:
        sms.delete_rcs_agent(RcsAgentId=agent_id)
    assert refused.value.response["Reason"] == "RESOURCE_NOT_EMPTY"
    sms.delete_registration(RegistrationId=registration_id)
    sms.delete_rcs_agent(RcsAgentId=agent_id)

    assert sms.describe_rcs_agents()["RcsAgents"] == []
