"""A new AWS account is in the sandbox, throttled and empty: `like_aws="strict"` is like it."""

from types import SimpleNamespace

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu import mock_sms
from tests.filling import fill_in

pytestmark = pytest.mark.since("1.43.11")

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
SIMULATOR, CUSTOMER = "+14254147755", "+14255550100"
ONCE = Config(retries={"total_max_attempts": 1})


@pytest.fixture
def emulator():
    """The emulator with like_aws="strict", and a frozen clock."""
    with mock_sms(seed=7, like_aws="strict") as emulator:
        emulator.clock.freeze()
        yield emulator


@pytest.fixture
def call(emulator):
    """A function that calls an operation, and then moves the clock by a second."""
    client = boto3.client("pinpoint-sms-voice-v2", config=ONCE)

    def make(operation, **members):
        try:
            return getattr(client, operation)(**members)
        finally:
            emulator.clock.advance(seconds=1)

    return make


def reason(call, operation, **members):
    """Call an operation that is refused, and return the Reason."""
    with pytest.raises(ClientError) as refused:
        call(operation, **members)
    return refused.value.response["Reason"]


@pytest.fixture
def number(emulator, call):
    """A simulator number, the only type that needs no registration in the United States."""
    leased = call(
        "request_phone_number",
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="SIMULATOR",
    )
    return leased["PhoneNumberId"]


def test_the_account_is_in_the_sandbox(call):
    """The account tier is SANDBOX, and every spend limit is one US dollar."""
    assert call("describe_account_attributes")["AccountAttributes"] == [
        {"Name": "ACCOUNT_TIER", "Value": "SANDBOX"}
    ]
    assert {each["MaxLimit"] for each in call("describe_spend_limits")["SpendLimits"]} == {1}


def test_numbers_and_messages_take_time(emulator, call, number):
    """A number is PENDING for 30 seconds, and a message needs two seconds to arrive."""
    query = {"OriginationIdentity": number, "MessageBody": "Hello"}
    early = reason(call, "send_text_message", DestinationPhoneNumber=SIMULATOR, **query)
    emulator.clock.advance(seconds=30)

    call("send_text_message", DestinationPhoneNumber=SIMULATOR, **query)
    before_delivery = emulator.messages[0].status
    emulator.clock.advance(seconds=2)

    assert early == "RESOURCE_NOT_ACTIVE"
    assert before_delivery != "DELIVERED"
    assert emulator.messages[0].status == "DELIVERED"
    refusal = reason(call, "send_text_message", DestinationPhoneNumber=CUSTOMER, **query)
    assert refusal == "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"


def test_one_call_a_second(emulator):
    """Two calls of an operation within a second are too many."""
    client = boto3.client("pinpoint-sms-voice-v2", config=ONCE)
    client.describe_pools()

    with pytest.raises(client.exceptions.ThrottlingException):
        client.describe_pools()


def test_reviews_take_days(emulator):
    """A registration is approved after days of the emulator's time, if no test decides first."""
    emulator.reset(throttling=False)
    client = boto3.client("pinpoint-sms-voice-v2", config=ONCE)

    def status(registration):
        (result,) = client.describe_registrations(RegistrationIds=[registration])["Registrations"]
        return result["RegistrationStatus"]

    def submit():
        made = client.create_registration(RegistrationType=BRAND)["RegistrationId"]
        fill_in(client, SimpleNamespace(id=made, registration_type=BRAND))
        client.submit_registration_version(RegistrationId=made)
        return made

    first, second = submit(), submit()
    emulator.clock.advance(days=1)
    waiting = [status(first), status(second)]
    emulator.review(second, "REQUIRES_UPDATES")
    emulator.clock.advance(days=3)

    assert waiting == ["REVIEWING", "REVIEWING"]
    assert [status(first), status(second)] == ["COMPLETE", "REQUIRES_UPDATES"]
