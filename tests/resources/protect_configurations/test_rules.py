"""Country rules, and their effect on messages."""

import datetime as dt

import pytest

from pinpoint_sms_emu.errors import ResourceNotFoundException
from pinpoint_sms_emu.reference.countries import PROTECT_ISO_CODES, SERVED_ISO_CODES
from pinpoint_sms_emu.resources.protect_configurations import protect_decision
from pinpoint_sms_emu.resources.spend_limits import spent_this_month
from pinpoint_sms_emu.service.destinations import find_destination
from tests.resources.protect_configurations.calls import (
    CAPABILITIES,
    OVERRIDES,
    SEATTLE,
    UNKNOWN,
    content,
    rules,
    set_rules,
)

LATER_STATUSES = [
    pytest.param(each, marks=pytest.mark.since("1.40")) for each in ("MONITOR", "FILTER")
]


MADRID = "+34612345678"


@pytest.fixture
def decide(account):
    """Return the decision about a text to a number."""

    def call(phone_number, capability="SMS", **which):
        found = protect_decision(account, find_destination(phone_number), capability, **which)
        return found.status, found.configuration, found.reason

    return call


@pytest.fixture
def send(sms, number, configuration):
    """Send a text with the protect configuration."""

    def call(recipient):
        return sms.send_text_message(
            DestinationPhoneNumber=recipient,
            OriginationIdentity=number.id,
            MessageBody="Hello",
            ProtectConfigurationId=configuration.id,
        )["MessageId"]

    return call


@pytest.mark.rule("protect-rules-capability")
def test_unknown_capabilities_are_refused(sms, configuration, refused):
    """NumberCapability is one of the values that there are."""
    for call in (rules, lambda *args: set_rules(*args, US="BLOCK")):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberCapability"]):
            call(sms, configuration, "FAX")


@pytest.mark.rule("protect-rules-capability")
def test_the_capability_is_required(sms, configuration, refused):
    """NumberCapability is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["NumberCapability"]):
        sms.get_protect_configuration_country_rule_set(ProtectConfigurationId=configuration.id)
    with refused("ValidationException", "MISSING_PARAMETER", fields=["NumberCapability"]):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=configuration.id,
            CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
        )


@pytest.mark.rule(
    "protect-rules-capability", "protect-rules-update-merge", "protect-rules-update-capability"
)
@pytest.mark.rule("protect-rules-update-response")
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_only_given_countries_change(sms, configuration, capability):
    """The rules of the given capability are returned."""
    set_rules(sms, configuration, capability, US="BLOCK", ES="BLOCK")
    other = "VOICE" if capability == "SMS" else "SMS"

    answer = set_rules(sms, configuration, capability, ES="ALLOW", FR="BLOCK")

    expected = dict.fromkeys(PROTECT_ISO_CODES, "ALLOW") | {"US": "BLOCK", "FR": "BLOCK"}
    assert rules(sms, configuration, capability) == expected
    assert set(rules(sms, configuration, other).values()) == {"ALLOW"}
    assert content(answer) == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "NumberCapability": capability,
        "CountryRuleSet": {code: {"ProtectStatus": each} for code, each in expected.items()},
    }


@pytest.mark.rule("protect-rules-update-status")
@pytest.mark.parametrize("status", ["ALLOW", "BLOCK", *LATER_STATUSES])
def test_valid_statuses(sms, configuration, status):
    """ProtectStatus is ALLOW, BLOCK, MONITOR or FILTER."""
    set_rules(sms, configuration, US=status)

    assert rules(sms, configuration)["US"] == status


@pytest.mark.rule("protect-rules-update-status")
@pytest.mark.parametrize("status", ["DENY", "allow", ""])
def test_invalid_statuses_are_refused(sms, configuration, refused, status):
    """Another status is refused."""
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["CountryRuleSetUpdates"]
    ):
        set_rules(sms, configuration, ES="BLOCK", US=status)


@pytest.mark.rule("protect-rules-update-size")
def test_all_countries_can_be_given_at_once(sms, configuration):
    """Up to 300 entries fit, more than there are countries."""
    set_rules(sms, configuration, **dict.fromkeys(PROTECT_ISO_CODES, "BLOCK"))

    assert set(rules(sms, configuration).values()) == {"BLOCK"}


@pytest.mark.rule("protect-rules-update-size")
@pytest.mark.parametrize(
    "codes",
    [
        [],
        ["us"],
        ["USA"],
        ["U"],
        [chr(65 + index // 26) + chr(65 + index % 26) for index in range(301)],
    ],
    ids=["none", "small", "long", "short", "301"],
)
def test_malformed_countries_are_refused(sms, configuration, refused, codes):
    """The map has 1 to 300 keys of two capital letters."""
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["CountryRuleSetUpdates"]
    ):
        set_rules(sms, configuration, **dict.fromkeys(codes, "BLOCK"))


@pytest.mark.rule("protect-rules-update-unsupported-country")
@pytest.mark.parametrize("code", ["ZZ", "XX", "KP"])
def test_unsupported_countries_are_refused(sms, configuration, refused, code):
    """A code that is not among those of the rule set is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["CountryRuleSetUpdates"]):
        set_rules(sms, configuration, US="BLOCK", **{code: "BLOCK"})


@pytest.mark.rule("protect-rules-get", "protect-rules-update-unsupported-country")
@pytest.mark.parametrize("code", ["AQ", "MP", "UM", "VA"])
def test_regions_that_are_not_served_have_rules(sms, configuration, code):
    """The rule set has more regions than messages can be sent to."""
    assert code not in SERVED_ISO_CODES
    assert rules(sms, configuration)[code] == "ALLOW"

    set_rules(sms, configuration, **{code: "BLOCK"})

    assert rules(sms, configuration)[code] == "BLOCK"


def test_without_configuration_everything_is_allowed(decide):
    """Without a protect configuration there is no decision."""
    assert decide(SEATTLE) == ("ALLOW", None, None)


@pytest.mark.rule("protect-precedence")
def test_the_nearest_configuration_decides(sms, make, configuration_set, associate, decide):
    """The request's overrides the configuration set's, which overrides the account default."""
    default, of_set, of_request = make(), make(), make()
    sms.set_account_default_protect_configuration(ProtectConfigurationId=default.id)

    associate(of_set)

    sms.create_configuration_set(ConfigurationSetName="bare")
    named = {"protect_configuration_id": of_request.arn}
    assert decide(SEATTLE)[1] == default
    assert decide(SEATTLE, configuration_set=configuration_set)[1] == of_set
    assert decide(SEATTLE, configuration_set=configuration_set, **named)[1] == of_request
    with pytest.raises(ResourceNotFoundException):
        decide(SEATTLE, protect_configuration_id=UNKNOWN)


@pytest.mark.rule("protect-block-send")
@pytest.mark.since("1.40")
def test_rules_are_of_a_country_and_a_capability(sms, configuration, decide):
    """The country's rule for the capability applies, and BLOCK has a Reason."""
    set_rules(sms, configuration, US="BLOCK", ES="FILTER", FR="MONITOR")
    here = {"protect_configuration_id": configuration.id}

    blocked = "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
    assert decide(SEATTLE, **here) == ("BLOCK", configuration, blocked)
    assert decide(SEATTLE, "VOICE", **here) == ("ALLOW", configuration, None)
    assert decide(MADRID, **here) == ("FILTER", configuration, None)
    assert decide("+33755512501", **here) == ("MONITOR", configuration, None)


@pytest.mark.since("1.44.5")
@pytest.mark.rule("protect-rcs")
@pytest.mark.parametrize(
    ("sms_rule", "rcs_rule", "decided"),
    [
        ("BLOCK", "ALLOW", "BLOCK"),
        ("ALLOW", "BLOCK", "BLOCK"),
        ("FILTER", "MONITOR", "FILTER"),
        ("MONITOR", "ALLOW", "MONITOR"),
        ("ALLOW", "ALLOW", "ALLOW"),
    ],
)
def test_an_rcs_message_is_under_the_stricter_rule(
    sms, configuration, decide, sms_rule, rcs_rule, decided
):
    """The stricter of the rules for SMS and RCS applies; texts only have that for SMS."""
    set_rules(sms, configuration, US=sms_rule)
    set_rules(sms, configuration, "RCS", US=rcs_rule)
    here = {"protect_configuration_id": configuration.id}

    assert decide(SEATTLE, "RCS", **here)[0] == decided
    assert decide(SEATTLE, **here)[0] == sms_rule


@pytest.mark.rule("override-allow-send", "override-block-send")
@OVERRIDES
def test_an_override_precedes_the_countrys_rule(sms, configuration, decide):
    """It allows a number in a blocked country, and blocks one in an allowed country."""
    set_rules(sms, configuration, US="BLOCK")
    for number, action in ((SEATTLE, "ALLOW"), (MADRID, "BLOCK")):
        sms.put_protect_configuration_rule_set_number_override(
            ProtectConfigurationId=configuration.id, DestinationPhoneNumber=number, Action=action
        )
    here = {"protect_configuration_id": configuration.id}

    blocked = "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"
    assert decide(SEATTLE, **here) == ("ALLOW", configuration, None)
    assert decide(MADRID, **here) == ("BLOCK", configuration, blocked)


@pytest.mark.rule("protect-monitor-filter-send", "protect-blocked-event")
@pytest.mark.since("1.40")
def test_monitor_and_filter(sms, configuration, send, emulator):
    """MONITOR allows messages; FILTER accepts and then drops them, with an event."""
    set_rules(sms, configuration, US="MONITOR", ES="FILTER")
    monitored, filtered = send(SEATTLE), send(MADRID)

    types = {
        each: [event.record["eventType"] for event in emulator.events if event.message_id == each]
        for each in (monitored, filtered)
    }

    assert types == {
        monitored: ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"],
        filtered: ["TEXT_PROTECT_BLOCKED"],
    }
    assert [each.status for each in emulator.messages] == ["DELIVERED", "PROTECT_BLOCKED"]


@pytest.mark.rule("protect-blocked-free")
@pytest.mark.since("1.40")
@pytest.mark.pinpoint_sms(delivery_seconds=3600)
def test_filtered_messages_are_free(sms, configuration, send, emulator, account):
    """The price is returned to the month in which it was charged."""
    set_rules(sms, configuration, US="FILTER")
    now = emulator.clock.now()
    emulator.clock.freeze(dt.datetime(now.year + 1, 1, 31, 23, 59, tzinfo=dt.UTC))
    send(SEATTLE)
    before = spent_this_month(account, "TEXT")

    emulator.clock.advance(hours=2)

    assert before > 0
    assert spent_this_month(account, "TEXT") == 0
    assert [spent["TEXT"] for spent in account.spent.values()] == [0]
