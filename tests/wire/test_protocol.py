"""AWS JSON 1.0: valid and invalid requests, accounts and Regions."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.operations import OPERATIONS
from pinpoint_sms_emu.wire.model import service_model
from pinpoint_sms_emu.wire.protocol import Request
from tests.raw import NUMBER, SIGNED, Raw

MIB = 1024 * 1024


@pytest.mark.rule("proto-transport", "proto-content-type")
def test_the_form_of_a_call(raw):
    """POST /, the operation in X-Amz-Target, JSON in, JSON 1.0 out, a request id."""
    answer = raw("CreateOptOutList", {"OptOutListName": "news"})

    assert answer.status == 200
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    assert len(answer.headers["x-amzn-requestid"]) == 36
    assert answer.json["OptOutListName"] == "news"


@pytest.mark.rule("proto-transport", "proto-content-type", "proto-signing")
def test_boto3_sends_that_form(sms):
    """boto3 sends exactly that, signed for sms-voice."""
    sent = []
    sms.meta.events.register_last("request-created", lambda request, **_: sent.append(request))
    sms.describe_pools()
    (request,) = sent

    assert request.method == "POST"
    assert urlsplit(request.url).path == "/"
    assert request.headers["X-Amz-Target"] == "PinpointSMSVoiceV2.DescribePools"
    assert request.headers["Content-Type"] == "application/x-amz-json-1.0"
    assert "/us-east-1/sms-voice/aws4_request" in request.headers["Authorization"]


def test_request_ids_are_unique(raw):
    """Every call has its own request id, refused or not."""
    answers = [raw("DescribePools"), raw("DescribePools"), raw("Nothing"), raw("Nothing")]

    assert len({answer.headers["x-amzn-requestid"] for answer in answers}) == 4


@pytest.mark.rule("proto-unknown-operation")
@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "DescribePools",
        "PinpointSMSVoiceV2",
        "PinpointSMSVoiceV2.",
        "PinpointSMSVoiceV2.describepools",
        "PinpointSMSVoiceV2.DescribePools.More",
        "PinpointSMSVoiceV2.describe_pools",
        "PinpointSMSVoiceV2.__class__",
        "DynamoDB_20120810.ListTables",
        "pinpointsmsvoicev2.DescribePools",
    ],
)
def test_unknown_targets_are_refused(raw, target):
    """The target must have a known operation."""
    answer = raw("", {}, x_amz_target=target)

    assert (answer.status, answer.code) == (400, "UnknownOperationException")
    assert answer.headers["content-type"] == "application/x-amz-json-1.0"
    assert set(answer.json) == {"__type", "message"}


@pytest.mark.rule("proto-not-emulated")
def test_an_operation_that_is_not_emulated(raw, monkeypatch):
    """The error names the operation."""
    monkeypatch.delitem(OPERATIONS, "describe_pools")

    answer = raw("DescribePools")

    assert (answer.status, answer.code) == (400, "UnknownOperationException")
    assert answer.json["message"] == "DescribePools is not emulated yet"


@pytest.mark.rule("proto-newest-model")
@pytest.mark.parametrize(
    "operation",
    [
        "DeleteRcsMessageSpendLimitOverride",
        "ListAvailablePhoneNumbers",
        "SendRcsMessage",
        "SetRcsMessageSpendLimitOverride",
    ],
)
def test_operations_of_the_newest_model(raw, operation):
    """Operations that an older model does not have are unknown, as for its clients."""
    known = raw(operation).code != "UnknownOperationException"

    assert known == (operation in service_model().operations)


@pytest.mark.rule("proto-unsigned")
def test_unsigned_calls_are_refused(raw):
    """A call that is not signed is refused."""
    answer = raw("DescribePools", authorization=None)

    assert (answer.status, answer.code) == (403, "MissingAuthenticationTokenException")
    assert set(answer.json) == {"__type", "message"}


@pytest.mark.rule("proto-unsigned", "proto-signing")
@pytest.mark.parametrize(
    ("rest", "missing"),
    [
        (", SignedHeaders=host", ["Signature"]),
        (", Signature=00", ["SignedHeaders"]),
        (", SignedHeaders=, Signature=00", ["SignedHeaders"]),
        (", SignedHeaders=host, Signature=", ["Signature"]),
        ("", ["Signature", "SignedHeaders"]),
    ],
)
def test_incomplete_authorizations_are_refused(raw, rest, missing):
    """An Authorization header needs signed headers and a signature."""
    scope = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sms-voice/aws4_request"

    answer = raw("DescribePools", authorization=scope + rest)

    assert (answer.status, answer.code) == (403, "IncompleteSignatureException")
    assert answer.json["message"] == " ".join(
        f"Authorization header requires '{name}' parameter." for name in missing
    )


@pytest.mark.rule("proto-unsigned", "proto-signing")
@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer abc",
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 ",
        "AWS4-HMAC-SHA256 Credential=AKIA",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sms-voice",
        "AWS4-HMAC-SHA256 Credential=/20260101/us-east-1/sms-voice/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA/2026/us-east-1/sms-voice/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101//sms-voice/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/US EAST/sms-voice/aws4_request",
        "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/sms-voice/aws4_request/more",
        "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00",
        "AWS4-ECDSA-P256-SHA256 Credential=AKIA/20260101/sms-voice/aws4_request",
        "Credential=AKIA/20260101/us-east-1/sms-voice/aws4_request",
        "AWS4-HMAC-SHA256 " + "Credential=" * 5000,
        "AWS4-HMAC-SHA256 " + "," * 50_000,
    ],
)
def test_malformed_authorizations_are_refused(raw, authorization):
    """An Authorization that cannot be read is refused."""
    answer = raw("DescribePools", authorization=authorization)

    assert (answer.status, answer.code) == (403, "IncompleteSignatureException")
    assert set(answer.json) == {"__type", "message"}


@pytest.mark.rule("proto-signing")
@pytest.mark.parametrize(
    "authorization",
    [
        SIGNED,
        SIGNED.replace(", ", ","),
        SIGNED.replace(", ", ",  "),
        SIGNED.replace("Credential", " Credential"),
        "AWS4-HMAC-SHA256 Signature=00, SignedHeaders=host,"
        + SIGNED.split(",")[0].removeprefix("AWS4-HMAC-SHA256"),
    ],
)
def test_other_forms_of_authorization_are_accepted(raw, authorization):
    """Commas may be followed by spaces, and the parts may be in any order."""
    raw("CreateOptOutList", {"OptOutListName": "news"}, authorization=authorization)

    account = engine_of(raw.emulator).account("123456789012", "us-east-1")
    assert "news" in account.opt_out_lists


@pytest.mark.rule("proto-account")
@pytest.mark.parametrize(
    ("key", "account_id"),
    [
        ("111122223333", "111122223333"),
        ("AKIAIOSFODNN7EXAMPLE", "123456789012"),
        ("11112222333", "123456789012"),
        ("1111222233334", "123456789012"),
        ("11112222333a", "123456789012"),
        ("emulated", "123456789012"),
    ],
)
def test_the_account_of_a_key(raw, key, account_id):
    """A key of 12 digits is an account id; all others belong to account 123456789012."""
    answer = raw(
        "CreateOptOutList",
        {"OptOutListName": "news"},
        authorization=SIGNED.replace("123456789012", key),
    )

    assert answer.json["OptOutListArn"] == (
        f"arn:aws:sms-voice:us-east-1:{account_id}:opt-out-list/news"
    )


@pytest.mark.rule("proto-account")
@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("eu-west-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("eusc-de-east-1", "aws-eusc"),
        ("us-iso-west-1", "aws-iso"),
    ],
)
def test_the_region_of_a_call(raw, region, partition):
    """The Region is in the signature; Regions and accounts share nothing."""
    elsewhere = SIGNED.replace("us-east-1", region)
    made = raw("CreateOptOutList", {"OptOutListName": "news"}, authorization=elsewhere)
    here = raw("DescribeOptOutLists").json["OptOutLists"]

    assert made.json["OptOutListArn"].startswith(f"arn:{partition}:sms-voice:{region}:")
    assert [each["OptOutListName"] for each in here] == ["Default"]


@pytest.mark.rule("proto-malformed-body")
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"{",
        b'{"PoolIds": [}',
        b"{} {}",
        b"[]",
        b'"text"',
        b"null",
        b"1",
        b"true",
        b"{'PoolIds': []}",
        b'{"PoolIds": [],}',
        b"PoolIds=x",
        b'{"MaxResults": NaN}',
        b'{"Colour": NaN}',
        b'{"MaxResults": Infinity}',
        b'{"MaxResults": -Infinity}',
        b'{"MaxResults": 01}',
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
        b'\xef\xbb\xbf{"MaxResults": 1}',
        b'{"NextToken": "\xff"}',
        b'{"NextToken": "\xed\xa0\x80"}',
        '{"NextToken": "é"}'.encode("latin-1"),
        '{"NextToken": "x"}'.encode("utf-16"),
        rb'{"NextToken": "\ud800"}',
        rb'{"NextToken": "\uDFFF x"}',
        rb'{"\udc00": 1}',
        b'{"NextToken": "a\nb"}',
        b'{"NextToken": "\x00"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"PoolIds": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b"\x00" * 100,
        b"<?xml version='1.0'?><x/>",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_malformed_bodies_are_refused(raw, body):
    """A body that is not a JSON object is refused, and changes nothing."""
    before = raw.emulator.snapshot()

    answer = raw("DescribePools", body)

    assert (answer.status, answer.code) == (400, "SerializationException")
    assert set(answer.json) == {"__type", "message"}
    assert len(answer.text) < 500
    assert raw.emulator.snapshot() == before


@pytest.mark.parametrize(
    "body",
    [
        b'{"OptOutListName": "news"}',
        b' \r\n\t{ "OptOutListName" :\n"news"} ',
        rb'{"OptOutListName": "\u006eews"}',
        rb'{"OptOutListName": "news", "Colour": "\ud83d\ude00"}',
        '{"OptOutListName": "news", "Colour": "😀"}'.encode(),
        b'{"OptOutListName": "other", "OptOutListName": "news"}',
        b'{"OptOutListName": "news", "Tags": null, "ClientToken": null}',
        b'{"OptOutListName": "news", "Depth": ' + b"[" * 400 + b"]" * 400 + b"}",
        b'{"OptOutListName": "news", "Big": ' + b"9" * 4000 + b', "Bigger": 1e999}',
    ],
    ids=lambda body: repr(body[:48]),
)
def test_unusual_json_is_accepted(raw, body):
    """Spaces, escapes, and null for absent members; of duplicate members the last counts."""
    answer = raw("CreateOptOutList", body)

    assert (answer.status, answer.json["OptOutListName"]) == (200, "news")


@pytest.mark.rule("proto-unknown-members")
def test_unknown_members_are_ignored(raw):
    """This holds for nested members, too."""
    answer = raw(
        "CreateOptOutList",
        {
            "OptOutListName": "news",
            "Colour": {"red": [1, None, {}]},
            "optOutListName": 5,
            "Tags": [{"Key": "a", "Value": "b", "Colour": "red"}],
        },
    )

    assert answer.json["Tags"] == [{"Key": "a", "Value": "b"}]


@pytest.mark.rule("proto-empty-body")
@pytest.mark.parametrize(
    "operation",
    [
        "DeleteTextMessageSpendLimitOverride",
        "DescribeAccountAttributes",
        "DescribeAccountLimits",
        "DescribeConfigurationSets",
        "DescribeOptOutLists",
        "DescribePhoneNumbers",
        "DescribePools",
        "DescribeSenderIds",
        "DescribeSpendLimits",
    ],
)
def test_empty_bodies_are_accepted(raw, operation):
    """Operations without required members accept an empty object."""
    assert raw(operation, b"{}").status == 200


def test_the_largest_body_is_accepted(raw):
    """It has 8 MiB."""
    start = b'{"OptOutListName": "news", "x": "'
    body = start + b"x" * (8 * MIB - len(start) - 2) + b'"}'

    assert len(body) == 8 * MIB
    assert raw("CreateOptOutList", body).status == 200


@pytest.mark.parametrize(
    "members",
    [
        {"Tags": [{}] * 300_000},
        {"Tags": [{"Key": "", "Value": ""}] * 100_000},
        {"OptOutListName": "A" * 7_000_000},
        {"OptOutListName": "!" * 7_000_000},
        {"ClientToken": "x" * 7_000_000},
    ],
    ids=["many-entries", "many-faults", "long-name", "strange-name", "long-token"],
)
def test_errors_about_large_bodies_are_short(raw, members):
    """The error about a million invalid members is short."""
    answer = raw("CreateOptOutList", {"OptOutListName": "news"} | members)

    assert answer.json["Reason"] == "FIELD_VALIDATION_FAILED"
    assert len(answer.text) < 1000


@pytest.mark.timeout(120)
def test_patterns_take_bounded_time(raw):
    """Every pattern of the model is fast for any text within the length limit."""
    from pinpoint_sms_emu.wire.validation import check

    hostile = ("a", "0", " ", "-", ".", "+1", "a.", "a b", "1\n", "\n", "s3://aaa/", "é", "\u2028")
    for name, shape in service_model().shapes.items():
        if "pattern" in shape:
            for unit in hostile:
                for end in ("", "!", "\n", " "):
                    size = min(shape.get("max", 8 * MIB), 100_000)
                    text = (unit * size)[: size - len(end)] + end
                    check(name)(text, "X", [])
    assert raw("DescribePools").status == 200


@pytest.mark.rule("proto-timestamps")
def test_the_form_of_timestamps(raw):
    """They are seconds since 1970, with a fraction."""
    at = raw.emulator.clock.now() + timedelta(days=1)
    raw.emulator.clock.freeze(at.replace(microsecond=891_234))

    answer = raw("CreateOptOutList", {"OptOutListName": "news"})

    sent = json.loads(answer.text)["CreatedTimestamp"]
    assert type(sent) is float
    assert sent == round(raw.emulator.clock.now().timestamp(), 3)
    assert sent % 1 == pytest.approx(0.891, abs=0.0001)


@pytest.mark.rule("proto-blobs")
@pytest.mark.parametrize("body", ["%PDF", "JVBERi0x!", "JVBERi0xL", "JVBE Ri0x", "é"])
def test_the_form_of_binary_members(raw, body):
    """They are base64; anything else cannot be parsed."""
    answer = raw("CreateRegistrationAttachment", {"AttachmentBody": body})
    fine = raw("CreateRegistrationAttachment", {"AttachmentBody": "JVBERi0xLjcgYW5kIHNvIG9u"})

    assert (answer.status, answer.code) == (400, "SerializationException")
    assert fine.status == 200


@pytest.mark.rule("proto-absent-not-null")
def test_answers_have_no_null(raw, inputs):
    """Members without a value are left out."""
    answers = [raw(operation, members).text for operation, members in inputs.items()]

    assert not [each for each in answers if "null" in each]


@pytest.mark.rule("proto-booleans-present")
@pytest.mark.parametrize(
    ("operation", "list_member", "flags"),
    [
        (
            "DescribePools",
            "Pools",
            {
                "TwoWayEnabled",
                "SelfManagedOptOutsEnabled",
                "SharedRoutesEnabled",
                "DeletionProtectionEnabled",
            },
        ),
        (
            "DescribePhoneNumbers",
            "PhoneNumbers",
            {"TwoWayEnabled", "SelfManagedOptOutsEnabled", "DeletionProtectionEnabled"},
        ),
    ],
)
def test_booleans_are_always_present(raw, make, inputs, operation, list_member, flags):
    """Required boolean members are returned even if they are false."""
    number = make("RequestPhoneNumber", **NUMBER)
    make("DescribePhoneNumbers")
    made = make(
        "CreatePool",
        OriginationIdentity=number["PhoneNumberId"],
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
    )
    of = {"DescribePhoneNumbers": number, "DescribePools": made}
    entry = raw(operation, inputs[operation]).json[list_member][-1]

    assert {name: entry[name] for name in flags} == dict.fromkeys(flags, False)
    assert {name: of[operation][name] for name in flags} == dict.fromkeys(flags, False)


@pytest.mark.rule("proto-no-waiters")
def test_the_model_has_no_waiters(sms):
    """Clients poll the Describe operations."""
    assert sms.waiter_names == []


@pytest.mark.rule("proto-rename")
def test_identifiers_of_the_service(sms):
    """The service was renamed, but its identifiers on the wire were not."""
    metadata = sms.meta.service_model.metadata

    assert metadata["endpointPrefix"] == "sms-voice"
    assert metadata["targetPrefix"] == "PinpointSMSVoiceV2"
    assert metadata["serviceId"] == "Pinpoint SMS Voice V2"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
MEMBERS = [name for each in service_model().shapes.values() for name in each.get("members", ())]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    operation=st.sampled_from(sorted(service_model().operations)),
    body=st.binary(max_size=200)
    | st.dictionaries(st.sampled_from(MEMBERS) | st.text(), JSON, max_size=6),
)
def test_any_body_gets_a_valid_answer(operation, body):
    """Any body gets a valid answer."""
    raw = Raw(Emulator())
    try:
        answer = raw(operation, body)
    except UnicodeEncodeError:
        return

    assert answer.status in (200, 400)
    assert isinstance(answer.json, dict)


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["x-amz-target", "authorization", "content-type", "x-amz-date"]),
        st.text(max_size=80) | st.just(SIGNED) | st.just("PinpointSMSVoiceV2.DescribePools"),
    )
)
def test_any_headers_get_a_valid_answer(headers):
    """Any headers get a valid answer."""
    answer = engine_of(Emulator()).handle(Request(headers, b"{}"))

    assert answer.status in (200, 400, 403)
    assert json.loads(answer.body) is not None
