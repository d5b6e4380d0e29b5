"""Errors on the wire: names, members, messages and status; and crashes."""

import logging
import re

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ResourceReference
from pinpoint_sms_emu.service.operations import OPERATIONS, Operation

PASSING = {"retries": {"total_max_attempts": 3, "mode": "standard"}}


@pytest.fixture
def refuse(sms):
    """Make a call that is refused, and return boto3's error."""

    def call(operation, **members):
        with pytest.raises(ClientError) as raised:
            getattr(sms, operation)(**members)
        return raised.value

    return call


@pytest.mark.rule("proto-error-status", "proto-error-shape")
@pytest.mark.parametrize(
    ("operation", "members", "code", "listed"),
    [
        ("DescribePools", {"MaxResults": 0}, "ValidationException", {"Reason", "Fields"}),
        (
            "DeletePool",
            {"PoolId": "pool-0"},
            "ResourceNotFoundException",
            {"ResourceType", "ResourceId"},
        ),
        (
            "DeleteOptOutList",
            {"OptOutListName": "Default"},
            "ConflictException",
            {"Reason", "ResourceType", "ResourceId"},
        ),
    ],
)
def test_the_body_of_an_error(raw, operation, members, code, listed):
    """An error is a 400 with __type and the exception's members, with capital first letters."""
    answer = raw(operation, members)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    assert answer.json["__type"] == code
    assert set(answer.json) == {"__type", "Message", *listed}


@pytest.mark.rule("proto-conflict-members")
def test_members_of_a_conflict(refuse):
    """ConflictException has Reason, ResourceType and ResourceId."""
    error = refuse("delete_opt_out_list", OptOutListName="Default")

    assert error.response["Reason"] == "RESOURCE_DELETION_NOT_ALLOWED"
    assert error.response["ResourceType"] == "opt-out-list"
    assert error.response["ResourceId"] == "Default"


@pytest.mark.rule("proto-notfound-members")
def test_members_of_not_found(sms, refuse):
    """ResourceNotFoundException has ResourceType and ResourceId and no Reason."""
    error = refuse("delete_pool", PoolId="pool-0")

    assert isinstance(error, sms.exceptions.ResourceNotFoundException)
    assert error.response["ResourceType"] == "pool"
    assert error.response["ResourceId"] == "pool-0"
    assert "Reason" not in error.response


@pytest.mark.rule("proto-quota-members")
@pytest.mark.pinpoint_sms(quotas="OPT_OUT_LISTS_PER_ACCOUNT=1")
def test_members_of_a_quota_error(refuse):
    """ServiceQuotaExceededException has a Reason but no resource members."""
    error = refuse("create_opt_out_list", OptOutListName="news")

    assert error.response["Error"]["Code"] == "ServiceQuotaExceededException"
    assert error.response["Reason"] == "OPT_OUT_LISTS_PER_ACCOUNT"
    assert not error.response.keys() & {"ResourceType", "ResourceId", "Fields"}


@pytest.mark.rule("proto-quota-members", "proto-access-denied")
@pytest.mark.parametrize("reason", ["ACCOUNT_DISABLED", "INSUFFICIENT_ACCOUNT_REPUTATION"])
def test_members_of_access_denied(emulator, refuse, reason):
    """AccessDeniedException has only a Reason."""
    emulator.fail("DescribePools", "AccessDeniedException", reason=reason, times=1)

    error = refuse("describe_pools")

    assert error.response["Error"]["Code"] == "AccessDeniedException"
    assert error.response["Reason"] == reason
    assert not error.response.keys() & {"ResourceType", "ResourceId", "Fields"}


@pytest.mark.rule("proto-throttling")
def test_throttling_is_retried(client, emulator, refuse):
    """ThrottlingException is retryable, and clients retry it."""
    emulator.fail("DescribePools", "ThrottlingException", times=3)

    error = refuse("describe_pools")
    answer = client(config=Config(**PASSING)).describe_pools()

    assert error.response["Error"]["Code"] == "ThrottlingException"
    assert answer["ResponseMetadata"]["RetryAttempts"] == 2


@pytest.mark.rule("proto-request-rates", "proto-throttling")
@pytest.mark.pinpoint_sms(throttling=True)
def test_documented_request_rates(emulator, raw):
    """If enabled, most operations can be called once a second, a few ten times."""
    emulator.clock.freeze()
    put = {"OptOutListName": "Default", "OptedOutNumber": "+14255550101"}
    arn = raw("DescribeOptOutLists").json["OptOutLists"][0]["OptOutListArn"]

    def called(operation, members, times):
        return [raw(operation, members).code or "ok" for _each in range(times)]

    assert called("DescribePools", {}, 2) == ["ok", "ThrottlingException"]
    assert called("DescribePhoneNumbers", {}, 1) == ["ok"]
    assert called("PutOptedOutNumber", put, 11) == ["ok"] * 10 + ["ThrottlingException"]
    tags = called("ListTagsForResource", {"ResourceArn": arn}, 11)
    assert tags == ["ok"] * 10 + ["ThrottlingException"]

    emulator.clock.advance(seconds=1)
    assert called("DescribePools", {}, 2) == ["ok", "ThrottlingException"]


@pytest.mark.rule("proto-request-rates")
def test_no_throttling_by_default(raw):
    """By default, calls are not throttled."""
    assert {raw("DescribePools").status for _each in range(50)} == {200}


@pytest.mark.rule("proto-internal", "proto-error-status")
def test_an_injected_internal_error(emulator, refuse):
    """InternalServerException is a 500 with the request's id."""
    emulator.fail("DescribePools", "InternalServerException", times=1)

    error = refuse("describe_pools")

    metadata = error.response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 500
    assert error.response["Error"]["Code"] == "InternalServerException"
    assert error.response["RequestId"] == metadata["RequestId"]


def crashing(_account):
    """An operation that crashes."""
    raise ZeroDivisionError("a mistake of ours")


@pytest.mark.rule("proto-internal")
def test_a_crash(emulator, sms, url, monkeypatch, caplog):
    """A crash is raised through the client in process, and is a JSON 500 over HTTP."""
    monkeypatch.setitem(OPERATIONS, "describe_pools", Operation(crashing, frozenset()))
    caplog.set_level(logging.CRITICAL)

    with pytest.raises(Exception, match=r"mistake of ours|InternalServerException") as raised:
        sms.describe_pools()

    if url is None:
        assert isinstance(raised.value, ZeroDivisionError)
    else:
        assert raised.value.response["RequestId"]
        assert [type(each) for each in engine_of(emulator).crashes] == [ZeroDivisionError]
        engine_of(emulator).crashes.clear()
    monkeypatch.undo()
    assert sms.describe_pools()["Pools"] == []


@pytest.mark.rule("proto-message-text")
def test_error_messages(refuse):
    """Messages have the Reason, and for conflicts the resource's type and id, as on AWS."""
    conflict = refuse("delete_opt_out_list", OptOutListName="Default")
    unknown = refuse("delete_pool", PoolId="pool-0")
    invalid = refuse("describe_pools", MaxResults=0, NextToken="")

    assert conflict.response["Error"]["Message"] == (
        'Conflict Occurred - Reason="RESOURCE_DELETION_NOT_ALLOWED" '
        'ResourceType="opt-out-list" ResourceId="Default"'
    )
    assert unknown.response["Error"]["Message"] == (
        'Resource not found - ResourceType="pool" ResourceId="pool-0"'
    )
    assert invalid.response["Error"]["Message"] == (
        'Validation failed - Reason="FIELD_VALIDATION_FAILED" Fields="nextToken,maxResults"'
    )
    assert re.search(r'Reason="([^"]+)"', str(conflict))[1] == "RESOURCE_DELETION_NOT_ALLOWED"


@pytest.mark.since("1.43.11")
def test_fields_say_what_is_valid(refuse):
    """They have the format of an ARN, the values of a filter, or a country."""
    arn = "arn:aws:sms-voice:us-east-1:123456789012:pool/pool-0"
    calls = [
        refuse("describe_opt_out_lists", OptOutListNames=[arn]),
        refuse("describe_pools", Filters=[{"Name": "message-type", "Values": ["OTP"]}]),
        refuse("create_pool", OriginationIdentity="pool-0", MessageType="TRANSACTIONAL"),
    ]

    assert [each.response["Fields"][0]["Message"] for each in calls] == [
        "must be like arn:aws:sms-voice:us-east-1:<account>:opt-out-list/<name>",
        "message-type must be one of PROMOTIONAL, TRANSACTIONAL",
        "is not the id of a phone number or RCS agent; a sender ID needs a country",
    ]


@pytest.mark.rule("proto-fields-spelling")
def test_the_case_of_field_names(refuse):
    """Names in Fields have a small first letter, members of requests a capital one."""
    error = refuse("request_sender_id", SenderId="!", IsoCountryCode="x")

    assert [field["Name"] for field in error.response["Fields"]] == ["senderId", "isoCountryCode"]


@pytest.mark.rule("proto-errors-change-nothing")
def test_errors_change_nothing(raw, inputs):
    """A failed call does not even use an id."""
    before = raw.emulator.snapshot()
    answers = [
        raw("Nothing"),
        raw("CreatePool", b"{"),
        raw("CreatePool", {"OriginationIdentity": "phone-0", "MessageType": "TRANSACTIONAL"}),
        raw("CreateOptOutList", {"OptOutListName": "alpha"}),
        raw("CreateOptOutList", {"OptOutListName": "x", "ClientToken": ""}),
        raw("DeleteOptOutList", {"OptOutListName": "Default"}),
        raw("CreateConfigurationSet", {"ConfigurationSetName": 5}),
        raw("DescribePools", {"NextToken": "x"}),
    ]

    assert all(answer.status == 400 for answer in answers)
    assert raw.emulator.snapshot() == before


@pytest.mark.rule("proto-reason-other", "proto-reason-other-value")
@pytest.mark.parametrize("reason", ["INVALID_REQUEST", "OTHER"])
def test_reasons_without_a_documented_condition(emulator, refuse, reason):
    """Faults can return INVALID_REQUEST and OTHER."""
    emulator.fail("SendTextMessage", "ValidationException", reason=reason, times=1)

    error = refuse("send_text_message", DestinationPhoneNumber="+14255550101", MessageBody="x")

    assert error.response["Reason"] == reason


@pytest.mark.rule("proto-arn-other-region")
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-0",
        "arn:aws-cn:sms-voice:us-east-1:123456789012:pool/pool-0",
        "arn:aws:mobiletargeting:us-east-1:123456789012:pool/pool-0",
        "arn:aws:sms-voice::123456789012:pool/pool-0",
    ],
)
@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("delete_pool", "PoolId"),
        ("update_pool", "PoolId"),
        ("release_phone_number", "PhoneNumberId"),
        ("update_phone_number", "PhoneNumberId"),
        ("tag_resource", "ResourceArn"),
    ],
)
def test_arns_of_another_region_are_refused(sms, refused, operation, member, arn):
    """An ARN of another Region, partition or service is refused."""
    if member == "PhoneNumberId":
        arn = arn.replace("pool/pool-", "phone-number/phone-")
    members = {member: arn} | (
        {"Tags": [{"Key": "a", "Value": "b"}]} if operation == "tag_resource" else {}
    )

    with refused("ValidationException", "INVALID_ARN", fields=[member]):
        getattr(sms, operation)(**members)


@pytest.mark.rule("proto-arn-wrong-kind")
@pytest.mark.parametrize(
    ("operation", "member", "kind"),
    [
        ("delete_configuration_set", "ConfigurationSetName", "pool"),
        ("delete_opt_out_list", "OptOutListName", "configuration-set"),
        ("delete_pool", "PoolId", "phone-number"),
        ("release_phone_number", "PhoneNumberId", "pool"),
        ("update_phone_number", "PhoneNumberId", "sender-id"),
        ("update_pool", "PoolId", "opt-out-list"),
    ],
)
def test_arns_of_another_kind_are_refused(sms, refused, operation, member, kind):
    """An ARN of another kind of resource than the parameter expects is refused."""
    arn = f"arn:aws:sms-voice:us-east-1:123456789012:{kind}/Default"

    with refused("ValidationException", "INVALID_ARN", fields=[member]):
        getattr(sms, operation)(**{member: arn})


def test_arns_of_another_account_are_not_found(sms, refused):
    """Another account's resources are not found unless they are shared."""
    arn = "arn:aws:sms-voice:us-east-1:111122223333:opt-out-list/Default"

    with refused("ResourceNotFoundException", about=ResourceReference("opt-out-list", "Default")):
        sms.delete_opt_out_list(OptOutListName=arn)


def test_crashes_are_kept_by_emulator():
    """A crash in one emulator is not reported by another."""
    assert engine_of(Emulator()).crashes is not engine_of(Emulator()).crashes
