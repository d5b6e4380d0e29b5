"""DescribePools, and rules for all operations that take a pool."""

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.resources.pools.calls import (
    POOL_MEMBERS,
    TOPIC,
    associate,
    create,
    described,
    identities,
    ids,
    named,
    number_described,
    takes_an_empty_id,
)

UNKNOWN = "pool-00000000000000000000000000000000"


def calls_with_a_pool(sms, identity):
    """Every operation that takes a PoolId, as a function of it."""
    return [
        lambda pool_id: sms.update_pool(PoolId=pool_id),
        lambda pool_id: sms.list_pool_origination_identities(PoolId=pool_id),
        lambda pool_id: sms.associate_origination_identity(PoolId=pool_id, **named(identity)),
        lambda pool_id: sms.disassociate_origination_identity(PoolId=pool_id, **named(identity)),
        lambda pool_id: sms.delete_pool(PoolId=pool_id),
    ]


def passing(sms, name, *values: str):
    """The ids of the pools that match a filter."""
    found = sms.describe_pools(Filters=[{"Name": name, "Values": list(values)}])
    return [each["PoolId"] for each in found["Pools"]]


@pytest.mark.rule("pool-id-and-arn-format")
def test_the_form_of_an_id(sms, number):
    """PoolId is pool- and a unique suffix; PoolArn ends in pool/ and that id."""
    made = create(sms, number)

    prefix, _, suffix = made["PoolId"].partition("-")
    assert prefix == "pool"
    assert len(suffix) == 32
    assert int(suffix, 16) >= 0
    start = "arn:aws:sms-voice:us-east-1:123456789012:pool/"
    assert made["PoolArn"] == start + made["PoolId"]
    (entry,) = sms.describe_pools()["Pools"]
    assert (entry["PoolId"], entry["PoolArn"]) == (made["PoolId"], made["PoolArn"])


@pytest.mark.rule("pool-any-id-or-arn")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_pool_is_named_by_id_or_arn(sms, lease, pool, form):
    """Every PoolId takes the id or the ARN."""
    name = getattr(pool, form)
    other = lease()

    assert [each["PoolId"] for each in sms.describe_pools(PoolIds=[name])["Pools"]] == [pool.id]
    for call in calls_with_a_pool(sms, other):
        assert call(name)["PoolId"] == pool.id


@pytest.mark.rule("pool-unknown")
def test_an_unknown_pool_is_refused(sms, refused, lease, pool):
    """A pool that does not exist is not found."""
    other = lease()

    for name in (UNKNOWN, pool.arn.replace(pool.id, UNKNOWN)):
        for call in calls_with_a_pool(sms, other):
            with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
                call(name)
        with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
            lease(PoolId=name)


@takes_an_empty_id
@pytest.mark.rule("pool-id-empty-string")
def test_an_empty_pool_id_is_refused_where_required(sms, refused, lease):
    """An empty PoolId is invalid where it is required, and ignored elsewhere."""
    other = lease()

    for call in calls_with_a_pool(sms, other):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["PoolId"]):
            call("")
    assert "PoolId" not in number_described(sms, lease(PoolId=""))


@pytest.mark.rule("pool-describe-all")
def test_all_pools_are_described(sms, pools):
    """Without ids or filters every pool is returned, oldest first."""
    assert [each["PoolId"] for each in sms.describe_pools()["Pools"]] == [each.id for each in pools]


@pytest.mark.rule("pool-describe-by-id")
def test_named_pools_are_described(sms, pools):
    """PoolIds restrict the result."""
    found = sms.describe_pools(PoolIds=[pools[2].arn, pools[0].id])["Pools"]

    assert {each["PoolId"] for each in found} == {pools[0].id, pools[2].id}


@pytest.mark.rule("pool-describe-unknown-id")
def test_one_unknown_id_fails_the_description(sms, refused, pool):
    """One unknown id fails the whole call."""
    with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
        sms.describe_pools(PoolIds=[pool.id, UNKNOWN])


@pytest.mark.rule("pool-id-empty-string")
@takes_an_empty_id
def test_an_empty_entry_of_pool_ids_is_refused(sms, refused, pool):
    """An empty entry of PoolIds is invalid."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["PoolIds"]):
        sms.describe_pools(PoolIds=[pool.id, ""])


@pytest.mark.rule("pool-describe-id-limit")
def test_at_most_five_pool_ids_are_accepted(sms, refused, pool):
    """PoolIds holds at most 5 entries."""
    assert len(sms.describe_pools(PoolIds=[pool.id] * 5)["Pools"]) == 1
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PoolIds"]):
        sms.describe_pools(PoolIds=[pool.id] * 6)


@pytest.mark.rule("pool-describe-ids-and-filters")
def test_ids_and_filters_together(sms, pools):
    """Both must match."""
    found = sms.describe_pools(
        PoolIds=[pools[0].id, pools[2].id],
        Filters=[{"Name": "message-type", "Values": ["TRANSACTIONAL"]}],
    )["Pools"]

    assert [each["PoolId"] for each in found] == [pools[0].id]


@pytest.mark.parametrize(
    ("name", "value", "which"),
    [
        pytest.param(name, value, which, marks=pytest.mark.rule(rule))
        for rule, name, value, which in [
            ("pool-filter-message-type", "message-type", "TRANSACTIONAL", {0, 1, 3}),
            ("pool-filter-message-type", "message-type", "PROMOTIONAL", {2}),
            ("pool-filter-two-way-enabled", "two-way-enabled", "true", {1}),
            ("pool-filter-two-way-enabled", "two-way-enabled", "false", {0, 2, 3}),
            ("pool-filter-self-managed-opt-outs", "self-managed-opt-outs-enabled", "true", {1}),
            (
                "pool-filter-self-managed-opt-outs",
                "self-managed-opt-outs-enabled",
                "false",
                {0, 2, 3},
            ),
            ("pool-filter-opt-out-list-name", "opt-out-list-name", "Ours", {1}),
            ("pool-filter-opt-out-list-name", "opt-out-list-name", "Other", set()),
            ("pool-filter-shared-routes", "shared-routes-enabled", "true", {0}),
            ("pool-filter-shared-routes", "shared-routes-enabled", "false", {1, 2, 3}),
            ("pool-filter-deletion-protection", "deletion-protection-enabled", "true", {3}),
            ("pool-filter-deletion-protection", "deletion-protection-enabled", "false", {0, 1, 2}),
            ("pool-filter-two-way-channel-arn", "two-way-channel-arn", TOPIC, {1}),
            ("pool-filter-two-way-channel-arn", "two-way-channel-arn", TOPIC + "2", set()),
        ]
    ],
)
def test_pools_are_filtered(sms, pools, name, value, which):
    """A filter selects the pools with that value."""
    assert passing(sms, name, value) == [pools[index].id for index in sorted(which)]


@pytest.mark.rule("pool-filter-message-type", "pool-filter-opt-out-list-name")
def test_one_of_several_values_is_enough(sms, pools):
    """The values of a filter are alternatives."""
    everything = [each.id for each in pools]

    assert passing(sms, "message-type", "TRANSACTIONAL", "PROMOTIONAL") == everything
    assert passing(sms, "opt-out-list-name", "Default", "Ours") == everything


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-filter-status")
def test_pools_are_filtered_by_status(sms, emulator, lease):
    """The filter status matches Status."""
    first, second = lease(), lease()
    emulator.clock.advance(seconds=60)
    old = create(sms, first)["PoolId"]
    emulator.clock.advance(seconds=60)
    new = create(sms, second)["PoolId"]

    assert passing(sms, "status", "ACTIVE") == [old]
    assert passing(sms, "status", "CREATING", "DELETING") == [new]
    assert passing(sms, "status", "CREATING", "ACTIVE") == [old, new]


@pytest.mark.rule("pool-describe-no-tags")
def test_members_of_an_entry(sms, number):
    """An entry has neither tags nor a country."""
    made = create(sms, number, Tags=[{"Key": "team", "Value": "blue"}])

    (entry,) = sms.describe_pools()["Pools"]
    assert entry.keys() == POOL_MEMBERS | {"DeletionProtectionEnabled"}
    assert sms.list_tags_for_resource(ResourceArn=made["PoolArn"])["Tags"]


@pytest.mark.rule("pool-message-type-immutable")
def test_a_pool_keeps_its_message_type(sms, pool):
    """UpdatePool cannot change it."""
    assert "MessageType" not in service_model().shapes["UpdatePoolRequest"]["members"]
    updated = sms.update_pool(
        PoolId=pool.id, SharedRoutesEnabled=True, TwoWayEnabled=True, TwoWayChannelArn=TOPIC
    )
    assert updated["MessageType"] == "TRANSACTIONAL"


@pytest.mark.rule("pool-mixed-identities")
def test_a_number_joins_a_pool_of_a_sender_id(sms, account, lease, sender_id):
    """A pool that was created with a sender ID accepts numbers."""
    made = account.pools[create(sms, sender_id)["PoolId"]]
    number = lease()

    associate(sms, made, number)

    assert set(ids(identities(sms, made))) == {sender_id.id, number.id}


@pytest.mark.pinpoint_sms(quotas="POOLS_PER_ACCOUNT=1")
@pytest.mark.rule("pool-declared-exceptions")
def test_only_create_pool_has_a_quota(sms, refused, lease, pool):
    """A full account can describe, update and delete pools."""
    other = lease()

    with refused("ServiceQuotaExceededException", "POOLS_PER_ACCOUNT"):
        create(sms, other)
    assert described(sms, pool)["PoolId"] == pool.id
    assert sms.update_pool(PoolId=pool.id, SharedRoutesEnabled=True)["SharedRoutesEnabled"]
    assert sms.delete_pool(PoolId=pool.id)["Status"] == "DELETING"
