"""Spend limits: the monthly maximum of an account for each kind of message."""

import datetime as dt
from decimal import Decimal

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ServiceQuotaExceededException
from pinpoint_sms_emu.resources import spend_limits
from pinpoint_sms_emu.wire.model import service_model

# Each kind of message; botocore has the last two since 1.43 and 1.44.5.
KINDS = [
    "text",
    "voice",
    "media",
    pytest.param("notify", marks=pytest.mark.since("1.43")),
    pytest.param("rcs", marks=pytest.mark.since("1.44.5")),
]


def name(kind):
    """The name of a kind's limit."""
    return f"{kind.upper()}_MESSAGE_MONTHLY_SPEND_LIMIT"


def override(sms, kind, limit):
    """Set the limit of a kind."""
    return getattr(sms, f"set_{kind}_message_spend_limit_override")(MonthlyLimit=limit)


def take_back(sms, kind):
    """Delete the override of a kind."""
    return getattr(sms, f"delete_{kind}_message_spend_limit_override")()


def limits(sms):
    """All limits by name."""
    return {each["Name"]: each for each in sms.describe_spend_limits()["SpendLimits"]}


# Describing.


@pytest.mark.rule("spend-describe-names")
@pytest.mark.since("1.44.5")
def test_each_kind_has_one_limit(sms):
    """The kinds are TEXT, VOICE, MEDIA, NOTIFY and RCS."""
    found = [each["Name"] for each in sms.describe_spend_limits()["SpendLimits"]]

    assert found == [name(kind) for kind in ("text", "voice", "media", "notify", "rcs")]


def test_an_older_model_has_fewer_limits(sms):
    """With an older botocore, there are the kinds that it has."""
    assert list(limits(sms)) == service_model().shapes["SpendLimitName"]["enum"]


@pytest.mark.rule("spend-describe-members", "spend-initial")
def test_limits_without_override(sms):
    """Each entry has four members; without an override EnforcedLimit equals MaxLimit."""
    untouched = {"EnforcedLimit": 10_000, "MaxLimit": 10_000, "Overridden": False}

    found = limits(sms)

    assert found
    assert found == {each: {"Name": each, **untouched} for each in found}


@pytest.mark.rule("spend-describe-paginates")
@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("describe_spend_limits", "SpendLimits"),
        ("describe_account_attributes", "AccountAttributes"),
        ("describe_account_limits", "AccountLimits"),
    ],
)
def test_short_lists_have_pages_too(sms, operation, member):
    """MaxResults and NextToken work for these short lists."""
    sms.set_account_default_protect_configuration(
        ProtectConfigurationId=sms.create_protect_configuration()["ProtectConfigurationId"]
    )
    everything = getattr(sms, operation)()[member]

    pages = [getattr(sms, operation)(MaxResults=1)]
    while token := pages[-1].get("NextToken"):
        pages.append(getattr(sms, operation)(MaxResults=1, NextToken=token))

    assert [len(page[member]) for page in pages] == [1] * len(everything)
    assert [page[member][0] for page in pages] == everything


@pytest.mark.rule("spend-sandbox-max")
def test_an_override_above_the_maximum_is_capped(sms, emulator):
    """EnforcedLimit never exceeds MaxLimit, also in a restored state."""
    override(sms, "text", 500)
    saved = emulator.snapshot()

    emulator.reset(account_tier="SANDBOX")
    emulator.restore(saved)

    assert limits(sms)[name("text")]["EnforcedLimit"] == 1
    assert limits(sms)[name("text")]["MaxLimit"] == 1


@pytest.mark.rule("spend-sandbox-max")
@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
def test_limits_in_the_sandbox(sms, refused):
    """In the sandbox the monthly limit of each kind is 1 US dollar."""
    found = limits(sms)

    assert {each["MaxLimit"] for each in found.values()} == {1}
    assert {each["EnforcedLimit"] for each in found.values()} == {1}
    with refused("ValidationException", "REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT"):
        override(sms, "text", 2)


@pytest.mark.rule("spend-account-level")
def test_limits_are_separate_by_account_and_region(sms, client):
    """Limits belong to the account within one Region."""
    override(sms, "text", 5)

    others = [client(account_id="210987654321"), client(region="eu-west-1")]

    assert limits(sms)[name("text")]["EnforcedLimit"] == 5
    assert [limits(each)[name("text")]["EnforcedLimit"] for each in others] == [10_000] * 2


# Overrides.


@pytest.mark.rule(
    "spend-set-text", "spend-set-voice", "spend-set-media", "spend-set-notify", "spend-set-rcs"
)
@pytest.mark.rule("spend-set-response", "spend-media-doc-slip")
@pytest.mark.parametrize("kind", KINDS)
def test_set_a_limit(sms, kind):
    """The limit is enforced and overridden; MaxLimit and the other kinds do not change."""
    before = limits(sms)

    answer = override(sms, kind, 12)

    changed = {"EnforcedLimit": 12, "Overridden": True}
    assert answer["MonthlyLimit"] == 12
    assert limits(sms) == before | {name(kind): before[name(kind)] | changed}


@pytest.mark.rule("spend-set-above-max")
@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_above_the_maximum_is_refused(sms, refused, kind):
    """A MonthlyLimit above MaxLimit is refused and nothing changes."""
    override(sms, kind, 12)

    with refused(
        "ValidationException",
        "REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT",
        fields=["MonthlyLimit"],
    ):
        override(sms, kind, 10_001)

    assert limits(sms)[name(kind)]["EnforcedLimit"] == 12


@pytest.mark.rule("spend-set-equal-max")
@pytest.mark.parametrize("kind", KINDS)
def test_a_limit_equal_to_the_maximum_is_an_override(sms, kind):
    """A MonthlyLimit equal to MaxLimit is accepted and still counts as overridden."""
    override(sms, kind, 10_000)

    found = limits(sms)[name(kind)]
    assert found["EnforcedLimit"] == found["MaxLimit"] == 10_000
    assert found["Overridden"] is True


@pytest.mark.rule("spend-set-range")
@pytest.mark.parametrize("limit", [-1, 1_000_000_001])
@pytest.mark.parametrize("kind", KINDS)
def test_limits_out_of_range_are_refused(sms, refused, kind, limit):
    """MonthlyLimit is from 0 to 1000000000 US dollars."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["MonthlyLimit"]):
        override(sms, kind, limit)


@pytest.mark.rule("spend-set-range")
@pytest.mark.parametrize("kind", KINDS)
def test_limits_within_the_range(sms, refused, kind):
    """Zero is allowed; the largest number is well-formed, but above the maximum."""
    assert override(sms, kind, 0)["MonthlyLimit"] == 0
    with refused("ValidationException", "REQUESTED_SPEND_LIMIT_HIGHER_THAN_SERVICE_LIMIT"):
        override(sms, kind, 1_000_000_000)


@pytest.mark.rule("spend-set-range")
@pytest.mark.parametrize("limit", [0.5, "5", True])
def test_a_limit_is_a_whole_number(sms, refused, limit):
    """Other values cannot be parsed."""
    with refused("SerializationException"):
        override(sms, "text", limit)


@pytest.mark.rule("spend-set-range")
@pytest.mark.parametrize("kind", KINDS)
def test_the_limit_is_required(sms, refused, kind):
    """MonthlyLimit is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["MonthlyLimit"]):
        getattr(sms, f"set_{kind}_message_spend_limit_override")()


@pytest.mark.rule("spend-set-again")
@pytest.mark.parametrize("kind", KINDS)
def test_an_override_replaces_the_first(sms, kind):
    """A second override replaces the first."""
    override(sms, kind, 12)
    override(sms, kind, 700)

    assert limits(sms)[name(kind)]["EnforcedLimit"] == 700


@pytest.mark.rule(
    "spend-delete-text", "spend-delete-voice", "spend-delete-others", "spend-delete-rcs"
)
@pytest.mark.rule("spend-delete-response")
@pytest.mark.parametrize("kind", KINDS)
def test_delete_an_override(sms, kind):
    """EnforcedLimit is MaxLimit again and is returned; other overrides stay."""
    other = "voice" if kind == "text" else "text"
    override(sms, other, 7)
    before = limits(sms)
    override(sms, kind, 12)

    answer = take_back(sms, kind)

    assert answer["MonthlyLimit"] == 10_000
    assert limits(sms) == before
    assert before[name(kind)]["Overridden"] is False


@pytest.mark.rule("spend-delete-none", "spend-delete-no-input")
@pytest.mark.parametrize("kind", KINDS)
def test_deleting_without_an_override_succeeds(sms, kind):
    """The request may be empty."""
    request = f"Delete{kind.capitalize()}MessageSpendLimitOverrideRequest"

    assert take_back(sms, kind)["MonthlyLimit"] == 10_000
    assert service_model().shapes[request]["members"] == {}


# Sending.


def test_the_spend_is_added_exactly(emulator, account):
    """Ten times ten cents are exactly one dollar, which does not exceed the limit."""
    emulator.clock.freeze()
    account.spend_limit_overrides["TEXT"] = 1
    for _ in range(10):
        spend_limits.must_leave_room(account, "TEXT", Decimal("0.1"))
        spend_limits.add_cost(account, "TEXT", Decimal("0.1"))

    assert spend_limits.spent_this_month(account, "TEXT") == 1
    spend_limits.must_leave_room(account, "VOICE", Decimal("0.1"))
    with pytest.raises(ServiceQuotaExceededException) as raised:
        spend_limits.must_leave_room(account, "TEXT", Decimal("0.00001"))
    assert raised.value.reason == "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"


@pytest.mark.rule("spend-account-level")
def test_the_spend_is_separate_by_account_and_region(emulator, account):
    """What another account, or another Region of the account, has spent does not count."""
    others = [
        engine_of(emulator).account("123456789012", "eu-west-1"),
        engine_of(emulator).account("210987654321", "us-east-1"),
    ]

    spend_limits.add_cost(account, "TEXT", Decimal(5))

    assert spend_limits.spent_this_month(account, "TEXT") == 5
    assert [spend_limits.spent_this_month(each, "TEXT") for each in others] == [0, 0]


@pytest.mark.rule("spend-month")
def test_a_month_begins_in_utc(emulator, account):
    """The spend is reset when the month ends in UTC."""
    now = emulator.clock.now()
    next_year = dt.datetime(now.year + 1, 2, 1, tzinfo=dt.UTC)
    emulator.clock.freeze(next_year - dt.timedelta(seconds=1))
    spend_limits.add_cost(account, "TEXT", Decimal(5))
    before = spend_limits.spent_this_month(account, "TEXT")

    emulator.clock.advance(seconds=1)

    assert before == 5
    assert spend_limits.spent_this_month(account, "TEXT") == 0


@pytest.mark.rule("spend-fresh-max")
@pytest.mark.pinpoint_sms(like_aws="strict", account_tier="PRODUCTION")
def test_a_fresh_account_outside_the_sandbox(sms):
    """As on AWS, leaving the sandbox does not raise the limit of 1 US dollar."""
    found = limits(sms)

    assert {each["MaxLimit"] for each in found.values()} == {1}
