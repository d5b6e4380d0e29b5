"""compose.yaml runs, and a text's events arrive at moto."""

from __future__ import annotations

import json
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import boto3
import pytest

from tests.doors.container.containers import BASE, IMAGE, ROOT, Engine, free_port

pytestmark = [pytest.mark.needs("container"), pytest.mark.timeout(900)]

MOTO = "localhost/moto:test"
# The image of moto's own makers is in no registry of packages, so its like is made of packages.
MOTO_IMAGE = f"""\
FROM {BASE}
COPY constraints.txt .
RUN pip install --no-cache-dir --constraint constraints.txt \
    'moto[firehose,logs,s3,server,sns,sqs]'
ENTRYPOINT ["moto_server", "--host", "127.0.0.1"]
"""
# All on the machine's own network, on loopback: no bridge needs to be made for a test.
ON_LOOPBACK = """\
services:
  sms:
    network_mode: host
    environment:
      PINPOINT_SMS_EMU_HOST: 127.0.0.1
      PINPOINT_SMS_EMU_PORT: ${PINPOINT_SMS_EMU_PORT}
  aws:
    network_mode: host
    command: ["--port", "${MOTO_PORT}"]
    environment:
      MOTO_PORT: ${MOTO_PORT}
"""


@pytest.fixture(scope="module")
def moto(engine) -> str:
    """An image of moto's server."""
    (engine.folder / "Dockerfile.moto").write_text(MOTO_IMAGE)
    engine.run(
        *("buildah", "bud", "--layers", "--format", "docker", "--isolation", "chroot"),
        *("--file", str(engine.folder / "Dockerfile.moto"), "--tag", MOTO, str(ROOT)),
    )
    return MOTO


@pytest.fixture(scope="module")
def composed(engine, moto) -> Iterator[tuple[str, str]]:
    """What compose.yaml starts: where the emulator answers, and where moto does."""
    sms, aws = free_port(), free_port()
    (engine.folder / "loopback.yaml").write_text(ON_LOOPBACK)
    variables = {
        "PINPOINT_SMS_EMU_IMAGE": IMAGE,
        "MOTO_IMAGE": moto,
        "PINPOINT_SMS_EMU_PORT": str(sms),
        "MOTO_PORT": str(aws),
        "EVENTS_ENDPOINT_URL": f"http://127.0.0.1:{aws}",
        "S3_ENDPOINT_URL": f"http://127.0.0.1:{aws}",
    }
    compose = (
        *("env", *(f"{name}={value}" for name, value in variables.items())),
        str(Path(sys.executable).with_name("podman-compose")),
        *("--project-name", f"sms-{sms}"),
        *("--file", str(ROOT / "compose.yaml"), "--file", str(engine.folder / "loopback.yaml")),
    )
    engine.run(*compose, "up", "--detach", "--no-build")
    try:
        wait_for(f"http://127.0.0.1:{sms}/_emulator/health")
        wait_for(f"http://127.0.0.1:{aws}/moto-api/data.json")
        healthy(engine, f"sms-{sms}_sms_1")
        healthy(engine, f"sms-{sms}_aws_1")
        yield f"http://127.0.0.1:{sms}", f"http://127.0.0.1:{aws}"
    finally:
        engine.run(*compose, "down", "--timeout", "1")


def healthy(engine: Engine, name: str) -> None:
    """The service's own health check succeeds."""
    assert engine.run("podman", "healthcheck", "run", name, check=False).returncode == 0


def wait_for(url: str) -> None:
    """Wait until something answers there."""
    for _ in range(300):
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nothing answers at {url}")


def lease(sms) -> str:
    """Lease a number."""
    number = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    return number["PhoneNumberId"]


def test_events_arrive_at_moto(composed):
    """A text sent in the one container is an event in a queue of the other."""
    sms_url, aws_url = composed
    given = {"aws_access_key_id": "123456789012", "aws_secret_access_key": "any"}
    with (
        closing(boto3.client("sns", "us-east-1", endpoint_url=aws_url, **given)) as sns,
        closing(boto3.client("sqs", "us-east-1", endpoint_url=aws_url, **given)) as sqs,
        closing(
            boto3.client("pinpoint-sms-voice-v2", "us-east-1", endpoint_url=sms_url, **given)
        ) as sms,
    ):
        topic = sns.create_topic(Name="events")["TopicArn"]
        queue = sqs.create_queue(QueueName="events")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        sns.subscribe(
            TopicArn=topic,
            Protocol="sqs",
            Endpoint=arn["Attributes"]["QueueArn"],
            Attributes={"RawMessageDelivery": "true"},
        )
        sms.create_configuration_set(ConfigurationSetName="watched")
        sms.create_event_destination(
            ConfigurationSetName="watched",
            EventDestinationName="topic",
            MatchingEventTypes=["ALL"],
            SnsDestination={"TopicArn": topic},
        )
        sent = sms.send_text_message(
            DestinationPhoneNumber="+14255550100",
            OriginationIdentity=lease(sms),
            MessageBody="Hello from compose",
            ConfigurationSetName="watched",
        )

        received = []
        for _ in range(100):
            answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
            received += [json.loads(each["Body"]) for each in answer.get("Messages", [])]
            if any(event["eventType"] == "TEXT_DELIVERED" for event in received):
                break
            time.sleep(0.1)

    assert {event["messageId"] for event in received} == {sent["MessageId"]}
    assert "TEXT_DELIVERED" in {event["eventType"] for event in received}
