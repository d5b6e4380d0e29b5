"""`aws:SourceIp` over HTTP: the address of the connection's other end, and no header's word."""

from __future__ import annotations

from http.client import HTTPConnection

import pytest

from pinpoint_sms_emu import Emulator, Server
from tests.doors.serving import AUTHORIZATION
from tests.permissions.scenario import KEY

# All of 127.0.0.0/8 is this machine.
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
    """Call from an address of this machine; the status."""
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
    """A server that lets a key call from one address only."""
    with Server(Emulator(policies={KEY: POLICY})) as server:
        yield server


@pytest.mark.rule("iam-source-ip")
def test_the_address_of_the_connection(server):
    """The same call is allowed from one address, and denied from another."""
    assert describe_pools(server, THERE) == 200
    assert describe_pools(server, HERE) == 400


@pytest.mark.rule("iam-source-ip")
def test_no_header_says_otherwise(server):
    """What a client writes into X-Forwarded-For or Forwarded opens nothing."""
    assert describe_pools(server, HERE, X_Forwarded_For=THERE) == 400
    assert describe_pools(server, HERE, Forwarded=f"for={THERE}") == 400


def test_a_policy_is_pinned_with_the_addresses_of_its_calls(server):
    """A recorded call is judged by the address from which it came."""
    describe_pools(server, THERE)
    server.emulator.assert_allowed_by(POLICY)

    describe_pools(server, HERE)
    with pytest.raises(AssertionError, match="DescribePools"):
        server.emulator.assert_allowed_by(POLICY)


def test_cloudtrail_has_the_address(server):
    """The record of a call in CloudTrail's form says where it came from."""
    describe_pools(server, THERE)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/_emulator/calls?as=cloudtrail")
    body = connection.getresponse().read().decode()
    connection.close()

    assert f'"sourceIPAddress":"{THERE}"' in body.replace(": ", ":")
