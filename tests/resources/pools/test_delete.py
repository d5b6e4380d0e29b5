"""DeletePool."""

import pytest
from botocore.exceptions import ClientError

from tests.resources.pools.calls import (
    POOL_MEMBERS,
    associate,
    create,
    customise,
    described,
    disassociate,
    has_agents,
    number_described,
    without_metadata,
)


@pytest.mark.rule("pool-delete-protected")
def test_a_protected_pool_cannot_be_deleted(sms, refused, pool):
    """A pool with deletion protection cannot be deleted and stays unchanged."""
    sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=pool):
        sms.delete_pool(PoolId=pool.id)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-delete-not-active")
def test_a_pool_that_is_not_active_cannot_be_deleted(sms, emulator, account, refused, lease):
    """This applies to CREATING and DELETING."""
    number = lease()
    emulator.clock.advance(seconds=60)
    pool = account.pools[create(sms, number)["PoolId"]]

    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
        sms.delete_pool(PoolId=pool.id)
    emulator.clock.advance(seconds=60)
    assert sms.delete_pool(PoolId=pool.id)["Status"] == "DELETING"
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
        sms.delete_pool(PoolId=pool.id)


@has_agents
@pytest.mark.rule("pool-delete-disassociates")
def test_members_remain_after_deletion(sms, pool, number, sender_id, agent):
    """Only the associations are deleted."""
    associate(sms, pool, sender_id)
    associate(sms, pool, agent)

    sms.delete_pool(PoolId=pool.id)

    assert "PoolId" not in number_described(sms, number)
    (listed,) = sms.describe_rcs_agents(RcsAgentIds=[agent.id])["RcsAgents"]
    assert "PoolId" not in listed
    assert [each["SenderId"] for each in sms.describe_sender_ids()["SenderIds"]] == [sender_id.id]
    released = sms.release_sender_id(SenderId=sender_id.id, IsoCountryCode="GB")
    assert released["SenderId"] == sender_id.id


@pytest.mark.rule("pool-delete-response")
def test_members_of_the_answer(sms, number):
    """The answer has the last settings and Status, without deletion protection and tags."""
    customise(sms, number)
    made = create(sms, number, Tags=[{"Key": "team", "Value": "blue"}])

    deleted = without_metadata(sms.delete_pool(PoolId=made["PoolId"]))

    assert deleted.keys() == POOL_MEMBERS | {"TwoWayChannelArn", "TwoWayChannelRole"}
    for name in deleted.keys() - {"Status"}:
        assert deleted[name] == made[name]


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-delete-status")
def test_a_pool_is_deleting_then_gone(sms, emulator, account, refused, lease):
    """Status is DELETING at first; afterwards the id is unknown."""
    number = lease()
    emulator.clock.advance(seconds=60)
    pool = account.pools[create(sms, number)["PoolId"]]
    emulator.clock.advance(seconds=60)

    assert sms.delete_pool(PoolId=pool.id)["Status"] == "DELETING"

    assert described(sms, pool)["Status"] == "DELETING"
    emulator.clock.advance(seconds=60)
    with refused("ResourceNotFoundException", about=pool):
        sms.describe_pools(PoolIds=[pool.id])


@pytest.mark.rule("pool-delete-frees-numbers")
@pytest.mark.parametrize("then", ["release", "update", "create", "associate"])
def test_numbers_of_a_deleted_pool_are_free(sms, lease, account, pool, number, then):
    """They can be released, updated or added to another pool."""
    other = account.pools[create(sms, lease())["PoolId"]]

    sms.delete_pool(PoolId=pool.id)

    if then == "release":
        sms.release_phone_number(PhoneNumberId=number.id)
        assert sms.describe_phone_numbers()["PhoneNumbers"]
    elif then == "update":
        sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)
        assert number_described(sms, number)["DeletionProtectionEnabled"] is True
    elif then == "create":
        made = create(sms, number)
        assert number_described(sms, number)["PoolId"] == made["PoolId"]
    else:
        associate(sms, other, number)
        assert number_described(sms, number)["PoolId"] == other.id


@pytest.mark.rule("pool-delete-frees-opt-out-list")
def test_a_deleted_pool_uses_no_opt_out_list(sms, sender_id):
    """Its opt-out list can be deleted."""
    sms.create_opt_out_list(OptOutListName="Ours")
    made = create(sms, sender_id)
    sms.update_pool(PoolId=made["PoolId"], OptOutListName="Ours")
    with pytest.raises(ClientError):
        sms.delete_opt_out_list(OptOutListName="Ours")

    sms.delete_pool(PoolId=made["PoolId"])

    assert sms.delete_opt_out_list(OptOutListName="Ours")["OptOutListName"] == "Ours"


@has_agents
@pytest.mark.rule("pool-delete-removes-keywords-and-tags")
def test_keywords_tags_and_policy_are_deleted_with_their_pool(sms, refused, pool):
    """Keywords, tags and the resource policy of a deleted pool are gone."""
    sms.put_keyword(OriginationIdentity=pool.id, Keyword="INFO", KeywordMessage="Hello")
    sms.tag_resource(ResourceArn=pool.arn, Tags=[{"Key": "team", "Value": "blue"}])

    sms.delete_pool(PoolId=pool.id)

    with refused("ResourceNotFoundException", about=pool):
        sms.describe_keywords(OriginationIdentity=pool.id)
    with refused("ResourceNotFoundException", about=pool):
        sms.list_tags_for_resource(ResourceArn=pool.arn)
    with refused("ResourceNotFoundException", about=pool):
        sms.get_resource_policy(ResourceArn=pool.arn)


@has_agents
@pytest.mark.rule("pool-delete-removes-keywords-and-tags", "tag-removed-with-resource")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_pool_that_is_deleting_has_no_keywords_and_tags(sms, emulator, account, refused):
    """While it is described as DELETING, it has none and none can be added."""
    number = emulator.add_number("+12065550111")
    pool = account.pools[create(sms, number)["PoolId"]]
    emulator.clock.advance(seconds=60)
    sms.delete_pool(PoolId=pool.id)

    assert sms.describe_pools(PoolIds=[pool.id])["Pools"][0]["Status"] == "DELETING"
    with refused("ResourceNotFoundException", about=pool):
        sms.put_keyword(OriginationIdentity=pool.id, Keyword="INFO", KeywordMessage="Hello")
    with refused("ResourceNotFoundException", about=pool):
        sms.tag_resource(ResourceArn=pool.arn, Tags=[{"Key": "team", "Value": "blue"}])
    with refused("ResourceNotFoundException", about=pool):
        sms.get_resource_policy(ResourceArn=pool.arn)


@pytest.mark.rule("pool-delete-member-protection-ignored")
def test_protected_members_do_not_protect_their_pool(sms, lease):
    """Members with deletion protection do not prevent the deletion of the pool."""
    number = lease(DeletionProtectionEnabled=True)
    sms.request_sender_id(SenderId="SAFE", IsoCountryCode="GB", DeletionProtectionEnabled=True)
    made = create(sms, number)
    sms.associate_origination_identity(
        PoolId=made["PoolId"], OriginationIdentity="SAFE", IsoCountryCode="GB"
    )

    sms.delete_pool(PoolId=made["PoolId"])

    assert sms.describe_pools()["Pools"] == []
    assert len(sms.describe_phone_numbers()["PhoneNumbers"]) == 1
    assert len(sms.describe_sender_ids()["SenderIds"]) == 1


@pytest.mark.rule("pool-delete-last-phone-allowed", "pool-disassociate-last-phone")
def test_deletion_frees_the_last_number(sms, refused, pool, number):
    """The last number cannot leave a pool, but the pool can be deleted."""
    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)

    sms.delete_pool(PoolId=pool.id)

    assert "PoolId" not in number_described(sms, number)
