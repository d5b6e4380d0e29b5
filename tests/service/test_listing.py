"""All Describe and List operations: pages, tokens, filters and ids."""

import json

import pytest
from botocore import xform_name
from hypothesis import given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu.errors import ValidationException
from pinpoint_sms_emu.service import modules
from pinpoint_sms_emu.service.listing import (
    Filter,
    Paginated,
    matching,
    matching_in_any_case,
    take_page,
)
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.state.tables import Entries, Entry
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.raw import SIGNED

assert modules, "importing it registers every operation"

MODEL = service_model()
LISTING = [
    each
    for each in MODEL.operations.values()
    if each.list_member and snake(each.name) in OPERATIONS
]
FILTERED = [each for each in LISTING if "Filters" in MODEL.shapes[each.input_shape]["members"]]
of_all = pytest.mark.parametrize("operation", LISTING, ids=lambda each: each.name)
of_filtered = pytest.mark.parametrize("operation", FILTERED, ids=lambda each: each.name)

# Listings with fewer than two entries have no second page.
MAY_BE_EMPTY = {"DescribeRcsAgentCountryLaunchStatus"}


@pytest.fixture
def listed(raw, inputs):
    """Call a listing operation with its required arguments, and more."""

    def call(operation, **more):
        return raw(operation.name, inputs[operation.name] | more)

    return call


@pytest.fixture
def pages(listed):
    """Return all pages of a listing, with this page size."""

    def walk(operation, size=1, **more):
        answers = [listed(operation, MaxResults=size, **more).json]
        while "NextToken" in answers[-1]:
            token = answers[-1]["NextToken"]
            answers.append(listed(operation, MaxResults=size, NextToken=token, **more).json)
        return answers

    return walk


def seen(operation, answers):
    """The entries of some answers in a comparable form."""
    found = [entry for answer in answers for entry in answer[operation.list_member]]
    return [json.dumps(entry, sort_keys=True) for entry in found]


@pytest.mark.rule("proto-page-token", "proto-page-last", "proto-paginators")
@of_all
def test_pages_have_each_entry_once(pages, operation):
    """The last page has no token, and the names in the answer are on every page."""
    answers = pages(operation)
    entries = seen(operation, pages(operation, size=operation.page_size))

    assert seen(operation, answers) == entries
    assert len(set(entries)) == len(entries)
    assert len(entries) > 1 or operation.name in MAY_BE_EMPTY
    assert ["NextToken" in each for each in answers] == [True] * (len(answers) - 1) + [False]
    varying = {"NextToken", operation.list_member}
    beside = [{name: each[name] for name in each.keys() - varying} for each in answers]
    assert beside == [beside[0]] * len(beside)


@pytest.mark.rule("proto-page-max-results")
@of_all
def test_a_page_is_full(listed, operation):
    """A page has MaxResults entries; without MaxResults, as many as possible."""
    two = seen(operation, [listed(operation, MaxResults=2).json])
    most = seen(operation, [listed(operation, MaxResults=operation.page_size).json])

    assert two == most[:2]
    assert seen(operation, [listed(operation).json]) == most


@pytest.mark.rule("proto-paginators")
@pytest.mark.since("1.44.5")
def test_28_operations_are_paginated(sms):
    """Each of them has one list."""
    paginated = [each for each in MODEL.operations.values() if each.list_member]

    assert len(paginated) == 28
    assert all(sms.can_paginate(snake(each.name)) for each in paginated)


@pytest.mark.rule("proto-page-bad-token")
@of_all
@pytest.mark.parametrize("token", ["x", "MC4=", "é", "a" * 1024, "OTk5OTk5OTk5", "-1", " "])
def test_an_invented_token_is_refused(listed, operation, token):
    """A token that the service did not issue is refused."""
    answer = listed(operation, NextToken=token)

    assert answer.code == "ValidationException"
    assert answer.json["Reason"] == "INVALID_NEXT_TOKEN"
    assert answer.fields == ["nextToken"]


@pytest.mark.rule("proto-page-bad-token")
def test_a_changed_token_is_refused(listed):
    """A token that was cut or extended is invalid."""
    operation = MODEL.operations["DescribePools"]
    token = listed(operation, MaxResults=1).json["NextToken"]

    for other in (token + "=", token[:-1], f" {token}", f"{token[:4]}!{token[4:]}", token.lower()):
        assert listed(operation, NextToken=other).json["Reason"] == "INVALID_NEXT_TOKEN"
    assert listed(operation, NextToken=token).status == 200


@pytest.mark.rule("proto-page-token-other-query")
def test_a_token_of_another_query_is_refused(raw, listed):
    """This applies to other operations, filters and accounts."""
    pools, numbers = MODEL.operations["DescribePools"], MODEL.operations["DescribePhoneNumbers"]
    token = listed(pools, MaxResults=1).json["NextToken"]
    active = [{"Name": "status", "Values": ["ACTIVE"]}]
    elsewhere = SIGNED.replace("123456789012", "111111111111")

    answers = [
        listed(numbers, NextToken=token),
        listed(pools, NextToken=token, Filters=active),
        raw("DescribePools", {"NextToken": token}, authorization=elsewhere),
        raw(
            "DescribePools",
            {"NextToken": token},
            authorization=elsewhere.replace("111111111111", "123456789012").replace("east", "west"),
        ),
    ]

    assert {answer.json["Reason"] for answer in answers} == {"INVALID_NEXT_TOKEN"}
    assert listed(pools, NextToken=token, MaxResults=2).status == 200


@pytest.mark.rule("proto-page-with-filters")
def test_pages_count_matching_entries(make, listed, pages):
    """MaxResults counts entries after filtering, so pages are full while more match."""
    numbers = MODEL.operations["DescribePhoneNumbers"]
    for message_type in ("PROMOTIONAL", "TRANSACTIONAL") * 3:
        make(
            "RequestPhoneNumber",
            IsoCountryCode="CA",
            MessageType=message_type,
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )
    filters = [{"Name": "message-type", "Values": ["PROMOTIONAL"]}]

    answers = pages(numbers, size=2, Filters=filters)

    assert [len(each["PhoneNumbers"]) for each in answers] == [2, 1]


@pytest.mark.rule("proto-page-stable-order")
def test_pages_stay_correct_during_changes(make, listed):
    """Entries deleted or created between pages do not hide or repeat others."""
    lists = MODEL.operations["DescribeOptOutLists"]
    first = listed(lists, MaxResults=2).json
    make("DeleteOptOutList", OptOutListName="alpha")
    make("CreateOptOutList", OptOutListName="aardvark")

    second = listed(lists, MaxResults=2, NextToken=first["NextToken"]).json
    third = listed(lists, MaxResults=2, NextToken=second["NextToken"]).json

    names = [
        each["OptOutListName"] for page in (first, second, third) for each in page["OptOutLists"]
    ]
    assert names == ["Default", "alpha", "beta", "gamma", "aardvark"]
    assert "NextToken" not in third


class Numbered:
    """A model of `Entries`: numbered entries."""

    def __init__(self) -> None:
        self.entries, self.made = Entries(), 0

    def create(self):
        """Create an entry."""
        self.made += 1
        self.entries.put(Entry(id=str(self.made), sequence=self.made))

    def delete(self, chosen):
        """Delete an existing entry."""
        inside = list(self.entries)
        if inside:
            self.entries.remove(inside[chosen % len(inside)])


@pytest.mark.rule("proto-page-stable-order")
@settings(max_examples=200, deadline=None)
@given(
    at_first=st.integers(0, 40),
    size=st.integers(1, 7),
    between=st.lists(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=30), max_size=20),
)
def test_any_changes_between_pages(at_first, size, between):
    """Entries that exist all the time are on exactly one page, in order."""
    things = Numbered()
    for _each in range(at_first):
        things.create()
    always, found, token = {each.id for each in things.entries}, [], None
    steps = iter(between)
    while True:
        page, token = take_page(Paginated(things.entries), size, token, "query")
        found += [each.id for each in page]
        if token is None:
            break
        assert len(page) == size
        for step in next(steps, []):
            things.create() if step is None else things.delete(step)
        always &= {each.id for each in things.entries} | set(found)

    assert len(found) == len(set(found))
    assert found == sorted(found, key=int)
    assert always <= set(found)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=1024))
def test_any_other_token_is_refused(token):
    """No text that the service did not issue is a token."""
    things = Numbered()
    things.create()

    with pytest.raises(ValidationException, match="INVALID_NEXT_TOKEN"):
        take_page(Paginated(things.entries), 1, token, "query")


@pytest.mark.rule("proto-filter-no-match")
@pytest.mark.parametrize(
    ("name", "value"),
    [("status", "DELETING"), ("opt-out-list-name", "nowhere"), ("two-way-enabled", "true")],
)
def test_filters_that_match_nothing(listed, name, value):
    """Filters without matches return an empty list and no error."""
    answer = listed(MODEL.operations["DescribePools"], Filters=[{"Name": name, "Values": [value]}])

    assert (answer.status, answer.json) == (200, {"Pools": []})


@pytest.mark.rule("proto-filter-empty-list")
@of_filtered
def test_empty_filters(listed, operation):
    """An empty Filters list is the same as no Filters."""
    assert listed(operation, Filters=[]).json == listed(operation).json


@pytest.mark.rule("proto-id-list-empty")
@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("DescribeConfigurationSets", "ConfigurationSetNames"),
        ("DescribeKeywords", "Keywords"),
        ("DescribeOptOutLists", "OptOutListNames"),
        ("DescribeOptedOutNumbers", "OptedOutNumbers"),
        ("DescribePhoneNumbers", "PhoneNumberIds"),
        ("DescribePools", "PoolIds"),
        ("DescribeSenderIds", "SenderIds"),
    ],
)
def test_an_empty_list_of_ids(listed, name, ids):
    """An empty ID list is the same as no IDs."""
    operation = MODEL.operations[name]

    assert listed(operation, **{ids: []}).json == listed(operation).json


@pytest.mark.rule("proto-id-list-duplicates")
@pytest.mark.parametrize(
    ("name", "ids", "id_", "arn"),
    [
        ("DescribePools", "PoolIds", "PoolId", "PoolArn"),
        ("DescribePhoneNumbers", "PhoneNumberIds", "PhoneNumberId", "PhoneNumberArn"),
        ("DescribeOptOutLists", "OptOutListNames", "OptOutListName", "OptOutListArn"),
        (
            "DescribeConfigurationSets",
            "ConfigurationSetNames",
            "ConfigurationSetName",
            "ConfigurationSetArn",
        ),
    ],
)
def test_duplicate_ids_yield_one_entry(listed, name, ids, id_, arn):
    """An id given twice, or as id and ARN, yields one entry."""
    operation = MODEL.operations[name]
    one, other = listed(operation).json[operation.list_member][:2]

    named = [other[id_], one[id_], one[arn], other[id_]]
    answer = listed(operation, **{ids: named}).json[operation.list_member]

    assert answer == [one, other]


@pytest.mark.parametrize(("value", "names"), [("true", [0]), ("false", [1, 2])])
def test_boolean_filters(listed, value, names):
    """The values are the words true and false."""
    protections = MODEL.operations["DescribeProtectConfigurations"]
    everything = listed(protections).json["ProtectConfigurations"]

    filters = [{"Name": "account-default", "Values": [value]}]
    found = listed(protections, Filters=filters).json["ProtectConfigurations"]

    assert found == [everything[index] for index in names]


def filtered(listed, filters):
    """The ids of the numbers that match some filters."""
    members = [{"Name": name, "Values": values} for name, *values in filters]
    answer = listed(MODEL.operations["DescribePhoneNumbers"], Filters=members).json
    return {each["PhoneNumberId"] for each in answer["PhoneNumbers"]}


@pytest.fixture
def various(make):
    """Numbers with both message types in two countries."""
    return {
        (country, message_type): make(
            "RequestPhoneNumber",
            IsoCountryCode=country,
            MessageType=message_type,
            NumberCapabilities=["SMS"],
            NumberType="LONG_CODE",
        )["PhoneNumberId"]
        for country in ("CA", "GB")
        for message_type in ("TRANSACTIONAL", "PROMOTIONAL")
    }


@pytest.mark.rule("proto-filters-and")
def test_several_filters_must_all_match(various, listed):
    """Several filters must all match."""
    found = filtered(listed, [("iso-country-code", "GB"), ("message-type", "PROMOTIONAL")])

    assert found == {various["GB", "PROMOTIONAL"]}
    assert filtered(listed, [("iso-country-code", "GB"), ("iso-country-code", "CA")]) == set()


@pytest.mark.rule("proto-filters-or")
def test_several_values_are_alternatives(various, listed):
    """Several values of one filter are alternatives."""
    assert filtered(listed, [("iso-country-code", "CA", "GB", "FR")]) == set(various.values())


@pytest.mark.rule("proto-filter-bad-values")
@pytest.mark.parametrize(
    ("operation", "name", "value"),
    [
        pytest.param(
            "DescribeConfigurationSets",
            "default-message-feedback-enabled",
            "yes",
            marks=pytest.mark.since("1.44.5"),
        ),
        ("DescribeConfigurationSets", "default-message-type", "SPAM"),
        ("DescribeConfigurationSets", "matching-event-types", "PIGEON_SENT"),
        ("DescribeKeywords", "keyword-action", "HANG_UP"),
        ("DescribeOptedOutNumbers", "end-user-opted-out", "maybe"),
        ("DescribePhoneNumbers", "number-capability", "FAX"),
        ("DescribePhoneNumbers", "status", "LOST"),
        ("DescribePhoneNumbers", "two-way-enabled", "maybe"),
        ("DescribePools", "shared-routes-enabled", "True"),
        ("DescribeProtectConfigurations", "account-default", "1"),
        pytest.param(
            "DescribeRcsAgentCountryLaunchStatus",
            "country-launch-status",
            "LOST",
            marks=pytest.mark.since("1.43.11"),
        ),
        ("DescribeSenderIds", "message-type", "SPAM"),
        ("DescribeSenderIds", "registered", "no"),
        ("DescribeVerifiedDestinationNumbers", "status", "LOST"),
        ("ListPoolOriginationIdentities", "number-capability", "FAX"),
    ],
)
def test_invalid_filter_values_are_refused(listed, operation, name, value):
    """For example, maybe is not a boolean."""
    filters = [{"Name": name, "Values": [value]}]
    answer = listed(MODEL.operations[operation], Filters=filters)

    assert answer.code == "ValidationException"
    assert (answer.json["Reason"], answer.fields) == ("INVALID_FILTER_VALUES", ["filters"])


def country_filters():
    """Every filter in the model that compares a country, or a list of countries.

    Registrations are left out: AWS's pages spell the values of their filters in both ways.
    """
    for operation in FILTERED:
        if operation.name == "ListRegistrationAssociations":
            continue
        members = MODEL.shapes[operation.input_shape]["members"]
        entry = MODEL.shapes[members["Filters"]["shape"]]["member"]["shape"]
        names = MODEL.shapes[MODEL.shapes[entry]["members"]["Name"]["shape"]]["enum"]
        countries = {
            xform_name(name, "-")
            for name, of in MODEL.shapes[operation.entry_shape]["members"].items()
            if of["shape"].startswith("IsoCountryCode")
        }
        for name in names:
            if name in countries:
                yield pytest.param(operation, name, id=f"{operation.name}-{name}")


@pytest.mark.rule("proto-filter-countries")
@pytest.mark.parametrize(("operation", "name"), list(country_filters()))
@pytest.mark.parametrize("value", ["us", "Us", "USA", "U", "1"])
def test_a_country_is_two_capital_letters(listed, operation, name, value):
    """What cannot be a country's code is refused by every filter that compares countries."""
    answer = listed(operation, Filters=[{"Name": name, "Values": ["US", value]}])

    assert (answer.code, answer.json["Reason"]) == ("ValidationException", "INVALID_FILTER_VALUES")
    assert answer.fields == ["filters"]
    assert listed(operation, Filters=[{"Name": name, "Values": ["US"]}]).status == 200


@pytest.mark.rule("proto-filter-not-emulated")
@pytest.mark.parametrize("combine", [matching, matching_in_any_case])
def test_a_filter_of_a_newer_model_is_refused(pool, combine):
    """The model accepts its name, but a resource has nothing to compare."""
    is_found = combine([Filter(name="brand-new", values=["yes"])])

    with pytest.raises(ValidationException) as refused:
        is_found(pool)

    body = refused.value.body()
    assert body["Reason"] == "INVALID_FILTER_VALUES"
    assert body["Fields"] == [{"Name": "filters", "Message": "brand-new is not emulated yet"}]
