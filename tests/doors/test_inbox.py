"""The page at /, in a real Chromium: reading, answering, steering, looking at resources."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.doors.server import Server
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.messages import Message
from tests.doors.browser import DESKTOP, PHONE, WIDE, Watch, chromium, nodes, violations
from tests.doors.serving import make_client, serving

pytestmark = [pytest.mark.needs("browser"), pytest.mark.timeout(180)]

NUMBER = "+12065550100"
PERSON = "+14255550123"
OTHER = "+14255550177"
TOPIC = "arn:aws:sns:us-east-1:123456789012:events"

Open = Callable[..., Page]

# A machine that is busy with other tests may take its time.
expect.set_options(timeout=15_000)


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
def visit(browser: Browser, server: Server, watch: Watch) -> Iterator[Open]:
    """Open the page, as somebody who has never been here; nothing may go wrong in it."""
    contexts = []

    def visit(path: str = "/", size: dict[str, int] = DESKTOP, **given: Any) -> Page:
        context = browser.new_context(
            **{"viewport": size, "locale": "en-US", "timezone_id": "UTC", **given}
        )
        contexts.append(context)
        page = watch.over(context.new_page())
        page.set_default_timeout(15_000)
        page.goto(server.url + path)
        expect(page.locator("body")).to_have_attribute("data-live", "live")
        return page

    yield visit

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


# Reading.


def test_conversations_are_listed_the_latest_first(visit, send):
    """Each conversation shows who with, through which number, the last line and what is unread."""
    send("One", to=OTHER)
    send("Two")
    send("Three")

    page = visit()

    lines = page.locator(".conversation")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text(PERSON)
    expect(lines.nth(0)).to_contain_text("Three")
    expect(lines.nth(0)).to_contain_text(f"through {NUMBER}")
    expect(lines.nth(0).locator(".unread")).to_have_text("2 unread")
    expect(lines.nth(1)).to_contain_text(OTHER)
    expect(page).to_have_title("(3) pinpoint-sms-emu")


def test_what_was_read_stays_read(visit, send):
    """Opening a conversation reads it, also for the next visit of the same browser."""
    send()
    page = visit()

    conversation(page).click()

    expect(page.locator(".unread")).to_have_count(0)
    expect(page).to_have_title("pinpoint-sms-emu")
    page.goto(page.url.partition("#")[0])
    expect(conversation(page)).to_be_visible()
    expect(page.locator(".unread")).to_have_count(0)


def test_a_conversation_reads_as_on_a_phone(visit, emulator, send):
    """What the account sent is on the left, what the person answered on the right."""
    send("Is Tuesday fine?")
    emulator.receive("Yes", sender=PERSON, recipient=NUMBER)

    page = visit()
    conversation(page).click()

    expect(bubbles(page)).to_have_text(
        [f"{NUMBER} wrote: Is Tuesday fine?", f"{PERSON} answered: Yes"]
    )
    sides = [bubbles(page).nth(index).bounding_box()["x"] for index in (0, 1)]
    assert sides[0] < sides[1]


def test_a_message_tells_time_parts_price_and_status(visit, emulator, send):
    """Under each bubble stands when it came, its parts, its price and its status."""
    emulator.clock.freeze("2036-11-24T08:54:00+00:00")
    send("x" * 200)

    page = visit()
    conversation(page).click()

    facts = page.locator(".facts")
    expect(facts).to_contain_text("8:54 AM · 2 parts · $0.02362 · Delivered")


def test_behind_a_message_are_its_event_records(visit, emulator, send, sms):
    """Details show the records, where each went, and how far it has come."""
    sms.create_configuration_set(ConfigurationSetName="orders")
    sms.create_event_destination(
        ConfigurationSetName="orders",
        EventDestinationName="analytics",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )
    sent = send(ConfigurationSetName="orders", Context={"order": "48213"})

    page = visit()
    conversation(page).click()
    page.locator(".facts").click()

    details = page.get_by_role("complementary", name="Details of a message")
    expect(details).to_contain_text(sent)
    expect(details).to_contain_text("order: 48213")
    records = details.locator("#records > ol > li")
    expect(records).to_have_count(2)
    expect(records.nth(0)).to_contain_text("TEXT_SUCCESSFUL")
    expect(records.nth(1)).to_contain_text("TEXT_DELIVERED")
    expect(records.nth(1)).to_contain_text("analytics (SNS)recorded")
    records.nth(1).get_by_text("Record", exact=True).click()
    expect(records.nth(1).locator("pre")).to_contain_text(f'"messageId": "{sent}"')


def test_an_address_leads_to_a_conversation_and_back_goes_back(visit, send):
    """Each conversation has an address of its own; the browser's Back closes it."""
    send()
    page = visit()
    conversation(page).click()
    address = page.url
    page.go_back()
    expect(page.locator("#conversation")).to_be_hidden()

    page = visit(f"/#{address.partition('#')[2]}")

    expect(page.get_by_role("heading", name=PERSON)).to_be_visible()


# One-time codes.


def test_a_code_is_copied_with_a_click(visit, send, browser):
    """The code in a text stands beneath it, and a click puts it on the clipboard."""
    send("Your code is 482913. It expires in 10 minutes.")
    page = visit(permissions=["clipboard-read", "clipboard-write"])
    conversation(page).click()

    page.get_by_role("button", name="Copy 482913").click()

    expect(page.locator("#toast")).to_have_text("Copied 482913")
    assert page.evaluate("navigator.clipboard.readText()") == "482913"


def test_addresses_can_be_followed(visit, send):
    """A sign-in link opens in a tab of its own, without the full stop after it."""
    send(
        "Sign in: https://example.com/in?token=a&to=%2Fhome. Or (http://example.org/#b)! ftp://c.d"
    )
    page = visit()
    conversation(page).click()

    links = bubbles(page).first.locator("a")

    assert [link.get_attribute("href") for link in links.all()] == [
        "https://example.com/in?token=a&to=%2Fhome",
        "http://example.org/#b",
    ]
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("rel") == "noopener noreferrer"


# Live.


def test_a_message_appears_by_itself(visit, send):
    """What is sent while the page is open is in it at once, with a word to screen readers."""
    page = visit()
    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()

    send("Here I am")

    expect(conversation(page)).to_contain_text("Here I am")
    expect(page).to_have_title("(1) pinpoint-sms-emu")
    expect(page.locator("#said")).to_have_text(f"To {PERSON}: Here I am")


@pytest.mark.pinpoint_sms(delivery_seconds=60)
def test_a_status_changes_by_itself(visit, send, emulator):
    """An open conversation shows each status as it comes, and so do open details."""
    send()
    page = visit()
    conversation(page).click()
    page.locator(".facts").click()
    expect(page.locator(".facts .status")).to_have_text("Pending")

    emulator.clock.advance(minutes=5)

    expect(page.locator(".facts .status")).to_have_text("Delivered")
    expect(page.locator("#records > ol > li")).to_have_count(2)


def test_who_reads_further_up_is_not_moved(visit, emulator, send):
    """New messages do not scroll a conversation that is read further up; a button leads there."""
    send("The first")
    fill_store(emulator, 60, lambda _index: PERSON)
    page = visit()
    conversation(page).click()
    expect(bubbles(page).last).to_contain_text("Message 59")
    page.locator("#thread-scroller").hover()
    page.mouse.wheel(0, -100_000)
    expect(bubbles(page).first).to_contain_text("The first")
    expect(page.locator("#to-end")).to_have_text("To the latest")

    send("The last")

    expect(page.locator("#to-end")).to_have_text("New messages")
    expect(bubbles(page).first).to_be_in_viewport()
    page.locator("#to-end").click()
    expect(bubbles(page).last).to_contain_text("The last")
    expect(bubbles(page).last).to_be_in_viewport()


@contextlib.contextmanager
def visit_to(browser: Browser, url: str, *expected: str) -> Iterator[Page]:
    """Open the page of another server; nothing may go wrong in it but what is expected."""
    watch = Watch(url, expected=list(expected))
    with contextlib.closing(browser.new_context()) as context:
        page = watch.over(context.new_page())
        page.goto(url)
        yield page
    assert watch.wrong == []


def test_a_server_that_comes_back_is_caught_up_with(browser, emulator):
    """While the emulator is away the page says so; then it shows what was missed."""
    emulator.add_number(NUMBER)
    emulator.receive("Before", sender=PERSON, recipient=NUMBER)
    away = Server(emulator).start()
    with visit_to(browser, away.url, "net::ERR_") as page:
        expect(conversation(page)).to_contain_text("Before")

        away.stop()
        expect(page.get_by_role("alert")).to_contain_text("does not answer")
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


# Answering.


def test_who_answers_stop_gets_nothing_more(visit, send, sms):
    """STOP, sent from the page, opts out: the reply is there, and the next send is refused."""
    send()
    page = visit()
    conversation(page).click()

    page.get_by_label("Answer as the recipient").fill("STOP")
    page.get_by_role("button", name="Send").click()

    expect(page.locator("#toast")).to_contain_text("STOP: opted out")
    expect(bubbles(page)).to_have_count(3)
    expect(bubbles(page).last).to_contain_text("You are now opted out")
    expect(page.get_by_label("Answer as the recipient")).to_have_value("")
    with pytest.raises(sms.exceptions.ConflictException) as refused:
        send()
    assert refused.value.response["Reason"] == "DESTINATION_PHONE_NUMBER_OPTED_OUT"


def test_enter_sends_and_shift_enter_begins_a_line(visit, send, emulator):
    """An answer is sent with Enter; with Shift it goes on in the next line."""
    send()
    page = visit()
    conversation(page).click()
    page.get_by_label("Answer as the recipient").click()

    page.keyboard.type("One")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")

    expect(bubbles(page)).to_have_count(2)
    assert emulator.messages[-1].body == "One\nTwo"


def test_a_refused_answer_says_why(visit, send, sms, watch):
    """What the emulator refuses stands above the answer, which is kept."""
    watch.expected += ["404"]
    send()
    page = visit()
    conversation(page).click()
    [leased] = sms.describe_phone_numbers()["PhoneNumbers"]
    sms.release_phone_number(PhoneNumberId=leased["PhoneNumberId"])
    sms.describe_phone_numbers()

    page.get_by_label("Answer as the recipient").fill("Hello?")
    page.keyboard.press("Enter")

    expect(page.locator("#answer-refused")).to_contain_text(NUMBER)
    expect(page.get_by_label("Answer as the recipient")).to_have_value("Hello?")


def test_a_sender_id_cannot_be_answered(visit, sms):
    """Where the sender is a name, the page says so in place of a field."""
    sms.request_sender_id(SenderId="NORTHWIND", IsoCountryCode="GB")
    sms.send_text_message(
        DestinationPhoneNumber="+447700900456",
        MessageBody="Hello",
        OriginationIdentity="NORTHWIND",
    )

    page = visit()
    conversation(page, "+447700900456").click()

    expect(page.get_by_label("Answer as the recipient")).to_be_hidden()
    expect(page.get_by_text("People cannot answer this sender")).to_be_visible()


def test_a_person_begins_with_a_text(visit, emulator):
    """A new text from anybody to one of the numbers opens its conversation."""
    emulator.add_number(NUMBER)
    page = visit()

    page.get_by_role("button", name="New text").click()
    page.get_by_role("textbox", name="From").fill(OTHER)
    expect(page.get_by_role("combobox", name="To")).to_have_value(re.compile("phone-number"))
    page.get_by_role("textbox", name="Text").fill("Are you open?")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(page.get_by_role("heading", name=OTHER)).to_be_visible()
    expect(bubbles(page)).to_have_text([f"{OTHER} answered: Are you open?"])


def test_a_new_text_from_nobody_is_refused_in_the_dialog(visit, emulator, watch):
    """What is wrong with a new text stands in its dialog, which stays open."""
    watch.expected += ["400"]
    emulator.add_number(NUMBER)
    page = visit()

    page.get_by_role("button", name="New text").click()
    page.get_by_role("textbox", name="From").fill("12")
    page.get_by_role("textbox", name="Text").fill("Hello")
    page.get_by_role("dialog").get_by_role("button", name="Send").click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("E.164")


# Steering.


def test_an_outcome_is_chosen_for_a_recipient(visit, send, emulator):
    """The next message to the recipient becomes what was chosen, and the choice is used up."""
    send()
    page = visit()
    conversation(page).click()

    page.get_by_role("button", name="Outcome…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Recipient")).to_have_value(PERSON)
    dialog.get_by_role("combobox", name="Outcome").select_option("TEXT_SPAM")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.locator(".outcomes li")).to_contain_text(f"{PERSON}TEXT_SPAM1 more")
    dialog.get_by_role("button", name="Close").click()
    send("Buy now")

    expect(page.locator(".facts .status").last).to_have_text("Spam")
    assert list(emulator.outcomes) == []


def test_an_outcome_is_forgotten(visit, send, emulator):
    """A choice that holds for ever is taken back in the same dialog."""
    send()
    emulator.outcome("TEXT_SPAM", recipient=PERSON)
    page = visit()
    conversation(page).click()

    page.get_by_role("button", name="Outcome…").click()
    page.get_by_role("button", name=f"Forget TEXT_SPAM for {PERSON}").click()

    expect(page.get_by_text("Nothing else is said.")).to_be_visible()
    assert list(emulator.outcomes) == []


def test_the_outcomes_offered_are_those_there_are(visit):
    """Every outcome that can be chosen is an event that the emulator knows."""
    from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES

    page = visit()

    offered = page.evaluate(
        "[...document.querySelector('#outcome-event').options].map(o => o.value)"
    )
    assert set(offered) <= set(EVENT_TYPES)


@pytest.mark.pinpoint_sms(delivery_seconds=600)
def test_the_clock_is_advanced(visit, send, emulator):
    """Advancing the clock lets happen what becomes due; how far it is ahead is told."""
    send()
    page = visit()
    conversation(page).click()

    page.locator("#clock-button").click()
    page.get_by_role("button", name="1 hour").click()

    expect(page.locator(".facts .status")).to_have_text("Delivered")
    expect(page.locator("#clock-state")).to_have_text("Runs 1 hour ahead of the system.")
    page.get_by_label("How much").fill("2")
    page.get_by_label("Unit").select_option("days")
    page.get_by_role("button", name="Advance", exact=True).click()
    expect(page.locator("#clock-state")).to_have_text("Runs 2 days ahead of the system.")
    assert round(emulator.clock.as_dict()["offset_seconds"] / 3600) == 49


def test_the_clock_is_stopped_and_goes_on(visit, emulator):
    """The clock can be stopped, and let run with the system's time again."""
    page = visit()
    page.locator("#clock-button").click()
    assert page.locator("#clock-state").text_content() == "Runs with the system."

    page.get_by_role("button", name="Stop it").click()
    expect(page.locator("#clock-state")).to_have_text("Stopped.")
    assert emulator.clock.as_dict()["frozen"]
    page.get_by_role("button", name="Back to the system's time").click()
    expect(page.locator("#clock-state")).to_have_text("Runs with the system.")

    assert not emulator.clock.as_dict()["frozen"]


def test_messages_are_cleared(visit, send, emulator):
    """Clearing forgets the messages, after a question; the numbers stay."""
    send()
    page = visit()

    page.get_by_role("button", name="Clear…").click()
    page.get_by_role("button", name="Forget messages").click()

    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    expect(page.locator(".conversation")).to_have_count(0)
    assert emulator.messages == []
    assert len(engine_of(emulator).account("123456789012", "us-east-1").phone_numbers) == 1


def test_everything_is_reset(visit, send, emulator):
    """The same dialog makes everything as it was at the start."""
    send()
    page = visit()

    page.get_by_role("button", name="Clear…").click()
    page.get_by_role("button", name="Reset everything").click()

    expect(page.get_by_role("button", name=f"Add {NUMBER}")).to_be_visible()
    assert engine_of(emulator).state.accounts == {}


def test_the_first_steps_lead_to_a_first_message(visit, server):
    """The page of a fresh emulator adds a number and shows lines of Python that run as they are."""
    page = visit()

    page.get_by_role("button", name=f"Add {NUMBER}").click()
    expect(page.get_by_role("button", name=f"Add {NUMBER}")).to_be_hidden()
    lines = page.locator("#first-code").text_content()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(lines, {})  # noqa: S102  that it runs is what is tested

    assert server.url in lines
    expect(conversation(page, "+14255550100")).to_contain_text("Your code is 482913")


# Searching and choosing.


def test_search_finds_what_was_said(visit, send):
    """Search finds texts and people, tells how many, and marks what it has found."""
    send("Your parcel has left Seattle")
    send("It arrives on Monday")
    send("Your table is reserved", to=OTHER)
    page = visit()

    page.get_by_label("Search messages").fill("SEATTLE")

    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page)).to_contain_text("Your parcel has left Seattle")
    expect(page.locator(".conversation mark")).to_have_text("Seattle")
    expect(page.locator("#found")).to_have_text("1 message in 1 conversation")
    conversation(page).click()
    expect(bubbles(page).locator("mark")).to_have_text("Seattle")
    page.get_by_label("Search messages").fill(OTHER[-4:])
    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page, OTHER)).to_be_visible()
    page.get_by_label("Search messages").fill("no such words")
    expect(page.get_by_text("No conversation fits.")).to_be_visible()


def test_accounts_and_regions_are_chosen(visit, emulator, client):
    """What is looked at can be one account, one Region; whose a message is stands with it."""
    for number, account_id, region in (
        (NUMBER, "123456789012", "us-east-1"),
        ("+12065550111", "123456789012", "eu-west-1"),
        ("+12065550122", "210987654321", "us-east-1"),
    ):
        emulator.add_number(number, account_id=account_id, region=region)
        client(account_id, region).send_text_message(
            DestinationPhoneNumber=PERSON, MessageBody="Hello", OriginationIdentity=number
        )
    page = visit()
    expect(page.locator(".conversation")).to_have_count(3)
    expect(page.locator(".conversation").first).to_contain_text("210987654321 · us-east-1")

    page.get_by_role("combobox", name="Account", exact=True).select_option("123456789012")
    expect(page.locator(".conversation")).to_have_count(2)
    page.get_by_role("combobox", name="Region", exact=True).select_option("eu-west-1")

    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator(".conversation")).to_contain_text("through +12065550111")
    page.locator(".conversation").click()
    expect(page.locator("#through")).to_have_text("through +12065550111 · 123456789012 · eu-west-1")


def test_channels_and_numbers_are_chosen(visit, emulator, sms, send):
    """Conversations can be those of one channel, or through one number."""
    emulator.add_number("+12065550111", number_capabilities=["SMS", "VOICE"])
    send("Hello")
    sms.send_voice_message(
        DestinationPhoneNumber=OTHER, MessageBody="Hello", OriginationIdentity="+12065550111"
    )
    page = visit()

    page.get_by_role("combobox", name="Channel").select_option("Voice")
    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page, OTHER)).to_contain_text("Voice")
    page.get_by_role("combobox", name="Channel").select_option("All channels")
    page.get_by_role("combobox", name="Number").select_option(NUMBER)

    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page)).to_be_visible()


# Resources.


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
        Tags=[{"Key": "team", "Value": "<b>checkout</b>"}],
    )
    sms.put_keyword(
        OriginationIdentity=pool["PoolId"], Keyword="HOURS", KeywordMessage="From 9 to 5."
    )
    sms.request_sender_id(SenderId="NORTHWIND", IsoCountryCode="GB")
    sms.create_protect_configuration()
    sms.create_rcs_agent()
    sms.set_text_message_spend_limit_override(MonthlyLimit=1)
    send("Your code is 482913", ConfigurationSetName="orders")
    emulator.receive("STOP", sender=OTHER, recipient=NUMBER)
    return emulator


def resource(page: Page, kind: str) -> Any:
    """Go to a kind, and open the first of it."""
    page.get_by_role("navigation", name="Kinds").get_by_role("link", name=kind).click()
    expect(page.get_by_role("heading", name=kind)).to_be_visible()
    first = page.locator("#resources details").first
    first.locator("summary").click()
    return first


def test_numbers_and_pools_are_shown_with_what_is_in_them(visit, busy):
    """Numbers show what they can do; pools their members, keywords and tags."""
    page = visit("/#/resources")

    number = resource(page, "Phone numbers")
    expect(number).to_contain_text(f"{NUMBER}Long code")
    expect(number).to_contain_text("Active")
    pool = resource(page, "Pools")
    expect(pool).to_contain_text("1 member · Transactional")
    expect(pool).to_contain_text("+12065550111")
    expect(pool).to_contain_text("From 9 to 5.")

    expect(pool).to_contain_text("team: <b>checkout</b>")


def test_configuration_sets_show_their_last_deliveries(visit, busy):
    """A configuration set shows its destinations, and what went there last."""
    page = visit("/#/resources")

    shown = resource(page, "Configuration sets")

    expect(shown).to_contain_text("1 destination")
    expect(shown).to_contain_text(TOPIC)
    expect(shown.locator("tbody tr")).to_have_count(1)
    expect(shown.locator("tbody tr")).to_contain_text("TEXT_DELIVEREDRecorded")
    expect(shown.locator("tbody tr")).to_contain_text(PERSON)


def test_opt_out_lists_show_who_is_on_them(visit, busy):
    """An opt-out list shows the numbers that came on it last."""
    page = visit("/#/resources")

    shown = resource(page, "Opt-out lists")

    expect(shown).to_contain_text("1 number")
    expect(shown.locator("tbody tr")).to_contain_text(OTHER)


def test_spend_is_a_bar_against_its_limit(visit, busy):
    """For each kind of message a bar shows what was spent of what may be."""
    page = visit("/#/resources")

    bar = page.get_by_role("meter", name=re.compile("^SMS"))

    expect(bar).to_have_accessible_name("SMS: $0.02362 of 1 US dollar")
    assert bar.evaluate("it => it.value") == pytest.approx(0.02362)
    expect(page.locator(".spend li").first).to_contain_text("Lowered from $10,000")


def test_every_kind_of_resource_is_listed(visit, busy):
    """Each table of an account is a kind that can be looked at, known by name or not."""
    page = visit("/#/resources")

    kinds = page.get_by_role("navigation", name="Kinds").get_by_role("link")

    account = busy.account("123456789012", "us-east-1")
    expect(kinds).to_have_count(len(account.tables) + 1)
    for kind in ("Sender IDs", "Protect configurations", "RCS agents"):
        expect(resource(page, kind)).to_contain_text("ARN")


def test_a_kind_that_nobody_knows_yet_shows_itself(visit, busy):
    """What the page has never heard of is shown with all that is told of it."""
    page = visit()

    def add_a_kind(route):
        answer = route.fetch()
        shown = answer.json()
        shown["accounts"][0]["resources"]["moon-base"] = [
            {"id": "tranquility", "crew": [{"id": "Ada", "duty": "radio"}], "air": True}
        ]
        route.fulfill(response=answer, json=shown)

    page.route("**/_emulator/resources**", add_a_kind)
    page.get_by_role("link", name="Resources").click()

    shown = resource(page, "Moon bases")

    expect(shown).to_contain_text("tranquility")
    expect(shown).to_contain_text("AirYes")
    expect(shown.locator("tbody tr")).to_have_text("Adaradio")


def test_resources_are_filtered_and_stay_open(visit, busy):
    """Resources can be filtered by anything in them; what is open stays open as things change."""
    page = visit("/#/resources/phone-number")
    expect(page.locator("#resources details")).to_have_count(2)

    page.get_by_label("Filter resources").fill("0111")
    expect(page.locator("#resources details")).to_have_count(1)
    page.locator("#resources summary").click()
    busy.add_number("+12065550333")
    page.get_by_label("Filter resources").fill("")

    expect(page.locator("#resources details")).to_have_count(3)
    expect(page.locator("#resources details[open]")).to_contain_text("+12065550111")


def test_whose_resources_are_looked_at_is_chosen(visit, busy):
    """With several accounts each one's resources stand under its name, until one is chosen."""
    busy.add_number("+447700900123", account_id="210987654321", region="eu-west-2")
    page = visit("/#/resources/phone-number")
    expect(page.locator(".place")).to_have_text(
        ["123456789012 · us-east-1", "210987654321 · eu-west-2"]
    )

    page.get_by_role("combobox", name="Account", exact=True).select_option("210987654321")

    expect(page.locator("#resources details")).to_have_count(1)
    expect(page.locator("#resources details")).to_contain_text("+447700900123")


# Safety.

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


def test_text_is_text(visit, emulator):
    """Nothing in a message becomes markup, breaks out of its place, or is run."""
    emulator.add_number(NUMBER)
    people = [f"+1425555{index:04}" for index, _ in enumerate(HOSTILE)]
    for person, body in zip(people, HOSTILE, strict=True):
        emulator.receive(body, sender=person, recipient=NUMBER)
    page = visit()

    for person, body in zip(people, HOSTILE, strict=True):
        page.get_by_label("Search messages").fill("")
        conversation(page, person).click()
        page.get_by_label("Search messages").fill(body[:3].strip())
        page.locator(".facts").first.click()
        expect(page.locator("#details")).to_contain_text(person)

        said = bubbles(page).first.locator("span").last
        assert said.text_content() == body
        assert bubbles(page).first.bounding_box()["width"] < DESKTOP["width"] / 2
        assert page.evaluate("document.body.scrollWidth <= innerWidth")
        assert page.locator(":is(main, title) :is(script, img, h1, b, iframe)").count() == 0


@pytest.mark.pinpoint_sms(access_token="open sesame")
def test_with_a_token_the_browser_asks_once(visit, emulator, watch):
    """The password that the browser has asked for opens the page, its parts and its stream."""
    emulator.add_number(NUMBER)
    page = visit(http_credentials={"username": "me", "password": "open sesame"})

    emulator.receive("Hello", sender=PERSON, recipient=NUMBER)

    expect(conversation(page)).to_contain_text("Hello")


# Many.


def test_ten_thousand_conversations_are_a_short_document(visit, emulator):
    """Of 10,000 conversations those in view are drawn; all can be reached and searched."""
    fill_store(emulator, 10_000, lambda index: f"+1425{5550000 + index}")
    page = visit()
    expect(conversation(page, "+14255559999")).to_be_visible()
    assert nodes(page) < 1_000

    page.locator(".conversation").first.focus()
    page.keyboard.press("End")

    expect(conversation(page, "+14255550000")).to_be_focused()
    expect(conversation(page, "+14255550000")).to_be_in_viewport()
    assert nodes(page) < 1_000
    page.get_by_label("Search messages").fill("message 4711 of")
    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator("#found")).to_have_text("1 message in 1 conversation")


def test_a_conversation_of_ten_thousand_messages_is_a_short_document(visit, emulator, send):
    """Of one endless conversation what is in view is drawn, wherever one scrolls to."""
    fill_store(emulator, 10_000, lambda _index: PERSON)
    page = visit()
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


def test_the_list_stays_where_it_is_while_messages_arrive(visit, emulator, send):
    """Who has scrolled down the list sees the same conversations when new ones come."""
    fill_store(emulator, 200, lambda index: f"+1425{5550000 + index}")
    page = visit()
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


# Everybody.


def test_the_keyboard_goes_everywhere(visit, send):
    """Search, list, conversation, details and back: without a mouse."""
    send("One", to=OTHER)
    send("Two")
    page = visit()

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


def test_focus_survives_what_happens_meanwhile(visit, send):
    """Who stands on a conversation still stands on it when a message reorders the list."""
    send("One", to=OTHER)
    send("Two")
    page = visit()
    conversation(page, OTHER).focus()

    send("Three", to=OTHER)

    expect(page.locator(".conversation").first).to_contain_text("Three")
    expect(conversation(page, OTHER)).to_be_focused()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_axe_finds_nothing(visit, busy, scheme, size):
    """No rule of axe is broken: in both views, both themes, and whatever is open."""
    page = visit(size=size, color_scheme=scheme)
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
def test_axe_finds_nothing_where_nothing_is(visit, emulator, scheme):
    """The first steps, a new text and clearing break no rule either."""
    page = visit(color_scheme=scheme)
    assert violations(page) == []
    emulator.add_number(NUMBER)
    page.get_by_role("button", name="New text").click()
    expect(page.get_by_role("textbox", name="From")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Clear…").click()

    assert violations(page) == []


def test_dark_follows_the_system_until_it_is_chosen(visit):
    """The theme is the system's; one that is chosen holds, also on the next visit."""
    paper = "getComputedStyle(document.body).backgroundColor"
    page = visit(color_scheme="light")
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark

    theme = page.get_by_role("button", name="Theme")
    expect(theme).to_have_accessible_name("Theme: as the system")
    theme.click()
    assert page.evaluate(paper) == light
    theme.click()
    page.emulate_media(color_scheme="light")
    assert page.evaluate(paper) == dark
    page.reload()

    expect(theme).to_have_accessible_name("Theme: dark")
    assert page.evaluate(paper) == dark


def test_a_phone_shows_one_column(visit, send):
    """On a phone's width there is the list or a conversation, with a way back."""
    send()
    page = visit(size=PHONE)
    expect(page.locator("#conversation")).to_be_hidden()

    conversation(page).click()

    expect(conversation(page)).to_be_hidden()
    expect(page.get_by_role("heading", name=PERSON)).to_be_focused()
    expect(page.get_by_label("Answer as the recipient")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.get_by_role("link", name="Back to the conversations").click()
    expect(conversation(page)).to_be_visible()


def test_on_a_phone_the_chosen_kind_is_in_view(visit, busy):
    """Whoever comes by the address of a kind sees it chosen, though not all kinds fit."""
    del busy
    page = visit("/#/resources/registration", size=PHONE)

    chosen = page.get_by_role("navigation", name="Kinds").get_by_role("link", name="Registrations")

    expect(chosen).to_have_attribute("aria-current", "page")
    expect(chosen).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("width", [320, 360, 390])
def test_a_phone_keeps_its_room_for_messages(visit, emulator, width):
    """Views and tools share a row on the smallest of phones, also at the longest of times."""
    emulator.clock.freeze("2035-11-22T12:58:00Z")
    page = visit(size={"width": width, "height": 640})
    expect(page.locator("#clock-time")).to_have_text("12:58 PM")

    views = page.get_by_role("navigation", name="Views").bounding_box()
    clear = page.get_by_role("button", name="Clear…").bounding_box()

    assert views["y"] <= clear["y"] < views["y"] + views["height"]
    assert clear["x"] + clear["width"] <= width


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_whose_messages_these_are_is_always_in_view(visit, busy, size):
    """Account and Region that are looked at stand at the top of both views, on every width."""
    page = visit(size=size)
    page.get_by_role("combobox", name="Account", exact=True).select_option("123456789012")

    for address in ("#/", "#/resources", "#/resources/pool"):
        page.goto(page.url.partition("#")[0] + address)
        for name in ("Account", "Region"):
            expect(page.get_by_role("combobox", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("combobox", name="Account", exact=True)).to_have_value("123456789012")
