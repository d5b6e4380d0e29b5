"""Conversations: opt-outs, unread messages, deletion and fallbacks."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.doors.browser import PHONE, WIDE, violations
from tests.doors.inbox.page import (
    IN_BROWSER,
    NUMBER,
    OTHER,
    PERSON,
    bubbles,
    conversation,
    fill_store,
)

pytestmark = IN_BROWSER


def test_an_opted_out_recipient_is_marked(open_page, send, emulator):
    """The time, the message and the list are above the conversation."""
    send("Flash sale")
    page = open_page()
    conversation(page).click()
    expect(page.locator("#opted-out")).to_be_hidden()

    emulator.clock.freeze("2036-11-24T08:54:00+00:00")
    stop = emulator.receive("STOP", sender=PERSON, recipient=NUMBER)

    expect(page.locator("#opted-out")).to_have_text(
        f"{PERSON} opted out on Nov 24, 2036, 8:54:00 AM with the message “STOP”, on the opt-out "
        "list Default. Messages to this number are refused. Show the message"
    )
    page.get_by_role("link", name="Show the message").click()
    expect(page.locator("#details-id")).to_contain_text(stop.message_id)
    page.get_by_role("link", name="Default").click()
    expect(page.locator("#resources details[open] .called")).to_have_text("Default")


def test_the_latest_message_stays_in_view_above_the_notice(open_page, send, emulator):
    """What the notice about an opt-out takes of a small window is not taken from the end."""
    for index in range(8):
        send(f"Flash sale {index}")
    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)
    page = open_page(size=PHONE)

    conversation(page).click()

    expect(page.locator("#opted-out")).to_be_visible()
    expect(page.locator(".facts").last).to_be_in_viewport(ratio=1)
    expect(page.locator("#to-end")).to_be_hidden()


def test_an_opt_out_through_the_api_is_marked(open_page, send, sms, emulator):
    """The call is linked; a recipient who is off the list is not marked."""
    send("Flash sale")
    sms.put_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    page = open_page()
    conversation(page).click()

    expect(page.locator("#opted-out")).to_contain_text("through the API, on the opt-out list")
    page.get_by_role("link", name="Show the API call").click()
    expect(page.locator("#call-heading")).to_have_text("PutOptedOutNumber")
    sms.delete_opted_out_number(OptOutListName="Default", OptedOutNumber=PERSON)
    page.go_back()
    expect(page.get_by_role("heading", name=PERSON)).to_be_visible()
    expect(page.locator("#opted-out")).to_be_hidden()
    assert emulator.find_opt_outs() == []


def test_a_conversation_is_marked_unread(open_page, send):
    """What was read can be marked as unread; it is so on the next visit too."""
    send("One")
    send("Two")
    page = open_page()
    conversation(page).click()
    expect(page).to_have_title("pinpoint-sms-emu")

    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Mark as unread").click()

    expect(page.locator("#conversation")).to_be_hidden()
    expect(conversation(page).locator(".unread")).to_have_text("1 unread")
    expect(page).to_have_title("(1) pinpoint-sms-emu")
    page.reload()
    expect(conversation(page).locator(".unread")).to_have_text("1 unread")


def test_one_message_is_deleted(open_page, send, emulator):
    """From the details a message is deleted; the conversation stays open with the others."""
    send("One")
    send("Two")
    page = open_page()
    conversation(page).click()
    page.locator(".facts").first.click()

    page.get_by_role("button", name="Delete", exact=True).click()

    expect(bubbles(page)).to_have_text([f"{NUMBER} wrote: Two"])
    expect(page.locator("#details")).to_be_hidden()
    assert [message.body for message in emulator.messages] == ["Two"]


def test_a_conversation_is_deleted_after_a_question(open_page, send, emulator):
    """All messages from and to the person go; those of others, and opt-outs, stay."""
    send("Hello", to=OTHER)
    send("Flash sale")
    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)
    page = open_page()
    conversation(page).click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Delete the conversation…").click()
    dialog = page.get_by_role("dialog", name="Delete the conversation?")
    expect(dialog).to_contain_text(f"3 messages between {PERSON} and {NUMBER}")

    dialog.get_by_role("button", name="Delete", exact=True).click()

    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator("#conversation")).to_be_hidden()
    assert {message.recipient for message in emulator.messages} == {OTHER}
    assert emulator.find_opt_outs(recipient=PERSON)


def test_links_are_copied(open_page, send):
    """A link to a conversation and one to a message lead there on another visit."""
    sent = send("Hello")
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    conversation(page).click()
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("button", name="Copy a link").click()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    page.locator(".facts").click()
    page.locator("#details").get_by_role("button", name="Copy a link").click()

    link = page.evaluate("navigator.clipboard.readText()")

    assert link.endswith(f"/#/message/{sent}")
    page = open_page(f"/#{link.partition('#')[2]}")
    expect(page.locator("#details-id")).to_contain_text(sent)


def test_a_click_on_a_bubble_shows_the_details(open_page, send):
    """Not only the line below a message opens its details, but the message itself."""
    send("Hello")
    page = open_page()
    conversation(page).click()

    bubbles(page).click()

    expect(page.get_by_role("heading", name="Message", exact=True)).to_be_focused()
    bubbles(page).click()
    expect(page.locator("#details")).to_be_hidden()


@pytest.fixture
def fall_back(sms, emulator):
    """Send an RCS message that does not arrive, with an SMS to fall back to."""
    emulator.add_number(NUMBER)
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    pool = sms.create_pool(OriginationIdentity=agent, MessageType="TRANSACTIONAL")["PoolId"]
    sms.associate_origination_identity(
        PoolId=pool, OriginationIdentity=emulator.numbers[0].phone_number_id
    )
    sms.describe_pools()
    emulator.outcome("RCS_FAILED", recipient=PERSON)

    def send(text="Your parcel is here", sms_text="Your parcel is here"):
        return sms.send_rcs_message(
            DestinationPhoneNumber=PERSON,
            OriginationIdentity=pool,
            RcsMessageContent={"Content": {"TextMessage": {"Body": text}}},
            FallbackConfiguration={"Channel": "SMS", "MessageBody": sms_text},
        )["MessageId"]

    return send


def test_a_fallback_is_part_of_its_message(open_page, fall_back, emulator):
    """An RCS message and the SMS sent instead are one entry in one conversation."""
    fall_back("Your parcel is here. Code 771204", "Parcel here, code 771204")
    emulator.clock.advance(days=4)
    assert [message.channel for message in emulator.messages] == ["rcs", "text"]
    page = open_page()

    expect(page.locator(".conversation")).to_have_count(1)
    conversation(page).click()

    expect(page.locator("#thread > li")).to_have_count(1)
    expect(page.locator("#thread")).to_contain_text(f"Sent as SMS from {NUMBER} instead")
    expect(bubbles(page).last).to_contain_text("Parcel here, code 771204")
    expect(page.get_by_role("button", name="Copy 771204")).to_have_count(1)
    page.locator(".facts").last.click()
    expect(page.locator("#facts")).to_contain_text("Fallback of")


@pytest.mark.pinpoint_sms(delivery_seconds=600)
def test_a_fallback_is_added_to_an_open_conversation(open_page, fall_back, emulator):
    """The SMS is added to its RCS message, and a link to it leads there."""
    fall_back()
    page = open_page()
    conversation(page).click()
    expect(page.locator(".facts")).to_have_count(1)

    emulator.clock.advance(days=4)

    expect(page.locator(".facts")).to_have_count(2)
    expect(bubbles(page)).to_have_count(1)
    fallback = emulator.messages[-1].message_id
    page = open_page(f"/#/message/{fallback}")
    expect(page.locator("#details-id")).to_contain_text(fallback)
    expect(page.locator("#person")).to_have_text(PERSON)


def test_a_message_beyond_what_is_loaded_is_found(open_page, emulator):
    """Of very many messages the latest are loaded; an older one is, when a link asks for it."""
    fill_store(emulator, 21_000, lambda index: f"+1425{5550000 + index % 50}")
    page = open_page()
    expect(page.locator("#older")).to_contain_text("500 older messages not loaded.")

    page.goto(f"{page.url}#/message/00000000-0000-0000-0000-000000000003")

    expect(page.locator("#details-id")).to_contain_text("000000000003")
    expect(page.locator("#older")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(open_page, send, emulator, scheme, size):
    """The notice of an opt-out, the menu and the question break no rule of axe."""
    send("Flash sale")
    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)
    page = open_page(size=size, color_scheme=scheme)
    conversation(page).click()
    expect(page.locator("#opted-out")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="More actions").click()
    expect(page.get_by_role("button", name="Mark as unread")).to_be_in_viewport(ratio=1)
    assert violations(page) == []
    page.get_by_role("button", name="Delete the conversation…").click()
    expect(page.get_by_role("dialog", name="Delete the conversation?")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator(".facts").first.click()
    expect(page.get_by_role("button", name="Delete", exact=True)).to_be_visible()

    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_fallback(open_page, fall_back, scheme):
    """An RCS message with the SMS that was sent instead breaks no rule of axe."""
    fall_back("Your parcel is here. Code 771204", "Parcel here, code 771204")
    page = open_page(color_scheme=scheme)
    conversation(page).click()
    expect(page.locator("#thread")).to_contain_text("instead")

    assert violations(page) == []
