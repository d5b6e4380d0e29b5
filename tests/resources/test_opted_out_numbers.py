"""Opted-out numbers: put on a list, deleted and described."""

import datetime as dt

import pytest

PERSON, OTHER = "+14255550100", "+14255550101"
INVALID = ["+1999555010", "999999999999", "+12", "+442", "12065550100000"]


@pytest.fixture
def put(sms):
    """Put a number on a list."""

    def put(number=PERSON, on="Default"):
        return sms.put_opted_out_number(OptOutListName=on, OptedOutNumber=number)

    return put


@pytest.fixture
def remove(sms):
    """Delete a number from a list."""

    def remove(number=PERSON, off="Default"):
        return sms.delete_opted_out_number(OptOutListName=off, OptedOutNumber=number)

    return remove


@pytest.fixture
def end_user(emulator, number):
    """A recipient who has texted STOP."""
    emulator.receive("STOP", sender=PERSON, recipient=number.phone_number)
    return PERSON


def listed(sms, of="Default", **query):
    """The entries of a list."""
    return sms.describe_opted_out_numbers(OptOutListName=of, **query)["OptedOutNumbers"]


def numbers(sms, of="Default", **query):
    """The numbers on a list."""
    return [each["OptedOutNumber"] for each in listed(sms, of, **query)]


# Put.


@pytest.mark.rule("optnum-put-adds")
def test_a_number_that_is_put_is_on_the_list(sms, put):
    """The number is a member of the list afterwards."""
    put()

    assert numbers(sms) == [PERSON]


@pytest.mark.parametrize("number", INVALID)
@pytest.mark.rule("optnum-put-invalid")
def test_invalid_numbers_are_refused(put, refused, number):
    """A destination that is not a valid phone number is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["OptedOutNumber"]):
        put(number)


@pytest.mark.parametrize("number", ["+0425550100", "1", "+", "", "1-425", "+1" + "2" * 19, "STOP"])
@pytest.mark.parametrize("operation", ["put", "remove", "describe"])
@pytest.mark.rule("optnum-put-format")
def test_malformed_numbers_are_refused(sms, put, remove, refused, operation, number):
    """A number has an optional plus, a digit 1 to 9 and 1 to 18 more digits."""
    field = "OptedOutNumbers" if operation == "describe" else "OptedOutNumber"

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=[field]):
        if operation == "describe":
            listed(sms, OptedOutNumbers=[number])
        else:
            {"put": put, "remove": remove}[operation](number)


@pytest.mark.rule("optnum-put-format")
def test_the_longest_number_is_not_malformed(put, refused):
    """A plus and 19 digits match the pattern, although no such number exists."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["OptedOutNumber"]):
        put("+1" + "2" * 18)


@pytest.mark.parametrize("operation", ["put", "remove", "describe"])
@pytest.mark.rule("optnum-put-unknown-list")
def test_an_unknown_list_is_refused(sms, put, remove, refused, operation):
    """An opt-out list that does not exist is refused."""
    calls = {
        "put": lambda: put(on="none"),
        "remove": lambda: remove(off="none"),
        "describe": lambda: listed(sms, "none"),
    }

    with refused("ResourceNotFoundException", about=("opt-out-list", "none")):
        calls[operation]()


@pytest.mark.rule("optnum-put-end-user-flag")
def test_end_user_opted_out_is_true_after_stop_only(sms, put, end_user):
    """EndUserOptedOut is false through the API and true when the recipient opted out."""
    assert put(OTHER)["EndUserOptedOut"] is False
    assert {each["OptedOutNumber"]: each["EndUserOptedOut"] for each in listed(sms)} == {
        end_user: True,
        OTHER: False,
    }


@pytest.mark.rule("optnum-put-repeat")
def test_putting_a_number_again_keeps_one_entry(sms, put):
    """Putting a number twice succeeds and keeps a single entry."""
    declared = sms.meta.service_model.operation_model("PutOptedOutNumber").error_shapes
    put()

    again = put()

    assert again["OptedOutNumber"] == PERSON
    assert numbers(sms) == [PERSON]
    assert "ConflictException" not in [shape.name for shape in declared]


@pytest.mark.rule("optnum-put-repeat-keeps-flag")
def test_putting_a_number_again_changes_nothing(sms, emulator, put, end_user):
    """A repeated Put keeps the recipient's opt-out and its time."""
    (before,) = listed(sms)
    emulator.clock.advance(hours=1)

    answer = put(end_user)

    assert answer["EndUserOptedOut"] is True
    assert answer["OptedOutTimestamp"] == before["OptedOutTimestamp"]
    assert listed(sms) == [before]


@pytest.mark.rule("optnum-put-cannot-add")
def test_an_own_number_cannot_be_put(put, number, refused):
    """Numbers of the account cannot be opted out, and have their own Reason."""
    with refused("ValidationException", "CANNOT_ADD_OPTED_OUT_NUMBER", fields=["OptedOutNumber"]):
        put(number.phone_number)


@pytest.mark.rule("optnum-put-response", "optnum-put-doc-slip")
def test_members_of_the_answer_of_put(emulator, put, account):
    """The answer has ARN and name of the list, number, time and EndUserOptedOut."""
    answer = put()

    del answer["ResponseMetadata"]
    added = answer.pop("OptedOutTimestamp")
    assert answer == {
        "OptOutListArn": account.opt_out_lists["Default"].arn,
        "OptOutListName": "Default",
        "OptedOutNumber": PERSON,
        "EndUserOptedOut": False,
    }
    assert abs((emulator.clock.now() - added).total_seconds()) < 60


@pytest.mark.parametrize(
    "operation", ["PutOptedOutNumber", "DeleteOptedOutNumber", "PutKeyword", "DeleteKeyword"]
)
@pytest.mark.rule("optnum-put-no-token")
def test_there_is_no_client_token(sms, put, number, operation):
    """The operations have no ClientToken, as their parameters make them idempotent."""
    model = sms.meta.service_model.operation_model(operation)
    keyword = {"OriginationIdentity": number.id, "Keyword": "INFO"}
    for _ in range(2):
        put()
        sms.put_keyword(**keyword, KeywordMessage="All about us.")

    assert "ClientToken" not in model.input_shape.members
    assert numbers(sms) == [PERSON]
    assert (
        len(sms.describe_keywords(OriginationIdentity=number.id, Keywords=["INFO"])["Keywords"])
        == 1
    )


@pytest.mark.rule("optnum-normalised")
def test_the_plus_does_not_matter(sms, number, put, remove, refused):
    """The number is the same with and without the plus, and is returned in E.164 form."""
    bare = PERSON.removeprefix("+")

    assert put(bare)["OptedOutNumber"] == PERSON
    assert put(PERSON)["OptedOutNumber"] == PERSON
    assert numbers(sms) == [PERSON]
    assert numbers(sms, OptedOutNumbers=[bare]) == [PERSON]
    for spelled in (bare, PERSON):
        with refused(
            "ConflictException",
            "DESTINATION_PHONE_NUMBER_OPTED_OUT",
            about=("phone-number", PERSON),
        ):
            sms.send_text_message(
                DestinationPhoneNumber=spelled,
                OriginationIdentity=number.id,
                MessageBody="Hello",
            )
    assert remove(bare)["OptedOutNumber"] == PERSON
    assert numbers(sms) == []


@pytest.mark.rule("optnum-list-scoped")
def test_each_list_has_its_own_numbers(sms, emulator, put):
    """A number can be on several lists with different timestamps."""
    sms.create_opt_out_list(OptOutListName="news")
    sms.create_opt_out_list(OptOutListName="empty")
    put(on="Default")
    emulator.clock.advance(hours=1)
    put(on="news")

    (first,), (second,) = listed(sms, "Default"), listed(sms, "news")
    assert second["OptedOutTimestamp"] - first["OptedOutTimestamp"] >= dt.timedelta(hours=1)
    assert numbers(sms, "empty") == []


# Delete.


@pytest.mark.rule("optnum-delete-removes")
def test_a_deleted_number_gets_messages_again(sms, number, put, remove):
    """It is not on the list any more, and receives messages."""
    put()

    remove()

    sent = sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=number.id, MessageBody="Hello"
    )
    assert numbers(sms) == []
    assert sent["MessageId"]


@pytest.mark.parametrize("number", [PERSON, *INVALID])
@pytest.mark.rule("optnum-delete-unknown")
def test_a_number_that_is_not_on_the_list_cannot_be_deleted(remove, refused, number):
    """Removing a number that is not on the list is refused."""
    with refused("ResourceNotFoundException", about=("opted-out-number", number)):
        remove(number)


@pytest.mark.rule("optnum-delete-30-days", "optnum-delete-refused-keeps")
def test_a_number_can_be_deleted_once_in_30_days(sms, emulator, put, remove, refused):
    """A second deletion within 30 days is refused, and the entry stays."""
    put()
    remove()
    emulator.clock.advance(days=29, hours=23)
    put()

    with refused(
        "ValidationException", "PHONE_NUMBER_CANNOT_BE_OPTED_IN", fields=["OptedOutNumber"]
    ):
        remove()
    assert numbers(sms) == [PERSON]


@pytest.mark.rule("optnum-delete-30-days-elapsed")
def test_after_30_days_a_number_can_be_deleted_again(sms, emulator, put, remove):
    """Once 30 days have passed since the last removal the number can be removed again."""
    for _ in range(3):
        put()
        remove()
        emulator.clock.advance(days=30)

    assert numbers(sms) == []


def test_the_30_days_count_per_list_and_number(sms, put, remove):
    """Another number, or the same one on another list, can be deleted."""
    sms.create_opt_out_list(OptOutListName="news")
    for number, name in ((PERSON, "Default"), (OTHER, "Default"), (PERSON, "news")):
        put(number, on=name)
        remove(number, off=name)

    assert numbers(sms) == numbers(sms, "news") == []


def test_deletions_are_stored_for_30_days(account, emulator, put, remove):
    """Older deletions are not stored any more."""
    for number in (PERSON, OTHER):
        put(number)
        remove(number)
        emulator.clock.advance(days=30)

    assert list(account.opt_out_lists["Default"].removals) == [OTHER]


@pytest.mark.rule("optnum-delete-timestamp")
def test_the_answer_has_the_time_of_the_deletion(emulator, put, remove):
    """OptedOutTimestamp in Delete's answer is the time of the deletion."""
    added = put()["OptedOutTimestamp"]
    emulator.clock.advance(hours=5)

    assert remove()["OptedOutTimestamp"] - added >= dt.timedelta(hours=5)


@pytest.mark.rule("optnum-delete-end-user-flag")
def test_the_answer_has_the_entrys_end_user_opted_out(put, remove, end_user):
    """EndUserOptedOut repeats the value of the removed entry."""
    put(OTHER)

    assert remove(end_user)["EndUserOptedOut"] is True
    assert remove(OTHER)["EndUserOptedOut"] is False


@pytest.mark.rule("optnum-delete-conflict-declared")
def test_delete_declares_conflict_exception(sms):
    """Put does not declare it."""
    put, delete = (
        {shape.name for shape in sms.meta.service_model.operation_model(name).error_shapes}
        for name in ("PutOptedOutNumber", "DeleteOptedOutNumber")
    )

    assert delete - put == {"ConflictException"}


# Describe.


@pytest.mark.rule("optnum-describe-all")
def test_all_entries_are_described(sms, put):
    """Without numbers or filters all entries of the list are returned."""
    for number in (OTHER, PERSON):
        put(number)

    assert numbers(sms) == [OTHER, PERSON]


@pytest.mark.rule("optnum-describe-by-number")
def test_only_the_named_numbers_are_described(sms, put, refused):
    """OptedOutNumbers, at most 5, restricts the result."""
    people = [f"+1425555010{index}" for index in range(6)]
    for number in people:
        put(number)

    assert numbers(sms, OptedOutNumbers=[people[3], people[1]]) == [people[1], people[3]]
    assert numbers(sms, OptedOutNumbers=people[:5]) == people[:5]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OptedOutNumbers"]):
        numbers(sms, OptedOutNumbers=people)


@pytest.mark.parametrize("number", [OTHER, "+1999555010"])
@pytest.mark.rule("optnum-describe-not-member")
def test_one_unknown_number_fails_the_whole_call(sms, put, refused, number):
    """All given numbers must be on the list."""
    put()

    with refused("ResourceNotFoundException", about=("opted-out-number", number)):
        numbers(sms, OptedOutNumbers=[PERSON, number])


@pytest.mark.rule("optnum-describe-filter")
def test_the_only_filter(sms, put, end_user, refused):
    """The filter end-user-opted-out takes true or false, and there is no other."""
    put(OTHER)

    def found(name, value):
        return numbers(sms, Filters=[{"Name": name, "Values": [value]}])

    assert found("end-user-opted-out", "true") == [end_user]
    assert found("end-user-opted-out", "false") == [OTHER]
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        found("end-user-opted-out", "yes")
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Filters"]):
        found("opted-out-number", PERSON)
    assert sms.meta.service_model.shape_for("OptedOutFilterName").enum == ["end-user-opted-out"]


@pytest.mark.rule("optnum-describe-header")
def test_the_answer_names_the_list(sms, account, put):
    """The answer has the list's ARN and name, also without entries."""
    empty = sms.describe_opted_out_numbers(OptOutListName="Default")
    put()
    filled = sms.describe_opted_out_numbers(OptOutListName="Default")

    for answer in (empty, filled):
        assert answer["OptOutListArn"] == account.opt_out_lists["Default"].arn
        assert answer["OptOutListName"] == "Default"


@pytest.mark.rule("optnum-describe-entry")
def test_the_members_of_an_entry(sms, put):
    """Entries have number, OptedOutTimestamp and EndUserOptedOut."""
    added = put()

    assert listed(sms) == [
        {
            "OptedOutNumber": PERSON,
            "OptedOutTimestamp": added["OptedOutTimestamp"],
            "EndUserOptedOut": False,
        }
    ]


@pytest.mark.rule("optnum-describe-paginates")
def test_every_page_names_the_list(sms, account, put):
    """Entries come in pages, each with ARN and name of the list."""
    people = [f"+1425555010{index}" for index in range(5)]
    for number in people:
        put(number)

    pages = list(
        sms.get_paginator("describe_opted_out_numbers").paginate(
            OptOutListName="Default", PaginationConfig={"PageSize": 2}
        )
    )

    assert [len(page["OptedOutNumbers"]) for page in pages] == [2, 2, 1]
    assert [each["OptedOutNumber"] for page in pages for each in page["OptedOutNumbers"]] == people
    for page in pages:
        assert page["OptOutListName"] == "Default"
        assert page["OptOutListArn"] == account.opt_out_lists["Default"].arn


def test_deleting_read_entries_skips_none(sms, put, remove):
    """A page token is a position, so the next entries are not skipped."""
    people = [f"+1425555010{index}" for index in range(4)]
    for number in people:
        put(number)
    page = sms.describe_opted_out_numbers(OptOutListName="Default", MaxResults=2)
    for number in people[:2]:
        remove(number)

    rest = numbers(sms, NextToken=page["NextToken"], MaxResults=2)

    assert rest == people[2:]


def test_a_number_that_is_put_again_comes_last(sms, put, remove):
    """Entries are in the order in which they were put."""
    put(PERSON)
    put(OTHER)
    remove(PERSON)
    put(PERSON)

    assert numbers(sms) == [OTHER, PERSON]
