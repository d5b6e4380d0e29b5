"""Protect configurations: created, described, updated, deleted."""

import pytest

from pinpoint_sms_emu.reference.countries import PROTECT_ISO_CODES
from tests.resources.protect_configurations.calls import (
    CAPABILITIES,
    OVERRIDES,
    SEATTLE,
    UNKNOWN,
    content,
    described,
    rules,
    set_rules,
)


def ids(found):
    """The ids of the described configurations."""
    return [each["ProtectConfigurationId"] for each in found]


BY_ID = {
    "associate_protect_configuration": {"ConfigurationSetName": "news"},
    "disassociate_protect_configuration": {"ConfigurationSetName": "news"},
    "delete_protect_configuration": {},
    "update_protect_configuration": {"DeletionProtectionEnabled": True},
    "get_protect_configuration_country_rule_set": {"NumberCapability": "SMS"},
    "update_protect_configuration_country_rule_set": {
        "NumberCapability": "SMS",
        "CountryRuleSetUpdates": {"US": {"ProtectStatus": "BLOCK"}},
    },
    "set_account_default_protect_configuration": {},
    "put_protect_configuration_rule_set_number_override": {
        "DestinationPhoneNumber": SEATTLE,
        "Action": "BLOCK",
    },
    "delete_protect_configuration_rule_set_number_override": {"DestinationPhoneNumber": SEATTLE},
    "list_protect_configuration_rule_set_number_overrides": {},
}


@pytest.mark.rule("protect-create-allow-all", "protect-rules-get")
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_everything_is_allowed_at_first(sms, configuration, capability):
    """A new configuration has the rule ALLOW for every supported country."""
    answer = sms.get_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id, NumberCapability=capability
    )

    assert content(answer) == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "NumberCapability": capability,
        "CountryRuleSet": {code: {"ProtectStatus": "ALLOW"} for code in PROTECT_ISO_CODES},
    }


@pytest.mark.rule("protect-create-defaults", "protect-create-response")
@pytest.mark.parametrize("members", [{}, {"DeletionProtectionEnabled": True}])
def test_members_of_the_answer_of_creation(sms, account, members):
    """The answer has ARN, ID, CreatedTimestamp, both flags (false by default) and tags."""
    tags = [{"Key": "team", "Value": "blue"}]

    made = content(sms.create_protect_configuration(Tags=tags, **members))

    configuration = account.protect_configurations[made["ProtectConfigurationId"]]
    created = made.pop("CreatedTimestamp")
    assert made == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "AccountDefault": False,
        "DeletionProtectionEnabled": members.get("DeletionProtectionEnabled", False),
        "Tags": tags,
    }
    assert abs((created - configuration.created_timestamp).total_seconds()) < 0.001
    assert configuration.arn == (
        f"arn:aws:sms-voice:us-east-1:123456789012:protect-configuration/{configuration.id}"
    )


@pytest.mark.rule("protect-create-name-tag")
def test_a_name_is_a_tag(sms, make):
    """There is no member for a name; it is a tag with the key Name."""
    tags = [{"Key": "Name", "Value": "Europe only"}]

    configuration = make(Tags=tags)

    assert sms.list_tags_for_resource(ResourceArn=configuration.arn)["Tags"] == tags
    assert "Name" not in described(sms)[0]


@pytest.mark.rule("protect-create-quota")
def test_an_account_has_at_most_25_configurations(make, refused):
    """Protect configurations per account are limited."""
    for _ in range(25):
        make()

    with refused("ServiceQuotaExceededException", "PROTECT_CONFIGURATIONS_PER_ACCOUNT"):
        make()


@pytest.mark.rule("protect-create-idempotent")
def test_creation_again_with_the_same_token(sms):
    """The same ClientToken and parameters return the first one."""
    first = sms.create_protect_configuration(ClientToken="once")

    again = sms.create_protect_configuration(ClientToken="once")

    assert content(again) == content(first)
    assert len(described(sms)) == 1


@pytest.mark.rule("protect-update", "protect-update-response")
def test_deletion_protection_is_updated(sms, configuration):
    """Nothing else can be updated; the answer has both flags and no tags."""
    (before,) = described(sms)

    for enabled in (True, False):
        answer = sms.update_protect_configuration(
            ProtectConfigurationId=configuration.id, DeletionProtectionEnabled=enabled
        )

        assert content(answer) == before | {"DeletionProtectionEnabled": enabled}
        assert described(sms) == [content(answer)]

    unchanged = sms.update_protect_configuration(ProtectConfigurationId=configuration.id)
    assert content(unchanged) == before


@pytest.mark.rule("protect-delete-protected")
def test_a_protected_configuration_cannot_be_deleted(sms, make, refused):
    """With deletion protection on it cannot be deleted."""
    configuration = make(DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=configuration):
        sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)


@pytest.mark.rule("protect-delete-account-default")
def test_the_account_default_cannot_be_deleted(sms, configuration, refused):
    """The account default cannot be deleted."""
    sms.set_account_default_protect_configuration(ProtectConfigurationId=configuration.id)

    with refused(
        "ConflictException", "PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT", about=configuration
    ):
        sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)


@pytest.mark.rule("protect-delete-associated")
def test_an_associated_configuration_cannot_be_deleted(
    sms, configuration, configuration_set, refused
):
    """One associated with a configuration set cannot be deleted."""
    sms.associate_protect_configuration(
        ProtectConfigurationId=configuration.id, ConfigurationSetName=configuration_set.name
    )

    with refused(
        "ConflictException",
        "PROTECT_CONFIGURATION_ASSOCIATED_WITH_CONFIGURATION_SET",
        about=configuration,
    ):
        sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)


@pytest.mark.rule("protect-delete-permanent")
@OVERRIDES
def test_rules_are_deleted_with_their_configuration(sms, configuration, refused):
    """Country rules and number overrides are deleted permanently."""
    set_rules(sms, configuration, US="BLOCK")
    sms.put_protect_configuration_rule_set_number_override(
        ProtectConfigurationId=configuration.id, DestinationPhoneNumber=SEATTLE, Action="BLOCK"
    )

    sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)

    assert described(sms) == []
    for read in (
        lambda: rules(sms, configuration),
        lambda: sms.list_protect_configuration_rule_set_number_overrides(
            ProtectConfigurationId=configuration.id
        ),
        lambda: described(sms, configuration.id),
    ):
        with refused("ResourceNotFoundException", about=configuration):
            read()


@pytest.mark.rule("protect-unknown")
@pytest.mark.parametrize("name", [UNKNOWN, "arn"])
@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=OVERRIDES) if "override" in each else each for each in BY_ID],
)
def test_an_unknown_configuration_is_refused(sms, configuration_set, refused, operation, name):
    """An unknown protect configuration ID or ARN is rejected."""
    arn = configuration_set.arn.replace(
        "configuration-set/news", f"protect-configuration/{UNKNOWN}"
    )

    with refused("ResourceNotFoundException", about=("protect-configuration", UNKNOWN)):
        getattr(sms, operation)(
            ProtectConfigurationId=arn if name == "arn" else name, **BY_ID[operation]
        )


@pytest.mark.rule("protect-unknown")
@pytest.mark.parametrize("operation", ["send_text_message", "send_voice_message"])
def test_sending_a_text_with_an_unknown_configuration_is_refused(sms, number, refused, operation):
    """A message that names an unknown protect configuration is rejected."""
    with refused("ResourceNotFoundException", about=("protect-configuration", UNKNOWN)):
        getattr(sms, operation)(
            DestinationPhoneNumber=SEATTLE,
            OriginationIdentity=number.id,
            MessageBody="Hello",
            ProtectConfigurationId=UNKNOWN,
        )


@pytest.mark.rule("protect-unknown")
def test_sending_an_mms_with_an_unknown_configuration_is_refused(sms, refused):
    """A picture that names an unknown protect configuration is rejected."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "MMS"],
        NumberType="LONG_CODE",
    )
    sms.describe_phone_numbers()

    with refused("ResourceNotFoundException", about=("protect-configuration", UNKNOWN)):
        sms.send_media_message(
            DestinationPhoneNumber=SEATTLE,
            OriginationIdentity=leased["PhoneNumberId"],
            MediaUrls=["s3://bucket/picture.png"],
            ProtectConfigurationId=UNKNOWN,
        )


@pytest.mark.rule("protect-describe")
def test_configurations_are_described(sms, make, refused):
    """At most 5 ids restrict the result; an unknown one fails the call."""
    made = [make() for _ in range(6)]
    names = [each.id for each in made]

    assert ids(described(sms)) == names
    assert ids(described(sms, names[2], made[4].arn)) == [names[2], names[4]]
    with refused("ResourceNotFoundException", about=("protect-configuration", UNKNOWN)):
        described(sms, names[0], UNKNOWN)
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["ProtectConfigurationIds"]
    ):
        described(sms, *names)


@pytest.mark.rule("protect-describe-empty")
def test_an_account_without_configurations(sms):
    """The answer is an empty list."""
    assert sms.describe_protect_configurations()["ProtectConfigurations"] == []


@pytest.mark.rule("protect-filter-default")
def test_filter_by_account_default(sms, make, refused):
    """Filter account-default takes true or false."""
    default, other = make(), make()
    sms.set_account_default_protect_configuration(ProtectConfigurationId=default.id)

    assert ids(described(sms, account_default=["true"])) == [default.id]
    assert ids(described(sms, account_default=["false"])) == [other.id]
    assert ids(described(sms, account_default=["true", "false"])) == [default.id, other.id]
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        described(sms, account_default=["yes"])


@pytest.mark.rule("protect-filter-protection")
def test_filter_by_deletion_protection(sms, make, refused):
    """Filter deletion-protection-enabled takes true or false."""
    protected, other = make(DeletionProtectionEnabled=True), make()

    assert ids(described(sms, deletion_protection_enabled=["true"])) == [protected.id]
    assert ids(described(sms, deletion_protection_enabled=["false"])) == [other.id]
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        described(sms, deletion_protection_enabled=["1"])


@pytest.mark.rule("protect-describe-any-filter")
def test_filters_are_alternatives(sms, make):
    """A configuration is returned if any of the filters matches."""
    default, protected, _neither = make(), make(DeletionProtectionEnabled=True), make()
    sms.set_account_default_protect_configuration(ProtectConfigurationId=default.id)

    found = described(sms, account_default=["true"], deletion_protection_enabled=["true"])

    assert ids(found) == [default.id, protected.id]
