"""The add-on that lets LocalStack, and its fork LocalEmu, answer for this service."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import boto3
import pytest
from botocore.config import Config

ROOT = Path(__file__).parents[2]
HOSTS = ("localemu", "localstack")
# The default account of both.
ACCOUNT = "000000000000"
OTHER_ACCOUNT = "111111111111"

pytestmark = [pytest.mark.needs("localstack"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module", params=HOSTS)
def url(request, tmp_path_factory) -> Iterator[str]:
    """The URL of a LocalStack with the add-on, which listens on loopback and reports nothing."""
    host = request.param
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    folder = tmp_path_factory.mktemp(host)
    variables = {
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "EAGER_SERVICE_LOADING": "0",
        "FILESYSTEM_ROOT": str(folder),
        "PINPOINT_SMS_EMU_SEED": "7",
    }
    process = subprocess.Popen(
        [ROOT / f".localstack/{host}/bin/python", "-m", f"{host}.runtime.main"],
        cwd=folder,
        env=os.environ | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    written = []
    try:
        for line in process.stdout:
            written.append(line)
            if line.startswith("Ready."):
                break
        assert written[-1:] == ["Ready.\n"], "".join(written)
        yield f"http://127.0.0.1:{port}"
    finally:
        end(process)


def end(process: subprocess.Popen[str]) -> None:
    """End a LocalStack; now and then its shutdown waits for ever for its own services."""
    process.terminate()
    try:
        process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


@pytest.fixture
def aws(url: str) -> Iterator[Callable[..., Any]]:
    """Clients of any service at that URL; afterwards the emulator is reset."""
    with ExitStack() as clients:

        def client(service: str, key: str = "test") -> Any:
            made = boto3.client(
                service,
                endpoint_url=url,
                region_name="us-east-1",
                aws_access_key_id=key,
                aws_secret_access_key="any",
                config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
            )
            return clients.enter_context(closing(made))

        yield client
        ask(url, "POST", "/reset")


def ask(url: str, method: str, path: str, body: Any = None) -> Any:
    """Send a request to the control plane, with a form's content type as curl does."""
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{url}/_emulator{path}", data, method=method), timeout=10) as answer:
        return json.load(answer)


def queue(aws: Callable[..., Any], name: str) -> tuple[str, str]:
    """Create a queue: its URL and its ARN."""
    sqs = aws("sqs")
    made = sqs.create_queue(QueueName=name)["QueueUrl"]
    found = sqs.get_queue_attributes(QueueUrl=made, AttributeNames=["QueueArn"])
    return made, found["Attributes"]["QueueArn"]


def received(aws: Callable[..., Any], queue_url: str) -> Any:
    """Wait for the first message in a queue."""
    [message] = aws("sqs").receive_message(QueueUrl=queue_url, WaitTimeSeconds=10)["Messages"]
    return json.loads(message["Body"])


def test_one_url_for_this_service_and_all_others(url, aws):
    """An MMS with a file in S3 is sent, and SNS and EventBridge get its events."""
    topic = aws("sns").create_topic(Name="receipts")["TopicArn"]
    topic_queue, topic_queue_arn = queue(aws, "receipts")
    aws("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=topic_queue_arn)
    bus_queue, bus_queue_arn = queue(aws, "bus")
    aws("events").put_rule(Name="texts", EventPattern='{"source": ["aws.sms-voice"]}')
    aws("events").put_targets(Rule="texts", Targets=[{"Id": "queue", "Arn": bus_queue_arn}])
    aws("s3").create_bucket(Bucket="archive")
    aws("s3").put_object(Bucket="archive", Key="cat.png", Body=b"picture")
    number = ask(url, "POST", "/numbers", {"phone_number": "+12065550100"})

    sms = aws("pinpoint-sms-voice-v2")
    sms.create_configuration_set(ConfigurationSetName="receipts")
    sms.create_event_destination(
        ConfigurationSetName="receipts",
        EventDestinationName="topic",
        MatchingEventTypes=["MEDIA_DELIVERED"],
        SnsDestination={"TopicArn": topic},
    )
    sent = sms.send_media_message(
        DestinationPhoneNumber="+14255550123",
        OriginationIdentity="+12065550100",
        MediaUrls=["s3://archive/cat.png"],
        ConfigurationSetName="receipts",
    )["MessageId"]

    assert number["account_id"] == ACCOUNT
    assert json.loads(received(aws, topic_queue)["Message"])["messageId"] == sent
    event = received(aws, bus_queue)
    assert (event["account"], event["detail"]["messageId"]) == (ACCOUNT, sent)
    [message] = ask(url, "GET", "/messages?status=DELIVERED")["messages"]
    assert message["message_id"] == sent


def test_accounts_are_those_of_localstack(url, aws):
    """A key of 12 digits is the account; a role session belongs to the role's account."""
    aws("pinpoint-sms-voice-v2", OTHER_ACCOUNT).create_opt_out_list(OptOutListName="mine")
    given = aws("sts", OTHER_ACCOUNT).assume_role(
        RoleArn=f"arn:aws:iam::{OTHER_ACCOUNT}:role/app", RoleSessionName="me"
    )["Credentials"]

    lists = aws("pinpoint-sms-voice-v2", given["AccessKeyId"]).describe_opt_out_lists()

    assert "mine" in {each["OptOutListName"] for each in lists["OptOutLists"]}


def test_refusals_are_passed_on_unchanged(aws):
    """Status, name and Reason are kept."""
    sms = aws("pinpoint-sms-voice-v2")

    with pytest.raises(sms.exceptions.ResourceNotFoundException) as refused:
        sms.describe_pools(PoolIds=["pool-unknown"])

    assert refused.value.response["ResourceType"] == "pool"
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_streams_are_passed_on(url, aws):
    """The stream of messages is not buffered until its end."""
    ask(url, "POST", "/numbers", {"phone_number": "+12065550100"})
    with urlopen(f"{url}/_emulator/messages/stream", timeout=10) as stream:
        assert stream.readline() == b": open\n"
        aws("pinpoint-sms-voice-v2").send_text_message(
            DestinationPhoneNumber="+14255550123",
            OriginationIdentity="+12065550100",
            MessageBody="Hello",
        )

        assert any(b"Hello" in line for line in iter(stream.readline, b""))


def test_other_web_sites_are_refused(url):
    """The emulator's rules for Host and Origin apply."""
    request = Request(f"{url}/_emulator/messages", headers={"Host": "rebound.example.com"})

    with pytest.raises(HTTPError) as refused, urlopen(request, timeout=10):
        pass

    with refused.value as answer:
        assert answer.code == 403
        assert "allowed_hosts" in json.load(answer)["error"]
