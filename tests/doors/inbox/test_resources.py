"""The Resources view."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import expect

from pinpoint_sms_emu.emulator import engine_of
from tests.doors.inbox.page import IN_BROWSER, NUMBER, OTHER, PERSON, TOPIC, resource

pytestmark = IN_BROWSER


def test_numbers_and_pools_are_shown_with_what_is_in_them(open_page, busy):
    """Numbers show what they can do; pools their members, keywords and tags."""
    page = open_page("/#/resources")

    number = resource(page, "Phone numbers")
    expect(number).to_contain_text(f"{NUMBER}Long code")
    expect(number).to_contain_text("Active")
    pool = resource(page, "Pools")
    expect(pool).to_contain_text("1 member · Transactional")
    expect(pool).to_contain_text("+12065550111")
    expect(pool).to_contain_text("<b>From</b> 9 to 5.")

    expect(pool).to_contain_text("team: checkout")


def test_configuration_sets_show_their_last_deliveries(open_page, busy):
    """A configuration set shows its destinations, and what went there last."""
    page = open_page("/#/resources")

    listed = resource(page, "Configuration sets")

    expect(listed).to_contain_text("1 destination")
    expect(listed).to_contain_text(TOPIC)
    expect(listed.locator("tbody tr")).to_have_count(1)
    expect(listed.locator("tbody tr")).to_contain_text("TEXT_DELIVEREDRecorded")
    expect(listed.locator("tbody tr")).to_contain_text(PERSON)


def test_opt_out_lists_show_who_is_on_them(open_page, busy):
    """An opt-out list shows the numbers that came on it last."""
    page = open_page("/#/resources")

    listed = resource(page, "Opt-out lists")

    expect(listed).to_contain_text("1 number")
    expect(listed.locator("tbody tr")).to_contain_text(OTHER)


def test_spend_is_a_bar_against_its_limit(open_page, busy):
    """A bar for each kind of message shows the spend and the limit."""
    page = open_page("/#/resources")

    bar = page.get_by_role("meter", name=re.compile("^SMS"))

    expect(bar).to_have_accessible_name("SMS: $0.02362 of 1 US dollar")
    assert bar.evaluate("it => it.value") == pytest.approx(0.02362)
    expect(page.locator(".spend li").first).to_contain_text("Lowered from $10,000")


def test_every_kind_of_resource_is_listed(open_page, busy):
    """Each table of an account is a kind that can be looked at, known by name or not."""
    page = open_page("/#/resources")

    kinds = page.get_by_role("navigation", name="Kinds").get_by_role("link")

    account = engine_of(busy).account("123456789012", "us-east-1")
    expect(kinds).to_have_count(len(account.tables) + 1)
    for kind in ("Sender IDs", "Protect configurations", "RCS agents"):
        expect(resource(page, kind)).to_contain_text("ARN")


def test_an_unknown_kind_is_listed(open_page, busy):
    """An unknown kind of resource is listed with all its members."""
    page = open_page()

    def add_a_kind(route):
        answer = route.fetch()
        listed = answer.json()
        listed["accounts"][0]["resources"]["moon-base"] = [
            {"id": "tranquility", "crew": [{"id": "Ada", "duty": "radio"}], "air": True}
        ]
        route.fulfill(response=answer, json=listed)

    page.route("**/_emulator/resources**", add_a_kind)
    page.get_by_role("link", name="Resources").click()

    listed = resource(page, "Moon bases")

    expect(listed).to_contain_text("tranquility")
    expect(listed).to_contain_text("AirYes")
    expect(listed.locator("tbody tr")).to_have_text("Adaradio")


def test_resources_are_filtered_and_stay_open(open_page, busy):
    """Resources can be filtered by anything in them; what is open stays open as things change."""
    page = open_page("/#/resources/phone-number")
    expect(page.locator("#resources details")).to_have_count(2)

    page.get_by_label("Filter resources").fill("0111")
    expect(page.locator("#resources details")).to_have_count(1)
    page.locator("#resources summary").click()
    busy.add_number("+12065550333")
    page.get_by_label("Filter resources").fill("")

    expect(page.locator("#resources details")).to_have_count(3)
    expect(page.locator("#resources details[open]")).to_contain_text("+12065550111")


def test_an_account_can_be_chosen(open_page, busy):
    """With several accounts, resources are grouped by account until one is chosen."""
    busy.add_number("+447700900123", account_id="210987654321", region="eu-west-2")
    page = open_page("/#/resources/phone-number")
    expect(page.locator(".place")).to_have_text(
        ["123456789012 · us-east-1", "210987654321 · eu-west-2"]
    )

    page.get_by_role("combobox", name="Account", exact=True).select_option("210987654321")

    expect(page.locator("#resources details")).to_have_count(1)
    expect(page.locator("#resources details")).to_contain_text("+447700900123")


def test_codes_and_ids_are_described(open_page, busy, sms):
    """Countries have names, codes are described, and ids are labelled."""
    del busy
    [protect] = sms.describe_protect_configurations()["ProtectConfigurations"]
    sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=protect["ProtectConfigurationId"],
        NumberCapability="SMS",
        CountryRuleSetUpdates={"FR": {"ProtectStatus": "BLOCK"}},
    )
    page = open_page("/#/resources")

    expect(resource(page, "Protect configurations")).to_contain_text("France (FR): Block")
    lists = resource(page, "Opt-out lists")
    expect(lists.get_by_role("columnheader", name="Phone number")).to_be_visible()
    pool = resource(page, "Pools")
    expect(pool.get_by_role("columnheader", name="Keyword")).to_be_visible()
    expect(pool).to_contain_text("Automatic response")


def test_an_address_leads_to_a_resource(open_page, busy):
    """Each resource has an address, by its id or ARN; the address follows what is opened."""
    pool = engine_of(busy).account("123456789012", "us-east-1").pools
    [one] = list(pool)
    for name in (one.id, one.arn):
        page = open_page(f"/#/resources/pool/{quote(name, safe='')}")
        expect(page.locator("#resources details[open] .called")).to_have_text(one.id)
    page = open_page("/#/resources/pool")
    page.locator("#resources summary").click()

    expect(page).to_have_url(re.compile(f"#/resources/pool/{one.id}$"))


def test_unknown_addresses_of_resources_are_reported(open_page, busy):
    """The other resources of the kind are shown."""
    del busy
    page = open_page("/#/resources/pool/pool-gone")
    expect(page.locator("#resources-missing")).to_have_text(
        "pool-gone was not found among the pools that are shown. It may have been deleted."
    )
    expect(page.locator("#resources details")).to_have_count(1)

    page = open_page("/#/resources/teapot")

    expect(page.locator("#resources-missing")).to_have_text(
        "There is no kind of resource called teapot."
    )


def test_messages_and_calls_link_to_resources(open_page, send, sms, emulator):
    """From a message one gets to the number it was sent from, from a refusal to its resource."""
    send("Hello")
    page = open_page()
    page.locator(".conversation").click()
    page.locator(".facts").click()
    page.locator("#facts").get_by_role("link", name=emulator.numbers[0].phone_number_id).click()
    expect(page.locator("#resources details[open] .called")).to_have_text(NUMBER)

    with pytest.raises(ClientError):
        sms.delete_opt_out_list(OptOutListName="Default")
    page = open_page(f"/#/calls/{emulator.calls[-1].request_id}")
    page.locator("#call-open").get_by_role("link", name="Default").click()

    expect(page.locator("#resources details[open] .called")).to_have_text("Default")
