"""Publish with a PhoneNumber: what is refused, and how accepted texts are sent."""

import json

import boto3
import pytest

from pinpoint_sms_emu import mock_sms
from tests.sns.conftest import NUMBER, OTHER, PERSON

# A price is a decimal number: Decimal() reads more than that.
NO_PRICES = ("NaN", "Infinity", "\u0663", "1_0", "1e999999999", "1e-99999", "+1", ".", "1" * 21)


def attributes(**given):
    """One message attribute."""
    return {"attr1": given}


def test_a_published_text_is_a_message(sns, emulator):
    """A published text is in `messages`, with its price."""
    sent = sns.publish(PhoneNumber=PERSON, Message="Your code is 482913")

    [message] = emulator.messages
    assert sent["MessageId"] == message.message_id
    assert (message.api, message.channel, message.direction) == ("sns", "text", "outbound")
    assert (message.recipient, message.body) == (PERSON, "Your code is 482913")
    assert (message.status, message.codes) == ("DELIVERED", ["482913"])
    assert message.price > 0
    assert emulator.wait_for_code(recipient=PERSON) == "482913"
    assert message.as_dict()["api"] == "sns"


@pytest.mark.parametrize("settings", [{}, {"like_aws": "strict"}])
def test_the_log_says_that_no_number_can_send(settings, caplog):
    """With `like_aws="strict"` the reason is logged.

    Otherwise, an account without numbers has a shared one.
    """
    caplog.set_level("INFO", "pinpoint_sms_emu")
    with mock_sms(**settings) as emulator:
        client = boto3.client("sns", region_name="us-east-1")
        client.publish(PhoneNumber=PERSON, Message="Hello")

    [message] = emulator.messages
    logged = [each for each in caplog.messages if each.startswith("Nothing can send")]
    assert (bool(message.sender), len(logged)) == ((False, 1) if settings else (True, 0))


def test_messages_have_the_api_that_sent_them(sms, emulator):
    """A message's `api` is the service that was called."""
    emulator.add_number(NUMBER)
    sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MessageBody="Hello"
    )

    assert emulator.messages[0].api == "pinpoint-sms-voice-v2"


@pytest.mark.parametrize("number", ["+1a234", "NAA+15551234567", "", "+0425550100", "+999555010"])
@pytest.mark.rule("sns-publish-number")
def test_invalid_numbers_are_refused(sns, refused_by_sns, number):
    """The message quotes the number."""
    refused_by_sns(
        sns.publish,
        "InvalidParameter",
        f"Invalid parameter: PhoneNumber Reason: {number} is not valid to publish to",
        PhoneNumber=number,
        Message="Hello",
    )


def test_a_number_without_a_plus(text):
    """A number may be written without the plus."""
    assert text(to=PERSON.removeprefix("+")).recipient == PERSON


@pytest.mark.parametrize("target", ["TopicArn", "TargetArn"])
@pytest.mark.rule("sns-publish-one-target")
def test_a_number_excludes_a_topic(sns, refused_by_sns, target):
    """PhoneNumber cannot be used together with TopicArn or TargetArn."""
    arn = {target: "arn:aws:sns:us-east-1:123456789012:alerts"}

    refused_by_sns(sns.publish, "InvalidParameter", PhoneNumber=PERSON, Message="Hello", **arn)


@pytest.mark.rule("sns-publish-empty")
def test_an_empty_message_is_refused(sns, refused_by_sns):
    """There is nothing to send."""
    refused_by_sns(
        sns.publish,
        "InvalidParameter",
        "Invalid parameter: Empty message",
        PhoneNumber=PERSON,
        Message="",
    )


@pytest.mark.rule("sns-publish-length")
def test_the_limit_is_in_characters(sns, refused_by_sns, text):
    """1,600 characters of any alphabet are accepted; one more is refused."""
    assert len(text("é" * 1600).body) == 1600

    refused_by_sns(sns.publish, "InvalidParameter", PhoneNumber=PERSON, Message="x" * 1601)


@pytest.mark.parametrize("subject", ["", "two\nlines", "x" * 101])
@pytest.mark.rule("sns-publish-subject")
def test_a_subject_is_checked(sns, refused_by_sns, subject):
    """A Subject is validated, although it is not sent."""
    refused_by_sns(
        sns.publish,
        "InvalidParameter",
        "Invalid parameter: Subject",
        PhoneNumber=PERSON,
        Message="Hello",
        Subject=subject,
    )


@pytest.mark.rule("sns-publish-subject")
def test_a_subject_is_not_sent(sns, emulator):
    """The text is only the Message."""
    sns.publish(PhoneNumber=PERSON, Message="Hello", Subject="News")

    assert emulator.messages[0].body == "Hello"


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ('{"default": "long", "sms": "short"}', "short"),
        ('{"default": "long", "email": "longer"}', "long"),
        ('{"default": "long", "sms": 7}', "long"),
    ],
)
@pytest.mark.rule("sns-publish-structure")
def test_a_message_structure(sns, emulator, message, body):
    """Of a message with a structure, the value for `sms` is sent, or else the default."""
    sns.publish(PhoneNumber=PERSON, Message=message, MessageStructure="json")

    assert emulator.messages[0].body == body


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("{", "JSON message body failed to parse"),
        ("[]", "JSON message body failed to parse"),
        ('{"default": "\\ud800"}', "JSON message body failed to parse"),
        ('{"sms": "short"}', "No default entry in JSON message body"),
        ('{"default": 7}', "No default entry in JSON message body"),
    ],
)
@pytest.mark.rule("sns-publish-structure")
def test_invalid_structures_are_refused(sns, refused_by_sns, message, text):
    """The messages are those of AWS."""
    refused_by_sns(
        sns.publish,
        "InvalidParameter",
        f"Invalid parameter: Message Structure - {text}",
        PhoneNumber=PERSON,
        Message=message,
        MessageStructure="json",
    )


def test_unknown_structures_are_ignored(sns, emulator):
    """Many apps send the structure `string`, which SNS does not define."""
    sns.publish(PhoneNumber=PERSON, Message='{"sms": 1}', MessageStructure="string")

    assert json.loads(emulator.messages[0].body) == {"sms": 1}


@pytest.mark.parametrize(
    ("name", "attribute", "text"),
    [
        ("attr1", {"DataType": "String", "StringValue": ""}, "must contain non-empty message"),
        ("attr1", {"DataType": "Binary", "BinaryValue": b""}, "must contain non-empty message"),
        ("attr1", {"DataType": "String", "BinaryValue": b"1"}, "must use field 'String'"),
        ("attr1", {"DataType": "Number", "BinaryValue": b"1"}, "must use field 'String'"),
        ("attr1", {"DataType": "Binary", "StringValue": "1"}, "must use field 'Binary'"),
        ("attr1", {"DataType": "Odd", "StringValue": "1"}, "has an invalid message attribute type"),
        ("a" * 257, {"DataType": "String", "StringValue": "1"}, "must be less than 256 bytes"),
        ("a^*?", {"DataType": "String", "StringValue": "1"}, "character '#x5E' was found"),
        (".abc", {"DataType": "String", "StringValue": "1"}, "starting with character '.'"),
        ("abc.", {"DataType": "String", "StringValue": "1"}, "ending with character '.'"),
        ("a..bc", {"DataType": "String", "StringValue": "1"}, "successive '.' character"),
    ],
)
@pytest.mark.rule("sns-publish-attribute-form")
def test_invalid_attributes_are_refused(sns, refused_by_sns, name, attribute, text):
    """The messages are those that AWS returned for topics."""
    answer = refused_by_sns(
        sns.publish,
        "ParameterValueInvalid",
        PhoneNumber=PERSON,
        Message="Hello",
        MessageAttributes={name: attribute},
    )

    assert text in answer["Error"]["Message"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS.SNS.SMS.SenderID", "12345"),
        ("AWS.SNS.SMS.SenderID", "A B"),
        ("AWS.SNS.SMS.SenderID", "ABCDEFGHIJKL"),
        ("AWS.SNS.SMS.SMSType", "PROMOTIONAL"),
        ("AWS.SNS.SMS.MaxPrice", "cheap"),
        ("AWS.SNS.SMS.MaxPrice", "-1"),
        *(("AWS.SNS.SMS.MaxPrice", each) for each in NO_PRICES),
        ("AWS.MM.SMS.OriginationNumber", "+1234"),
        ("AWS.MM.SMS.OriginationNumber", "phone-1"),
        ("AWS.MM.SMS.EntityId", "1" * 31),
        ("AWS.MM.SMS.TemplateId", "1" * 31),
    ],
)
@pytest.mark.rule("sns-publish-attribute-value")
def test_invalid_attribute_values_are_refused(sns, refused_by_sns, name, value):
    """The message names the attribute."""
    answer = refused_by_sns(
        sns.publish,
        "InvalidParameter",
        PhoneNumber=PERSON,
        Message="Hello",
        MessageAttributes={name: {"DataType": "String", "StringValue": value}},
    )

    assert name in answer["Error"]["Message"]


def test_unknown_attributes_are_ignored(sns, emulator):
    """An app's own attributes, of any type, are for other subscribers than phones."""
    given = attributes(DataType="Number.int", StringValue="7") | {
        "b": {"DataType": "Binary", "BinaryValue": b"\x00"}
    }
    sns.publish(PhoneNumber=PERSON, Message="Hello", MessageAttributes=given)

    assert emulator.messages[0].status == "DELIVERED"


# The message type, and the origination identity.


@pytest.mark.rule("sns-type")
def test_the_message_type(sns, text):
    """The attribute overrides the account's default, which overrides Promotional."""
    types = [text().message_type]
    sns.set_sms_attributes(attributes={"DefaultSMSType": "Transactional"})
    types += [text().message_type, text(SNS_SMS_SMSType="Promotional").message_type]

    assert types == ["PROMOTIONAL", "TRANSACTIONAL", "PROMOTIONAL"]


@pytest.mark.rule("sns-type")
@pytest.mark.rule("sns-chosen-number")
def test_the_message_type_does_not_select_the_number(emulator, text):
    """A number for transactional messages sends promotional ones too."""
    emulator.add_number(NUMBER, message_type="TRANSACTIONAL")

    message = text(SNS_SMS_SMSType="Promotional")

    assert (message.sender, message.message_type) == (NUMBER, "PROMOTIONAL")
    assert message.status == "DELIVERED"


@pytest.mark.rule("sns-sender-id")
def test_a_sender_id(sns, emulator, text):
    """It is used where a country supports sender IDs, instead of a number.

    Elsewhere it is ignored.
    """
    emulator.add_number(NUMBER)
    sns.set_sms_attributes(attributes={"DefaultSenderID": "DEFAULT"})

    senders = [
        text(to="+447700900123", SNS_SMS_SenderID="BRAND").sender,
        text(to="+447700900123").sender,
        text(SNS_SMS_SenderID="BRAND").sender,
    ]

    assert senders == ["BRAND", "DEFAULT", NUMBER]


@pytest.mark.rule("sns-chosen-number")
def test_the_generic_sender_id(text):
    """Without a number and a sender ID, the sender is NOTICE."""
    assert text(to="+447700900123").sender == "NOTICE"


@pytest.mark.rule("sns-no-number")
def test_an_account_without_numbers_uses_a_shared_one(text):
    """Without any setup, texts are sent from a shared number."""
    message = text()

    assert message.sender.isdecimal()
    assert (message.origination_identity, message.status) == (None, "DELIVERED")


@pytest.mark.rule("sns-origination-number")
def test_an_origination_number(emulator, text):
    """The number in the attribute sends, with the plus or without."""
    for number in (NUMBER, "+12065550199"):
        emulator.add_number(number)

    assert text(MM_SMS_OriginationNumber="+12065550199").sender == "+12065550199"
    assert text(MM_SMS_OriginationNumber="12065550100").sender == NUMBER


@pytest.mark.rule("sns-india")
def test_parameters_for_india(text):
    """They are stored like DestinationCountryParameters."""
    message = text(to="+919876543210", MM_SMS_EntityId="entity", MM_SMS_TemplateId="template")

    assert message.destination_country_parameters == {
        "IN_ENTITY_ID": "entity",
        "IN_TEMPLATE_ID": "template",
    }


def test_accounts_and_regions_are_separate(sns_client, emulator):
    """The access key determines the account, the signature the Region."""
    sns_client("111111111111", "eu-west-1").publish(PhoneNumber=OTHER, Message="Hello")

    [message] = emulator.messages
    assert (message.account_id, message.region) == ("111111111111", "eu-west-1")


@pytest.mark.pinpoint_sms(throttling=True)
@pytest.mark.rule("sns-rate")
def test_the_rate_of_a_number(emulator, sns, refused_by_sns):
    """A 10DLC number sends one part a second."""
    emulator.clock.freeze()
    emulator.add_number(NUMBER, number_type="TEN_DLC")
    sns.publish(PhoneNumber=PERSON, Message="Hello")

    refused_by_sns(
        sns.publish, "ThrottlingException", "Rate exceeded", PhoneNumber=OTHER, Message="Hello"
    )
