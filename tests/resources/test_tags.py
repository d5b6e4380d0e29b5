"""Tags: keys and values of every resource with an ARN."""

import pytest

from pinpoint_sms_emu.wire.model import service_model

NUMBER = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS"],
    "NumberType": "LONG_CODE",
}
START = "arn:aws:sms-voice:us-east-1:123456789012"


def pairs(tags):
    """A mapping as a list of tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def tags_of(sms, arn):
    """The tags of a resource as a mapping."""
    listed = sms.list_tags_for_resource(ResourceArn=arn)["Tags"]
    tags = {each["Key"]: each["Value"] for each in listed}
    assert len(tags) == len(listed)
    return tags


def many(count):
    """Return this number of tags."""
    return {f"key-{index}": "value" for index in range(count)}


@pytest.fixture
def arn(sms):
    """A resource without tags."""
    return sms.create_opt_out_list(OptOutListName="Ours")["OptOutListArn"]


@pytest.fixture
def creations(sms, lease):
    """The operations that take tags, with the member that has the new resource's ARN."""
    numbers = iter([lease(), lease()])

    def create_pool(**members):
        identity = next(numbers)
        return sms.create_pool(
            OriginationIdentity=identity.id,
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            **members,
        )

    return {
        "PoolArn": create_pool,
        "OptOutListArn": lambda **members: sms.create_opt_out_list(
            OptOutListName="Theirs", **members
        ),
        "ConfigurationSetArn": lambda **members: sms.create_configuration_set(
            ConfigurationSetName="Set", **members
        ),
        "PhoneNumberArn": lambda **members: sms.request_phone_number(**NUMBER, **members),
    }


@pytest.fixture
def calls(sms):
    """The three operations, as functions of an ARN."""
    return [
        lambda arn: sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "blue"})),
        lambda arn: sms.untag_resource(ResourceArn=arn, TagKeys=["team"]),
        lambda arn: sms.list_tags_for_resource(ResourceArn=arn),
    ]


@pytest.mark.rule("tag-adds", "tag-overwrites", "tag-key-unique")
def test_tags_are_added(sms, arn):
    """Tags are added, and values of existing keys are replaced."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "blue", "stage": "test"}))

    sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "red", "owner": "me"}))

    assert tags_of(sms, arn) == {"team": "red", "stage": "test", "owner": "me"}


@pytest.mark.rule("tag-duplicate-in-request")
def test_duplicate_keys_are_refused(sms, refused, arn, creations):
    """The same key twice in one request is refused."""
    twice = pairs({"team": "blue"}) * 2

    with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=twice)
    for create in creations.values():
        with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
            create(Tags=twice)


@pytest.mark.rule("tag-max-50")
def test_a_resource_has_at_most_50_tags(sms, refused, arn):
    """Existing tags count; if there are too many, none is added."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs(many(49)))

    with refused("ServiceQuotaExceededException", "TAGS_PER_RESOURCE"):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({"one": "1", "two": "2"}))
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"key-1": "changed", "one": "1"}))
    assert len(tags_of(sms, arn)) == 50
    with refused("ServiceQuotaExceededException", "TAGS_PER_RESOURCE"):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({"two": "2"}))


@pytest.mark.rule("tag-max-on-create")
def test_a_new_resource_has_at_most_50_tags(sms, refused, creations):
    """Otherwise nothing is created."""
    for arn, create in creations.items():
        with refused("ServiceQuotaExceededException", "TAGS_PER_RESOURCE"):
            create(Tags=pairs(many(51)))
        if arn != "PoolArn":
            assert tags_of(sms, create(Tags=pairs(many(50)))[arn]) == many(50)
    assert sms.describe_pools()["Pools"] == []


@pytest.mark.rule("tag-list-max-200")
@pytest.mark.pinpoint_sms(quotas="TAGS_PER_RESOURCE=1000")
def test_a_request_has_at_most_200_tags(sms, refused, arn, creations):
    """A request carries at most 200 tags."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=pairs(many(201)))
    for create in creations.values():
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Tags"]):
            create(Tags=pairs(many(201)))

    sms.tag_resource(ResourceArn=arn, Tags=pairs(many(200)))
    assert tags_of(sms, arn) == many(200)
    for name, create in creations.items():
        assert tags_of(sms, create(Tags=pairs(many(200)))[name]) == many(200)


@pytest.mark.rule("tag-resource-nonempty", "tag-untag-nonempty")
def test_tags_and_keys_are_required(sms, refused, arn):
    """TagResource needs at least one tag; TagKeys has 1 to 200 entries."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=[])
    for keys in ([], ["key"] * 201):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TagKeys"]):
            sms.untag_resource(ResourceArn=arn, TagKeys=keys)
    sms.untag_resource(ResourceArn=arn, TagKeys=["key"])
    sms.untag_resource(ResourceArn=arn, TagKeys=["key"] * 200)


@pytest.mark.rule("tag-key-length")
def test_the_length_of_a_key(sms, refused, arn):
    """A key has 1 to 128 characters."""
    for key in ("k", "k" * 128):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({key: "value"}))
        sms.untag_resource(ResourceArn=arn, TagKeys=[key])
    for key in ("", "k" * 129):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Tags"]):
            sms.tag_resource(ResourceArn=arn, Tags=pairs({key: "value"}))
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["TagKeys"]):
            sms.untag_resource(ResourceArn=arn, TagKeys=[key])


@pytest.mark.rule("tag-value-length")
def test_the_length_of_a_value(sms, refused, arn):
    """A value has 0 to 256 characters; it is required, but may be empty."""
    for value in ("", "v" * 256):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({"key": value}))
        assert tags_of(sms, arn) == {"key": value}
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({"key": "v" * 257}))
    with refused("ValidationException", "MISSING_PARAMETER", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=[{"Key": "key"}])


@pytest.mark.rule("tag-alphabet")
@pytest.mark.parametrize("text", ["a;b", "a,b", "50 %", "a\tb", "<b>", "a\u2028", "*"])
def test_invalid_characters_are_refused(sms, refused, arn, text):
    """Tags have letters, digits and spaces of any language and _ . : / = + - @ only."""
    fine = {"Überschrift 1_.:/=+-@": "日本 ٣"}
    for wrong in ({text: "value"}, {"key": text}):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
            sms.tag_resource(ResourceArn=arn, Tags=pairs(wrong))
        with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
            sms.create_opt_out_list(OptOutListName="new", Tags=pairs(wrong))

    sms.tag_resource(ResourceArn=arn, Tags=pairs(fine))
    assert tags_of(sms, arn) == fine


@pytest.mark.rule("tag-case-sensitive")
def test_letter_case_matters(sms, arn):
    """Keys that differ in letter case are different."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "blue", "Team": "red"}))
    assert tags_of(sms, arn) == {"team": "blue", "Team": "red"}

    sms.untag_resource(ResourceArn=arn, TagKeys=["TEAM", "Team"])
    assert tags_of(sms, arn) == {"team": "blue"}


@pytest.mark.rule("tag-reserved-prefix")
@pytest.mark.parametrize("key", ["aws:team", "AWS:team", "aws:"])
def test_the_prefix_aws_is_reserved(sms, refused, arn, creations, key):
    """Keys that begin with aws: are refused, also at creation."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({key: "blue"}))
    for create in creations.values():
        with refused("ValidationException", "INVALID_PARAMETER", fields=["Tags"]):
            create(Tags=pairs({key: "blue"}))
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"awsteam": "blue"}))


@pytest.mark.rule("tag-response-empty")
def test_answers_of_tagging_are_empty(sms, arn):
    """The answer is an empty object."""
    tagged = sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "blue"}))
    untagged = sms.untag_resource(ResourceArn=arn, TagKeys=["team"])

    assert tagged.keys() == untagged.keys() == {"ResponseMetadata"}


@pytest.mark.rule("tag-unknown-resource")
@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("pool", "pool-00000000000000000000000000000000"),
        ("phone-number", "phone-00000000000000000000000000000000"),
        ("sender-id", "NOBODY/GB"),
        ("opt-out-list", "Nobody"),
        ("configuration-set", "Nobody"),
    ],
)
def test_an_unknown_resource_is_refused(refused, calls, kind, name):
    """The error has the resource type in the ARN."""
    for call in calls:
        with refused("ResourceNotFoundException", about=(kind, name)):
            call(f"{START}:{kind}/{name}")


@pytest.mark.rule("tag-bad-arn")
@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:sns:us-east-1:123456789012:pool/pool-1",
        "arn:aws:sms-voice:eu-west-1:123456789012:pool/pool-1",
        "arn:aws-cn:sms-voice:us-east-1:123456789012:pool/pool-1",
        "arn:aws:sms-voice:us-east-1:123456789012:nothing/of-ours",
        "arn:of-nothing-at-all",
    ],
)
def test_an_arn_of_another_service_or_region_is_refused(refused, calls, arn):
    """ResourceArn must be an ARN of this service and Region."""
    for call in calls:
        with refused("ValidationException", "INVALID_ARN", fields=["ResourceArn"]):
            call(arn)


@pytest.mark.since("1.43.11")
@pytest.mark.rule("tag-bad-arn", "tag-arn-length")
@pytest.mark.parametrize(
    "arn", ["pool-00000000000000000000", "arn:" + "x" * 15, "arn:" + "x" * 253, f"{START}:list/a b"]
)
def test_malformed_arns_are_refused(sms, refused, calls, arn):
    """ResourceArn has 20 to 256 letters, digits and the characters _ : / and -."""
    calls += [
        lambda arn: sms.put_resource_policy(ResourceArn=arn, Policy="{}"),
        lambda arn: sms.get_resource_policy(ResourceArn=arn),
        lambda arn: sms.delete_resource_policy(ResourceArn=arn),
    ]
    for call in calls:
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["ResourceArn"]):
            call(arn)


@pytest.mark.rule("tag-taggable-launch")
def test_the_first_kinds_that_can_be_tagged(sms, pool, number, sender_id, arn):
    """Phone numbers, sender IDs, pools, opt-out lists and configuration sets can be tagged."""
    made = sms.create_configuration_set(ConfigurationSetName="Set")["ConfigurationSetArn"]

    for each in (number.arn, sender_id.arn, pool.arn, arn, made):
        sms.tag_resource(ResourceArn=each, Tags=pairs({"for": each[:64]}))

        assert tags_of(sms, each) == {"for": each[:64]}


@pytest.mark.since("1.44.5")
@pytest.mark.rule("tag-taggable-later")
def test_later_kinds_that_can_be_tagged(sms):
    """Registrations, attachments, verified numbers, agents, protect and notify configurations."""
    registration = sms.create_registration(RegistrationType="US_TOLL_FREE_REGISTRATION")
    attachment = sms.create_registration_attachment(AttachmentBody=b"%PDF-1.4")
    verified = sms.create_verified_destination_number(DestinationPhoneNumber="+14255550100")
    notify = sms.create_notify_configuration(
        DisplayName="Acme", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
    )
    arns = [
        registration["RegistrationArn"],
        attachment["RegistrationAttachmentArn"],
        verified["VerifiedDestinationNumberArn"],
        sms.create_protect_configuration()["ProtectConfigurationArn"],
        sms.create_rcs_agent()["RcsAgentArn"],
        notify["NotifyConfigurationArn"],
    ]

    for each in arns:
        sms.tag_resource(ResourceArn=each, Tags=pairs({"for": each[:64]}))

        assert tags_of(sms, each) == {"for": each[:64]}


@pytest.mark.rule("tag-untag-removes", "tag-untag-missing")
def test_tags_are_removed(sms, arn):
    """Only the given keys are removed; unknown keys are ignored."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"team": "blue", "stage": "test"}))

    sms.untag_resource(ResourceArn=arn, TagKeys=["team", "nothing"])
    sms.untag_resource(ResourceArn=arn, TagKeys=["team"])

    assert tags_of(sms, arn) == {"stage": "test"}


@pytest.mark.rule("tag-list-response", "tag-list-not-paginated")
def test_tags_are_listed_in_one_page(sms, arn):
    """The answer repeats ResourceArn and has all tags, without pages."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs(many(50)))

    listed = sms.list_tags_for_resource(ResourceArn=arn)

    assert listed["ResourceArn"] == arn
    assert listed["Tags"] == pairs(many(50))
    assert listed.keys() == {"ResourceArn", "Tags", "ResponseMetadata"}
    assert service_model().shapes["ListTagsForResourceRequest"]["members"].keys() == {"ResourceArn"}


@pytest.mark.rule("tag-create-visible")
def test_tags_given_at_creation_are_listed(sms, creations):
    """Tags given at creation are listed afterwards."""
    for name, create in creations.items():
        made = create(Tags=pairs({"team": "blue"}))

        assert tags_of(sms, made[name]) == {"team": "blue"}


@pytest.mark.rule("tag-removed-with-resource")
def test_tags_are_deleted_with_their_resource(sms, refused, pool, number, arn, calls):
    """After a resource is deleted, its ARN is unknown to the tag operations."""
    made = sms.create_configuration_set(ConfigurationSetName="Set")["ConfigurationSetArn"]
    everything = [pool.arn, number.arn, arn, made]
    for each in everything:
        sms.tag_resource(ResourceArn=each, Tags=pairs({"team": "blue"}))

    sms.delete_pool(PoolId=pool.id)
    sms.release_phone_number(PhoneNumberId=number.id)
    sms.delete_opt_out_list(OptOutListName="Ours")
    sms.delete_configuration_set(ConfigurationSetName="Set")

    for each in everything:
        kind, _, name = each.rpartition(":")[2].partition("/")
        for call in calls:
            with refused("ResourceNotFoundException", about=(kind, name)):
                call(each)
    again = sms.create_opt_out_list(OptOutListName="Ours")["OptOutListArn"]
    assert tags_of(sms, again) == {}


@pytest.mark.pinpoint_sms(quotas="TAGS_PER_RESOURCE=1")
@pytest.mark.rule("tag-resource-quota-declared")
def test_only_tag_resource_has_a_quota(sms, emulator, refused, arn):
    """Only TagResource can be refused for the number of tags."""
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"a": "1"}))
    emulator.restore(emulator.snapshot())

    with refused("ServiceQuotaExceededException", "TAGS_PER_RESOURCE"):
        sms.tag_resource(ResourceArn=arn, Tags=pairs({"b": "2"}))
    assert tags_of(sms, arn) == {"a": "1"}
    sms.untag_resource(ResourceArn=arn, TagKeys=["b"])
    sms.tag_resource(ResourceArn=arn, Tags=pairs({"a": "3"}))
    assert tags_of(sms, arn) == {"a": "3"}


@pytest.mark.rule("tag-not-taggable")
@pytest.mark.parametrize("tail", ["event-destination/Set/All", "keyword/HELP"])
def test_event_destinations_and_keywords_cannot_be_tagged(refused, calls, tail):
    """They have no ARN."""
    shapes = service_model().shapes
    for shape in ("EventDestination", "KeywordInformation"):
        assert f"{shape.removesuffix('Information')}Arn" not in shapes[shape]["members"]

    for call in calls:
        with refused("ValidationException", "INVALID_ARN", fields=["ResourceArn"]):
            call(f"{START}:{tail}")
