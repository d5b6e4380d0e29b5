"""Replying as the recipient, and new messages to the app."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.doors.inbox.page import IN_BROWSER, NUMBER, OTHER, bubbles, conversation

pytestmark = IN_BROWSER


def test_stop_from_the_page_opts_out(open_page, send, sms):
    """The reply is shown, and the next send is refused."""
    send()
    page = open_page()
    conversation(page).click()

    page.get_by_label("Reply as the recipient").fill("STOP")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("#toast")).to_contain_text("STOP: opted out")
    expect(bubbles(page)).to_have_count(3)
    expect(bubbles(page).last).to_contain_text("You are now opted out")
    expect(page.get_by_label("Reply as the recipient")).to_have_value("")
    with pytest.raises(sms.exceptions.ConflictException) as refused:
        send()
    assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_OPTED_OUT"


def test_enter_sends_and_shift_enter_begins_a_line(open_page, send, emulator):
    """An answer is sent with Enter; with Shift it goes on in the next line."""
    send()
    page = open_page()
    conversation(page).click()
    page.get_by_label("Reply as the recipient").click()

    page.keyboard.type("One")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")

    expect(bubbles(page)).to_have_count(2)
    assert emulator.messages[-1].body == "One\nTwo"


def test_a_refused_reply_is_explained(open_page, send, sms, watch):
    """The error is above the text, which is kept."""
    watch.expected += ["404"]
    send()
    page = open_page()
    conversation(page).click()
    [leased] = sms.describe_phone_numbers()["PhoneNumbers"]
    sms.release_phone_number(PhoneNumberId=leased["PhoneNumberId"])
    sms.describe_phone_numbers()

    page.get_by_label("Reply as the recipient").fill("Hello?")
    page.keyboard.press("Enter")

    expect(page.locator("#answer-refused")).to_contain_text(NUMBER)
    expect(page.get_by_label("Reply as the recipient")).to_have_value("Hello?")


def test_a_sender_id_cannot_be_answered(open_page, sms):
    """Where the sender is a name, the page says so in place of a field."""
    sms.request_sender_id(SenderId="NORTHWIND", IsoCountryCode="GB")
    sms.send_text_message(
        DestinationPhoneNumber="+447700900456",
        MessageBody="Hello",
        OriginationIdentity="NORTHWIND",
    )

    page = open_page()
    conversation(page, "+447700900456").click()

    expect(page.get_by_label("Reply as the recipient")).to_be_hidden()
    expect(page.get_by_text("Recipients cannot reply to a sender ID")).to_be_visible()


def test_a_person_begins_with_a_text(open_page, emulator):
    """A new text from anybody to one of the numbers opens its conversation."""
    emulator.add_number(NUMBER)
    page = open_page()

    page.get_by_role("button", name="New message").click()
    page.get_by_role("textbox", name="From").fill(OTHER)
    expect(page.get_by_role("combobox", name="To")).to_have_value(re.compile("phone-number"))
    page.get_by_role("textbox", name="Message").fill("Are you open?")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name=OTHER)).to_be_visible()
    expect(bubbles(page)).to_have_text([f"{OTHER} replied: Are you open?"])


def test_a_text_without_a_sender_is_refused_in_the_dialog(open_page, emulator, watch):
    """The error about a new text is in its dialog, which stays open."""
    watch.expected += ["400"]
    emulator.add_number(NUMBER)
    page = open_page()

    page.get_by_role("button", name="New message").click()
    page.get_by_role("textbox", name="From").fill("12")
    page.get_by_role("textbox", name="Message").fill("Hello")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("E.164")
