"""What tests of the page share: what they open, and how they find what is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from tests.doors.browser import Watch

# For the `pytestmark` of each module.
IN_BROWSER = [pytest.mark.needs("browser"), pytest.mark.timeout(600)]

ACCOUNT = "123456789012"
NUMBER = "+12065550100"
PERSON = "+14255550123"
OTHER = "+14255550177"
TOPIC = "arn:aws:sns:us-east-1:123456789012:events"

Open = Callable[..., Page]

# The machine may be busy with other tests.
expect.set_options(timeout=15_000)


def conversation(page: Page, person: str = PERSON) -> Any:
    """The line of a conversation in the list."""
    return page.get_by_label("Conversations").get_by_role("link", name=person)


def bubbles(page: Page) -> Any:
    """What is said in the open conversation."""
    return page.locator("#thread .bubble")


def fill_store(emulator: Emulator, count: int, person: Callable[[int], str]) -> None:
    """Keep many messages, without the time that sending them would take."""
    account = engine_of(emulator).account("123456789012", "us-east-1")
    start = account.now()
    for index in range(count):
        message = Message(
            id=f"00000000-0000-0000-0000-{index:012}",
            account_id="123456789012",
            region="us-east-1",
            channel="text",
            direction="outbound" if index % 3 else "inbound",
            sender=NUMBER if index % 3 else person(index),
            recipient=person(index) if index % 3 else NUMBER,
            body=f"Message {index} of many. " + "It goes on and on. " * (index % 7),
            created=start + timedelta(seconds=index),
            status="DELIVERED",
        )
        engine_of(emulator).state.messages.keep(message)


def resource(page: Page, kind: str) -> Any:
    """Go to a kind, and open the first of it."""
    page.get_by_role("navigation", name="Kinds").get_by_role("link", name=kind).click()
    expect(page.get_by_role("heading", name=kind)).to_be_visible()
    first = page.locator("#resources details").first
    first.locator("summary").click()
    return first


@contextlib.contextmanager
def visit_to(browser: Browser, url: str, *expected: str) -> Iterator[Page]:
    """Open the page of another server; nothing may go wrong in it but what is expected."""
    watch = Watch(url, expected=list(expected))
    with contextlib.closing(browser.new_context()) as context:
        page = watch.over(context.new_page())
        page.goto(url)
        yield page
    assert watch.wrong == []
