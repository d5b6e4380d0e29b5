"""Pools: several identities behind one id."""

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.wire.model import service_model

TOPIC = "arn:aws:sns:us-east-1:123456789012:inbound"
ROLE = "arn:aws:iam::123456789012:role/inbound"
UNKNOWN = "pool-00000000000000000000000000000000"

POOL_MEMBERS = {
    "PoolArn",
    "PoolId",
    "Status",
    "MessageType",
    "TwoWayEnabled",
    "SelfManagedOptOutsEnabled",
    "OptOutListName",
    "SharedRoutesEnabled",
    "CreatedTimestamp",
}


# Known of this version: RCS agents, that a number's country may be left out, and empty ids.
country_is_optional = has_agents = takes_an_empty_id = pytest.mark.since("1.43.11")


def named(identity):
    """An identity's id and country, as a request names it: the country was required once."""
    country = identity.iso_country_code
    return {"OriginationIdentity": identity.id} | ({"IsoCountryCode": country} if country else {})


def create(sms, identity, **members):
    """Make a pool of an identity; returns what the answer showed."""
    given = {"MessageType": "TRANSACTIONAL"} | named(identity) | members
    return without_metadata(sms.create_pool(**given))


def associate(sms, pool, identity, **members):
    """Put an identity into a pool; returns what the answer showed."""
    return without_metadata(
        sms.associate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def disassociate(sms, pool, identity, **members):
    """Take an identity out of a pool; returns what the answer showed."""
    return without_metadata(
        sms.disassociate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def described(sms, pool):
    """What DescribePools shows of a pool."""
    (entry,) = sms.describe_pools(PoolIds=[pool.id])["Pools"]
    return entry


def number_described(sms, number):
    """What DescribePhoneNumbers shows of a number."""
    (entry,) = sms.describe_phone_numbers(PhoneNumberIds=[number.id])["PhoneNumbers"]
    return entry


def identities(sms, pool, **members):
    """What ListPoolOriginationIdentities lists."""
    return sms.list_pool_origination_identities(PoolId=pool.id, **members)["OriginationIdentities"]


def ids(entries):
    """The ids of what was listed."""
    return [entry["OriginationIdentity"] for entry in entries]


def without_metadata(answer):
    """An answer without what boto3 adds."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def customise(sms, number):
    """Give a number settings of its own: a list, two-way messaging, opt-outs, a keyword."""
    sms.create_opt_out_list(OptOutListName="Ours")
    sms.update_phone_number(
        PhoneNumberId=number.id,
        OptOutListName="Ours",
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        SelfManagedOptOutsEnabled=True,
    )
    sms.put_keyword(
        OriginationIdentity=number.id,
        Keyword="INFO",
        KeywordMessage="All about us",
        KeywordAction="OPT_IN",
    )


# CreatePool.


@pytest.mark.rule("pool-create-associates-seed")
def test_a_new_pool_has_its_first_identity(sms, number):
    """Creating a pool also associates the given identity, and nothing else."""
    made = create(sms, number)

    listed = sms.list_pool_origination_identities(PoolId=made["PoolId"])
    assert ids(listed["OriginationIdentities"]) == [number.id]


@pytest.mark.rule("pool-create-identity-forms")
@pytest.mark.parametrize("form", ["id", "arn"])
@pytest.mark.parametrize("kind", ["number", "sender_id"])
def test_an_identity_is_named_by_id_or_arn(sms, lease, request, account, kind, form):
    """A phone number and a sender ID are found by id or ARN, by all three operations."""
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
def test_a_number_in_e164_form_is_no_identity(sms, refused, number, pool):
    """The bare E.164 number cannot be used: the pattern has no plus sign."""
    named = {"OriginationIdentity": number.phone_number, "IsoCountryCode": "US"}

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OriginationIdentity"]):
        sms.create_pool(MessageType="TRANSACTIONAL", **named)
    for change in (sms.associate_origination_identity, sms.disassociate_origination_identity):
        with refused(
            "ValidationException", "FIELD_VALIDATION_FAILED", fields=["OriginationIdentity"]
        ):
            change(PoolId=pool.id, **named)


def refused_by_all(sms, refused, pool, expected, **named):
    """Expect the same refusal of the three operations that take an identity."""
    with refused(*expected[0], **expected[1]):
        sms.create_pool(MessageType="TRANSACTIONAL", **named)
    for change in (sms.associate_origination_identity, sms.disassociate_origination_identity):
        with refused(*expected[0], **expected[1]):
            change(PoolId=pool.id, **named)


@pytest.mark.rule("pool-create-identity-unknown-phone")
@pytest.mark.parametrize("form", ["{id}", "{start}:phone-number/{id}"])
def test_an_unknown_number_is_refused(sms, refused, number, pool, form):
    """What looks like a phone number's id or ARN but does not exist is not found."""
    unknown = "phone-00000000000000000000000000000000"
    name = form.format(id=unknown, start=number.arn.rpartition(":")[0])
    expected = (("ResourceNotFoundException",), {"about": ("phone-number", unknown)})

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=name, IsoCountryCode="US")


@pytest.mark.rule("pool-create-identity-unknown-sender")
def test_an_unknown_sender_id_is_refused(sms, refused, sender_id, pool):
    """A sender ID that does not exist in the given country is not found."""
    expected = (("ResourceNotFoundException",), {"about": ("sender-id", sender_id.id)})

    refused_by_all(
        sms, refused, pool, expected, OriginationIdentity=sender_id.id, IsoCountryCode="DE"
    )


def test_an_arn_of_something_else_is_refused(sms, refused, pool):
    """The ARN of a pool, or of another Region, names no origination identity."""
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
    """Opt-out list, two-way settings, self-managed opt-outs and keywords are the identity's."""
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
    """A pool's message type must be one of the sender ID's MessageTypes."""
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
    """A pool's deletion protection is the request's or false, whatever the number's is."""
    made = create(sms, lease(DeletionProtectionEnabled=True), **given)

    assert made["DeletionProtectionEnabled"] is expected


@pytest.mark.rule("pool-create-shared-routes-default")
def test_a_new_pool_has_no_shared_routes(sms, number):
    """SharedRoutesEnabled starts false, and CreatePool has no such member."""
    assert create(sms, number)["SharedRoutesEnabled"] is False
    members = service_model().shapes["CreatePoolRequest"]["members"]
    assert "SharedRoutesEnabled" not in members


@pytest.mark.rule("pool-create-defaults-from-sender-seed")
def test_a_pool_of_a_sender_id_has_default_settings(sms, sender_id):
    """A sender ID has no settings to take over: default list, two-way and own opt-outs off."""
    made = create(sms, sender_id)

    assert made["OptOutListName"] == "Default"
    assert made["TwoWayEnabled"] is False
    assert "TwoWayChannelArn" not in made
    assert made["SelfManagedOptOutsEnabled"] is False


@pytest.mark.rule("pool-create-phone-already-pooled")
@pytest.mark.usefixtures("pool")
def test_a_pooled_number_makes_no_other_pool(sms, refused, number):
    """A phone number that is in a pool cannot be the first of another."""
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=number):
        create(sms, number)


@pytest.mark.rule("pool-create-sender-many-pools")
def test_a_sender_id_is_in_many_pools(sms, account, sender_id, pool):
    """The same sender ID is the first or a further member of any number of pools."""
    made = [create(sms, sender_id)["PoolId"] for _ in range(2)]
    associate(sms, pool, sender_id)

    for pool_id in (*made, pool.id):
        assert sender_id.id in ids(identities(sms, account.pools[pool_id]))


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-create-phone-not-active")
def test_a_number_that_is_not_active_joins_no_pool(sms, emulator, refused, lease):
    """A phone number whose Status is not ACTIVE cannot seed or join a pool."""
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
    """For a phone number the country may be left out, as the number has one."""
    other = {"OriginationIdentity": lease().id} | country

    joined = sms.associate_origination_identity(PoolId=pool.id, **other)
    left = sms.disassociate_origination_identity(PoolId=pool.id, **other)
    sms.create_pool(MessageType="TRANSACTIONAL", **other)

    assert joined["IsoCountryCode"] == left["IsoCountryCode"] == "US"


@country_is_optional
@pytest.mark.rule("pool-create-sender-needs-country", "pool-create-iso-required-at-launch")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_sender_id_needs_its_country(sms, refused, sender_id, pool, form):
    """The same sender ID can exist in several countries, so one must be given."""
    expected = (("ValidationException", "INVALID_ARN"), {"fields": ["SenderId"]})

    refused_by_all(sms, refused, pool, expected, OriginationIdentity=getattr(sender_id, form))


@pytest.mark.usefixtures("sender_id")
def test_a_sender_id_is_found_in_any_letter_case(sms, pool):
    """Sender IDs are upper-cased on the way in."""
    joined = sms.associate_origination_identity(
        PoolId=pool.id, OriginationIdentity="example", IsoCountryCode="GB"
    )

    assert joined["OriginationIdentity"] == "EXAMPLE"


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-create-status-lifecycle")
def test_a_pool_is_creating_then_active(sms, emulator, account, lease):
    """A pool is CREATING until it is usable and ACTIVE from then on."""
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
    """A number in a pool shows its PoolId, however it came there; another shows none."""
    other, alone = lease(), lease()
    associate(sms, pool, other)
    asked = lease(PoolId=pool.id)

    assert [number_described(sms, each)["PoolId"] for each in (number, other, asked)] == [
        pool.id
    ] * 3
    assert "PoolId" not in number_described(sms, alone)


@pytest.mark.rule("pool-create-tags-returned")
def test_tags_come_back(sms, number):
    """CreatePool echoes Tags, and ListTagsForResource finds them."""
    tags = [{"Key": "team", "Value": "blue"}, {"Key": "empty", "Value": ""}]

    made = create(sms, number, Tags=tags)

    assert made["Tags"] == tags
    assert sms.list_tags_for_resource(ResourceArn=made["PoolArn"])["Tags"] == tags


@pytest.mark.rule("pool-create-response-members")
def test_what_create_pool_answers(sms, lease):
    """All settings are shown; the two-way channel and role only when they are set."""
    plain, two_way = lease(), lease()
    customise(sms, two_way)
    always = POOL_MEMBERS | {"DeletionProtectionEnabled", "Tags"}

    assert create(sms, plain).keys() == always
    assert create(sms, two_way).keys() == always | {"TwoWayChannelArn", "TwoWayChannelRole"}


@pytest.mark.pinpoint_sms(quotas="POOLS_PER_ACCOUNT=2")
@pytest.mark.rule("pool-create-quota")
def test_pools_are_limited(sms, refused, sender_id):
    """One pool more than the POOLS limit allows is refused."""
    for _ in range(2):
        create(sms, sender_id)

    with refused("ServiceQuotaExceededException", "POOLS_PER_ACCOUNT"):
        create(sms, sender_id)


@pytest.mark.rule("pool-create-quota")
def test_there_may_be_25_pools(emulator):
    """The user guide: 25 pools per account and Region."""
    assert emulator.settings.quotas["POOLS_PER_ACCOUNT"] == 25


@pytest.mark.rule("pool-create-idempotent")
def test_creating_again_with_the_same_token_creates_nothing(sms, number):
    """The same ClientToken and parameters return the first pool."""
    first, second = (create(sms, number, ClientToken="once") for _ in range(2))

    assert first == second
    assert len(sms.describe_pools()["Pools"]) == 1


@pytest.mark.rule("pool-id-and-arn-format")
def test_what_a_pools_id_looks_like(sms, number):
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


# Finding pools.


def calls_with_a_pool(sms, identity):
    """Every operation that takes a PoolId, as a function of it."""
    return [
        lambda pool_id: sms.update_pool(PoolId=pool_id),
        lambda pool_id: sms.list_pool_origination_identities(PoolId=pool_id),
        lambda pool_id: sms.associate_origination_identity(PoolId=pool_id, **named(identity)),
        lambda pool_id: sms.disassociate_origination_identity(PoolId=pool_id, **named(identity)),
        lambda pool_id: sms.delete_pool(PoolId=pool_id),
    ]


@pytest.mark.rule("pool-any-id-or-arn")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_a_pool_is_named_by_id_or_arn(sms, lease, pool, form):
    """Every PoolId takes the pool's id or its ARN."""
    name = getattr(pool, form)
    other = lease()

    assert [each["PoolId"] for each in sms.describe_pools(PoolIds=[name])["Pools"]] == [pool.id]
    for call in calls_with_a_pool(sms, other):
        assert call(name)["PoolId"] == pool.id


@pytest.mark.rule("pool-unknown")
def test_an_unknown_pool_is_refused(sms, refused, lease, pool):
    """A PoolId that does not name an existing pool is not found."""
    other = lease()

    for name in (UNKNOWN, pool.arn.replace(pool.id, UNKNOWN)):
        for call in calls_with_a_pool(sms, other):
            with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
                call(name)
        with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
            lease(PoolId=name)


@takes_an_empty_id
@pytest.mark.rule("pool-id-empty-string")
def test_an_empty_pool_id_names_no_pool(sms, refused, lease):
    """Where a PoolId is required an empty one is invalid; where not, it is as not given."""
    other = lease()

    for call in calls_with_a_pool(sms, other):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["PoolId"]):
            call("")
    assert "PoolId" not in number_described(sms, lease(PoolId=""))


# DescribePools.


@pytest.fixture
def pools(sms, account, lease):
    """Four pools, each with something of its own."""
    plain, two_way, promotional, protected = (
        lease(),
        lease(),
        lease(MessageType="PROMOTIONAL"),
        lease(),
    )
    customise(sms, two_way)
    made = [
        create(sms, plain),
        create(sms, two_way),
        create(sms, promotional, MessageType="PROMOTIONAL"),
        create(sms, protected, DeletionProtectionEnabled=True),
    ]
    sms.update_pool(PoolId=made[0]["PoolId"], SharedRoutesEnabled=True)
    return [account.pools[each["PoolId"]] for each in made]


@pytest.mark.rule("pool-describe-all")
def test_all_pools_are_described(sms, pools):
    """Without ids or filters every pool of the account is shown, oldest first."""
    assert [each["PoolId"] for each in sms.describe_pools()["Pools"]] == [each.id for each in pools]


@pytest.mark.rule("pool-describe-by-id")
def test_named_pools_are_described(sms, pools):
    """With PoolIds only the named pools are shown."""
    found = sms.describe_pools(PoolIds=[pools[2].arn, pools[0].id])["Pools"]

    assert {each["PoolId"] for each in found} == {pools[0].id, pools[2].id}


@pytest.mark.rule("pool-describe-unknown-id")
def test_one_unknown_id_fails_the_description(sms, refused, pool):
    """One PoolIds entry that names no pool fails the whole call."""
    with refused("ResourceNotFoundException", about=("pool", UNKNOWN)):
        sms.describe_pools(PoolIds=[pool.id, UNKNOWN])


@takes_an_empty_id
def test_an_empty_id_is_described_as_no_pool(sms, refused, pool):
    """An empty entry of PoolIds is invalid."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["PoolIds"]):
        sms.describe_pools(PoolIds=[pool.id, ""])


@pytest.mark.rule("pool-describe-id-limit")
def test_five_pools_can_be_named(sms, refused, pool):
    """PoolIds holds at most 5 entries."""
    assert len(sms.describe_pools(PoolIds=[pool.id] * 5)["Pools"]) == 1
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PoolIds"]):
        sms.describe_pools(PoolIds=[pool.id] * 6)


@pytest.mark.rule("pool-describe-ids-and-filters")
def test_ids_and_filters_together(sms, pools):
    """The named pools that also pass the filters are shown."""
    found = sms.describe_pools(
        PoolIds=[pools[0].id, pools[2].id],
        Filters=[{"Name": "message-type", "Values": ["TRANSACTIONAL"]}],
    )["Pools"]

    assert [each["PoolId"] for each in found] == [pools[0].id]


def passing(sms, name, *values: str):
    """The ids of the pools that pass a filter."""
    found = sms.describe_pools(Filters=[{"Name": name, "Values": list(values)}])
    return [each["PoolId"] for each in found["Pools"]]


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
    """A filter keeps the pools whose setting is the value."""
    assert passing(sms, name, value) == [pools[index].id for index in sorted(which)]


@pytest.mark.rule("pool-filter-message-type", "pool-filter-opt-out-list-name")
def test_one_of_several_values_is_enough(sms, pools):
    """The values of a filter are or-ed."""
    everything = [each.id for each in pools]

    assert passing(sms, "message-type", "TRANSACTIONAL", "PROMOTIONAL") == everything
    assert passing(sms, "opt-out-list-name", "Default", "Ours") == everything


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-filter-status")
def test_pools_are_filtered_by_status(sms, emulator, lease):
    """Filter status keeps pools whose Status is one of the values."""
    first, second = lease(), lease()
    emulator.clock.advance(seconds=60)
    old = create(sms, first)["PoolId"]
    emulator.clock.advance(seconds=60)
    new = create(sms, second)["PoolId"]

    assert passing(sms, "status", "ACTIVE") == [old]
    assert passing(sms, "status", "CREATING", "DELETING") == [new]
    assert passing(sms, "status", "CREATING", "ACTIVE") == [old, new]


@pytest.mark.rule("pool-describe-no-tags")
def test_what_describe_pools_shows(sms, number):
    """A pool's entry has neither tags nor a country."""
    made = create(sms, number, Tags=[{"Key": "team", "Value": "blue"}])

    (entry,) = sms.describe_pools()["Pools"]
    assert entry.keys() == POOL_MEMBERS | {"DeletionProtectionEnabled"}
    assert sms.list_tags_for_resource(ResourceArn=made["PoolArn"])["Tags"]


# UpdatePool.


@pytest.mark.rule("pool-message-type-immutable")
def test_a_pool_keeps_its_message_type(sms, pool):
    """UpdatePool has no member for it, and those it has leave it as it is."""
    assert "MessageType" not in service_model().shapes["UpdatePoolRequest"]["members"]
    updated = sms.update_pool(
        PoolId=pool.id, SharedRoutesEnabled=True, TwoWayEnabled=True, TwoWayChannelArn=TOPIC
    )
    assert updated["MessageType"] == "TRANSACTIONAL"


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


@pytest.fixture(params=["pool", "number"])
def update(request, sms, lease):
    """UpdatePool or UpdatePhoneNumber, with the id of what it updates."""
    number = lease()
    if request.param == "number":
        return lambda **members: without_metadata(
            sms.update_phone_number(PhoneNumberId=number.id, **members)
        )
    made = create(sms, number)["PoolId"]
    sms.describe_pools()
    return lambda **members: without_metadata(sms.update_pool(PoolId=made, **members))


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


# DeletePool.


@pytest.mark.rule("pool-delete-protected")
def test_a_protected_pool_stays(sms, refused, pool):
    """A pool with deletion protection cannot be deleted and stays unchanged."""
    sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=pool):
        sms.delete_pool(PoolId=pool.id)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-delete-not-active")
def test_a_pool_that_is_not_active_is_not_deleted(sms, emulator, account, refused, lease):
    """A pool whose Status is CREATING or DELETING cannot be deleted."""
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
def test_members_outlive_their_pool(sms, pool, number, sender_id, agent):
    """Deleting a pool removes all its associations; the identities remain."""
    associate(sms, pool, sender_id)
    associate(sms, pool, agent)

    sms.delete_pool(PoolId=pool.id)

    assert "PoolId" not in number_described(sms, number)
    (shown,) = sms.describe_rcs_agents(RcsAgentIds=[agent.id])["RcsAgents"]
    assert "PoolId" not in shown
    assert [each["SenderId"] for each in sms.describe_sender_ids()["SenderIds"]] == [sender_id.id]
    released = sms.release_sender_id(SenderId=sender_id.id, IsoCountryCode="GB")
    assert released["SenderId"] == sender_id.id


@pytest.mark.rule("pool-delete-response")
def test_what_delete_pool_answers(sms, number):
    """The last settings and Status, but neither deletion protection nor tags."""
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
    """After its pool is deleted a number can be released, updated or placed in another pool."""
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
    """After deletion the pool no longer counts as a user of its opt-out list."""
    sms.create_opt_out_list(OptOutListName="Ours")
    made = create(sms, sender_id)
    sms.update_pool(PoolId=made["PoolId"], OptOutListName="Ours")
    with pytest.raises(ClientError):
        sms.delete_opt_out_list(OptOutListName="Ours")

    sms.delete_pool(PoolId=made["PoolId"])

    assert sms.delete_opt_out_list(OptOutListName="Ours")["OptOutListName"] == "Ours"


@has_agents
@pytest.mark.rule("pool-delete-removes-keywords-and-tags")
def test_what_hangs_on_a_pool_goes_with_it(sms, refused, pool):
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
def test_nothing_hangs_on_a_pool_that_is_being_deleted(sms, emulator, account, refused):
    """What hangs on a pool is gone while it is still shown as DELETING, and nothing comes anew."""
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
    """Deletion protection of numbers or sender IDs does not block deletion of the pool."""
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
    """The last phone number cannot be taken out of a pool, but the pool can be deleted."""
    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)

    sms.delete_pool(PoolId=pool.id)

    assert "PoolId" not in number_described(sms, number)


# AssociateOriginationIdentity.


@has_agents
@pytest.mark.rule("pool-associate-adds", "pool-mixed-identities")
def test_identities_of_all_kinds_join(sms, lease, pool, number, sender_id, agent):
    """Association adds the identity to the pool's list; a pool may hold all kinds."""
    other = lease()

    associate(sms, pool, other)
    associate(sms, pool, sender_id)
    associate(sms, pool, agent)

    listed = ids(identities(sms, pool))
    assert sorted(listed) == sorted([number.id, other.id, sender_id.id, agent.id])


@pytest.mark.rule("pool-mixed-identities")
def test_a_number_joins_a_pool_of_a_sender_id(sms, account, lease, sender_id):
    """A pool that began with a sender ID takes phone numbers."""
    made = account.pools[create(sms, sender_id)["PoolId"]]
    number = lease()

    associate(sms, made, number)

    assert set(ids(identities(sms, made))) == {sender_id.id, number.id}


@pytest.mark.rule("pool-associate-phone-other-pool")
def test_a_number_of_another_pool_does_not_join(sms, refused, lease, pool):
    """A phone number that is in another pool cannot be associated."""
    other = lease()
    create(sms, other)

    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-phone-same-pool")
def test_a_number_joins_once(sms, refused, pool, number):
    """Associating a phone number that is in this pool already is refused."""
    with refused("ConflictException", "RESOURCE_ALREADY_ASSOCIATED", about=number):
        associate(sms, pool, number)


@pytest.mark.rule("pool-associate-sender-same-pool")
def test_a_sender_id_joins_once(sms, refused, pool, sender_id):
    """Associating a sender ID that is in this pool already is refused."""
    associate(sms, pool, sender_id)

    with refused("ConflictException", "RESOURCE_ALREADY_ASSOCIATED", about=sender_id):
        associate(sms, pool, sender_id)


@pytest.mark.rule("pool-associate-message-type")
def test_a_number_of_another_message_type_does_not_join(sms, refused, lease, pool):
    """A phone number whose message type differs from the pool's cannot join."""
    other = lease(MessageType="PROMOTIONAL")

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=other):
        associate(sms, pool, other)
    # The number is still to be leased: the pool is what it does not fit.
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
def test_a_number_with_other_opt_outs_does_not_join(sms, refused, lease, pool):
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
def test_a_number_that_can_do_nothing_of_the_pools_does_not_join(sms, account, refused, lease):
    """A number has to have a capability in common with all numbers of the pool."""
    pool = account.pools[create(sms, lease(NumberCapabilities=["SMS"]))["PoolId"]]
    voice, both = lease(NumberCapabilities=["VOICE"]), lease()

    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=voice):
        associate(sms, pool, voice)
    associate(sms, pool, both)
    with refused("ConflictException", "NUMBER_CAPABILITIES_MISMATCH", about=voice):
        associate(sms, pool, voice)


@pytest.mark.rule("pool-associate-capabilities")
def test_what_numbers_can_do_two_by_two_is_not_enough(sms, account, refused, lease):
    """Of three numbers that have capabilities in common two by two the third does not join."""
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
def test_one_mismatch_is_told(sms, refused, lease, pool):
    """When several settings differ one Reason is told, and nothing is changed."""
    sms.create_opt_out_list(OptOutListName="Ours")
    other = lease(MessageType="PROMOTIONAL", OptOutListName="Ours")
    sms.put_keyword(OriginationIdentity=other.id, Keyword="INFO", KeywordMessage="Hello")

    with refused("ConflictException", "MESSAGE_TYPE_MISMATCH", about=other):
        associate(sms, pool, other)


@pytest.mark.rule("pool-associate-protection-ignored")
@pytest.mark.parametrize("protected", [True, False])
def test_protection_is_not_compared(sms, lease, pool, protected):
    """Deletion protection of the phone number plays no part."""
    sms.update_pool(PoolId=pool.id, DeletionProtectionEnabled=not protected)
    other = lease(DeletionProtectionEnabled=protected)

    associate(sms, pool, other)

    assert number_described(sms, other)["DeletionProtectionEnabled"] is protected


@pytest.mark.rule("pool-associate-sender-skips-checks")
def test_a_sender_id_has_no_settings_to_compare(sms, account, number, sender_id):
    """List, two-way, opt-out and keyword comparisons do not apply to sender IDs."""
    customise(sms, number)
    pool = account.pools[create(sms, number)["PoolId"]]

    associate(sms, pool, sender_id)

    assert sender_id.id in ids(identities(sms, pool))


@pytest.mark.pinpoint_sms(quotas="ORIGINATION_IDENTITIES_PER_POOL=2")
@pytest.mark.rule("pool-associate-quota")
def test_identities_of_a_pool_are_limited(sms, refused, lease, pool, sender_id):
    """One identity more than a pool may have is refused, however it would come there."""
    associate(sms, pool, sender_id)
    other = lease()

    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        associate(sms, pool, other)
    with refused("ServiceQuotaExceededException", "ORIGINATION_IDENTITIES_PER_POOL"):
        lease(PoolId=pool.id)


@pytest.mark.rule("pool-associate-quota")
def test_a_pool_may_have_100_identities(emulator):
    """The user guide: 100 identities per pool."""
    assert emulator.settings.quotas["ORIGINATION_IDENTITIES_PER_POOL"] == 100


@pytest.mark.rule("pool-associate-response")
@pytest.mark.parametrize("form", ["id", "arn"])
@pytest.mark.parametrize("kind", ["number", "sender_id"])
def test_what_associations_answer(sms, account, lease, request, kind, form):
    """Both ARNs, both plain ids and the country, whichever forms the request used."""
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
    """A number that is being added to a pool is ASSOCIATING, and sends when it is ACTIVE again."""
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
def test_joining_and_leaving_again_with_the_same_token(sms, lease, pool):
    """The same ClientToken and parameters return the first answer instead of a conflict."""
    other = lease()

    joined = [associate(sms, pool, other, ClientToken="in") for _ in range(2)]
    left = [disassociate(sms, pool, other, ClientToken="out") for _ in range(2)]

    assert joined[0] == joined[1]
    assert left[0] == left[1]


# DisassociateOriginationIdentity.


@pytest.mark.rule("pool-disassociate-removes")
def test_what_leaves_is_no_member(sms, lease, pool, number):
    """Disassociation takes the identity off the pool's list and clears the number's PoolId."""
    other = lease(PoolId=pool.id)

    disassociate(sms, pool, other)

    assert ids(identities(sms, pool)) == [number.id]
    assert "PoolId" not in number_described(sms, other)


@pytest.mark.rule("pool-disassociate-not-member-phone")
def test_a_number_that_is_no_member_cannot_leave(sms, refused, lease, pool):
    """Removing a number that is not in this pool is refused, also when it is in another."""
    alone, elsewhere = lease(), lease()
    create(sms, elsewhere)

    for other in (alone, elsewhere):
        with refused("ConflictException", "PHONE_NUMBER_NOT_ASSOCIATED_TO_POOL", about=other):
            disassociate(sms, pool, other)


@pytest.mark.rule("pool-disassociate-not-member-sender")
def test_a_sender_id_that_is_no_member_cannot_leave(sms, refused, pool, sender_id):
    """Removing a sender ID that is not in this pool is refused."""
    create(sms, sender_id)

    with refused("ResourceNotFoundException", about=sender_id):
        disassociate(sms, pool, sender_id)


@pytest.mark.rule("pool-disassociate-last-phone")
def test_the_last_number_stays_whatever_else_there_is(sms, refused, pool, number, sender_id):
    """The last phone number cannot be removed; a last sender ID can."""
    associate(sms, pool, sender_id)

    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)
    disassociate(sms, pool, sender_id)
    with refused("ConflictException", "LAST_PHONE_NUMBER", about=pool):
        disassociate(sms, pool, number)


@pytest.mark.rule("pool-disassociate-keeps-settings")
def test_a_number_keeps_what_it_has_when_it_leaves(sms, lease, pool):
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
    """Removal never reports a quota: the exception is not declared for it."""
    other = lease(PoolId=pool.id)

    disassociate(sms, pool, other)

    operation = service_model().operations["DisassociateOriginationIdentity"]
    assert "ServiceQuotaExceededException" not in operation.errors


# ListPoolOriginationIdentities.


@pytest.fixture
def mixed(sms, account, lease, sender_id):
    """A pool of a US number for text and voice, a Canadian one for text, and a sender ID."""
    here, there = lease(), lease(IsoCountryCode="CA", NumberCapabilities=["SMS"])
    pool = account.pools[create(sms, here)["PoolId"]]
    associate(sms, pool, there)
    associate(sms, pool, sender_id)
    return pool, here, there, sender_id


@pytest.mark.rule("pool-list-identities-response", "pool-list-paginates")
def test_every_page_of_identities_names_the_pool(sms, mixed):
    """The list is paged with MaxResults and NextToken, PoolArn and PoolId on every page."""
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


def test_leaving_between_pages_hides_nothing(sms, mixed):
    """An identity that leaves after it was read does not hide the next one."""
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
def test_what_is_listed_of_an_identity(sms, mixed, agent):
    """ARN, id, country and capabilities; numbers their digits too, agents no country."""
    pool, here, there, _ = mixed
    associate(sms, pool, agent)

    listed = {each.pop("OriginationIdentity"): each for each in identities(sms, pool)}

    for number in (here, there):
        shown = number_described(sms, number)
        assert listed[shown["PhoneNumberId"]] == {
            "OriginationIdentityArn": shown["PhoneNumberArn"],
            "IsoCountryCode": shown["IsoCountryCode"],
            "NumberCapabilities": shown["NumberCapabilities"],
            "PhoneNumber": shown["PhoneNumber"],
        }
    (shown,) = sms.describe_sender_ids()["SenderIds"]
    assert listed[shown["SenderId"]] == {
        "OriginationIdentityArn": shown["SenderIdArn"],
        "IsoCountryCode": shown["IsoCountryCode"],
        "NumberCapabilities": ["SMS"],
    }
    (shown,) = sms.describe_rcs_agents()["RcsAgents"]
    assert listed[shown["RcsAgentId"]] == {
        "OriginationIdentityArn": shown["RcsAgentArn"],
        "NumberCapabilities": ["RCS"],
    }


@pytest.mark.rule("pool-list-filter-country", "pool-identity-countries-mixed")
@pytest.mark.parametrize(
    ("countries", "which"), [(["US"], {1}), (["CA", "GB"], {2, 3}), (["FR"], set())]
)
def test_identities_are_filtered_by_country(sms, mixed, countries, which):
    """A pool may have identities of several countries; the filter keeps the given ones."""
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
    """The filter keeps identities that have at least one of the capabilities."""
    pool = mixed[0]

    found = identities(sms, pool, Filters=[{"Name": "number-capability", "Values": capabilities}])

    assert set(ids(found)) == {mixed[index].id for index in which}


@pytest.mark.rule("pool-declared-exceptions")
def test_what_pool_operations_declare():
    """Quotas for creation only, conflicts for all that change, neither for describing."""
    declared = {
        name: service_model().operations[name].errors
        for name in ("CreatePool", "UpdatePool", "DeletePool", "DescribePools")
    }

    assert {n for n, e in declared.items() if "ServiceQuotaExceededException" in e} == {
        "CreatePool"
    }
    assert {n for n, e in declared.items() if "ConflictException" in e} == {
        "CreatePool",
        "UpdatePool",
        "DeletePool",
    }


# RCS agents in pools.


@has_agents
@pytest.mark.rule("pool-create-rcs-agent-seed")
@pytest.mark.parametrize("form", ["id", "arn"])
def test_an_agent_makes_a_pool(sms, account, agent, form):
    """An RCS agent's id or ARN can seed a pool and needs no country."""
    made = sms.create_pool(OriginationIdentity=getattr(agent, form), MessageType="TRANSACTIONAL")

    assert ids(identities(sms, account.pools[made["PoolId"]])) == [agent.id]


@has_agents
@pytest.mark.rule("pool-associate-rcs-agent")
def test_an_agent_joins_a_pool(sms, pool, agent):
    """An RCS agent can join a pool without a country and then shows the PoolId."""
    joined = associate(sms, pool, agent)

    assert "IsoCountryCode" not in joined
    (shown,) = sms.describe_rcs_agents()["RcsAgents"]
    assert shown["PoolId"] == pool.id


@has_agents
@pytest.mark.rule("pool-create-rcs-agent-already-pooled")
def test_a_pooled_agent_joins_no_other_pool(sms, account, refused, lease, pool, agent):
    """An RCS agent that is in a pool cannot be placed in a second one."""
    associate(sms, pool, agent)
    other = account.pools[create(sms, lease())["PoolId"]]

    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        associate(sms, other, agent)
    with refused("ConflictException", "RCS_AGENT_ASSOCIATED_TO_POOL", about=agent):
        sms.create_pool(OriginationIdentity=agent.id, MessageType="TRANSACTIONAL")


@has_agents
def test_an_agent_that_is_no_member_cannot_leave(sms, refused, pool, agent):
    """Removing an RCS agent that is not in the pool is refused."""
    with refused("ResourceNotFoundException", about=agent):
        disassociate(sms, pool, agent)
