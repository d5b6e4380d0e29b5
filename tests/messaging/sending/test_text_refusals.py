"""Refused texts: opt-outs, unverified recipients, spend limits and protect configurations."""

import pytest

from tests.messaging.people import (
    BRITAIN,
    CANADA,
    GERMANY,
    SIMULATOR_FAILURE,
    SIMULATOR_SUCCESS,
    US,
    US_TOO,
)

# A text of one part to the US, fee included.
ONE_PART = 0.01181

pytestmark = pytest.mark.usefixtures("number")


# Opt-outs.


@pytest.mark.rule("text-opted-out-phone", "text-opted-out-no-event", "optout-blocks-sms-and-voice")
def test_opted_out_recipients_get_nothing(sms, emulator, number, text, voice, refused):
    """Texts and calls to recipients on the number's list are refused."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_phone_number(PhoneNumberId=number.id, OptOutListName="news")
    sms.put_opted_out_number(OptOutListName="news", OptedOutNumber=US)
    given = {"DestinationPhoneNumber": US, "MessageBody": "Hello", "OriginationIdentity": number.id}

    for send in (sms.send_text_message, sms.send_voice_message):
        with refused(
            "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
        ):
            send(**given)

    assert emulator.messages == []
    assert text(DestinationPhoneNumber=US_TOO, OriginationIdentity=number.id).recipient == US_TOO
    assert voice(DestinationPhoneNumber=US_TOO).recipient == US_TOO


@pytest.mark.rule("text-opted-out-pool")
def test_a_pools_list_decides(sms, text, pool, number, refused):
    """For a pool, only the pool's list applies."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US_TOO)
    sms.put_opted_out_number(OptOutListName="news", OptedOutNumber=US)
    sms.update_pool(PoolId=pool.id, OptOutListName="news")

    assert text(DestinationPhoneNumber=US_TOO, OriginationIdentity=pool.id).sender == (
        number.phone_number
    )
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=pool.id
        )


@pytest.mark.rule("text-opted-out-other-list")
def test_other_lists_do_not_count(sms, text, number):
    """Recipients on a list that the identity does not use get messages."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.put_opted_out_number(OptOutListName="news", OptedOutNumber=US)

    assert text(OriginationIdentity=number.id).recipient == US


@pytest.mark.rule("text-opted-out-sender")
def test_a_sender_id_has_the_default_list(sms, text, sender_id, refused):
    """For a sender ID outside a pool, the account's default list decides."""
    given = {"DestinationPhoneNumber": BRITAIN, "OriginationIdentity": sender_id.id}

    assert text(**given).sender == "SHOP"

    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=BRITAIN)
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", BRITAIN)
    ):
        sms.send_text_message(MessageBody="Hello", **given)


@pytest.mark.rule("optnum-delete-removes")
def test_a_recipient_deleted_from_the_list_gets_messages(sms, text):
    """A number that is deleted from the list is not on it any more, and gets messages."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)
    sms.delete_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    assert sms.describe_opted_out_numbers(OptOutListName="Default")["OptedOutNumbers"] == []
    assert text().recipient == US


# The sandbox.


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("account-sandbox-unverified")
def test_in_the_sandbox_only_verified_numbers_get_messages(sms, number, mms_number, refused):
    """In the sandbox no text, call or MMS goes to a number that is not verified."""
    given = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}
    sms.create_verified_destination_number(DestinationPhoneNumber=US)

    for send, origin in (
        (sms.send_text_message, number),
        (sms.send_voice_message, number),
        (sms.send_media_message, mms_number),
    ):
        with refused(
            "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", US)
        ):
            send(**given, OriginationIdentity=origin.id)


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("text-sandbox-simulator-destination")
def test_the_simulator_needs_no_verification(text):
    """Simulator destinations get messages in the sandbox as they are."""
    for destination in (SIMULATOR_SUCCESS, SIMULATOR_FAILURE):
        assert text(DestinationPhoneNumber=destination).recipient == destination


# Spend limits.


@pytest.mark.rule("spend-enforced-text")
def test_the_months_limit_holds(sms, emulator, text, refused):
    """A text that would pass the month's limit is refused; the next month has room again."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=1)
    long = {"DestinationPhoneNumber": US, "MessageBody": "a" * 1600}
    while sum(message.price for message in emulator.messages) < 1 - 11 * ONE_PART:
        text(**long)

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"):
        sms.send_text_message(**long)

    assert text().price == ONE_PART
    emulator.clock.advance(days=31)
    assert text(**long).parts == 11


@pytest.mark.rule("spend-zero-blocks")
def test_a_limit_of_zero_blocks_all(sms, refused):
    """With an override of zero no text that costs anything is sent."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"):
        sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello")


# Protection.


@pytest.mark.rule("protect-block-send")
def test_a_blocked_country_gets_nothing(sms, number, mms_number, protection, refused):
    """A country that is BLOCK for what would be sent is refused, by text, voice and MMS."""
    given = {
        "DestinationPhoneNumber": US,
        "MessageBody": "Hello",
        "ProtectConfigurationId": protection.id,
    }

    for send, origin in (
        (sms.send_text_message, number),
        (sms.send_voice_message, number),
        (sms.send_media_message, mms_number),
    ):
        with refused(
            "ConflictException",
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            about=protection,
        ):
            send(**given, OriginationIdentity=origin.id)


@pytest.mark.rule("protect-precedence")
def test_the_nearest_protection_decides(
    sms, text, voice, media, configuration_set, protection, refused
):
    """The request's configuration overrides the set's, which overrides the account default."""
    harmless = sms.create_protect_configuration()["ProtectConfigurationId"]
    in_set = {"ConfigurationSetName": configuration_set.name}
    blocked = ("ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION")
    sms.set_account_default_protect_configuration(ProtectConfigurationId=protection.id)

    for send in (text, voice, media):
        with refused(*blocked, about=protection):
            send()
        with refused(*blocked, about=protection):
            send(**in_set)

        sms.associate_protect_configuration(ProtectConfigurationId=harmless, **in_set)
        assert send(**in_set).protect_configuration_id == harmless
        with refused(*blocked, about=protection):
            send(**in_set, ProtectConfigurationId=protection.id)

        sms.associate_protect_configuration(ProtectConfigurationId=protection.id, **in_set)
        assert send(**in_set, ProtectConfigurationId=harmless).protect_configuration_id == harmless
        sms.disassociate_protect_configuration(ProtectConfigurationId=protection.id, **in_set)


@pytest.mark.since("1.36")
@pytest.mark.rule("override-block-send")
def test_a_blocked_number_gets_nothing(sms, text, voice, media, refused):
    """A BLOCK override refuses messages to the number though its country is allowed."""
    made = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=made, DestinationPhoneNumber=US, Action="BLOCK"
    )

    for send in (text, voice, media):
        with refused(
            "ConflictException",
            "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
            about=("protect-configuration", made),
        ):
            send(ProtectConfigurationId=made)

        assert send(ProtectConfigurationId=made, DestinationPhoneNumber=US_TOO).recipient == US_TOO


@pytest.mark.since("1.36")
@pytest.mark.rule("override-allow-send")
def test_an_allowed_number_gets_messages(sms, text, voice, media, protection, refused):
    """An ALLOW override allows messages to the number although its country is blocked."""
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=protection.id, DestinationPhoneNumber=US, Action="ALLOW"
    )

    for send in (text, voice, media):
        assert send(ProtectConfigurationId=protection.id).recipient == US
        with refused(
            "ConflictException",
            "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION",
            about=protection,
        ):
            send(ProtectConfigurationId=protection.id, DestinationPhoneNumber=US_TOO)


@pytest.mark.since("1.36")
@pytest.mark.rule("override-below-opt-out")
def test_an_override_does_not_override_an_opt_out(sms, number, protection, refused):
    """An ALLOW override does not help who is on the opt-out list."""
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=protection.id, DestinationPhoneNumber=US, Action="ALLOW"
    )
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        sms.send_text_message(
            DestinationPhoneNumber=US,
            MessageBody="Hello",
            OriginationIdentity=number.id,
            ProtectConfigurationId=protection.id,
        )


@pytest.mark.since("1.36")
@pytest.mark.rule("override-expired")
def test_an_override_ends(sms, emulator, text, refused):
    """An override past its time has no effect and is not listed any more."""
    made = sms.create_protect_configuration()["ProtectConfigurationId"]
    emulator.clock.freeze()
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=made,
        DestinationPhoneNumber=US,
        Action="BLOCK",
        ExpirationTimestamp=emulator.clock.now().timestamp() + 3600,
    )
    with refused(
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE",
        about=("protect-configuration", made),
    ):
        text(ProtectConfigurationId=made)

    emulator.clock.advance(hours=1)

    assert text(ProtectConfigurationId=made).recipient == US
    listed = sms.list_protect_configuration_rule_set_number_overrides(ProtectConfigurationId=made)
    assert listed["RuleSetNumberOverrides"] == []


@pytest.mark.rule("protect-unknown")
def test_a_protect_configuration_is_found_before_it_decides(sms, refused):
    """A protect configuration that does not exist is refused."""
    with refused("ResourceNotFoundException", about=("protect-configuration", "protect-0")):
        sms.send_text_message(
            DestinationPhoneNumber=GERMANY, MessageBody="Hello", ProtectConfigurationId="protect-0"
        )


@pytest.mark.rule("text-international-off")
def test_a_named_number_can_send_abroad(text, number):
    """A US number that the request names sends to Canada."""
    message = text(DestinationPhoneNumber=CANADA, OriginationIdentity=number.id)

    assert (message.sender, message.iso_country_code) == (number.phone_number, "CA")
