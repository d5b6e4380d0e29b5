"""Texts that SNS accepts and does not deliver: the message has failed, with SNS's reason."""

import pytest

from pinpoint_sms_emu.resources.spend_limits import spent_this_month
from tests.sns.conftest import NUMBER, OTHER, PERSON, why_failed

NO_ORIGIN = "No origination identity available to send to destination number"


@pytest.mark.rule("sns-opted-out")
@pytest.mark.rule("sns-undelivered-is-free")
def test_a_recipient_on_the_default_list(sms, text, account):
    """The default list applies, and the text is free."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)

    message = text()

    assert why_failed(message) == ("BLOCKED", "Phone number is opted out")
    assert message.price == 0
    assert spent_this_month(account, "TEXT") == 0


@pytest.mark.rule("sns-opted-out")
def test_a_recipient_on_the_numbers_list(sms, text, emulator):
    """The sending number's own opt-out list applies too."""
    sms.create_opt_out_list(OptOutListName="news")
    emulator.add_number(NUMBER, opt_out_list_name="news")
    assert text().status == "DELIVERED"

    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)

    assert why_failed(text()) == ("BLOCKED", "Phone number is opted out")
    assert text(to=OTHER).status == "DELIVERED"


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("sns-sandbox-destination")
def test_an_unverified_recipient_in_the_sandbox(text):
    """A number must be verified first."""
    words = "Sandboxed account unable to send to number."

    assert why_failed(text()) == ("BLOCKED", words)


@pytest.mark.rule("sns-spend-limit")
def test_the_spend_limit(sns, text, emulator):
    """A text that would exceed the limit is not delivered, until the next month."""
    emulator.clock.freeze()
    sns.set_sms_attributes(attributes={"MonthlySpendLimit": "0"})
    failed = text()
    sns.set_sms_attributes(attributes={"MonthlySpendLimit": "1"})

    assert why_failed(failed) == ("BLOCKED", "No quota left for account")
    assert text().status == "DELIVERED"


@pytest.mark.rule("sns-max-price")
def test_the_maximum_price(sns, text):
    """MaxPrice is compared with the whole text; the spend limit is checked first."""
    dear = text(SNS_SMS_MaxPrice="0.001")
    cheap = text(SNS_SMS_MaxPrice="0.50")
    sns.set_sms_attributes(attributes={"MonthlySpendLimit": "0"})
    both = text(SNS_SMS_MaxPrice="0.001")

    assert why_failed(dear) == ("BLOCKED", "This delivery would exceed max price")
    assert cheap.status == "DELIVERED"
    assert why_failed(both)[1] == "No quota left for account"


@pytest.mark.rule("sns-blocked-country")
def test_blocked_countries(sms, text):
    """China is blocked, and so are countries in the account's protect configuration."""
    protect = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protect,
        NumberCapability="SMS",
        CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
    )
    sms.set_account_default_protect_configuration(ProtectConfigurationId=protect)

    for number in (PERSON, "+8613812345678"):
        assert why_failed(text(to=number)) == ("BLOCKED", "Destination is on a blocked list")


@pytest.mark.pinpoint_sms(like_aws="strict")
@pytest.mark.rule("sns-no-number")
def test_a_strict_account_needs_a_number(sns, text, emulator):
    """With `like_aws="strict"`, a text to the United States needs an origination number."""
    sns.create_sms_sandbox_phone_number(PhoneNumber=PERSON)
    emulator.clock.advance(seconds=5)
    code = emulator.wait_for_code(recipient=PERSON)
    sns.verify_sms_sandbox_phone_number(PhoneNumber=PERSON, OneTimePassword=code)

    message = text()
    emulator.clock.advance(seconds=5)

    assert why_failed(message) == ("BLOCKED", NO_ORIGIN)
    assert message.sender == ""


@pytest.mark.parametrize("named", ["+12065550199", "+447700900001"])
@pytest.mark.rule("sns-origination-number")
def test_an_unusable_origination_number(emulator, text, named):
    """A number that the account does not have, or of another country, cannot send."""
    emulator.add_number("+447700900001", iso_country_code="GB", number_type="SHORT_CODE")
    emulator.add_number(NUMBER)

    assert why_failed(text(MM_SMS_OriginationNumber=named)) == ("BLOCKED", NO_ORIGIN)


@pytest.mark.rule("sns-no-number")
def test_an_account_with_numbers_has_no_shared_one(emulator, text):
    """Numbers of other countries do not send either."""
    emulator.add_number("55555", iso_country_code="CA", number_type="SHORT_CODE")

    assert why_failed(text()) == ("BLOCKED", NO_ORIGIN)


@pytest.mark.rule("sns-too-many-parts")
def test_a_text_of_more_than_ten_parts(text):
    """1,600 characters in GSM encoding are eleven parts."""
    message = text("x" * 1600)

    assert (message.parts, message.status) == (11, "INVALID_MESSAGE")
    assert message.events[-1]["messageStatusDescription"] == "Message body is invalid"


def test_outcomes_apply_to_texts_of_sns(emulator, text):
    """A test can set their outcomes."""
    emulator.outcome("TEXT_CARRIER_BLOCKED", recipient=PERSON)

    assert text().status == "CARRIER_BLOCKED"
