"""Messages as on a phone: files, cards, transcripts, and texts from right to left."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import expect

from tests.doors.browser import PHONE, WIDE, violations
from tests.doors.inbox.page import IN_BROWSER, NUMBER, PERSON, TOPIC, bubbles, conversation
from tests.s3 import reading_s3

pytestmark = IN_BROWSER

DOT = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")
CARD = {
    "Title": "Blue jacket",
    "Description": "Warm and light.",
    "Media": {"FileUrl": "s3://media/jacket.jpg", "Height": "SHORT"},
    "Suggestions": [
        {"Reply": {"Text": "Buy it", "PostbackData": "buy:1"}},
        {
            "OpenUrl": {
                "Text": "Look",
                "PostbackData": "look:1",
                "Url": "https://example.com/jacket",
            }
        },
    ],
}


@pytest.fixture
def send_rcs(sms):
    """Send RCS content through an agent; gives the agent's id."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()

    def send(content, **more):
        sms.send_rcs_message(
            DestinationPhoneNumber=PERSON,
            OriginationIdentity=agent,
            RcsMessageContent={"Content": content, **more},
        )
        return agent

    return send


def test_a_media_message_names_its_file(open_page, sms, emulator):
    """An MMS shows the name and type of its file, and its text."""
    emulator.add_number(NUMBER)
    sms.send_media_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=NUMBER,
        MessageBody="Our catalogue",
        MediaUrls=["s3://media/offers/spring.png"],
    )
    page = open_page()
    conversation(page).click()

    expect(bubbles(page)).to_contain_text("spring.pngPNG imageOur catalogue")
    expect(page.locator(".facts")).to_contain_text("MMS")


@pytest.fixture
def picture(emulator):
    """A picture in a bucket that the emulator reads."""
    with reading_s3(emulator, "media") as s3:
        s3.put_object(Bucket="media", Key="dot.gif", Body=DOT, ContentType="image/gif")
        yield "s3://media/dot.gif"


def test_a_picture_is_shown(open_page, picture, sms, emulator):
    """Where the emulator reads S3, the pictures of an MMS are shown; else their names are."""
    emulator.add_number(NUMBER)
    sms.send_media_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MediaUrls=[picture]
    )
    page = open_page()
    conversation(page).click()

    shown = bubbles(page).get_by_role("img", name="dot.gif, GIF image")
    expect(shown).to_be_visible()
    assert shown.evaluate("it => it.naturalWidth") == 1
    assert violations(page) == []


def test_a_picture_that_cannot_be_loaded_is_named(open_page, picture, sms, emulator, watch):
    """A file that is not there is shown as its name and type."""
    watch.expected.append("status of 404")
    emulator.add_number(NUMBER)
    sms.send_media_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=NUMBER,
        MediaUrls=[picture.replace("dot", "gone")],
    )
    page = open_page()
    conversation(page).click()

    expect(bubbles(page)).to_contain_text("gone.gifGIF image")
    expect(bubbles(page).get_by_role("img")).to_have_count(0)


def test_a_voice_message_is_a_transcript(open_page, sms, emulator):
    """A voice message shows what is said; its SSML is in the details."""
    script = '<speak>Your code is 4829. <break time="1s"/>Good bye.</speak>'
    emulator.add_number(NUMBER)
    sms.send_voice_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=NUMBER,
        MessageBody=script,
        MessageBodyTextType="SSML",
        VoiceId="JOANNA",
    )
    page = open_page()
    conversation(page).click()

    expect(bubbles(page)).to_contain_text("Your code is 4829. Good bye.")
    expect(bubbles(page).locator("svg")).to_be_visible()
    expect(page.get_by_role("button", name="Copy 4829")).to_be_visible()
    expect(bubbles(page).locator("pre")).to_be_hidden()
    bubbles(page).get_by_text("SSML").click()
    expect(bubbles(page).locator("pre")).to_have_text(script)
    page.locator(".facts").click()
    expect(page.locator("#facts")).to_contain_text(script)
    expect(page.locator("#facts")).to_contain_text("Joanna")


def test_a_suggested_reply_is_tapped(open_page, send_rcs, sms, emulator):
    """A tap on a suggestion reaches the app as an inbound message with its postback data."""
    agent = send_rcs(
        {"TextMessage": {"Body": "Tuesday?"}},
        Suggestions=[{"Reply": {"Text": "Yes", "PostbackData": "yes:1"}}],
    )
    sms.update_rcs_agent(RcsAgentId=agent, TwoWayEnabled=True, TwoWayChannelArn=TOPIC)
    page = open_page()
    conversation(page).click()

    page.get_by_role("group", name="Suggestions").get_by_role("button", name="Yes").click()

    expect(bubbles(page).last).to_contain_text("Yes")
    tapped = emulator.messages[-1]
    assert (tapped.direction, tapped.sender, tapped.recipient) == ("inbound", PERSON, agent)
    assert "yes:1" in str(tapped.two_way_payload)
    page.locator(".facts").last.click()
    expect(page.locator("#facts")).to_contain_text("Postback datayes:1")


def test_a_carousel_shows_its_cards(open_page, send_rcs, emulator):
    """Each card shows its file, title, description and suggestions, which can be tapped."""
    second = {**CARD, "Title": "Red hat"}
    send_rcs({"Carousel": {"CardWidth": "SMALL", "CardContents": [CARD, second]}})
    page = open_page()
    conversation(page).click()

    cards = page.get_by_role("group", name="Carousel of 2 cards").get_by_role("article")
    expect(cards).to_have_count(2)
    expect(cards.nth(1)).to_contain_text("jacket.jpgJPEG imageRed hatWarm and light.")
    look = cards.nth(0).get_by_role("link", name="Look")
    expect(look).to_have_attribute("href", "https://example.com/jacket")
    expect(look).to_have_attribute("rel", "noopener noreferrer")
    cards.nth(1).get_by_role("button", name="Buy it").click()

    expect(bubbles(page).last).to_contain_text("Buy it")
    assert emulator.messages[-1].body == "Buy it"


def test_an_rcs_agent_can_be_answered(open_page, send_rcs, emulator):
    """Recipients reply to an RCS agent, whose id is not a phone number."""
    send_rcs({"FileMessage": {"FileUrl": "s3://media/invoice.pdf"}})
    page = open_page()
    conversation(page).click()
    expect(bubbles(page)).to_contain_text("invoice.pdfPDF document")

    page.get_by_label("Reply as the recipient").fill("Thanks")
    page.keyboard.press("Enter")

    expect(bubbles(page)).to_have_count(2)
    assert emulator.messages[-1].body == "Thanks"


@pytest.mark.parametrize("body", ["שלום (OK).", "مرحبا، نعم (OK)."])
def test_texts_from_right_to_left_have_their_direction(open_page, send, emulator, body):
    """A text's own letters decide its direction, in the conversation and in the list."""
    send(body)
    emulator.receive(body, sender=PERSON, recipient=NUMBER)
    page = open_page()
    conversation(page).click()

    expect(bubbles(page)).to_have_count(2)
    texts = [*bubbles(page).locator(".words").all(), conversation(page).locator("bdi")]
    for text in texts:
        assert text.text_content() == body
        assert text.evaluate("it => getComputedStyle(it).direction") == "rtl"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing_in_cards(open_page, send_rcs, scheme, size):
    """Files, cards, carousels and suggestions break no rule of axe, and fit the window."""
    reply = {"Reply": {"Text": "Yes", "PostbackData": "yes:1"}}
    send_rcs({"TextMessage": {"Body": "Tuesday?"}}, Suggestions=[reply])
    send_rcs({"RichCard": {"CardOrientation": "VERTICAL", "CardContent": CARD}})
    send_rcs({"Carousel": {"CardWidth": "MEDIUM", "CardContents": [CARD, CARD, CARD]}})
    page = open_page(size=size, color_scheme=scheme)
    conversation(page).click()
    page.get_by_role("button", name="Yes").click()
    expect(bubbles(page)).to_have_count(4)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
