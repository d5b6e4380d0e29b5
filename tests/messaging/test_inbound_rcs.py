"""Inbound RCS: taps, files and other content in a conversation with an agent."""

import json
import re

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.messaging.people import US
from tests.s3 import reading_s3

TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"
BUCKET = {
    "TwoWayMediaS3BucketName": "media-bucket",
    "TwoWayMediaS3Role": "arn:aws:iam::123456789012:role/media",
}
SUGGESTION = {"text": "Open", "postback_data": "open:1"}
PHOTO = {"file_name": "photo.jpg", "mime_type": "image/jpeg", "file_size_bytes": 1211843}

pytestmark = pytest.mark.since("1.44.5")


@pytest.fixture
def interact(emulator, agent):
    """Send inbound content to the agent."""

    def call(sender=US, recipient=agent.id, **interaction):
        return emulator.receive(sender=sender, recipient=recipient, **interaction)

    return call


@pytest.fixture
def two_way(sms, agent):
    """The agent, with a topic for all inbound content."""

    def switch(**members):
        settings = {
            "TwoWayEnabled": True,
            "TwoWayChannelArn": TOPIC,
            "TwoWayRcsEventsEnabled": ["ALL"],
        }
        sms.update_rcs_agent(RcsAgentId=agent.id, **(settings | members))
        return agent

    return switch


@pytest.fixture
def published(emulator):
    """The payloads that two-way channels got, each with its messageBody read."""

    def all_of_them():
        records = [each.record for each in emulator.find_events().inbound]
        return [(each, json.loads(each["messageBody"])) for each in records]

    return all_of_them


@pytest.mark.rule("rcs-inbound-suggestion")
def test_a_tap_on_a_suggestion(two_way, interact, published, emulator):
    """A tap has the suggestion's text and postback data, and neither keyword nor plus."""
    agent = two_way()

    received = interact(suggestion=SUGGESTION)

    [(payload, body)] = published()
    assert list(payload) == [
        "originationNumber",
        "destinationNumber",
        "messageBody",
        "inboundMessageId",
    ]
    assert payload["originationNumber"] == US.removeprefix("+")
    assert payload["destinationNumber"] == agent.id
    assert payload["messageBody"] == '{"type":"SUGGESTION","text":"Open","postbackData":"open:1"}'
    assert list(body) == ["type", "text", "postbackData"]
    assert re.fullmatch(r"[A-Za-z0-9]{64}", payload["inboundMessageId"])
    message = engine_of(emulator).state.messages[received.message_id]
    assert (message.id, message.body) == (payload["inboundMessageId"], "Open")
    assert (message.channel, message.direction) == ("rcs", "inbound")
    assert received.keyword is None


@pytest.mark.rule("rcs-inbound-location")
def test_a_location(two_way, interact, published):
    """A location is in the body of the notification."""
    two_way()

    interact(location={"latitude": 47.6, "longitude": -122.33})

    [(payload, body)] = published()
    assert body == {"type": "LOCATION", "latitude": 47.6, "longitude": -122.33}
    assert payload["originationNumber"] == US.removeprefix("+")


@pytest.mark.rule("rcs-inbound-typing")
def test_typing(two_way, interact, published, emulator):
    """Typing has the time, and an id of the person's number and the time."""
    two_way()
    emulator.clock.freeze("2030-06-17T17:36:29.937Z")

    interact(typing=True)

    [(payload, body)] = published()
    assert body == {"type": "RCS_TYPING", "receivedAt": "2030-06-17T17:36:29.937+0000"}
    assert payload["inboundMessageId"] == f"{US[1:]}-2030-06-17T17:36:29.937+0000"


@pytest.mark.rule("rcs-inbound-media")
@pytest.mark.parametrize("prefix", [None, "inbound-media"])
def test_a_file_is_in_the_bucket(two_way, interact, published, emulator, prefix):
    """A file is kept under the prefix, rcs/, the message's id, # and its name."""
    two_way(**BUCKET, **({"TwoWayMediaS3KeyPrefix": prefix} if prefix else {}))

    received = interact(media=PHOTO)

    [(payload, body)] = published()
    key = f"rcs/{received.message_id}#photo.jpg"
    key = f"{prefix}/{key}" if prefix else key
    assert list(body.items()) == [
        ("mediaStatus", "SUCCESS"),
        ("s3Bucket", "media-bucket"),
        ("s3Key", key),
        ("mimeType", "image/jpeg"),
        ("fileName", "photo.jpg"),
        ("fileSizeBytes", 1211843),
    ]
    assert payload["originationNumber"] == US
    assert payload["inboundMessageId"] == received.message_id
    assert engine_of(emulator).state.messages[received.message_id].media_urls == [
        f"s3://media-bucket/{key}"
    ]


@pytest.mark.rule("rcs-inbound-media-failed")
@pytest.mark.parametrize("status", ["UPLOAD_FAILED", "ROLE_ASSUME_FAILED"])
def test_a_file_may_not_be_kept(two_way, interact, published, status):
    """Then there is a message and no place; the same holds without a bucket."""
    two_way(**BUCKET)

    interact(media=PHOTO | {"status": status})

    [(_payload, body)] = published()
    assert list(body) == [
        "mediaStatus",
        "mediaStatusMessage",
        "mimeType",
        "fileName",
        "fileSizeBytes",
    ]
    assert body["mediaStatus"] == status


@pytest.fixture
def s3(emulator):
    """Moto's S3 with the agent's bucket, and an emulator with its endpoint."""
    with reading_s3(emulator, "media-bucket") as client:
        yield client


def wait_for_upload(emulator, received):
    """Wait until a file was put into its bucket, or could not be; returns the payload."""
    while not (message := engine_of(emulator).state.messages[received.message_id]).events:
        engine_of(emulator).closing.wait(0.01)
    return message.two_way_payload


@pytest.mark.rule("rcs-inbound-media")
def test_a_file_is_put_where_s3_is(s3, sms, emulator):
    """With an S3 endpoint the object is there before the notification comes."""
    agent_id = agent_with_bucket(sms)

    received = emulator.receive(media=PHOTO, sender=US, recipient=agent_id)

    body = json.loads(wait_for_upload(emulator, received)["messageBody"])
    stored = s3.head_object(Bucket=body["s3Bucket"], Key=body["s3Key"])
    assert (stored["ContentLength"], stored["ContentType"]) == (1211843, "image/jpeg")


@pytest.mark.rule("rcs-inbound-media-failed")
def test_a_bucket_may_be_missing(s3, sms, emulator):
    """A file that cannot be put is published with UPLOAD_FAILED."""
    s3.delete_bucket(Bucket="media-bucket")
    agent_id = agent_with_bucket(sms)

    received = emulator.receive(media=PHOTO, sender=US, recipient=agent_id)

    body = json.loads(wait_for_upload(emulator, received)["messageBody"])
    assert body["mediaStatus"] == "UPLOAD_FAILED"
    assert emulator.find_messages().messages[-1].media_urls == []


def agent_with_bucket(sms):
    """Make an agent whose files go to the bucket."""
    agent_id = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    sms.update_rcs_agent(RcsAgentId=agent_id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC, **BUCKET)
    return agent_id


@pytest.mark.rule("rcs-inbound-media-failed")
def test_without_a_bucket_no_file_is_kept(two_way, interact, published, emulator):
    """An agent without a bucket gets the notification that the upload failed."""
    two_way()

    received = interact(media={"file_name": "photo.jpg"})

    [(_payload, body)] = published()
    assert (body["mediaStatus"], body["mimeType"]) == ("UPLOAD_FAILED", "image/jpeg")
    assert engine_of(emulator).state.messages[received.message_id].media_urls == []


@pytest.mark.rule("rcs-inbound-conversation")
def test_a_conversation_begins(two_way, interact, published, emulator, rcs):
    """It has start and end, and the message that began it, whose id is the notification's too."""
    two_way()
    sent = rcs()
    emulator.clock.freeze("2030-06-28T04:03:08.002Z")

    interact(conversation_started=True)

    [(payload, body)] = published()
    assert list(body.items()) == [
        ("type", "CONVERSATION_STARTED"),
        ("startTime", "2030-06-28T04:03:08.002+0000"),
        ("endTime", "2030-06-29T04:08:08.002+0000"),
        ("conversationInitiatingMessageId", sent.id),
        ("conversationInitiatingMessageType", "OUTBOUND"),
    ]
    assert payload["inboundMessageId"] == sent.id


@pytest.mark.rule("rcs-inbound-events-switch")
@pytest.mark.parametrize(
    ("enabled", "kinds"),
    [
        ([], []),
        (["ALL"], ["RCS_TYPING", "CONVERSATION_STARTED"]),
        (["RCS_TYPING"], ["RCS_TYPING"]),
        (["CONVERSATION_STARTED"], ["CONVERSATION_STARTED"]),
    ],
)
def test_events_are_switched(two_way, interact, published, enabled, kinds):
    """TwoWayRcsEventsEnabled decides about events; taps, locations and files always come."""
    two_way(TwoWayRcsEventsEnabled=enabled)

    interact(typing=True)
    interact(conversation_started=True)
    interact(suggestion=SUGGESTION)

    assert [body["type"] for _payload, body in published()] == [*kinds, "SUGGESTION"]


MEDIA = {
    "file_name": "cat.jpg",
    "mime_type": "image/jpeg",
    "file_size_bytes": 1024,
    "status": "SUCCESS",
}


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"suggestion": SUGGESTION}, {"suggestion": SUGGESTION}),
        ({"suggestion": {"text": "Yes"}}, {"suggestion": {"text": "Yes", "postback_data": "Yes"}}),
        ({"location": {"latitude": 47.6, "longitude": -122.3}}, None),
        ({"media": {"file_name": "cat.jpg"}}, {"media": MEDIA}),
        ({"typing": True}, None),
        ({"conversation_started": True}, None),
    ],
)
def test_a_message_has_all_of_an_interaction(interact, emulator, sms, given, shown):
    """Also without a two-way channel: in Python, in JSON, and after the state was restored."""
    del sms
    received = interact(**given)

    [message] = emulator.messages
    assert message.message_id == received.message_id
    assert message.interaction == message.as_dict()["interaction"] == (shown or given)
    emulator.restore(json.loads(json.dumps(emulator.snapshot())))
    assert emulator.messages[0].interaction == (shown or given)


def test_a_text_is_no_interaction(emulator, agent):
    """Texts to agents have a body instead."""
    emulator.receive("Hello", sender=US, recipient=agent.id)

    assert emulator.messages[0].interaction is None


def test_without_two_way_messaging_nothing_is_published(interact, published, emulator):
    """Inbound content is stored as a message nevertheless."""
    received = interact(suggestion={"text": "Yes"})

    assert published() == []
    assert engine_of(emulator).state.messages[received.message_id].body == "Yes"


def test_a_pool_answers_for_its_agent(sms, agent, pool, interact, emulator):
    """The topic is that of the pool that the agent is in."""
    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=agent.id)
    sms.update_pool(PoolId=pool.id, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)

    interact(suggestion=SUGGESTION)

    [event] = emulator.find_events().inbound
    assert event.record["destinationNumber"] == agent.id


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({}, "body must be"),
        ({"typing": False}, "body must be"),
        ({"typing": True, "suggestion": SUGGESTION}, "give only one of suggestion and typing"),
        ({"body": "Yes", "typing": True}, "not both"),
        ({"suggestion": "Yes"}, "suggestion must have text, postback_data"),
        ({"suggestion": {}}, "suggestion needs text"),
        ({"suggestion": {"text": "x" * 26}}, "1 to 25 characters"),
        ({"suggestion": {"text": "\ud83d"}}, "has a lone surrogate"),
        ({"suggestion": SUGGESTION | {"data": "x"}}, "not 'data'"),
        ({"location": {"latitude": 91, "longitude": 0}}, "latitude must be a number from -90"),
        ({"location": {"latitude": 9, "longitude": float("nan")}}, "longitude must be a number"),
        ({"location": {"latitude": 9}}, "location needs longitude"),
        ({"media": {"mime_type": "image/png"}}, "media needs file_name"),
        ({"media": PHOTO | {"status": "LOST"}}, "status must be SUCCESS"),
        ({"media": PHOTO | {"file_size_bytes": -1}}, "file_size_bytes must be"),
    ],
)
def test_invalid_arguments_are_refused(emulator, interact, wrong, why):
    """Invalid arguments are refused with a sentence, and change nothing."""
    before = emulator.snapshot()

    with pytest.raises(ValueError, match=why):
        interact(**wrong)

    assert emulator.snapshot() == before


def test_a_number_takes_texts_alone(emulator, number, interact):
    """What RCS has cannot be sent to a phone number."""
    before = emulator.snapshot()

    with pytest.raises(ValueError, match="is not an RCS agent"):
        interact(recipient=number.phone_number, typing=True)

    assert emulator.snapshot() == before
