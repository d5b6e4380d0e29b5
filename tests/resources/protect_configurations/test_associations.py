"""The sets that a protect configuration is associated with, and the account's default."""

import pytest

from tests.resources.protect_configurations.calls import content, described


def protected_by(sms, name="news"):
    """The protect configuration that a set shows."""
    (found,) = sms.describe_configuration_sets(ConfigurationSetNames=[name])["ConfigurationSets"]
    return found.get("ProtectConfigurationId")


def account_default(sms):
    """The default that the account's attributes show."""
    found = sms.describe_account_attributes()["AccountAttributes"]
    values = {each["Name"]: each["Value"] for each in found}
    return values.get("DEFAULT_PROTECT_CONFIGURATION_ID")


@pytest.mark.rule("protect-default-delete-config", "protect-update-response")
def test_a_configuration_nothing_uses_can_be_deleted(sms, make, configuration_set):
    """No longer default, associated or protected, it can be deleted; the answer has no tags."""
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
    """Associating replaces the set's protect configuration, of which it has one at most."""
    first, second = make(), make()
    associate(first)
    before = protected_by(sms)

    associate(second)

    assert [before, protected_by(sms, configuration_set.name)] == [first.id, second.id]
    sms.delete_protect_configuration(ProtectConfigurationId=first.id)


@pytest.mark.rule("protect-associate-repeat")
def test_association_again(sms, configuration, configuration_set, associate):
    """Associating the pair that is already associated succeeds."""
    first = associate(configuration, configuration_set.name)

    again = associate(configuration, configuration_set.name)

    assert content(again) == content(first)
    assert protected_by(sms) == configuration.id


@pytest.mark.rule("protect-associate-many-sets")
def test_one_configuration_for_several_sets(sms, configuration, configuration_set, associate):
    """A protect configuration may serve several configuration sets."""
    sms.create_configuration_set(ConfigurationSetName="other")

    for name in (configuration_set.name, "other"):
        associate(configuration, name)

    assert protected_by(sms) == protected_by(sms, "other") == configuration.id


@pytest.mark.rule("protect-associate-response", "protect-disassociate")
def test_association_and_its_end(sms, configuration, configuration_set):
    """The answer names both by ARN and by name or ID; afterwards the set has none."""
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
def test_the_end_of_what_is_not(
    sms, make, configuration, configuration_set, associate, refused, has_another
):
    """A pair that is not associated is refused, also if the set has another one."""
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
def test_one_account_default(sms, make):
    """The configuration becomes the default, shown by both operations; another replaces it."""
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
def test_no_account_default_any_more(sms, configuration):
    """The answer names the former default; the configuration itself stays."""
    sms.set_account_default_protect_configuration(ProtectConfigurationId=configuration.id)

    answer = sms.delete_account_default_protect_configuration()

    assert content(answer) == {
        "DefaultProtectConfigurationArn": configuration.arn,
        "DefaultProtectConfigurationId": configuration.id,
    }
    assert account_default(sms) is None
    assert [each["AccountDefault"] for each in described(sms)] == [False]


@pytest.mark.rule("protect-default-delete-none")
def test_no_account_default_to_delete(sms, configuration, refused):
    """Without a default the call is rejected."""
    with refused("ResourceNotFoundException", about=(configuration.kind, "default")):
        sms.delete_account_default_protect_configuration()
