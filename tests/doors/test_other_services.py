"""Calls of other services to a server without moto: each is refused at once."""

from __future__ import annotations

from collections.abc import Iterator

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, Server
from tests.control.http import Control
from tests.raw import SIGNED

CALLS = [
    ("s3", "list_buckets", {}),
    ("s3", "get_object", {"Bucket": "pictures", "Key": "dog.png"}),
    ("s3", "put_object", {"Bucket": "pictures", "Key": "dog.png", "Body": b"dog"}),
    ("lambda", "list_functions", {}),
    ("route53", "list_hosted_zones", {}),
]


@pytest.fixture
def server() -> Iterator[Server]:
    """A server without moto."""
    with Server(Emulator()) as running:
        yield running


def client(service, server):
    """A client of a service, with boto3's own retries."""
    return boto3.client(
        service,
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
        config=Config(s3={"addressing_style": "path"}),
    )


@pytest.mark.parametrize(("service", "operation", "given"), CALLS)
def test_another_services_call_is_refused(server, service, operation, given):
    """The ClientError names the service, after one attempt, in XML and in JSON."""
    with pytest.raises(ClientError) as raised:
        getattr(client(service, server), operation)(**given)

    answer = raised.value.response
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0
    assert answer["Error"]["Code"] == "UnknownOperationException"
    assert f"{service} is not emulated" in answer["Error"]["Message"]
    assert "serve --with-moto" in answer["Error"]["Message"]


def test_head_bucket_is_refused(server):
    """The answer to HEAD has no body, and the client reads the status."""
    with pytest.raises(ClientError, match="400"):
        client("s3", server).head_bucket(Bucket="pictures")


@pytest.mark.parametrize("service", ["sms-voice", "sns", None])
def test_unsigned_requests_get_the_page(server, service):
    """So do requests that are signed for an emulated service."""
    headers = {"Authorization": SIGNED.replace("sms-voice", service)} if service else {}

    assert "<html" in Control(server.url).get("/", headers=headers).text
