"""Calls and values for the tests of event destinations."""

from typing import Any

ROLE = "arn:aws:iam::123456789012:role/events"


SNS = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}


LOGS = {
    "IamRoleArn": ROLE,
    "LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:events",
}


FIREHOSE = {
    "IamRoleArn": ROLE,
    "DeliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/events",
}


SINKS = {
    "CloudWatchLogsDestination": LOGS,
    "KinesisFirehoseDestination": FIREHOSE,
    "SnsDestination": SNS,
}


def without(structure: Any, member: Any) -> Any:
    """The same structure without one member."""
    return {name: value for name, value in structure.items() if name != member}
