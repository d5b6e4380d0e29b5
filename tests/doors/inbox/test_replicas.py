"""The page of one of several replicas: it says which, and shows the messages of all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from pinpoint_sms_emu import Emulator, Server
from tests.deploy.replicas import free_ports
from tests.doors.inbox.page import IN_BROWSER
from tests.doors.serving import make_client

pytestmark = IN_BROWSER


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Three replicas."""
    ports = free_ports(3)
    urls = [f"http://127.0.0.1:{port}" for port in ports]
    with ExitStack() as stack:
        yield [
            stack.enter_context(Server(Emulator(replica=f"{number}/3", peers=urls), port=port))
            for number, port in enumerate(ports, start=1)
        ]


@pytest.fixture
def server(servers: list[Server]) -> Server:
    """The one whose page is opened."""
    return servers[1]


def test_the_page_shows_the_messages_of_all_replicas(open_page, servers):
    """Whichever replica an account is at, its messages are there, also those that come later."""

    def send(server: Server, recipient: str) -> None:
        make_client(server.url).send_text_message(
            DestinationPhoneNumber=recipient, MessageBody="Hello"
        )

    send(servers[0], "+447700900100")
    page = open_page()
    expect(page.locator("#replica")).to_have_text("replica 2/3")
    expect(page.locator(".conversation")).to_have_count(1)

    send(servers[2], "+447700900101")

    expect(page.locator(".conversation")).to_have_count(2)


@pytest.mark.parametrize("width", [320, 720, 1100, 1279, 1280, 1459, 1460])
def test_the_header_has_room_for_it(open_page, width):
    """Which replica it is does not push anything out of the window."""
    page = open_page(size={"width": width, "height": 640})
    expect(page.locator("#replica")).to_have_text("replica 2/3")

    assert page.evaluate("document.documentElement.scrollWidth") == width
