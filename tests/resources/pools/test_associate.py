"""AssociateOriginationIdentity: which identities can join a pool."""

import pytest

from tests.resources.pools.calls import (
    ROLE,
    TOPIC,
    associate,
    create,
    customise,
    disassociate,
    has_agents,
    identities,
    ids,
    number_described,
    without_metadata,
)


@has_agents
@pytest.mark.rule("pool-associate-adds", "pool-mixed-identities")
def test_identities_of_all_kinds_join(sms, lease, pool, number, sender_id, agent):
    """The identity is added to the pool's list; a pool can have all kinds."""
    other = lease()

    associate(sms, pool, other)
    associate(sms, pool, sender_id)
    associate(sms, pool, agent)

    listed = ids(identities(sms, pool))
    assert sorted(listed) == sorted([number.id, other.id, sender_id.id, agent.id])


@pytest.mark.rule("pool-associate-phone-other-pool")
def test_a_number_of_another_pool_does_not_join(sms, refused, lease, pool):
    """A phone number in another pool is refused."""
    other = lease()
    create(sms, other)

    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-phone-same-pool")
def test_a_number_joins_once(sms, refused, pool, number):
    """A phone number that is in this pool already is refused."""
    with refused("ConflictException", "RESOURCE_ALREADY_ASSOCIATED", about=number):
        associate(sms, pool, number)


@pytest.mark.rule("pool-associate-sender-same-pool")
def test_a_sender_id_joins_once(sms, refused, pool, sender_id):
    """A sender ID that is in this pool already is refused."""
    associate(sms, pool, sender_id)

    with refused("ConflictException", "RESOURCE_ALREADY_ASSOCIATED", about=sender_id):
        associate(sms, pool, sender_id)


@pytest.mark.rule("pool-associate-message-type")
def test_a_number_of_another_message_type_does_not_join(sms, refused, lease, pool):
    """A phone number whose message type differs from the pool's cannot join."""
    other = lease(MessageType="PROMOTIONAL")

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=other):
        associate(sms, pool, other)
    # The number is not requested yet: it does not fit the pool.
    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=pool):
        lease(MessageType="PROMOTIONAL", PoolId=pool.id)


@pytest.mark.rule("pool-associate-opt-out-list")
def test_a_number_with_another_opt_out_list_does_not_join(sms, refused, lease, pool):
    """A phone number whose opt-out list differs from the pool's cannot join."""
    sms.create_opt_out_list(OptOutListName="Ours")
    other = lease(OptOutListName="Ours")

    with refused("ConflictException", "OPT_OUT_LIST_MISMATCH", about=other):
        associate(sms, pool, other)
    with refused("ConflictException", "OPT_OUT_LIST_MISMATCH", about=pool):
        lease(OptOutListName="Ours", PoolId=pool.id)


@pytest.mark.rule("pool-associate-two-way")
@pytest.mark.parametrize(
    "settings",
    [
        {"TwoWayEnabled": False},
        {"TwoWayChannelArn": TOPIC + "2"},
        {"TwoWayChannelRole": ROLE + "2"},
    ],
    ids=lambda settings: next(iter(settings)),
)
def test_a_number_with_another_channel_does_not_join(sms, refused, lease, pool, settings):
    """A number whose TwoWayEnabled, channel or role differs from the pool's cannot join."""
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC, "TwoWayChannelRole": ROLE}
    sms.update_pool(PoolId=pool.id, **two_way)
    other = lease()
    sms.update_phone_number(PhoneNumberId=other.id, **two_way)
    sms.update_phone_number(PhoneNumberId=other.id, **settings)

    with refused("ConflictException", "TWO_WAY_CONFIG_MISMATCH", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-self-managed")
def test_a_number_with_other_self_managed_opt_outs_does_not_join(sms, refused, lease, pool):
    """A number whose SelfManagedOptOutsEnabled differs from the pool's cannot join."""
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
    sms.update_pool(PoolId=pool.id, **two_way)
    other = lease()
    sms.update_phone_number(PhoneNumberId=other.id, SelfManagedOptOutsEnabled=True, **two_way)

    with refused("ConflictException", "SELF_MANAGED_OPT_OUTS_MISMATCH", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-keywords")
@pytest.mark.parametrize(
    "keyword",
    [
        {"Keyword": "MORE", "KeywordMessage": "All about us"},
        {"Keyword": "INFO", "KeywordMessage": "Something else"},
        {"Keyword": "INFO", "KeywordMessage": "All about us", "KeywordAction": "OPT_IN"},
    ],
    ids=["word", "message", "action"],
)
def test_a_number_with_other_keywords_does_not_join(sms, refused, lease, pool, keyword):
    """A number whose keywords differ from the pool's in word, message or action cannot join."""
    info = {"Keyword": "INFO", "KeywordMessage": "All about us"}
    sms.put_keyword(OriginationIdentity=pool.id, **info)
    other = lease()
    sms.put_keyword(OriginationIdentity=other.id, **keyword)

    with refused("ConflictException", "KEYWORD_MISMATCH", about=other):
        associate(sms, pool, other)

    if keyword["Keyword"] == "INFO":
        sms.put_keyword(OriginationIdentity=other.id, **info)
        associate(sms, pool, other)
        assert number_described(sms, other)["PoolId"] == pool.id


@pytest.mark.rule("pool-associate-capabilities")
def test_a_number_without_a_common_capability_does_not_join(sms, account, refused, lease):
    """A number must have a capability in common with all numbers of the pool."""
    pool = account.pools[create(sms, lease(NumberCapabilities=["SMS"]))["PoolId"]]
    voice, both = lease(NumberCapabilities=["VOICE"]), lease()

    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=voice):
        associate(sms, pool, voice)
    associate(sms, pool, both)
    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=voice):
        associate(sms, pool, voice)


@pytest.mark.rule("pool-associate-capabilities")
def test_a_capability_must_be_common_to_all_numbers(sms, account, refused, lease):
    """A number that shares different capabilities with two numbers does not join."""
    first, second, third = (
        lease(NumberCapabilities=able)
        for able in (["SMS", "VOICE"], ["VOICE", "MMS"], ["SMS", "MMS"])
    )
    pool = account.pools[create(sms, first)["PoolId"]]
    sms.describe_pools()
    associate(sms, pool, second)

    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=third):
        associate(sms, pool, third)


@pytest.mark.rule("pool-associate-mismatch-order")
def test_one_mismatch_is_reported(sms, refused, lease, pool):
    """If several settings differ, the error has one Reason, and nothing changes."""
    sms.create_opt_out_list(OptOutListName="Ours")
    other = lease(MessageType="PROMOTIONAL", OptOutListName="Ours")
    sms.put_keyword(OriginationIdentity=other.id, Keyword="INFO", KeywordMessage="Hello")

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-protection-ignored")
@pytest.mark.parametrize("protected", [True, False])
def test_protection_is_not_compared(sms, lease, pool, protected):
    """The deletion protection of the number may differ."""
    sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=not protected)
    other = lease(DeletionProtectionEnabled=protected)

    associate(sms, pool, other)

    assert number_described(sms, other)["DeletionProtectionEnabled"] is protected


@pytest.mark.rule("pool-associate-sender-skips-checks")
def test_a_sender_id_has_no_settings_to_compare(sms, account, number, sender_id):
    """Opt-out list, two-way settings and keywords do not apply to sender IDs."""
    customise(sms, number)
    pool = account.pools[create(sms, number)["PoolId"]]

    associate(sms, pool, sender_id)

    assert sender_id.id in ids(identities(sms, pool))


@pytest.mark.pinpoint_sms(quotas="ORIGINATION_IDENTITIES_PER_POOL=2")
@pytest.mark.rule("pool-associate-quota")
def test_identities_of_a_pool_are_limited(sms, refused, lease, pool, sender_id):
    """One identity too many is refused, by every operation that could add it."""
    associate(sms, pool, sender_id)
    other = lease()

    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        associate(sms, pool, other)
    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        lease(PoolId=pool.id)


@pytest.mark.rule("pool-associate-quota")
def test_a_pool_may_have_100_identities(emulator):
    """The user guide gives 100."""
    assert emulator.settings.quotas["ORIGINATION_IDENTITIES_PER_POOL"] == 100


@pytest.mark.rule("pool-associate-response")
@pytest.mark.parametrize("form", ["id", "arn"])
@pytest.mark.parametrize("kind", ["number", "sender_id"])
def test_members_of_the_answers(sms, account, lease, request, kind, form):
    """The answers have both ARNs, both ids and the country, whichever form was given."""
    pool = account.pools[create(sms, lease())["PoolId"]]
    identity = request.getfixturevalue(kind)
    expected = {
        "PoolArn": pool.arn,
        "PoolId": pool.id,
        "OriginationIdentityArn": identity.arn,
        "OriginationIdentity": identity.id,
        "IsoCountryCode": identity.iso_country_code,
    }
    named = {
        "PoolId": getattr(pool, form),
        "OriginationIdentity": getattr(identity, form),
        "IsoCountryCode": identity.iso_country_code,
    }

    assert without_metadata(sms.associate_origination_identity(**named)) == expected
    assert without_metadata(sms.disassociate_origination_identity(**named)) == expected


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-associate-status-transition")
def test_a_number_is_associating_then_active(sms, emulator, account, refused, lease):
    """A number that joins a pool is ASSOCIATING, and can send when it is ACTIVE again."""
    text = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Hello"}
    first, other = lease(), lease()
    emulator.clock.advance(seconds=60)
    pool = account.pools[create(sms, first)["PoolId"]]
    emulator.clock.advance(seconds=60)

    associate(sms, pool, other)

    assert number_described(sms, other)["Status"] == "ASSOCIATING"
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=other):
        sms.send_text_message(OriginationIdentity=other.id, **text)
    emulator.clock.advance(seconds=60)
    assert number_described(sms, other)["Status"] == "ACTIVE"
    sms.send_text_message(OriginationIdentity=other.id, **text)


@pytest.mark.rule("pool-associate-idempotent")
def test_the_same_token_returns_the_first_answer(sms, lease, pool):
    """A repeated association or disassociation is not a conflict."""
    other = lease()

    joined = [associate(sms, pool, other, ClientToken="in") for _ in range(2)]
    left = [disassociate(sms, pool, other, ClientToken="out") for _ in range(2)]

    assert joined[0] == joined[1]
    assert left[0] == left[1]


@has_agents
@pytest.mark.rule("pool-associate-rcs-agent")
def test_an_agent_joins_a_pool(sms, pool, agent):
    """An RCS agent joins without a country, and then has the PoolId."""
    joined = associate(sms, pool, agent)

    assert "IsoCountryCode" not in joined
    (current,) = sms.describe_rcs_agents()["RcsAgents"]
    assert current["PoolId"] == pool.id
