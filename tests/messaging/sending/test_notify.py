"""SendNotifyTextMessage and SendNotifyVoiceMessage."""

import phonenumbers
import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.reference.notify_templates import notify_countries
from tests.messaging.people import BRITAIN, CANADA, CUBA, GERMANY, US

pytestmark = pytest.mark.since("1.43.11")

ENGLISH = "notify-code-verification-english-001"
EXPIRING = "notify-code-verification-english-002"
ADVANCED = "notify-code-verification-english-003"
NOT_FOR_US = "notify-code-verification-english-005"
SPOKEN = "notify-code-verification-voice-english-001"

WRONG = ("ValidationException", "INVALID_PARAMETER")
CHANNELS = ("text", "voice")
BASIC = {code for code, each in notify_countries().items() if "BASIC" in each.supported_tiers}
CHINA = "+8613812345678"
AFGHANISTAN = "+93701234567"


@pytest.fixture
def configuration(sms, account):
    """An ACTIVE configuration for both channels, with a template for texts."""
    made = sms.create_notify_configuration(
        DisplayName="Acme",
        UseCase="CODE_VERIFICATION",
        EnabledChannels=["SMS", "VOICE"],
        DefaultTemplateId=ENGLISH,
    )
    sms.describe_notify_configurations()
    return account.notify_configurations[made["NotifyConfigurationId"]]


@pytest.fixture
def send(sms, configuration):
    """Send a code to a number in Britain through a channel; return the answer."""

    def to(channel="text", **members):
        usual = {
            "NotifyConfigurationId": configuration.id,
            "DestinationPhoneNumber": BRITAIN,
            "TemplateVariables": {"code": "123456"},
            "TemplateId": ENGLISH if channel == "text" else SPOKEN,
        }
        query = {name: value for name, value in (usual | members).items() if value is not None}
        answer = getattr(sms, f"send_notify_{channel}_message")(**query)
        del answer["ResponseMetadata"]
        return answer

    return to


@pytest.mark.rule("notify-send-response")
def test_the_answer_of_a_text(send, emulator, account, configuration):
    """The answer has the sent body; the price counts towards the Notify limit."""
    answer = send(Context={"login": "7"})

    [message] = emulator.messages
    assert answer == {
        "MessageId": message.id,
        "TemplateId": ENGLISH,
        "ResolvedMessageBody": "123456 is your Acme verification code.",
    }
    assert (message.channel, message.sender, message.recipient) == ("text", "NOTICE", BRITAIN)
    assert (message.body, message.status) == (answer["ResolvedMessageBody"], "DELIVERED")
    assert (message.message_type, message.context) == ("TRANSACTIONAL", {"login": "7"})
    [spent] = account.spent.values()
    assert {kind: float(total) for kind, total in spent.items()} == {"NOTIFY": message.price}


@pytest.mark.rule("notify-send-response")
def test_the_answer_of_a_call(send, emulator):
    """A call has the template's text, and the requested voice."""
    answer = send("voice", VoiceId="AMY")
    send("voice")

    message, other = emulator.messages
    assert answer["ResolvedMessageBody"] == message.body
    assert answer["TemplateId"] == SPOKEN
    assert "123456" in message.body
    assert (message.channel, message.status) == ("voice", "COMPLETED")
    assert (message.voice_id, other.voice_id) == ("AMY", "JOANNA")


@pytest.mark.rule("notify-voices")
def test_voices_of_a_template(send, refused):
    """A template has voices; others are refused."""
    with refused(*WRONG, fields=["VoiceId"]):
        send("voice", VoiceId="HANS")


@pytest.mark.rule("notify-send-template")
def test_templates(sms, send, configuration, refused):
    """The template is the request's or the configuration's; without both the call is refused."""
    assert send(TemplateId=None)["TemplateId"] == ENGLISH
    other = send(TemplateId=EXPIRING, TemplateVariables={"code": "123456", "time": "5"})
    assert other["TemplateId"] == EXPIRING
    for channel, template in zip(CHANNELS, (None, SPOKEN), strict=True):
        sms.update_notify_configuration(
            NotifyConfigurationId=configuration.id,
            DefaultTemplateId=template or "UNSET_DEFAULT_TEMPLATE",
        )
        if template:
            assert send(channel, TemplateId=None)["TemplateId"] == SPOKEN
    sms.update_notify_configuration(
        NotifyConfigurationId=configuration.id, DefaultTemplateId="UNSET_DEFAULT_TEMPLATE"
    )
    for channel in CHANNELS:
        with refused("ValidationException", "MISSING_PARAMETER", fields=["TemplateId"]):
            send(channel, TemplateId=None)
        with refused("ResourceNotFoundException", about=("notify-template", "none")):
            send(channel, TemplateId="none")


@pytest.mark.rule("notify-send-variables-required")
@pytest.mark.parametrize("channel", CHANNELS)
def test_variables_are_required(send, account, configuration, refused, channel):
    """TemplateVariables are required, with at most 20 entries, and all that the template has."""
    for wrong in (None, {}):
        with refused("ValidationException", "MISSING_PARAMETER", fields=["TemplateVariables"]):
            send(channel, TemplateVariables=wrong)
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TemplateVariables"]):
        send(channel, TemplateVariables={f"v{nth}": "1" for nth in range(21)})
    if channel == "text":
        with refused("ValidationException", "MISSING_PARAMETER", fields=["TemplateVariables"]):
            send(TemplateId=EXPIRING)
        # One that has a default may be left out.
        configuration.tier = "ADVANCED"
        assert "in 10 minutes" in send(TemplateId=ADVANCED)["ResolvedMessageBody"]


@pytest.mark.rule("notify-send-variables-check")
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("code", ["123", "1" * 41, "abcdef", "12 ab"])
def test_values_are_checked(send, refused, channel, code):
    """A value of another length or pattern, or of an unknown variable, is refused."""
    with refused(*WRONG, fields=["TemplateVariables"]):
        send(channel, TemplateVariables={"code": code})


@pytest.mark.rule("notify-send-variables-check")
@pytest.mark.parametrize("time", ["0", "61", "ten", "1.5"])
def test_numbers_are_checked(send, refused, time):
    """A number is a text of a whole number in a range."""
    with refused(*WRONG, fields=["TemplateVariables"]):
        send(TemplateId=EXPIRING, TemplateVariables={"code": "123456", "time": time})


@pytest.mark.rule("notify-system-variables")
@pytest.mark.parametrize("wrong", [{"brandName": "Other"}, {"colour": "red"}])
def test_other_variables_are_refused(send, refused, wrong):
    """The brand is the system's, and unknown variables are refused, too."""
    with refused(*WRONG, fields=["TemplateVariables"]):
        send(TemplateVariables={"code": "123456"} | wrong)


# Refusals.


@pytest.mark.rule("notify-send-not-active")
@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("status", ["PENDING", "REJECTED", "REQUIRES_VERIFICATION"])
def test_the_configuration_must_be_active(send, configuration, refused, channel, status):
    """Only an ACTIVE configuration sends."""
    configuration.status = status

    with refused("ConflictException", "NOTIFY_CONFIGURATION_NOT_ACTIVE", about=configuration):
        send(channel)


@pytest.mark.rule("notify-send-channel")
@pytest.mark.parametrize(("channel", "other"), [("text", "VOICE"), ("voice", "SMS")])
def test_the_channel_must_be_enabled(sms, send, configuration, refused, channel, other):
    """A configuration sends through the channels that it has enabled."""
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, EnabledChannels=[other])

    with refused("ValidationException", "CHANNEL_NOT_ENABLED", fields=["NotifyConfigurationId"]):
        send(channel)


@pytest.mark.rule("notify-send-country")
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_country_must_be_enabled(sms, send, configuration, refused, channel):
    """A configuration sends to its enabled countries; without any, to all of Notify's."""
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, EnabledCountries=["DE"])
    assert send(channel, DestinationPhoneNumber=GERMANY)
    denied = ("ValidationException", "COUNTRY_NOT_ENABLED")
    with refused(*denied, fields=["DestinationPhoneNumber"]):
        send(channel)
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, EnabledCountries=[])
    assert send(channel)
    with refused(*denied, fields=["DestinationPhoneNumber"]):
        send(channel, DestinationPhoneNumber=CUBA)


@pytest.mark.rule("notify-tier")
def test_tiers(send, configuration, refused):
    """The BASIC tier has fewer countries and templates than the ADVANCED one."""
    with refused("ValidationException", "COUNTRY_NOT_ENABLED", fields=["DestinationPhoneNumber"]):
        send(DestinationPhoneNumber=AFGHANISTAN)
    with refused(*WRONG, fields=["TemplateId"]):
        send(TemplateId=ADVANCED)

    configuration.tier = configuration.tier_upgrade_status = "ADVANCED"

    assert send(DestinationPhoneNumber=AFGHANISTAN)
    assert send(TemplateId=ADVANCED)
    # Notify has no voice there.
    with refused("ValidationException", "COUNTRY_NOT_ENABLED", fields=["DestinationPhoneNumber"]):
        send("voice", DestinationPhoneNumber=AFGHANISTAN)


@pytest.mark.rule("notify-template-scope")
def test_templates_are_for_channels_and_countries(sms, send, configuration, pool, refused):
    """A template of the other channel, or not for the country, is refused."""
    minutes = {"code": "123456", "time": "5"}
    with refused(*WRONG, fields=["TemplateId"]):
        send("voice", TemplateId=EXPIRING, TemplateVariables=minutes)
    with refused(*WRONG, fields=["TemplateId"]):
        send(TemplateId=SPOKEN)
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, PoolId=pool.id)
    with refused(*WRONG, fields=["TemplateId"]):
        send(TemplateId=NOT_FOR_US, DestinationPhoneNumber=US)


@pytest.mark.rule("notify-managed-identities")
@pytest.mark.parametrize("code", sorted(BASIC))
def test_the_basic_countries_need_no_identity(sms, send, emulator, code):
    """The identities of AWS send to each of the 30 countries, through every channel listed."""
    [place] = [
        each
        for page in sms.get_paginator("list_notify_countries").paginate(Tier="BASIC")
        for each in page["NotifyCountries"]
        if each["IsoCountryCode"] == code
    ]
    person = phonenumbers.example_number_for_type(code, phonenumbers.PhoneNumberType.MOBILE)
    number = phonenumbers.format_number(person, phonenumbers.PhoneNumberFormat.E164)
    names = {"SMS": "text", "VOICE": "voice"}

    assert place["CustomerOwnedIdentityRequired"] is False
    for channel in place["SupportedChannels"]:
        send(names[channel], DestinationPhoneNumber=number)
        message = emulator.messages[-1]
        assert (message.recipient, message.origination_identity) == (number, None)
        assert message.status in ("DELIVERED", "COMPLETED")


@pytest.mark.rule("notify-managed-identities")
@pytest.mark.parametrize("person", [US, CANADA])
def test_aws_uses_a_number_where_sender_ids_are_unsupported(send, emulator, person):
    """In the United States and Canada, AWS's own identity is a number."""
    for channel in CHANNELS:
        send(channel, DestinationPhoneNumber=person)

    assert {each.sender for each in emulator.messages} == {"+18005550199"}


@pytest.mark.rule("notify-country-identity")
def test_own_identities(sms, send, configuration, refused):
    """For some countries in ListNotifyCountries, only the customer's own identity can send."""
    asking = {
        each["IsoCountryCode"]
        for page in sms.get_paginator("list_notify_countries").paginate()
        for each in page["NotifyCountries"]
        if each["CustomerOwnedIdentityRequired"]
    }
    assert asking == {"CN"}
    configuration.tier = "ADVANCED"

    with refused("ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=configuration):
        send(DestinationPhoneNumber=CHINA)


@pytest.mark.rule("notify-pool-first")
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_pools_identity_is_preferred(sms, send, emulator, configuration, number, pool, channel):
    """The pool's identity sends if it can, otherwise AWS's own."""
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, PoolId=pool.id)

    for person in (US, BRITAIN):
        send(channel, DestinationPhoneNumber=person)

    own, managed = emulator.messages
    assert (own.sender, own.pool_id) == (number.phone_number, pool.id)
    assert managed.sender == {"text": "NOTICE", "voice": "+18005550199"}[channel]
    assert managed.pool_id is None


@pytest.mark.rule("notify-guide-call")
@pytest.mark.parametrize("code", ["123456", "1. 2. 3. 4. 5. 6.", "1 2 3 4 5 6"])
def test_the_guides_example_of_a_call(sms, configuration, emulator, code):
    """It uses the template of texts, and separates the digits of the code."""
    answer = sms.send_notify_voice_message(
        NotifyConfigurationId=configuration.id,
        DestinationPhoneNumber="+12065550100",
        TemplateId=ENGLISH,
        TemplateVariables={"code": code},
        VoiceId="JOANNA",
    )

    assert answer["ResolvedMessageBody"] == f"{code} is your Acme verification code."
    assert engine_of(emulator).state.messages[answer["MessageId"]].status == "COMPLETED"


@pytest.mark.rule("notify-send-variables-check")
def test_a_text_has_no_separated_code(send, refused):
    """Digits are separated in calls only."""
    with refused(*WRONG, fields=["TemplateVariables"]):
        send(TemplateVariables={"code": "1. 2. 3. 4."})


@pytest.mark.rule("notify-opt-outs")
def test_opt_outs(sms, send, configuration, pool, refused):
    """A recipient on the pool's opt-out list gets nothing from it; the service has no own list."""
    for person in (US, BRITAIN):
        sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=person)
    sms.update_notify_configuration(NotifyConfigurationId=configuration.id, PoolId=pool.id)

    assert [send(channel)["TemplateId"] for channel in CHANNELS] == [ENGLISH, SPOKEN]
    for channel in CHANNELS:
        with refused(
            "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
        ):
            send(channel, DestinationPhoneNumber=US)


@pytest.mark.rule("notify-send-daily")
@pytest.mark.parametrize("channel", CHANNELS)
def test_messages_a_day(send, emulator, configuration, refused, channel):
    """The BASIC tier sends 200 messages in 24 hours, and the ADVANCED one more."""
    numbers = [f"+4477009{nth:05}" for nth in range(201)]
    for person in numbers[:200]:
        send(channel, DestinationPhoneNumber=person)

    with refused("ServiceQuotaExceededException", "DAILY_NOTIFY_TIER_MESSAGE_LIMIT"):
        send(channel, DestinationPhoneNumber=numbers[200])
    configuration.tier = "ADVANCED"
    assert send(channel, DestinationPhoneNumber=numbers[200])
    configuration.tier = "BASIC"
    emulator.clock.advance(hours=24)
    assert send(channel)


@pytest.mark.pinpoint_sms(quotas={"DAILY_DESTINATION_CALL_LIMIT": 100})
@pytest.mark.rule("notify-send-daily-destination")
@pytest.mark.parametrize("channel", CHANNELS)
def test_messages_a_day_to_one_recipient(sms, send, emulator, configuration, refused, channel):
    """A recipient gets at most 10 in 24 hours, whatever the channel, the tier and the sender."""
    configuration.tier = "ADVANCED"
    other = sms.create_notify_configuration(
        DisplayName="Other", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS", "VOICE"]
    )["NotifyConfigurationId"]
    for nth in range(10):
        send(CHANNELS[nth % 2])
    send(channel, DestinationPhoneNumber=GERMANY)
    engine_of(emulator).state.messages.clear()  # what was sent counts, kept or not

    for sender in (configuration.id, other):
        with refused("ServiceQuotaExceededException", "DAILY_NOTIFY_TIER_MESSAGE_LIMIT"):
            send(channel, NotifyConfigurationId=sender)
    emulator.clock.advance(hours=24)
    assert send(channel)


@pytest.mark.rule("spend-enforced-notify")
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_spend_limit(sms, send, refused, channel):
    """A message that would exceed the month's Notify limit is refused; others are sent."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)
    sms.set_voice_message_spend_limit_override(MonthlyLimit=0)
    assert send(channel)
    sms.set_notify_message_spend_limit_override(MonthlyLimit=0)

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_NOTIFY"):
        send(channel)


@pytest.mark.rule("notify-send-dry-run")
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_dry_run(send, emulator, configuration, refused, channel):
    """A dry run has the answer of a send, but sends nothing; invalid requests are refused."""
    answer = send(channel, DryRun=True)

    assert "123456" in answer["ResolvedMessageBody"]
    assert answer["MessageId"]
    assert emulator.messages == []
    assert configuration.messages_sent == []
    with refused(*WRONG, fields=["TemplateVariables"]):
        send(channel, DryRun=True, TemplateVariables={"code": "abc"})


@pytest.mark.rule("protect-notify")
@pytest.mark.parametrize("channel", ["text", "voice"])
def test_protection(sms, send, channel, configuration_set, refused):
    """The account's default protect configuration applies, else that of the configuration set."""
    made = sms.create_protect_configuration()
    name = made["ProtectConfigurationId"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=name,
        NumberCapability="SMS" if channel == "text" else "VOICE",
        CountryRuleSetUpdates={"GB": {"ProtectStatus": "BLOCK"}},
    )
    blocked = ("ConflictException", "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION")
    in_set = {"ConfigurationSetName": configuration_set.name}

    sms.associate_protect_configuration(ProtectConfigurationId=name, **in_set)
    with refused(*blocked, about=("protect-configuration", name)):
        send(channel, **in_set)
    assert send(channel)

    sms.set_account_default_protect_configuration(ProtectConfigurationId=name)
    with refused(*blocked, about=("protect-configuration", name)):
        send(channel)


@pytest.mark.rule("protect-blocked-free")
def test_filtered_messages_are_free(send, emulator, account):
    """The price of a filtered message is subtracted from the limit again."""
    emulator.outcome("TEXT_PROTECT_BLOCKED")
    send()

    [spent] = account.spent.values()
    assert {kind: float(total) for kind, total in spent.items()} == {"NOTIFY": 0}
