"""A server, a browser, and accounts for the page to show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pinpoint_sms_emu import Emulator, Server
from tests.doors.browser import DESKTOP, Watch, chromium
from tests.doors.inbox.page import NUMBER, OTHER, PERSON, TOPIC, Open


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The browser. Of this module alone: while it is there, asyncio believes to be running."""
    with chromium() as started:
        yield started


@pytest.fixture
def server(emulator: Emulator) -> Iterator[Server]:
    """The emulator, behind a socket."""
    with Server(emulator) as running:
        yield running


@pytest.fixture
def watch(server: Server) -> Watch:
    """What is noticed of all pages of a test."""
    return Watch(server.url)


@pytest.fixture
def open_page(browser: Browser, server: Server, watch: Watch) -> Iterator[Open]:
    """Open the page, as somebody who has never been here; nothing may go wrong in it."""
    contexts = []

    def open_page(path: str = "/", size: dict[str, int] = DESKTOP, **given: Any) -> Page:
        context = browser.new_context(
            **{"viewport": size, "locale": "en-US", "timezone_id": "UTC", **given}
        )
        contexts.append(context)
        page = watch.over(context.new_page())
        page.set_default_timeout(15_000)
        page.goto(server.url + path)
        expect(page.locator("body")).to_have_attribute("data-live", "live")
        return page

    yield open_page

    for context in contexts:
        context.close()
    assert watch.wrong == []


@pytest.fixture
def send(emulator: Emulator, sms: Any) -> Callable[..., str]:
    """Send a text through the account's number; gives its id."""
    emulator.add_number(NUMBER)

    def send(body: str = "Hello", to: str = PERSON, **more: Any) -> str:
        sent = sms.send_text_message(
            DestinationPhoneNumber=to, MessageBody=body, OriginationIdentity=NUMBER, **more
        )
        return str(sent["MessageId"])

    return send


@pytest.fixture
def busy(emulator: Emulator, sms: Any, send: Callable[..., str]) -> Emulator:
    """An emulator with something of everything that the page knows by name."""
    sms.create_configuration_set(ConfigurationSetName="orders")
    sms.create_event_destination(
        ConfigurationSetName="orders",
        EventDestinationName="analytics",
        MatchingEventTypes=["TEXT_DELIVERED"],
        SnsDestination={"TopicArn": TOPIC},
    )
    pooled = emulator.add_number("+12065550111")
    pool = sms.create_pool(
        OriginationIdentity=pooled.id,
        MessageType="TRANSACTIONAL",
        Tags=[{"Key": "team", "Value": "checkout"}],
    )
    sms.put_keyword(
        OriginationIdentity=pool["PoolId"], Keyword="HOURS", KeywordMessage="<b>From</b> 9 to 5."
    )
    sms.request_sender_id(SenderId="NORTHWIND", IsoCountryCode="GB")
    sms.create_protect_configuration()
    sms.create_rcs_agent()
    sms.set_text_message_spend_limit_override(MonthlyLimit=1)
    send("Your code is 482913", ConfigurationSetName="orders")
    emulator.receive("STOP", sender=OTHER, recipient=NUMBER)
    return emulator
