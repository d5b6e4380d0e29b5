"""Receives event records in moto: topics, streams, logs and the event bus."""

from __future__ import annotations

import json
from typing import Any

import boto3

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/events"


def sns(topic: str) -> dict[str, dict[str, str]]:
    """A topic as a destination of events."""
    return {"SnsDestination": {"TopicArn": topic}}


def add_destination(emulator: Emulator, name: str, **sink: dict[str, str]) -> None:
    """Create the configuration set `Set`, all of whose events go to a destination."""
    call = engine_of(emulator).call
    call("CreateConfigurationSet", {"ConfigurationSetName": "Set"})
    call(
        "CreateEventDestination",
        {
            "ConfigurationSetName": "Set",
            "EventDestinationName": name,
            "MatchingEventTypes": ["ALL"],
            **sink,
        },
    )


class Receivers:
    """Topics, streams and logs in moto, and the records that have arrived there."""

    def __init__(self, endpoint_url: str | None = None, account_id: str | None = None) -> None:
        self.endpoint_url = endpoint_url
        self.account_id = account_id
        self._queues: dict[str, str] = {}

    def _client(self, service: str, region: str = REGION) -> Any:
        client = boto3.client(
            service,
            region_name=region,
            endpoint_url=self.endpoint_url,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )
        if self.account_id:
            client.meta.events.register("before-sign", self._name_account)
        return client

    def _name_account(self, request: Any, **_about: Any) -> None:
        request.headers["x-moto-account-id"] = self.account_id

    def topic(self, name: str = "receipts", region: str = REGION) -> str:
        """Make a topic with a queue that subscribes to it."""
        topic: str = self._client("sns", region).create_topic(Name=name)["TopicArn"]
        self._client("sns", region).subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=self._queue(topic, name, region),
            Attributes={"RawMessageDelivery": "true"},
        )
        return topic

    def bus(self, name: str = "bridge") -> str:
        """Subscribe a queue to the service's events on the default event bus."""
        arn = self._queue(name, name, REGION)
        events = self._client("events")
        events.put_rule(Name=name, EventPattern=json.dumps({"source": ["aws.sms-voice"]}))
        events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn}])
        return name

    def _queue(self, key: str, name: str, region: str) -> str:
        sqs = self._client("sqs", region)
        self._queues[key] = url = sqs.create_queue(QueueName=name)["QueueUrl"]
        attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        arn: str = attributes["Attributes"]["QueueArn"]
        return arn

    def in_queue(self, key: str, region: str = REGION) -> list[Any]:
        """Receive the messages in the queue of a topic or of the event bus."""
        sqs = self._client("sqs", region)
        taken: list[Any] = []
        while True:
            answer = sqs.receive_message(QueueUrl=self._queues[key], MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return taken
            for message in answer["Messages"]:
                taken.append(json.loads(message["Body"]))
                sqs.delete_message(
                    QueueUrl=self._queues[key], ReceiptHandle=message["ReceiptHandle"]
                )

    def stream(self, name: str = "receipts") -> str:
        """Make a delivery stream into a bucket of its name."""
        self._client("s3").create_bucket(Bucket=name)
        made = self._client("firehose").create_delivery_stream(
            DeliveryStreamName=name,
            ExtendedS3DestinationConfiguration={
                "RoleARN": ROLE,
                "BucketARN": f"arn:aws:s3:::{name}",
            },
        )
        arn: str = made["DeliveryStreamARN"]
        return arn

    def in_bucket(self, name: str = "receipts") -> list[str]:
        """Return the records in the bucket of a stream, oldest first."""
        s3 = self._client("s3")
        found = s3.list_objects_v2(Bucket=name).get("Contents", [])
        keys = [each["Key"] for each in found]
        return [s3.get_object(Bucket=name, Key=key)["Body"].read().decode() for key in keys]

    def log(self, name: str = "/sms/receipts") -> str:
        """Make a log group, without a stream."""
        self._client("logs").create_log_group(logGroupName=name)
        return f"arn:aws:logs:{REGION}:123456789012:log-group:{name}"

    def in_log(self, stream: str, name: str = "/sms/receipts") -> list[Any]:
        """Return the records in a stream of a log group."""
        answer = self._client("logs").get_log_events(
            logGroupName=name, logStreamName=stream, startFromHead=True
        )
        return [json.loads(each["message"]) for each in answer["events"]]
