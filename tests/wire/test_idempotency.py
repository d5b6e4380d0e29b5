"""ClientToken: a repeated call gets the first answer."""

from datetime import timedelta

import pytest

from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.idempotency import LIFETIME, MAX_REMEMBERED, Tokens
from pinpoint_sms_emu.wire.model import service_model, snake
from tests.inputs import NOTIFY, PDF, TOLL_FREE
from tests.raw import NUMBER, SIGNED

TAKING_TOKENS = [
    each.name
    for each in service_model().operations.values()
    if each.token_member and snake(each.name) in OPERATIONS
]
of_all = pytest.mark.parametrize("operation", TAKING_TOKENS)


@pytest.fixture
def calls(make, inputs):
    """Two valid calls of every operation that takes a token."""
    pool = inputs["ListPoolOriginationIdentities"]["PoolId"]
    plain = make("DescribePools")["Pools"][1]["PoolId"]
    one, other = make.identity(), make.identity()
    members = make("ListPoolOriginationIdentities", PoolId=pool)["OriginationIdentities"]
    overrides = inputs["ListProtectConfigurationRuleSetNumberOverrides"]
    topic = {"TopicArn": "arn:aws:sns:us-east-1:123456789012:events"}
    event_destination = {
        "ConfigurationSetName": "alpha",
        "MatchingEventTypes": ["ALL"],
        "SnsDestination": topic,
    }
    tagged = {"Tags": [{"Key": "a", "Value": "b"}]}
    return {
        "AssociateOriginationIdentity": [{"PoolId": plain} | number for number in (one, other)],
        "CreateConfigurationSet": [{"ConfigurationSetName": name} for name in ("x", "y")],
        "CreateEventDestination": [
            event_destination | {"EventDestinationName": name} for name in ("x", "y")
        ],
        "CreateNotifyConfiguration": [
            NOTIFY | {"DisplayName": name} for name in ("first", "second")
        ],
        "CreateOptOutList": [{"OptOutListName": name} for name in ("x", "y")],
        "CreatePool": [{"MessageType": "TRANSACTIONAL"} | number for number in (one, other)],
        "CreateProtectConfiguration": [{}, tagged],
        "CreateRcsAgent": [{}, tagged],
        "CreateRegistration": [
            {"RegistrationType": TOLL_FREE},
            {"RegistrationType": TOLL_FREE, **tagged},
        ],
        "CreateRegistrationAttachment": [
            {"AttachmentBody": PDF},
            {"AttachmentBody": PDF, **tagged},
        ],
        "CreateVerifiedDestinationNumber": [
            {"DestinationPhoneNumber": person} for person in ("+14255550111", "+14255550112")
        ],
        "DisassociateOriginationIdentity": [
            {
                "PoolId": pool,
                "OriginationIdentity": member["OriginationIdentity"],
                "IsoCountryCode": "US",
            }
            for member in members[:2]
        ],
        "PutProtectConfigurationRuleSetNumberOverride": [
            overrides | {"DestinationPhoneNumber": "+14255550111", "Action": action}
            for action in ("ALLOW", "BLOCK")
        ],
        "RequestPhoneNumber": [NUMBER, NUMBER | {"NumberCapabilities": ["SMS", "VOICE"]}],
        "RequestSenderId": [
            {"SenderId": "NEWS", "IsoCountryCode": country} for country in ("GB", "FR")
        ],
    }


@pytest.mark.rule("proto-client-token-repeat")
@of_all
def test_a_repeated_call_gets_the_first_answer(raw, calls, operation):
    """A call with the same token changes nothing."""
    call = calls[operation][0] | {"ClientToken": "token"}
    first = raw(operation, call)
    raw.emulator.clock.advance(minutes=1)
    after_first = raw.emulator.snapshot()["accounts"]

    again = raw(operation, call)

    assert (first.status, again.text) == (200, first.text)
    assert again.headers["x-amzn-requestid"] != first.headers["x-amzn-requestid"]
    assert raw.emulator.snapshot()["accounts"] == after_first


@pytest.mark.rule("proto-client-token-default")
@of_all
def test_without_a_token_each_call_is_new(raw, calls, operation):
    """It creates another resource, or is a conflict."""
    first = raw(operation, calls[operation][0])
    raw.emulator.clock.advance(minutes=1)

    again = raw(operation, calls[operation][0])

    assert first.status == 200
    assert again.text != first.text


@pytest.mark.rule("proto-client-token-default")
def test_boto3_generates_tokens(client):
    """SDKs generate a random token, so two calls are two calls."""
    sms = client()
    leased = [sms.request_phone_number(**NUMBER)["PhoneNumberId"] for _each in range(2)]

    assert leased[0] != leased[1]


@pytest.mark.rule("proto-client-token-case")
@of_all
def test_tokens_that_differ_in_case(raw, calls, operation):
    """Tokens that differ in case are different."""
    first = raw(operation, calls[operation][0] | {"ClientToken": "token"})
    raw.emulator.clock.advance(minutes=1)

    other = raw(operation, calls[operation][0] | {"ClientToken": "Token"})

    assert first.status == 200
    assert other.text != first.text


@pytest.mark.rule("proto-client-token-mismatch")
@of_all
def test_a_token_with_other_parameters_is_refused(raw, calls, operation):
    """The refusal changes nothing."""
    one, other = calls[operation]
    raw(operation, one | {"ClientToken": "token"})
    before = raw.emulator.snapshot()

    answer = raw(operation, other | {"ClientToken": "token"})

    assert answer.code == "ValidationException"
    assert (answer.json["Reason"], answer.fields) == ("INVALID_PARAMETER", ["clientToken"])
    assert raw.emulator.snapshot() == before


@pytest.mark.rule("proto-client-token-repeat")
def test_equal_parameters_in_another_form(raw):
    """The order of members and tags does not matter, and unknown members are ignored."""
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    first = raw("CreateOptOutList", {"OptOutListName": "x", "ClientToken": "t", "Tags": tags})

    again = raw(
        "CreateOptOutList",
        {"Tags": tags[::-1], "ClientToken": "t", "Colour": "red", "OptOutListName": "x"},
    )

    assert again.text == first.text


@pytest.mark.rule("proto-client-token-after-failure")
@of_all
def test_a_failed_call_does_not_use_its_token(raw, calls, operation):
    """A failed call does not use up its token."""
    one, other = calls[operation]
    raw.emulator.fail(operation, "AccessDeniedException", times=1)
    denied = raw(operation, one | {"ClientToken": "token"})

    answer = raw(operation, other | {"ClientToken": "token"})

    assert (denied.status, answer.status) == (400, 200)


@pytest.mark.rule("proto-client-token-after-failure")
def test_a_refused_call_does_not_use_its_token(raw, make):
    """A call that a rule refuses can succeed later with the same token."""
    call = {"OptOutListName": "news", "ClientToken": "token"}
    make("CreateOptOutList", OptOutListName="news")
    refused = raw("CreateOptOutList", call)
    make("DeleteOptOutList", OptOutListName="news")

    answer = raw("CreateOptOutList", call)

    assert refused.json["Reason"] == "RESOURCE_ALREADY_EXISTS"
    assert answer.status == 200


@pytest.mark.rule("proto-client-token-scope")
def test_the_scope_of_a_token(raw):
    """Tokens are compared within one operation, account and Region."""
    other_account = SIGNED.replace("123456789012", "111122223333")
    other_region = SIGNED.replace("us-east-1", "eu-west-1")
    name = {"OptOutListName": "x", "ClientToken": "token"}

    answers = [
        raw("CreateOptOutList", name),
        raw("CreateConfigurationSet", {"ConfigurationSetName": "y", "ClientToken": "token"}),
        raw("CreateOptOutList", name | {"OptOutListName": "y"}, authorization=other_account),
        raw("CreateOptOutList", name | {"OptOutListName": "y"}, authorization=other_region),
    ]

    assert [answer.status for answer in answers] == [200] * 4
    assert len({answer.text for answer in answers}) == 4


@pytest.mark.rule("proto-client-token-lifetime")
def test_a_token_expires_after_eight_hours(raw):
    """A token counts for eight hours."""
    raw.emulator.clock.freeze()
    one = {"OptOutListName": "x", "ClientToken": "token"}
    first = raw("CreateOptOutList", one)

    raw.emulator.clock.advance(LIFETIME - timedelta(seconds=1))
    in_time = raw("CreateOptOutList", one)
    raw.emulator.clock.advance(seconds=1)
    too_late = raw("CreateOptOutList", one | {"OptOutListName": "y"})

    assert timedelta(hours=8) == LIFETIME
    assert in_time.text == first.text
    assert too_late.json["OptOutListName"] == "y"


@pytest.mark.rule("proto-client-token-lifetime")
def test_the_number_of_tokens_is_limited(emulator):
    """At most 10,000 are stored; the oldest are removed first."""
    tokens, now = Tokens(), emulator.clock.now()
    for number in range(MAX_REMEMBERED + 1):
        tokens.remember("CreatePool", str(number), "asked", {"PoolId": str(number)}, now)

    assert MAX_REMEMBERED == 10_000
    assert tokens.recall("CreatePool", "0", "anything else", now) is None
    assert tokens.recall("CreatePool", "1", "asked", now) == {"PoolId": "1"}
    assert tokens.recall("CreatePool", "10000", "asked", now) == {"PoolId": "10000"}


def test_old_tokens_are_removed(emulator):
    """Tokens are stored for eight hours."""
    tokens, now = Tokens(), emulator.clock.now()
    for hour in range(100):
        tokens.remember("CreatePool", str(hour), "asked", {}, now + timedelta(hours=hour))

    assert len(tokens.answers) == 8
