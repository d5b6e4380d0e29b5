"""The clock, outcomes, clearing and the first steps."""

from __future__ import annotations

import contextlib
import io

import pytest
from playwright.sync_api import expect

from pinpoint_sms_emu.emulator import engine_of
from tests.doors.inbox.page import IN_BROWSER, NUMBER, PERSON, conversation

pytestmark = IN_BROWSER


def test_an_outcome_is_chosen_for_a_recipient(open_page, send, emulator):
    """The next message to the recipient becomes what was chosen, and the choice is used up."""
    send()
    page = open_page()
    conversation(page).click()

    page.get_by_role("button", name="Outcome…").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Recipient")).to_have_value(PERSON)
    dialog.get_by_role("combobox", name="Outcome").select_option("TEXT_SPAM")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.locator(".outcomes li")).to_contain_text(f"{PERSON}SMS: Spam1 more")
    dialog.get_by_role("button", name="Close").click()
    send("Buy now")

    expect(page.locator(".facts .status").last).to_have_text("Spam")
    assert list(emulator.outcomes) == []


def test_an_outcome_is_cleared(open_page, send, emulator):
    """An unlimited outcome is cleared in the same dialog."""
    send()
    emulator.outcome("TEXT_SPAM", recipient=PERSON)
    page = open_page()
    conversation(page).click()

    page.get_by_role("button", name="Outcome…").click()
    page.get_by_role("button", name=f"Remove the outcome SMS: Spam for {PERSON}").click()

    expect(page.get_by_text("No outcomes have been chosen.")).to_be_visible()
    assert list(emulator.outcomes) == []


def test_offered_outcomes_are_known(open_page):
    """Every outcome in the list is an event of the emulator."""
    from pinpoint_sms_emu.messaging.events.event_types import EVENT_TYPES

    page = open_page()

    offered = page.evaluate(
        "[...document.querySelector('#outcome-event').options].map(o => o.value)"
    )
    assert set(offered) <= set(EVENT_TYPES)


@pytest.mark.pinpoint_sms(delivery_seconds=600)
def test_the_clock_is_advanced(open_page, send, emulator):
    """Advancing the clock runs due jobs, and the offset is shown."""
    send()
    page = open_page()
    conversation(page).click()

    page.locator("#clock-button").click()
    page.get_by_role("button", name="1 hour").click()

    expect(page.locator(".facts .status")).to_have_text("Delivered")
    expect(page.locator("#clock-state")).to_have_text("Runs 1 hour ahead of the system's time.")
    page.get_by_label("How much").fill("2")
    page.get_by_label("Unit").select_option("days")
    page.get_by_role("button", name="Advance", exact=True).click()
    expect(page.locator("#clock-state")).to_have_text("Runs 2 days ahead of the system's time.")
    assert round(emulator.clock.as_dict()["offset_seconds"] / 3600) == 49


def test_the_clock_is_frozen_and_resumed(open_page, emulator):
    """The clock can be stopped, and let run with the system's time again."""
    page = open_page()
    page.locator("#clock-button").click()
    assert page.locator("#clock-state").text_content() == "Follows the system's time."

    page.get_by_role("button", name="Freeze the clock").click()
    expect(page.locator("#clock-state")).to_have_text("Stopped.")
    assert emulator.clock.as_dict()["frozen"]
    page.get_by_role("button", name="Use the system's time").click()
    expect(page.locator("#clock-state")).to_have_text("Follows the system's time.")

    assert not emulator.clock.as_dict()["frozen"]


def test_messages_are_cleared(open_page, send, emulator):
    """After a confirmation, messages are removed; the numbers stay."""
    send()
    page = open_page()

    page.get_by_role("button", name="Clear…").click()
    page.get_by_role("button", name="Clear messages").click()

    expect(page.get_by_role("heading", name="No messages yet")).to_be_visible()
    expect(page.locator(".conversation")).to_have_count(0)
    assert emulator.messages == []
    assert len(engine_of(emulator).account("123456789012", "us-east-1").phone_numbers) == 1


def test_everything_is_reset(open_page, send, emulator):
    """The same dialog makes everything as it was at the start."""
    send()
    page = open_page()

    page.get_by_role("button", name="Clear…").click()
    page.get_by_role("button", name="Reset everything").click()

    expect(page.get_by_role("button", name=f"Add {NUMBER}")).to_be_visible()
    assert engine_of(emulator).state.accounts == {}


def test_the_first_steps_lead_to_a_first_message(open_page, server):
    """The page of a fresh emulator adds a number and shows lines of Python that run as they are."""
    page = open_page()

    page.get_by_role("button", name=f"Add {NUMBER}").click()
    expect(page.get_by_role("button", name=f"Add {NUMBER}")).to_be_hidden()
    lines = page.locator("#first-code").text_content()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(lines, {})  # noqa: S102  that it runs is what is tested

    assert server.url in lines
    expect(conversation(page, "+14255550100")).to_contain_text("Your code is 482913")
