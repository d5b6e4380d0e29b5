"""`aws:SourceIp` over HTTP: the address of the client's connection, whatever the headers say."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.doors.serving import AUTHORIZATION
from tests.permissions.scenario import KEY

# Every address in 127.0.0.0/8 is this machine's.
HERE, THERE = "127.0.0.1", "127.0.0.2"
POLICY = {
    "Version": "2012-10-17",
    "Statement": {
        "Effect": "Allow",
        "Action": "sms-voice:DescribePools",
        "Resource": "*",
        "Condition": {"IpAddress": {"aws:SourceIp": THERE}},
    },
}


def describe_pools(server: Server, address: str, **headers: str) -> int:
    """Call from an address of this machine; return the HTTP status."""
    connection = HTTPConnection("127.0.0.1", server.port, source_address=(address, 0), timeout=10)
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    names |= {
        "Authorization": AUTHORIZATION.replace("testing", KEY),
        "X-Amz-Target": "PinpointSMSVoiceV2.DescribePools",
        "Content-Type": "application/x-amz-json-1.0",
    }
    connection.request("POST", "/", b"{}", names)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.fixture
def server():
    """A server whose policy allows calls from one address only."""
    with Server(Emulator(policies={KEY: POLICY})) as server:
        yield server


@pytest.mark.rule("iam-source-ip")
def test_the_connections_address_is_used(server):
    """The same call is allowed from one address, and denied from another."""
    assert describe_pools(server, THERE) == 200
    assert describe_pools(server, HERE) == 400


@pytest.mark.rule("iam-source-ip")
def test_headers_with_addresses_are_ignored(server):
    """X-Forwarded-For and Forwarded do not change the source address."""
    assert describe_pools(server, HERE, X_Forwarded_For=THERE) == 400
    assert describe_pools(server, HERE, Forwarded=f"for={THERE}") == 400


def test_assertions_use_the_address_of_each_call(server):
    """`assert_allowed_by` evaluates a recorded call with the address that it came from."""
    describe_pools(server, THERE)
    server.emulator.assert_allowed_by(POLICY)

    describe_pools(server, HERE)
    with pytest.raises(AssertionError, match="DescribePools"):
        server.emulator.assert_allowed_by(POLICY)


def test_cloudtrail_records_have_the_address(server):
    """A record in CloudTrail's form has the source address."""
    describe_pools(server, THERE)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/_emulator/calls?as=cloudtrail")
    body = connection.getresponse().read().decode()
    connection.close()

    assert f'"sourceIPAddress":"{THERE}"' in body.replace(": ", ":")
