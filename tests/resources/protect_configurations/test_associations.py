"""Associations with configuration sets, and the account default."""

import pytest

from tests.resources.protect_configurations.calls import content, described


def protected_by(sms, name="news"):
    """The protect configuration of a set."""
    (found,) = sms.describe_configuration_sets(ConfigurationSetNames=[name])["ConfigurationSets"]
    return found.get("ProtectConfigurationId")


def account_default(sms):
    """The default in the account's attributes."""
    found = sms.describe_account_attributes()["AccountAttributes"]
    values = {each["Name"]: each["Value"] for each in found}
    return values.get("DEFAULT_PROTECT_CONFIGURATION_ID")


@pytest.mark.rule("protect-default-delete-config", "protect-update-response")
def test_an_unused_configuration_can_be_deleted(sms, make, configuration_set):
    """It is neither default, associated nor protected; the answer has no tags."""
    configuration = make(DeletionProtectionEnabled=True, Tags=[{"Key": "a", "Value": "b"}])
    names = {
        "ProtectConfigurationId": configuration.id,
        "ConfigurationSetName": configuration_set.name,
    }
    sms.associate_protect_configuration(**names)
    sms.set_account_default_protect_configuration(ProtectConfigurationId=configuration.id)
    sms.update_protect_configuration(
        ProtectConfigurationId=configuration.id, DeletionProtectionEnabled=False
    )
    sms.disassociate_protect_configuration(**names)
    sms.delete_account_default_protect_configuration()
    (before,) = described(sms)

    deleted = sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)

    assert content(deleted) == before
    assert set(before) == {
        "ProtectConfigurationArn",
        "ProtectConfigurationId",
        "CreatedTimestamp",
        "AccountDefault",
        "DeletionProtectionEnabled",
    }


@pytest.mark.rule("protect-associate-replaces", "protect-associate-one-per-set")
def test_association_replaces(sms, make, configuration_set, associate):
    """A set has at most one protect configuration, which a new association replaces."""
    first, second = make(), make()
    associate(first)
    before = protected_by(sms)

    associate(second)

    assert [before, protected_by(sms, configuration_set.name)] == [first.id, second.id]
    sms.delete_protect_configuration(ProtectConfigurationId=first.id)


@pytest.mark.rule("protect-associate-repeat")
def test_repeating_an_association_succeeds(sms, configuration, configuration_set, associate):
    """Associating the pair that is already associated succeeds."""
    first = associate(configuration, configuration_set.name)

    again = associate(configuration, configuration_set.name)

    assert content(again) == content(first)
    assert protected_by(sms) == configuration.id


@pytest.mark.rule("protect-associate-many-sets")
def test_one_configuration_for_several_sets(sms, configuration, configuration_set, associate):
    """A protect configuration can be associated with several sets."""
    sms.create_configuration_set(ConfigurationSetName="other")

    for name in (configuration_set.name, "other"):
        associate(configuration, name)

    assert protected_by(sms) == protected_by(sms, "other") == configuration.id


@pytest.mark.rule("protect-associate-response", "protect-disassociate")
def test_association_and_disassociation(sms, configuration, configuration_set):
    """The answers have ARN and name or ID of both; afterwards the set has none."""
    expected = {
        "ConfigurationSetArn": configuration_set.arn,
        "ConfigurationSetName": configuration_set.name,
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
    }
    names = {
        "ProtectConfigurationId": configuration.arn,
        "ConfigurationSetName": configuration_set.arn,
    }

    answers = [
        sms.associate_protect_configuration(**names),
        sms.disassociate_protect_configuration(**names),
    ]

    assert [content(each) for each in answers] == [expected] * 2
    assert protected_by(sms) is None


@pytest.mark.rule("protect-disassociate-not-associated")
@pytest.mark.parametrize("has_another", [False, True])
def test_disassociating_another_configuration_is_refused(
    sms, make, configuration, configuration_set, associate, refused, has_another
):
    """This holds even if the set has a protect configuration."""
    if has_another:
        associate(make())

    with refused(
        "ConflictException",
        "PROTECT_CONFIGURATION_NOT_ASSOCIATED_WITH_CONFIGURATION_SET",
        about=configuration,
    ):
        sms.disassociate_protect_configuration(
            ProtectConfigurationId=configuration.id, ConfigurationSetName=configuration_set.name
        )


@pytest.mark.rule("protect-default-set", "protect-default-replaces")
def test_an_account_has_one_default(sms, make):
    """Both operations show it; another one replaces it."""
    configurations = [make(), make()]

    for configuration in configurations:
        answer = sms.set_account_default_protect_configuration(
            ProtectConfigurationId=configuration.arn
        )

        flags = {each["ProtectConfigurationId"]: each["AccountDefault"] for each in described(sms)}
        assert content(answer) == {
            "DefaultProtectConfigurationArn": configuration.arn,
            "DefaultProtectConfigurationId": configuration.id,
        }
        assert [each for each, default in flags.items() if default] == [configuration.id]
        assert account_default(sms) == configuration.id


@pytest.mark.rule("protect-default-delete")
def test_the_account_default_is_deleted(sms, configuration):
    """The answer has the former default; the configuration itself stays."""
    sms.set_account_default_protect_configuration(ProtectConfigurationId=configuration.id)

    answer = sms.delete_account_default_protect_configuration()

    assert content(answer) == {
        "DefaultProtectConfigurationArn": configuration.arn,
        "DefaultProtectConfigurationId": configuration.id,
    }
    assert account_default(sms) is None
    assert [each["AccountDefault"] for each in described(sms)] == [False]


@pytest.mark.rule("protect-default-delete-none")
def test_deleting_a_missing_account_default_is_refused(sms, configuration, refused):
    """Without a default the call is rejected."""
    with refused("ResourceNotFoundException", about=(configuration.kind, "default")):
        sms.delete_account_default_protect_configuration()
