"""Resource policies, without which SNS cannot send from what was requested with the API."""

import json

import pytest

from tests.sns.conftest import NUMBER, why_failed

pytestmark = [
    pytest.mark.pinpoint_sms(like_aws="strict", account_tier="PRODUCTION", throttling=False),
    pytest.mark.rule("sns-resource-policy"),
]

NO_ORIGIN = "No origination identity available to send to destination number"


def allow(arn, principal=None, effect="Allow", action="sms-voice:SendTextMessage"):
    """A statement of a resource policy, for SNS."""
    principal = principal or {"Service": "sns.amazonaws.com"}
    return {"Effect": effect, "Principal": principal, "Action": action, "Resource": arn}


@pytest.fixture
def put_policy(sms):
    """Set the policy of a resource."""

    def put_policy(arn, *statements):
        document = {"Version": "2012-10-17", "Statement": list(statements)}
        sms.put_resource_policy(ResourceArn=arn, Policy=json.dumps(document))

    return put_policy


@pytest.fixture
def number(sms, emulator):
    """An ACTIVE number that was requested with the API."""
    number = sms.request_phone_number(
        IsoCountryCode="CA",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    emulator.clock.advance(seconds=60)
    return number


@pytest.fixture
def texted(emulator, text):
    """Text a person in the number's country, and return the final message."""

    def texted(**attributes):
        message = text(to="+16135550123", **attributes)
        emulator.clock.advance(seconds=5)
        return message

    return texted


def test_a_requested_number_needs_a_policy(texted, number, put_policy):
    """SNS finds no number that was requested with the API before its policy lets it."""
    named = {"MM_SMS_OriginationNumber": number["PhoneNumber"]}
    assert why_failed(texted(**named)) == ("BLOCKED", NO_ORIGIN)
    assert texted().sender != number["PhoneNumber"]

    put_policy(number["PhoneNumberArn"], allow(number["PhoneNumberArn"]))

    for message in (texted(**named), texted()):
        assert (message.status, message.sender) == ("DELIVERED", number["PhoneNumber"])


def test_what_lets_sns_send(texted, number, put_policy):
    """The service, the action and the effect of a statement count, and Deny has precedence."""
    arn = number["PhoneNumberArn"]
    policies = [
        ([allow(arn, principal={"Service": ["lambda.amazonaws.com", "sns.amazonaws.com"]})], True),
        ([allow(arn, principal="*", action="sms-voice:Send*")], True),
        ([allow(arn, principal={"AWS": "123456789012"})], False),
        ([allow(arn, action="sms-voice:DescribePhoneNumbers")], False),
        ([allow(arn), allow(arn, effect="Deny")], False),
    ]
    for statements, is_allowed in policies:
        put_policy(arn, *statements)
        message = texted(MM_SMS_OriginationNumber=number["PhoneNumber"])
        assert (message.status == "DELIVERED") is is_allowed, statements


def test_this_service_needs_no_policy(sms, emulator, number):
    """SendTextMessage sends from the account's own number in any case."""
    sms.send_text_message(
        DestinationPhoneNumber="+16135550123",
        OriginationIdentity=number["PhoneNumberId"],
        MessageBody="Hello",
    )
    emulator.clock.advance(seconds=5)

    assert emulator.messages[-1].status == "DELIVERED"


def test_a_requested_sender_id_needs_a_policy(sms, text, put_policy):
    """A country with sender IDs shows NOTICE in place of one that SNS may not use."""
    sender = sms.request_sender_id(SenderId="SHOP", IsoCountryCode="GB")
    assert text(to="+447700900123", SNS_SMS_SenderID="SHOP").sender == "NOTICE"

    put_policy(sender["SenderIdArn"], allow(sender["SenderIdArn"]))

    assert text(to="+447700900123", SNS_SMS_SenderID="SHOP").sender == "SHOP"


def test_added_numbers_have_a_policy(sms, emulator, text):
    """A number that a test adds is like one from AWS's console, which gives it a policy."""
    number = emulator.add_number(NUMBER)

    [statement] = json.loads(
        sms.get_resource_policy(ResourceArn=number.phone_number_arn)["Policy"]
    )["Statement"]
    assert statement == allow(number.phone_number_arn)
    assert text(MM_SMS_OriginationNumber=NUMBER).sender == NUMBER


@pytest.mark.parametrize("settings", [{}, {"like_aws": "strict", "account_tier": "SANDBOX"}])
def test_where_no_policy_is_needed(emulator, sms, settings, sns, text):
    """By default and in the sandbox, SNS sends from what the account has."""
    emulator.reset(**{"like_aws": None, "account_tier": "PRODUCTION"} | settings)
    number = emulator.add_number(NUMBER)
    sms.delete_resource_policy(ResourceArn=number.phone_number_arn)
    sns.create_sms_sandbox_phone_number(PhoneNumber="+14255550100")
    emulator.clock.advance(seconds=5)
    code = emulator.wait_for_code(recipient="+14255550100")
    sns.verify_sms_sandbox_phone_number(PhoneNumber="+14255550100", OneTimePassword=code)

    assert text().sender == NUMBER
