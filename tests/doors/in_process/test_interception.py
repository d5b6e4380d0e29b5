"""Which calls a block answers, which it ignores, and what it restores."""

import asyncio
import copy
import pickle
import socket
import subprocess
import sys
import threading
import time
from unittest import mock

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.endpoint import Endpoint
from botocore.signers import RequestSigner
from moto import mock_aws

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import NotAnsweredError
from pinpoint_sms_emu.messaging.events.sinks import Sinks
from tests.doors.opt_out_lists import SERVICE, make_list, names

pytestmark = pytest.mark.usefixtures("bare")

ONCE = Config(retries={"total_max_attempts": 1}, connect_timeout=1)
REPLACED = [
    (Endpoint, "make_request"),
    (Endpoint, "_do_get_response"),
    (RequestSigner, "get_auth_instance"),
    (socket, "getaddrinfo"),
]


def what_stands():
    """The current functions that a block replaces."""
    return [vars(owner)[name] for owner, name in REPLACED]


# Intercepted calls.


@pytest.mark.parametrize(
    "endpoint", ["http://localhost:4566", "http://127.0.0.1:9", "https://sms.example.com:8443/x"]
)
def test_a_client_is_answered_whatever_endpoint_it_has(monkeypatch, endpoint):
    """AWS_ENDPOINT_URL of another emulator does not lead a client out of the block."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)

    with mock_sms() as sms:
        make_list(boto3.client(SERVICE))

        assert "mine" in engine_of(sms).account("123456789012", "us-east-1").opt_out_lists


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_client_of_a_server_is_not_intercepted(host):
    """It calls the server, under any name of this machine, until that has stopped."""
    with mock_sms() as sms:
        with Server(Emulator(), host=host) as server:
            url = f"http://localhost:{server.port}"
            client = boto3.client(SERVICE, endpoint_url=url, config=ONCE)
            make_list(client, "served")

            assert (
                "served"
                in engine_of(server.emulator).account("123456789012", "us-east-1").opt_out_lists
            )
        make_list(client, "answered")

        lists = engine_of(sms).account("123456789012", "us-east-1").opt_out_lists
        assert {each.id for each in lists} == {"Default", "answered"}


def test_pass_through_endpoints_are_not_intercepted():
    """A client with one of these URLs calls it; others are answered."""
    with mock_sms(pass_through=["http://localhost:9"]):
        passed = boto3.client(SERVICE, endpoint_url="http://127.0.0.1:9", config=ONCE)
        other = boto3.client(SERVICE, endpoint_url="http://127.0.0.1:10", config=ONCE)

        assert names(other) == ["Default"]
        with pytest.raises(Exception, match=r"127\.0\.0\.1:9"):
            names(passed)


class OddEndpoint(Endpoint):
    """A client's own way to send."""

    def _do_get_response(self, _request, _operation_model, _context):
        raise AssertionError("it was sent")


def test_an_endpoint_class_of_other_code_is_intercepted():
    """Every subclass of botocore's endpoint is intercepted, and restored afterwards."""
    client = boto3.client(SERVICE, region_name="us-east-1")
    client._endpoint.__class__ = OddEndpoint

    with mock_sms():
        assert names(client) == ["Default"]
    assert OddEndpoint._do_get_response.__module__ == __name__
    with mock_sms():
        assert names(client) == ["Default"]


@pytest.mark.parametrize(
    "host",
    [
        "sms-voice.us-east-1.amazonaws.com",
        "sms-voice-fips.us-gov-west-1.amazonaws.com",
        "sms-voice.eu-west-1.api.aws",
        "sms-voice.eusc-de-east-1.amazonaws.eu",
        "sms-voice.us-iso-east-1.api.aws.ic.gov",
    ],
)
@pytest.mark.parametrize("look_up", ["plain", "asyncio"])
def test_other_programs_get_an_error(host, look_up):
    """Programs that do not use botocore get an error that names the fixture for them."""

    async def open_connection():
        await asyncio.open_connection(host, 443)

    connect = {
        "plain": lambda: socket.create_connection((host, 443)),
        "asyncio": lambda: asyncio.run(open_connection()),
    }[look_up]

    with mock_sms(), pytest.raises(NotAnsweredError, match="pinpoint_sms_server") as raised:
        connect()
    assert host in str(raised.value)


def test_other_host_names_are_not_intercepted():
    """These are other services, and the first version of this one."""
    with mock.patch("socket.getaddrinfo", return_value=[]) as found, mock_sms():
        for host in ("sms-voice.pinpoint.us-east-1.amazonaws.com", "sqs.us-east-1.amazonaws.com"):
            socket.getaddrinfo(host, 443)

    assert found.call_count == 2


def test_a_passed_through_host_of_the_service_is_looked_up():
    """The service's own endpoint can be listed in pass_through."""
    url = "https://sms-voice.us-east-1.amazonaws.com"
    with mock.patch("socket.getaddrinfo", return_value=[]) as found, mock_sms(pass_through=[url]):
        socket.getaddrinfo("sms-voice.us-east-1.amazonaws.com", 443)

    found.assert_called_once()


# The context of a call.


def pickled(value):
    """A copy, as another process would get it."""
    return pickle.loads(pickle.dumps(value))  # noqa: S301  its own


@pytest.mark.parametrize("copied", [copy.deepcopy, pickled])
def test_a_handler_may_copy_the_context_of_a_call(copied):
    """Handlers of botocore's events keep requests, which hold no emulator when they are copied."""
    client = boto3.client(SERVICE, region_name="us-east-1")
    kept = []
    client.meta.events.register(
        "request-created.*", lambda request, **_: kept.append(copied(request.context))
    )

    with mock_sms():
        assert names(client) == ["Default"]
    assert kept[0]["client_region"] == "us-east-1"


@pytest.mark.since("1.35.16")  # older ones do not emit `before-parse` over HTTP
def test_handlers_of_a_client_are_called_as_over_http():
    """In process, only `before-send` is not emitted: another mock might answer there."""
    with mock_sms() as sms, Server(sms) as server:
        emitted = {}
        for door, settings in {"in process": {}, "HTTP": {"endpoint_url": server.url}}.items():
            client = boto3.client(SERVICE, **settings)
            seen = emitted[door] = []
            client.meta.events.register("*", lambda seen=seen, **event: seen.append(event))
            names(client)
            with pytest.raises(client.exceptions.ResourceNotFoundException):
                client.delete_opt_out_list(OptOutListName="unknown")

    in_process, http = (
        [(event["event_name"], sorted(event)) for event in each] for each in emitted.values()
    )
    assert in_process == [each for each in http if not each[0].startswith("before-send.")]


def test_a_handler_may_add_to_an_answer():
    """What a handler of `before-parse` adds is in the answer, and in a refusal."""

    def add(response_dict, customized_response_dict, **_event):
        customized_response_dict["Length"] = len(response_dict["body"])

    with mock_sms():
        client = boto3.client(SERVICE)
        client.meta.events.register("before-parse", add)

        assert client.describe_pools()["Length"] == len('{"Pools":[]}')
        with pytest.raises(client.exceptions.ResourceNotFoundException) as refused:
            client.delete_opt_out_list(OptOutListName="unknown")
        assert refused.value.response["Length"] > 0


def test_a_retry_is_answered_by_the_block_in_which_the_call_began():
    """A block that is entered between the attempts answers new calls only."""
    client = boto3.client(SERVICE, region_name="us-east-1")
    inner = mock_sms()
    entered = []

    def enter(**_):
        if not entered:
            entered.append(inner.__enter__())

    client.meta.events.register("needs-retry.*", enter)
    with mock_sms() as outer:
        outer.fail("CreateOptOutList", "ThrottlingException", times=1)
        make_list(client, "outer")

        assert names(client) == ["Default"]
        assert [each.operation for each in entered[0].calls] == ["DescribeOptOutLists"]
        inner.__exit__(None, None, None)
        assert names(client) == ["Default", "outer"]


# After a block.


def test_leaving_restores_botocore_and_socket():
    """Outside of every block botocore and socket are as they were."""
    before = what_stands()
    with mock_sms(), mock_sms():
        inside = what_stands()

    assert not any(now is then for now, then in zip(inside, before, strict=True))
    assert what_stands() == before


@pytest.mark.parametrize(("owner", "name"), REPLACED)
@pytest.mark.parametrize("entered", ["theirs", "ours"])
@pytest.mark.parametrize("left", ["theirs", "ours"])
def test_other_code_may_replace_the_same_function(owner, name, entered, left):
    """In any order of entering and leaving, calls are answered inside, and all is restored."""
    original = vars(owner)[name]
    theirs = []

    def replace():
        found = vars(owner)[name]
        theirs.append(found)

        def wrapper(*given, **named):
            return found(*given, **named)

        setattr(owner, name, wrapper)
        return wrapper

    ours = mock_sms()
    if entered == "theirs":
        wrapper = replace()
        ours.__enter__()
    else:
        ours.__enter__()
        wrapper = replace()
    client = boto3.client(SERVICE, endpoint_url="http://127.0.0.1:9", config=ONCE)
    assert names(client) == ["Default"]

    if left == "theirs":
        setattr(owner, name, theirs.pop())
        assert names(client) == ["Default"]
        ours.__exit__(None, None, None)
    else:
        ours.__exit__(None, None, None)
        if entered == "theirs":
            assert vars(owner)[name] is wrapper
        with pytest.raises(Exception, match=r"127\.0\.0\.1:9|credentials"):
            names(client)
        setattr(owner, name, theirs.pop())

    with pytest.raises(Exception, match=r"127\.0\.0\.1:9|credentials"):
        names(client)
    with mock_sms():
        assert names(client) == ["Default"]
    assert vars(owner)[name] is original


def test_beside_a_mock_of_whole_calls():
    """unittest.mock over a client's calls answers first, and may be left before or after."""
    patched = mock.patch.object(BaseClient, "_make_api_call", return_value={"OptOutLists": []})
    client = boto3.client(SERVICE, region_name="us-east-1")
    with mock_sms():
        patched.start()
        assert names(client) == []
    patched.stop()

    with mock_sms():
        assert names(client) == ["Default"]


def test_moto_entered_first_may_be_left_first():
    """Variables that moto removes from the environment are not missed: calls are answered."""
    moto, ours = mock_aws(), mock_sms()
    moto.start()
    ours.__enter__()
    client = boto3.client(SERVICE, region_name="us-east-1")
    moto.stop()
    found = names(client), names(boto3.client(SERVICE, region_name="us-east-1"))
    ours.__exit__(None, None, None)

    assert found == (["Default"], ["Default"])


# Servers.


def test_the_first_of_two_servers_to_stop_leaves_delivery_to_the_other(monkeypatch):
    """An emulator delivers in the background until its last server has stopped."""
    senders = []
    monkeypatch.setattr(Sinks, "deliver", lambda *_: senders.append(threading.current_thread()))
    emulator = Emulator(events_endpoint_url="http://127.0.0.1:9")
    emulator.add_number("+12065550100")
    text = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Hello"}

    with Server(emulator):
        with Server(emulator):
            pass
        engine_of(emulator).call("SendTextMessage", text)
        assert emulator.flush()
    served, senders[:] = list(senders), []
    engine_of(emulator).call("SendTextMessage", text)

    assert served
    assert threading.current_thread() not in served
    assert set(senders) == {threading.current_thread()}
    emulator.close()


IMPORTS = """
import sys
import threading
import botocore.session
before = set(sys.modules)
from pinpoint_sms_emu import mock_sms
with mock_sms():
    pass
print(sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def test_a_block_does_not_load_asyncio_or_a_server():
    """Who uses neither pays for neither."""
    command = [sys.executable, "-c", IMPORTS]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    assert "'pinpoint_sms_emu'" in loaded
    assert not any(f"'{name}'" in loaded for name in ("asyncio", "aiobotocore", "werkzeug"))


def test_entering_and_leaving_costs_little():
    """A block in and out takes less than 0.2 ms of the processor, at best of many."""
    with mock_sms():
        pass

    def cost():
        started = time.thread_time()
        with mock_sms():
            pass
        return time.thread_time() - started

    assert min(cost() for _ in range(200)) < 0.0002
