"""Members that only few answers have."""

import pytest

from tests.filling import PDF

pytestmark = pytest.mark.since("1.44.5")

ROLE = "arn:aws:iam::123456789012:role/events"
LOG_GROUP = "arn:aws:logs:us-east-1:123456789012:log-group:events"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/events"
TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"


def test_an_attachment_has_tags(sms):
    """The answer of an upload shows the given tags."""
    tags = [{"Key": "team", "Value": "a"}]

    assert sms.create_registration_attachment(AttachmentBody=PDF, Tags=tags)["Tags"] == tags


def test_a_deleted_set_shows_its_destinations(sms):
    """DeleteConfigurationSet shows each kind of destination completely."""
    sinks = {
        "log": {"CloudWatchLogsDestination": {"IamRoleArn": ROLE, "LogGroupArn": LOG_GROUP}},
        "stream": {"KinesisFirehoseDestination": {"IamRoleArn": ROLE, "DeliveryStreamArn": STREAM}},
    }
    sms.create_configuration_set(ConfigurationSetName="ours")
    made = [
        sms.create_event_destination(
            ConfigurationSetName="ours",
            EventDestinationName=name,
            MatchingEventTypes=["ALL"],
            **sink,
        )["EventDestination"]
        for name, sink in sinks.items()
    ]

    assert sms.delete_configuration_set(ConfigurationSetName="ours")["EventDestinations"] == made


def test_a_deleted_notify_configuration_shows_its_countries(sms):
    """DeleteNotifyConfiguration shows the countries that were enabled."""
    made = sms.create_notify_configuration(
        DisplayName="codes",
        UseCase="CODE_VERIFICATION",
        EnabledChannels=["SMS"],
        EnabledCountries=["US"],
    )
    sms.describe_notify_configurations()

    deleted = sms.delete_notify_configuration(NotifyConfigurationId=made["NotifyConfigurationId"])

    assert deleted["EnabledCountries"] == ["US"]


def test_a_deleted_agent_shows_its_channel(sms):
    """DescribeRcsAgents and DeleteRcsAgent show the complete two-way channel of an agent."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    channel = {
        "TwoWayEnabled": True,
        "TwoWayChannelArn": TOPIC,
        "TwoWayChannelRole": ROLE,
        "TwoWayRcsEventsEnabled": ["ALL"],
    }
    sms.update_rcs_agent(RcsAgentId=agent, **channel)

    for listed in (
        sms.describe_rcs_agents()["RcsAgents"][0],
        sms.delete_rcs_agent(RcsAgentId=agent),
    ):
        assert {name: listed[name] for name in channel} == channel
