"""RCS agents: the origination identities of rich messages."""

import pytest

# Tests about agents need a botocore that has them.
pytestmark = pytest.mark.since("1.43.11")

TOPIC = "arn:aws:sns:us-east-1:123456789012:inbound"
ROLE = "arn:aws:iam::123456789012:role/media"
UNSET = "UNSET_RCS_MEDIA_CONFIGURATION"
UNKNOWN = "rcs-00000000000000000000000000000000"

MEMBERS = {
    "RcsAgentArn",
    "RcsAgentId",
    "Status",
    "CreatedTimestamp",
    "DeletionProtectionEnabled",
    "OptOutListName",
    "SelfManagedOptOutsEnabled",
    "TwoWayEnabled",
}
TWO_WAY = {"TwoWayEnabled": True, "TwoWayChannelArn": TOPIC}
MEDIA = {
    "TwoWayMediaS3BucketName": "our-bucket",
    "TwoWayMediaS3KeyPrefix": "inbound/",
    "TwoWayMediaS3Role": ROLE,
}

newest = pytest.mark.since("1.44.5")


def without_metadata(answer):
    """An answer without boto3's metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def update(sms, agent, **members):
    """Update an agent; return the answer."""
    return without_metadata(sms.update_rcs_agent(RcsAgentId=agent.id, **members))


def described(sms, agent):
    """What DescribeRcsAgents shows of an agent."""
    (entry,) = sms.describe_rcs_agents(RcsAgentIds=[agent.id])["RcsAgents"]
    entry.pop("MessagingLimits", None)
    return entry


# CreateRcsAgent.


@pytest.mark.rule("rcs-create", "rcs-create-defaults", "rcs-create-opt-out-list")
def test_a_new_agent(sms):
    """No member is required: the agent is CREATED, with the default list and all else off."""
    made = without_metadata(sms.create_rcs_agent())

    assert made.keys() == MEMBERS | {"Tags"}
    assert made["Status"] == "CREATED"
    assert made["OptOutListName"] == "Default"
    assert made["DeletionProtectionEnabled"] is False
    assert made["SelfManagedOptOutsEnabled"] is False
    assert made["TwoWayEnabled"] is False
    start, _, name = made["RcsAgentArn"].rpartition("/")
    assert start == "arn:aws:sms-voice:us-east-1:123456789012:rcs-agent"
    assert name == made["RcsAgentId"]
    assert name.startswith("rcs-")


@pytest.mark.rule("rcs-create", "rcs-create-opt-out-list")
@pytest.mark.parametrize("form", ["OptOutListName", "OptOutListArn"])
def test_an_agent_with_everything(sms, form):
    """OptOutListName takes a name or an ARN; protection and tags can be given."""
    ours = sms.create_opt_out_list(OptOutListName="Ours")[form]
    tags = [{"Key": "team", "Value": "blue"}]

    made = sms.create_rcs_agent(OptOutListName=ours, DeletionProtectionEnabled=True, Tags=tags)

    assert made["OptOutListName"] == "Ours"
    assert made["DeletionProtectionEnabled"] is True
    assert made["Tags"] == tags
    assert sms.list_tags_for_resource(ResourceArn=made["RcsAgentArn"])["Tags"] == tags


@pytest.mark.rule("rcs-create-opt-out-list")
def test_an_unknown_opt_out_list_is_refused(sms, refused, agent):
    """An opt-out list that does not exist is not found."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        sms.create_rcs_agent(OptOutListName="Nobody")
    with refused("ResourceNotFoundException", about=("opt-out-list", "Nobody")):
        update(sms, agent, OptOutListName="Nobody")


@pytest.mark.rule("rcs-create-quota")
def test_an_account_has_at_most_five_agents(sms, refused):
    """An account has at most 5 RCS agents."""
    for _ in range(5):
        sms.create_rcs_agent()

    with refused("ServiceQuotaExceededException", "RCS_AGENTS_PER_ACCOUNT"):
        sms.create_rcs_agent()


@pytest.mark.rule("rcs-create-idempotent")
def test_creating_again_with_the_same_token_creates_nothing(sms):
    """The same ClientToken and parameters return the first agent."""
    first, second = (without_metadata(sms.create_rcs_agent(ClientToken="once")) for _ in range(2))

    assert first == second
    assert len(sms.describe_rcs_agents()["RcsAgents"]) == 1


def test_an_agent_is_active_by_default(sms, agent):
    """Without required registrations, the next call sees ACTIVE."""
    assert described(sms, agent)["Status"] == "ACTIVE"


@pytest.mark.pinpoint_sms(registrations="required")
def test_an_agent_waits_for_its_registration(sms, agent):
    """If registrations are required, an agent stays CREATED until it is launched."""
    assert described(sms, agent)["Status"] == "CREATED"


# UpdateRcsAgent.


@pytest.mark.rule("rcs-unknown")
@pytest.mark.parametrize("form", ["{}", "arn:aws:sms-voice:us-east-1:123456789012:rcs-agent/{}"])
def test_an_unknown_agent_is_refused(sms, refused, form):
    """An unknown id or ARN is not found."""
    name = form.format(UNKNOWN)

    for call in (
        sms.update_rcs_agent,
        sms.delete_rcs_agent,
        sms.describe_rcs_agent_country_launch_status,
    ):
        with refused("ResourceNotFoundException", about=("rcs-agent", UNKNOWN)):
            call(RcsAgentId=name)
    with refused("ResourceNotFoundException", about=("rcs-agent", UNKNOWN)):
        sms.describe_rcs_agents(RcsAgentIds=[name])


@pytest.mark.rule("rcs-update")
@pytest.mark.parametrize(
    "change",
    [
        {"OptOutListName": "Other"},
        {"DeletionProtectionEnabled": True},
        {"TwoWayChannelArn": TOPIC + "2"},
        {"TwoWayChannelRole": ROLE + "2"},
        {"SelfManagedOptOutsEnabled": False},
        {},
    ],
    ids=lambda change: next(iter(change), "nothing"),
)
def test_only_given_members_change(sms, agent, change):
    """List, protection, two-way and opt-out settings can be updated."""
    sms.create_opt_out_list(OptOutListName="Other")
    update(sms, agent, **TWO_WAY, TwoWayChannelRole=ROLE, SelfManagedOptOutsEnabled=True)
    before = described(sms, agent)

    updated = sms.update_rcs_agent(RcsAgentId=agent.arn, **change)

    assert without_metadata(updated) == described(sms, agent) == before | change


@pytest.mark.rule("rcs-update-two-way")
def test_two_way_messaging_needs_a_channel(sms, refused, agent):
    """The rule is the same as for phone numbers."""
    with refused("ValidationException", "TWO_WAY_CHANNEL_NOT_PRESENT", fields=["TwoWayChannelArn"]):
        update(sms, agent, TwoWayEnabled=True)
    with refused("ValidationException", "TWO_WAY_NOT_ENABLED", fields=["TwoWayChannelArn"]):
        update(sms, agent, TwoWayChannelArn=TOPIC)

    assert update(sms, agent, **TWO_WAY)["TwoWayEnabled"] is True
    off = update(sms, agent, TwoWayEnabled=False)
    assert off["TwoWayEnabled"] is False
    assert "TwoWayChannelArn" not in off


@newest
@pytest.mark.rule("rcs-update-media-needs-two-way")
@pytest.mark.parametrize("member", MEDIA)
def test_media_need_two_way_messaging(sms, refused, agent, member):
    """A media bucket needs two-way messaging, given in the same request or earlier."""
    with refused("ValidationException", "TWO_WAY_NOT_ENABLED", fields=[member]):
        update(sms, agent, **{member: MEDIA[member]})
    with refused("ValidationException", "TWO_WAY_NOT_ENABLED", fields=[member]):
        update(sms, agent, TwoWayEnabled=False, **{member: MEDIA[member]})

    assert update(sms, agent, **TWO_WAY, **MEDIA)[member] == MEDIA[member]
    assert described(sms, agent)[member] == MEDIA[member]


@newest
@pytest.mark.rule("rcs-update-media-unset")
def test_media_are_unset(sms, refused, agent):
    """UNSET_RCS_MEDIA_CONFIGURATION for bucket and role removes both; for one it is refused."""
    update(sms, agent, **TWO_WAY, **MEDIA)
    both = ["TwoWayMediaS3BucketName", "TwoWayMediaS3Role"]

    for member in both:
        for other in ({}, {name: MEDIA[name] for name in both if name != member}):
            with refused("ValidationException", "INVALID_PARAMETER", fields=both):
                update(sms, agent, **{member: UNSET}, **other)
    updated = update(sms, agent, **dict.fromkeys(both, UNSET))
    assert updated.keys().isdisjoint(MEDIA)
    assert described(sms, agent).keys().isdisjoint(MEDIA)
    assert updated["TwoWayEnabled"] is True


@pytest.mark.rule("rcs-two-way-off-media")
@newest
def test_media_are_unset_with_two_way_messaging(sms, agent):
    """Turning off two-way messaging removes the media settings."""
    update(sms, agent, **TWO_WAY, **MEDIA)

    update(sms, agent, TwoWayEnabled=False)

    assert update(sms, agent, **TWO_WAY).keys().isdisjoint(MEDIA)


@newest
@pytest.mark.rule("rcs-update-media-together")
@pytest.mark.parametrize(
    ("given", "missing"),
    [
        ("TwoWayMediaS3BucketName", "TwoWayMediaS3Role"),
        ("TwoWayMediaS3Role", "TwoWayMediaS3BucketName"),
    ],
)
def test_bucket_and_role_go_together(sms, refused, agent, given, missing):
    """Only one of the two is refused; the prefix is optional."""
    update(sms, agent, **TWO_WAY)

    with refused("ValidationException", "MISSING_PARAMETER", fields=[missing]) as raised:
        update(sms, agent, **{given: MEDIA[given]})
    # AWS's names of members have no underscores.
    assert "_" not in raised.value.response["Fields"][0]["Message"]

    both = {name: MEDIA[name] for name in (given, missing)}
    assert update(sms, agent, **both)[given] == MEDIA[given]


@newest
@pytest.mark.rule("rcs-describe-limits")
def test_the_rate_of_an_agent(sms, agent):
    """MessagingLimits has the rate of RCS."""
    [listed] = sms.describe_rcs_agents(RcsAgentIds=[agent.id])["RcsAgents"]

    assert listed["MessagingLimits"]["RateLimits"].keys() == {"RCS"}


@newest
@pytest.mark.rule("rcs-update-events")
def test_rcs_events_are_replaced(sms, agent):
    """TwoWayRcsEventsEnabled replaces the list; an empty list disables all events."""
    for events in (["READ", "TYPING"], ["ALL"], ["READ"], []):
        updated = update(sms, agent, TwoWayRcsEventsEnabled=events)
        assert updated["TwoWayRcsEventsEnabled"] == events
        assert update(sms, agent)["TwoWayRcsEventsEnabled"] == events


@newest
@pytest.mark.rule("rcs-update-events-all")
@pytest.mark.parametrize("events", [["ALL", "READ"], ["READ", "ALL"], ["ALL", "ALL"]])
def test_all_must_be_the_only_event(sms, refused, agent, events):
    """ALL must be the only element."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["TwoWayRcsEventsEnabled"]):
        update(sms, agent, TwoWayRcsEventsEnabled=events)


@pytest.mark.rule("rcs-update-in-pool")
def test_pool_settings_cannot_be_changed_on_an_agent(sms, refused, pool, agent):
    """In a pool, only the deletion protection of an agent can be changed."""
    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=agent.id)

    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        update(sms, agent, **TWO_WAY)
    assert update(sms, agent, DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True
    sms.update_pool(PoolId=pool.id, **TWO_WAY)
    assert described(sms, agent)["TwoWayChannelArn"] == TOPIC


# DeleteRcsAgent.


@pytest.mark.rule("rcs-delete-protected")
def test_a_protected_agent_cannot_be_deleted(sms, refused, agent):
    """An agent with deletion protection cannot be deleted."""
    update(sms, agent, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=agent):
        sms.delete_rcs_agent(RcsAgentId=agent.id)


@pytest.mark.rule("rcs-delete-in-pool")
def test_an_agent_in_a_pool_cannot_be_deleted(sms, refused, pool, agent):
    """It must leave the pool, or the pool must be deleted."""
    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=agent.id)

    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        sms.delete_rcs_agent(RcsAgentId=agent.id)
    sms.disassociate_origination_identity(PoolId=pool.id, OriginationIdentity=agent.id)
    assert sms.delete_rcs_agent(RcsAgentId=agent.id)["Status"] == "DELETED"


@pytest.mark.rule("rcs-delete-registered")
def test_an_agent_with_registrations_cannot_be_deleted(sms, refused, agent):
    """Its registrations must be deleted first."""
    registered = sms.create_registration(RegistrationType="US_RCS_LAUNCH_REGISTRATION")[
        "RegistrationId"
    ]
    sms.create_registration_association(RegistrationId=registered, ResourceId=agent.id)

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=agent):
        sms.delete_rcs_agent(RcsAgentId=agent.id)
    sms.delete_registration(RegistrationId=registered)
    assert sms.delete_rcs_agent(RcsAgentId=agent.id)["Status"] == "DELETED"


@pytest.mark.rule("rcs-delete-response")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_members_of_the_answer_of_delete(sms, refused, agent, form):
    """The answer has the last settings and DELETED; then the agent is unknown."""
    last = update(sms, agent, **TWO_WAY, SelfManagedOptOutsEnabled=True)

    deleted = without_metadata(sms.delete_rcs_agent(RcsAgentId=getattr(agent, form)))

    assert deleted == last | {"Status": "DELETED"}
    with refused("ResourceNotFoundException", about=agent):
        sms.describe_rcs_agents(RcsAgentIds=[agent.id])


@pytest.mark.rule("rcs-delete-once")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_a_deleted_agent_cannot_be_used(sms, emulator, refused, agent):
    """While it is still described as DELETED, it can be neither updated nor used."""
    sms.delete_rcs_agent(RcsAgentId=agent.id)

    assert described(sms, agent)["Status"] == "DELETED"
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        update(sms, agent, DeletionProtectionEnabled=True)
    with refused("ResourceNotFoundException", about=agent):
        sms.delete_rcs_agent(RcsAgentId=agent.id)
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=agent):
        sms.create_pool(OriginationIdentity=agent.id, MessageType="TRANSACTIONAL")
    emulator.clock.advance(seconds=60)
    assert sms.describe_rcs_agents()["RcsAgents"] == []


# DescribeRcsAgents.


@pytest.mark.rule("rcs-describe")
def test_agents_can_be_selected(sms, refused):
    """RcsAgentIds (at most 5), Owner and filters restrict the result."""
    made = [sms.create_rcs_agent() for _ in range(2)]
    ids = [each["RcsAgentId"] for each in made]

    def found(**members):
        return [each["RcsAgentId"] for each in sms.describe_rcs_agents(**members)["RcsAgents"]]

    assert found() == found(Owner="SELF") == ids
    assert found(Owner="SHARED") == []
    assert found(RcsAgentIds=[ids[1]]) == [ids[1]]
    assert found(RcsAgentIds=[made[0]["RcsAgentArn"]]) == [ids[0]]
    filters = [{"Name": "two-way-enabled", "Values": ["true"]}]
    assert found(RcsAgentIds=ids, Filters=filters) == []
    assert found(RcsAgentIds=ids[:1] * 5) == ids[:1]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["RcsAgentIds"]):
        found(RcsAgentIds=ids[:1] * 6)
    for owner in ("SELF", "SHARED"):
        with refused(
            "ValidationException",
            "PARAMETERS_CANNOT_BE_USED_TOGETHER",
            fields=["Owner", "RcsAgentIds"],
        ):
            found(RcsAgentIds=ids, Owner=owner)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("rcs-filters")
@pytest.mark.parametrize(
    ("name", "value", "which"),
    [
        ("status", "ACTIVE", [0]),
        ("status", "CREATED", [1]),
        ("two-way-enabled", "true", [0]),
        ("two-way-enabled", "false", [1]),
        ("self-managed-opt-outs-enabled", "true", [0]),
        ("self-managed-opt-outs-enabled", "false", [1]),
        ("opt-out-list-name", "Ours", [1]),
        ("opt-out-list-name", "Default", [0]),
        ("deletion-protection-enabled", "true", [1]),
        ("deletion-protection-enabled", "false", [0]),
        ("two-way-channel-arn", TOPIC, [0]),
        ("two-way-channel-arn", TOPIC + "2", []),
    ],
)
def test_agents_are_filtered(sms, emulator, agent, name, value, which):
    """The six filters match the members of the agents."""
    update(sms, agent, **TWO_WAY, SelfManagedOptOutsEnabled=True)
    emulator.clock.advance(seconds=60)
    sms.create_opt_out_list(OptOutListName="Ours")
    other = sms.create_rcs_agent(OptOutListName="Ours", DeletionProtectionEnabled=True)
    ids = [agent.id, other["RcsAgentId"]]

    found = sms.describe_rcs_agents(Filters=[{"Name": name, "Values": [value]}])["RcsAgents"]

    assert [each["RcsAgentId"] for each in found] == [ids[index] for index in which]


def test_members_of_a_plain_agent(sms, pool, agent):
    """Without a pool and a registration, it has no PoolId and no testing agent."""
    assert described(sms, agent).keys() == MEMBERS
    sms.associate_origination_identity(PoolId=pool.id, OriginationIdentity=agent.id)
    assert described(sms, agent).keys() == MEMBERS | {"PoolId"}


# DescribeRcsAgentCountryLaunchStatus.


@pytest.mark.parametrize("form", ["id", "arn"])
def test_an_agent_without_registration_is_launched_nowhere(sms, agent, form):
    """The answer names the agent, and has no countries without a registration."""
    answer = sms.describe_rcs_agent_country_launch_status(RcsAgentId=getattr(agent, form))

    assert answer["RcsAgentId"] == agent.id
    assert answer["RcsAgentArn"] == agent.arn
    assert answer["CountryLaunchStatus"] == []


# Members that are returned only sometimes; for TestingAgent, see test_rcs_launches.py.


@newest
@pytest.mark.rule("rcs-describe-optional")
def test_the_pool_of_an_agent(sms, agent):
    """PoolId is returned for an agent in a pool."""
    before = described(sms, agent)

    pool = sms.create_pool(OriginationIdentity=agent.id, MessageType="TRANSACTIONAL")

    assert {"PoolId", "TestingAgent"}.isdisjoint(before)
    assert described(sms, agent)["PoolId"] == pool["PoolId"]


@newest
@pytest.mark.rule("rcs-status-values")
@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.parametrize(
    "status", ["CREATED", "PENDING", "TESTING", "PARTIAL", "ACTIVE", "DELETED"]
)
def test_statuses(sms, account, status):
    """An agent is CREATED at first, and can be PENDING, TESTING, PARTIAL, ACTIVE or DELETED."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    first = described(sms, agent)["Status"]

    agent.status = status

    filters = [{"Name": "status", "Values": [status]}]
    [found] = sms.describe_rcs_agents(Filters=filters)["RcsAgents"]
    assert first == "CREATED"
    assert (found["RcsAgentId"], found["Status"]) == (agent.id, status)


@newest
@pytest.mark.rule("rcs-status-values")
def test_unknown_statuses_are_refused(sms, refused):
    """The filter status accepts only statuses that agents can have."""
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        sms.describe_rcs_agents(Filters=[{"Name": "status", "Values": ["FLYING"]}])
