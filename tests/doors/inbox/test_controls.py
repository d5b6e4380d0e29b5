"""The Controls view: everything that a test can arrange."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from pinpoint_sms_emu.emulator import engine_of
from tests.doors.browser import NARROW, WIDE, violations
from tests.doors.inbox.page import IN_BROWSER, NUMBER, PERSON, bubbles, conversation
from tests.filling import fill_in

pytestmark = IN_BROWSER

NAMES = (
    *("send", "receive", "outcomes", "faults", "clock", "numbers", "registrations"),
    *("testers", "settings", "reset"),
)


def field(page, label):
    """A field of the control that is shown."""
    return page.locator("#controls").get_by_label(label, exact=True)


@pytest.fixture
def control(open_page):
    """Open the page with one of the controls."""

    def open_(name, **more):
        page = open_page(f"/#/controls/{name}", **more)
        expect(page.locator("#controls > *").first).to_be_attached()
        return page

    return open_


def test_all_controls_are_a_click_away(open_page):
    """The view lists its controls by name, and each has an address of its own."""
    page = open_page()
    page.get_by_role("navigation", name="Views").get_by_role("link", name="Controls").click()
    expect(page.get_by_role("heading", name="Send as your app")).to_be_visible()

    for name in NAMES:
        link = page.locator(f"#controls-kinds a[href='#/controls/{name}']")
        link.click()
        expect(page.locator("#controls-title")).to_have_text(link.text_content())
        expect(page.locator("#controls > *").first).to_be_attached()


def test_an_unknown_address_of_a_control_is_reported(open_page):
    """The first control is shown."""
    page = open_page("/#/controls/teapot")

    expect(page.locator("#toast")).to_have_text("There is no control called teapot.")
    expect(page.get_by_role("heading", name="Send as your app")).to_be_visible()


def test_a_wrong_address_of_a_view_says_so(open_page):
    """An address that names no view is reported, and the messages are shown."""
    page = open_page("/#/teapot")

    expect(page.locator("#toast")).to_have_text("There is no view called teapot.")
    expect(page.locator("#messages-view")).to_be_visible()


def test_a_person_sends_as_the_app(control, emulator):
    """A text is sent through the API: it is a call and a message, and both are linked."""
    emulator.add_number(NUMBER)
    page = control("send")
    field(page, "From").select_option(label=NUMBER)
    field(page, "To").fill(PERSON)
    field(page, "Message").fill("Your code is 482913")
    expect(page.locator(".hint").get_by_text("GSM, 1 part, 141 characters left")).to_be_visible()

    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("Sent. Open the message")).to_be_visible()
    [call] = emulator.calls
    assert (call.operation, call.parameters["DestinationPhoneNumber"]) == (
        "SendTextMessage",
        PERSON,
    )
    page.get_by_role("link", name="Open the message").click()
    expect(bubbles(page)).to_contain_text("Your code is 482913")


def test_a_refused_send_says_why(control, emulator, watch):
    """What the service refuses is explained, with a link to the refused call."""
    watch.expected.append("status of 400")
    emulator.add_number(NUMBER)
    emulator.receive("STOP", sender=PERSON, recipient=NUMBER)
    page = control("send")
    field(page, "To").fill(PERSON)
    field(page, "Message").fill("Hello")
    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_role("alert").get_by_text(f"{PERSON} opted out on")).to_be_visible()
    page.get_by_role("link", name="Show the refused call").click()
    expect(page.locator("#call-heading")).to_have_text("SendTextMessage")


@pytest.mark.parametrize(
    ("channel", "operation"),
    [("MMS", "SendMediaMessage"), ("Voice", "SendVoiceMessage"), ("RCS", "SendRcsMessage")],
)
def test_each_channel_has_its_operation(control, emulator, sms, channel, operation):
    """The fields are those of the channel, and the call is the channel's."""
    emulator.add_number("+18885550100")
    sms.create_rcs_agent()
    sms.describe_rcs_agents()
    page = control("send")
    field(page, "Channel").select_option(label=channel)
    field(page, "Message").fill("Hello")

    page.get_by_role("button", name="Send", exact=True).click()

    expect(page.get_by_text("Sent. Open the message")).to_be_visible()
    assert emulator.calls[-1].operation == operation


def test_a_person_receives(control, emulator):
    """A text from any phone arrives, and what a keyword did is said."""
    emulator.add_number(NUMBER)
    page = control("receive")
    field(page, "From").fill(PERSON)
    field(page, "Message").fill("stop")

    page.get_by_role("button", name="Send to your app").click()

    expect(page.get_by_text("STOP: opted out")).to_be_visible()
    assert emulator.find_opt_outs(recipient=PERSON)


def test_an_agent_receives_a_location(control, emulator, sms):
    """To an RCS agent a person can send more than texts."""
    sms.create_rcs_agent()
    sms.describe_rcs_agents()
    page = control("receive")
    field(page, "What").select_option("location")
    field(page, "Latitude").fill("52.5")

    page.get_by_role("button", name="Send to your app").click()

    expect(page.get_by_role("link", name="Open the message")).to_be_visible()
    assert "52.5" in json.dumps(emulator.messages[-1].as_dict())


def test_outcomes_are_added_and_cleared(control, emulator):
    """An outcome for a country is listed in words, and cleared alone or with all others."""
    page = control("outcomes")
    field(page, "Recipient").fill("CA")
    field(page, "Outcome").select_option("TEXT_SPAM")
    field(page, "How many messages").fill("2")
    page.get_by_role("button", name="Add", exact=True).click()

    row = page.get_by_role("row").nth(1)
    expect(row).to_contain_text("CASMS: Spam2 moreAllAll")
    page.get_by_role("button", name="Remove SMS: Spam for CA").click()
    expect(page.get_by_text("No outcomes: messages are delivered.")).to_be_visible()
    emulator.outcome("TEXT_BLOCKED")
    expect(page.get_by_role("row").nth(1)).to_contain_text("Everyone")
    page.get_by_role("button", name="Clear all").click()

    expect(page.get_by_text("No outcomes: messages are delivered.")).to_be_visible()
    assert emulator.outcomes == []


def test_an_invalid_outcome_is_reported(control, watch):
    """The emulator's error is below the form."""
    watch.expected.append("status of 400")
    page = control("outcomes")
    field(page, "Recipient").fill("nobody")

    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.locator("#controls").get_by_role("alert")).to_contain_text("Recipient must be")


def test_a_name_in_an_error_keeps_its_spelling(control, watch):
    """A sentence begins with a capital letter, but not if its first word is a name."""
    watch.expected.append("status of 400")
    page = control("numbers")
    field(page, "Number").fill("+12065550177")
    field(page, "Two-way topic").fill("topic")

    page.get_by_role("button", name="Add", exact=True).click()

    alert = page.locator("#controls").get_by_role("alert")
    expect(alert).to_have_text("two_way_channel_arn must have 20 to 2048 characters.")


def test_a_short_delay_is_not_rounded_to_nothing(control, emulator):
    """A delay of hundredths of a second is not listed as 0 seconds."""
    emulator.fail("SendTextMessage", delay_seconds=0.012)

    expect(control("faults").get_by_role("row").nth(1)).to_contain_text("Waits 0.012 seconds")


def test_faults_are_added_and_cleared(control, emulator):
    """A fault with a reason, a delay and a number of times is listed in words, and cleared."""
    page = control("faults")
    field(page, "Operation").fill("SendTextMessage")
    field(page, "Error").select_option("ConflictException")
    field(page, "Reason").fill("RESOURCE_NOT_ACTIVE")
    field(page, "Delay in seconds").fill("1.5")
    field(page, "How many calls").fill("3")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_role("row").nth(1)).to_contain_text(
        "SendTextMessageWaits 1.5 seconds, then fails with ConflictException "
        "(RESOURCE_NOT_ACTIVE)3 more100%"
    )
    [fault] = emulator.faults
    assert (fault.delay_seconds, fault.times, fault.cut) == (1.5, 3, False)
    page.get_by_role("button", name="Remove fault-1").click()
    expect(page.get_by_text("No faults: calls are answered as usual.")).to_be_visible()
    assert emulator.faults == []


def test_the_clock_is_set_and_stopped(control, emulator):
    """The clock can be stopped at a time, and move forward by any amount."""
    page = control("clock")
    field(page, "Time (UTC)").fill("2035-11-22T12:58:00")
    field(page, "Freeze the clock at this time").check()
    page.get_by_role("button", name="Set", exact=True).click()

    expect(page.locator("#controls")).to_contain_text("Nov 22, 2035, 12:58:00 PM")
    field(page, "By").fill("2")
    field(page, "Unit").select_option("hours")
    page.get_by_role("button", name="Move forward").click()

    expect(page.locator("#controls")).to_contain_text("Nov 22, 2035, 2:58:00 PM")
    expect(page.get_by_text("Moved forward by 2 hours.")).to_be_visible()
    assert emulator.clock.as_dict()["frozen"]


def test_a_number_is_added(control, emulator):
    """A number of one's choice is there at once, and linked to what there is of it."""
    page = control("numbers")
    field(page, "Number").fill("+18005550111")
    field(page, "Type").select_option("TOLL_FREE")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("+18005550111 was added.")).to_be_visible()
    [number] = emulator.numbers
    assert number.number_type == "TOLL_FREE"
    page.get_by_role("link", name="+18005550111").click()
    expect(page.locator("#resources details[open] .called")).to_have_text("+18005550111")


@pytest.fixture
def submitted(sms, account):
    """A registration that is under review."""
    registration_id = sms.create_registration(RegistrationType="GB_SENDER_ID_REGISTRATION")[
        "RegistrationId"
    ]
    registration = account.registrations[registration_id]
    fill_in(sms, registration)
    sms.submit_registration_version(RegistrationId=registration_id)
    return registration


@pytest.mark.pinpoint_sms(registrations="required")
def test_a_registration_is_reviewed_with_reasons(control, emulator, submitted):
    """A reviewer requires updates, of the whole and of a single field; then approves."""
    page = control("registrations")
    expect(field(page, "Registration")).to_have_value(submitted.arn)
    field(page, "Decision").select_option("REQUIRES_UPDATES")
    field(page, "Reason").fill("The website does not open")
    page.get_by_label("senderIdInfo.senderId").fill("Taken")
    page.get_by_role("button", name="Decide").click()

    expect(page.get_by_text("is now: Requires updates.")).to_be_visible()
    version = submitted.versions[-1]
    assert version.denied_reasons[0]["reason"] == "The website does not open"
    assert version.values["senderIdInfo.senderId"].denied_reason == "Taken"


def test_an_invitation_is_accepted(control, emulator, sms):
    """The person who is invited to test an agent becomes a tester."""
    agent = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    sms.create_verified_destination_number(DestinationPhoneNumber=PERSON, RcsAgentId=agent)
    page = control("testers")

    page.get_by_role("button", name="Accept the invitation").click()

    expect(page.locator("#controls")).to_contain_text("Verified")
    [tester] = engine_of(emulator).account("123456789012", "us-east-1").verified_destination_numbers
    assert tester.status == "VERIFIED"


@pytest.mark.pinpoint_sms(max_messages=77)
def test_the_settings_are_shown(control):
    """Every setting is there with its value."""
    page = control("settings")

    expect(page.get_by_role("row", name="max_messages")).to_contain_text("77")
    expect(page.get_by_role("row", name="data_dir")).to_contain_text("not set")


def test_a_reset_is_confirmed_first(control, emulator, send):
    """Messages are cleared at once; a reset has to be confirmed."""
    send()
    page = control("reset")
    page.get_by_role("button", name="Delete all messages").click()
    expect(page.locator("#toast")).to_have_text("Messages deleted")
    assert (emulator.messages, len(emulator.numbers)) == ([], 1)

    page.get_by_role("button", name="Reset everything…").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    assert len(emulator.numbers) == 1
    page.get_by_role("button", name="Reset everything…").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset", exact=True).click()

    expect(page.locator("#toast")).to_have_text("Emulator reset")
    assert emulator.numbers == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_axe_finds_nothing(control, emulator, busy, scheme, size):
    """No rule of axe is broken by any control, and none scrolls sideways."""
    del busy
    emulator.outcome("TEXT_SPAM")
    emulator.fail("SendTextMessage", "ThrottlingException")
    page = control("send", size=size, color_scheme=scheme)

    for name in NAMES:
        page.goto(page.url.partition("#")[0] + f"#/controls/{name}")
        expect(page.locator(f"#controls-kinds a[href='#/controls/{name}']")).to_have_attribute(
            "aria-current", "page"
        )
        expect(page.locator("#controls > *").first).to_be_attached()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
        assert page.locator(".scroll").evaluate_all(
            "tables => tables.every(each => each.scrollWidth === each.clientWidth)"
        )


def test_an_outcome_applies_to_the_next_message(control, send):
    """An outcome that was added in the view is visible in the conversation."""
    page = control("outcomes")
    field(page, "Recipient").fill(PERSON)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Added.")).to_be_visible()

    send("Buy now")

    page.goto(page.url.partition("#")[0] + "#/")
    expect(conversation(page)).to_contain_text("Carrier blocked")
