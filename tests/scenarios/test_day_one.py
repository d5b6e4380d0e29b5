"""A test suite is run once as on the first day of a new AWS account: `like_aws="strict"`."""

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
    """Call an operation, and advance the clock by a second."""
    client = boto3.client("pinpoint-sms-voice-v2", config=ONCE)

    def make(operation, **members):
        try:
            return getattr(client, operation)(**members)
        finally:
            emulator.clock.advance(seconds=1)

    return make


def reason(call, operation, **members):
    """The Reason of a refusal."""
    with pytest.raises(ClientError) as refused:
        call(operation, **members)
    return refused.value.response["Reason"]


@pytest.fixture
def number(emulator, call):
    """A simulator number, the only one that needs neither registration nor approval."""
    leased = call(
        "request_phone_number",
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="SIMULATOR",
    )
    return leased["PhoneNumberId"]


def test_the_account_is_in_the_sandbox(call):
    """Tier, spend limits, and whom one may write to."""
    assert call("describe_account_attributes")["AccountAttributes"] == [
        {"Name": "ACCOUNT_TIER", "Value": "SANDBOX"}
    ]
    assert {each["MaxLimit"] for each in call("describe_spend_limits")["SpendLimits"]} == {1}


def test_numbers_and_messages_take_time(emulator, call, number):
    """A number is PENDING for half a minute, a message under way for two seconds."""
    query = {"OriginationIdentity": number, "MessageBody": "Hello"}
    early = reason(call, "send_text_message", DestinationPhoneNumber=SIMULATOR, **query)
    emulator.clock.advance(seconds=30)

    call("send_text_message", DestinationPhoneNumber=SIMULATOR, **query)
    under_way = emulator.messages[0].status
    emulator.clock.advance(seconds=2)

    assert early == "RESOURCE_NOT_ACTIVE"
    assert under_way != "DELIVERED"
    assert emulator.messages[0].status == "DELIVERED"
    refusal = reason(call, "send_text_message", DestinationPhoneNumber=CUSTOMER, **query)
    assert refusal == "DESTINATION_PHONE_NUMBER_NOT_VERIFIED"


def test_calls_come_one_a_second(emulator):
    """A second call within the second is throttled."""
    client = boto3.client("pinpoint-sms-voice-v2", config=ONCE)
    client.describe_pools()

    with pytest.raises(client.exceptions.ThrottlingException):
        client.describe_pools()


def test_reviewers_take_their_time(emulator):
    """A registration is decided after days by the emulator's clock, unless a test decides first."""
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
