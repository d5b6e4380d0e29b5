"""Memory: refused calls and deleted resources stay in no cache, queue or list."""

from __future__ import annotations

import gc
import json
import socket
import tracemalloc
import weakref
from contextlib import suppress
from itertools import count, islice
from tempfile import TemporaryDirectory
from urllib.request import urlopen

import boto3
import pytest

from pinpoint_sms_emu import Emulator, Server, mock_sms
from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.routes import ROUTES
from pinpoint_sms_emu.doors.http.parsing import RequestReader
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import Request
from tests.doors.serving import AUTHORIZATION

LENGTH = 50_000
TEXTS_EACH = 5
# A thousandth of the sent bytes.
MAX_KEPT = 1_000_000
# Members that routes require beside the text.
ELSE = {
    "event": "TEXT_DELIVERED",
    "operation": "*",
    "phone_number": "+12065550101",
    "sender": "+14255550123",
    "recipient": "+12065550100",
    "body": "Hello",
    "decision": "COMPLETE",
}


def text(number):
    """A unique text of this length."""
    return f"+{number:08}" + "1" * LENGTH


def kept_after(do):
    """The additional bytes in use after an action was done twice."""
    do(0)
    gc.collect()
    tracemalloc.start()
    do(1)
    gc.collect()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size


def test_refused_members_are_not_kept():
    """Each string member of each operation, alone or in a list, is long and unique."""
    emulator = Emulator(max_messages=1, max_calls=0)
    model = service_model()
    numbers = count()

    def send(_round):
        for name, operation in model.operations.items():
            members = model.shapes[operation.input_shape]["members"]
            for member, of in members.items():
                kind = model.shapes[of["shape"]]["type"]
                if kind not in ("string", "list"):
                    continue
                for number in islice(numbers, TEXTS_EACH):
                    value = text(number)
                    body = json.dumps({member: [value] if kind == "list" else value}).encode()
                    headers = {
                        "x-amz-target": f"PinpointSMSVoiceV2.{name}",
                        "authorization": AUTHORIZATION,
                    }
                    assert engine_of(emulator).handle(Request(headers, body)).status == 400

    assert kept_after(send) < MAX_KEPT


def test_refused_headers_are_not_kept():
    """Targets and credentials are long and unique."""
    emulator = Emulator(max_calls=0)

    def send(round_):
        for number in range(round_ * 1000, round_ * 1000 + 500):
            long = text(number)
            for target, authorization in (
                (f"PinpointSMSVoiceV2.{long}", AUTHORIZATION),
                (long, AUTHORIZATION),
                ("PinpointSMSVoiceV2.DescribePools", AUTHORIZATION.replace("testing", long)),
                ("PinpointSMSVoiceV2.DescribePools", AUTHORIZATION.replace("us-east-1", long)),
                ("PinpointSMSVoiceV2.DescribePools", long),
            ):
                headers = {"x-amz-target": target, "authorization": authorization}
                engine_of(emulator).handle(Request(headers, b"{}"))

    assert kept_after(send) < MAX_KEPT


def test_refused_control_requests_are_not_kept():
    """Each string that a route takes is long and unique."""
    emulator = Emulator()
    emulator.add_number(ELSE["recipient"])

    numbers = count()

    def send(_round):
        for route in ROUTES:
            known = arguments.parameters(route.function)
            texts = [each for each in known.values() if each.kind.phrase == "a text"]
            for parameter in texts:
                for number in islice(numbers, TEXTS_EACH):
                    needed = (each.name for each in known.values() if each.required)
                    given = {name: ELSE.get(name, "x") for name in needed}
                    given[parameter.name] = text(number)
                    with suppress(Exception):
                        route.function(emulator, **given)

    assert kept_after(send) < MAX_KEPT


def test_caches_of_request_lines_are_bounded():
    """Request lines and headers are cached up to a limit."""
    reader = RequestReader(lambda _request: 0)

    def read(round_):
        for number in range(round_ * 10_000, round_ * 10_000 + 2_000):
            line = f"GET /{text(number)} HTTP/1.1\r\nHost: a\r\n\r\n"
            name = f"GET / HTTP/1.1\r\nHost: a\r\n{text(number)[1:]}: x\r\n\r\n"
            assert len(reader.feed(line.encode() + name.encode())) == 2

    assert kept_after(read) < 16 * 1024 * 1024


# Removed messages are freed, whatever still refers to them.


def sending(emulator, texts, operation="SendTextMessage", **members):
    """Send many messages with a small store, so that most of them are removed."""
    members = {
        "DestinationPhoneNumber": "+14255550100",
        "OriginationIdentity": "+12065550100",
        **members,
    }
    for _ in range(texts):
        engine_of(emulator).call(operation, members)


def test_jobs_of_deleted_resources_are_removed():
    """With a frozen clock, jobs of deleted messages and resources do not accumulate."""
    emulator = Emulator(max_messages=10, delivery_seconds=60)
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    emulator.add_number("+12065550100")
    call = engine_of(emulator).call
    scheduler = engine_of(emulator).state.scheduler
    made = call("CreateProtectConfiguration", {})["ProtectConfigurationId"]
    later = {"Action": "BLOCK", "ExpirationTimestamp": 2_000_000_000}

    sending(emulator, 1_200, MessageBody="Hello")
    assert len(scheduler.entries) < 1_100
    for number in range(1_200):
        person = f"+1425555{number:04}"
        override = {"ProtectConfigurationId": made, "DestinationPhoneNumber": person}
        call("PutProtectConfigurationRuleSetNumberOverride", override | later)
        call("DeleteProtectConfigurationRuleSetNumberOverride", override)
    sending(emulator, 1, MessageBody="Hello")
    kept = emulator.messages[-1]
    emulator.clock.advance(seconds=61)

    assert len(scheduler.entries) < 1_100
    assert scheduler.sequence > 3_000
    assert kept.status == "DELIVERED"


def test_releases_that_are_final_are_removed():
    """The names of released sender IDs are kept only until they can be requested again."""
    emulator = Emulator(transition_seconds=60)
    emulator.clock.freeze("2030-01-01T00:00:00Z")
    call = engine_of(emulator).call

    for number in range(10):
        members = {"SenderId": f"NAME{number}", "IsoCountryCode": "DE"}
        call("RequestSenderId", members)
        call("ReleaseSenderId", members)
        emulator.clock.advance(seconds=61)

    [account] = engine_of(emulator).state.accounts.values()
    assert list(account.released_sender_ids) == ["NAME9/DE"]


@pytest.fixture
def silent():
    """An endpoint that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_records_for_a_silent_destination_are_removed(silent):
    """With a server, records of removed messages do not wait for it."""
    emulator = Emulator(max_messages=10, events_endpoint_url=silent)
    emulator.add_number("+12065550100")
    with Server(emulator):
        sending(emulator, 1_500, MessageBody="Hello")
        queues = engine_of(emulator).dispatcher._queues
        waiting = {target: len(queue.waiting) for target, queue in queues.items()}
        lost = emulator.find_events().forgotten
    emulator.close()

    assert 0 < sum(waiting.values()) <= 1_001
    assert sum(lost.values()) >= 1_400


def test_media_of_removed_messages_are_dropped(silent):
    """With a server, removed messages do not wait for the inspection of their files."""
    emulator = Emulator(max_messages=10, s3_endpoint_url=silent)
    emulator.add_number("+12065550100", number_capabilities=["MMS", "SMS"])
    with Server(emulator):
        sending(emulator, 100, "SendMediaMessage", MediaUrls=["s3://bucket/a.png"])
        waiting = len(engine_of(emulator).state.media_files.waiting)
    emulator.close()

    assert waiting <= 10


def leave_behind(what):
    """Use an emulator in one way and close it; return weak references."""
    with TemporaryDirectory() as folder:
        if what == "block":
            with mock_sms() as emulator:
                boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1").describe_pools()
        else:
            emulator = Emulator(data_dir=folder if what == "data_dir" else None)
            emulator.add_number("+12065550100")
        held = [weakref.ref(engine_of(emulator)), weakref.ref(engine_of(emulator).state)]
        if what == "server":
            with Server(emulator) as server, urlopen(f"{server.url}/_emulator/health"):
                pass
        if what == "reset":
            emulator.reset()
        emulator.close()
    return held


@pytest.mark.parametrize("what", ["alone", "block", "data_dir", "reset", "server"])
def test_a_closed_emulator_is_freed(what):
    """Nothing in the process refers to an unused emulator or its state."""
    held = leave_behind(what)
    gc.collect()

    assert [each() for each in held] == [None, None]


def test_refused_calls_do_not_keep_a_replaced_state():
    """The journal has the errors of calls, and not what their frames referred to."""
    with mock_sms() as emulator:
        client = boto3.client("pinpoint-sms-voice-v2", region_name="us-east-1")
        with suppress(client.exceptions.ResourceNotFoundException):
            client.delete_pool(PoolId="pool-unknown")
        replaced = weakref.ref(engine_of(emulator).state)

        emulator.restore(emulator.snapshot())
        gc.collect()

        assert emulator.calls[0].refused
        assert replaced() is None
