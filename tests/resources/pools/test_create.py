"""CreatePool: several identities with one id."""

import pytest

from pinpoint_sms_emu.wire.model import service_model
from tests.resources.pools.calls import (
    POOL_MEMBERS,
    ROLE,
    TOPIC,
    associate,
    country_is_optional,
    create,
    customise,
    described,
    disassociate,
    has_agents,
    identities,
    ids,
    named,
    number_described,
)


def refused_by_all(sms, refused, pool, expected, **named):
    """Expect the same refusal from the three operations that take an identity."""
    with refused(*expected[0], **expected[1]):
        sms.create_pool(MessageType="TRANSACTIONAL", **named)
    for change in (sms.associate_origination_identity, sms.disassociate_origination_identity):
        with refused(*expected[0], **expected[1]):
            change(PoolId=pool.id, **named)


@pytest.mark.rule("pool-create-associates-seed")
def test_a_new_pool_has_its_first_identity(sms, number):
    """CreatePool associates exactly the given identity."""
    made = create(sms, number)

    listed = sms.list_pool_origination_identities(PoolId=made["PoolId"])
    assert ids(listed["OriginationIdentities"]) == [number.id]


@pytest.mark.rule("pool-create-identity-forms")
@pytest.mark.parametrize("form", ["id", "arn"])
@pytest.mark.parametrize("kind", ["number", "sender_id"])
def test_an_identity_is_named_by_id_or_arn(sms, lease, request, account, kind, form):
    """All three operations take the id or ARN of a number or a sender ID."""
    identity = request.getfixturevalue(kind)
    named = {
        "OriginationIdentity": getattr(identity, form),
        "IsoCountryCode": identity.iso_country_code,
    }
    other = create(sms, lease())
    sms.describe_pools()

    joined = sms.associate_origination_identity(PoolId=other["PoolId"], **named)
    left = sms.disassociate_origination_identity(PoolId=other["PoolId"], **named)
    made = sms.create_pool(MessageType="TRANSACTIONAL", **named)

    assert joined["OriginationIdentity"] == left["OriginationIdentity"] == identity.id
    assert ids(identities(sms, account.pools[made["PoolId"]])) == [identity.id]


@pytest.mark.rule("pool-create-identity-forms")
def test_a_number_in_e164_form_is_refused(sms, refused, number, pool):
    """The pattern has no plus sign."""
    named = {"OriginationIdentity": number.phone_number, "IsoCountryCode": "US"}

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OriginationIdentity"]):
        sms.create_pool(MessageType="TRANSACTIONAL", **named)
    for change in (sms.associate_origination_identity, sms.disassociate_origination_identity):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["OriginationIdentity"]
        ):
            change(PoolId=pool.id, **named)


@pytest.mark.rule("pool-create-identity-unknown-phone")
@pytest.mark.parametrize("form", ["{id}", "{start}:phone-number/{id}"])
def test_an_unknown_number_is_refused(sms, refused, number, pool, form):
    """An id or ARN of a phone number that does not exist is not found."""
    unknown = "phone-00000000000000000000000000000000"
    name = form.format(id=unknown, start=number.arn.rpartition(":")[0])
    expected = (("ResourceNotFoundException",), {"about": ("phone-number", unknown)})

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=name, IsoCountryCode="US")


@pytest.mark.rule("pool-create-identity-unknown-sender")
def test_an_unknown_sender_id_is_refused(sms, refused, sender_id, pool):
    """A sender ID that does not exist in the country is not found."""
    expected = (("ResourceNotFoundException",), {"about": ("sender-id", sender_id.id)})

    refused_by_all(
        sms, refused, pool, expected, OriginationIdentity=sender_id.id, IsoCountryCode="DE"
    )


@pytest.mark.rule("proto-arn-wrong-kind", "proto-arn-other-region")
def test_an_arn_of_another_kind_is_refused(sms, refused, pool):
    """The ARN of a pool, or of another Region, is not an origination identity's."""
    expected = (("ValidationException", "INVALID_ARN"), {"fields": ["OriginationIdentity"]})

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=pool.arn, IsoCountryCode="US")
    refused_by_all(
        sms,
        refused,
        pool,
        expected,
        OriginationIdentity="arn:aws:sms-voice:eu-west-1:123456789012:phone-number/phone-1",
        IsoCountryCode="US",
    )


@pytest.mark.rule(
    "pool-create-inherits-opt-out-list",
    "pool-create-inherits-two-way",
    "pool-create-inherits-self-managed-opt-outs",
    "pool-create-inherits-keywords",
)
def test_a_new_pool_takes_over_its_identitys_settings(sms, number):
    """Opt-out list, two-way settings, self-managed opt-outs and keywords are copied."""
    customise(sms, number)

    made = create(sms, number)

    assert made["OptOutListName"] == "Ours"
    assert made["TwoWayEnabled"] is True
    assert made["TwoWayChannelArn"] == TOPIC
    assert made["TwoWayChannelRole"] == ROLE
    assert made["SelfManagedOptOutsEnabled"] is True
    pools, numbers = (
        sms.describe_keywords(OriginationIdentity=each)["Keywords"]
        for each in (made["PoolId"], number.id)
    )
    assert pools == numbers
    assert {
        "Keyword": "INFO",
        "KeywordMessage": "All about us",
        "KeywordAction": "OPT_IN",
    } in pools


@pytest.mark.rule("pool-create-inherits-message-type")
@pytest.mark.parametrize("message_type", ["TRANSACTIONAL", "PROMOTIONAL"])
def test_a_new_pool_has_its_identitys_message_type(sms, lease, message_type):
    """The pool's message type is the identity's."""
    made = create(sms, lease(MessageType=message_type), MessageType=message_type)

    assert made["MessageType"] == message_type


@pytest.mark.rule("pool-create-message-type-mismatch")
def test_a_pool_of_another_type_than_its_number_is_refused(sms, refused, number):
    """MessageType must be the phone number's."""
    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=number):
        create(sms, number, MessageType="PROMOTIONAL")


@pytest.mark.rule("pool-create-sender-message-type-mismatch")
def test_a_sender_id_joins_pools_of_its_types_only(sms, refused, pool):
    """The pool's message type must be one of the sender ID's MessageTypes."""
    sms.request_sender_id(SenderId="SALES", IsoCountryCode="GB", MessageTypes=["PROMOTIONAL"])
    named = {"OriginationIdentity": "SALES", "IsoCountryCode": "GB"}

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=("sender-id", "SALES")):
        sms.create_pool(MessageType="TRANSACTIONAL", **named)
    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=("sender-id", "SALES")):
        sms.associate_origination_identity(PoolId=pool.id, **named)
    assert sms.create_pool(MessageType="PROMOTIONAL", **named)["MessageType"] == "PROMOTIONAL"


@pytest.mark.rule("pool-create-deletion-protection-not-inherited")
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, False),
        ({"DeletionProtectionEnabled": False}, False),
        ({"DeletionProtectionEnabled": True}, True),
    ],
)
def test_protection_is_not_taken_over(sms, lease, given, expected):
    """The pool's deletion protection is the request's, or false."""
    made = create(sms, lease(DeletionProtectionEnabled=True), **given)

    assert made["DeletionProtectionEnabled"] is expected


@pytest.mark.rule("pool-create-shared-routes-default")
def test_a_new_pool_has_no_shared_routes(sms, number):
    """SharedRoutesEnabled is false, and CreatePool has no such member."""
    assert create(sms, number)["SharedRoutesEnabled"] is False
    members = service_model().shapes["CreatePoolRequest"]["members"]
    assert "SharedRoutesEnabled" not in members


@pytest.mark.rule("pool-create-defaults-from-sender-seed")
def test_a_pool_of_a_sender_id_has_default_settings(sms, sender_id):
    """It uses the default list, and two-way messaging and self-managed opt-outs are off."""
    made = create(sms, sender_id)

    assert made["OptOutListName"] == "Default"
    assert made["TwoWayEnabled"] is False
    assert "TwoWayChannelArn" not in made
    assert made["SelfManagedOptOutsEnabled"] is False


@pytest.mark.rule("pool-create-phone-already-pooled")
@pytest.mark.usefixtures("pool")
def test_a_number_in_a_pool_cannot_create_another(sms, refused, number):
    """A phone number that is in a pool cannot be the first of another."""
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        create(sms, number)


@pytest.mark.rule("pool-create-sender-many-pools")
def test_a_sender_id_is_in_many_pools(sms, account, sender_id, pool):
    """A sender ID can be in any number of pools."""
    made = [create(sms, sender_id)["PoolId"] for _ in range(2)]
    associate(sms, pool, sender_id)

    for pool_id in (*made, pool.id):
        assert sender_id.id in ids(identities(sms, account.pools[pool_id]))


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-create-phone-not-active")
def test_a_number_that_is_not_active_joins_no_pool(sms, emulator, refused, lease):
    """A phone number whose Status is not ACTIVE is refused."""
    ready = lease()
    emulator.clock.advance(seconds=60)
    made = create(sms, ready)
    emulator.clock.advance(seconds=60)
    pending = lease()

    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pending):
        create(sms, pending)
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pending):
        sms.associate_origination_identity(PoolId=made["PoolId"], **named(pending))


@pytest.mark.rule("pool-create-country-mismatch", "pool-country-optional-for-phone")
def test_a_number_of_another_country_is_refused(sms, refused, number, pool):
    """A country that is given must be the phone number's."""
    expected = (
        ("ValidationException", "COUNTRY_CODE_MISMATCH"),
        {"fields": ["IsoCountryCode"]},
    )

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=number.id, IsoCountryCode="CA")


@pytest.mark.rule("sender-describe-arn-country")
def test_a_sender_id_arn_of_another_country_is_refused(sms, refused, sender_id, pool):
    """A country that is given must be the one in the sender ID's ARN."""
    expected = (
        ("ValidationException", "COUNTRY_CODE_MISMATCH"),
        {"fields": ["IsoCountryCode"]},
    )

    refused_by_all(
        sms, refused, pool, expected, OriginationIdentity=sender_id.arn, IsoCountryCode="DE"
    )


@country_is_optional
@pytest.mark.rule("pool-create-iso-required-at-launch", "pool-country-optional-for-phone")
@pytest.mark.parametrize("country", [{}, {"IsoCountryCode": "US"}])
def test_a_numbers_country_may_be_left_out(sms, lease, pool, country):
    """The number itself has a country."""
    other = {"OriginationIdentity": lease().id} | country

    joined = sms.associate_origination_identity(PoolId=pool.id, **other)
    left = sms.disassociate_origination_identity(PoolId=pool.id, **other)
    sms.create_pool(MessageType="TRANSACTIONAL", **other)

    assert joined["IsoCountryCode"] == left["IsoCountryCode"] == "US"


@country_is_optional
@pytest.mark.rule("pool-create-sender-needs-country", "pool-create-iso-required-at-launch")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_sender_id_needs_its_country(sms, refused, sender_id, pool, form):
    """The same sender ID can exist in several countries."""
    expected = (("ValidationException", "INVALID_ARN"), {"fields": ["SenderId"]})

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=getattr(sender_id, form))


@pytest.mark.usefixtures("sender_id")
def test_a_sender_id_is_found_in_any_letter_case(sms, pool):
    """Sender IDs are converted to upper case."""
    joined = sms.associate_origination_identity(
        PoolId=pool.id, OriginationIdentity="example", IsoCountryCode="GB"
    )

    assert joined["OriginationIdentity"] == "EXAMPLE"


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-create-status-lifecycle")
def test_a_pool_is_creating_then_active(sms, emulator, account, lease):
    """A pool is CREATING, then ACTIVE."""
    number = lease()
    emulator.clock.advance(seconds=60)

    made = create(sms, number)

    pool = account.pools[made["PoolId"]]
    assert made["Status"] == described(sms, pool)["Status"] == "CREATING"
    emulator.clock.advance(seconds=60)
    assert described(sms, pool)["Status"] == "ACTIVE"


@pytest.mark.rule("pool-create-status-lifecycle")
def test_a_pool_is_active_when_it_is_described(sms, account, number):
    """By default the next call sees ACTIVE."""
    made = create(sms, number)

    assert made["Status"] == "CREATING"
    assert described(sms, account.pools[made["PoolId"]])["Status"] == "ACTIVE"


@pytest.mark.rule("pool-create-sets-phone-pool-id")
def test_a_member_shows_its_pool(sms, lease, number, pool):
    """A number in a pool has its PoolId, by whichever operation it joined.

    Other numbers have none.
    """
    other, alone = lease(), lease()
    associate(sms, pool, other)
    query = lease(PoolId=pool.id)

    assert [number_described(sms, each)["PoolId"] for each in (number, other, query)] == [
        pool.id
    ] * 3
    assert "PoolId" not in number_described(sms, alone)


@pytest.mark.rule("pool-create-tags-returned")
def test_tags_are_returned(sms, number):
    """CreatePool returns Tags, and ListTagsForResource lists them."""
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "empty", "Value": ""}]

    made = create(sms, number, Tags=tags)

    assert made["Tags"] == tags
    assert sms.list_tags_for_resource(ResourceArn=made["PoolArn"])["Tags"] == tags


@pytest.mark.rule("pool-create-response-members")
def test_members_of_the_answer(sms, lease):
    """The answer has all settings; two-way channel and role only if they are set."""
    plain, two_way = lease(), lease()
    customise(sms, two_way)
    always = POOL_MEMBERS | {"DeletionProtectionEnabled", "Tags"}

    assert create(sms, plain).keys() == always
    assert create(sms, two_way).keys() == always | {"TwoWayChannelArn", "TwoWayChannelRole"}


@pytest.mark.pinpoint_sms(quotas="POOLS_PER_ACCOUNT=2")
@pytest.mark.rule("pool-create-quota")
def test_the_number_of_pools_is_limited(sms, refused, sender_id):
    """One pool more than the limit POOLS is refused."""
    for _ in range(2):
        create(sms, sender_id)

    with refused("ServiceQuotaExceededException", "POOLS_PER_ACCOUNT"):
        create(sms, sender_id)


@pytest.mark.rule("pool-create-quota")
def test_25_pools_by_default(emulator):
    """The user guide gives 25 per account and Region."""
    assert emulator.settings.quotas["POOLS_PER_ACCOUNT"] == 25


@pytest.mark.rule("pool-create-idempotent")
def test_creating_again_with_the_same_token_creates_nothing(sms, number):
    """The first pool is returned."""
    first, second = (create(sms, number, ClientToken="once") for _ in range(2))

    assert first == second
    assert len(sms.describe_pools()["Pools"]) == 1


@has_agents
@pytest.mark.rule("pool-create-rcs-agent-seed")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_an_agent_can_create_a_pool(sms, account, agent, form):
    """The id or ARN of an RCS agent needs no country."""
    made = sms.create_pool(OriginationIdentity=getattr(agent, form), MessageType="TRANSACTIONAL")

    assert ids(identities(sms, account.pools[made["PoolId"]])) == [agent.id]


@has_agents
@pytest.mark.rule("rcs-pool-country")
def test_the_country_of_an_agent_is_zz(sms, account, agent):
    """An agent's country is ZZ or left out; no answer shows it, and ZZ also removes the agent."""
    other = sms.create_rcs_agent()["RcsAgentId"]
    sms.describe_rcs_agents()
    made = sms.create_pool(
        OriginationIdentity=agent.id, IsoCountryCode="ZZ", MessageType="TRANSACTIONAL"
    )
    sms.describe_pools()
    member = {
        "PoolId": made["PoolId"],
        "OriginationIdentity": other,
        "IsoCountryCode": "ZZ",
    }

    associated = sms.associate_origination_identity(**member)
    listed = identities(sms, account.pools[made["PoolId"]])
    removed = sms.disassociate_origination_identity(**member)

    assert ids(listed) == [agent.id, other]
    assert not any("IsoCountryCode" in each for each in (made, associated, *listed, removed))


@has_agents
@pytest.mark.rule("pool-create-rcs-agent-already-pooled")
def test_a_pooled_agent_joins_no_other_pool(sms, account, refused, lease, pool, agent):
    """An RCS agent can be in one pool."""
    associate(sms, pool, agent)
    other = account.pools[create(sms, lease())["PoolId"]]

    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        associate(sms, other, agent)
    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        sms.create_pool(OriginationIdentity=agent.id, MessageType="TRANSACTIONAL")


@pytest.mark.rule("pool-disassociate-not-member-sender")
@has_agents
def test_an_agent_that_is_no_member_cannot_leave(sms, refused, pool, agent):
    """Removing an RCS agent from a pool that it is not in is refused."""
    with refused("ResourceNotFoundException", about=agent):
        disassociate(sms, pool, agent)
