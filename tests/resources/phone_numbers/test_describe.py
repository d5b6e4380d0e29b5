"""DescribePhoneNumbers: own and shared numbers, filters."""

import json

import pytest

from tests.resources.phone_numbers.calls import (
    ALWAYS,
    FRIEND,
    LATER,
    TOPIC,
    described,
    newer,
)

SEND = {"DestinationPhoneNumber": "+14255550100"}


def found(sms, **filters):
    """The ids of the numbers that match."""
    wanted = [{"Name": name.replace("_", "-"), "Values": v} for name, v in filters.items()]
    return [each["PhoneNumberId"] for each in described(sms, Filters=wanted)]


@pytest.fixture
def assorted(emulator, sms):
    """Three numbers that differ in all settings, by name."""
    sms.create_opt_out_list(OptOutListName="news")
    numbers = {
        "plain": emulator.add_number("+12065550111", number_capabilities=["SMS", "MMS"]),
        "voice": emulator.add_number(
            "+4930123456",
            message_type="PROMOTIONAL",
            number_capabilities=["VOICE"],
            two_way_enabled=True,
            two_way_channel_arn=TOPIC,
            self_managed_opt_outs_enabled=True,
        ),
        "code": emulator.add_number(
            "12345",
            number_capabilities=["SMS"],
            opt_out_list_name="news",
            deletion_protection_enabled=True,
        ),
    }
    return {name: number.id for name, number in numbers.items()}


@pytest.fixture
def share(client):
    """Share a resource of the other account with the usual one, for all operations."""

    def share(arn):
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": "123456789012"},
            "Action": "sms-voice:*",
            "Resource": "*",
        }
        text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        client(FRIEND).put_resource_policy(ResourceArn=arn, Policy=text)

    return share


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-status-values")
def test_statuses_of_a_number(lease, sms, emulator):
    """Status is one of PENDING, ACTIVE, ASSOCIATING, DISASSOCIATING and DELETED."""
    seen = [lease()["Status"]]
    emulator.clock.advance(seconds=60)
    number = described(sms)[0]
    seen.append(number["Status"])
    seen.append(sms.update_phone_number(PhoneNumberId=number["PhoneNumberId"])["Status"])
    seen.append(sms.release_phone_number(PhoneNumberId=number["PhoneNumberId"])["Status"])
    emulator.clock.advance(seconds=60)
    seen.append(described(sms)[0]["Status"])

    possible = sms.meta.service_model.shape_for("NumberStatus").enum
    assert possible == ["PENDING", "ACTIVE", "ASSOCIATING", "DISASSOCIATING", "DELETED"]
    assert seen == ["PENDING", "ACTIVE", "ACTIVE", "DISASSOCIATING", "DELETED"]


@pytest.mark.rule("phone-describe-all")
def test_all_numbers_are_described(lease, sms):
    """Without ids or filters all numbers of the account are returned."""
    leased = [lease()["PhoneNumberId"] for _ in range(3)]

    assert [each["PhoneNumberId"] for each in described(sms)] == leased


@pytest.mark.rule("phone-describe-by-id")
def test_only_the_named_numbers_are_described(lease, sms):
    """PhoneNumberIds (ids or ARNs) restrict the result."""
    first, _second, third = lease(), lease(), lease()

    by_id = described(sms, PhoneNumberIds=[first["PhoneNumberId"]])
    by_both = described(sms, PhoneNumberIds=[first["PhoneNumberId"], third["PhoneNumberArn"]])
    assert [each["PhoneNumber"] for each in by_id] == [first["PhoneNumber"]]
    assert [each["PhoneNumber"] for each in by_both] == [
        first["PhoneNumber"],
        third["PhoneNumber"],
    ]


@pytest.mark.rule("phone-describe-unknown")
def test_one_unknown_id_fails_the_whole_call(sms, number, refused):
    """An unknown id among PhoneNumberIds is refused."""
    with refused("ResourceNotFoundException", about=("phone-number", "phone-none")):
        sms.describe_phone_numbers(PhoneNumberIds=[number.id, "phone-none"])


@pytest.mark.rule("phone-describe-id-limit")
def test_at_most_five_ids_are_accepted(lease, sms, refused):
    """PhoneNumberIds holds at most 5 entries."""
    leased = [lease()["PhoneNumberId"] for _ in range(6)]

    assert len(described(sms, PhoneNumberIds=leased[:5])) == 5
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["PhoneNumberIds"]):
        sms.describe_phone_numbers(PhoneNumberIds=leased)


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param(name, values, expected, marks=pytest.mark.rule(rule))
        for rule, name, values, expected in [
            ("phone-filter-country", "iso-country-code", ["DE"], ["voice"]),
            ("phone-filter-country", "iso-country-code", ["US"], ["plain", "code"]),
            ("phone-filter-message-type", "message-type", ["PROMOTIONAL"], ["voice"]),
            ("phone-filter-message-type", "message-type", ["TRANSACTIONAL"], ["plain", "code"]),
            ("phone-filter-capability", "number-capability", ["SMS"], ["plain", "code"]),
            ("phone-filter-capability", "number-capability", ["MMS", "VOICE"], ["plain", "voice"]),
            ("phone-filter-type", "number-type", ["SHORT_CODE"], ["code"]),
            ("phone-filter-type", "number-type", ["LONG_CODE"], ["plain", "voice"]),
            ("phone-filter-two-way", "two-way-enabled", ["true"], ["voice"]),
            ("phone-filter-two-way", "two-way-enabled", ["false"], ["plain", "code"]),
            ("phone-filter-self-managed", "self-managed-opt-outs-enabled", ["true"], ["voice"]),
            (
                "phone-filter-self-managed",
                "self-managed-opt-outs-enabled",
                ["false"],
                ["plain", "code"],
            ),
            ("phone-filter-opt-out-list", "opt-out-list-name", ["news"], ["code"]),
            ("phone-filter-opt-out-list", "opt-out-list-name", ["Default"], ["plain", "voice"]),
            ("phone-filter-protection", "deletion-protection-enabled", ["true"], ["code"]),
            (
                "phone-filter-protection",
                "deletion-protection-enabled",
                ["false"],
                ["plain", "voice"],
            ),
            ("phone-filter-channel", "two-way-channel-arn", [TOPIC], ["voice"]),
            ("phone-filter-channel", "two-way-channel-arn", [TOPIC + "2"], []),
        ]
    ],
)
def test_filters_match_their_member(sms, assorted, name, values, expected):
    """A filter compares its member with any of its values."""
    assert found(sms, **{name: values}) == [assorted[each] for each in expected]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("two-way-enabled", "yes", marks=pytest.mark.rule("phone-filter-two-way")),
        pytest.param(
            "self-managed-opt-outs-enabled",
            "True",
            marks=pytest.mark.rule("phone-filter-self-managed"),
        ),
        pytest.param(
            "deletion-protection-enabled", "1", marks=pytest.mark.rule("phone-filter-protection")
        ),
    ],
)
def test_a_boolean_filter_takes_true_or_false(sms, refused, name, value):
    """A filter by a flag takes true or false and nothing else."""
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        found(sms, **{name: [value]})


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("phone-filter-status")
def test_a_filter_by_status(lease, sms, emulator):
    """The filter status matches Status."""
    first = lease()["PhoneNumberId"]
    emulator.clock.advance(seconds=60)
    second = lease()["PhoneNumberId"]

    assert found(sms, status=["ACTIVE"]) == [first]
    assert found(sms, status=["PENDING"]) == [second]
    assert found(sms, status=["ACTIVE", "PENDING"]) == [first, second]


@newer
@pytest.mark.rule("phone-describe-owner-with-ids")
def test_owner_and_ids_exclude_each_other(sms, number, refused):
    """Owner cannot be combined with PhoneNumberIds."""
    with refused(
        "ValidationException",
        "PARAMETERS_CANNOT_BE_USED_TOGETHER",
        fields=["Owner", "PhoneNumberIds"],
    ):
        sms.describe_phone_numbers(PhoneNumberIds=[number.id], Owner="SELF")


@newer
@pytest.mark.rule("phone-describe-owner")
def test_own_and_shared_numbers(sms, number, shared, share):
    """Owner SELF selects the account's own numbers, SHARED those of other accounts."""
    share(shared.arn)

    def arns(**members):
        return [each["PhoneNumberArn"] for each in described(sms, **members)]

    assert arns(Owner="SELF") == [number.arn]
    assert arns(Owner="SHARED") == [shared.arn]


@newer
@pytest.mark.rule("phone-shared-needs-arn")
@pytest.mark.parametrize(
    ("operation", "member", "others"),
    [
        ("describe_phone_numbers", "PhoneNumberIds", {}),
        ("update_phone_number", "PhoneNumberId", {"DeletionProtectionEnabled": False}),
        ("release_phone_number", "PhoneNumberId", {}),
        ("put_keyword", "OriginationIdentity", {"Keyword": "INFO", "KeywordMessage": "Hello"}),
        ("delete_keyword", "OriginationIdentity", {"Keyword": "INFO"}),
        ("describe_keywords", "OriginationIdentity", {}),
        ("send_text_message", "OriginationIdentity", SEND | {"MessageBody": "Hello"}),
        ("send_voice_message", "OriginationIdentity", SEND | {"MessageBody": "Hello"}),
        ("send_media_message", "OriginationIdentity", SEND | {"MediaUrls": ["s3://bucket/a.png"]}),
    ],
)
def test_a_shared_number_is_found_by_its_arn_only(
    sms, client, shared, share, refused, operation, member, others
):
    """A number of another account is found by its full ARN only."""
    client(FRIEND).put_keyword(
        OriginationIdentity=shared.id, Keyword="INFO", KeywordMessage="All about us."
    )

    def call(name):
        named = [name] if member == "PhoneNumberIds" else name
        return getattr(sms, operation)(**{member: named}, **others)

    with refused("ResourceNotFoundException", about=shared):
        call(shared.arn)
    share(shared.arn)
    with refused("ResourceNotFoundException", about=shared):
        call(shared.id)
    call(shared.arn)


@newer
def test_a_shared_number_is_released_for_its_owner(sms, client, shared, share):
    """An account that may release a shared number releases it for its owner."""
    share(shared.arn)

    sms.release_phone_number(PhoneNumberId=shared.arn)

    assert described(client(FRIEND)) == []


@pytest.mark.rule("phone-describe-optional-members")
def test_members_that_do_not_apply_are_absent(lease, sms, custom_pool):
    """Pool, channel and role are returned only if they apply; the other members always are."""
    lease()

    member, plain = described(sms)
    assert plain.keys() - LATER == ALWAYS
    assert member.keys() - LATER == ALWAYS | {"PoolId", "TwoWayChannelArn", "TwoWayChannelRole"}
    assert member["PoolId"] == custom_pool.id


@pytest.mark.since("1.44.5")
@pytest.mark.rule("phone-describe-limits")
def test_messaging_limits(lease, sms):
    """MessagingLimits has a rate for each capability and, for 10DLC only, caps of carriers."""
    lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS", "VOICE", "MMS"])
    lease(NumberType="TEN_DLC")

    toll_free, ten_dlc = described(sms)
    assert toll_free["MessagingLimits"] == {"RateLimits": {"SMS": 3, "VOICE": 1, "MMS": 3}}
    assert ten_dlc["MessagingLimits"]["RateLimits"].keys() == {"SMS", "VOICE"}
    assert ten_dlc["MessagingLimits"]["DailyMessageCaps"] == {"T-MOBILE": 2000}
    assert toll_free["PricingTier"] == ten_dlc["PricingTier"] == "STANDARD"
