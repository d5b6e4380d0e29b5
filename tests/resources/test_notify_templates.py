"""Notify's templates and countries: they fit the model, and templates can be filled in."""

import re
from datetime import UTC, datetime

import pytest

from pinpoint_sms_emu.reference.notify_templates import (
    NotifyTemplate,
    TemplateVariable,
    notify_countries,
    notify_templates,
)
from pinpoint_sms_emu.resources.notify_templates import (
    fill_in,
    missing_variables,
    refuse_variables,
)
from pinpoint_sms_emu.wire.shapes import render
from pinpoint_sms_emu.wire.validation import must_be_valid

ENGLISH = "notify-code-verification-english-001"
SPOKEN = "notify-code-verification-voice-english-001"

each_template = pytest.mark.parametrize("template", notify_templates().values(), ids=lambda t: t.id)
# Notify is newer than the oldest supported botocore.
has_notify = pytest.mark.since("1.43.11")


def samples(template):
    """The values that a customer gives."""
    return {
        name: variable.sample
        for name, variable in template.variables.items()
        if variable.source == "CUSTOMER"
    }


@has_notify
def test_templates_fit_the_model():
    """Templates can be rendered in a valid answer."""
    rendered = render(
        "DescribeNotifyTemplatesResult", {"notify_templates": list(notify_templates().values())}
    )

    must_be_valid("DescribeNotifyTemplatesResult", rendered)
    assert rendered["NotifyTemplates"][0]["TemplateId"] == ENGLISH


@has_notify
def test_countries_fit_the_model():
    """Countries can be rendered in a valid answer."""
    rendered = render(
        "ListNotifyCountriesResult", {"notify_countries": list(notify_countries().values())}
    )

    must_be_valid("ListNotifyCountriesResult", rendered)


def test_the_basic_tier_has_a_template_for_each_channel():
    """Text and voice messages can be sent directly after creation."""
    open_to_all = [t for t in notify_templates().values() if "BASIC" in t.tier_access]

    assert {channel for each in open_to_all for channel in each.channels} == {"SMS", "VOICE"}
    assert {each.language_code for each in open_to_all} >= {"en", "es", "fr", "de", "ja", "pt-BR"}


@pytest.mark.rule("notify-managed-identities")
def test_the_basic_tier_has_thirty_countries():
    """The user guide gives 30; the ADVANCED tier has all."""
    countries = notify_countries().values()

    assert sum("BASIC" in each.supported_tiers for each in countries) == 30
    assert all("ADVANCED" in each.supported_tiers for each in countries)
    assert [each.iso_country_code for each in countries] == sorted(notify_countries())


def test_no_basic_country_needs_an_own_identity():
    """Only China, in the ADVANCED tier, needs an identity of the customer's."""
    asking = {c for c, each in notify_countries().items() if each.customer_owned_identity_required}

    assert asking == {"CN"}


@each_template
def test_a_template_declares_its_placeholders(template):
    """Placeholders and variables are the same, and include the code and the brand."""
    assert set(re.findall(r"\{\{(\w+)\}\}", template.content)) == set(template.variables)
    assert {"code", "brandName"} <= set(template.variables)
    assert template.variables["brandName"].source == "SYSTEM"


@each_template
def test_countries_of_a_template(template):
    """They are Notify's countries with one of its channels; only voice templates have voices."""
    countries = notify_countries()

    assert template.supported_countries
    for code in template.supported_countries:
        assert not set(template.channels).isdisjoint(countries[code].supported_channels)
    assert bool(template.supported_voice_ids) == ("VOICE" in template.channels)


@each_template
def test_a_template_can_be_filled_in(template):
    """Its samples are valid, and no placeholder remains."""
    given = samples(template)

    assert missing_variables(template, given) == []
    assert refuse_variables(template, given) == {}
    message = fill_in(template, given, "Acme")
    assert "{{" not in message
    assert given["code"] in message
    assert "Acme" in message


def test_a_code_is_four_to_eight_digits():
    """In a text the code has only digits; in a voice message separators are allowed."""
    text, voice = notify_templates()[ENGLISH], notify_templates()[SPOKEN]

    for code in ("123", "123456789", "12a456", "١٢٣٤"):
        assert set(refuse_variables(text, {"code": code})) == {"code"}
    assert refuse_variables(text, {"code": "4. 8. 2. 9."})
    for code in ("123456", "4. 8. 2. 9. 1. 3.", "4,8,2,9"):
        assert refuse_variables(voice, {"code": code}) == {}


@pytest.mark.rule("notify-send-variables-required")
def test_missing_variables_are_named():
    """Required variables without a default must be given, except the brand."""
    templates = notify_templates()

    assert missing_variables(templates[ENGLISH], {}) == ["code"]
    expiring = templates["notify-code-verification-english-002"]
    assert missing_variables(expiring, {"code": "123456"}) == ["time"]


@pytest.mark.rule("notify-send-variables-required")
def test_defaults_are_used():
    """A variable with a default is optional."""
    template = notify_templates()["notify-code-verification-english-003"]

    assert missing_variables(template, {"code": "123456"}) == []
    assert "in 10 minutes" in fill_in(template, {"code": "123456"}, "Acme")
    assert "in 5 minutes" in fill_in(template, {"code": "123456", "time": "5"}, "Acme")


def test_placeholders_in_values_are_not_replaced():
    """Braces in a brand's name stay unchanged."""
    message = fill_in(notify_templates()[ENGLISH], {"code": "123456"}, "{{code}}")

    assert message == "123456 is your {{code}} verification code."


@pytest.mark.rule("notify-system-variables")
def test_other_variables_are_refused():
    """Variables of the system, and unknown ones, are refused."""
    refused = refuse_variables(notify_templates()[ENGLISH], {"brandName": "Acme", "name": "Jo"})

    assert refused == dict.fromkeys(("brandName", "name"), f"is not a variable of {ENGLISH}")


@pytest.mark.rule("notify-send-variables-check")
@pytest.mark.parametrize(
    ("variable", "good", "bad"),
    [
        (
            TemplateVariable(type="INTEGER", description="", sample="1", min_value=1, max_value=60),
            ["1", "60"],
            ["0", "61", "x", "1.5", ""],
        ),
        (TemplateVariable(type="INTEGER", description="", sample="1"), ["-7", "900"], ["one"]),
        (TemplateVariable(type="BOOLEAN", description="", sample="true"), ["true", "false"], ["1"]),
        (TemplateVariable(description="", sample="a", max_length=3), ["abc"], ["abcd"]),
    ],
)
def test_values_are_checked_by_type(variable, good, bad):
    """All values are strings, which are parsed as the variable's type."""
    template = NotifyTemplate(
        template_id="t",
        created_timestamp=datetime(2026, 3, 31, tzinfo=UTC),
        channels=("SMS",),
        tier_access=("BASIC",),
        supported_countries=("GB",),
        language_code="en",
        content="{{v}}",
        variables={"v": variable},
    )

    assert [v for v in good + bad if not refuse_variables(template, {"v": v})] == good
