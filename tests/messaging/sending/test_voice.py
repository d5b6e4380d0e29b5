"""SendVoiceMessage: valid requests, refusals, and stored messages."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.messaging.people import CHINA, CUBA, FRANCE, INDIA, SIMULATOR_SUCCESS, US, US_TOO

# A minute to the US.
MINUTE = 0.013


@pytest.mark.rule("voice-required")
def test_destination_and_origin_are_required(sms, number, refused):
    """DestinationPhoneNumber and OriginationIdentity are required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["OriginationIdentity"]):
        sms.send_voice_message(DestinationPhoneNumber=US, MessageBody="Hello")
    with refused("ValidationException", "MISSING_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_voice_message(OriginationIdentity=number.id, MessageBody="Hello")


@pytest.mark.rule("voice-response")
def test_the_answer_is_a_message_id(sms, emulator, number):
    """The answer has only a MessageId; the message can be read."""
    answer = sms.send_voice_message(
        DestinationPhoneNumber=US, OriginationIdentity=number.id, MessageBody="Hello"
    )

    assert set(answer) == {"MessageId", "ResponseMetadata"}
    (message,) = emulator.messages
    assert message.id == answer["MessageId"]
    assert (message.channel, message.sender, message.recipient, message.body) == (
        "voice",
        number.phone_number,
        US,
        "Hello",
    )
    assert message.price == MINUTE


@pytest.mark.rule("voice-origination-forms")
def test_only_numbers_and_pools_call(sms, voice, number, pool, sender_id, refused):
    """Number, id and ARN of a number, id and ARN of a pool; sender IDs cannot call."""
    for name in (number.phone_number, number.id, number.arn, pool.id, pool.arn):
        assert voice(OriginationIdentity=name).sender == number.phone_number
    for name in ("SHOP", "NOBODY", sender_id.arn):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["OriginationIdentity"]):
            sms.send_voice_message(
                DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=name
            )


@pytest.mark.rule("voice-capability")
def test_a_number_must_have_a_voice(sms, emulator, refused):
    """A number without the VOICE capability cannot call."""
    mute = emulator.add_number("+12065550106", number_capabilities=["SMS"])

    with refused(
        "ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE", fields=["OriginationIdentity"]
    ):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=mute.id
        )


@pytest.mark.rule("voice-region")
def test_a_region_without_calls(client, emulator, refused):
    """Nothing calls from Milan."""
    here = emulator.add_number("+12065550106", region="eu-south-1")

    with refused(
        "ValidationException", "VOICE_CAPABILITY_NOT_AVAILABLE", fields=["OriginationIdentity"]
    ):
        client(region="eu-south-1").send_voice_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=here.id
        )


@pytest.mark.rule("voice-pool-member")
def test_a_pool_picks_a_member_with_a_voice(sms, emulator, voice, pool, account, refused):
    """A pool calls from a member that can; a pool without one cannot call."""
    mute = emulator.add_number(
        "+18885550106", number_type="SHORT_CODE", number_capabilities=["SMS"]
    )
    mute_pool = sms.create_pool(
        OriginationIdentity=mute.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    emulator.add_number("+12065550106", number_capabilities=["SMS"], pool_id=pool.id)

    assert (
        "VOICE"
        in account.phone_numbers.by_number(
            voice(OriginationIdentity=pool.id).sender
        ).number_capabilities
    )
    with refused(
        "ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=("pool", mute_pool["PoolId"])
    ):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=mute_pool["PoolId"]
        )


@pytest.mark.rule("voice-any-country")
def test_any_country_is_called(voice, refused):
    """Outside the sandbox any country is called, also where texts cannot go; five are not."""
    for person in (INDIA, FRANCE, CHINA, "+81312345678", "+59995550100"):
        assert voice(DestinationPhoneNumber=person).status == "COMPLETED"
    for person in (CUBA, "+982112345678", "+8502123456", "+249912345678", "+963944567890"):
        with refused(
            "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
        ):
            voice(DestinationPhoneNumber=person)


@pytest.mark.rule("voice-longest-call")
@pytest.mark.parametrize(
    ("tier", "seconds", "minutes"), [("SANDBOX", 30, 1), ("PRODUCTION", 200, 4)]
)
def test_a_call_of_the_sandbox_is_cut(emulator, voice, tier, seconds, minutes):
    """In the sandbox, a call has at most 30 seconds, which are charged."""
    emulator.reset(account_tier=tier, seed=7)
    number = emulator.add_number("+12065550100")

    message = voice(
        MessageBody="a" * 2995,
        DestinationPhoneNumber=SIMULATOR_SUCCESS,
        OriginationIdentity=number.id,
    )

    record = message.events[-1]
    assert record["callDurationInSeconds"] == seconds
    assert record["totalDurationInMinutes"] == minutes
    assert message.price == pytest.approx(minutes * MINUTE)


# The body.


@pytest.mark.rule("voice-text-type-default", "voice-id-default", "voice-doc-slip")
def test_defaults(voice):
    """By default a call has MATTHEW's voice, and its body is TEXT."""
    message = voice(MessageBody="<b>Hello</b>")
    result = voice(MessageBodyTextType="SSML", MessageBody="<speak>Hi</speak>", VoiceId="AMY")

    assert message.channel == "voice"
    assert (message.message_body_text_type, message.voice_id) == ("TEXT", "MATTHEW")
    assert (result.message_body_text_type, result.voice_id) == ("SSML", "AMY")


@pytest.mark.rule("voice-body-text-limit")
def test_a_plain_text_is_limited(sms, voice, number, refused):
    """A TEXT body has at most 3000 characters."""
    assert len(voice(MessageBody="a" * 3000).body) == 3000
    with refused("ValidationException", "INVALID_PARAMETER", fields=["MessageBody"]):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody="a" * 3001, OriginationIdentity=number.id
        )


@pytest.mark.rule("voice-body-ssml-limit")
def test_ssml_is_limited(sms, voice, number, refused):
    """An SSML body has at most 6000 characters, tags included."""
    pauses = "<break/>" * 748
    members = {"MessageBodyTextType": "SSML", "OriginationIdentity": number.id}

    assert len(voice(**members, MessageBody=f"<speak>a{pauses}</speak>").body) == 6000
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageBody"]):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody=f"<speak>aa{pauses}</speak>", **members
        )


@pytest.mark.rule("voice-body-blank")
def test_a_call_says_something(sms, number, refused):
    """A body of white space alone is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MessageBody"]):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody=" \n\t ", OriginationIdentity=number.id
        )


@pytest.mark.rule("voice-body-optional")
def test_a_call_has_a_body(sms, number, refused):
    """A call without a body is refused."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MessageBody"]):
        sms.send_voice_message(DestinationPhoneNumber=US, OriginationIdentity=number.id)


@pytest.mark.rule("voice-body-spoken-limit")
def test_spoken_text_has_a_limit(sms, voice, number, refused):
    """Of SSML, 3000 characters are spoken at most; tags do not count."""
    ssml = '<speak><prosody rate="slow">{}</prosody></speak>'
    members = {"MessageBodyTextType": "SSML"}
    assert voice(**members, MessageBody=ssml.format("a" * 3000)).status == "COMPLETED"

    with refused("ValidationException", "INVALID_PARAMETER", fields=["MessageBody"]):
        voice(**members, MessageBody=ssml.format("a" * 3001))


@pytest.mark.rule("voice-ssml-malformed")
@pytest.mark.parametrize(
    "body",
    [
        "<speak>Hello",
        "Hello",
        "<speak>you & me</speak>",
        "<speak></speak><speak></speak>",
        '<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>',
    ],
)
def test_ssml_is_well_formed(sms, number, refused, body):
    """SSML that no parser could read is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["MessageBody"]):
        sms.send_voice_message(
            DestinationPhoneNumber=US,
            MessageBody=body,
            MessageBodyTextType="SSML",
            OriginationIdentity=number.id,
        )


@pytest.mark.rule("voice-no-message-type")
def test_a_call_has_no_message_type(sms, voice, with_members):
    """MessageType, Keyword and DestinationCountryParameters are not members: they are ignored."""
    plain = voice()
    with_members(sms, MessageType="ANY", Keyword="", DestinationCountryParameters="ANY")

    assert voice().message_type == plain.message_type


# Prices and limits.


@pytest.mark.rule("voice-max-price")
def test_a_minute_is_not_dearer_than_allowed(sms, voice, number, refused):
    """A call whose minute costs more than MaxPricePerMinute is refused, however short or long."""
    long = {"MessageBody": "a" * 2000}

    assert voice(**long, MaxPricePerMinute="0.013").price == pytest.approx(3 * MINUTE)
    members = {"DestinationPhoneNumber": US, "MessageBody": "Hi", "OriginationIdentity": number.id}
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPricePerMinute"]):
        sms.send_voice_message(**members, MaxPricePerMinute="0.012")
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MaxPricePerMinute"]):
        sms.send_voice_message(**members, MaxPricePerMinute="1")


@pytest.mark.rule("voice-opted-out")
def test_opted_out_recipients_are_not_called(sms, emulator, number, refused):
    """Calls to recipients on the identity's list are refused."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=US)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", US)
    ):
        sms.send_voice_message(
            DestinationPhoneNumber=US, MessageBody="Hello", OriginationIdentity=number.id
        )
    assert emulator.messages == []


@pytest.mark.rule("voice-daily-destination-limit")
@pytest.mark.parametrize("tier", ["SANDBOX", "PRODUCTION"])
def test_a_destination_gets_five_calls_a_day(sms, emulator, voice, text, refused, tier):
    """A recipient gets at most 5 calls in 24 hours from all numbers; nothing else is counted."""
    emulator.reset(account_tier=tier, seed=7)
    emulator.clock.freeze()
    numbers = [emulator.add_number(f"+1206555010{nth}").id for nth in range(3)]
    account = engine_of(emulator).account("123456789012", "us-east-1")
    for person in (US, US_TOO):
        made = sms.create_verified_destination_number(DestinationPhoneNumber=person)
        verified = made["VerifiedDestinationNumberId"]
        account.verified_destination_numbers[verified].status = "VERIFIED"
    members = {"DestinationPhoneNumber": US, "MessageBody": "Hi", "OriginationIdentity": numbers[0]}
    for nth in range(5):
        sms.send_voice_message(**members, DryRun=True)
        text()
        voice(OriginationIdentity=numbers[nth % 3])

    with refused("ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT"):
        sms.send_voice_message(**members)

    assert voice(DestinationPhoneNumber=US_TOO, OriginationIdentity=numbers[0]).recipient == US_TOO
    emulator.clock.advance(hours=24)
    assert voice(OriginationIdentity=numbers[0]).recipient == US


@pytest.mark.pinpoint_sms(max_messages=1)
@pytest.mark.rule("voice-daily-destination-limit")
def test_removed_calls_count(emulator, voice, number, refused):
    """Neither clearing messages, nor a small store, nor a restored state resets the limit."""
    for _ in range(5):
        voice()
    engine_of(emulator).state.messages.clear()
    emulator.restore(emulator.snapshot())

    with refused("ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT"):
        voice()


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("voice-sandbox")
def test_the_sandbox_makes_few_calls(sms, emulator, voice, number, refused):
    """In the sandbox an account makes 20 calls in 24 hours, whomever it calls."""
    members = {"MessageBody": "Hi", "OriginationIdentity": number.id}
    people = [f"+1425555010{digit}" for digit in range(5)]
    account = engine_of(emulator).account("123456789012", "us-east-1")
    for person in people:
        made = sms.create_verified_destination_number(DestinationPhoneNumber=person)
        verified = made["VerifiedDestinationNumberId"]
        account.verified_destination_numbers[verified].status = "VERIFIED"
    emulator.clock.freeze()
    for person in people[:4] * 5:
        voice(DestinationPhoneNumber=person)

    with refused("ServiceQuotaExceededException", "DAILY_DESTINATION_CALL_LIMIT"):
        sms.send_voice_message(DestinationPhoneNumber=people[4], **members)

    emulator.clock.advance(hours=24)
    assert voice(DestinationPhoneNumber=people[4]).status == "COMPLETED"


@pytest.mark.rule("voice-sandbox")
@pytest.mark.parametrize(("tier", "allowed"), [("SANDBOX", False), ("PRODUCTION", True)])
def test_the_sandbox_calls_few_countries(sms, emulator, refused, tier, allowed):
    """From the sandbox calls go to 11 countries; Brazil, which has voice, is not among them."""
    emulator.reset(account_tier=tier, seed=7)
    number = emulator.add_number("+12065550100")
    members = {
        "DestinationPhoneNumber": "+5511999999999",
        "MessageBody": "Olá",
        "OriginationIdentity": number.id,
    }

    if allowed:
        sms.send_voice_message(**members)
        return
    with refused(
        "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
    ):
        sms.send_voice_message(**members)


@pytest.mark.rule("spend-enforced-voice")
def test_the_months_limit_holds(sms, emulator, voice, text, number, refused):
    """A call that would exceed the month's limit is refused; texts have their own limit."""
    sms.set_voice_message_spend_limit_override(MonthlyLimit=1)
    long = {"MessageBody": "a" * 3000}
    people = (f"+1425555{nth:04}" for nth in range(100, 200))
    while sum(message.price for message in emulator.messages) < 1 - 4 * MINUTE:
        voice(**long, DestinationPhoneNumber=next(people))

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_VOICE"):
        voice(**long)

    assert text().channel == "text"


@pytest.mark.rule("voice-dry-run")
def test_a_dry_run_makes_no_call(sms, emulator, number, refused):
    """A dry run is validated and answered with a MessageId, but makes no call."""
    members = {
        "DestinationPhoneNumber": US,
        "OriginationIdentity": number.id,
        "MessageBody": "Hello",
        "DryRun": True,
    }

    assert sms.send_voice_message(**members)["MessageId"]
    assert emulator.messages == []
    with refused("ValidationException", "INVALID_PARAMETER", fields=["MessageBody"]):
        sms.send_voice_message(**(members | {"MessageBodyTextType": "SSML"}))
