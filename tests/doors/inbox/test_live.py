"""What changes while the page is open, and how it copes with 10,000 messages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from pinpoint_sms_emu import Server
from tests.doors.browser import nodes
from tests.doors.inbox.page import (
    IN_BROWSER,
    NUMBER,
    PERSON,
    bubbles,
    conversation,
    fill_store,
    visit_to,
)
from tests.doors.serving import make_client, serving

pytestmark = IN_BROWSER


def test_a_message_appears_by_itself(open_page, send):
    """What is sent while the page is open is in it at once, with a word to screen readers."""
    page = open_page()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()

    send("Here I am")

    expect(conversation(page)).to_contain_text("Here I am")
    expect(page).to_have_title("(1) pinpoint-sms-emu")
    expect(page.locator("#said")).to_have_text(f"To {PERSON}: Here I am")


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_status_changes_by_itself(open_page, send, emulator):
    """An open conversation shows each status as it comes, and so do open details."""
    send()
    page = open_page()
    conversation(page).click()
    page.locator(".facts").click()
    expect(page.locator(".facts .status")).to_have_text("Pending")

    emulator.clock.advance(minutes=5)

    expect(page.locator(".facts .status")).to_have_text("Delivered")
    expect(page.locator("#records > ol > li")).to_have_count(2)


def test_new_messages_do_not_scroll_older_ones(open_page, emulator, send):
    """In a conversation that is scrolled up, a button leads to new messages."""
    send("The first")
    fill_store(emulator, 60, lambda _index: PERSON)
    page = open_page()
    conversation(page).click()
    expect(bubbles(page).last).to_contain_text("Message 59")
    page.locator("#thread-scroller").hover()
    page.mouse.wheel(0, -100_000)
    expect(bubbles(page).first).to_contain_text("The first")
    expect(page.locator("#to-end")).to_have_text("Jump to latest")

    send("The last")

    expect(page.locator("#to-end")).to_have_text("New messages")
    expect(bubbles(page).first).to_be_in_viewport()
    page.locator("#to-end").click()
    expect(bubbles(page).last).to_contain_text("The last")
    expect(bubbles(page).last).to_be_in_viewport()


def test_missed_messages_are_loaded_after_a_restart(browser, emulator):
    """While the server is down the page says so."""
    emulator.add_number(NUMBER)
    emulator.receive("Before", sender=PERSON, recipient=NUMBER)
    away = Server(emulator).start()
    with visit_to(browser, away.url, "net::ERR_") as page:
        expect(conversation(page)).to_contain_text("Before")

        away.stop()
        expect(page.get_by_role("alert")).to_contain_text("does not respond")
        emulator.receive("Meanwhile", sender=PERSON, recipient=NUMBER)

        with Server(emulator, port=away.port):
            expect(conversation(page)).to_contain_text("Meanwhile")
            expect(page.locator("#trouble")).to_be_hidden()
            page.goto("about:blank")


def test_the_command_line_serves_it_too(browser):
    """The server that users start shows the page, and what is sent to it as it happens."""
    with serving("--seed", "7") as running, visit_to(browser, running.url) as page:
        page.get_by_role("button", name=f"Add {NUMBER}").click()
        expect(page.get_by_role("button", name=f"Add {NUMBER}")).to_be_hidden()

        make_client(running.url).send_text_message(
            DestinationPhoneNumber=PERSON, MessageBody="Hello"
        )

        expect(conversation(page)).to_contain_text("Hello")


def test_ten_thousand_conversations_are_a_short_document(open_page, emulator):
    """Of 10,000 conversations those in view are drawn; all can be reached and searched."""
    fill_store(emulator, 10_000, lambda index: f"+1425{5550000 + index}")
    page = open_page()
    expect(conversation(page, "+14255559999")).to_be_visible()
    assert nodes(page) < 1_000
    expect(page.locator("body")).to_have_attribute("data-reading", "false")

    page.locator(".conversation").first.focus()
    page.keyboard.press("End")

    expect(conversation(page, "+14255550000")).to_be_focused()
    expect(conversation(page, "+14255550000")).to_be_in_viewport()
    assert nodes(page) < 1_000
    page.get_by_label("Search messages").fill("message 4711 of")
    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 message in 1 conversation")


def test_a_conversation_of_ten_thousand_messages_is_a_short_document(open_page, emulator, send):
    """Of one endless conversation what is in view is drawn, wherever one scrolls to."""
    fill_store(emulator, 10_000, lambda _index: PERSON)
    page = open_page()
    conversation(page).click()
    expect(bubbles(page).last).to_contain_text("Message 9999")
    expect(bubbles(page).last).to_be_in_viewport()

    for share in (0.75, 0.5, 0.1, 0.9, 0):
        page.evaluate(
            "share => { const it = document.querySelector('#thread-scroller');"
            " it.scrollTop = share * it.scrollHeight; }",
            share,
        )
        page.evaluate("new Promise(requestAnimationFrame)")
        assert nodes(page) < 1_000
        seen = page.evaluate(
            "document.elementFromPoint(700, 400).closest('#thread-scroller, li') !== null"
        )
        assert seen

    expect(bubbles(page).first).to_contain_text("Message 0 of")
    send("One more")
    page.get_by_label("Search messages").fill("message 4711 of")
    expect(page.locator("#found")).to_have_text("1 message in 1 conversation")
    expect(conversation(page)).to_contain_text("Message 4711")


def hold_older_messages(page: Page) -> Callable[[], None]:
    """Hold the requests for all but the latest messages, until the returned function is called."""
    held: list[Route] = []
    is_released = False

    def hold(route: Route) -> None:
        if is_released:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        nonlocal is_released
        is_released = True
        assert held
        for route in held:
            route.continue_()

    page.route("**/_emulator/messages?*after=*", hold)
    return release


@pytest.fixture
def opened(open_page, emulator) -> tuple[Page, Callable[[], None]]:
    """A long conversation with its latest messages, and a function that lets older ones come."""
    fill_store(emulator, 10_000, lambda _index: PERSON)
    page = open_page()
    release = hold_older_messages(page)
    page.reload()
    conversation(page).click()
    expect(bubbles(page).last).to_contain_text("Message 9999")
    return page, release


def test_a_conversation_stays_at_its_end_while_older_messages_are_loaded(opened):
    """The latest messages are shown first; each page of older ones comes above them."""
    page, release = opened

    release()

    expect(page.locator("#thread li").last).to_have_attribute("aria-setsize", "10000")
    expect(bubbles(page).last).to_contain_text("Message 9999")
    expect(bubbles(page).last).to_be_in_viewport()


def test_a_conversation_that_is_scrolled_up_stays_while_older_messages_are_loaded(opened):
    """What is seen stays in place when older messages come above it."""
    page, release = opened
    page.locator("#thread-scroller").hover()
    page.mouse.wheel(0, -3000)
    expect(bubbles(page).last).not_to_contain_text("Message 9999")
    seen = "document.elementFromPoint(700, 400).closest('li').getAttribute('aria-posinset')"
    before = int(page.evaluate(seen))
    left = int(page.locator("#thread li").last.get_attribute("aria-setsize")) - before

    release()

    expect(page.locator("#thread li").last).to_have_attribute("aria-setsize", "10000")
    assert abs(10_000 - left - int(page.evaluate(seen))) <= 1


def test_the_list_stays_where_it_is_while_messages_arrive(open_page, emulator, send):
    """Who has scrolled down the list sees the same conversations when new ones come."""
    fill_store(emulator, 200, lambda index: f"+1425{5550000 + index}")
    page = open_page()
    expect(conversation(page, "+14255550199")).to_be_visible()
    page.locator("#conversations-scroller").hover()
    page.mouse.wheel(0, 5000)
    expect(conversation(page, "+14255550199")).to_have_count(0)
    scroller = "document.querySelector('#conversations-scroller')"
    first = (
        f"[...document.querySelectorAll('.conversation')].find(it => it.getBoundingClientRect().top"
        f" >= {scroller}.getBoundingClientRect().top)"
    )
    before = page.evaluate(f"[{first}.href, {first}.getBoundingClientRect().top]")

    send("New", to="+12125550123")

    expect(page).to_have_title(re.compile(r"^\(134\)"))
    assert page.evaluate(f"[{first}.href, {first}.getBoundingClientRect().top]") == before
