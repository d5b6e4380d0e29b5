"""The Resources view."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from pinpoint_sms_emu.emulator import engine_of
from tests.doors.inbox.page import IN_BROWSER, NUMBER, OTHER, PERSON, TOPIC, resource

pytestmark = IN_BROWSER


def test_numbers_and_pools_are_shown_with_what_is_in_them(visit, busy):
    """Numbers show what they can do; pools their members, keywords and tags."""
    page = visit("/#/resources")

    number = resource(page, "Phone numbers")
    expect(number).to_contain_text(f"{NUMBER}Long code")
    expect(number).to_contain_text("Active")
    pool = resource(page, "Pools")
    expect(pool).to_contain_text("1 member · Transactional")
    expect(pool).to_contain_text("+12065550111")
    expect(pool).to_contain_text("<b>From</b> 9 to 5.")

    expect(pool).to_contain_text("team: checkout")


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

    account = engine_of(busy).account("123456789012", "us-east-1")
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


def test_codes_and_ids_are_shown_in_words(visit, busy, sms):
    """Countries have names, codes are words, and an id is labelled as what it is."""
    del busy
    [protect] = sms.describe_protect_configurations()["ProtectConfigurations"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protect["ProtectConfigurationId"],
        NumberCapability="SMS",
        CountryRuleSetUpdates={"FR": {"ProtectStatus": "BLOCK"}},
    )
    page = visit("/#/resources")

    expect(resource(page, "Protect configurations")).to_contain_text("France (FR): Block")
    lists = resource(page, "Opt-out lists")
    expect(lists.get_by_role("columnheader", name="Phone number")).to_be_visible()
    pool = resource(page, "Pools")
    expect(pool.get_by_role("columnheader", name="Keyword")).to_be_visible()
    expect(pool).to_contain_text("Automatic response")
