"""The Messages view: the list, conversations, details, search and filters."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.doors.inbox.page import IN_BROWSER, NUMBER, OTHER, PERSON, TOPIC, bubbles, conversation

pytestmark = IN_BROWSER


def test_conversations_are_listed_the_latest_first(open_page, send):
    """Each conversation shows who with, through which number, the last line and what is unread."""
    send("One", to=OTHER)
    send("Two")
    send("Three")

    page = open_page()

    lines = page.locator(".conversation")
    expect(lines).to_have_count(2)
    expect(lines.nth(0)).to_contain_text(PERSON)
    expect(lines.nth(0)).to_contain_text("Three")
    expect(lines.nth(0)).to_contain_text(f"via {NUMBER}")
    expect(lines.nth(0).locator(".unread")).to_have_text("2 unread")
    expect(lines.nth(1)).to_contain_text(OTHER)
    expect(page).to_have_title("(3) pinpoint-sms-emu")


def test_read_conversations_stay_read(open_page, send):
    """Opening a conversation marks it as read, also for the browser's next visit."""
    send()
    page = open_page()

    conversation(page).click()

    expect(page.locator(".unread")).to_have_count(0)
    expect(page).to_have_title("pinpoint-sms-emu")
    page.goto(page.url.partition("#")[0])
    expect(conversation(page)).to_be_visible()
    expect(page.locator(".unread")).to_have_count(0)


def test_a_conversation_reads_as_on_a_phone(open_page, emulator, send):
    """What the account sent is on the left, what the person answered on the right."""
    send("Is Tuesday fine?")
    emulator.receive("Yes", sender=PERSON, recipient=NUMBER)

    page = open_page()
    conversation(page).click()

    expect(bubbles(page)).to_have_text(
        [f"{NUMBER} wrote: Is Tuesday fine?", f"{PERSON} replied: Yes"]
    )
    sides = [bubbles(page).nth(index).bounding_box()["x"] for index in (0, 1)]
    assert sides[0] < sides[1]


def test_a_message_has_time_parts_price_and_status(open_page, emulator, send):
    """Below each bubble are its time, parts, price and status."""
    emulator.clock.freeze("2036-11-24T08:54:00+00:00")
    send("x" * 200)

    page = open_page()
    conversation(page).click()

    facts = page.locator(".facts")
    expect(facts).to_contain_text("8:54 AM · 2 parts · $0.02362 · Delivered")


def test_details_have_the_event_records(open_page, emulator, send, sms):
    """Each record has its destinations and their delivery status."""
    sms.create_configuration_set(ConfigurationSetName="orders")
    sms.create_event_destination(
        ConfigurationSetName="orders",
        EventDestinationName="analytics",
        MatchingEventTypes=["ALL"],
        SnsDestination={"TopicArn": TOPIC},
    )
    sent = send(ConfigurationSetName="orders", Context={"order": "48213"})

    page = open_page()
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


def test_an_address_leads_to_a_conversation_and_back_goes_back(open_page, send):
    """Each conversation has an address of its own; the browser's Back closes it."""
    send()
    page = open_page()
    conversation(page).click()
    address = page.url
    page.go_back()
    expect(page.locator("#conversation")).to_be_hidden()

    page = open_page(f"/#{address.partition('#')[2]}")

    expect(page.get_by_role("heading", name=PERSON)).to_be_visible()


def test_a_code_is_copied_with_a_click(open_page, send, browser):
    """The code in a text stands beneath it, and a click puts it on the clipboard."""
    send("Your code is 482913. It expires in 10 minutes.")
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    conversation(page).click()

    page.get_by_role("button", name="Copy 482913").click()

    expect(page.locator("#toast")).to_have_text("Copied 482913")
    assert page.evaluate("navigator.clipboard.readText()") == "482913"


def test_addresses_can_be_followed(open_page, send):
    """A sign-in link opens in a tab of its own, without the full stop after it."""
    send(
        "Sign in: https://example.com/in?token=a&to=%2Fhome. Or (http://example.org/#b)! ftp://c.d"
    )
    page = open_page()
    conversation(page).click()

    links = bubbles(page).first.locator("a")

    assert [link.get_attribute("href") for link in links.all()] == [
        "https://example.com/in?token=a&to=%2Fhome",
        "http://example.org/#b",
    ]
    for link in links.all():
        assert link.get_attribute("target") == "_blank"
        assert link.get_attribute("rel") == "noopener noreferrer"


def test_search_finds_what_was_said(open_page, send):
    """Search finds texts and people, tells how many, and marks what it has found."""
    send("Your parcel has left Seattle")
    send("It arrives on Monday")
    send("Your table is reserved", to=OTHER)
    page = open_page()

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
    expect(page.get_by_text("No matching conversations.")).to_be_visible()


def test_accounts_and_regions_are_chosen(open_page, emulator, client):
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
    page = open_page()
    expect(page.locator(".conversation")).to_have_count(3)
    expect(page.locator(".conversation").first).to_contain_text("210987654321 · us-east-1")

    page.get_by_role("combobox", name="Account", exact=True).select_option("123456789012")
    expect(page.locator(".conversation")).to_have_count(2)
    page.get_by_role("combobox", name="Region", exact=True).select_option("eu-west-1")

    expect(page.locator(".conversation")).to_have_count(1)
    expect(page.locator(".conversation")).to_contain_text("via +12065550111")
    page.locator(".conversation").click()
    expect(page.locator("#via")).to_have_text("via +12065550111 · 123456789012 · eu-west-1")


def test_channels_and_numbers_are_chosen(open_page, emulator, sms, send):
    """Conversations can be those of one channel, or through one number."""
    emulator.add_number("+12065550111", number_capabilities=["SMS", "VOICE"])
    send("Hello")
    sms.send_voice_message(
        DestinationPhoneNumber=OTHER, MessageBody="Hello", OriginationIdentity="+12065550111"
    )
    page = open_page()

    page.get_by_role("combobox", name="Channel").select_option("Voice")
    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page, OTHER)).to_contain_text("Voice")
    page.get_by_role("combobox", name="Channel").select_option("All channels")
    page.get_by_role("combobox", name="Number").select_option(NUMBER)

    expect(page.locator(".conversation")).to_have_count(1)
    expect(conversation(page)).to_be_visible()
