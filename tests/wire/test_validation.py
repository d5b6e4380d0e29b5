"""All constraints of an input at once; tests/contract checks them one by one."""

import pytest


@pytest.mark.rule("proto-missing-required", "proto-all-violations")
def test_all_missing_members_are_named(sms, refused):
    """Missing and null members are refused, and named in one answer."""
    with refused(
        "ValidationException",
        "MISSING_PARAMETER",
        fields=["IsoCountryCode", "MessageType", "NumberCapabilities", "NumberType"],
    ):
        sms.request_phone_number(MessageType=None)


@pytest.mark.rule("proto-all-violations", "proto-first-reason")
def test_all_invalid_members_are_named(raw):
    """Fields has every invalid member with Name and Message, in the model's order."""
    answer = raw(
        "RequestPhoneNumber",
        {
            "NumberType": "PIGEON",
            "NumberCapabilities": [],
            "MessageType": "TRANSACTIONAL",
            "ClientToken": "with space",
            "Tags": [{"Key": "fine", "Value": "fine"}, {"Key": "", "Value": "fine"}],
        },
    )

    # The Reason is that of the first member: IsoCountryCode is missing.
    assert answer.json["Reason"] == "MISSING_PARAMETER"
    assert answer.fields == [
        "isoCountryCode",
        "numberCapabilities",
        "numberType",
        "tags",
        "clientToken",
    ]
    result = {field["Name"]: field["Message"] for field in answer.json["Fields"]}
    assert result["isoCountryCode"] == "is required"
    assert result["numberType"].startswith("must be one of LONG_CODE, TOLL_FREE, TEN_DLC")
    assert result["clientToken"].startswith("must have only ASCII characters")
    assert result["tags"] == "Tags[1].Key must have 1 to 128 characters"


@pytest.mark.rule("proto-first-reason")
def test_the_reason_is_that_of_the_first_member(raw):
    """An answer has one Reason, that of the first invalid member in the model's order."""
    missing_later = raw("CreateOptOutList", {"OptOutListName": "!"})
    broken_later = raw("CreateOptOutList", {"ClientToken": ""})

    assert missing_later.json["Reason"] == "FIELD_VALIDATION_FAILED"
    assert broken_later.json["Reason"] == "MISSING_PARAMETER"
    assert broken_later.fields == ["optOutListName", "clientToken"]


@pytest.mark.rule("proto-wrong-type")
@pytest.mark.parametrize(
    ("operation", "members", "named"),
    [
        ("DescribePools", {"MaxResults": "5"}, "MaxResults"),
        ("DescribePools", {"MaxResults": 0.5}, "MaxResults"),
        ("DescribePools", {"MaxResults": 5.0}, "MaxResults"),
        ("DescribePools", {"MaxResults": True}, "MaxResults"),
        ("DescribePools", {"PoolIds": "pool-0"}, "PoolIds"),
        ("DescribePools", {"PoolIds": [None]}, "PoolIds[0]"),
        ("DescribePools", {"PoolIds": ["pool-0", 5]}, "PoolIds[1]"),
        ("DescribePools", {"Filters": [{"Name": "status", "Values": {}}]}, "Filters[0].Values"),
        ("UpdatePool", {"PoolId": "x", "TwoWayEnabled": "true"}, "TwoWayEnabled"),
        ("UpdatePool", {"PoolId": "x", "TwoWayEnabled": 1}, "TwoWayEnabled"),
        ("SetTextMessageSpendLimitOverride", {"MonthlyLimit": "1"}, "MonthlyLimit"),
        ("SendTextMessage", {"DestinationPhoneNumber": 14255550101}, "DestinationPhoneNumber"),
        ("SendTextMessage", {"DestinationPhoneNumber": "+1425", "Context": []}, "Context"),
        (
            "SendTextMessage",
            {"DestinationPhoneNumber": "+1425", "Context": {"order": 5}},
            "Context[order]",
        ),
    ],
)
def test_wrong_types_are_refused(raw, operation, members, named):
    """The error names the member with the wrong JSON type."""
    answer = raw(operation, members)

    assert (answer.status, answer.code) == (400, "SerializationException")
    assert answer.json["message"].startswith(f"{named} is not of type ")


@pytest.mark.rule("proto-timestamps")
@pytest.mark.since("1.44.5")
@pytest.mark.parametrize(
    "seconds", [b"1e999", b"-1e18", b"9" * 4000, b"253402300800", b"-62135596801"]
)
def test_timestamps_out_of_range_are_refused(raw, make, seconds):
    """A number of seconds beyond the calendar cannot be parsed."""
    made = make("CreateProtectConfiguration")["ProtectConfigurationId"]
    body = (
        b'{"ProtectConfigurationId": "%b", "DestinationPhoneNumber": "+14255550101", '
        b'"Action": "BLOCK", "ExpirationTimestamp": %b}' % (made.encode(), seconds)
    )

    answer = raw("PutProtectConfigurationRuleSetNumberOverride", body)

    assert (answer.status, answer.code) == (400, "SerializationException")
    assert len(answer.text) < 200


@pytest.mark.rule("proto-wrong-type")
def test_wrong_types_are_reported_before_constraints(raw):
    """Unreadable members are reported before invalid ones."""
    answer = raw("CreateOptOutList", {"OptOutListName": "!", "Tags": "none"})

    assert answer.code == "SerializationException"


@pytest.mark.rule("proto-pattern-anchored")
@pytest.mark.parametrize("name", ["news!", "!news", "news\n", "\nnews", "ne ws", "news\u0660"])
def test_patterns_match_the_whole_value(sms, refused, name):
    """A pattern applies up to the last character, and only to ASCII digits."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["OptOutListName"]):
        sms.create_opt_out_list(OptOutListName=name)


def test_lengths_count_characters(raw):
    """A character beyond the first 65,536 counts as one."""
    members = {"OptOutListName": "news", "Tags": [{"Key": "𠀀" * 128, "Value": "x"}]}

    assert raw("CreateOptOutList", members).status == 200


UNKNOWN_AGENT = f"rcs-{0:032}"
UNKNOWN_NUMBER = f"phone-{0:032}"


@pytest.mark.rule("proto-validation-first")
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        pytest.param(
            "ListProtectConfigurationRuleSetNumberOverrides",
            {
                "ProtectConfigurationId": "nobody",
                "Filters": [{"Name": "created-after", "Values": ["yesterday"]}],
            },
            marks=pytest.mark.since("1.36"),
        ),
        (
            "PutKeyword",
            {"OriginationIdentity": UNKNOWN_NUMBER, "Keyword": " JOIN", "KeywordMessage": "Hello"},
        ),
        ("PutOptedOutNumber", {"OptOutListName": "nobody", "OptedOutNumber": "+1555"}),
        pytest.param(
            "PutResourcePolicy",
            {
                "ResourceArn": f"arn:aws:sms-voice:us-east-1:123456789012:pool/pool-{0:032}",
                "Policy": "{}",
            },
            marks=pytest.mark.since("1.43.11"),
        ),
        pytest.param(
            "SendNotifyTextMessage",
            {
                "NotifyConfigurationId": "nobody",
                "DestinationPhoneNumber": "+1555",
                "TemplateVariables": {},
            },
            marks=pytest.mark.since("1.43.11"),
        ),
        pytest.param(
            "SendRcsMessage",
            {
                "DestinationPhoneNumber": "+14255550100",
                "OriginationIdentity": UNKNOWN_AGENT,
                "RcsMessageContent": {"Content": {"TextMessage": {"Body": "Hello"}}},
                "FallbackConfiguration": {"Channel": "SMS"},
            },
            marks=pytest.mark.since("1.44.5"),
        ),
        (
            "SendTextMessage",
            {
                "DestinationPhoneNumber": "+1555",
                "MessageBody": "Hello",
                "OriginationIdentity": UNKNOWN_NUMBER,
            },
        ),
        (
            "SendVoiceMessage",
            {
                "DestinationPhoneNumber": "+14255550100",
                "MessageBody": "a" * 3001,
                "OriginationIdentity": UNKNOWN_NUMBER,
            },
        ),
        pytest.param(
            "UpdateRcsAgent",
            {"RcsAgentId": UNKNOWN_AGENT, "TwoWayRcsEventsEnabled": ["ALL", "TYPING_INDICATOR"]},
            marks=pytest.mark.since("1.44.5"),
        ),
    ],
)
def test_formats_are_checked_before_existence(raw, operation, members):
    """Format rules that the model does not have are checked before anything is looked up."""
    answer = raw(operation, members)

    assert answer.code == "ValidationException"
    assert answer.json["Reason"] != "FIELD_VALIDATION_FAILED"


@pytest.mark.rule("proto-validation-first")
@pytest.mark.pinpoint_sms(quotas="POOLS_PER_ACCOUNT=1")
def test_the_order_of_refusals(raw, make):
    """Invalid input comes before existence, existence before state, state before quotas."""
    number, other = make.identity(), make.identity()
    make("CreatePool", MessageType="TRANSACTIONAL", **number)
    members = number | {"OriginationIdentity": f"phone-{0:032}", "MessageType": "SPAM"}

    result = []
    for change in (
        {},
        {"MessageType": "PROMOTIONAL"},
        number,
        other,
        {"MessageType": "TRANSACTIONAL"},
    ):
        members |= change
        answer = raw("CreatePool", members).json
        result.append((answer["__type"], answer.get("Reason")))

    assert result == [
        ("ValidationException", "FIELD_VALIDATION_FAILED"),
        ("ResourceNotFoundException", None),
        ("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_POOL"),
        ("ConflictException", "MESSAGE_TYPE_MISMATCH"),
        ("ServiceQuotaExceededException", "POOLS_PER_ACCOUNT"),
    ]


@pytest.mark.rule("proto-iso-country")
@pytest.mark.parametrize("code", ["", "U", "us", "USA", "U1", "U\n", "ÜS"])
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("CreatePool", {"OriginationIdentity": "x", "MessageType": "TRANSACTIONAL"}),
        ("AssociateOriginationIdentity", {"PoolId": "x", "OriginationIdentity": "x"}),
        ("DisassociateOriginationIdentity", {"PoolId": "x", "OriginationIdentity": "x"}),
        ("ReleaseSenderId", {"SenderId": "x"}),
        ("RequestSenderId", {"SenderId": "x"}),
        ("UpdateSenderId", {"SenderId": "x"}),
        (
            "RequestPhoneNumber",
            {
                "MessageType": "TRANSACTIONAL",
                "NumberCapabilities": ["SMS"],
                "NumberType": "LONG_CODE",
            },
        ),
    ],
)
def test_the_form_of_country_codes(raw, operation, members, code):
    """Country codes are two capital letters."""
    answer = raw(operation, members | {"IsoCountryCode": code})

    assert answer.json["Reason"] == "FIELD_VALIDATION_FAILED"
    assert answer.fields == ["isoCountryCode"]


@pytest.mark.rule("proto-iso-country")
def test_the_form_of_country_codes_in_structures(raw):
    """Country codes are two capital letters in nested members, too."""
    answer = raw("DescribeSenderIds", {"SenderIds": [{"SenderId": "x", "IsoCountryCode": "gb"}]})

    assert answer.fields == ["senderIds"]
