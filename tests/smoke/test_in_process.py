"""The product in process on this Python: one test for each of its features."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.emulator import engine_of

SERVICE = "pinpoint-sms-voice-v2"
NUMBER, ANN = "+12065550100", "+14255550101"


@pytest.fixture
def inside() -> Iterator[Emulator]:
    """An emulator with a number."""
    with mock_sms(seed=7) as emulator:
        emulator.add_number(NUMBER)
        yield emulator


@pytest.fixture
def sms(inside: Emulator) -> Any:
    """A client as users make it, with its own validation and retries."""
    return boto3.client(SERVICE, region_name="us-east-1")


def send(sms: Any, body: str = "Hello", **more: str) -> str:
    """Send a text to Ann; return its id."""
    members = {"DestinationPhoneNumber": ANN, "OriginationIdentity": NUMBER, "MessageBody": body}
    message_id: str = sms.send_text_message(**(members | more))["MessageId"]
    return message_id


def test_a_pool_sends_a_text(inside, sms):
    """A pool is created with a number, and a text from it is delivered."""
    [number] = sms.describe_phone_numbers()["PhoneNumbers"]
    # The country was required in earlier models.
    pool = sms.create_pool(
        OriginationIdentity=number["PhoneNumberId"],
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
    )

    send(sms, "Grüße 👋", OriginationIdentity=pool["PoolId"])

    message = inside.wait_for(recipient=ANN)
    assert (message.sender, message.pool_id) == (NUMBER, pool["PoolId"])
    assert (message.body, message.encoding) == ("Grüße 👋", "Unicode")
    assert message.status == "DELIVERED"


def test_nothing_is_sent_after_stop(inside, sms):
    """Sending to a recipient who has texted STOP raises boto3's modeled exception."""
    answer = inside.receive("STOP", sender=ANN, recipient=NUMBER)

    with pytest.raises(sms.exceptions.ConflictException) as refused:
        send(sms)

    assert answer.action == "OPT_OUT"
    assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_OPTED_OUT"


def test_invalid_requests_are_refused(sms):
    """The model's constraints and the service's rules are enforced."""
    with pytest.raises(sms.exceptions.ValidationException) as malformed:
        send(sms, DestinationPhoneNumber="Ann")
    with pytest.raises(sms.exceptions.ResourceNotFoundException) as unknown:
        sms.describe_pools(PoolIds=["pool-none"])

    assert malformed.value.response["Fields"][0]["Name"] == "destinationPhoneNumber"
    assert unknown.value.response["ResourceId"] == "pool-none"


def test_pages_have_everything_once(sms):
    """A paginator returns every entry once."""
    names = {f"list-{index}" for index in range(7)}
    for name in names:
        sms.create_opt_out_list(OptOutListName=name)

    pages = sms.get_paginator("describe_opt_out_lists").paginate(PaginationConfig={"PageSize": 3})
    found = [each["OptOutListName"] for page in pages for each in page["OptOutLists"]]

    assert sorted(found) == sorted(names | {"Default"})


def test_events_are_published(inside, sms):
    """An event destination gets each status, in order."""
    sms.create_configuration_set(ConfigurationSetName="told")
    sms.create_event_destination(
        ConfigurationSetName="told",
        EventDestinationName="topic",
        MatchingEventTypes=["TEXT_ALL"],
        SnsDestination={"TopicArn": "arn:aws:sns:us-east-1:123456789012:topic"},
    )
    inside.outcome("TEXT_CARRIER_BLOCKED", recipient=ANN)

    message_id = send(sms, ConfigurationSetName="told")

    result = [event for event in inside.events if event.message_id == message_id]
    assert result[-1].record["eventType"] == "TEXT_CARRIER_BLOCKED"
    assert [each.name for event in result for each in event.destinations] == ["topic"] * len(result)


def test_boto3_retries_an_injected_error(inside, sms):
    """An injected error reaches the client's own retries."""
    inside.fail("SendTextMessage", "ThrottlingException", times=1)

    message_id = send(sms)

    assert engine_of(inside).state.messages[message_id].status == "DELIVERED"


@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_the_clock_is_advanced(pinpoint_sms):
    """Jobs that become due have run afterwards."""
    sms = boto3.client(SERVICE, region_name="us-east-1")
    sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    [before] = sms.describe_phone_numbers()["PhoneNumbers"]

    pinpoint_sms.clock.advance(minutes=2)

    [after] = sms.describe_phone_numbers()["PhoneNumbers"]
    assert (before["Status"], after["Status"]) == ("PENDING", "ACTIVE")


def test_a_snapshot_is_restored(inside, sms):
    """A snapshot, converted to JSON and back, is complete; ids continue with the same seed."""
    send(sms)
    document = json.loads(json.dumps(inside.snapshot()))

    with mock_sms() as other:
        other.restore(document)
        restored = other.snapshot()
        again = send(sms)

    assert restored == document
    assert again == send(sms)


def test_an_async_function_is_decorated():
    """Calls in a coroutine are answered, and no argument is passed in."""

    @mock_sms
    async def application():
        await asyncio.sleep(0)
        client = boto3.client(SERVICE, region_name="us-east-1")
        return await asyncio.to_thread(client.describe_opt_out_lists)

    assert [each["OptOutListName"] for each in asyncio.run(application())["OptOutLists"]] == [
        "Default"
    ]


def test_many_threads_follow_the_rules(inside, sms):
    """Of many threads that create one name, one succeeds; every text that was sent is stored."""
    gate = threading.Barrier(16)
    # botocore creates these classes on first use, without a lock: threads could each get their own.
    conflict = sms.exceptions.ConflictException

    def work(_index: int) -> bool:
        gate.wait(30)
        send(sms)
        try:
            sms.create_opt_out_list(OptOutListName="wanted")
        except conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        won = list(threads.map(work, range(16)))

    assert won.count(True) == 1
    assert len({message.id for message in inside.messages}) == 16
