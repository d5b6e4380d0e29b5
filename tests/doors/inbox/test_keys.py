"""The page by keyboard: search, lists, views, and the list of keys."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.doors.browser import violations
from tests.doors.inbox.page import IN_BROWSER, OTHER, PERSON, conversation

pytestmark = IN_BROWSER


def test_the_arrow_keys_lead_from_the_search_into_the_list(open_page, send):
    """Down goes from the search field to the first result, up from there back."""
    send("One", to=OTHER)
    send("Two")
    page = open_page()
    page.keyboard.press("/")
    expect(page.get_by_label("Search messages")).to_be_focused()

    page.keyboard.press("ArrowDown")

    expect(conversation(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(conversation(page, OTHER)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Search messages")).to_be_focused()


def test_enter_opens_the_first_result(open_page, send):
    """Enter in the search field opens what is found first."""
    send("Your code is 482913", to=OTHER)
    send("Two")
    page = open_page()
    page.keyboard.press("Control+K")
    page.keyboard.type("482913")
    expect(page.locator(".conversation")).to_have_count(1)

    page.keyboard.press("Enter")

    expect(page.locator("#person")).to_have_text(OTHER)


def test_calls_are_searched_by_keyboard_too(open_page, send, emulator):
    """The list of calls has the same keys."""
    send()
    page = open_page("/#/calls")
    expect(page.locator("#calls li")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(f"{page.url.partition('#')[0]}#/calls/{emulator.calls[0].request_id}")


@pytest.mark.parametrize(
    ("key", "name"),
    [("2", "Calls"), ("3", "Resources"), ("4", "Report"), ("5", "Controls"), ("1", "Messages")],
)
def test_a_digit_changes_the_view(open_page, key, name):
    """Each view has its digit."""
    page = open_page("/#/calls" if key == "1" else "/")

    page.keyboard.press(key)

    link = page.get_by_role("navigation", name="Views").get_by_role("link", name=name)
    expect(link).to_have_attribute("aria-current", "page")


def test_single_letter_keys(open_page, send, emulator):
    """N writes a new message, R replies, U marks as unread."""
    send()
    page = open_page()
    page.keyboard.press("n")
    expect(page.get_by_role("dialog", name="New message to your app")).to_be_visible()
    page.keyboard.press("Escape")
    conversation(page).click()
    page.keyboard.press("r")
    page.keyboard.type("nur so, 1 / 2?")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .mine .words")).to_have_text("nur so, 1 / 2?")
    assert emulator.messages[-1].body == "nur so, 1 / 2?"
    page.locator("#thread-scroller").focus()

    page.keyboard.press("u")

    expect(page.locator("#conversation")).to_be_hidden()
    expect(conversation(page).locator(".unread")).to_be_visible()


def test_the_latest_code_is_copied_with_a_key(open_page, send):
    """C copies the latest code of all conversations, or of the one that is open."""
    send("Your code is 771204", to=OTHER)
    send("Your code is 482913")
    send("Hello", to=OTHER)
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    expect(page.locator(".conversation")).to_have_count(2)

    page.keyboard.press("c")
    expect(page.locator("#toast")).to_have_text("Copied 482913")
    conversation(page, OTHER).click()
    page.keyboard.press("c")

    expect(page.locator("#toast")).to_have_text("Copied 771204")
    assert page.evaluate("navigator.clipboard.readText()") == "771204"


def test_the_keys_are_listed_and_can_be_turned_off(open_page, send):
    """A question mark lists the keys; single ones can be turned off, for this browser."""
    send()
    page = open_page()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_contain_text("Mark the conversation as unread")
    assert violations(page) == []
    dialog.get_by_label("Use keys without Ctrl").uncheck()
    dialog.get_by_role("button", name="Close").click()

    page.keyboard.press("2")
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name="Conversations")).to_be_visible()
    page.reload()
    expect(conversation(page)).to_be_visible()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()


NOTES = """
    window.notes = [];
    window.Notification = class extends EventTarget {
        static permission = "default";
        static requestPermission = async () => (Notification.permission = "granted");
        constructor(title, { body }) { super(); notes.push(`${title}: ${body}`); }
    };
    document.hasFocus = () => false;
"""


def test_notifications_come_only_on_request(open_page, send):
    """Who turns them on is notified of messages, with the code first; who does not, is not."""
    page = open_page()
    page.evaluate(NOTES)
    send("Hello", to=OTHER)
    expect(conversation(page, OTHER)).to_be_visible()
    button = page.get_by_role("button", name="Notifications")
    expect(button).to_have_attribute("aria-pressed", "false")

    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    send("Your code is 482913")
    expect(conversation(page)).to_be_visible()

    assert page.evaluate("notes") == [f"482913 to {PERSON}: Your code is 482913"]
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
