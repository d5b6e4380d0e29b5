"""The SMS sandbox: phone numbers are added, get a one-time password, are verified and deleted."""

import pytest

from pinpoint_sms_emu.wire.model import SNS, model_of
from tests.sns.conftest import OTHER, PERSON

pytestmark = pytest.mark.pinpoint_sms(account_tier="SANDBOX")

NUMBER_ID = "VerifiedDestinationNumberId"
LANGUAGES = model_of(SNS).shapes["LanguageCodeString"]["enum"]


@pytest.fixture
def add(sns, emulator):
    """Add a number, and return its password."""

    def add(number=PERSON, **given):
        emulator.clear_messages()
        sns.create_sms_sandbox_phone_number(PhoneNumber=number, **given)
        return emulator.wait_for_code(recipient=number)

    return add


@pytest.fixture
def verify(sns):
    """Verify a number with a password."""

    def verify(password, number=PERSON):
        sns.verify_sms_sandbox_phone_number(PhoneNumber=number, OneTimePassword=password)

    return verify


def listed(sns):
    """Each sandbox number with its status."""
    numbers = sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]
    return {each["PhoneNumber"]: each["Status"] for each in numbers}


@pytest.mark.rule("sns-sandbox-status")
def test_get_sandbox_status_in_the_sandbox(sns):
    """IsInSandbox is true."""
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is True


@pytest.mark.pinpoint_sms(account_tier="PRODUCTION")
@pytest.mark.rule("sns-sandbox-status")
def test_get_sandbox_status_in_production(sns):
    """IsInSandbox is false."""
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False


@pytest.mark.rule("sns-sandbox-create")
def test_a_verified_number_receives_texts(sns, emulator, add, verify, text):
    """The password needs no origination number of the account, and is free."""
    password = add()
    [message] = emulator.messages
    pending = listed(sns)
    verify(password)

    assert (message.api, message.price, message.origination_identity) == ("sns", 0, None)
    assert pending == {PERSON: "Pending"}
    assert listed(sns) == {PERSON: "Verified"}
    assert text().status == "DELIVERED"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.rule("sns-sandbox-language")
def test_passwords_in_every_language(emulator, add, language):
    """The text in each language of SNS contains the password."""
    password = add(LanguageCode=language)

    assert password in emulator.messages[0].body
    assert ("verification code" in emulator.messages[0].body) == language.startswith("en")


@pytest.mark.rule("sns-sandbox-opted-out")
def test_an_opted_out_number_cannot_be_added(sms, sns, refused_by_sns):
    """Nothing is sent, and nothing is added."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)

    refused_by_sns(sns.create_sms_sandbox_phone_number, "OptedOut", PhoneNumber=PERSON)


@pytest.mark.rule("sns-sandbox-verified-already")
def test_a_verified_number_gets_no_password(sns, add, verify, refused_by_sns):
    """It gets no password any more."""
    verify(add())

    refused_by_sns(sns.create_sms_sandbox_phone_number, "UserError", PhoneNumber=PERSON)


@pytest.mark.rule("sns-sandbox-quota")
def test_there_are_at_most_ten_numbers(sns, add, refused_by_sns):
    """The eleventh is refused; a pending number can get another password."""
    for last in range(10):
        add(f"+1425555010{last}")

    refused_by_sns(sns.create_sms_sandbox_phone_number, "UserError", PhoneNumber="+14255550111")
    assert add(PERSON)


@pytest.mark.rule("sns-sandbox-texts", "sns-sandbox-quota")
def test_the_text_of_a_quota_has_its_reason(sns, add, refused_by_sns):
    """Programs look for the Reason in the text."""
    for last in range(10):
        add(f"+1425555010{last}")

    refused_by_sns(
        sns.create_sms_sandbox_phone_number,
        "UserError",
        'Service quota exceeded - Reason="VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT"',
        PhoneNumber="+14255550111",
    )


@pytest.mark.rule("sns-sandbox-texts")
def test_texts_of_refusals_are_those_of_the_other_service(
    sms, sns, emulator, add, verify, refused_by_sns
):
    """Both services say the same about a number that is verified, new, or unknown."""
    verify(add())
    [number] = sms.describe_verified_destination_numbers()["VerifiedDestinationNumbers"]
    about = f'ResourceType="verified-destination-number" ResourceId="{number[NUMBER_ID]}"'

    refused_by_sns(
        sns.create_sms_sandbox_phone_number,
        "UserError",
        f'Conflict Occurred - Reason="VERIFICATION_ALREADY_COMPLETE" {about}',
        PhoneNumber=PERSON,
    )
    refused_by_sns(
        sns.delete_sms_sandbox_phone_number,
        "UserError",
        f'Conflict Occurred - Reason="RESOURCE_DELETION_NOT_ALLOWED" {about}',
        PhoneNumber=PERSON,
    )
    refused_by_sns(
        sns.verify_sms_sandbox_phone_number,
        "ResourceNotFound",
        f"Resource not found - {about.replace(number[NUMBER_ID], OTHER)}",
        status=404,
        PhoneNumber=OTHER,
        OneTimePassword="123456",
    )
    add(OTHER)
    refused_by_sns(
        sns.verify_sms_sandbox_phone_number,
        "VerificationException",
        'Validation failed - Reason="VERIFICATION_CODE_MISMATCH"',
        PhoneNumber=OTHER,
        OneTimePassword="00000",
    )
    emulator.clock.advance(minutes=15)
    number = sms.describe_verified_destination_numbers(DestinationPhoneNumbers=[OTHER])
    other = number["VerifiedDestinationNumbers"][0][NUMBER_ID]
    refused_by_sns(
        sns.verify_sms_sandbox_phone_number,
        "VerificationException",
        'Conflict Occurred - Reason="VERIFICATION_CODE_EXPIRED" '
        f'ResourceType="verified-destination-number" ResourceId="{other}"',
        PhoneNumber=OTHER,
        OneTimePassword="00000",
    )


@pytest.mark.rule("sns-sandbox-free")
def test_only_the_first_password_is_free(sms, sns, emulator, add, refused_by_sns):
    """Another one costs money, and is refused at the spend limit; a first one is not."""
    add()
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)

    refused_by_sns(
        sns.create_sms_sandbox_phone_number,
        "UserError",
        'Service quota exceeded - Reason="MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"',
        PhoneNumber=PERSON,
    )
    add(OTHER)
    assert emulator.messages[-1].price == 0

    sms.set_text_message_spend_limit_override(MonthlyLimit=1)
    add()
    assert emulator.messages[-1].price > 0


@pytest.mark.rule("sns-sandbox-free")
def test_a_code_of_the_other_service_is_the_first_one_too(sms, emulator, add):
    """The services share the numbers, and count their codes together."""
    emulator.add_number("+12065550100", number_type="TOLL_FREE")
    created = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON)
    sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=created[NUMBER_ID], VerificationChannel="TEXT"
    )
    add()

    assert emulator.messages[-1].price > 0


@pytest.mark.rule("sns-sandbox-passwords-a-day")
def test_a_number_gets_five_passwords_a_day(sns, emulator, add, refused_by_sns):
    """The sixth is refused until 24 hours have passed."""
    emulator.clock.freeze()
    for _time in range(5):
        add()

    refused_by_sns(sns.create_sms_sandbox_phone_number, "Throttled", status=429, PhoneNumber=PERSON)
    emulator.clock.advance(hours=24)
    assert add()


@pytest.mark.parametrize("operation", ["verify", "delete"])
@pytest.mark.rule("sns-sandbox-unknown")
def test_a_number_must_be_added_first(sns, refused_by_sns, operation):
    """It can be neither verified nor deleted."""
    given = {"OneTimePassword": "123456"} if operation == "verify" else {}

    refused_by_sns(
        getattr(sns, f"{operation}_sms_sandbox_phone_number"),
        "ResourceNotFound",
        status=404,
        PhoneNumber=PERSON,
        **given,
    )


@pytest.mark.rule("sns-sandbox-password")
def test_only_the_latest_password_is_valid(sns, add, verify, refused_by_sns):
    """An earlier one is refused, with a status beside the message."""
    former, latest = add(), add()
    answer = refused_by_sns(
        sns.verify_sms_sandbox_phone_number,
        "VerificationException",
        PhoneNumber=PERSON,
        OneTimePassword=former,
    )
    verify(latest)

    assert answer["Status"] == answer["Error"]["Status"] == "Mismatch"
    assert listed(sns) == {PERSON: "Verified"}


@pytest.mark.rule("sns-sandbox-password")
def test_a_password_expires(sns, emulator, add, refused_by_sns):
    """A password is valid for 15 minutes."""
    emulator.clock.freeze()
    password = add()
    emulator.clock.advance(minutes=15)

    refused_by_sns(
        sns.verify_sms_sandbox_phone_number,
        "VerificationException",
        PhoneNumber=PERSON,
        OneTimePassword=password,
    )


@pytest.mark.rule("sns-sandbox-delete")
def test_a_number_can_be_deleted_after_a_day(sns, emulator, add, verify, refused_by_sns):
    """The day is counted from its verification, or from its last password."""
    emulator.clock.freeze()
    add()
    emulator.clock.advance(hours=20)
    verify(add())
    emulator.clock.advance(hours=23)

    refused_by_sns(sns.delete_sms_sandbox_phone_number, "UserError", PhoneNumber=PERSON)
    emulator.clock.advance(hours=1)
    sns.delete_sms_sandbox_phone_number(PhoneNumber=PERSON)
    assert listed(sns) == {}


@pytest.mark.rule("sns-sandbox-shared")
def test_sandbox_numbers_are_verified_destination_numbers(sms, sns, add, verify):
    """Both services share the verified numbers; testers of RCS agents are not among them."""
    verify(add())
    sms.create_verified_destination_number(DestinationPhoneNumber=OTHER)
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.create_verified_destination_number(DestinationPhoneNumber=OTHER, RcsAgentId=agent)

    assert listed(sns) == {PERSON: "Verified", OTHER: "Pending"}
    [mine, *_] = sms.describe_verified_destination_numbers()["VerifiedDestinationNumbers"]
    assert (mine["DestinationPhoneNumber"], mine["Status"]) == (PERSON, "VERIFIED")


@pytest.mark.rule("sns-tokens")
def test_sandbox_numbers_have_pages(sns, add, refused_by_sns):
    """The client's paginator works; the token of another list is refused."""
    for last in range(5):
        add(f"+1425555010{last}")
    pages = sns.get_paginator("list_sms_sandbox_phone_numbers").paginate(
        PaginationConfig={"PageSize": 2}
    )
    token = sns.list_sms_sandbox_phone_numbers(MaxResults=2)["NextToken"]

    assert [len(page["PhoneNumbers"]) for page in pages] == [2, 2, 1]
    refused_by_sns(sns.list_origination_numbers, "InvalidParameter", NextToken=token)
