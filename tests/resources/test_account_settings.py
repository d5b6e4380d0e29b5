"""The settings of an account: tier, limits and permissions."""

from collections.abc import Callable

import pytest

from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model, snake

DESTINATION = "+14255550100"

# Listings without parameters: what an account has.
LISTINGS = sorted(
    name
    for name, operation in service_model().operations.items()
    if operation.list_member
    and not service_model().shapes[operation.input_shape].get("required")
    and snake(name) in OPERATIONS
)


def attributes(sms):
    """The account's attributes by name."""
    found = sms.describe_account_attributes()["AccountAttributes"]
    return {each["Name"]: each["Value"] for each in found}


def limits(sms):
    """The account's limits by name: used and maximum."""
    found = sms.describe_account_limits()["AccountLimits"]
    return {each["Name"]: (each["Used"], each["Max"]) for each in found}


def used(sms):
    """The used amount of each limit."""
    return {name: used for name, (used, _most) in limits(sms).items()}


def lease(sms):
    """Request a number; return its id."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE", "MMS"],
        NumberType="LONG_CODE",
    )
    sms.describe_phone_numbers()
    return leased["PhoneNumberId"]


SENDING = {
    "send_text_message": {"MessageBody": "Hello"},
    "send_voice_message": {"MessageBody": "Hello"},
    "send_media_message": {"MediaUrls": ["s3://bucket/picture.png"]},
}


def send(sms, operation, number_id):
    """Send a message of a kind."""
    getattr(sms, operation)(
        DestinationPhoneNumber=DESTINATION,
        OriginationIdentity=number_id,
        **SENDING[operation],
    )


# Attributes.


@pytest.mark.rule("account-attributes-tier", "account-attributes-tier-values")
def test_the_tier_is_production(sms):
    """The attribute ACCOUNT_TIER always exists, and is PRODUCTION by default."""
    assert attributes(sms) == {"ACCOUNT_TIER": "PRODUCTION"}


@pytest.mark.rule(
    "account-attributes-tier", "account-attributes-tier-values", "account-new-sandbox"
)
@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
def test_a_new_account_in_the_sandbox(sms, client):
    """With account_tier, every account starts in the sandbox, in every Region."""
    accounts = [sms, client(account_id="210987654321"), client(region="eu-west-1")]

    assert [attributes(each) for each in accounts] == [{"ACCOUNT_TIER": "SANDBOX"}] * 3


@pytest.mark.rule("account-new-sandbox")
def test_a_new_account_has_no_restrictions(sms, client):
    """By default requests that AWS reviews are granted at once."""
    other = client(account_id="210987654321")

    assert attributes(sms) == attributes(other) == {"ACCOUNT_TIER": "PRODUCTION"}


@pytest.mark.rule("account-attributes-protect")
def test_the_default_protect_configuration(sms):
    """DEFAULT_PROTECT_CONFIGURATION_ID exists only while there is an account default."""
    protecting = sms.create_protect_configuration()["ProtectConfigurationId"]
    listed = [attributes(sms)]
    sms.set_account_default_protect_configuration(ProtectConfigurationId=protecting)
    listed.append(attributes(sms))
    sms.delete_account_default_protect_configuration()
    listed.append(attributes(sms))

    assert [each.get("DEFAULT_PROTECT_CONFIGURATION_ID") for each in listed] == [
        None,
        protecting,
        None,
    ]


# Limits.


@pytest.mark.rule("account-limits-launch-names")
def test_the_first_limits(sms):
    """PHONE_NUMBERS, POOLS, CONFIGURATION_SETS and OPT_OUT_LISTS each have one entry."""
    names = [each["Name"] for each in sms.describe_account_limits()["AccountLimits"]]

    assert names[:4] == ["PHONE_NUMBERS", "POOLS", "CONFIGURATION_SETS", "OPT_OUT_LISTS"]
    assert len(names) == len(set(names))


@pytest.mark.rule("account-limits-members", "account-limits-dollar-slip")
def test_limits_count_resources(sms):
    """Each entry has Name, Used and Max, which are numbers of resources."""
    sms.create_configuration_set(ConfigurationSetName="news")

    found = sms.describe_account_limits()["AccountLimits"]

    assert all(set(each) == {"Name", "Used", "Max"} for each in found)
    assert limits(sms)["CONFIGURATION_SETS"] == (1, 25)
    assert limits(sms)["OPT_OUT_LISTS"] == (1, 25)
    assert limits(sms)["PHONE_NUMBERS"] == (0, 25)


@pytest.mark.rule("account-limits-later-names")
def test_limits_added_later(sms):
    """Sender IDs, registrations, attachments and verified numbers have limits too."""
    later = {
        "SENDER_IDS": (0, 200),
        "REGISTRATIONS": (0, 25),
        "REGISTRATION_ATTACHMENTS": (0, 25),
        "VERIFIED_DESTINATION_NUMBERS": (0, 10),
    }

    assert limits(sms).items() >= later.items()
    assert list(limits(sms)) == service_model().shapes["AccountLimitName"]["enum"]


@pytest.mark.rule("account-limits-used-counts")
def test_used_follows_creation_and_deletion(sms):
    """Used is the current number of resources."""
    number_id = lease(sms)
    pool = sms.create_pool(
        OriginationIdentity=number_id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    sms.create_opt_out_list(OptOutListName="news")
    sms.create_opt_out_list(OptOutListName="offers")
    sms.create_configuration_set(ConfigurationSetName="news")
    made = used(sms)

    sms.delete_pool(PoolId=pool["PoolId"])
    sms.describe_pools()
    sms.release_phone_number(PhoneNumberId=number_id)
    sms.describe_phone_numbers()
    sms.delete_opt_out_list(OptOutListName="news")
    sms.delete_configuration_set(ConfigurationSetName="news")

    names = ("PHONE_NUMBERS", "POOLS", "CONFIGURATION_SETS", "OPT_OUT_LISTS")
    assert [made[name] for name in names] == [1, 1, 1, 3]
    assert [used(sms)[name] for name in names] == [0, 0, 0, 2]


@pytest.mark.rule("account-limits-used-counts")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_pool_that_is_being_deleted_does_not_count(sms, emulator):
    """Used decreases although the pool is still described as DELETING."""
    number = emulator.add_number("+12065550111")
    pool = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    emulator.clock.advance(seconds=60)

    sms.delete_pool(PoolId=pool["PoolId"])

    assert sms.describe_pools()["Pools"][0]["Status"] == "DELETING"
    assert used(sms)["POOLS"] == 0


def create_pool(sms):
    """Make a pool of a new number."""
    sms.create_pool(
        OriginationIdentity=lease(sms), IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )


@pytest.mark.rule("account-limits-enforced")
@pytest.mark.pinpoint_sms(
    quotas={
        "POOLS_PER_ACCOUNT": 2,
        "OPT_OUT_LISTS_PER_ACCOUNT": 3,
        "CONFIGURATION_SETS_PER_ACCOUNT": 2,
    }
)
@pytest.mark.parametrize(
    ("limit", "create"),
    [
        ("PHONE_NUMBERS", lambda sms, _index: lease(sms)),
        ("POOLS", lambda sms, _index: create_pool(sms)),
        ("OPT_OUT_LISTS", lambda sms, i: sms.create_opt_out_list(OptOutListName=f"list-{i}")),
        (
            "CONFIGURATION_SETS",
            lambda sms, i: sms.create_configuration_set(ConfigurationSetName=f"set-{i}"),
        ),
    ],
)
def test_limits_are_enforced(sms, refused, limit, create):
    """When Used equals Max, the next creation fails with the Reason for that kind."""
    already, most = limits(sms)[limit]
    for index in range(already, most):
        create(sms, index)
    free = lease(sms) if limit == "POOLS" else None

    assert limits(sms)[limit] == (most, most)
    with refused("ServiceQuotaExceededException", f"{limit}_PER_ACCOUNT"):
        if free:
            sms.create_pool(
                OriginationIdentity=free, IsoCountryCode="US", MessageType="TRANSACTIONAL"
            )
        else:
            create(sms, most)


# Sandbox and denial.


@pytest.mark.rule("account-sandbox-unverified")
@pytest.mark.pinpoint_sms(account_tier="SANDBOX")
@pytest.mark.parametrize("operation", SENDING)
def test_unverified_destinations_are_refused_in_the_sandbox(sms, refused, operation):
    """In the sandbox a message to a destination that is not verified is refused."""
    number_id = lease(sms)

    with refused(
        "ConflictException",
        "DESTINATION_PHONE_NUMBER_NOT_VERIFIED",
        about=("phone-number", DESTINATION),
    ):
        send(sms, operation, number_id)


@pytest.mark.rule("account-production")
@pytest.mark.parametrize("operation", SENDING)
def test_production_needs_no_verification(sms, emulator, operation):
    """Any destination is accepted."""
    send(sms, operation, lease(sms))

    assert [each.recipient for each in emulator.messages] == [DESTINATION]


@pytest.mark.rule("account-disabled")
@pytest.mark.parametrize("operation", SENDING)
def test_a_disabled_account(sms, emulator, refused, operation):
    """A fault with that Reason stands for a disabled account."""
    number_id = lease(sms)
    wire_name = next(name for name in service_model().operations if snake(name) == operation)
    emulator.fail(wire_name, "AccessDeniedException", reason="ACCOUNT_DISABLED")

    with refused("AccessDeniedException", "ACCOUNT_DISABLED"):
        send(sms, operation, number_id)


@pytest.mark.rule("account-reputation")
def test_an_account_of_bad_reputation(sms, emulator, refused):
    """Faults with that Reason stand for an account with insufficient reputation."""
    number_id = lease(sms)
    for operation in ("RequestPhoneNumber", "SendTextMessage"):
        emulator.fail(operation, "AccessDeniedException", reason="INSUFFICIENT_ACCOUNT_REPUTATION")

    with refused("AccessDeniedException", "INSUFFICIENT_ACCOUNT_REPUTATION"):
        lease(sms)
    with refused("AccessDeniedException", "INSUFFICIENT_ACCOUNT_REPUTATION"):
        send(sms, "send_text_message", number_id)


# Regions.


def everything(sms):
    """The answers of all listings without parameters."""
    return {
        name: getattr(sms, snake(name))()[service_model().operations[name].list_member]
        for name in LISTINGS
    }


@pytest.fixture
def changed(sms, client):
    """Create something.

    Return the listings that show it, which those of other accounts and Regions do not.
    """
    others = [client(account_id="210987654321"), client(region="eu-west-1")]
    before = [everything(each) for each in others]
    own = everything(sms)

    def make(*somethings: Callable[[], object]):
        for something in somethings:
            something()
        now = everything(sms)
        assert [everything(each) for each in others] == before
        return {name for name in LISTINGS if now[name] != own[name]}

    return make


@pytest.mark.rule("account-region-scope")
def test_accounts_and_regions_share_nothing(sms, changed):
    """All resources and settings are separate per account and Region."""
    protecting = sms.create_protect_configuration()["ProtectConfigurationId"]

    listed = changed(
        lambda: create_pool(sms),
        lambda: sms.create_opt_out_list(OptOutListName="news"),
        lambda: sms.create_configuration_set(ConfigurationSetName="news"),
        lambda: sms.request_sender_id(SenderId="NEWS", IsoCountryCode="GB"),
        lambda: sms.set_text_message_spend_limit_override(MonthlyLimit=5),
        lambda: sms.set_account_default_protect_configuration(ProtectConfigurationId=protecting),
        lambda: sms.create_verified_destination_number(DestinationPhoneNumber=DESTINATION),
    )

    assert listed == {
        "DescribeAccountAttributes",
        "DescribeAccountLimits",
        "DescribeConfigurationSets",
        "DescribeOptOutLists",
        "DescribePhoneNumbers",
        "DescribePools",
        "DescribeProtectConfigurations",
        "DescribeSenderIds",
        "DescribeSpendLimits",
        "DescribeVerifiedDestinationNumbers",
    }
