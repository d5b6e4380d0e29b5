"""The account's SMS attributes, opted-out numbers and origination numbers."""

import datetime as dt

import pytest

from tests.sns.conftest import NUMBER, OTHER, PERSON, ROLE

SAMPLING_RATE = "DeliveryStatusSuccessSamplingRate"

# SMS attributes.


@pytest.mark.rule("sns-attributes-get")
def test_attributes_are_listed_once_set(sns):
    """A fresh account has only its spend limit; the request can select attributes."""
    fresh = sns.get_sms_attributes()["attributes"]
    given = {
        "DeliveryStatusSuccessSamplingRate": "100",
        "DefaultSenderID": "LSTest",
        "DefaultSMSType": "Promotional",
        "DeliveryStatusIAMRole": ROLE,
        "UsageReportS3Bucket": "sns-sms-daily-usage",
    }
    sns.set_sms_attributes(attributes=given)

    assert fresh == {"MonthlySpendLimit": "10000"}
    assert sns.get_sms_attributes()["attributes"] == given | fresh
    some = ["DefaultSenderID", "DefaultSMSType"]
    assert sns.get_sms_attributes(attributes=some)["attributes"] == {
        "DefaultSMSType": "Promotional",
        "DefaultSenderID": "LSTest",
    }


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("InvalidAttribute", "invalid", "InvalidAttribute is not a valid attribute"),
        ("DefaultSendID", "a" * 12, "DefaultSendID is not a valid attribute"),
        ("DefaultSMSType", "invalid", "DefaultSMSType is invalid"),
        ("DefaultSenderID", "a" * 12, "DefaultSenderID is invalid"),
        ("DefaultSenderID", "123456789", "DefaultSenderID is invalid"),
        ("MonthlySpendLimit", "1.5", "MonthlySpendLimit is invalid"),
        (
            "DeliveryStatusSuccessSamplingRate",
            "101",
            "DeliveryStatusSuccessSamplingRate is invalid",
        ),
        ("DeliveryStatusIAMRole", "sms-logs", "DeliveryStatusIAMRole is invalid"),
        ("UsageReportS3Bucket", "No Bucket", "UsageReportS3Bucket is invalid"),
    ],
)
@pytest.mark.rule("sns-attributes-unknown")
def test_invalid_attributes_are_refused(sns, refused_by_sns, name, value, text):
    """No attribute of the request is set."""
    given = {"DefaultSMSType": "Transactional"} | {name: value}

    refused_by_sns(sns.set_sms_attributes, "InvalidParameter", text, attributes=given)


@pytest.mark.rule("sns-attributes-reset")
def test_an_empty_value_resets_an_attribute(sns):
    """The attribute has its initial value again."""
    given = {"DefaultSMSType": "Transactional", "MonthlySpendLimit": "7"}
    sns.set_sms_attributes(attributes=given)
    sns.set_sms_attributes(attributes=dict.fromkeys(given, ""))

    assert sns.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "10000"}


@pytest.mark.rule("sns-attributes-spend-limit")
def test_the_spend_limit_is_shared(sms, sns):
    """A limit set through one service is shown by the other."""
    sns.set_sms_attributes(attributes={"MonthlySpendLimit": "7"})
    [seen] = [
        each
        for each in sms.describe_spend_limits()["SpendLimits"]
        if each["Name"] == "TEXT_MESSAGE_MONTHLY_SPEND_LIMIT"
    ]
    sms.set_text_message_spend_limit_override(MonthlyLimit=9)

    assert (seen["EnforcedLimit"], seen["Overridden"]) == (7, True)
    assert sns.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "9"}


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("sns-attributes-spend-limit")
def test_a_spend_limit_above_the_maximum(sns, refused_by_sns):
    """A fresh account can spend 1 USD."""
    assert sns.get_sms_attributes()["attributes"] == {"MonthlySpendLimit": "1"}

    refused_by_sns(
        sns.set_sms_attributes, "InvalidParameter", attributes={"MonthlySpendLimit": "2"}
    )


# Opted-out numbers.


def opted_out(sns, number=PERSON):
    """Whether a number is opted out."""
    return sns.check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]


@pytest.mark.rule("sns-check-opted-out")
def test_opted_out_numbers_are_those_of_the_default_list(sms, sns):
    """Only the list Default counts."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    sms.put_opted_out_number(OptOutListName="news", OptedOutNumber=OTHER)

    assert (opted_out(sns), opted_out(sns, OTHER)) == (True, False)
    assert sns.list_phone_numbers_opted_out()["phoneNumbers"] == [PERSON]


@pytest.mark.parametrize("number", ["invalid", "", "+1a", "+" + "1" * 16])
@pytest.mark.parametrize("operation", ["check_if_phone_number_is_opted_out", "opt_in_phone_number"])
@pytest.mark.rule("sns-number-format")
def test_invalid_numbers_are_refused(sns, refused_by_sns, operation, number):
    """The message is AWS's."""
    refused_by_sns(
        getattr(sns, operation),
        "InvalidParameter",
        "Invalid parameter: PhoneNumber Reason: input incorrectly formatted",
        phoneNumber=number,
    )


@pytest.mark.rule("sns-number-format")
def test_unknown_numbers_are_not_opted_out(sns):
    """Opting such a number in is not an error."""
    assert not opted_out(sns, "+4411111111")
    assert sns.opt_in_phone_number(phoneNumber="+4411111111")


@pytest.mark.rule("sns-list-opted-out")
@pytest.mark.rule("sns-tokens")
def test_pages_of_opted_out_numbers(sms, sns, refused_by_sns):
    """A page has 100, in the order in which they opted out; the client's paginator works."""
    numbers = [f"+1425555{each:04}" for each in range(205)]
    for number in numbers:
        sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=number)

    pages = list(sns.get_paginator("list_phone_numbers_opted_out").paginate())

    assert [len(page["phoneNumbers"]) for page in pages] == [100, 100, 5]
    assert [number for page in pages for number in page["phoneNumbers"]] == numbers
    refused_by_sns(sns.list_phone_numbers_opted_out, "InvalidParameter", nextToken="mine")


@pytest.mark.rule("sns-opt-in")
def test_an_opted_in_number_receives_texts(sms, sns, text):
    """The next text is delivered."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    sns.opt_in_phone_number(phoneNumber=PERSON)

    assert not opted_out(sns)
    assert text().status == "DELIVERED"


@pytest.mark.parametrize("first", ["sns", "other service"])
@pytest.mark.rule("sns-opt-in-again")
def test_a_number_can_be_opted_in_once_in_30_days(sms, sns, emulator, refused_by_sns, first):
    """This counts for both services together."""
    emulator.clock.freeze()
    listed = {"OptOutListName": "Default", "OptedOutNumber": PERSON}
    sms.put_opted_out_number(**listed)
    if first == "sns":
        sns.opt_in_phone_number(phoneNumber=PERSON)
    else:
        sms.delete_opted_out_number(**listed)
    sms.put_opted_out_number(**listed)

    refused_by_sns(sns.opt_in_phone_number, "InvalidParameter", phoneNumber=PERSON)
    emulator.clock.advance(days=30)
    sns.opt_in_phone_number(phoneNumber=PERSON)
    assert not opted_out(sns)


# Origination numbers.


@pytest.mark.rule("sns-origination-numbers")
@pytest.mark.rule("sns-tokens")
def test_origination_numbers_are_listed(sms, sns, emulator):
    """They are in the order in which they were requested, with the members of SNS."""
    emulator.clock.freeze("2027-01-01T00:00:00Z")
    emulator.add_number(NUMBER, number_type="TOLL_FREE", message_type="PROMOTIONAL")
    sms.request_sender_id(SenderId="BRAND", IsoCountryCode="GB")
    for last in range(4):
        emulator.add_number(f"+1206555020{last}")

    first = sns.list_origination_numbers(MaxResults=3)
    second = sns.list_origination_numbers(MaxResults=3, NextToken=first["NextToken"])

    assert first["PhoneNumbers"][0] == {
        "CreatedAt": dt.datetime(2027, 1, 1, tzinfo=dt.UTC),
        "PhoneNumber": NUMBER,
        "Status": "ACTIVE",
        "Iso2CountryCode": "US",
        "RouteType": "Promotional",
        "NumberCapabilities": first["PhoneNumbers"][0]["NumberCapabilities"],
    }
    assert "SMS" in first["PhoneNumbers"][0]["NumberCapabilities"]
    assert [len(each["PhoneNumbers"]) for each in (first, second)] == [3, 2]
    assert "NextToken" not in second
