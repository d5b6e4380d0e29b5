"""Verified destination numbers: whom an account in the sandbox may write to."""

import re

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT

PERSON = "+14255550100"
ANOTHER = "+14255550101"


@pytest.fixture
def verified(sms, account):
    """A number that is to be verified."""
    made = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON)
    return account.verified_destination_numbers[made["VerifiedDestinationNumberId"]]


@pytest.fixture
def send_code(sms, emulator, verified, number):
    """Send a code and give the message."""

    def send(channel="TEXT", **members):
        sent = sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=verified.id, VerificationChannel=channel, **members
        )
        return engine_of(emulator).state.messages[sent["MessageId"]]

    return send


def code_in(message):
    """Read the code out of a message, as people do."""
    return re.sub(r"[^0-9]", "", message.body)


def answer_of(answer):
    """An answer's own members."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Create.


@pytest.mark.rule("verified-create", "verified-create-tags")
def test_a_new_number_is_pending(sms, account):
    """The answer shows ARN, id, number, PENDING, tags and time of birth."""
    tags = [{"Key": "team", "Value": "shop"}]

    made = sms.create_verified_destination_number(DestinationPhoneNumber=PERSON[1:], Tags=tags)

    (verified,) = account.verified_destination_numbers
    assert answer_of(made) == {
        "VerifiedDestinationNumberArn": verified.arn,
        "VerifiedDestinationNumberId": verified.id,
        "DestinationPhoneNumber": PERSON,
        "Status": "PENDING",
        "Tags": tags,
        "CreatedTimestamp": made["CreatedTimestamp"],
    }
    assert verified.arn == (
        f"arn:aws:sms-voice:us-east-1:{DEFAULT_ACCOUNT}:verified-destination-number/{verified.id}"
    )
    assert abs((made["CreatedTimestamp"] - verified.created_timestamp).total_seconds()) < 0.001


def test_a_number_is_of_a_country(sms, refused):
    """A number of no country cannot be noted."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.create_verified_destination_number(DestinationPhoneNumber="+9991234567")


@pytest.mark.rule("verified-create-duplicate")
def test_a_number_is_noted_once(sms, verified, refused):
    """A number that is there already is refused, with plus or without."""
    for spelling in (PERSON, PERSON[1:]):
        with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=verified):
            sms.create_verified_destination_number(DestinationPhoneNumber=spelling)


@pytest.mark.rule("verified-create-max-ten")
def test_there_are_ten(sms, account, refused):
    """An account has at most ten numbers."""
    for line in range(10):
        sms.create_verified_destination_number(DestinationPhoneNumber=f"+142555501{line:02}")

    assert len(account.verified_destination_numbers) == 10
    with refused("ServiceQuotaExceededException", "VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT"):
        sms.create_verified_destination_number(DestinationPhoneNumber="+14255550110")


@pytest.mark.rule("verified-create-rcs-agent", "tag-removed-with-resource")
@pytest.mark.since("1.43.11")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_deleted_agent_is_unknown(sms, emulator, account, refused):
    """An agent that is still shown as DELETED gets no numbers and has no tags any more."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    emulator.clock.advance(seconds=60)
    sms.delete_rcs_agent(RcsAgentId=agent.id)

    with refused("ResourceNotFoundException", about=agent):
        sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent.id)
    with refused("ResourceNotFoundException", about=agent):
        sms.list_tags_for_resource(ResourceArn=agent.arn)


@pytest.mark.rule("verified-create-rcs-agent", "verified-filter-rcs")
@pytest.mark.since("1.43.11")
def test_a_number_can_be_an_agents(sms, account, refused):
    """RcsAgentId, as id or ARN, is shown and can be filtered by; it must exist."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    sms.create_verified_destination_number(DestinationPhoneNumber="+14255550102")

    for person, name in ((PERSON, agent.id), (ANOTHER, agent.arn)):
        made = sms.create_verified_destination_number(
            DestinationPhoneNumber=person, RcsAgentId=name
        )
        assert made["RcsAgentId"] == agent.id

    found = sms.describe_verified_destination_numbers(
        Filters=[{"Name": "rcs-agent-id", "Values": [agent.id]}]
    )["VerifiedDestinationNumbers"]
    assert [(each["DestinationPhoneNumber"], each["RcsAgentId"]) for each in found] == [
        (PERSON, agent.id),
        (ANOTHER, agent.id),
    ]
    unknown = "rcs-" + "0" * 32
    with refused("ResourceNotFoundException", about=("rcs-agent", unknown)):
        sms.create_verified_destination_number(
            DestinationPhoneNumber="+14255550103", RcsAgentId=unknown
        )


@pytest.mark.rule("verified-create-idempotent")
def test_the_same_token_gives_the_same_number(sms, account):
    """The same ClientToken and parameters again return the first entry."""
    query = {"DestinationPhoneNumber": PERSON, "ClientToken": "once"}

    first, second = (sms.create_verified_destination_number(**query) for _ in range(2))

    assert answer_of(first) == answer_of(second)
    assert len(account.verified_destination_numbers) == 1


# Send a code.


@pytest.mark.rule("verified-code-send")
@pytest.mark.parametrize("channel", ["TEXT", "VOICE"])
def test_a_code_is_sent(sms, emulator, verified, number, channel):
    """A code of six digits goes out by text or voice; the answer does not tell it."""
    answer = sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=verified.arn, VerificationChannel=channel
    )

    (message,) = emulator.messages
    assert answer_of(answer) == {"MessageId": message.id}
    assert (message.channel, message.recipient) == (channel.lower(), PERSON)
    assert code_in(message) == verified.verification_code
    assert len(verified.verification_code) == 6


@pytest.mark.rule("verified-code-free")
@pytest.mark.parametrize(("channel", "price"), [("TEXT", 0.01181), ("VOICE", 0.013)])
def test_the_first_code_is_free(sms, account, send_code, channel, price):
    """The first code that is sent to a number costs nothing; those after it do."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=0)
    sms.set_voice_message_spend_limit_override(MonthlyLimit=0)
    first = send_code(channel)
    sms.delete_text_message_spend_limit_override()
    sms.delete_voice_message_spend_limit_override()
    second = send_code(channel)

    assert (first.price, second.price) == (0, price)
    assert first.events[-1]["totalMessagePrice"] == 0
    assert [float(spent[channel]) for spent in account.spent.values()] == [price]


def test_a_spoken_code_is_said_digit_by_digit(send_code, verified):
    """In a voice message commas part the digits."""
    message = send_code("VOICE")

    assert ", ".join(verified.verification_code) in message.body


@pytest.mark.rule("verified-code-channel")
def test_the_channel_is_text_or_voice(sms, verified, refused):
    """VerificationChannel must be there, and TEXT or VOICE."""
    named = {"VerifiedDestinationNumberId": verified.id}

    with refused("ValidationException", "MISSING_PARAMETER", fields=["VerificationChannel"]):
        sms.send_destination_number_verification_code(**named)
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VerificationChannel"]):
        sms.send_destination_number_verification_code(**named, VerificationChannel="EMAIL")


@pytest.mark.rule("verified-code-language")
def test_the_language_is_one_of_thirteen(sms, send_code, verified, refused):
    """Thirteen languages have words around the code; it is English if nothing is said."""
    languages = sms.meta.service_model.shape_for("LanguageCode").enum
    plain = send_code()

    words = set()
    for language in languages:
        verified.codes_sent.clear()
        message = send_code(LanguageCode=language)
        assert code_in(message) == verified.verification_code
        words.add((language[:2], message.body.replace(verified.verification_code, "")))

    assert len(languages) == 13
    assert plain.body.startswith("Your verification code is ")
    # Two Englishes say the same, and so do two Frenches and two Spanishes; Chinese does not.
    assert len(words) == 10
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["LanguageCode"]):
        sms.send_destination_number_verification_code(
            VerifiedDestinationNumberId=verified.id,
            VerificationChannel="TEXT",
            LanguageCode="XX_XX",
        )


@pytest.mark.rule("verified-code-unknown")
def test_a_number_must_be_noted(sms, refused):
    """A number that is not noted gets no code, cannot be verified and cannot be deleted."""
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
def test_a_verified_number_needs_no_code(sms, send_code, verified, refused):
    """What is VERIFIED gets no code any more, and takes none."""
    code = code_in(send_code())
    sms.verify_destination_number(VerifiedDestinationNumberId=verified.id, VerificationCode=code)

    with refused("ConflictException", "VERIFICATION_ALREADY_COMPLETE", about=verified):
        send_code()
    with refused("ConflictException", "VERIFICATION_ALREADY_COMPLETE", about=verified):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode=code
        )


@pytest.mark.pinpoint_sms(quotas={"VERIFICATION_ATTEMPTS_PER_DAY": 2})
@pytest.mark.rule("verified-code-attempts")
def test_codes_are_limited(emulator, send_code, refused):
    """A number gets so many codes in 24 hours."""
    emulator.clock.freeze()
    send_code()
    emulator.clock.advance(hours=1)
    send_code()

    with refused("ServiceQuotaExceededException", "VERIFICATION_ATTEMPTS_PER_DAY"):
        send_code()

    emulator.clock.advance(hours=23)
    assert send_code()


@pytest.mark.rule("verified-code-attempts")
def test_there_are_ten_codes_a_day(emulator, send_code, refused):
    """Ten codes a day are the default."""
    for _ in range(10):
        send_code()

    with refused("ServiceQuotaExceededException", "VERIFICATION_ATTEMPTS_PER_DAY"):
        send_code()


@pytest.mark.rule("verified-code-origination")
def test_a_code_comes_from_what_is_named(sms, emulator, send_code, verified, pool, number, refused):
    """Number, id and ARN, pool id and ARN may be named as in a text, or nothing."""
    for name in (number.phone_number, number.id, number.arn, pool.id, pool.arn):
        assert send_code(OriginationIdentity=name).sender == number.phone_number
    assert send_code().sender == number.phone_number
    assert send_code("VOICE").sender == number.phone_number
    with refused("ResourceNotFoundException", about=("phone-number", "+12065559999")):
        send_code(OriginationIdentity="+12065559999")


@pytest.mark.rule("verified-code-origination")
def test_a_code_comes_from_a_sender_id(sms, emulator, account):
    """A sender ID may be named, by name or ARN, where the country has them."""
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
def test_a_code_stays_in_the_country_of_its_number(sms, send_code, number, refused, channel):
    """A number of the United States sends codes within the United States, though texts go out."""
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


def test_a_simulator_number_cannot_be_verified(emulator, send_code, refused):
    """A simulator number cannot be used to verify a number."""
    simulator = emulator.add_number("+12065550105", number_type="SIMULATOR")

    with refused(
        "ValidationException",
        "INVALID_IDENTITY_FOR_DESTINATION_COUNTRY",
        fields=["OriginationIdentity"],
    ):
        send_code(OriginationIdentity=simulator.id)


@pytest.mark.rule("verified-code-common")
def test_a_code_is_a_text_like_any_other(sms, send_code, refused):
    """Configuration set, context and country parameters act as in a text."""
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
def test_a_code_goes_to_a_number_that_is_not_verified(sms, send_code, refused, channel):
    """In the sandbox a code is sent, or spoken, to the number that it is to verify."""
    with refused(
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        about=("phone-number", PERSON),
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert send_code(channel).recipient == PERSON


def test_who_has_opted_out_gets_no_code(sms, send_code, refused):
    """The other rules of texts hold for codes too."""
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
def test_the_right_code_opens_the_sandbox(sms, emulator, send_code, verified, refused):
    """In the sandbox the code itself arrives, and once it is told, so does the rest."""
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", PERSON)
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    answer = sms.verify_destination_number(
        VerifiedDestinationNumberId=verified.id, VerificationCode=code_in(send_code())
    )
    sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")

    assert answer_of(answer) == {
        "VerifiedDestinationNumberArn": verified.arn,
        "VerifiedDestinationNumberId": verified.id,
        "DestinationPhoneNumber": PERSON,
        "Status": "VERIFIED",
        "CreatedTimestamp": answer["CreatedTimestamp"],
    }
    assert emulator.messages[-1].body == "Hello"


@pytest.mark.rule("verified-verify-wrong")
def test_a_wrong_code_is_refused(sms, send_code, verified, refused):
    """A wrong code changes nothing; the right one still counts after it."""
    code = code_in(send_code())
    wrong = f"{(int(code) + 1) % 10**6:06}"

    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode=wrong
        )

    assert verified.status == "PENDING"
    sms.verify_destination_number(VerifiedDestinationNumberId=verified.id, VerificationCode=code)
    assert verified.status == "VERIFIED"


@pytest.mark.rule("verified-verify-expired")
def test_a_code_lives_a_quarter_of_an_hour(sms, emulator, send_code, verified, refused):
    """A code that is 15 minutes old, or none at all, is refused."""
    emulator.clock.freeze()
    with refused("ConflictException", "VERIFICATION_CODE_EXPIRED", about=verified):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode="123456"
        )
    code = code_in(send_code())

    emulator.clock.advance(minutes=15)

    with refused("ConflictException", "VERIFICATION_CODE_EXPIRED", about=verified):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode=code
        )


@pytest.mark.rule("verified-verify-code-format")
@pytest.mark.parametrize("code", ["", "a" * 21, "12-34", "12 34"])
def test_a_code_has_a_form(sms, verified, refused, code):
    """A code has 1 to 20 letters or digits."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["VerificationCode"]):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode=code
        )


@pytest.mark.rule("verified-verify-code-format")
@pytest.mark.parametrize("code", ["a", "Z9" * 10])
def test_a_code_may_look_like_this(sms, verified, send_code, refused, code):
    """1 to 20 letters or digits are looked at, though they are wrong."""
    send_code()

    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(
            VerifiedDestinationNumberId=verified.id, VerificationCode=code
        )


@pytest.mark.rule("verified-code-renewed")
def test_a_new_code_replaces_the_old_one(sms, send_code, verified, refused):
    """Only the code that was sent last is right."""
    old, new = code_in(send_code()), code_in(send_code())

    assert old != new
    with refused("ValidationException", "VERIFICATION_CODE_MISMATCH", fields=["VerificationCode"]):
        sms.verify_destination_number(VerifiedDestinationNumberId=verified.id, VerificationCode=old)
    sms.verify_destination_number(VerifiedDestinationNumberId=verified.id, VerificationCode=new)
    assert verified.status == "VERIFIED"


# Delete.


@pytest.mark.pinpoint_sms(
    account_tier="SANDBOX", quotas="VERIFIED_DESTINATION_NUMBERS_PER_ACCOUNT=1"
)
@pytest.mark.rule("verified-delete", "verified-delete-response")
def test_a_deleted_number_is_gone(sms, emulator, send_code, verified, refused):
    """Its place is free, and in the sandbox it gets nothing any more."""
    sms.verify_destination_number(
        VerifiedDestinationNumberId=verified.id, VerificationCode=code_in(send_code())
    )
    emulator.clock.advance(hours=24)

    answer = sms.delete_verified_destination_number(VerifiedDestinationNumberId=verified.id)

    assert answer_of(answer) == {
        "VerifiedDestinationNumberArn": verified.arn,
        "VerifiedDestinationNumberId": verified.id,
        "DestinationPhoneNumber": PERSON,
        "CreatedTimestamp": answer["CreatedTimestamp"],
    }
    with refused("ResourceNotFoundException", about=verified):
        sms.describe_verified_destination_numbers(VerifiedDestinationNumberIds=[verified.id])
    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_NOT_VERIFIED", about=("phone-number", PERSON)
    ):
        sms.send_text_message(DestinationPhoneNumber=PERSON, MessageBody="Hello")
    assert sms.create_verified_destination_number(DestinationPhoneNumber=ANOTHER)


@pytest.mark.rule("verified-delete-24h")
def test_a_young_number_stays(sms, emulator, verified, refused):
    """A number that is not 24 hours old cannot be deleted."""
    emulator.clock.advance(hours=23, minutes=59)

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=verified):
        sms.delete_verified_destination_number(VerifiedDestinationNumberId=verified.id)


# Describe.


@pytest.fixture
def three(sms, account):
    """Three numbers, the second of them verified."""
    for line in range(3):
        sms.create_verified_destination_number(DestinationPhoneNumber=f"+1425555010{line}")
    numbers = list(account.verified_destination_numbers)
    numbers[1].status = "VERIFIED"
    return numbers


def described(sms, **query):
    """The numbers that an answer has."""
    answer = sms.describe_verified_destination_numbers(**query)
    return [each["DestinationPhoneNumber"] for each in answer["VerifiedDestinationNumbers"]]


@pytest.mark.rule("verified-describe-by-id")
def test_numbers_are_described_by_id(sms, three, refused):
    """Ids and ARNs restrict the answer; an unknown one fails the call, as does a sixth."""
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
    """Numbers restrict the answer, with plus or without; a sixth fails the call."""
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
    """The filter status matches Status, also beside numbers."""
    first, second, third = three
    numbers = [each.destination_phone_number for each in three]

    def by(values, **query):
        return described(sms, Filters=[{"Name": "status", "Values": values}], **query)

    assert by(["VERIFIED"]) == [numbers[1]]
    assert by(["PENDING"]) == [numbers[0], numbers[2]]
    assert by(["PENDING", "VERIFIED"]) == numbers
    assert by(["PENDING"], DestinationPhoneNumbers=numbers[1:]) == [numbers[2]]
    assert (first.status, second.status, third.status) == ("PENDING", "VERIFIED", "PENDING")
