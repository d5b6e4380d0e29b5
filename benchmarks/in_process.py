"""A call in process over the same call with a canned answer, and the cost of blocks in tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime

import boto3

from benchmarks.clients import NOWHERE, SERVICE, SOMEONE, caller, canned, direct
from benchmarks.measuring import Case, Row, in_turn
from pinpoint_sms_emu import Emulator, mock_sms

NUMBER = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
}


def measure() -> Iterator[Row]:
    """Measure three calls, a block, a complete small test, and a send without a client."""
    quotas = {"POOLS_PER_ACCOUNT": 10**9, "ORIGINATION_IDENTITIES_PER_POOL": 10**9}
    with mock_sms(quotas=quotas, pass_through=[NOWHERE]):
        client = boto3.client(SERVICE)
        leased = client.request_phone_number(**NUMBER)
        sender = client.request_sender_id(SenderId="EXAMPLE", IsoCountryCode="GB")
        pool = client.create_pool(
            OriginationIdentity=leased["PhoneNumberId"], MessageType="TRANSACTIONAL"
        )
        calls = {
            "describe_pools": {"PoolIds": [pool["PoolId"]]},
            "send_text_message": {
                "DestinationPhoneNumber": SOMEONE,
                "OriginationIdentity": leased["PhoneNumberId"],
                "MessageBody": "Your code is 123456. It expires in ten minutes.",
                "MessageType": "TRANSACTIONAL",
            },
            "create_pool": {
                "OriginationIdentity": sender["SenderIdArn"],
                "IsoCountryCode": "GB",
                "MessageType": "TRANSACTIONAL",
            },
        }
        for method, given in calls.items():
            answer = getattr(client, method)(**given)
            answer.pop("ResponseMetadata")
            floor = canned(json.dumps(answer, default=datetime.timestamp).encode())
            yield _over_floor(
                method, caller(client, method, **given), caller(floor, method, **given)
            )
    yield _block()
    yield _fixture()
    yield _send_over_list()


def _over_floor(method: str, ours: Case, floor: Case) -> Row:
    figures = in_turn({"floor": floor, "ours": ours}, "floor")
    return Row(f"in process, {method} over the canned floor", figures["ours"].ratio, 1.10, 1.0)


def _block() -> Row:
    def in_and_out() -> None:
        with mock_sms():
            pass

    figures = in_turn({"block": in_and_out}, "block")
    return Row("mock_sms() in and out", figures["block"].microseconds / 1000, 0.2, 0.1, "ms")


def _fixture() -> Row:
    def ours() -> None:
        with mock_sms():
            boto3.client(SERVICE).describe_opt_out_lists()

    with mock_sms():
        answer = boto3.client(SERVICE).describe_opt_out_lists()
    answer.pop("ResponseMetadata")
    body = json.dumps(answer, default=datetime.timestamp).encode()

    def floor() -> None:
        canned(body, endpoint_url=None).describe_opt_out_lists()

    figures = in_turn({"floor": floor, "ours": ours}, "floor")
    what = "fixture, a client of a kept session, one call, over the same with a canned answer"
    return Row(what, figures["ours"].ratio, 1.12, 1.05)


def _send_over_list() -> Row:
    emulator = Emulator(seed=7)
    number = emulator.add_number("+12065550100")
    text = {
        "DestinationPhoneNumber": SOMEONE,
        "OriginationIdentity": number.id,
        "MessageBody": "Your code is 123456. It expires in ten minutes.",
        "MessageType": "TRANSACTIONAL",
    }
    figures = in_turn(
        {
            "list": lambda: direct(emulator, "DescribeOptOutLists"),
            "send": lambda: direct(emulator, "SendTextMessage", **text),
        },
        "list",
    )
    what = "without a client, SendTextMessage over DescribeOptOutLists"
    return Row(what, figures["send"].ratio, 2.0, 1.6)
