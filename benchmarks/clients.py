"""boto3 clients for benchmarks: of the emulator, and of a canned answer, the minimum time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.protocol import Request, Response

SERVICE = "pinpoint-sms-voice-v2"
SOMEONE = "+14255550123"
NOWHERE = "http://127.0.0.1:1"


def bare_environment() -> None:
    """Remove AWS settings of the machine from the environment."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Raw:
    """A response's body, in the form that botocore gets it from urllib3."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def stream(self, **_how: Any) -> Iterator[bytes]:
        """Yield the whole body."""
        yield self.body


def canned(answer: bytes, endpoint_url: str | None = NOWHERE) -> Any:
    """Create a client that answers each call with the same bytes at `before-send`.

    An open block must have pass_through=[NOWHERE], so that it does not answer it. `endpoint_url` is
    None without an open block: then botocore looks for the endpoint, as it does for our clients.
    """
    client = boto3.client(SERVICE, endpoint_url=endpoint_url)
    headers = HTTPHeaders.from_dict(
        {"Content-Type": "application/x-amz-json-1.0", "x-amzn-RequestId": "0" * 36}
    )

    def respond(request: Any, **_given: Any) -> AWSResponse:
        return AWSResponse(request.url, 200, headers, Raw(answer))

    client.meta.events.register(f"before-send.{SERVICE}", respond)
    return client


def caller(client: Any, method: str, **given: Any) -> Callable[[], Any]:
    """Return a function without arguments that calls a client's method."""
    bound = getattr(client, method)
    return lambda: bound(**given)


AUTHORIZATION = (
    "AWS4-HMAC-SHA256 Credential=123456789012/20260101/us-east-1/sms-voice/aws4_request, "
    "SignedHeaders=host, Signature=none"
)


def direct(emulator: Emulator, operation: str, **members: Any) -> Response:
    """Call the emulator without a client, to measure only the emulator."""
    headers = {"x-amz-target": f"PinpointSMSVoiceV2.{operation}", "authorization": AUTHORIZATION}
    answer = engine_of(emulator).handle(Request(headers, json.dumps(members).encode()))
    if answer.status != 200:  # noqa: PLR2004 the only status of success
        raise RuntimeError(answer.body.decode())
    return answer
