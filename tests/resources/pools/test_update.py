"""UpdatePool: what members have in common."""

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
def test_what_is_not_given_stays(sms, account, number, change, changed):
    """Only the members in an UpdatePool request change; all others keep their value."""
    customise(sms, number)
    sms.create_opt_out_list(OptOutListName="Other")
    pool = account.pools[create(sms, number)["PoolId"]]
    before = described(sms, pool)

    sms.update_pool(PoolId=pool.id, **change)

    assert described(sms, pool) == before | change | changed


@pytest.mark.rule("pool-update-empty")
def test_an_update_of_nothing_changes_nothing(sms, pool):
    """UpdatePool with nothing but PoolId succeeds and returns the unchanged pool."""
    before = described(sms, pool)

    assert without_metadata(sms.update_pool(PoolId=pool.id)) == before
    assert described(sms, pool) == before


@pytest.mark.rule("pool-update-opt-out-list")
@pytest.mark.parametrize("form", ["OptOutListName", "OptOutListArn"])
def test_an_opt_out_list_is_named_by_name_or_arn(sms, pool, form):
    """OptOutListName takes a name or an ARN, and the answer shows the plain name."""
    made = sms.create_opt_out_list(OptOutListName="Ours")

    updated = sms.update_pool(PoolId=pool.id, OptOutListName=made[form])

    assert updated["OptOutListName"] == "Ours"


@pytest.mark.rule("pool-update-opt-out-list-unknown")
def test_an_unknown_opt_out_list_is_refused(sms, refused, lease, pool):
    """An opt-out list that does not exist is not found, wherever it is named."""
    other = lease()

    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        sms.update_pool(PoolId=pool.id, OptOutListName="Nobody")
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        sms.update_phone_number(PhoneNumberId=other.id, OptOutListName="Nobody")
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        lease(OptOutListName="Nobody")


@pytest.mark.rule("pool-update-two-way-needs-channel", "pool-update-two-way-topic-at-launch")
def test_two_way_messaging_needs_a_channel(refused, update):
    """TwoWayEnabled without a stored or given channel is TWO_WAY_CHANNEL_NOT_PRESENT."""
    with refused("ValidationException", "TWO_WAY_CHANNEL_NOT_PRESENT", fields=["TwoWayChannelArn"]):
        update(TwoWayEnabled=True)

    assert update(TwoWayEnabled=True, TwoWayChannelArn=TOPIC)["TwoWayEnabled"] is True
    assert update(TwoWayEnabled=True)["TwoWayChannelArn"] == TOPIC


@pytest.mark.rule("pool-update-channel-needs-two-way")
def test_a_channel_needs_two_way_messaging(refused, update):
    """A TwoWayChannelArn while two-way messaging is and stays off is refused."""
    for given in ({}, {"TwoWayEnabled": False}):
        with refused("ValidationException", "TWO_WAY_NOT_ENABLED", fields=["TwoWayChannelArn"]):
            update(TwoWayChannelArn=TOPIC, **given)


@pytest.mark.rule("pool-update-self-managed-needs-two-way")
def test_own_opt_outs_need_two_way_messaging(refused, update):
    """SelfManagedOptOutsEnabled can be turned on only where two-way messaging is on."""
    with refused(
        "ValidationException", "TWO_WAY_NOT_ENABLED", fields=["SelfManagedOptOutsEnabled"]
    ):
        update(SelfManagedOptOutsEnabled=True)

    update(TwoWayEnabled=True, TwoWayChannelArn=TOPIC)
    assert update(SelfManagedOptOutsEnabled=True)["SelfManagedOptOutsEnabled"] is True


@pytest.mark.rule("pool-update-two-way-country")
def test_two_way_messaging_needs_a_country_that_has_it(sms, account, refused, lease):
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
    """With TwoWayEnabled false the answer says so, and there is no channel any more."""
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
    """TwoWayChannelArn is 20 to 2048 characters, of a topic's ARN or a host of Connect."""
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
    """A simulator number does not answer through Connect, alone or as a member of a pool."""
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
    """UpdateRcsAgent takes the same channels."""
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
    """SharedRoutesEnabled can be switched on and off."""
    for enabled in (True, False):
        assert (
            sms.update_pool(PoolId=pool.id, SharedRoutesEnabled=enabled)["SharedRoutesEnabled"]
            is enabled
        )
        assert described(sms, pool)["SharedRoutesEnabled"] is enabled


@pytest.mark.rule("pool-update-deletion-protection")
def test_protection_is_switched(sms, pool):
    """DeletionProtectionEnabled can be switched at any time, also while it is on."""
    for enabled in (True, True, False):
        updated = sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=enabled)
        assert updated["DeletionProtectionEnabled"] is enabled


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-update-not-active", "pool-associate-pool-not-active")
def test_a_pool_that_is_not_active_is_left_alone(sms, emulator, account, refused, lease):
    """Nothing joins or leaves a pool that is not ACTIVE; one that is DELETING is not updated."""
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
def test_what_a_pool_is_set_to_shows_on_its_numbers(sms, lease, pool, number):
    """List, two-way and opt-out settings of the pool show on every member number."""
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
def test_what_update_pool_answers(sms, number):
    """All settings, deletion protection and time of birth, and no tags."""
    customise(sms, number)
    made = create(sms, number, Tags=[{"Key": "team", "Value": "blue"}])

    updated = without_metadata(sms.update_pool(PoolId=made["PoolId"]))

    two_way = {"TwoWayChannelArn", "TwoWayChannelRole"}
    assert updated.keys() == POOL_MEMBERS | two_way | {"DeletionProtectionEnabled"}
