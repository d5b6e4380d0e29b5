"""Resource policies: with which accounts a resource is shared, and what they can do with it."""

import json

import pytest

from pinpoint_sms_emu.emulator import engine_of

# Tests about operations that the oldest botocore does not have.
pytestmark = pytest.mark.since("1.43.11")

FRIEND = "210987654321"
OTHER_ACCOUNT = "111122223333"


NUMBER = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
}


def policy(*actions: str, principal=FRIEND, effect="Allow"):
    """A policy document as JSON."""
    statement = {"Effect": effect, "Principal": principal, "Action": list(actions)}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


ALL = policy("sms-voice:*")


@pytest.fixture
def friend(client):
    """A client of the account with which resources are shared."""
    return client(account_id=FRIEND)


@pytest.fixture
def shared(sms, pool):
    """A pool that is shared for all operations."""
    sms.put_resource_policy(ResourceArn=pool.arn, Policy=ALL)
    return pool


@pytest.fixture(params=["pool", "number", "sender_id", "opt_out_list"])
def shareable(request, account, sms):
    """A resource of every kind that can be shared."""
    if request.param == "opt_out_list":
        sms.create_opt_out_list(OptOutListName="Ours")
        return account.opt_out_lists["Ours"]
    return request.getfixturevalue(request.param)


# The three operations.


@pytest.mark.rule("policy-put", "policy-shareable")
def test_a_policy_is_attached(sms, emulator, shareable):
    """The policy is attached, replaces an earlier one, and is returned with ARN and time."""
    emulator.clock.freeze()
    for text in (ALL, policy("sms-voice:DescribePools")):
        put = sms.put_resource_policy(ResourceArn=shareable.arn, Policy=text)
        emulator.clock.advance(hours=1)
        got = sms.get_resource_policy(ResourceArn=shareable.arn)

        put.pop("ResponseMetadata")
        got.pop("ResponseMetadata")
        assert put == got
        assert got["ResourceArn"] == shareable.arn
        assert got["Policy"] == text
        assert (emulator.clock.now() - got["CreatedTimestamp"]).total_seconds() == (
            pytest.approx(3600, abs=0.001)
        )


@pytest.mark.rule("policy-shareable")
def test_other_kinds_have_no_policy(sms, refused, agent):
    """Only pools, opt-out lists, sender IDs and phone numbers can have a policy."""
    made = sms.create_configuration_set(ConfigurationSetName="Set")["ConfigurationSetArn"]

    for arn in (made, agent.arn, "arn:aws:sns:us-east-1:123456789012:inbound"):
        with refused("ValidationException", "INVALID_ARN", fields=["ResourceArn"]):
            sms.put_resource_policy(ResourceArn=arn, Policy=ALL)
        for call in (sms.get_resource_policy, sms.delete_resource_policy):
            with refused("ValidationException", "INVALID_ARN", fields=["ResourceArn"]):
                call(ResourceArn=arn)


@pytest.mark.pinpoint_sms(replica="2/3")
@pytest.mark.rule("policy-of-one-server")
@pytest.mark.parametrize("principal", [FRIEND, "*", {"AWS": [f"arn:aws:iam::{FRIEND}:root"]}])
def test_replicas_refuse_policies(sms, refused, pool, principal):
    """On several replicas, sharing with another account is refused in one sentence."""
    text = policy("sms-voice:*", principal=principal)

    with refused("ValidationException", "OTHER", fields=["Policy"]) as refusal:
        sms.put_resource_policy(ResourceArn=pool.arn, Policy=text)

    [field] = refusal.value.response["Fields"]
    assert field["Message"].startswith("shares with other accounts")
    own = policy("sms-voice:*", principal="123456789012")
    assert sms.put_resource_policy(ResourceArn=pool.arn, Policy=own)["Policy"] == own


@pytest.mark.rule("policy-size")
def test_the_length_of_a_policy(sms, refused, pool):
    """A policy has 1 to 10000 characters."""
    assert sms.put_resource_policy(ResourceArn=pool.arn, Policy=ALL.ljust(10_000))["Policy"]
    for text in ("", ALL.ljust(10_001)):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Policy"]):
            sms.put_resource_policy(ResourceArn=pool.arn, Policy=text)


@pytest.mark.rule("policy-json")
@pytest.mark.parametrize(
    "text",
    [
        "Allow everybody",
        "{",
        "[" * 10_000,
        "{}",
        "[]",
        "null",
        '"sms-voice:*"',
        '{"Statement": []}',
        '{"Statement": ["Allow"]}',
        '{"Statement": {"Effect": "Allow", "Principal": "210987654321"}}',
        policy("sms-voice:*", effect="Maybe"),
        policy("sms-voice:*", principal=""),
        policy("sms-voice:*", principal=[{}]),
        policy("sms-voice:*", principal={"Service": [[]]}),
        policy("sms-voice:*", principal={"AWS": {FRIEND: True}}),
        policy("sms-voice:*", principal={"AWS": None, "Service": "sns.amazonaws.com"}),
        policy("sms-voice:*", principal={"AWS": []}),
        policy({"sms-voice:*": True}),
        policy(["sms-voice:*"], None),
        policy(),
    ],
)
def test_invalid_policies_are_refused(sms, refused, pool, text):
    """Text that is not a JSON policy document is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["Policy"]):
        sms.put_resource_policy(ResourceArn=pool.arn, Policy=text)


@pytest.mark.rule("policy-unknown-resource")
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("phone-number", "phone-00000000000000000000000000000000"),
        ("pool", "pool-00000000000000000000000000000000"),
        ("sender-id", "NOBODY/GB"),
        ("opt-out-list", "Nobody"),
    ],
)
def test_an_unknown_resource_is_refused(sms, refused, account, kind, name):
    """The ARN of a resource that does not exist is not found."""
    arn = f"arn:aws:sms-voice:{account.region}:{account.account_id}:{kind}/{name}"

    with refused("ResourceNotFoundException", about=(kind, name)):
        sms.put_resource_policy(ResourceArn=arn, Policy=ALL)
    for call in (sms.get_resource_policy, sms.delete_resource_policy):
        with refused("ResourceNotFoundException", about=(kind, name)):
            call(ResourceArn=arn)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("policy-unknown-resource")
def test_a_released_number_has_no_policy(sms, refused, emulator):
    """A released number is not found and cannot be shared, as with tags."""
    number = emulator.add_number("+12065550111")
    sms.put_resource_policy(ResourceArn=number.arn, Policy=ALL)
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused("ResourceNotFoundException", about=number):
        sms.put_resource_policy(ResourceArn=number.arn, Policy=ALL)
    for call in (sms.get_resource_policy, sms.delete_resource_policy):
        with refused("ResourceNotFoundException", about=number):
            call(ResourceArn=number.arn)


@pytest.mark.rule("policy-get-none", "policy-delete")
def test_a_policy_is_detached(sms, shareable):
    """The policy is detached and returned; without one the answer is the string {}."""
    none = sms.get_resource_policy(ResourceArn=shareable.arn)
    put = sms.put_resource_policy(ResourceArn=shareable.arn, Policy=ALL)

    deleted = sms.delete_resource_policy(ResourceArn=shareable.arn)
    gone = sms.get_resource_policy(ResourceArn=shareable.arn)

    for answer in (none, put, deleted, gone):
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    assert deleted == put
    assert none == gone == {"ResourceArn": shareable.arn, "Policy": "{}"}


@pytest.mark.rule("policy-no-conflict")
def test_putting_a_policy_never_conflicts(sms, pool):
    """No conflict or quota error is declared, and putting repeatedly causes none."""
    model = sms.meta.service_model.operation_model("PutResourcePolicy")
    declared = {each.name for each in model.error_shapes}

    for _ in range(30):
        sms.put_resource_policy(ResourceArn=pool.arn, Policy=ALL)

    assert declared.isdisjoint({"ConflictException", "ServiceQuotaExceededException"})


# What is shared.


def listed(sms, shareable, **members):
    """The ARNs that the Describe operation of the kind returns."""
    operation, entries, arn = {
        "pool": (sms.describe_pools, "Pools", "PoolArn"),
        "phone-number": (sms.describe_phone_numbers, "PhoneNumbers", "PhoneNumberArn"),
        "sender-id": (sms.describe_sender_ids, "SenderIds", "SenderIdArn"),
        "opt-out-list": (sms.describe_opt_out_lists, "OptOutLists", "OptOutListArn"),
    }[shareable.kind]
    return [each[arn] for each in operation(**members)[entries]]


@pytest.mark.rule("policy-shared-visibility")
def test_shared_resources_are_listed_with_owner_shared(sms, client, friend, shareable):
    """Resources of other accounts are listed with Owner SHARED only."""
    assert listed(friend, shareable, Owner="SHARED") == []

    sms.put_resource_policy(ResourceArn=shareable.arn, Policy=ALL)

    assert listed(friend, shareable, Owner="SHARED") == [shareable.arn]
    assert shareable.arn not in listed(friend, shareable)
    assert shareable.arn not in listed(friend, shareable, Owner="SELF")
    assert listed(sms, shareable, Owner="SHARED") == []
    assert listed(client(account_id=OTHER_ACCOUNT), shareable, Owner="SHARED") == []
    elsewhere = client(account_id=FRIEND, region="eu-west-1")
    assert listed(elsewhere, shareable, Owner="SHARED") == []

    sms.delete_resource_policy(ResourceArn=shareable.arn)
    assert listed(friend, shareable, Owner="SHARED") == []


@pytest.mark.rule("pool-describe-owner")
def test_own_and_shared_pools(friend, shared):
    """Owner SELF, the default, lists the account's pools, SHARED those of other accounts."""
    own = friend.request_sender_id(SenderId="MINE", IsoCountryCode="GB")
    made = friend.create_pool(
        OriginationIdentity=own["SenderId"], IsoCountryCode="GB", MessageType="TRANSACTIONAL"
    )["PoolArn"]

    assert listed(friend, shared) == listed(friend, shared, Owner="SELF") == [made]
    assert listed(friend, shared, Owner="SHARED") == [shared.arn]


@pytest.mark.rule("pool-describe-owner-with-ids")
@pytest.mark.parametrize("owner", ["SELF", "SHARED"])
def test_owner_and_ids_exclude_each_other(sms, refused, pool, owner):
    """Owner and PoolIds cannot be given in one request."""
    with refused(
        "ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=["Owner", "PoolIds"]
    ):
        sms.describe_pools(PoolIds=[pool.id], Owner=owner)


def test_shared_resources_have_pages(sms, client, lease):
    """Resources that several accounts share are listed page by page, each once."""
    other = client(account_id=OTHER_ACCOUNT)
    arns = []
    for owner in (sms, other):
        for index in range(2):
            made = owner.create_opt_out_list(OptOutListName=f"List{index}")["OptOutListArn"]
            owner.put_resource_policy(ResourceArn=made, Policy=ALL)
            arns.append(made)
    friend = client(account_id=FRIEND)

    found, token = [], {}
    for _ in arns:
        page = friend.describe_opt_out_lists(Owner="SHARED", MaxResults=1, **token)
        found += [each["OptOutListArn"] for each in page["OptOutLists"]]
        token = {"NextToken": page["NextToken"]} if "NextToken" in page else {}

    assert sorted(found) == sorted(arns)
    assert token == {}


@pytest.mark.rule("pool-shared-needs-arn")
def test_a_shared_pool_is_found_by_its_arn(sms, refused, friend, shared):
    """A shared pool is found by its full ARN, not by its id."""
    (default,) = sms.describe_opt_out_lists()["OptOutLists"]
    sms.put_resource_policy(ResourceArn=default["OptOutListArn"], Policy=ALL)
    number = friend.request_phone_number(**NUMBER, OptOutListName=default["OptOutListArn"])[
        "PhoneNumberId"
    ]
    calls = [
        lambda name: friend.describe_pools(PoolIds=[name])["Pools"][0],
        lambda name: friend.list_pool_origination_identities(PoolId=name),
        lambda name: friend.update_pool(PoolId=name, SharedRoutesEnabled=True),
        lambda name: friend.request_phone_number(**NUMBER, PoolId=name),
        lambda name: friend.associate_origination_identity(PoolId=name, OriginationIdentity=number),
        lambda name: friend.disassociate_origination_identity(
            PoolId=name, OriginationIdentity=number
        ),
        lambda name: friend.delete_pool(PoolId=name),
    ]

    for call in calls:
        with refused("ResourceNotFoundException", about=shared):
            call(shared.id)
        assert call(shared.arn)["PoolId"] == shared.id
    assert sms.describe_pools()["Pools"] == []
    numbers = friend.describe_phone_numbers()["PhoneNumbers"]
    assert not any("PoolId" in each for each in numbers)


@pytest.mark.rule("pool-associate-shared-identity-arn")
def test_a_shared_identity_is_named_by_its_arn(sms, refused, friend, client, lease):
    """A shared origination identity must be given as a full ARN."""
    first, second = lease(), lease()
    for each in (first, second):
        sms.put_resource_policy(ResourceArn=each.arn, Policy=ALL)

    with refused("ResourceNotFoundException", about=first):
        friend.create_pool(OriginationIdentity=first.id, MessageType="TRANSACTIONAL")
    made = friend.create_pool(OriginationIdentity=first.arn, MessageType="TRANSACTIONAL")["PoolId"]
    friend.describe_pools()
    for call in (friend.associate_origination_identity, friend.disassociate_origination_identity):
        with refused("ResourceNotFoundException", about=second):
            call(PoolId=made, OriginationIdentity=second.id)
        answer = call(PoolId=made, OriginationIdentity=second.arn)
        assert answer["OriginationIdentityArn"] == second.arn

    (entry,) = friend.list_pool_origination_identities(PoolId=made)["OriginationIdentities"]
    assert entry["OriginationIdentityArn"] == first.arn
    current = sms.describe_phone_numbers(PhoneNumberIds=[first.id])["PhoneNumbers"]
    assert current[0]["PoolId"] == made
    other_account = client(account_id=OTHER_ACCOUNT)
    with refused("ResourceNotFoundException", about=second):
        other_account.create_pool(OriginationIdentity=second.arn, MessageType="TRANSACTIONAL")


@pytest.mark.rule("pool-associate-shared-identity-arn")
def test_only_the_owner_updates_a_sender_id(sms, refused, friend):
    """UpdateSenderId finds only the account's own sender IDs, by name or ARN."""
    made = sms.request_sender_id(SenderId="ACME", IsoCountryCode="DE")
    sms.put_resource_policy(ResourceArn=made["SenderIdArn"], Policy=ALL)
    german = {"IsoCountryCode": "DE", "DeletionProtectionEnabled": True}

    with refused("ResourceNotFoundException", about=("sender-id", "ACME")):
        friend.update_sender_id(SenderId="ACME", **german)

    with refused("ResourceNotFoundException", about=("sender-id", "ACME/DE")):
        friend.update_sender_id(SenderId=made["SenderIdArn"], **german)


@pytest.mark.rule("pool-associate-opt-out-list")
def test_default_lists_of_two_accounts_differ(emulator, friend, refused, shared):
    """A number with its account's default list cannot join a pool with another account's."""
    made = friend.request_phone_number(**NUMBER)["PhoneNumberId"]
    friend.describe_phone_numbers()

    with refused("ConflictException", "OPT_OUT_LIST_MISMATCH", about=("phone-number", made)):
        friend.associate_origination_identity(PoolId=shared.arn, OriginationIdentity=made)
    query = friend.request_phone_number(**NUMBER, PoolId=shared.arn)["PhoneNumberId"]
    number = engine_of(emulator).account(FRIEND, "us-east-1").phone_numbers[query]
    assert number.opt_out_list_owner == shared.account_id


@pytest.mark.rule("policy-opt-out-list")
@pytest.mark.parametrize("kind", ["number", "pool"])
def test_opt_out_lists_are_those_of_the_owner(sms, friend, refused, request, kind):
    """An update of another account's number or pool refers to that account's lists."""
    resource = request.getfixturevalue(kind)
    sms.put_resource_policy(ResourceArn=resource.arn, Policy=ALL)
    sms.create_opt_out_list(OptOutListName="Ours")
    friend.create_opt_out_list(OptOutListName="Theirs")
    member = {"number": "PhoneNumberId", "pool": "PoolId"}[kind]
    update = {"number": friend.update_phone_number, "pool": friend.update_pool}[kind]

    with refused("ResourceNotFoundException", about=("opt-out-list", "Theirs")):
        update(**{member: resource.arn}, OptOutListName="Theirs")
    assert update(**{member: resource.arn}, OptOutListName="Ours")["OptOutListName"] == "Ours"
    assert resource.opt_out_list_owner == resource.account_id


@pytest.mark.rule("policy-principals")
@pytest.mark.parametrize(
    "principal",
    [
        FRIEND,
        f"arn:aws:iam::{FRIEND}:root",
        {"AWS": FRIEND},
        {"AWS": [OTHER_ACCOUNT, f"arn:aws:iam::{FRIEND}:root"]},
        [OTHER_ACCOUNT, FRIEND],
        "*",
    ],
)
def test_forms_of_a_principal(sms, friend, pool, principal):
    """A principal is an account id, a root ARN, either under AWS, or a star."""
    sms.put_resource_policy(ResourceArn=pool.arn, Policy=policy("sms-voice:*", principal=principal))

    assert listed(friend, pool, Owner="SHARED") == [pool.arn]


@pytest.mark.rule("policy-what-takes-shared")
def test_a_policy_shares_for_its_actions_only(sms, friend, refused, pool):
    """Operations that the policy does not allow do not find the resource."""
    sms.put_resource_policy(
        ResourceArn=pool.arn,
        Policy=policy("sms-voice:DescribePools", "sms-voice:List*"),
    )

    assert listed(friend, pool, PoolIds=[pool.arn]) == [pool.arn]
    assert friend.list_pool_origination_identities(PoolId=pool.arn)["PoolId"] == pool.id
    with refused("ResourceNotFoundException", about=pool):
        friend.delete_pool(PoolId=pool.arn)


@pytest.mark.rule("policy-deny")
def test_a_deny_wins_over_an_allow(sms, friend, pool):
    """A statement that denies wins over one that allows."""
    allowing, denying = (
        json.loads(policy("sms-voice:*", effect=effect))["Statement"][0]
        for effect in ("Allow", "Deny")
    )
    sms.put_resource_policy(
        ResourceArn=pool.arn, Policy=json.dumps({"Statement": [allowing, denying]})
    )

    assert listed(friend, pool, Owner="SHARED") == []


@pytest.mark.rule("policy-not-passed-on")
def test_sharing_is_not_transitive(friend, refused, shared):
    """Another account can neither share the resource further nor read its policy."""
    with refused("ResourceNotFoundException", about=shared):
        friend.put_resource_policy(ResourceArn=shared.arn, Policy=ALL)
    for call in (friend.get_resource_policy, friend.delete_resource_policy):
        with refused("ResourceNotFoundException", about=shared):
            call(ResourceArn=shared.arn)


@pytest.mark.rule("policy-limits")
def test_the_spending_limit_is_the_senders(sms, friend, refused, number):
    """What is sent from a shared resource counts towards the limit of the account that sends."""
    sms.put_resource_policy(ResourceArn=number.arn, Policy=ALL)
    friend.set_text_message_spend_limit_override(MonthlyLimit=0)

    with refused("ServiceQuotaExceededException", "MONTHLY_SPEND_LIMIT_REACHED_FOR_TEXT"):
        friend.send_text_message(OriginationIdentity=number.arn, **TEXT)
    assert sms.send_text_message(OriginationIdentity=number.id, **TEXT)["MessageId"]


@pytest.mark.rule("policy-limits")
def test_the_quotas_of_a_shared_resource_are_the_owners(sms, friend, refused, shared):
    """The owner's keywords count for other accounts."""
    for index in range(30):
        sms.put_keyword(
            OriginationIdentity=shared.id, Keyword=f"WORD{index}", KeywordMessage="Hello"
        )

    with refused("ServiceQuotaExceededException", "KEYWORDS_PER_POOL"):
        friend.put_keyword(OriginationIdentity=shared.arn, Keyword="MORE", KeywordMessage="Hello")


def test_a_policy_is_deleted_with_its_resource(sms, friend):
    """A new list of the same name is not shared."""
    for _ in range(2):
        made = sms.create_opt_out_list(OptOutListName="Ours")["OptOutListArn"]
        assert friend.describe_opt_out_lists(Owner="SHARED")["OptOutLists"] == []
        sms.put_resource_policy(ResourceArn=made, Policy=ALL)
        sms.delete_opt_out_list(OptOutListName="Ours")


# Members of shared pools.


TEXT = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Hello"}


@pytest.mark.rule("policy-pool-members")
@pytest.mark.parametrize(
    ("operation", "content"),
    [
        ("send_text_message", {"MessageBody": "Hello"}),
        ("send_voice_message", {"MessageBody": "Hello"}),
        ("send_media_message", {"MediaUrls": ["s3://bucket/a.png"]}),
    ],
)
def test_only_shared_members_send(sms, emulator, friend, refused, lease, operation, content):
    """Other accounts send from the members of a shared pool that are shared with them."""
    able = ["SMS", "VOICE", "MMS"]
    numbers = [lease(NumberCapabilities=able) for _ in range(3)]
    pool = sms.create_pool(OriginationIdentity=numbers[0].id, MessageType="TRANSACTIONAL")
    sms.describe_pools()
    for number in numbers[1:]:
        sms.associate_origination_identity(PoolId=pool["PoolId"], OriginationIdentity=number.id)
    sms.put_resource_policy(ResourceArn=pool["PoolArn"], Policy=ALL)
    send = {"DestinationPhoneNumber": "+14255550100", **content}

    with refused(
        "ConflictException", "NO_ORIGINATION_IDENTITIES_FOUND", about=("pool", pool["PoolId"])
    ):
        getattr(friend, operation)(OriginationIdentity=pool["PoolArn"], **send)
    # Members that are shared for other operations do not send.
    sms.put_resource_policy(ResourceArn=numbers[1].arn, Policy=policy("sms-voice:Describe*"))
    sms.put_resource_policy(ResourceArn=numbers[2].arn, Policy=policy("sms-voice:Send*"))
    getattr(friend, operation)(OriginationIdentity=pool["PoolArn"], **send)
    getattr(sms, operation)(OriginationIdentity=pool["PoolId"], **send)

    theirs, ours = emulator.messages
    assert (theirs.account_id, theirs.sender) == (FRIEND, numbers[2].phone_number)
    assert ours.sender == numbers[0].phone_number


@pytest.mark.rule("policy-pool-members")
def test_own_members_of_a_shared_pool_send(sms, emulator, friend, shared):
    """An account's own number in another account's pool sends its messages."""
    own = friend.request_phone_number(**NUMBER, PoolId=shared.arn)
    friend.describe_phone_numbers()

    friend.send_text_message(OriginationIdentity=shared.arn, **TEXT)

    assert emulator.messages[-1].sender == own["PhoneNumber"]
    assert sms.describe_pools()["Pools"][0]["PoolId"] == shared.id


# Protection also applies to other accounts.


@pytest.mark.rule("phone-release-protected")
def test_deletion_protection_applies_to_other_accounts(sms, friend, refused, number):
    """Another account cannot release a protected number either."""
    sms.put_resource_policy(ResourceArn=number.arn, Policy=ALL)
    sms.update_phone_number(PhoneNumberId=number.id, DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=number):
        friend.release_phone_number(PhoneNumberId=number.arn)


@pytest.mark.rule("phone-release-short-code")
def test_a_shared_short_code_cannot_be_released(sms, emulator, friend, refused):
    """A short code is not released by another account either."""
    short_code = emulator.add_number("20655")
    sms.put_resource_policy(ResourceArn=short_code.arn, Policy=ALL)

    with refused(
        "ValidationException", "PHONE_NUMBER_CANNOT_BE_RELEASED", fields=["PhoneNumberId"]
    ):
        friend.release_phone_number(PhoneNumberId=short_code.arn)
