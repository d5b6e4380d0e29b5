"""Sender IDs: requested, described, protected, released."""

import json

import pytest

# These tests need members that the oldest botocore does not have.
newer = pytest.mark.since("1.43.11")

ARN = "arn:aws:sms-voice:us-east-1:123456789012:sender-id/"
ALWAYS = {
    "SenderIdArn",
    "SenderId",
    "IsoCountryCode",
    "MessageTypes",
    "MonthlyLeasingPrice",
    "DeletionProtectionEnabled",
    "Registered",
}
LATER = {"MessagingLimits", "PricingTier"}


@pytest.fixture
def request_id(sms):
    """Request NEWS for Great Britain; members override this."""

    def request(name="NEWS", country="GB", **more):
        return sms.request_sender_id(SenderId=name, IsoCountryCode=country, **more)

    return request


@pytest.fixture
def news(request_id, account):
    """The sender ID NEWS for Great Britain."""
    request_id()
    return account.sender_ids["NEWS/GB"]


def pair(name="NEWS", country="GB"):
    """The parameters that identify a sender ID."""
    return {"SenderId": name, "IsoCountryCode": country}


def described(sms, *pairs: dict, **members):
    """Describe the requested sender IDs."""
    named = {"SenderIds": list(pairs)} if pairs else {}
    return sms.describe_sender_ids(**named, **members)["SenderIds"]


def keys(entries):
    """The name and the country of each."""
    return [f"{each['SenderId']}/{each['IsoCountryCode']}" for each in entries]


def found(sms, name, *values: str):
    """Describe the sender IDs that match a filter."""
    return keys(described(sms, Filters=[{"Name": name, "Values": list(values)}]))


# Request.


@pytest.mark.rule("sender-key")
def test_the_same_name_in_several_countries(sms, request_id):
    """A sender ID is identified by name and country, in every operation."""
    request_id("NEWS", "GB")
    request_id("NEWS", "DE")

    sms.update_sender_id(**pair("NEWS", "DE"), DeletionProtectionEnabled=True)
    sms.release_sender_id(**pair("NEWS", "GB"))

    (left,) = described(sms, pair("NEWS", "DE"))
    assert left["DeletionProtectionEnabled"] is True
    assert keys(described(sms)) == ["NEWS/DE"]


@pytest.mark.rule("sender-arn-format")
def test_the_form_of_the_arn(sms, request_id):
    """SenderIdArn ends in sender-id/, the name, a slash and the country code."""
    assert request_id()["SenderIdArn"] == f"{ARN}NEWS/GB"
    assert described(sms)[0]["SenderIdArn"] == f"{ARN}NEWS/GB"


@pytest.mark.parametrize("operation", ["request_sender_id", "set_default_sender_id"])
@pytest.mark.parametrize("name", ["", "TWELVE-CHARS", "A B", "A.B", "É"])
@pytest.mark.rule("sender-format-constraint")
def test_malformed_names_are_refused(sms, refused, operation, name):
    """A sender ID has 1 to 11 letters, digits, hyphens and, according to the model, underscores."""
    sms.create_configuration_set(ConfigurationSetName="news")
    others = {
        "request_sender_id": {"IsoCountryCode": "GB"},
        "set_default_sender_id": {"ConfigurationSetName": "news"},
    }

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["SenderId"]):
        getattr(sms, operation)(SenderId=name, **others[operation])


@pytest.mark.parametrize("name", ["A", "A-2", "ELEVENCHARS"])
@pytest.mark.rule("sender-format-constraint")
def test_well_formed_names_are_not_found(sms, request_id, name):
    """The shortest and the longest name, and all allowed characters."""
    sms.create_configuration_set(ConfigurationSetName="news")
    default = sms.set_default_sender_id(
        ConfigurationSetName="news", SenderId=name.replace("-", "_")
    )

    assert request_id(name)["SenderId"] == name
    assert default["SenderId"] == name.replace("-", "_")


@pytest.mark.parametrize("name", ["-NEWS", "NEWS-", "123", "1-2", "MY_NEWS", "-"])
@pytest.mark.rule("sender-request-format")
def test_invalid_names_cannot_be_requested(request_id, refused, name):
    """A name has letters, digits and hyphens: at least one letter, and no hyphen at either end."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["SenderId"]):
        request_id(name)


@pytest.mark.parametrize("name", ["A", "N3WS", "MY-NEWS", "1A"])
@pytest.mark.rule("sender-request-format")
def test_valid_names_can_be_requested(request_id, name):
    """A name can have letters, digits and hyphens inside."""
    assert request_id(name)["SenderId"] == name


@pytest.mark.rule("sender-request-france-dash")
def test_french_names_have_no_dash(sms, refused):
    """A dash is refused in France only."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["SenderId"]):
        sms.request_sender_id(SenderId="A-B", IsoCountryCode="FR")

    assert sms.request_sender_id(SenderId="AB", IsoCountryCode="FR")["SenderId"] == "AB"
    assert sms.request_sender_id(SenderId="A-B", IsoCountryCode="DE")["SenderId"] == "A-B"


@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.parametrize("country", ["SG", "IN", "AE"])
@pytest.mark.rule("sender-request-no-registration-countries")
def test_countries_that_require_registration(request_id, refused, country):
    """Sender IDs of these countries cannot be requested directly."""
    with refused(
        "ValidationException", "SENDER_ID_REQUIRES_REGISTRATION", fields=["IsoCountryCode"]
    ):
        request_id(country=country)


def test_automatic_registration_grants_the_request(sms, request_id):
    """With registrations="automatic" such a sender ID is granted as a registered one."""
    assert request_id(country="SG")["Registered"] is True
    assert described(sms)[0]["Registered"] is True


@pytest.mark.parametrize("country", ["US", "CA", "CU", "QQ"])
@pytest.mark.rule("sender-request-unsupported-country")
def test_countries_without_sender_ids_are_refused(request_id, refused, country):
    """The error is about the country."""
    with refused("ValidationException", "SENDER_ID_NOT_SUPPORTED", fields=["IsoCountryCode"]):
        request_id(country=country)


@pytest.mark.rule("sender-request-duplicate", "sender-case-insensitive")
@pytest.mark.parametrize("name", ["NEWS", "news"])
def test_a_name_can_be_requested_once(request_id, news, refused, name):
    """An existing sender ID, in any letter case, is refused."""
    with refused("ConflictException", "RESOURCE_ALREADY_EXISTS", about=news):
        request_id(name)


@pytest.mark.rule("sender-request-message-types-default")
@pytest.mark.parametrize("types", [{}, {"MessageTypes": []}])
def test_there_is_always_a_message_type(request_id, types):
    """Without MessageTypes, the answer still has at least one."""
    assert request_id(**types)["MessageTypes"] == ["TRANSACTIONAL", "PROMOTIONAL"]


def test_the_requested_message_types(request_id):
    """The sender ID has the requested message types."""
    assert request_id(MessageTypes=["PROMOTIONAL"])["MessageTypes"] == ["PROMOTIONAL"]


@pytest.mark.rule("sender-request-protection-default")
def test_a_sender_id_is_not_protected_by_default(request_id):
    """DeletionProtectionEnabled is false unless set."""
    assert request_id("A")["DeletionProtectionEnabled"] is False
    assert request_id("B", DeletionProtectionEnabled=True)["DeletionProtectionEnabled"] is True


@pytest.mark.rule("sender-request-unregistered")
def test_a_requested_sender_id_is_not_registered(sms, request_id):
    """It has Registered false and no RegistrationId."""
    for listed in (request_id(), described(sms)[0]):
        assert listed["Registered"] is False
        assert "RegistrationId" not in listed


@pytest.mark.pinpoint_sms(quotas="SENDER_IDS_PER_ACCOUNT=2")
@pytest.mark.rule("sender-request-quota")
def test_the_number_of_sender_ids_is_limited(request_id, refused):
    """The number of sender IDs per account is limited."""
    request_id("A")
    request_id("B")

    with refused("ServiceQuotaExceededException", "SENDER_IDS_PER_ACCOUNT"):
        request_id("C")


@pytest.mark.rule("sender-request-quota")
def test_the_default_quota_is_200(account):
    """The user guide gives 200 sender IDs."""
    assert account.quota("SENDER_IDS_PER_ACCOUNT") == 200


@pytest.mark.rule("sender-request-idempotent")
def test_the_same_token_gets_the_first_answer(sms, request_id):
    """Repeating a request with its ClientToken is not a conflict."""
    first, second = request_id(ClientToken="once"), request_id(ClientToken="once")

    del first["ResponseMetadata"], second["ResponseMetadata"]
    assert first == second
    assert keys(described(sms)) == ["NEWS/GB"]


@pytest.mark.rule("sender-case-insensitive")
def test_letter_case_does_not_matter(sms, request_id):
    """Names are compared without letter case and returned in upper case."""
    assert request_id("MyNews")["SenderId"] == "MYNEWS"
    assert keys(described(sms, pair("mynews"))) == ["MYNEWS/GB"]
    assert sms.update_sender_id(**pair("myNEWS"))["SenderId"] == "MYNEWS"
    assert sms.release_sender_id(**pair("mynews"))["SenderId"] == "MYNEWS"


@newer
@pytest.mark.rule("sender-case-insensitive")
def test_letter_case_does_not_matter_in_an_arn(sms, request_id):
    """The ARN with the name as it was requested is valid, too."""
    kept = request_id("MyNews")["SenderIdArn"]
    arn = f"{ARN}MyNews/GB"

    pool = sms.create_pool(
        OriginationIdentity=arn, IsoCountryCode="GB", MessageType="TRANSACTIONAL"
    )
    sent = sms.send_text_message(
        DestinationPhoneNumber="+447700900123", OriginationIdentity=arn, MessageBody="Hello"
    )

    assert keys(described(sms, pair(arn))) == ["MYNEWS/GB"]
    assert sms.list_tags_for_resource(ResourceArn=arn)["ResourceArn"] == kept
    assert pool["PoolId"]
    assert sent["MessageId"]


# Describe.


@pytest.mark.rule("sender-describe-all")
def test_all_sender_ids_are_described(sms, request_id):
    """Without SenderIds or filters all sender IDs of the account are returned."""
    for name in ("B", "A"):
        request_id(name)

    assert keys(described(sms)) == ["B/GB", "A/GB"]


@pytest.mark.rule("sender-describe-by-id")
def test_only_the_named_sender_ids_are_described(sms, request_id):
    """SenderIds restrict the result."""
    for name, country in (("A", "GB"), ("A", "DE"), ("B", "GB")):
        request_id(name, country)

    assert keys(described(sms, pair("A", "DE"), pair("A", "GB"))) == ["A/GB", "A/DE"]


@pytest.mark.parametrize("missing", ["SenderId", "IsoCountryCode"])
@pytest.mark.rule("sender-describe-by-id")
def test_name_and_country_are_required(sms, news, refused, missing):
    """An entry of SenderIds needs both members."""
    members = pair(news.id)
    del members[missing]

    with refused("ValidationException", "MISSING_PARAMETER", fields=["SenderIds"]):
        described(sms, members)


@pytest.mark.parametrize("unknown", [pair("OLD"), pair("NEWS", "DE"), pair(f"{ARN}OLD/GB")])
@pytest.mark.rule("sender-describe-unknown")
def test_one_unknown_sender_id_fails_the_whole_call(sms, news, refused, unknown):
    """An entry that matches no sender ID is refused."""
    plain = unknown["SenderId"].removeprefix(ARN)

    with refused("ResourceNotFoundException", about=("sender-id", plain)):
        described(sms, pair(news.id), unknown)


@pytest.mark.rule("sender-describe-id-limit")
def test_at_most_five_sender_ids_are_accepted(sms, request_id, refused):
    """SenderIds holds at most 5 entries."""
    names = ["A", "B", "C", "D", "E", "F"]
    for name in names:
        request_id(name)

    assert len(described(sms, *(pair(name) for name in names[:5]))) == 5
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["SenderIds"]):
        described(sms, *(pair(name) for name in names))


@pytest.mark.rule("sender-describe-arn")
def test_a_sender_id_can_be_named_by_its_arn(sms, news):
    """SenderId may also be an ARN."""
    by_arn = pair(news.arn)

    assert keys(described(sms, by_arn)) == ["NEWS/GB"]
    assert sms.update_sender_id(**by_arn)["SenderId"] == "NEWS"
    assert sms.release_sender_id(**by_arn)["SenderId"] == "NEWS"


@pytest.mark.parametrize("operation", ["describe", "update", "release"])
@pytest.mark.rule("sender-describe-arn-country")
def test_the_country_of_an_arn_must_match(sms, news, refused, operation):
    """An ARN whose country disagrees with IsoCountryCode is refused."""
    members = pair(news.arn, "DE")
    field = "SenderIds" if operation == "describe" else "IsoCountryCode"

    with refused("ValidationException", "COUNTRY_CODE_MISMATCH", fields=[field]):
        if operation == "describe":
            described(sms, members)
        else:
            getattr(sms, f"{operation}_sender_id")(**members)


@pytest.mark.rule("proto-arn-wrong-kind")
def test_an_arn_of_another_kind_is_refused(sms, number, refused):
    """The ARN of a phone number is not a sender ID's."""
    with refused("ValidationException", "INVALID_ARN", fields=["SenderIds"]):
        described(sms, pair(number.arn))
    with refused("ValidationException", "INVALID_ARN", fields=["SenderId"]):
        sms.update_sender_id(**pair(number.arn))


@pytest.fixture
def assorted(sms, request_id):
    """Three sender IDs that differ in all settings."""
    request_id("A", "GB", MessageTypes=["TRANSACTIONAL"])
    request_id("A", "DE", MessageTypes=["PROMOTIONAL"], DeletionProtectionEnabled=True)
    request_id("B", "SG", MessageTypes=["TRANSACTIONAL", "PROMOTIONAL"])


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        pytest.param(name, values, expected, marks=pytest.mark.rule(rule))
        for rule, name, values, expected in [
            ("sender-filter-id", "sender-id", ["A"], ["A/GB", "A/DE"]),
            ("sender-filter-id", "sender-id", ["B", "C"], ["B/SG"]),
            ("sender-filter-country", "iso-country-code", ["DE"], ["A/DE"]),
            ("sender-filter-country", "iso-country-code", ["GB", "SG"], ["A/GB", "B/SG"]),
            ("sender-filter-message-type", "message-type", ["PROMOTIONAL"], ["A/DE", "B/SG"]),
            ("sender-filter-message-type", "message-type", ["TRANSACTIONAL"], ["A/GB", "B/SG"]),
            ("sender-filter-protection", "deletion-protection-enabled", ["true"], ["A/DE"]),
            (
                "sender-filter-protection",
                "deletion-protection-enabled",
                ["false"],
                ["A/GB", "B/SG"],
            ),
            ("sender-filter-registered", "registered", ["true"], ["B/SG"]),
            ("sender-filter-registered", "registered", ["false"], ["A/GB", "A/DE"]),
        ]
    ],
)
@pytest.mark.usefixtures("assorted")
def test_filters_match_their_member(sms, name, values, expected):
    """A filter compares its member with any of its values."""
    assert found(sms, name, *values) == expected


@pytest.mark.parametrize("name", ["deletion-protection-enabled", "registered"])
@pytest.mark.rule("sender-filter-registered")
def test_a_boolean_filter_takes_true_or_false(sms, news, refused, name):
    """A filter by a flag takes true or false and nothing else."""
    assert found(sms, name, "false") == [news.key]
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        found(sms, name, "no")


@pytest.mark.rule("sender-filter-id", "sender-case-insensitive")
def test_a_filter_by_name_in_any_letter_case(sms, news):
    """The filter ignores letter case, too."""
    assert found(sms, "sender-id", "news") == [news.key]


@newer
@pytest.mark.rule("sender-describe-owner")
def test_owner_and_sender_ids_exclude_each_other(sms, news, refused):
    """Owner cannot be combined with SenderIds."""
    assert keys(described(sms, Owner="SELF")) == [news.key]
    assert described(sms, Owner="SHARED") == []
    with refused(
        "ValidationException", "PARAMETERS_CANNOT_BE_USED_TOGETHER", fields=["Owner", "SenderIds"]
    ):
        described(sms, pair(news.id), Owner="SELF")


@newer
@pytest.mark.rule("sender-describe-owner", "sender-describe-arn")
def test_a_shared_sender_id(sms, client, news, refused):
    """Owner selects shared sender IDs, which are found by ARN; only their owner releases them."""
    friend = client("210987654321")
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": "210987654321"},
        "Action": "sms-voice:*",
        "Resource": "*",
    }
    text = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sms.put_resource_policy(ResourceArn=news.arn, Policy=text)

    assert keys(described(friend, Owner="SHARED")) == [news.key]
    assert described(friend, Owner="SELF") == []
    assert keys(described(friend, pair(news.arn))) == [news.key]
    assert keys(described(friend, pair(f"{ARN}News/GB"))) == [news.key]
    with refused("ResourceNotFoundException", about=("sender-id", news.id)):
        described(friend, pair(news.id))
    with refused("ResourceNotFoundException", about=("sender-id", news.key)):
        friend.release_sender_id(**pair(news.arn))


@pytest.mark.rule("sender-describe-members")
def test_the_members_of_an_entry(sms, request_id):
    """ARN, id, country, types, price, protection and Registered are always returned."""
    request_id()

    (entry,) = described(sms)
    assert entry.keys() - LATER == ALWAYS
    assert entry["MonthlyLeasingPrice"] == "0.00"


@pytest.mark.rule("sender-describe-members")
def test_a_registered_sender_id_has_its_registration(sms, account, request_id):
    """RegistrationId is returned if there is one."""
    request_id()
    account.sender_ids["NEWS/GB"].registration_id = "registration-1"

    (entry,) = described(sms)
    assert entry.keys() - LATER == ALWAYS | {"RegistrationId"}


@pytest.mark.since("1.44.5")
@pytest.mark.rule("sender-describe-limits")
def test_rate_and_tier(sms, request_id):
    """A sender ID has MessagingLimits and PricingTier, too."""
    request_id()

    (entry,) = described(sms)
    assert entry["MessagingLimits"] == {"RateLimits": {"SMS": 10}}
    assert entry["PricingTier"] == "STANDARD"


# Update.


@pytest.mark.rule("sender-update-protection")
def test_only_the_protection_changes(sms, request_id):
    """UpdateSenderId changes only DeletionProtectionEnabled, and returns the whole sender ID."""
    made = request_id(Tags=[{"Key": "team", "Value": "a"}])

    updated = sms.update_sender_id(**pair(), DeletionProtectionEnabled=True)

    assert updated.keys() - {"ResponseMetadata"} == ALWAYS
    for name in ALWAYS - {"DeletionProtectionEnabled"}:
        assert updated[name] == made[name]
    assert updated["DeletionProtectionEnabled"] is True
    assert sms.update_sender_id(**pair())["DeletionProtectionEnabled"] is True


@pytest.mark.parametrize("operation", ["update_sender_id", "release_sender_id"])
@pytest.mark.parametrize("unknown", [pair("OLD"), pair("NEWS", "DE")])
@pytest.mark.rule("sender-update-unknown")
def test_an_unknown_sender_id_is_refused(sms, news, refused, operation, unknown):
    """The combination of name and country must exist."""
    assert news.id == "NEWS"
    with refused("ResourceNotFoundException", about=("sender-id", unknown["SenderId"])):
        getattr(sms, operation)(**unknown)


@pytest.fixture
def pooled(sms, news):
    """A sender ID in a pool."""
    sms.create_pool(OriginationIdentity=news.id, IsoCountryCode="GB", MessageType="TRANSACTIONAL")
    return news


@pytest.mark.rule("sender-update-no-conflict")
def test_a_sender_id_in_a_pool_can_be_updated(sms, pooled):
    """UpdateSenderId declares no ConflictException."""
    declared = sms.meta.service_model.operation_model("UpdateSenderId").error_shapes

    updated = sms.update_sender_id(**pair(pooled.id), DeletionProtectionEnabled=True)

    assert "ConflictException" not in {shape.name for shape in declared}
    assert updated["DeletionProtectionEnabled"] is True


# Release.


@pytest.mark.rule("sender-release-protected")
def test_a_protected_sender_id_cannot_be_released(sms, news, refused):
    """A sender ID with deletion protection cannot be released."""
    sms.update_sender_id(**pair(), DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=news):
        sms.release_sender_id(**pair())


@pytest.mark.rule("sender-release-in-pool")
def test_a_sender_id_in_a_pool_cannot_be_released(sms, pooled, refused):
    """A sender ID that belongs to any pool cannot be released."""
    with refused("ConflictException", "SENDER_ID_ASSOCIATED_TO_POOL", about=pooled):
        sms.release_sender_id(**pair())


@pytest.mark.rule("sender-release-in-pool")
def test_a_sender_id_in_one_of_two_pools_cannot_be_released(sms, pooled, refused):
    """After it has left one pool, it is still in the other."""
    second = sms.create_pool(
        OriginationIdentity=pooled.id, IsoCountryCode="GB", MessageType="TRANSACTIONAL"
    )
    sms.delete_pool(PoolId=second["PoolId"])

    with refused("ConflictException", "SENDER_ID_ASSOCIATED_TO_POOL", about=pooled):
        sms.release_sender_id(**pair())


@pytest.mark.rule("sender-release-response")
def test_members_of_the_answer_of_a_release(sms, request_id):
    """The answer has ARN, id, country, types, price and Registered, without the protection."""
    made = request_id()

    released = sms.release_sender_id(**pair())

    expected = ALWAYS - {"DeletionProtectionEnabled"}
    assert released.keys() - {"ResponseMetadata"} == expected
    assert all(released[name] == made[name] for name in expected)


@pytest.mark.rule("sender-release-gone")
def test_a_released_sender_id_is_unknown(sms, news, refused):
    """A released sender ID is unknown afterwards."""
    sms.release_sender_id(**pair())

    assert described(sms) == []
    with refused("ResourceNotFoundException", about=news):
        described(sms, pair())


@pytest.mark.pinpoint_sms(transition_seconds=120)
@pytest.mark.rule("sender-request-after-release")
def test_a_released_sender_id_can_be_requested_after_a_while(sms, emulator, request_id, refused):
    """Until the release has settled, the request is refused."""
    request_id()
    sms.release_sender_id(**pair())
    emulator.clock.advance(seconds=119)

    with refused("ValidationException", "SENDER_ID_REQUIRES_REGISTRATION", fields=["SenderId"]):
        request_id()
    request_id(country="DE")
    emulator.clock.advance(seconds=1)
    request_id()

    assert keys(described(sms)) == ["NEWS/DE", "NEWS/GB"]


def test_without_a_transition_time_a_release_settles_at_once(sms, request_id):
    """It can be requested again immediately."""
    for _ in range(2):
        request_id()
        sms.release_sender_id(**pair())

    assert described(sms) == []


@newer
@pytest.mark.rule("sender-release-in-pool")
def test_a_sender_id_in_the_pool_of_another_account(sms, client, news, refused):
    """It cannot be released until the other account has removed it."""
    friend = client("210987654321")
    statement = {"Effect": "Allow", "Principal": "210987654321", "Action": "sms-voice:*"}
    sms.put_resource_policy(ResourceArn=news.arn, Policy=json.dumps({"Statement": statement}))
    friend.create_pool(
        OriginationIdentity=news.arn, IsoCountryCode="GB", MessageType="TRANSACTIONAL"
    )

    with refused("ConflictException", "SENDER_ID_ASSOCIATED_TO_POOL", about=news):
        sms.release_sender_id(SenderId=news.id, IsoCountryCode="GB")
