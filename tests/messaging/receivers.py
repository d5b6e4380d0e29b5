"""Receivers of event records: moto in process and as a server, and an endpoint that can fail."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs
from urllib.request import Request, urlopen

import boto3

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/events"
PUBLISHED = (
    '<PublishResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">'
    "<PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>"
)


def sns(topic: str) -> dict[str, dict[str, str]]:
    """A topic as a destination of events."""
    return {"SnsDestination": {"TopicArn": topic}}


def free_port() -> int:
    """A port without a listener."""
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
    return port


@contextmanager
def moto_server() -> Iterator[str]:
    """Moto in a separate process; yields its URL."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", f"-p{port}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Running on" in line:
                break
        # Otherwise it would block when its output is not read.
        threading.Thread(target=process.stderr.read, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def reset_all(url: str) -> None:
    """Reset a moto server."""
    urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()


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


class FlakyReceiver:
    """An endpoint that accepts records, refuses them, or lets callers wait; it stores them.

    Its moods are good, bad, slow and picky; picky is a bus that refuses entries in a successful
    answer.
    """

    def __init__(self) -> None:
        self.moods: dict[str, str] = {}
        self.taken: list[tuple[str, Any]] = []
        self.keys: set[str] = set()
        self._go_on = threading.Event()
        flaky = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1  # head and body leave together, or the second waits for an answer

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                flaky.keys.add(self.headers["Authorization"].split("=")[1].split("/")[0])
                status, answer = flaky.answer(self.headers.get("X-Amz-Target", ""), body)
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer.encode())

            def log_message(self, *_what: object) -> None:
                """Log nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_who: object) -> None:
                """Ignore clients that have disconnected after a time-out."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._go_on.set()
        self._server.shutdown()
        self._server.server_close()

    def answer(self, target: str, body: bytes) -> tuple[int, str]:
        """Answer with the failure that is set for the topic or the bus."""
        if target.endswith("PutEvents"):
            [entry] = json.loads(body)["Entries"]
            name, text, good = "bus", entry["Detail"], '{"FailedEntryCount": 0, "Entries": []}'
        else:
            members = parse_qs(body.decode())
            name, text, good = members["TopicArn"][0], members["Message"][0], PUBLISHED
        mood = self.moods.get(name, "good")
        if mood == "slow":
            self._go_on.wait(20)
        if mood == "picky":
            failed = {"ErrorCode": "NotAuthorizedForSource", "ErrorMessage": "Not for you."}
            return 200, json.dumps({"FailedEntryCount": 1, "Entries": [failed]})
        if mood != "good":
            return 500, "{}"
        self.taken.append((name, json.loads(text)))
        return 200, good

    def of(self, name: str) -> list[str]:
        """The types of the events that a topic, or the bus, has taken."""
        return [record["eventType"] for each, record in self.taken if each == name]
