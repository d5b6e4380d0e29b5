"""UpdatePool: the settings that members share."""

import pytest

from tests.resources.pools.calls import (
    POOL_MEMBERS,
    ROLE,
    TOPIC,
    associate,
    create,
    customise,
    described,
    disassociate,
    has_agents,
    number_described,
    without_metadata,
)

OTHER_CHANNELS = (
    "x" * 20,
    "arn:aws:sqs:us-east-1:123456789012:answers",
    "arn:aws:sns:us-east-1:123456789012",
    "https://connect.us-east-1.amazonaws.com",
    "connect.amazonaws.com",
    "connect.mars.amazonaws.com",
    "arn:aws:sns:mars:123456789012:answers",
    # The ARN of a subscription.
    "arn:aws:sns:us-east-1:123456789012:t:0f3c",
)


CHANNELS = (
    "connect.us-east-1.amazonaws.com",
    "arn:aws-us-gov:sns:us-gov-west-1:123456789012:answers.fifo",
    f"{TOPIC}{'x' * (2048 - len(TOPIC))}",
)


@pytest.mark.rule("pool-update-partial")
@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ({"OptOutListName": "Other"}, {}),
        ({"TwoWayChannelArn": TOPIC + "2"}, {}),
        ({"TwoWayChannelRole": ROLE + "2"}, {}),
        ({"SelfManagedOptOutsEnabled": False}, {}),
        ({"SharedRoutesEnabled": True}, {}),
        ({"DeletionProtectionEnabled": True}, {}),
    ],
    ids=lambda given: next(iter(given), ""),
)
def test_only_given_members_change(sms, account, number, change, changed):
    """Only the members in an UpdatePool request change; all others keep their value."""
    customise(sms, number)
    sms.create_opt_out_list(OptOutListName="Other")
    pool = account.pools[create(sms, number)["PoolId"]]
    before = described(sms, pool)

    sms.update_pool(PoolId=pool.id, **change)

    assert described(sms, pool) == before | change | changed


@pytest.mark.rule("pool-update-empty")
def test_an_update_without_settings_succeeds(sms, pool):
    """UpdatePool with only PoolId returns the unchanged pool."""
    before = described(sms, pool)

    assert without_metadata(sms.update_pool(PoolId=pool.id)) == before
    assert described(sms, pool) == before


@pytest.mark.rule("pool-update-opt-out-list")
@pytest.mark.parametrize("form", ["OptOutListName", "OptOutListArn"])
def test_an_opt_out_list_is_named_by_name_or_arn(sms, pool, form):
    """OptOutListName takes a name or an ARN, and the answer has the name."""
    made = sms.create_opt_out_list(OptOutListName="Ours")

    updated = sms.update_pool(PoolId=pool.id, OptOutListName=made[form])

    assert updated["OptOutListName"] == "Ours"


@pytest.mark.rule("pool-update-opt-out-list-unknown")
def test_an_unknown_opt_out_list_is_refused(sms, refused, lease, pool):
    """This applies to every operation that takes a list."""
    other = lease()

    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        sms.update_pool(PoolId=pool.id, OptOutListName="Nobody")
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        sms.update_phone_number(PhoneNumberId=other.id, OptOutListName="Nobody")
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        lease(OptOutListName="Nobody")


@pytest.mark.rule("pool-update-two-way-needs-channel", "pool-update-two-way-topic-at-launch")
def test_two_way_messaging_needs_a_channel(refused, update):
    """TwoWayEnabled without a stored or given channel is refused."""
    with refused("ValidationException", "TWO_WAY_CHANNEL_NOT_PRESENT", fields=["TwoWayChannelArn"]):
        update(TwoWayEnabled=True)

    assert update(TwoWayEnabled=True, TwoWayChannelArn=TOPIC)["TwoWayEnabled"] is True
    assert update(TwoWayEnabled=True)["TwoWayChannelArn"] == TOPIC


@pytest.mark.rule("pool-update-channel-needs-two-way")
def test_a_channel_needs_two_way_messaging(refused, update):
    """TwoWayChannelArn is refused while two-way messaging stays off."""
    for given in ({}, {"TwoWayEnabled": False}):
        with refused("ValidationException", "TWO_WAY_NOT_ENABLED", fields=["TwoWayChannelArn"]):
            update(TwoWayChannelArn=TOPIC, **given)


@pytest.mark.rule("pool-update-self-managed-needs-two-way")
def test_self_managed_opt_outs_need_two_way_messaging(refused, update):
    """SelfManagedOptOutsEnabled can be turned on only where two-way messaging is on."""
    with refused(
        "ValidationException", "TWO_WAY_NOT_ENABLED", fields=["SelfManagedOptOutsEnabled"]
    ):
        update(SelfManagedOptOutsEnabled=True)

    update(TwoWayEnabled=True, TwoWayChannelArn=TOPIC)
    assert update(SelfManagedOptOutsEnabled=True)["SelfManagedOptOutsEnabled"] is True


@pytest.mark.rule("two-way-self-managed-connect")
def test_self_managed_opt_outs_exclude_connect(refused, update):
    """Amazon Connect does not support self-managed opt-outs, whichever is set first."""
    connect = {"TwoWayEnabled": True, "TwoWayChannelArn": "connect.us-east-1.amazonaws.com"}
    fields = ["SelfManagedOptOutsEnabled"]
    with refused("ValidationException", "INVALID_PARAMETER", fields=fields):
        update(**connect, SelfManagedOptOutsEnabled=True)

    update(**connect)
    with refused("ValidationException", "INVALID_PARAMETER", fields=fields):
        update(SelfManagedOptOutsEnabled=True)

    update(TwoWayChannelArn=TOPIC, SelfManagedOptOutsEnabled=True)
    with refused("ValidationException", "INVALID_PARAMETER", fields=fields):
        update(**connect)
    changed = update(**connect, SelfManagedOptOutsEnabled=False)
    assert changed["SelfManagedOptOutsEnabled"] is False


@pytest.mark.rule("pool-update-two-way-country")
def test_two_way_messaging_needs_a_country_that_supports_it(sms, account, refused, lease):
    """Two-way messaging is refused for a number of a country without inbound SMS."""
    number = lease(IsoCountryCode="CH", NumberCapabilities=["VOICE"])
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}

    with refused(
        "ValidationException", "TWO_WAY_NOT_SUPPORTED_IN_COUNTRY", fields=["TwoWayEnabled"]
    ):
        sms.update_phone_number(PhoneNumberId=number.id, **two_way)
    pool = account.pools[create(sms, number)["PoolId"]]
    sms.describe_pools()
    with refused(
        "ValidationException", "TWO_WAY_NOT_SUPPORTED_IN_COUNTRY", fields=["TwoWayEnabled"]
    ):
        sms.update_pool(PoolId=pool.id, **two_way)


@pytest.mark.rule("pool-update-two-way-off")
def test_two_way_messaging_is_turned_off(update):
    """TwoWayEnabled false removes the channel."""
    update(TwoWayEnabled=True, TwoWayChannelArn=TOPIC, TwoWayChannelRole=ROLE)

    updated = update(TwoWayEnabled=False)

    assert updated["TwoWayEnabled"] is False
    assert "TwoWayChannelArn" not in updated
    assert "TwoWayChannelRole" not in updated


@pytest.mark.rule("pool-update-two-way-role")
def test_a_two_way_channel_may_have_a_role(refused, update):
    """TwoWayChannelRole is an optional role ARN of 20 to 2048 characters."""
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    for role in ("arn:aws:iam::1:role", "arn:" + "x" * 2045, "role-without-arn-prefix"):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["TwoWayChannelRole"]
        ):
            update(**two_way, TwoWayChannelRole=role)

    assert "TwoWayChannelRole" not in update(**two_way)
    for role in ("arn:aws:iam::1:role/", "arn:" + "x" * 2044):
        assert update(TwoWayChannelRole=role)["TwoWayChannelRole"] == role


@pytest.mark.rule("pool-update-channel-format", "two-way-channel-kinds")
def test_a_two_way_channel_is_a_topic_or_connect(refused, update):
    """TwoWayChannelArn is the ARN of a topic or a host of Amazon Connect."""
    for channel in ("x" * 19, "x" * 2049, "arn:aws:sns:with a blank"):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TwoWayChannelArn"]):
            update(TwoWayEnabled=True, TwoWayChannelArn=channel)

    for channel in OTHER_CHANNELS:
        with refused("ValidationException", "INVALID_PARAMETER", fields=["TwoWayChannelArn"]):
            update(TwoWayEnabled=True, TwoWayChannelArn=channel)
    for channel in CHANNELS:
        updated = update(TwoWayEnabled=True, TwoWayChannelArn=channel)
        assert updated["TwoWayChannelArn"] == channel


@pytest.mark.rule("two-way-simulator-connect")
def test_a_simulator_number_has_no_connect(sms, lease, refused):
    """Simulator numbers cannot use Amazon Connect, alone or in a pool."""
    connect = {"TwoWayEnabled": True, "TwoWayChannelArn": "connect.us-east-1.amazonaws.com"}
    simulator = {"NumberType": "SIMULATOR", "NumberCapabilities": ["SMS"]}
    alone, inside, long_code = lease(**simulator), lease(**simulator), lease()
    of_simulators = create(sms, inside)["PoolId"]
    sms.update_phone_number(PhoneNumberId=long_code.id, **connect)
    on_connect = create(sms, long_code)["PoolId"]
    sms.describe_pools()

    with refused("ValidationException", "INVALID_PARAMETER", fields=["TwoWayChannelArn"]):
        sms.update_phone_number(PhoneNumberId=alone.id, **connect)
    with refused("ValidationException", "INVALID_PARAMETER", fields=["TwoWayChannelArn"]):
        sms.update_pool(PoolId=of_simulators, **connect)
    with refused("ConflictException", "TWO_WAY_CONFIG_MISMATCH", about=("pool", on_connect)):
        lease(PoolId=on_connect, **simulator)
    topic = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    assert sms.update_phone_number(PhoneNumberId=alone.id, **topic)["TwoWayChannelArn"] == TOPIC


@has_agents
@pytest.mark.rule("pool-update-channel-format", "two-way-channel-kinds")
def test_an_agents_channel_is_a_topic_or_connect(sms, refused, agent):
    """UpdateRcsAgent accepts the same channels."""
    for channel in ("x" * 19, "x" * 2049, "arn:aws:sns:with a blank"):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TwoWayChannelArn"]):
            sms.update_rcs_agent(RcsAgentId=agent.id, TwoWayEnabled=True, TwoWayChannelArn=channel)

    for channel in OTHER_CHANNELS:
        with refused("ValidationException", "INVALID_PARAMETER", fields=["TwoWayChannelArn"]):
            sms.update_rcs_agent(RcsAgentId=agent.id, TwoWayEnabled=True, TwoWayChannelArn=channel)
    for channel in CHANNELS:
        updated = sms.update_rcs_agent(
            RcsAgentId=agent.id, TwoWayEnabled=True, TwoWayChannelArn=channel
        )
        assert updated["TwoWayChannelArn"] == channel


@pytest.mark.rule("pool-update-shared-routes")
def test_shared_routes_are_switched(sms, pool):
    """SharedRoutesEnabled can be turned on and off."""
    for enabled in (True, False):
        assert (
            sms.update_pool(PoolId=pool.id, SharedRoutesEnabled=enabled)["SharedRoutesEnabled"]
            is enabled
        )
        assert described(sms, pool)["SharedRoutesEnabled"] is enabled


@pytest.mark.rule("pool-update-deletion-protection")
def test_protection_is_switched(sms, pool):
    """DeletionProtectionEnabled can be changed at any time."""
    for enabled in (True, True, False):
        updated = sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=enabled)
        assert updated["DeletionProtectionEnabled"] is enabled


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-update-not-active", "pool-associate-pool-not-active")
def test_a_pool_must_be_active_for_changes(sms, emulator, account, refused, lease):
    """Nothing joins or leaves an inactive pool; a pool that is DELETING cannot be updated."""
    first, other = lease(), lease()
    emulator.clock.advance(seconds=60)
    pool = account.pools[create(sms, first)["PoolId"]]

    for status in ("CREATING", "DELETING"):
        assert described(sms, pool)["Status"] == status
        with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
            associate(sms, pool, other)
        if status == "DELETING":
            with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
                sms.update_pool(PoolId=pool.id, SharedRoutesEnabled=True)
        else:
            assert sms.update_pool(PoolId=pool.id, SharedRoutesEnabled=True)["SharedRoutesEnabled"]
            with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
                disassociate(sms, pool, first)
            emulator.clock.advance(seconds=60)
            sms.delete_pool(PoolId=pool.id)


@pytest.mark.rule("pool-update-propagates")
def test_a_pools_settings_apply_to_its_numbers(sms, lease, pool, number):
    """Numbers have the list, two-way and opt-out settings of their pool."""
    other, alone = lease(), lease()
    associate(sms, pool, other)
    sms.create_opt_out_list(OptOutListName="Ours")
    settings = {
        "OptOutListName": "Ours",
        "TwoWayEnabled": True,
        "TwoWayChannelArn": TOPIC,
        "TwoWayChannelRole": ROLE,
        "SelfManagedOptOutsEnabled": True,
    }

    sms.update_pool(PoolId=pool.id, **settings)

    for member in (number, other):
        assert settings.items() <= number_described(sms, member).items()
    assert number_described(sms, alone)["OptOutListName"] == "Default"

    sms.update_pool(PoolId=pool.id, TwoWayEnabled=False)
    assert "TwoWayChannelArn" not in number_described(sms, other)


@pytest.mark.rule("pool-update-response")
def test_members_of_the_answer(sms, number):
    """The answer has all settings, deletion protection and CreatedTimestamp, without tags."""
    customise(sms, number)
    made = create(sms, number, Tags=[{"Key": "team", "Value": "blue"}])

    updated = without_metadata(sms.update_pool(PoolId=made["PoolId"]))

    two_way = {"TwoWayChannelArn", "TwoWayChannelRole"}
    assert updated.keys() == POOL_MEMBERS | two_way | {"DeletionProtectionEnabled"}
