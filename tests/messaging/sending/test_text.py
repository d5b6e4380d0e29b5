"""SendTextMessage: valid requests, refusals, and stored messages."""

import re
from itertools import product

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.emulator import engine_of
from tests.messaging.people import (
    BRITAIN,
    CHINA,
    CUBA,
    INDIA,
    US,
    US_TOO,
)

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# A text of one part to the US, fee included.
ONE_PART = 0.01181

pytestmark = pytest.mark.usefixtures("number")


# The answer, and what is kept.


@pytest.mark.rule("text-response", "text-message-id-uuid", "text-no-client-token")
def test_each_call_is_a_message(sms, emulator):
    """The answer is a MessageId like a small-letter UUID; the same call again is another one."""
    members = {"DestinationPhoneNumber": US, "MessageBody": "Hello"}

    answers = [sms.send_text_message(**members) for _ in range(2)]

    ids = [answer.pop("MessageId") for answer in answers]
    assert [set(answer) for answer in answers] == [{"ResponseMetadata"}] * 2
    assert all(UUID.fullmatch(each) for each in ids)
    assert len(set(ids)) == 2
    assert [message.id for message in emulator.messages] == ids


@pytest.mark.rule("text-no-client-token")
def test_there_is_no_token(sms, emulator, text, voice, media, with_members):
    """ClientToken is not a member of a send: repeating it sends a second message."""
    with_members(sms, ClientToken="same")

    for send in (text, voice, media):
        assert send().id != send().id
    assert len(emulator.messages) == 6


@pytest.mark.rule("text-one-recipient")
def test_a_call_has_one_recipient(sms, text, emulator, refused):
    """A message goes to the one number that is named; several cannot be."""
    message = text()

    assert [each.recipient for each in emulator.messages] == [message.recipient] == [US]
    with refused("SerializationException"):
        sms.send_text_message(DestinationPhoneNumber=[US, US_TOO], MessageBody="Hello")


@pytest.mark.rule("text-destination-required")
def test_only_the_destination_is_required(sms, text, refused):
    """A request without a destination is refused; a destination alone is enough."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_text_message(MessageBody="Hello")

    assert text().recipient == US


def test_a_message_can_be_read_back(text, account, number, configuration_set):
    """All that can be read of a message is there."""
    message = text(
        MessageType="TRANSACTIONAL",
        OriginationIdentity=number.id,
        ConfigurationSetName=configuration_set.name,
        Context={"order": "17"},
    )

    listed = message.as_dict()
    assert listed.pop("created") == message.created.isoformat()
    assert listed == {
        "message_id": message.id,
        "account_id": "123456789012",
        "region": "us-east-1",
        "channel": "text",
        "api": "pinpoint-sms-voice-v2",
        "direction": "outbound",
        "sender": number.phone_number,
        "recipient": US,
        "body": "Hello",
        "codes": [],
        "links": [],
        "message_type": "TRANSACTIONAL",
        "origination_identity": number.id,
        "pool_id": None,
        "configuration_set": "campaign",
        "protect_configuration_id": None,
        "encoding": "GSM",
        "parts": 1,
        "price": ONE_PART,
        "price_per_part": ONE_PART,
        "status": message.status,
        "feedback": None,
        "context": {"order": "17"},
        "time_to_live": 259_200,
        "destination_country_parameters": {},
        "media_urls": [],
        "rcs_message_content": None,
        "voice_id": None,
        "message_body_text_type": None,
        "spoken_text": None,
        "template_id": None,
        "template_variables": {},
        "in_reply_to": None,
        "interaction": None,
        "fallback": None,
        "fallback_of": None,
        "events": message.events,
    }
    assert message.account_id == account.account_id


# The destination.


@pytest.mark.rule("text-destination-format")
def test_a_destination_may_leave_out_its_plus(text):
    """A destination is kept with its plus."""
    assert text(DestinationPhoneNumber=US.removeprefix("+")).recipient == US


@pytest.mark.rule("text-destination-not-a-number")
@pytest.mark.parametrize("nobody", ["+9991234567", "+1425", "+1999555010"])
def test_a_destination_is_of_a_country(sms, refused, nobody):
    """A number of no country, or too short for one, is no destination."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        sms.send_text_message(DestinationPhoneNumber=nobody, MessageBody="Hello")


@pytest.mark.rule("text-country-blocked")
def test_a_country_must_be_served(sms, number, refused):
    """A country that the service does not support is refused, whatever the origin."""
    for origin, person in product(({}, {"OriginationIdentity": number.id}), (CUBA, CHINA)):
        with refused(
            "ValidationException", "DESTINATION_COUNTRY_BLOCKED", fields=["DestinationPhoneNumber"]
        ):
            sms.send_text_message(DestinationPhoneNumber=person, MessageBody="Hello", **origin)


# The body.


@pytest.mark.rule("text-body-optional")
def test_a_text_has_a_body(sms, refused):
    """A request without a body has nothing to send."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MessageBody"]):
        sms.send_text_message(DestinationPhoneNumber=US)


@pytest.mark.rule("text-parts")
@pytest.mark.parametrize(
    ("body", "encoding", "parts"),
    [
        ("a" * 160, "GSM", 1),
        ("a" * 161, "GSM", 2),
        ("é" * 306, "GSM", 2),
        ("€" * 81, "GSM", 2),
        ("ї" * 70, "Unicode", 1),
        ("ї" * 71, "Unicode", 2),
        ("a" * 1600, "GSM", 11),
    ],
)
def test_a_long_body_has_several_parts(text, body, encoding, parts):
    """A body is split into parts, and each of them is paid for."""
    message = text(MessageBody=body)

    assert (message.body, message.encoding, message.parts) == (body, encoding, parts)
    assert message.price == pytest.approx(parts * ONE_PART)


# The type.


@pytest.mark.rule("text-type-fallback", "cfgset-default-type-used")
def test_the_type_is_named_or_defaulted(sms, text, sender_id, configuration_set):
    """The request's type, or else the configuration set's default, or else the identity's own."""
    members = {"DestinationPhoneNumber": BRITAIN, "OriginationIdentity": sender_id.id}
    in_set = {"ConfigurationSetName": configuration_set.name}
    sms.set_default_message_type(**in_set, MessageType="PROMOTIONAL")

    types = [
        text(**members, **in_set, MessageType="TRANSACTIONAL").message_type,
        text(**members, **in_set).message_type,
        text(**members).message_type,
    ]

    assert types == ["TRANSACTIONAL", "PROMOTIONAL", sender_id.message_types[0]]


@pytest.mark.rule("text-type-fallback")
def test_a_default_type_gives_way(sms, text, number, configuration_set):
    """A mere default does not turn a transactional number into another."""
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )

    message = text(OriginationIdentity=number.id, ConfigurationSetName=configuration_set.name)

    assert message.message_type == number.message_type == "TRANSACTIONAL"


@pytest.mark.rule("text-type-fallback")
def test_a_default_type_is_looked_for(sms, emulator, text, configuration_set):
    """Where the service chooses, it prefers a number of the default type."""
    promotional = emulator.add_number("+12065550101", message_type="PROMOTIONAL")
    sms.set_default_message_type(
        ConfigurationSetName=configuration_set.name, MessageType="PROMOTIONAL"
    )

    message = text(ConfigurationSetName=configuration_set.name)

    assert (message.sender, message.message_type) == (promotional.phone_number, "PROMOTIONAL")


@pytest.mark.rule("text-type-mismatch")
def test_a_named_type_must_be_there(sms, number, pool, refused):
    """A type that the named number or pool does not have is refused."""
    for named in (number, pool):
        with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=named):
            sms.send_text_message(
                DestinationPhoneNumber=US,
                MessageBody="Hello",
                OriginationIdentity=named.id,
                MessageType="PROMOTIONAL",
            )


@pytest.mark.rule("text-type-mismatch")
def test_a_named_type_must_be_the_sender_ids(sms, account, refused):
    """A type that the named sender ID does not have is refused."""
    sms.request_sender_id(SenderId="SALE", IsoCountryCode="GB", MessageTypes=["PROMOTIONAL"])

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=account.sender_ids["SALE/GB"]):
        sms.send_text_message(
            DestinationPhoneNumber=BRITAIN,
            MessageBody="Hello",
            OriginationIdentity="SALE",
            MessageType="TRANSACTIONAL",
        )


@pytest.mark.rule("text-message-type-doc-slip")
@pytest.mark.parametrize("message_type", ["TRANSACTIONAL", "PROMOTIONAL"])
def test_both_types_are_valid(emulator, text, message_type):
    """TRANSACTIONAL is a type, although the text has lost the word, and PROMOTIONAL too."""
    emulator.add_number("+12065550101", message_type="PROMOTIONAL")

    assert text(MessageType=message_type).message_type == message_type


# The keyword.


@pytest.mark.rule("text-keyword")
def test_a_keyword_must_exist(sms, emulator, text, refused):
    """A keyword is one of the identity's, in any letter case, or is left out."""
    emulator.add_number("20655", number_type="SHORT_CODE")
    members = {"OriginationIdentity": "20655"}
    short_code = (
        engine_of(emulator).account("123456789012", "us-east-1").phone_numbers.by_number("20655")
    )
    sms.put_keyword(
        OriginationIdentity=short_code.id, Keyword="ALERTS", KeywordMessage="About alerts"
    )

    assert text(**members).sender == "20655"
    assert text(**members, Keyword="alerts").sender == "20655"
    with refused("ResourceNotFoundException", about=("keyword", "NEWS")):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", Keyword="NEWS", **members
        )


@pytest.mark.rule("text-keyword")
def test_a_pools_keywords_are_its_own(sms, text, pool, refused):
    """With a pool, a keyword must be the pool's."""
    sms.put_keyword(OriginationIdentity=pool.id, Keyword="ALERTS", KeywordMessage="About alerts")

    assert text(OriginationIdentity=pool.id, Keyword="ALERTS").pool_id == pool.id
    with refused("ResourceNotFoundException", about=("keyword", "NEWS")):
        sms.send_text_message(
            DestinationPhoneNumber=US,
            MessageBody="Hello",
            OriginationIdentity=pool.id,
            Keyword="NEWS",
        )


# Prices.


@pytest.mark.rule("text-max-price-exceeded")
def test_a_message_is_not_dearer_than_allowed(sms, text, refused):
    """What costs more than MaxPrice is not sent; what costs as much is."""
    assert text(MaxPrice="0.01181").price == ONE_PART
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello", MaxPrice="0.0118")


@pytest.mark.rule("text-max-price-unit")
def test_a_price_is_that_of_all_parts(sms, refused):
    """MaxPrice is compared with the whole message, not with each part."""
    with refused("ValidationException", "PRICE_OVER_THRESHOLD", fields=["MaxPrice"]):
        sms.send_text_message(DestinationPhoneNumber=US, MessageBody="a" * 161, MaxPrice=".02")


# The other members.


@pytest.mark.rule("text-ttl-default", "text-ttl-unit")
def test_a_message_is_valid_for_three_days(text, voice, media):
    """Without TimeToLive a message has 72 hours, which are 259200 seconds, the most there is."""
    for send in (text, voice, media):
        assert send().time_to_live == 72 * 60 * 60
        assert send(TimeToLive=259_200).time_to_live == 259_200
        assert send(TimeToLive=5).time_to_live == 5


@pytest.mark.rule("text-context-spaces")
def test_context_may_have_spaces_inside(sms, text, refused):
    """White space inside a context value is kept, at an end it is refused."""
    assert text(Context={"campaign": "spring sale"}).context == {"campaign": "spring sale"}
    for value in (" sale", "sale "):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Context"]):
            sms.send_text_message(
                DestinationPhoneNumber=US, MessageBody="Hello", Context={"campaign": value}
            )


@pytest.mark.rule("text-country-parameters-use")
def test_country_parameters_are_for_india(sms, text):
    """They apply to messages to India from a sender ID, and have no effect elsewhere."""
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="IN")
    registered = {"IN_ENTITY_ID": "1201", "IN_TEMPLATE_ID": "1107"}
    given = {"DestinationCountryParameters": registered}

    indian = text(DestinationPhoneNumber=INDIA, OriginationIdentity="SHOP", **given)
    american, plain = text(**given), text()

    assert indian.destination_country_parameters == registered
    assert (american.sender, american.price) == (plain.sender, plain.price)


@pytest.mark.rule("text-config-set-unknown")
def test_a_configuration_set_must_exist(sms, refused):
    """A set that does not exist is refused before anything is sent."""
    with refused("ResourceNotFoundException", about=("configuration-set", "campaign")):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", ConfigurationSetName="campaign"
        )


@pytest.mark.rule("cfgset-one-per-send")
def test_a_message_has_one_configuration_set_at_most(sms, text, voice, configuration_set, refused):
    """The requested set, by name or ARN, is the message's, or there is none; two are refused."""
    for send in (text, voice):
        assert send().configuration_set is None
        assert send(ConfigurationSetName="campaign").configuration_set == "campaign"
        assert send(ConfigurationSetName=configuration_set.arn).configuration_set == "campaign"
    with refused("SerializationException"):
        sms.send_text_message(
            DestinationPhoneNumber=US, MessageBody="Hello", ConfigurationSetName=["campaign"] * 2
        )


@pytest.mark.since("1.36")
@pytest.mark.rule("text-protect-parameter")
def test_later_members_are_known(sms, text, voice):
    """Texts and voice messages can set a protect configuration and feedback."""
    made = sms.create_protect_configuration()["ProtectConfigurationId"]

    for send in (text, voice):
        message = send(ProtectConfigurationId=made, MessageFeedbackEnabled=True)

        assert (message.protect_configuration_id, message.feedback) == (made, "PENDING")


# Dry runs.


@pytest.mark.rule("text-dry-run", "text-dry-run-response")
def test_a_dry_run_sends_nothing(sms, emulator):
    """A valid dry run is answered with a MessageId, but not sent."""
    answer = sms.send_text_message(DestinationPhoneNumber=US, MessageBody="Hello", DryRun=True)

    assert UUID.fullmatch(answer["MessageId"])
    assert emulator.messages == []
    assert engine_of(emulator).state.messages.get(answer["MessageId"]) is None


@pytest.mark.rule("text-dry-run")
@pytest.mark.parametrize(
    "wrong",
    [
        {"DestinationPhoneNumber": CUBA},
        {"OriginationIdentity": "+12065559999"},
        {"MessageType": "PROMOTIONAL", "OriginationIdentity": None},
        {"ConfigurationSetName": "nothing"},
        {"MaxPrice": "0.001"},
        {"MessageBody": None},
    ],
)
def test_a_dry_run_is_refused_alike(sms, number, refused, wrong):
    """A dry run is refused for the same reasons as a send."""
    members = {
        "DestinationPhoneNumber": US,
        "MessageBody": "Hello",
        "OriginationIdentity": number.id,
    } | wrong
    members = {name: value for name, value in members.items() if value is not None}

    with pytest.raises(ClientError) as raised:
        sms.send_text_message(**members)

    answer = raised.value.response
    about = (answer["ResourceType"], answer["ResourceId"]) if "ResourceType" in answer else None
    with refused(answer["Error"]["Code"], answer.get("Reason"), about=about):
        sms.send_text_message(**members, DryRun=True)


@pytest.mark.rule("spend-dry-run-free")
def test_a_dry_run_is_free(sms, text):
    """A dry run is not charged: the month's room is left to messages."""
    sms.set_text_message_spend_limit_override(MonthlyLimit=1)
    long = {"MessageBody": "a" * 1600}

    for _ in range(20):
        sms.send_text_message(DestinationPhoneNumber=US, DryRun=True, **long)

    assert text(**long).price > 0.1


@pytest.mark.rule("text-dry-run-default")
def test_messages_are_sent_by_default(text, voice, emulator):
    """DryRun is false unless given."""
    for send in (text, voice):
        send()
        send(DryRun=False)

    assert [message.channel for message in emulator.messages] == ["text", "text", "voice", "voice"]
