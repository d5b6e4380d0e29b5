"""Verified destination numbers: the recipients of an account in the sandbox."""

import re

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT

PERSON = "+14255550100"
ANOTHER = "+14255550101"


@pytest.fixture
def pending(sms, account):
    """A number that is not verified yet."""
    made = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON)
    return account.verified_destination_numbers[made["VerifiedDestinationNumberId"]]


@pytest.fixture
def send_code(sms, emulator, pending, number):
    """Send a code, and return the message."""

    def send(channel="TEXT", **members):
        sent = sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=pending.id, VerificationChannel=channel, **members
        )
        return engine_of(emulator).state.messages[sent["MessageId"]]

    return send


def code_in(message):
    """Read the code in a message."""
    return re.sub(r"[^0-9]", "", message.body)


def answer_of(answer):
    """The answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Create.


@pytest.mark.rule("verified-create", "verified-create-tags")
def test_a_new_number_is_pending(sms, account):
    """The answer has ARN, id, number, PENDING, tags and CreatedTimestamp."""
    tags = [{"Key": "team", "Value": "shop"}]

    made = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON[1:], Tags=tags)

    (pending,) = account.verified_destination_numbers
    assert answer_of(made) == {
        "VerifiedDestinationNumberArn": pending.arn,
        "VerifiedDestinationNumberId": pending.id,
        "DestinationPhoneNumber": PERSON,
        "Status": "PENDING",
        "Tags": tags,
        "CreatedTimestamp": made["CreatedTimestamp"],
    }
    assert pending.arn == (
        f"arn:aws:sms-voice:us-east-1:{DEFAULT_ACCOUNT}:verified-destination-number/{pending.id}"
    )
    assert abs((made["CreatedTimestamp"] - pending.created_timestamp).total_seconds()) < 0.001


@pytest.mark.rule("text-destination-not-a-number")
def test_a_number_must_have_a_country(sms, refused):
    """A number of no country cannot be added."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.create_verified_destination_number(DestinationPhoneNumber="+9991234567")


@pytest.mark.rule("verified-create-duplicate")
def test_a_number_can_be_added_once(sms, pending, refused):
    """A number that exists already is refused, with plus or without."""
    for spelling in (PERSON, PERSON[1:]):
        with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=pending):
            sms.create_verified_destination_number(DestinationPhoneNumber=spelling)


@pytest.mark.rule("verified-create-max-ten")
def test_an_account_has_at_most_ten_numbers(sms, account, refused):
    """An account has at most ten numbers."""
    for line in range(10):
        sms.create_verified_destination_number(DestinationPhoneNumber=f"+142555501{line:02}")

    assert len(account.verified_destination_numbers) == 10
    with refused("ServiceQuotaExceededException", "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT"):
        sms.create_verified_destination_number(DestinationPhoneNumber="+14255550110")


@pytest.mark.rule("verified-create-idempotent")
def test_the_same_token_gives_the_same_number(sms, account):
    """A repeated request with its ClientToken returns the first number."""
    query = {"DestinationPhoneNumber": PERSON, "ClientToken": "once"}

    first, second = (sms.create_verified_destination_number(**query) for _ in range(2))

    assert answer_of(first) == answer_of(second)
    assert len(account.verified_destination_numbers) == 1


# Send a code.


@pytest.mark.rule("verified-code-send")
@pytest.mark.parametrize("channel", ["TEXT", "VOICE"])
def test_a_code_is_sent(sms, emulator, pending, number, channel):
    """A six-digit code is sent by text or voice; the answer does not contain it."""
    answer = sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=pending.arn, VerificationChannel=channel
    )

    (message,) = emulator.messages
    assert answer_of(answer) == {"MessageId": message.id}
    assert (message.channel, message.recipient) == (channel.lower(), PERSON)
    assert code_in(message) == pending.verification_code
    assert len(pending.verification_code) == 6


@pytest.mark.rule("verified-code-free")
@pytest.mark.parametrize(("channel", "price"), [("TEXT", 0.01181), ("VOICE", 0.013)])
def test_the_first_code_is_free(sms, account, send_code, channel, price):
    """The first code to a number is free; later ones are charged."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)
    sms.set_voice_message_spend_limit_override(MonthlyLimit=0)
    first = send_code(channel)
    sms.delete_text_message_spend_limit_override()
    sms.delete_voice_message_spend_limit_override()
    second = send_code(channel)

    assert (first.price, second.price) == (0, price)
    assert first.events[-1]["totalMessagePrice"] == 0
    assert [float(spent[channel]) for spent in account.spent.values()] == [price]


def test_a_spoken_code_is_said_digit_by_digit(send_code, pending):
    """In a voice message, commas separate the digits."""
    message = send_code("VOICE")

    assert ", ".join(pending.verification_code) in message.body


@pytest.mark.rule("verified-code-channel")
def test_the_channel_is_text_or_voice(sms, pending, refused):
    """VerificationChannel is required, and TEXT or VOICE."""
    named = {"VerifiedDestinationNumberId": pending.id}

    with refused("ValidationException", "MISSING_PARAMETER", fields=["VerificationChannel"]):
        sms.send_destination_number_verification_code(**named)
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VerificationChannel"]):
        sms.send_destination_number_verification_code(**named, VerificationChannel="EMAIL")


@pytest.mark.rule("verified-code-language")
def test_the_language_is_one_of_thirteen(sms, send_code, pending, refused):
    """Thirteen languages have a text for the code; English is the default."""
    languages = sms.meta.service_model.shape_for("LanguageCode").enum
    plain = send_code()

    words = set()
    for language in languages:
        pending.codes_sent.clear()
        message = send_code(LanguageCode=language)
        assert code_in(message) == pending.verification_code
        words.add((language[:2], message.body.replace(pending.verification_code, "")))

    assert len(languages) == 13
    assert plain.body.startswith("Your verification code is ")
    # Variants of English, French and Spanish share a text; those of Chinese do not.
    assert len(words) == 10
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["LanguageCode"]):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=pending.id,
            VerificationChannel="TEXT",
            LanguageCode="XX_XX",
        )


@pytest.mark.rule("verified-code-unknown")
def test_a_number_must_be_added_first(sms, refused):
    """An unknown number gets no code, and cannot be verified or deleted."""
    unknown = "vdn-" + "0" * 32
    about = ("verified-destination-number", unknown)

    with refused("ResourceNotFoundException", about=about):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=unknown, VerificationChannel="TEXT"
        )
    with refused("ResourceNotFoundException", about=about):
        sms.verify_destination_number(VerifiedDestinationNumberId=unknown, VerificationCode="1")
    with refused("ResourceNotFoundException", about=about):
        sms.delete_verified_destination_number(VerifiedDestinationNumberId=unknown)


@pytest.mark.rule("verified-code-already")
def test_a_verified_number_needs_no_code(sms, send_code, pending, refused):
    """A VERIFIED number neither gets nor accepts a code."""
    code = code_in(send_code())
    sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)

    with refused("ConflictException", "VERIFICATION_ALREADY_COMPLETE", about=pending):
        send_code()
    with refused("ConflictException", "VERIFICATION_ALREADY_COMPLETE", about=pending):
        sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)


@pytest.mark.pinpoint_sms(quotas={"VERIFICATION_ATTEMPTS_PER_DAY": 2})
@pytest.mark.rule("verified-code-attempts")
def test_codes_per_day_are_limited(emulator, send_code, refused):
    """A number gets a limited number of codes in 24 hours."""
    emulator.clock.freeze()
    send_code()
    emulator.clock.advance(hours=1)
    send_code()

    with refused("ServiceQuotaExceededException", "VERIFICATION_ATTEMPTS_PER_DAY"):
        send_code()

    emulator.clock.advance(hours=23)
    assert send_code()


@pytest.mark.rule("verified-code-attempts")
def test_ten_codes_a_day_by_default(emulator, send_code, refused):
    """Ten codes a day are the default."""
    for _ in range(10):
        send_code()

    with refused("ServiceQuotaExceededException", "VERIFICATION_ATTEMPTS_PER_DAY"):
        send_code()


@pytest.mark.rule("verified-code-origination")
def test_the_origination_identity_of_a_code(
    sms, emulator, send_code, pending, pool, number, refused
):
    """It can be a number, its id or ARN, a pool's id or ARN, or nothing."""
    for name in (number.phone_number, number.id, number.arn, pool.id, pool.arn):
        assert send_code(OriginationIdentity=name).sender == number.phone_number
    assert send_code().sender == number.phone_number
    assert send_code("VOICE").sender == number.phone_number
    with refused("ResourceNotFoundException", about=("phone-number", "+12065559999")):
        send_code(OriginationIdentity="+12065559999")


@pytest.mark.rule("verified-code-origination")
def test_a_sender_id_can_send_a_code(sms, emulator, account):
    """A sender ID can be given by name or ARN, in a country that supports them."""
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="GB")
    made = sms.create_verified_destination_number(DestinationPhoneNumber="+447700900123")

    for name in ("SHOP", account.sender_ids["SHOP/GB"].arn):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=made["VerifiedDestinationNumberId"],
            VerificationChannel="TEXT",
            OriginationIdentity=name,
        )
        assert emulator.messages[-1].sender == "SHOP"


@pytest.mark.rule("verified-code-country")
@pytest.mark.parametrize("channel", ["TEXT", "VOICE"])
def test_a_code_is_not_sent_abroad(sms, send_code, number, refused, channel):
    """A number sends codes only within its country, although it can send texts abroad."""
    abroad = "+447700900123"
    made = sms.create_verified_destination_number(DestinationPhoneNumber=abroad)

    with refused(
        "ValidationException",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        fields=["OriginationIdentity"],
    ):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=made["VerifiedDestinationNumberId"],
            VerificationChannel=channel,
            OriginationIdentity=number.id,
        )


@pytest.mark.rule("verified-code-simulator")
@pytest.mark.parametrize("destination", [PERSON, "+14254147755"])
def test_a_simulator_number_verifies_nobody(sms, emulator, refused, destination):
    """A simulator number cannot be used to verify a number, not even a simulator destination."""
    made = sms.create_verified_destination_number(DestinationPhoneNumber=destination)
    simulator = emulator.add_number("+12065550105", number_type="SIMULATOR")

    with refused(
        "ValidationException",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        fields=["OriginationIdentity"],
    ):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=made["VerifiedDestinationNumberId"],
            VerificationChannel="TEXT",
            OriginationIdentity=simulator.id,
        )


@pytest.mark.rule("verified-code-common")
def test_optional_members_of_a_code(sms, send_code, refused):
    """Configuration set, context and country parameters have the same effect as for a text."""
    sms.create_configuration_set(ConfigurationSetName="codes")
    given = {"IN_ENTITY_ID": "1201"}

    message = send_code(
        ConfigurationSetName="codes",
        Context={"step": "one"},
        DestinationCountryParameters=given,
    )

    assert message.configuration_set == "codes"
    assert message.context == {"step": "one"}
    assert message.destination_country_parameters == given
    with refused("ResourceNotFoundException", about=("configuration-set", "other")):
        send_code(ConfigurationSetName="other")


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule("verified-code-sandbox-exception")
@pytest.mark.parametrize("channel", ["TEXT", "VOICE"])
def test_codes_reach_unverified_numbers_in_the_sandbox(sms, send_code, refused, channel):
    """Text and voice codes can be sent to the number that they verify."""
    with refused(
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        about=("phone-number", PERSON),
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert send_code(channel).recipient == PERSON


@pytest.mark.rule("verified-code-opted-out")
def test_opted_out_numbers_get_no_code(sms, send_code, refused):
    """The other rules for texts apply to codes too."""
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)

    for channel in ("TEXT", "VOICE"):
        with refused(
            "ConflictException",
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
            about=("phone-number", PERSON),
        ):
            send_code(channel)


# Verify.


@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.rule(
    "verified-code-sandbox-exception", "verified-verify", "verified-verify-allows-sending"
)
def test_the_right_code_verifies_the_number(sms, emulator, send_code, pending, refused):
    """After verification, other messages are delivered in the sandbox."""
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", PERSON)
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    answer = sms.verify_destination_number(
        VerifiedDestinationNumberId=pending.id, VerificationCode=code_in(send_code())
    )
    sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert answer_of(answer) == {
        "VerifiedDestinationNumberArn": pending.arn,
        "VerifiedDestinationNumberId": pending.id,
        "DestinationPhoneNumber": PERSON,
        "Status": "VERIFIED",
        "CreatedTimestamp": answer["CreatedTimestamp"],
    }
    assert emulator.messages[-1].body == "Hello"


@pytest.mark.rule("verified-verify-wrong")
def test_a_wrong_code_is_refused(sms, send_code, pending, refused):
    """A wrong code changes nothing; afterwards the right one is still valid."""
    code = code_in(send_code())
    wrong = f"{(int(code) + 1) % 10**6:06}"

    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=pending.id, VerificationCode=wrong
        )

    assert pending.status == "PENDING"
    sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)
    assert pending.status == "VERIFIED"


@pytest.mark.rule("verified-verify-expired")
def test_a_code_expires_after_15_minutes(sms, emulator, send_code, pending, refused):
    """A code of that age is refused, and so is any code if none was sent."""
    emulator.clock.freeze()
    with refused("ConflictException", "VERIFICATION_CODE_EXPIRED", about=pending):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=pending.id, VerificationCode="123456"
        )
    code = code_in(send_code())

    emulator.clock.advance(minutes=15)

    with refused("ConflictException", "VERIFICATION_CODE_EXPIRED", about=pending):
        sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)


@pytest.mark.rule("verified-verify-code-format")
@pytest.mark.parametrize("code", ["", "a" * 21, "12-34", "12 34"])
def test_malformed_codes_are_refused(sms, pending, refused, code):
    """A code has 1 to 20 letters or digits."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VerificationCode"]):
        sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)


@pytest.mark.rule("verified-verify-code-format")
@pytest.mark.parametrize("code", ["a", "Z9" * 10])
def test_well_formed_codes_are_compared(sms, pending, send_code, refused, code):
    """Wrong codes of 1 to 20 letters or digits are refused as wrong, not as malformed."""
    send_code()

    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=code)


@pytest.mark.rule("verified-code-renewed")
def test_a_new_code_replaces_the_old_one(sms, send_code, pending, refused):
    """Only the latest code is valid."""
    old, new = code_in(send_code()), code_in(send_code())

    assert old != new
    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=old)
    sms.verify_destination_number(VerifiedDestinationNumberId=pending.id, VerificationCode=new)
    assert pending.status == "VERIFIED"


# Delete.


@pytest.mark.pinpoint_sms(
    account_tier="SANDBOX", quotas="VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT=1"
)
@pytest.mark.rule("verified-delete", "verified-delete-response")
def test_a_deleted_number_is_gone(sms, emulator, send_code, pending, refused):
    """It does not count any more, and in the sandbox it gets no messages."""
    sms.verify_destination_number(
        VerifiedDestinationNumberId=pending.id, VerificationCode=code_in(send_code())
    )
    emulator.clock.advance(hours=24)

    answer = sms.delete_verified_destination_number(VerifiedDestinationNumberId=pending.id)

    assert answer_of(answer) == {
        "VerifiedDestinationNumberArn": pending.arn,
        "VerifiedDestinationNumberId": pending.id,
        "DestinationPhoneNumber": PERSON,
        "CreatedTimestamp": answer["CreatedTimestamp"],
    }
    with refused("ResourceNotFoundException", about=pending):
        sms.describe_verified_destination_numbers(VerifiedDestinationNumberIds=[pending.id])
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", PERSON)
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")
    assert sms.create_verified_destination_number(DestinationPhoneNumber=ANOTHER)


@pytest.mark.rule("verified-delete-24h")
def test_a_number_can_be_deleted_after_24_hours(sms, emulator, pending, refused):
    """A younger number cannot be deleted."""
    emulator.clock.advance(hours=23, minutes=59)

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=pending):
        sms.delete_verified_destination_number(VerifiedDestinationNumberId=pending.id)


# Describe.


@pytest.fixture
def three(sms, account):
    """Three numbers, of which the second is verified."""
    for line in range(3):
        sms.create_verified_destination_number(DestinationPhoneNumber=f"+1425555010{line}")
    numbers = list(account.verified_destination_numbers)
    numbers[1].status = "VERIFIED"
    return numbers


def described(sms, **query):
    """The numbers in an answer."""
    answer = sms.describe_verified_destination_numbers(**query)
    return [each["DestinationPhoneNumber"] for each in answer["VerifiedDestinationNumbers"]]


@pytest.mark.rule("verified-describe-by-id")
def test_numbers_are_described_by_id(sms, three, refused):
    """Ids and ARNs restrict the answer; unknown ones and more than five fail the call."""
    first, second, third = three

    assert described(sms) == [each.destination_phone_number for each in three]
    assert described(sms, VerifiedDestinationNumberIds=[first.id, third.arn]) == [
        first.destination_phone_number,
        third.destination_phone_number,
    ]
    unknown = "vdn-" + "0" * 32
    with refused("ResourceNotFoundException", about=("verified-destination-number", unknown)):
        described(sms, VerifiedDestinationNumberIds=[second.id, unknown])
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["VerifiedDestinationNumberIds"]
    ):
        described(sms, VerifiedDestinationNumberIds=[second.id] * 6)


@pytest.mark.rule("verified-describe-by-number")
def test_numbers_are_described_by_number(sms, three, refused):
    """Numbers restrict the answer, with plus or without; more than five fail the call."""
    first, second, _third = three

    assert described(
        sms,
        DestinationPhoneNumbers=[
            second.destination_phone_number,
            first.destination_phone_number[1:],
            "+14255559999",
        ],
    ) == [first.destination_phone_number, second.destination_phone_number]
    assert (
        described(
            sms,
            DestinationPhoneNumbers=[PERSON],
            VerifiedDestinationNumberIds=[second.id],
        )
        == []
    )
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["DestinationPhoneNumbers"]
    ):
        described(sms, DestinationPhoneNumbers=[PERSON] * 6)


@pytest.mark.rule("verified-filter-status")
def test_numbers_are_filtered_by_status(sms, three):
    """The filter status matches Status, also together with numbers."""
    first, second, third = three
    numbers = [each.destination_phone_number for each in three]

    def by(values, **query):
        return described(sms, Filters=[{"Name": "status", "Values": values}], **query)

    assert by(["VERIFIED"]) == [numbers[1]]
    assert by(["PENDING"]) == [numbers[0], numbers[2]]
    assert by(["PENDING", "VERIFIED"]) == numbers
    assert by(["PENDING"], DestinationPhoneNumbers=numbers[1:]) == [numbers[2]]
    assert (first.status, second.status, third.status) == ("PENDING", "VERIFIED", "PENDING")
