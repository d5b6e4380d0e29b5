"""Safety, accessibility, themes, and every width."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import expect

from tests.doors.browser import DESKTOP, PHONE, WIDE, violations
from tests.doors.inbox.page import (
    IN_BROWSER,
    NUMBER,
    OTHER,
    PERSON,
    bubbles,
    conversation,
    resource,
)

pytestmark = IN_BROWSER


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</span></li></ul><h1>Gone</h1>",
    "javascript:alert(1) https://example.com/",
    "&lt;b&gt; &amp; &#x41;",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    "\u202eetis ruoy si siht\u202c \u0000 \u200b",
    "Z" + "\u0335\u0336\u0337\u0338" * 200,
    "a" * 1500,
    "مرحبا <b>שלום</b>",
]


def test_messages_are_not_markup(open_page, emulator):
    """Nothing in a message becomes markup, leaves its place, or is executed."""
    emulator.add_number(NUMBER)
    people = [f"+1425555{index:04}" for index, _ in enumerate(HOSTILE)]
    for person, body in zip(people, HOSTILE, strict=True):
        emulator.receive(body, sender=person, recipient=NUMBER)
    page = open_page()

    for person, body in zip(people, HOSTILE, strict=True):
        page.get_by_label("Search messages").fill("")
        conversation(page, person).click()
        page.get_by_label("Search messages").fill(body[:3].strip())
        page.locator(".facts").first.click()
        expect(page.locator("#details")).to_contain_text(person)

        said = bubbles(page).first.locator(".words")
        assert said.text_content() == body
        assert bubbles(page).first.bounding_box()["width"] < DESKTOP["width"] / 2
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
        assert page.locator(":is(main, title) :is(script, img, h1, b, iframe)").count() == 0


@pytest.mark.pinpoint_sms(access_token="open sesame")
def test_with_a_token_the_browser_asks_once(open_page, emulator, watch):
    """The password that the browser has asked for opens the page, its parts and its stream."""
    emulator.add_number(NUMBER)
    page = open_page(http_credentials={"username": "me", "password": "open sesame"})

    emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    expect(conversation(page)).to_contain_text("Hello")


def test_the_keyboard_goes_everywhere(open_page, send):
    """Search, list, conversation, details and back: without a mouse."""
    send("One", to=OTHER)
    send("Two")
    page = open_page()

    page.keyboard.press("Control+K")
    expect(page.get_by_label("Search messages")).to_be_focused()
    page.locator(".conversation").first.focus()
    page.keyboard.press("ArrowDown")
    expect(conversation(page, OTHER)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=OTHER)).to_be_visible()
    expect(conversation(page, OTHER)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(conversation(page)).to_be_focused()
    page.locator(".facts").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Message", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#details")).to_be_hidden()
    expect(page.locator(".facts")).to_be_focused()

    page.keyboard.press("Escape")

    expect(page.locator("#conversation")).to_be_hidden()


def test_focus_survives_updates(open_page, send):
    """A focused conversation keeps the focus when a message reorders the list."""
    send("One", to=OTHER)
    send("Two")
    page = open_page()
    conversation(page, OTHER).focus()

    send("Three", to=OTHER)

    expect(page.locator(".conversation").first).to_contain_text("Three")
    expect(conversation(page, OTHER)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(open_page, busy, scheme, size):
    """No rule of axe is broken: in both views, both themes, and whatever is open."""
    page = open_page(size=size, color_scheme=scheme)
    assert violations(page) == []
    conversation(page).click()
    assert violations(page) == []
    page.locator(".facts").first.click()
    page.locator("#records summary").first.click()
    expect(page.locator("#records pre").first).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Close the details").click()
    page.get_by_role("button", name="Outcome…").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.locator("#clock-button").click()
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.goto(page.url.partition("#")[0] + "#/resources")
    expect(page.get_by_role("meter").first).to_be_visible()
    assert violations(page) == []
    for kind in ("Pools", "Configuration sets", "Opt-out lists"):
        resource(page, kind)
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_an_empty_page(open_page, emulator, scheme):
    """The first steps, the new message and clearing break no rule either."""
    page = open_page(color_scheme=scheme)
    assert violations(page) == []
    emulator.add_number(NUMBER)
    page.get_by_role("button", name="New message").click()
    expect(page.get_by_role("textbox", name="From")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Clear…").click()

    assert violations(page) == []


def test_the_page_is_at_a_second_address(open_page, emulator):
    """Where / is another program's, as LocalStack's, the page works at the address of its file."""
    emulator.add_number(NUMBER)
    emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    page = open_page("/_emulator/inbox/index.html")

    conversation(page).click()
    expect(bubbles(page)).to_contain_text("Hello")
    page.keyboard.press("5")
    expect(page.get_by_role("heading", name="Send as your app")).to_be_visible()


def test_dark_follows_the_system_until_it_is_chosen(open_page):
    """The theme is the system's; one that is chosen holds, also on the next visit."""
    paper = "getComputedStyle(document.body).backgroundColor"
    page = open_page(color_scheme="light")
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark

    theme = page.get_by_role("button", name="Theme")
    expect(theme).to_have_accessible_name("Theme: system")
    theme.click()
    assert page.evaluate(paper) == light
    theme.click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(paper) == dark
    page.reload()

    expect(theme).to_have_accessible_name("Theme: dark")
    assert page.evaluate(paper) == dark


def test_a_phone_shows_one_column(open_page, send):
    """On a phone's width there is the list or a conversation, with a way back."""
    send()
    page = open_page(size=PHONE)
    expect(page.locator("#conversation")).to_be_hidden()

    conversation(page).click()

    expect(conversation(page)).to_be_hidden()
    expect(page.get_by_role("heading", name=PERSON)).to_be_focused()
    expect(page.get_by_label("Reply as the recipient")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="Back to the conversations").click()
    expect(conversation(page)).to_be_visible()


def test_on_a_phone_the_chosen_kind_is_in_view(open_page, busy):
    """Whoever comes by the address of a kind sees it chosen, though not all kinds fit."""
    del busy
    page = open_page("/#/resources/registration", size=PHONE)

    chosen = page.get_by_role("navigation", name="Kinds").get_by_role("link", name="Registrations")

    expect(chosen).to_have_attribute("aria-current", "page")
    expect(chosen).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 360, 390])
def test_a_phone_keeps_its_room_for_messages(open_page, emulator, width):
    """The header has two rows on the smallest of phones, also at the longest of times."""
    emulator.clock.freeze("2035-11-22T12:58:00Z")
    page = open_page(size={"width": width, "height": 640})
    expect(page.locator("#clock-time")).to_have_text("12:58 PM")

    views = page.get_by_role("navigation", name="Views").bounding_box()
    account = page.get_by_role("combobox", name="Account", exact=True).bounding_box()
    clear = page.get_by_role("button", name="Clear…").bounding_box()

    assert views["y"] + views["height"] <= account["y"]
    assert account["y"] <= clear["y"] + clear["height"] / 2 < account["y"] + account["height"]
    assert clear["x"] + clear["width"] <= width
    assert page.locator("header.top").bounding_box()["height"] < 90


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_account_and_region_are_always_visible(open_page, busy, size):
    """They are at the top of both views, at every width."""
    page = open_page(size=size)
    page.get_by_role("combobox", name="Account", exact=True).select_option("123456789012")

    for address in ("#/", "#/resources", "#/resources/pool"):
        page.goto(page.url.partition("#")[0] + address)
        for name in ("Account", "Region"):
            expect(page.get_by_role("combobox", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("combobox", name="Account", exact=True)).to_have_value("123456789012")


@pytest.mark.parametrize(
    "width", [320, 619, 620, 719, 720, 840, 1059, 1060, 1199, 1200, 1280, 1339, 1340]
)
def test_the_header_fits_every_width(open_page, busy, width):
    """Nothing in the header overlaps or leaves the window, at any width, on any day."""
    busy.clock.freeze("2036-11-22T22:58:00Z")
    page = open_page("/#/resources", size={"width": width, "height": 640})
    page.get_by_role("combobox", name="Account", exact=True).select_option("123456789012")
    page.get_by_role("combobox", name="Region", exact=True).select_option("us-east-1")

    expect(page.locator("#clock-date")).to_have_text("Nov 22")
    parts = page.locator(":is(.views a, .places select, .tools button):visible").all()
    boxes = [part.bounding_box() for part in parts]

    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert not [pair for pair in itertools.combinations(boxes, 2) if meet(*pair)]


def meet(one, other):
    """Tell whether two boxes have more than an edge in common."""
    return all(
        one[start] + one[size] > other[start] + 1 and other[start] + other[size] > one[start] + 1
        for start, size in (("x", "width"), ("y", "height"))
    )


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_notice_does_not_cover_the_reply(open_page, send, size):
    """The notice that something was copied leaves the field for replies free."""
    send("Your code is 482913")
    page = open_page(size=size, permissions=["clipboard-read", "clipboard-write"])
    conversation(page).click()

    page.get_by_role("button", name="Copy 482913").click()

    notice = page.locator("#toast").bounding_box()
    field = page.get_by_label("Reply as the recipient").bounding_box()
    assert notice["y"] + notice["height"] < field["y"]
