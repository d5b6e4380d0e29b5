"""Constraints of the members of all Send operations, on both sides of each bound."""

import pytest

from tests.messaging.people import US

TOO_LONG, TOO_SHORT = "+1" + "4" * 19, "+1"

BROKEN = ("ValidationException", "FIELD_VALIDATION_FAILED")

EVERY = ("text", "voice", "media")


@pytest.fixture
def send(request, channel):
    """Send a message of the test's channel."""
    return request.getfixturevalue(channel)


@pytest.fixture(autouse=True)
def origin(number):
    """A number to send from."""
    return number


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-destination-format")
@pytest.mark.parametrize("wrong", ["", "+", "+0425550100", "425-555-0100", TOO_SHORT, TOO_LONG])
def test_malformed_destinations_are_refused(send, refused, wrong):
    """A destination is an optional plus, a digit 1 to 9 and 1 to 18 digits."""
    with refused(*BROKEN, fields=["DestinationPhoneNumber"]):
        send(DestinationPhoneNumber=wrong)


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-destination-format")
@pytest.mark.parametrize("nobody", ["+1" + "4" * 18, "1" + "4" * 18, "+14", "14"])
def test_well_formed_destinations_are_not_malformed(send, refused, nobody):
    """20 characters, or two digits, are a valid format, even if no such number exists."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["DestinationPhoneNumber"]):
        send(DestinationPhoneNumber=nobody)


@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-body-length")
@pytest.mark.parametrize("wrong", ["", " ", "\n\t ", "a" * 1601])
def test_the_length_of_a_body(send, refused, wrong):
    """A body has at most 1600 characters, and not only white space."""
    with refused(*BROKEN, fields=["MessageBody"]):
        send(MessageBody=wrong)


@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-ten-parts")
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("a" * 1530, "DELIVERED"),
        ("a" * 1531, "INVALID_MESSAGE"),
        ("a" * 1528 + "€", "DELIVERED"),
        ("a" * 1529 + "€", "INVALID_MESSAGE"),
        # 1,530 units, of which each part has 152, because a pair is not split.
        ("€" * 760, "DELIVERED"),
        ("€" * 765, "INVALID_MESSAGE"),
        ("中" * 630, "DELIVERED"),
        ("中" * 631, "INVALID_MESSAGE"),
        ("😀" * 315, "DELIVERED"),
        ("😀" * 315 + "a", "INVALID_MESSAGE"),
    ],
)
def test_a_text_has_ten_parts_at_most(send, emulator, body, status):
    """A longer text is accepted and not delivered; not even a test can have it delivered."""
    emulator.outcome("TEXT_DELIVERED")

    assert send(MessageBody=body).status == status


@pytest.mark.parametrize("channel", ["media"])
@pytest.mark.rule("text-ten-parts")
def test_an_mms_may_have_a_longer_text(send):
    """An MMS has 1,600 characters of any character set."""
    assert send(MessageBody="中" * 1600).status == "DELIVERED"


@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-body-length")
@pytest.mark.parametrize("body", ["a", " a ", "a\n", "a" * 1600, "ї" * 1600])
def test_the_longest_body_is_accepted(send, body):
    """A body of 1 to 1600 characters is sent unchanged."""
    assert send(MessageBody=body).body == body


@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-type-enum")
@pytest.mark.parametrize("wrong", ["", "transactional", "MARKETING"])
def test_there_are_two_message_types(send, refused, wrong):
    """MessageType is TRANSACTIONAL or PROMOTIONAL."""
    with refused(*BROKEN, fields=["MessageType"]):
        send(MessageType=wrong)

    assert send(MessageType="TRANSACTIONAL").message_type == "TRANSACTIONAL"


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-max-price-format")
@pytest.mark.parametrize("wrong", ["", "1", ".", "1.", "100.0", "0.000001", "-.1", "1,5", "1e1.0"])
def test_malformed_prices_are_refused(send, channel, refused, wrong):
    """A price has up to two digits, a point and one to five digits; a whole number is invalid."""
    name = "MaxPricePerMinute" if channel == "voice" else "MaxPrice"

    with refused(*BROKEN, fields=[name]):
        send(**{name: wrong})


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-max-price-format")
@pytest.mark.parametrize("price", [".5", "1.0", "99.99999"])
def test_well_formed_prices_are_accepted(send, channel, price):
    """A price of 2 to 8 characters with a point is taken."""
    name = "MaxPricePerMinute" if channel == "voice" else "MaxPrice"

    assert send(**{name: price}).recipient == US


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-ttl-range", "text-ttl-unit")
def test_time_to_live_out_of_range_is_refused(send, refused):
    """TimeToLive is 5 to 259200 seconds."""
    for wrong in (0, 4, 259_201, -5):
        with refused(*BROKEN, fields=["TimeToLive"]):
            send(TimeToLive=wrong)

    assert [send(TimeToLive=each).time_to_live for each in (5, 259_200)] == [5, 259_200]


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-context-limits")
@pytest.mark.parametrize(
    "wrong",
    [
        {f"key-{index}": "value" for index in range(6)},
        {"": "value"},
        {"a b": "value"},
        {"k" * 101: "value"},
        {"key": ""},
        {"key": "v" * 801},
    ],
)
def test_context_has_limits(send, refused, wrong):
    """Context has 5 entries at most, with short keys without blanks, and values."""
    with refused(*BROKEN, fields=["Context"]):
        send(Context=wrong)


@pytest.mark.parametrize("channel", EVERY)
@pytest.mark.rule("text-context-limits")
def test_the_largest_context_is_accepted(send):
    """Five entries with keys of 1 to 100 and values of 1 to 800 characters are valid."""
    context = {"k" * 100: "v" * 800, "a": "b", "c": "d", "e": "f", "g": "h"}

    assert send(Context=context).context == context


@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-country-parameters-keys")
@pytest.mark.parametrize(
    "wrong",
    [
        {"IN_OTHER_ID": "1"},
        {"IN_ENTITY_ID": ""},
        {"IN_ENTITY_ID": "1 2"},
        {"IN_TEMPLATE_ID": "1" * 65},
    ],
)
def test_country_parameters_have_keys(send, refused, wrong):
    """Two keys are valid, with values of 1 to 64 characters without blanks."""
    with refused(*BROKEN, fields=["DestinationCountryParameters"]):
        send(DestinationCountryParameters=wrong)

    both = {"IN_ENTITY_ID": "1" * 64, "IN_TEMPLATE_ID": "1"}
    assert send(DestinationCountryParameters=both).destination_country_parameters == both


@pytest.mark.parametrize("channel", ["voice"])
@pytest.mark.rule("voice-id-enum")
def test_there_are_fifty_nine_voices(sms, send, emulator, refused):
    """VoiceId is one of 59, and each of them speaks."""
    voices = sms.meta.service_model.shape_for("VoiceId").enum

    assert len(voices) == 59
    emulator.clock.freeze()
    for voice in voices:
        emulator.clock.advance(hours=24)  # below the limit of calls to a recipient
        assert send(VoiceId=voice).voice_id == voice
    for wrong in ("", "matthew", "NOBODY"):
        with refused(*BROKEN, fields=["VoiceId"]):
            send(VoiceId=wrong)


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("channel", ["text"])
@pytest.mark.rule("text-origination-rcs")
def test_an_agent_can_be_named(sms, account, send, refused):
    """The id or ARN of an RCS agent is an OriginationIdentity too: it sends an RCS message."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    sms.describe_rcs_agents()

    for name in (agent.id, agent.arn):
        message = send(OriginationIdentity=name, MessageBody="a" * 1600)
        # The United States meter RCS by segments.
        assert (message.channel, message.sender, message.parts) == ("rcs", agent.id, 10)
    unknown = "rcs-" + "0" * 32
    with refused("ResourceNotFoundException", about=("rcs-agent", unknown)):
        send(OriginationIdentity=unknown)
