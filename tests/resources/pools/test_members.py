"""Members of pools: DisassociateOriginationIdentity and ListPoolOriginationIdentities."""

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.resources.pools.calls import (
    TOPIC,
    associate,
    create,
    disassociate,
    has_agents,
    identities,
    ids,
    number_described,
)


@pytest.fixture
def mixed(sms, account, lease, sender_id):
    """A pool of a US number for text and voice, a Canadian one for text, and a sender ID."""
    here, there = lease(), lease(IsoCountryCode="CA", NumberCapabilities=["SMS"])
    pool = account.pools[create(sms, here)["PoolId"]]
    associate(sms, pool, there)
    associate(sms, pool, sender_id)
    return pool, here, there, sender_id


@pytest.mark.rule("pool-disassociate-removes")
def test_an_identity_leaves_its_pool(sms, lease, pool, number):
    """It is not listed any more, and a number has no PoolId."""
    other = lease(PoolId=pool.id)

    disassociate(sms, pool, other)

    assert ids(identities(sms, pool)) == [number.id]
    assert "PoolId" not in number_described(sms, other)


@pytest.mark.rule("pool-disassociate-not-member-phone")
def test_a_number_that_is_no_member_cannot_leave(sms, refused, lease, pool):
    """A number that is not in this pool is refused, even if it is in another one."""
    alone, elsewhere = lease(), lease()
    create(sms, elsewhere)

    for other in (alone, elsewhere):
        with refused("ConflictException", "PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL", about=other):
            disassociate(sms, pool, other)


@pytest.mark.rule("pool-disassociate-not-member-sender")
def test_a_sender_id_that_is_no_member_cannot_leave(sms, refused, pool, sender_id):
    """A sender ID that is not in this pool is refused."""
    create(sms, sender_id)

    with refused("ResourceNotFoundException", about=sender_id):
        disassociate(sms, pool, sender_id)


@pytest.mark.rule("pool-disassociate-last-phone")
def test_the_last_number_cannot_leave(sms, refused, pool, number, sender_id):
    """The last sender ID of a pool can leave."""
    associate(sms, pool, sender_id)

    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)
    disassociate(sms, pool, sender_id)
    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)


@pytest.mark.rule("pool-disassociate-keeps-settings")
def test_a_number_that_leaves_keeps_its_settings(sms, lease, pool):
    """A number that leaves a pool keeps the settings it had as a member."""
    other = lease(PoolId=pool.id)
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    sms.update_pool(PoolId=pool.id, **two_way)
    sms.put_keyword(OriginationIdentity=pool.id, Keyword="INFO", KeywordMessage="Hello")

    disassociate(sms, pool, other)
    sms.update_pool(PoolId=pool.id, TwoWayEnabled=False)
    sms.delete_keyword(OriginationIdentity=pool.id, Keyword="INFO")

    assert two_way.items() <= number_described(sms, other).items()
    assert sms.describe_keywords(OriginationIdentity=other.id, Keywords=["INFO"])["Keywords"]


@pytest.mark.rule("pool-disassociate-no-quota-error")
@pytest.mark.pinpoint_sms(quotas="ORIGINATION_IDENTITIES_PER_POOL=2")
def test_a_full_pool_can_be_left(sms, lease, pool):
    """Leaving a pool has no quota: the exception is not declared."""
    other = lease(PoolId=pool.id)

    disassociate(sms, pool, other)

    operation = service_model().operations["DisassociateOriginationIdentity"]
    assert "ServiceQuotaExceededException" not in operation.errors


@pytest.mark.rule("pool-list-identities-response", "pool-list-paginates")
def test_every_page_of_identities_names_the_pool(sms, mixed):
    """PoolArn and PoolId are on every page."""
    pool, *members = mixed
    pages, token = [], {}
    while True:
        page = sms.list_pool_origination_identities(PoolId=pool.arn, MaxResults=1, **token)
        pages.append(page)
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}

    assert [(page["PoolArn"], page["PoolId"]) for page in pages] == [(pool.arn, pool.id)] * 3
    listed = [each for page in pages for each in ids(page["OriginationIdentities"])]
    assert sorted(listed) == sorted(each.id for each in members)
    assert listed == ids(identities(sms, pool))


def test_leaving_between_pages_skips_nothing(sms, mixed):
    """After a listed identity has left, the next page begins with the next identity."""
    pool, *_ = mixed
    everybody = ids(identities(sms, pool))
    first = sms.list_pool_origination_identities(PoolId=pool.id, MaxResults=1)
    (read,) = first["OriginationIdentities"]
    country = {"IsoCountryCode": read["IsoCountryCode"]}
    sms.disassociate_origination_identity(
        PoolId=pool.id, OriginationIdentity=read["OriginationIdentity"], **country
    )

    rest = identities(sms, pool, NextToken=first["NextToken"], MaxResults=1)

    assert ids(rest) == everybody[1:2]


@has_agents
@pytest.mark.rule(
    "pool-list-identities-entry",
    "pool-list-identities-phone-number",
    "pool-list-identities-rcs-no-country",
)
def test_members_of_a_listed_identity(sms, mixed, agent):
    """ARN, id, country and capabilities; numbers also have the phone number, agents no country."""
    pool, here, there, _ = mixed
    associate(sms, pool, agent)

    listed = {each.pop("OriginationIdentity"): each for each in identities(sms, pool)}

    for number in (here, there):
        current = number_described(sms, number)
        assert listed[current["PhoneNumberId"]] == {
            "OriginationIdentityArn": current["PhoneNumberArn"],
            "IsoCountryCode": current["IsoCountryCode"],
            "NumberCapabilities": current["NumberCapabilities"],
            "PhoneNumber": current["PhoneNumber"],
        }
    (current,) = sms.describe_sender_ids()["SenderIds"]
    assert listed[current["SenderId"]] == {
        "OriginationIdentityArn": current["SenderIdArn"],
        "IsoCountryCode": current["IsoCountryCode"],
        "NumberCapabilities": ["SMS"],
    }
    (current,) = sms.describe_rcs_agents()["RcsAgents"]
    assert listed[current["RcsAgentId"]] == {
        "OriginationIdentityArn": current["RcsAgentArn"],
        "NumberCapabilities": ["RCS"],
    }


@pytest.mark.rule("pool-list-filter-country", "pool-identity-countries-mixed")
@pytest.mark.parametrize(
    ("countries", "which"), [(["US"], {1}), (["CA", "GB"], {2, 3}), (["FR"], set())]
)
def test_identities_are_filtered_by_country(sms, mixed, countries, which):
    """The filter selects identities in the given countries."""
    pool = mixed[0]

    found = identities(sms, pool, Filters=[{"Name": "iso-country-code", "Values": countries}])

    assert set(ids(found)) == {mixed[index].id for index in which}
    assert {each["IsoCountryCode"] for each in found} == set(countries) - {"FR"}


@pytest.mark.rule("pool-list-filter-capability")
@pytest.mark.parametrize(
    ("capabilities", "which"),
    [(["VOICE"], {1}), (["SMS"], {1, 2, 3}), (["VOICE", "MMS"], {1}), (["MMS"], set())],
)
def test_identities_are_filtered_by_capability(sms, mixed, capabilities, which):
    """The filter selects identities that have at least one of the capabilities."""
    pool = mixed[0]

    found = identities(sms, pool, Filters=[{"Name": "number-capability", "Values": capabilities}])

    assert set(ids(found)) == {mixed[index].id for index in which}
