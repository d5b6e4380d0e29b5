"""The routes of API calls."""

from __future__ import annotations

import asyncio
import json

import pytest

from pinpoint_sms_emu.control import stream
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.wire.protocol import Request
from tests.doors.serving import AUTHORIZATION

PATH = "/_emulator/calls"
TARGET = {"authorization": AUTHORIZATION, "x-amz-target": "PinpointSMSVoiceV2.DeletePool"}


@pytest.fixture
def refused(control):
    """A call that was refused, over HTTP."""
    body = json.dumps({"PoolId": "pool-unknown"}).encode()
    return control.call("POST", "/", body, {**TARGET, "user-agent": "tests"})


def test_listing(control, sms, refused):
    """Calls are listed oldest first, found by their members, and shown one by one."""
    listed = control.get(PATH).json
    [call] = control.get(f"{PATH}?refused=true").json["calls"]

    assert (listed["total"], listed["forgotten"]) == (1, 0)
    assert call == listed["calls"][-1]
    assert (call["operation"], call["user_agent"]) == ("DeletePool", "tests")
    assert call["error"]["code"] == "ResourceNotFoundException"
    assert call["why"]["rule"]["id"]
    assert control.get(f"{PATH}/{call['request_id']}").json == call
    assert control.get(f"{PATH}?after={call['request_id']}").json["calls"] == []
    assert control.get(f"{PATH}?format=jsonl").text.count("\n") == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{PATH}/unknown", 404),
        (f"{PATH}?after=unknown", 404),
        (f"{PATH}?limit=-1", 400),
        (f"{PATH}?refused=perhaps", 400),
        (f"{PATH}?as=poem", 400),
        (f"{PATH}?colour=red", 400),
        (f"{PATH}?operation=SendText", 400),
    ],
)
def test_invalid_queries_are_refused(control, refused, path, status):
    """An invalid query is refused with one sentence."""
    answer = control.get(path)

    assert answer.status == status
    assert " " in answer.error


def test_clearing(control, refused):
    """DELETE removes them."""
    control.delete(PATH)

    assert control.get(PATH).json == {"calls": [], "total": 0, "forgotten": 0}


def test_as_cloudtrail(control, refused):
    """The list and one call as CloudTrail has them."""
    [record] = control.get(f"{PATH}?as=cloudtrail").json["Records"]

    assert control.get(f"{PATH}/{record['requestID']}?as=cloudtrail").json == record
    assert record["eventSource"] == "sms-voice.amazonaws.com"
    assert record["requestParameters"] == {"poolId": "pool-unknown"}
    assert record["responseElements"] is None
    assert record["errorCode"] == "ResourceNotFoundException"
    assert (record["managementEvent"], record["eventCategory"]) == (True, "Management")
    assert record["readOnly"] is False


@pytest.mark.rule("cloudtrail-data-events")
def test_data_events_name_what_they_are_about(control, sms):
    """Lookups and feedback are data events too, and resources of every type are named."""
    sms.carrier_lookup(PhoneNumber="+14255550100")
    sms.create_configuration_set(ConfigurationSetName="events")
    notify = sms.create_notify_configuration(
        DisplayName="Example", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
    )
    sent = sms.send_notify_text_message(
        NotifyConfigurationId=notify["NotifyConfigurationId"],
        DestinationPhoneNumber="+14255550100",
        TemplateId="notify-code-verification-english-001",
        TemplateVariables={"code": "123456"},
        ConfigurationSetName="events",
        MessageFeedbackEnabled=True,
    )["MessageId"]
    sms.put_message_feedback(MessageId=sent, MessageFeedbackStatus="RECEIVED")

    records = control.get(f"{PATH}?as=cloudtrail").json["Records"]
    named = {
        record["eventName"]: [resource["type"] for resource in record.get("resources", ())]
        for record in records
        if record["eventCategory"] == "Data"
    }
    assert named == {
        "CarrierLookup": [],
        "SendNotifyTextMessage": [
            "AWS::SMSVoice::ConfigurationSet",
            "AWS::SMSVoice::NotifyConfiguration",
        ],
        "PutMessageFeedback": ["AWS::SMSVoice::Message"],
    }
    assert records[-1]["resources"][0]["ARN"].endswith(f":message/{sent}")


def test_the_header(control, refused):
    """The explanation of a refusal is in a header, in one line of ASCII."""
    why = refused.headers["x-emulator-why"]

    assert why.isascii()
    assert "There is no pool pool-unknown" in why


def test_the_header_says_what_helps(control):
    """After the cause comes what would help."""
    body = json.dumps({"DestinationPhoneNumber": "+14255550100", "MessageBody": "Hello"}).encode()
    target = TARGET | {"x-amz-target": "PinpointSMSVoiceV2.SendTextMessage"}
    refused = control.call("POST", "/", body, target)

    why = refused.headers["x-emulator-why"]
    assert why.startswith("The account has nothing that can send to US. Add a number for US with ")
    assert "`numbers add`" in why


@pytest.mark.pinpoint_sms(explain=False)
def test_without_the_header(control, refused):
    """A setting turns it off."""
    assert "x-emulator-why" not in refused.headers


def test_the_stream(control, emulator):
    """Each call arrives as it happens."""
    with control.opened("GET", f"{PATH}/stream") as answer:
        assert answer.readline() == b": open\n"
        control.call("POST", "/", b"{}", TARGET)
        lines = [answer.readline() for _ in range(3)]

    [data] = [line for line in lines if line.startswith(b"data: ")]
    assert json.loads(data.removeprefix(b"data: "))["operation"] == "DeletePool"


def test_no_call_from_before_a_reset_comes_after_it(emulator):
    """A watcher that reads after a reset gets the reset event, then only later calls."""

    async def watch_over_a_reset() -> bytes:
        watcher = stream.follow(emulator, stream.CALLS, lambda _call: True, Call.as_dict)
        await anext(watcher)
        engine = engine_of(emulator)
        engine.handle(request_of("DescribePools"))
        emulator.reset()
        engine.handle(request_of("DescribeKeywords"))
        events: bytes = await anext(watcher)
        await watcher.aclose()
        return events

    reset, *calls = asyncio.run(watch_over_a_reset()).decode().strip().split("\n\n")

    assert reset.startswith("event: reset")
    operations = [json.loads(each.removeprefix("data: "))["operation"] for each in calls]
    assert operations == ["DescribeKeywords"]


def request_of(operation: str) -> Request:
    """Make the request of a call without members."""
    headers = {"x-amz-target": f"PinpointSMSVoiceV2.{operation}"}
    return Request(headers, b"{}")
