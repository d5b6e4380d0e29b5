"""A Lambda function records what happened to messages, from every kind of event destination.

The events of a configuration set are published to an SNS topic, a Firehose stream and a CloudWatch
log. EventBridge gets the events of all texts, media messages and calls anyway. One function reads
all four, and also the two-way topic: texts to the number, and taps to the RCS agent.
"""

import base64
import gzip
import json

import boto3
import pytest
from moto import mock_aws

from pinpoint_sms_emu import mock_sms
from tests.messaging.receivers import ROLE, Receivers

pytestmark = pytest.mark.since("1.44.5")

ANN = "+14255550101"
CHANNELS = ("TEXT", "MEDIA", "VOICE", "RCS")
# The last event of a message that arrives, by channel.
ARRIVED = {
    "TEXT": "TEXT_DELIVERED",
    "MEDIA": "MEDIA_DELIVERED",
    "VOICE": "VOICE_COMPLETED",
    "RCS": "RCS_DELIVERED",
}


class Function:
    """The application under test: a handler, and the tables that it writes."""

    def __init__(self) -> None:
        # By message id: the latest event, the price, and what AWS would have blocked.
        self.status = {}
        self.price = {}
        self.blocked_by = {}
        self.answers = []

    def __call__(self, event, _context=None):
        """Handle an invocation."""
        for record in self.read(event):
            if "inboundMessageId" in record:
                self.answers.append(self.read_answer(record))
            else:
                self.keep(record)

    def read(self, event):
        """Yield the records of an invocation by EventBridge, CloudWatch Logs, Firehose or SNS."""
        if "detail" in event:
            yield event["detail"]
        elif "awslogs" in event:
            unpacked = gzip.decompress(base64.b64decode(event["awslogs"]["data"]))
            yield from (json.loads(each["message"]) for each in json.loads(unpacked)["logEvents"])
        elif "records" in event:
            for each in event["records"]:
                for line in base64.b64decode(each["data"]).decode().splitlines():
                    yield json.loads(line)
        else:
            yield from (json.loads(each["Sns"]["Message"]) for each in event["Records"])

    def keep(self, record):
        """Record an event of a message."""
        message_id = record["messageId"]
        self.status[message_id] = record["eventType"]
        price = record.get("totalMessagePrice", 0) + record.get("totalCarrierFee", 0)
        self.price[message_id] = max(price, self.price.get(message_id, 0))
        if assessment := record.get("protectConfigurationAssessment"):
            self.blocked_by[message_id] = assessment["protectRecommendation"]

    def read_answer(self, record):
        """Return an inbound message's sender, kind and content; RCS content is JSON."""
        person = f"+{record['originationNumber'].removeprefix('+')}"
        if "messageKeyword" in record:
            return person, "text", record["messageBody"]
        content = json.loads(record["messageBody"])
        return person, content["type"], content.get("postbackData")


# The events with which AWS invokes a function.


def of_sns(records):
    """Return the event of SNS."""
    return {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": each}} for each in records]}


def of_firehose(lines):
    """Return the event of Firehose, which asks the function to transform records."""
    return {"records": [{"data": base64.b64encode(line.encode()).decode()} for line in lines]}


def of_logs(records):
    """Return the event of a subscription to CloudWatch Logs."""
    events = {"logEvents": [{"message": json.dumps(each)} for each in records]}
    packed = gzip.compress(json.dumps(events).encode())
    return {"awslogs": {"data": base64.b64encode(packed).decode()}}


@pytest.fixture
def aws():
    """Moto, which receives the events."""
    with mock_aws():
        yield Receivers()


@pytest.fixture
def sms(aws):
    """The emulator, which publishes events to moto."""
    with mock_sms(seed=7, events_endpoint_url="aws") as emulator:
        yield emulator


@pytest.fixture
def shop(sms, aws):
    """The resources: a number, an agent, and a configuration set with three destinations."""
    client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
    sinks = {
        "topic": {"SnsDestination": {"TopicArn": aws.topic()}},
        "stream": {
            "KinesisFirehoseDestination": {
                "DeliveryStreamArn": aws.stream(),
                "IamRoleArn": ROLE,
            }
        },
        "log": {"CloudWatchLogsDestination": {"LogGroupArn": aws.log(), "IamRoleArn": ROLE}},
    }
    client.create_configuration_set(ConfigurationSetName="shop")
    for name, sink in sinks.items():
        client.create_event_destination(
            ConfigurationSetName="shop",
            EventDestinationName=name,
            MatchingEventTypes=["ALL"],
            **sink,
        )
    aws.bus()
    answers = aws.topic("answers")
    sms.add_number(
        "+18885550100",
        number_type="TOLL_FREE",
        two_way_enabled=True,
        two_way_channel_arn=answers,
    )
    agent = client.create_rcs_agent()["RcsAgentId"]
    client.describe_rcs_agents()
    client.update_rcs_agent(
        RcsAgentId=agent,
        TwoWayEnabled=True,
        TwoWayChannelArn=answers,
        TwoWayRcsEventsEnabled=["ALL"],
    )
    return client, agent, sinks["topic"]["SnsDestination"]["TopicArn"], answers


def send_everything(client, agent):
    """Send Ann a message on each channel; return their ids by channel."""
    given = {"DestinationPhoneNumber": ANN, "ConfigurationSetName": "shop"}
    number = {"OriginationIdentity": "+18885550100"}
    content = {"Content": {"TextMessage": {"Body": "Your parcel is here."}}}
    sent = {
        "TEXT": client.send_text_message(MessageBody="Your parcel is here.", **given, **number),
        "MEDIA": client.send_media_message(MediaUrls=["s3://shop/parcel.png"], **given, **number),
        "VOICE": client.send_voice_message(MessageBody="Your parcel is here.", **given, **number),
        "RCS": client.send_rcs_message(
            OriginationIdentity=agent, RcsMessageContent=content, **given
        ),
    }
    return {channel: each["MessageId"] for channel, each in sent.items()}


def test_all_destinations_have_the_same_events(aws, shop):
    """The topic, the stream and the log get the same events, on every channel."""
    client, agent, topic, _answers = shop
    sent = send_everything(client, agent)
    by_topic, by_stream, by_log = Function(), Function(), Function()

    by_topic(of_sns([json.dumps(each) for each in aws.in_queue(topic)]))
    # The objects of one second have no order.
    lines = sorted(aws.in_bucket(), key=lambda line: json.loads(line)["isFinal"])
    by_stream(of_firehose(lines))
    by_log(of_logs(aws.in_log("shop/log")))

    expected = {sent[channel]: ARRIVED[channel] for channel in CHANNELS}
    assert by_topic.status == by_stream.status == by_log.status == expected
    assert by_topic.price == by_stream.price == by_log.price
    assert all(price > 0 for price in by_topic.price.values())


def test_event_bridge_gets_all_events_except_rcs(aws, shop):
    """EventBridge has the events of texts, media messages and calls, but not of RCS messages."""
    client, agent, _topic, _answers = shop
    sent = send_everything(client, agent)
    function = Function()

    arrived = aws.in_queue("bridge")
    for event in arrived:
        function(event)

    expected = {sent[channel]: ARRIVED[channel] for channel in CHANNELS if channel != "RCS"}
    assert function.status == expected
    assert {each["detail-type"].partition(" ")[0] for each in arrived} == {
        "Text",
        "Media",
        "Voice",
    }


def test_blocked_messages(sms, aws, shop):
    """The event of a blocked text has no sender and no price, and the function can read it."""
    client, agent, topic, _answers = shop
    sms.outcome("TEXT_BLOCKED", recipient=ANN)
    sms.outcome("VOICE_BUSY", recipient=ANN)
    sent = send_everything(client, agent)
    function = Function()

    arrived = aws.in_queue(topic)
    function(of_sns([json.dumps(each) for each in arrived]))

    [blocked] = [each for each in arrived if each["messageId"] == sent["TEXT"]]
    assert "originationPhoneNumber" not in blocked
    assert function.status[sent["TEXT"]] == "TEXT_BLOCKED"
    assert function.status[sent["VOICE"]] == "VOICE_BUSY"
    assert function.price[sent["TEXT"]] == function.price[sent["VOICE"]] == 0


def test_monitored_messages(sms, aws, shop):
    """With MONITOR, the event says what AWS would have blocked, but the text is delivered."""
    client, agent, topic, _answers = shop
    protect = client.create_protect_configuration()["ProtectConfigurationId"]
    client.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protect,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "MONITOR"}},
    )
    client.associate_protect_configuration(
        ProtectConfigurationId=protect, ConfigurationSetName="shop"
    )
    sent = send_everything(client, agent)
    function = Function()

    function(of_sns([json.dumps(each) for each in aws.in_queue(topic)]))

    assert function.status[sent["TEXT"]] == "TEXT_DELIVERED"
    assert function.blocked_by[sent["TEXT"]] == "BLOCK"


def test_answers_of_recipients(sms, aws, shop):
    """The function reads texts to the number and taps to the agent from one topic."""
    _client, agent, _topic, answers = shop
    function = Function()

    sms.receive("Thank you!", sender=ANN, recipient="+18885550100")
    sms.receive(suggestion={"text": "Open", "postback_data": "open:7"}, sender=ANN, recipient=agent)
    sms.receive(typing=True, sender=ANN, recipient=agent)
    function(of_sns([json.dumps(each) for each in aws.in_queue(answers)]))

    assert function.answers == [
        (ANN, "text", "Thank you!"),
        (ANN, "SUGGESTION", "open:7"),
        (ANN, "RCS_TYPING", None),
    ]
