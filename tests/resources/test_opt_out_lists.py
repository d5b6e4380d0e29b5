"""Opt-out lists: created, described, and deleted when unused."""

import json

import pytest

from pinpoint_sms_emu.emulator import engine_of

FRIEND = "210987654321"
PERSON = "+14255550100"
# These tests need members that the oldest botocore does not have.
newer = pytest.mark.since("1.43.11")

ARN = "arn:aws:sms-voice:us-east-1:123456789012:opt-out-list/"


def names(sms, **query):
    """The names of the requested lists."""
    return [each["OptOutListName"] for each in sms.describe_opt_out_lists(**query)["OptOutLists"]]


@pytest.fixture
def news(sms, account):
    """An opt-out list of the account."""
    sms.create_opt_out_list(OptOutListName="news")
    return account.opt_out_lists["news"]


# Create.


@pytest.mark.rule("optout-create-name-unique")
def test_an_existing_name_is_refused(sms, news, refused):
    """A list name that already exists in the account is refused."""
    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=news):
        sms.create_opt_out_list(OptOutListName="news")


@pytest.mark.rule("optout-create-name-unique")
def test_the_name_default_is_refused(sms, account, refused):
    """The list Default always exists."""
    default = account.opt_out_lists["Default"]

    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=default):
        sms.create_opt_out_list(OptOutListName="Default")


@pytest.mark.parametrize("name", ["a", "A-b_9", "x" * 64])
@pytest.mark.rule("optout-create-name-format")
def test_valid_names(sms, name):
    """The name has 1 to 64 letters, digits, underscores or hyphens."""
    assert sms.create_opt_out_list(OptOutListName=name)["OptOutListName"] == name


@pytest.mark.parametrize("name", ["", "x" * 65, "with space", "a:b", "a/b", "é"])
@pytest.mark.rule("optout-create-name-format")
def test_invalid_names_are_refused(sms, refused, name):
    """Any other name is refused."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OptOutListName"]):
        sms.create_opt_out_list(OptOutListName=name)


@pytest.mark.rule("optout-create-idempotent")
def test_the_same_token_gets_the_same_list(sms):
    """Repeating a request with its ClientToken is not a conflict."""
    first, second = (
        sms.create_opt_out_list(OptOutListName="news", ClientToken="once") for _ in range(2)
    )

    assert first["OptOutListArn"] == second["OptOutListArn"]
    assert first["CreatedTimestamp"] == second["CreatedTimestamp"]
    assert names(sms) == ["Default", "news"]


@pytest.mark.rule("optout-create-response", "optout-arn-format")
def test_members_of_the_answer_of_create(sms, emulator):
    """The answer has ARN, name, tags and CreatedTimestamp; the ARN ends in the name."""
    tags = [{"Key": "team", "Value": "a"}]

    answer = sms.create_opt_out_list(OptOutListName="news", Tags=tags)

    del answer["ResponseMetadata"]
    created = answer.pop("CreatedTimestamp")
    assert answer == {"OptOutListArn": f"{ARN}news", "OptOutListName": "news", "Tags": tags}
    assert abs((emulator.clock.now() - created).total_seconds()) < 60


@pytest.mark.rule("optout-create-empty")
def test_a_new_list_is_empty(sms, news):
    """A new list contains no opted out numbers."""
    assert sms.describe_opted_out_numbers(OptOutListName=news.name)["OptedOutNumbers"] == []


@pytest.mark.rule("optout-create-quota")
def test_an_account_has_at_most_25_lists(sms, refused):
    """The list Default counts."""
    for index in range(24):
        sms.create_opt_out_list(OptOutListName=f"list-{index}")

    with refused("ServiceQuotaExceededException", "OPT_OUT_LISTS_PER_ACCOUNT"):
        sms.create_opt_out_list(OptOutListName="one-more")


# The list called Default.


@newer
@pytest.mark.rule("optout-default-list")
def test_the_default_list_exists_and_is_used(sms, number):
    """Every account has it, and it is used unless another list is given."""
    agent = sms.create_rcs_agent()

    assert names(sms) == ["Default"]
    assert sms.describe_phone_numbers()["PhoneNumbers"][0]["OptOutListName"] == "Default"
    assert number.opt_out_list_name == agent["OptOutListName"] == "Default"


@pytest.mark.rule("optout-default-list")
def test_the_default_list_is_the_same_each_time(sms, emulator):
    """It exists before the first call, and is never created again."""
    emulator.clock.freeze("2030-06-01")
    first = sms.describe_opt_out_lists()["OptOutLists"]
    emulator.clock.advance(hours=1)
    again = sms.describe_opt_out_lists()["OptOutLists"]
    sms.create_opt_out_list(OptOutListName="news")
    by_name = sms.describe_opt_out_lists(OptOutListNames=["Default"])["OptOutLists"]

    assert first == again == by_name


@pytest.mark.rule("optout-default-list-undeletable")
@pytest.mark.parametrize("name", ["Default", f"{ARN}Default"])
def test_the_default_list_cannot_be_deleted(sms, account, refused, name):
    """This holds even if it is unused."""
    default = account.opt_out_lists["Default"]

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=default):
        sms.delete_opt_out_list(OptOutListName=name)


@pytest.mark.rule("optout-default-counts")
def test_the_default_list_counts(sms):
    """A fresh account shows one used of OPT_OUT_LISTS."""
    limits = {each["Name"]: each for each in sms.describe_account_limits()["AccountLimits"]}

    assert limits["OPT_OUT_LISTS"] == {"Name": "OPT_OUT_LISTS", "Used": 1, "Max": 25}


# Describe.


@pytest.mark.rule("optout-describe-all")
def test_all_lists_are_described(sms):
    """Without names all lists are returned."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.create_opt_out_list(OptOutListName="codes")

    assert names(sms) == ["Default", "news", "codes"]


@pytest.mark.rule("optout-describe-by-name")
def test_only_the_named_lists_are_described(sms):
    """OptOutListNames (names or ARNs) restrict the result."""
    for name in ("news", "codes", "more"):
        sms.create_opt_out_list(OptOutListName=name)

    assert names(sms, OptOutListNames=["codes"]) == ["codes"]
    assert names(sms, OptOutListNames=[f"{ARN}news", "more"]) == ["news", "more"]


@pytest.mark.rule("optout-describe-unknown")
@pytest.mark.parametrize("name", ["none", f"{ARN}none"])
def test_one_unknown_name_fails_the_whole_call(sms, refused, name):
    """An unknown name among OptOutListNames is refused."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        sms.describe_opt_out_lists(OptOutListNames=["Default", name])


@pytest.mark.rule("optout-describe-name-limit")
def test_at_most_five_names_are_accepted(sms, refused):
    """OptOutListNames holds at most 5 entries."""
    lists = [f"list-{index}" for index in range(6)]
    for name in lists:
        sms.create_opt_out_list(OptOutListName=name)

    assert names(sms, OptOutListNames=lists[:5]) == lists[:5]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OptOutListNames"]):
        sms.describe_opt_out_lists(OptOutListNames=lists)


@pytest.mark.rule("optout-describe-no-filters")
def test_there_are_no_filters(sms, news):
    """The operation has no Filters, although its text mentions them.

    Unknown members are ignored.
    """
    model = sms.meta.service_model.operation_model("DescribeOptOutLists")

    assert "Filters" not in model.input_shape.members
    assert news.name in names(sms)


@newer
@pytest.mark.rule("optout-describe-owner")
def test_owner_and_names_exclude_each_other(sms, news, refused):
    """Owner cannot be combined with OptOutListNames."""
    assert names(sms, Owner="SELF") == ["Default", "news"]
    assert names(sms, Owner="SHARED") == []
    with refused(
        "ValidationException",
        "PARAMETERS_CANNOT_BE_USED_TOGETHER",
        fields=["Owner", "OptOutListNames"],
    ):
        sms.describe_opt_out_lists(Owner="SELF", OptOutListNames=[news.name])


@pytest.mark.rule("optout-describe-members", "optout-arn-format")
def test_the_members_of_an_entry(sms):
    """Entries have exactly ARN, name and CreatedTimestamp."""
    (entry,) = sms.describe_opt_out_lists()["OptOutLists"]

    assert entry.keys() == {"OptOutListArn", "OptOutListName", "CreatedTimestamp"}
    assert entry["OptOutListArn"] == f"{ARN}Default"


# Delete.


@pytest.mark.rule("optout-delete-unknown")
@pytest.mark.parametrize("name", ["none", f"{ARN}none"])
def test_deleting_an_unknown_list_is_refused(sms, refused, name):
    """Deleting a list that does not exist is refused."""
    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        sms.delete_opt_out_list(OptOutListName=name)


@pytest.mark.rule("optout-delete-in-use-phone")
def test_a_list_of_a_number_cannot_be_deleted(sms, emulator, news, refused):
    """A list used by a phone number cannot be deleted."""
    emulator.add_number("+12065550111", opt_out_list_name="news")

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=news):
        sms.delete_opt_out_list(OptOutListName="news")


@pytest.mark.rule("optout-delete-in-use-pool")
def test_a_list_of_a_pool_cannot_be_deleted(sms, emulator, news, refused):
    """This holds even if none of its numbers had the list."""
    sms.request_sender_id(SenderId="NEWS", IsoCountryCode="GB", MessageTypes=["TRANSACTIONAL"])
    made = sms.create_pool(
        OriginationIdentity="NEWS", IsoCountryCode="GB", MessageType="TRANSACTIONAL"
    )
    sms.update_pool(PoolId=made["PoolId"], OptOutListName="news")

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=news):
        sms.delete_opt_out_list(OptOutListName="news")


@newer
@pytest.mark.rule("optout-delete-in-use-rcs")
def test_a_list_of_an_agent_cannot_be_deleted(sms, news, refused):
    """A list used by an RCS agent cannot be deleted."""
    sms.create_rcs_agent(OptOutListName="news")

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=news):
        sms.delete_opt_out_list(OptOutListName="news")


@pytest.mark.rule("optout-delete-removes-numbers")
def test_numbers_are_deleted_with_their_list(sms, news, refused):
    """A new list of the same name is empty."""
    sms.put_opted_out_number(OptOutListName="news", OptedOutNumber="+14255550100")

    sms.delete_opt_out_list(OptOutListName="news")

    with refused("ResourceNotFoundException", about=news):
        sms.describe_opted_out_numbers(OptOutListName="news")
    sms.create_opt_out_list(OptOutListName="news")
    assert sms.describe_opted_out_numbers(OptOutListName="news")["OptedOutNumbers"] == []


@pytest.mark.rule("optout-delete-response")
def test_members_of_the_answer_of_delete(sms):
    """The answer has ARN, name and CreatedTimestamp."""
    made = sms.create_opt_out_list(OptOutListName="news")

    deleted = sms.delete_opt_out_list(OptOutListName="news")

    del deleted["ResponseMetadata"]
    assert deleted == {
        "OptOutListArn": f"{ARN}news",
        "OptOutListName": "news",
        "CreatedTimestamp": made["CreatedTimestamp"],
    }
    assert names(sms) == ["Default"]


@pytest.mark.rule("optout-delete-by-arn")
def test_name_and_arn_are_interchangeable(sms, news):
    """Every operation takes the name or the ARN of a list."""
    for number, name in (("+14255550100", "news"), ("+14255550101", news.arn)):
        put = sms.put_opted_out_number(OptOutListName=name, OptedOutNumber=number)
        listed = sms.describe_opted_out_numbers(OptOutListName=name)
        removed = sms.delete_opted_out_number(OptOutListName=name, OptedOutNumber=number)

        assert [each["OptedOutNumber"] for each in listed["OptedOutNumbers"]] == [number]
        for answer in (put, listed, removed):
            assert answer["OptOutListName"] == "news"
            assert answer["OptOutListArn"] == news.arn

    assert sms.delete_opt_out_list(OptOutListName=news.arn)["OptOutListName"] == "news"


def test_a_list_can_be_deleted_when_its_number_is_gone(sms, emulator, news):
    """A released number does not use its list, although it is still described."""
    emulator.reset(transition_seconds=60)
    sms.create_opt_out_list(OptOutListName=news.name)
    number = emulator.add_number("+12065550111", opt_out_list_name=news.name)
    sms.release_phone_number(PhoneNumberId=number.id)

    sms.delete_opt_out_list(OptOutListName=news.name)

    assert names(sms) == ["Default"]


# Shared lists.


@pytest.fixture
def friend(client):
    """A client of another account."""
    return client(FRIEND)


@pytest.fixture
def theirs(friend, emulator):
    """A list of another account, with one number on it."""
    friend.create_opt_out_list(OptOutListName="theirs")
    friend.put_opted_out_number(OptOutListName="theirs", OptedOutNumber=PERSON)
    return engine_of(emulator).account(FRIEND, "us-east-1").opt_out_lists["theirs"]


@pytest.fixture
def share(friend, theirs):
    """Share that list with the usual account, for all operations."""

    def share():
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "123456789012"},
            "Action": "sms-voice:*",
            "Resource": "*",
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        friend.put_resource_policy(ResourceArn=theirs.arn, Policy=text)

    return share


@newer
@pytest.mark.rule("optout-describe-owner")
def test_shared_lists(sms, theirs, share):
    """Owner selects the account's own or shared lists."""
    share()

    assert names(sms, Owner="SHARED") == [theirs.name]
    assert names(sms, Owner="SELF") == ["Default"]


@newer
@pytest.mark.rule("optout-shared-needs-arn")
@pytest.mark.parametrize(
    ("operation", "others"),
    [
        ("describe_opt_out_lists", {}),
        ("delete_opt_out_list", {}),
        ("put_opted_out_number", {"OptedOutNumber": "+14255550101"}),
        ("delete_opted_out_number", {"OptedOutNumber": PERSON}),
        ("describe_opted_out_numbers", {}),
        (
            "request_phone_number",
            {
                "IsoCountryCode": "US",
                "MessageType": "TRANSACTIONAL",
                "NumberCapabilities": ["SMS"],
                "NumberType": "LONG_CODE",
            },
        ),
        ("update_pool", {"PoolId": None}),
    ],
)
def test_a_shared_list_is_found_by_its_arn_only(
    sms, pool, theirs, share, refused, operation, others
):
    """A list of another account is found only by its full ARN."""
    query = others | ({"PoolId": pool.id} if "PoolId" in others else {})

    def call(name):
        named = {"OptOutListName": name}
        if operation == "describe_opt_out_lists":
            named = {"OptOutListNames": [name]}
        return getattr(sms, operation)(**named, **query)

    with refused("ResourceNotFoundException", about=theirs):
        call(theirs.arn)
    share()
    with refused("ResourceNotFoundException", about=theirs):
        call(theirs.name)
    call(theirs.arn)


@pytest.mark.rule("policy-opt-out-list")
@newer
def test_a_shared_list_applies_to_its_users(sms, number, friend, theirs, share, refused):
    """Numbers on it get nothing from accounts that use it, and its owner cannot delete it."""
    sms.create_opt_out_list(OptOutListName=theirs.name)
    share()
    sms.update_phone_number(PhoneNumberId=number.id, OptOutListName=theirs.arn)

    with refused(
        "ConflictException", "DESTINATION_PHONE_NUMBER_OPTED_OUT", about=("phone-number", PERSON)
    ):
        sms.send_text_message(
            DestinationPhoneNumber=PERSON, OriginationIdentity=number.id, MessageBody="Hello"
        )
    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=theirs):
        friend.delete_opt_out_list(OptOutListName=theirs.name)
    sms.delete_opt_out_list(OptOutListName=theirs.name)
