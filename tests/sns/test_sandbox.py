"""The sandbox: numbers are added, get a one-time password, are verified and deleted."""

import pytest

from pinpoint_sms_emu.wire.model import SNS, model_of
from tests.sns.conftest import OTHER, PERSON

pytestmark = pytest.mark.pinpoint_sms(account_tier="SANDBOX")

LANGUAGES = model_of(SNS).shapes["LanguageCodeString"]["enum"]


@pytest.fixture
def add(sns, emulator):
    """Add a number, and give its password."""

    def add(number=PERSON, **given):
        emulator.clear_messages()
        sns.create_sms_sandbox_phone_number(PhoneNumber=number, **given)
        return emulator.wait_for_code(recipient=number)

    return add


@pytest.fixture
def verify(sns):
    """Enter a password."""

    def verify(password, number=PERSON):
        sns.verify_sms_sandbox_phone_number(PhoneNumber=number, OneTimePassword=password)

    return verify


def listed(sns):
    """Each number with its status."""
    numbers = sns.list_sms_sandbox_phone_numbers()["PhoneNumbers"]
    return {each["PhoneNumber"]: each["Status"] for each in numbers}


@pytest.mark.rule("sns-sandbox-status")
def test_an_account_in_the_sandbox(sns):
    """It says so."""
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is True


@pytest.mark.pinpoint_sms(account_tier="PRODUCTION")
@pytest.mark.rule("sns-sandbox-status")
def test_an_account_outside_of_it(sns):
    """It says so, too."""
    assert sns.get_sms_sandbox_account_status()["IsInSandbox"] is False


@pytest.mark.rule("sns-sandbox-create")
def test_a_number_is_verified_and_gets_texts(sns, emulator, add, verify, text):
    """Its password comes without any number of the account, and costs nothing."""
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
def test_each_language(emulator, add, language):
    """Each language that SNS knows has a text with the password in it."""
    password = add(LanguageCode=language)

    assert password in emulator.messages[0].body
    assert ("verification code" in emulator.messages[0].body) == language.startswith("en")


@pytest.mark.rule("sns-sandbox-opted-out")
def test_somebody_who_has_opted_out(sms, sns, refused_by_sns):
    """Nothing is sent, and nothing added."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)

    refused_by_sns(sns.create_sms_sandbox_phone_number, "OptedOut", PhoneNumber=PERSON)


@pytest.mark.rule("sns-sandbox-verified-already")
def test_a_number_that_is_verified(sns, add, verify, refused_by_sns):
    """It gets no password any more."""
    verify(add())

    refused_by_sns(sns.create_sms_sandbox_phone_number, "UserError", PhoneNumber=PERSON)


@pytest.mark.rule("sns-sandbox-quota")
def test_ten_numbers(sns, add, refused_by_sns):
    """The eleventh is refused; a number that waits may have another password."""
    for last in range(10):
        add(f"+1425555010{last}")

    refused_by_sns(sns.create_sms_sandbox_phone_number, "UserError", PhoneNumber="+14255550111")
    assert add(PERSON)


@pytest.mark.rule("sns-sandbox-passwords-a-day")
def test_five_passwords_a_day(sns, emulator, add, refused_by_sns):
    """The sixth has to wait until 24 hours are over."""
    emulator.clock.freeze()
    for _time in range(5):
        add()

    refused_by_sns(sns.create_sms_sandbox_phone_number, "Throttled", status=429, PhoneNumber=PERSON)
    emulator.clock.advance(hours=24)
    assert add()


@pytest.mark.parametrize("operation", ["verify", "delete"])
@pytest.mark.rule("sns-sandbox-unknown")
def test_a_number_that_was_not_added(sns, refused_by_sns, operation):
    """There is nothing to do with it."""
    given = {"OneTimePassword": "123456"} if operation == "verify" else {}

    refused_by_sns(
        getattr(sns, f"{operation}_sms_sandbox_phone_number"),
        "ResourceNotFound",
        status=404,
        PhoneNumber=PERSON,
        **given,
    )


@pytest.mark.rule("sns-sandbox-password")
def test_the_password_that_was_sent_last(sns, add, verify, refused_by_sns):
    """A former one no longer counts; the error has a status beside its text."""
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
def test_a_password_that_is_too_old(sns, emulator, add, refused_by_sns):
    """It lasts 15 minutes."""
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
def test_a_number_is_deleted_a_day_later(sns, emulator, add, verify, refused_by_sns):
    """Counted from when it was verified, or its last password was sent."""
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
def test_the_other_service_has_the_same_numbers(sms, sns, add, verify):
    """What one verifies the other may text, and an RCS tester is none of them."""
    verify(add())
    sms.create_verified_destination_number(DestinationPhoneNumber=OTHER)
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.create_verified_destination_number(DestinationPhoneNumber=OTHER, RcsAgentId=agent)

    assert listed(sns) == {PERSON: "Verified", OTHER: "Pending"}
    [mine, *_] = sms.describe_verified_destination_numbers()["VerifiedDestinationNumbers"]
    assert (mine["DestinationPhoneNumber"], mine["Status"]) == (PERSON, "VERIFIED")


@pytest.mark.rule("sns-tokens")
def test_pages(sns, add, refused_by_sns):
    """The client walks through them; a token of another list is refused."""
    for last in range(5):
        add(f"+1425555010{last}")
    pages = sns.get_paginator("list_sms_sandbox_phone_numbers").paginate(
        PaginationConfig={"PageSize": 2}
    )
    token = sns.list_sms_sandbox_phone_numbers(MaxResults=2)["NextToken"]

    assert [len(page["PhoneNumbers"]) for page in pages] == [2, 2, 1]
    refused_by_sns(sns.list_origination_numbers, "InvalidParameter", NextToken=token)
