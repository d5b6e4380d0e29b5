"""The contents of a message are the same in Python, over HTTP and on the command line."""

from __future__ import annotations

import json

import pytest

from tests.doors.serving import run

US = "+14255550100"
CARD = {
    "Title": "Shoes",
    "Suggestions": [
        {"OpenUrl": {"Text": "Buy", "PostbackData": "buy", "Url": "https://shop.example/1"}}
    ],
}
CAROUSEL = {"Content": {"Carousel": {"CardWidth": "SMALL", "CardContents": [CARD, CARD]}}}


@pytest.fixture
def everywhere(emulator, server, control):
    """The latest message, the same at every door."""

    def look():
        message = emulator.messages[-1]
        members = message.as_dict()
        assert control.get(f"/_emulator/messages/{message.id}").json == members
        listed = run("messages", "--json", "--url", server.url)
        assert json.loads(listed.stdout)["messages"][-1] == members
        for name in members.keys() - {"created", "fallback", "time_to_live"}:
            assert getattr(message, name) == members[name]
        return members

    return look


def test_a_media_message(sms, account, everywhere):
    """An MMS has its files, its lifetime and its protect configuration."""
    mms = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "MMS"],
        NumberType="TEN_DLC",
    )
    protect = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.send_media_message(
        DestinationPhoneNumber=US,
        OriginationIdentity=mms["PhoneNumberId"],
        MediaUrls=["s3://pictures/cat.png"],
        TimeToLive=60,
        ProtectConfigurationId=protect,
    )

    current = everywhere()
    assert current["media_urls"] == ["s3://pictures/cat.png"]
    assert (current["body"], current["time_to_live"]) == (None, 60)
    assert current["protect_configuration_id"] == protect


def test_a_text(sms, number, everywhere):
    """A text has its codes and links, and the requirements of its country."""
    sms.send_text_message(
        DestinationPhoneNumber=US,
        OriginationIdentity=number.id,
        MessageBody="Your code is 482913. Or sign in: https://acme.example/in?c=1." + "x" * 160,
        DestinationCountryParameters={"IN_TEMPLATE_ID": "1234"},
    )

    current = everywhere()
    assert current["codes"] == ["482913"]
    assert current["links"] == ["https://acme.example/in?c=1." + "x" * 160]
    assert (current["parts"], current["price_per_part"], current["price"]) == (2, 0.01181, 0.02362)
    assert current["destination_country_parameters"] == {"IN_TEMPLATE_ID": "1234"}
    assert current["rcs_message_content"] is None
    assert current["fallback"] is None


def test_a_voice_message(sms, number, everywhere):
    """A voice message has its voice, and the words without the tags of SSML."""
    sms.send_voice_message(
        DestinationPhoneNumber=US,
        OriginationIdentity=number.id,
        MessageBody="<speak>Your code is <prosody rate='slow'>4 8 2 9 1 3</prosody></speak>",
        MessageBodyTextType="SSML",
        VoiceId="AMY",
    )

    current = everywhere()
    assert (current["voice_id"], current["message_body_text_type"]) == ("AMY", "SSML")
    assert current["spoken_text"] == "Your code is 4 8 2 9 1 3"
    assert current["codes"] == ["482913"]


@pytest.mark.since("1.43.11")
def test_a_carousel(sms, everywhere):
    """An RCS message has its content as in the request, and its fallback."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    sender = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="TEN_DLC",
    )["PhoneNumberId"]
    sms.send_rcs_message(
        DestinationPhoneNumber=US,
        OriginationIdentity=agent,
        RcsMessageContent=CAROUSEL,
        TimeToLive=300,
        FallbackConfiguration={
            "Channel": "SMS",
            "MessageBody": "Shoes: https://shop.example",
            "OriginationIdentity": sender,
        },
    )

    current = everywhere()
    assert current["rcs_message_content"] == CAROUSEL
    assert current["links"] == ["https://shop.example/1"]
    assert current["fallback"]["channel"] == "SMS"
    assert current["fallback"]["body"] == "Shoes: https://shop.example"


@pytest.mark.since("1.43.11")
def test_a_template(sms, everywhere):
    """A Notify message has its template and the values that were filled in."""
    configuration = sms.create_notify_configuration(
        DisplayName="Acme", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
    )["NotifyConfigurationId"]
    sms.describe_notify_configurations()
    sms.send_notify_text_message(
        NotifyConfigurationId=configuration,
        DestinationPhoneNumber="+447700900123",
        TemplateId="notify-code-verification-english-001",
        TemplateVariables={"code": "482913"},
    )

    current = everywhere()
    assert current["template_id"] == "notify-code-verification-english-001"
    assert current["template_variables"] == {"code": "482913"}
    assert current["codes"] == ["482913"]
