"""The Report view: what was sent and what it costs."""

from __future__ import annotations

import csv
from io import StringIO
from urllib.request import urlopen

import pytest
from playwright.sync_api import expect

from tests.doors.browser import NARROW, PHONE, WIDE, violations
from tests.doors.inbox.page import IN_BROWSER, NUMBER, PERSON

pytestmark = IN_BROWSER


@pytest.fixture
def sent(send, sms, emulator):
    """Texts of two days, and a call."""
    emulator.clock.freeze("2036-11-24T08:54:00+00:00")
    send("x" * 200)
    send("Hello")
    emulator.clock.advance(days=1)
    sms.send_voice_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MessageBody="Hello"
    )


def rows(page):
    """The rows of the report, each as its cells."""
    return [
        [cell.strip() for cell in row.all_text_contents()]
        for row in (each.locator("td") for each in page.locator("#report-rows tbody tr").all())
    ]


def test_costs_are_added_up(open_page, sent):
    """By country and channel at first, the most expensive first; a total stands above."""
    del sent
    page = open_page("/#/report")

    expect(page.locator("#report-total")).to_have_text("3 messages, 4 parts, $0.04843")
    assert [row[:5] for row in rows(page)] == [
        ["United States (US)", "SMS", "2", "3", "$0.03543"],
        ["United States (US)", "Voice", "1", "1", "$0.013"],
    ]


def test_the_grouping_can_be_chosen(open_page, sent):
    """The report is grouped by country, channel, number type or day; one day can be chosen."""
    del sent
    page = open_page("/#/report")
    page.get_by_role("checkbox", name="Country").uncheck()
    page.get_by_role("checkbox", name="Channel").uncheck()
    page.get_by_role("checkbox", name="Number type").check()
    expect(page.locator("#report-rows tbody tr")).to_have_count(1)
    page.get_by_role("checkbox", name="Day").check()

    assert [row[:3] for row in rows(page)] == [
        ["Long code", "2036-11-24", "2"],
        ["Long code", "2036-11-25", "1"],
    ]
    page.get_by_role("combobox", name="Day").select_option("2036-11-25")
    expect(page.locator("#report-total")).to_have_text("1 message, 1 part, $0.013")


def test_it_can_be_downloaded(open_page, sent):
    """The link leads to the same report as CSV."""
    del sent
    page = open_page("/#/report")
    expect(page.locator("#report-rows tbody tr")).to_have_count(2)

    address = page.get_by_role("link", name="Download CSV").get_attribute("href")

    with urlopen(address) as answer:
        lines = list(csv.DictReader(StringIO(answer.read().decode())))
    assert [line["channel"] for line in lines] == ["text", "voice"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE, NARROW], ids=["wide", "phone", "narrow"])
def test_axe_finds_nothing(open_page, sent, scheme, size):
    """No rule of axe is broken, and nothing scrolls sideways."""
    del sent
    page = open_page("/#/report", size=size, color_scheme=scheme)
    for name in ("Number type", "Day"):
        page.get_by_role("checkbox", name=name).check()
    expect(page.locator("#report-rows tbody tr")).to_have_count(2)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
    assert page.locator(".scroll").evaluate("each => each.scrollWidth == each.clientWidth")


def test_a_row_is_a_list_in_a_narrow_window(open_page, sent):
    """Each value follows the title of its column, and the rows are still those of a table."""
    del sent
    page = open_page("/#/report", size=NARROW)

    row = page.get_by_role("row", name="United States (US)").first
    expect(row).to_be_visible()
    titles = row.locator("td").evaluate_all(
        "cells => cells.map(each => getComputedStyle(each, '::before').content)"
    )
    assert titles == ['"Country"', '"Channel"', '"Messages"', '"Parts"', '"Cost"', '"Share"']
    left = row.locator("td").evaluate_all("cells => cells.map(each => each.offsetLeft)")
    assert len(set(left)) == 1


def test_nothing_was_sent(open_page, emulator):
    """Where there is nothing to add up, it says so."""
    del emulator
    page = open_page("/#/report")

    expect(page.get_by_text("Nothing has been sent yet.")).to_be_visible()
