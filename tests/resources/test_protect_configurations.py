"""Protect configurations: to which countries messages may go, and which sets they protect."""

import datetime as dt

import pytest

from pinpoint_sms_emu.errors import ResourceNotFoundException
from pinpoint_sms_emu.reference.countries import SERVED_ISO_CODES
from pinpoint_sms_emu.resources.protect_configurations import protect_decision
from pinpoint_sms_emu.resources.spend_limits import spent_this_month
from pinpoint_sms_emu.service.destinations import find_destination

CAPABILITIES = ["SMS", "VOICE", "MMS", pytest.param("RCS", marks=pytest.mark.since("1.44.5"))]
# botocore knows number overrides since 1.36.
OVERRIDES = pytest.mark.since("1.36")
LATER_STATUSES = [
    pytest.param(each, marks=pytest.mark.since("1.40")) for each in ("MONITOR", "FILTER")
]
UNKNOWN = "protect-00000000000000000000000000000000"
SEATTLE = "+14255550100"
MADRID = "+34612345678"


@pytest.fixture
def make(sms, account):
    """Make a protect configuration."""

    def create(**asked):
        made = sms.create_protect_configuration(**asked)
        return account.protect_configurations[made["ProtectConfigurationId"]]

    return create


@pytest.fixture
def configuration(make):
    """A protect configuration."""
    return make()


@pytest.fixture
def configuration_set(sms, account):
    """A configuration set."""
    sms.create_configuration_set(ConfigurationSetName="news")
    return account.configuration_sets["news"]


def described(sms, *asked: str, **filters):
    """Describe the configurations that are named and match."""
    answer = sms.describe_protect_configurations(
        ProtectConfigurationIds=list(asked),
        Filters=[{"Name": name.replace("_", "-"), "Values": v} for name, v in filters.items()],
    )
    return answer["ProtectConfigurations"]


def ids(found):
    """The ids of what was described."""
    return [each["ProtectConfigurationId"] for each in found]


def rules(sms, configuration, capability="SMS"):
    """The status of every country."""
    answer = sms.get_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id, NumberCapability=capability
    )
    return {code: rule["ProtectStatus"] for code, rule in answer["CountryRuleSet"].items()}


def set_rules(sms, configuration, capability="SMS", **statuses):
    """Change rules."""
    return sms.update_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id,
        NumberCapability=capability,
        CountryRuleSetUpdates={code: {"ProtectStatus": each} for code, each in statuses.items()},
    )


def content(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Making, changing, deleting.


@pytest.mark.rule("protect-create-allow-all", "protect-rules-get")
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_everything_is_allowed_at_first(sms, configuration, capability):
    """Every supported country is named, and its rule is ALLOW in a new configuration."""
    answer = sms.get_protect_configuration_country_rule_set(
        ProtectConfigurationId=configuration.id, NumberCapability=capability
    )

    assert content(answer) == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "NumberCapability": capability,
        "CountryRuleSet": {code: {"ProtectStatus": "ALLOW"} for code in SERVED_ISO_CODES},
    }


@pytest.mark.rule("protect-create-defaults", "protect-create-response")
@pytest.mark.parametrize("asked", [{}, {"DeletionProtectionEnabled": True}])
def test_what_creation_answers(sms, account, asked):
    """The answer has ARN, ID, CreatedTimestamp, both flags and tags; flags are off by default."""
    tags = [{"Key": "team", "Value": "blue"}]

    made = content(sms.create_protect_configuration(Tags=tags, **asked))

    configuration = account.protect_configurations[made["ProtectConfigurationId"]]
    created = made.pop("CreatedTimestamp")
    assert made == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "AccountDefault": False,
        "DeletionProtectionEnabled": asked.get("DeletionProtectionEnabled", False),
        "Tags": tags,
    }
    assert abs((created - configuration.created_timestamp).total_seconds()) < 0.001
    assert configuration.arn == (
        f"arn:aws:sms-voice:us-east-1:123456789012:protect-configuration/{configuration.id}"
    )


@pytest.mark.rule("protect-create-name-tag")
def test_a_name_is_a_tag(sms, make):
    """There is no name member; the name is kept as a tag with the key Name."""
    tags = [{"Key": "Name", "Value": "Europe only"}]

    configuration = make(Tags=tags)

    assert sms.list_tags_for_resource(ResourceArn=configuration.arn)["Tags"] == tags
    assert "Name" not in described(sms)[0]


@pytest.mark.rule("protect-create-quota")
def test_there_are_25_at_most(make, refused):
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
    """Only DeletionProtectionEnabled can be updated; the answer has both flags and no tags."""
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
def test_a_protected_configuration_stays(sms, make, refused):
    """With deletion protection on it cannot be deleted."""
    configuration = make(DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=configuration):
        sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)


@pytest.mark.rule("protect-delete-account-default")
def test_the_account_default_stays(sms, configuration, refused):
    """The account default cannot be deleted."""
    sms.set_account_default_protect_configuration(ProtectConfigurationId=configuration.id)

    with refused(
        "ConflictException", "PROTECT_CONFIGURATION_IS_ACCOUNT_DEFAULT", about=configuration
    ):
        sms.delete_protect_configuration(ProtectConfigurationId=configuration.id)


@pytest.mark.rule("protect-delete-associated")
def test_an_associated_configuration_stays(sms, configuration, configuration_set, refused):
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


@pytest.mark.rule("protect-delete-permanent")
@OVERRIDES
def test_rules_go_with_their_configuration(sms, configuration, refused):
    """Deletion is permanent and takes country rules and number overrides along."""
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


# Every operation that names a protect configuration, and what else it needs.
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


@pytest.mark.rule("protect-unknown")
@pytest.mark.parametrize("name", [UNKNOWN, "arn"])
@pytest.mark.parametrize(
    "operation",
    [pytest.param(each, marks=OVERRIDES) if "override" in each else each for each in BY_ID],
)
def test_unknown_configuration(sms, configuration_set, refused, operation, name):
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
def test_unknown_configuration_of_a_message(sms, number, refused, operation):
    """A message that names an unknown protect configuration is rejected."""
    with refused("ResourceNotFoundException", about=("protect-configuration", UNKNOWN)):
        getattr(sms, operation)(
            DestinationPhoneNumber=SEATTLE,
            OriginationIdentity=number.id,
            MessageBody="Hello",
            ProtectConfigurationId=UNKNOWN,
        )


@pytest.mark.rule("protect-unknown")
def test_unknown_configuration_of_a_picture(sms, refused):
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


# Describing.


@pytest.mark.rule("protect-describe")
def test_all_or_those_that_are_named(sms, make, refused):
    """Without filters all are returned; at most 5 ids restrict, an unknown one fails the call."""
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
    """An account without protect configurations gets an empty list."""
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
    """Configurations that match any of the filters are returned."""
    default, protected, _neither = make(), make(DeletionProtectionEnabled=True), make()
    sms.set_account_default_protect_configuration(ProtectConfigurationId=default.id)

    found = described(sms, account_default=["true"], deletion_protection_enabled=["true"])

    assert ids(found) == [default.id, protected.id]


# Configuration sets.


@pytest.fixture
def associate(sms):
    """Associate a protect configuration with a configuration set."""

    def call(configuration, name="news"):
        return sms.associate_protect_configuration(
            ProtectConfigurationId=configuration.id, ConfigurationSetName=name
        )

    return call


def protected_by(sms, name="news"):
    """The protect configuration that a set shows."""
    (found,) = sms.describe_configuration_sets(ConfigurationSetNames=[name])["ConfigurationSets"]
    return found.get("ProtectConfigurationId")


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


# The account default.


def account_default(sms):
    """The default that the account's attributes show."""
    found = sms.describe_account_attributes()["AccountAttributes"]
    values = {each["Name"]: each["Value"] for each in found}
    return values.get("DEFAULT_PROTECT_CONFIGURATION_ID")


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


# Rules for countries.


@pytest.mark.rule("protect-rules-capability")
def test_capabilities_that_do_not_exist(sms, configuration, refused):
    """NumberCapability is one of the values that there are."""
    for call in (rules, lambda *args: set_rules(*args, US="BLOCK")):
        with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["NumberCapability"]):
            call(sms, configuration, "FAX")


@pytest.mark.rule("protect-rules-capability")
def test_the_capability_is_required(sms, configuration, refused):
    """NumberCapability is required."""
    with refused("ValidationException", "MISSING_PARAMETER", fields=["NumberCapability"]):
        sms.get_protect_configuration_country_rule_set(ProtectConfigurationId=configuration.id)
    with refused("ValidationException", "MISSING_PARAMETER", fields=["NumberCapability"]):
        sms.update_protect_configuration_country_rule_set(
            ProtectConfigurationId=configuration.id,
            CountryRuleSetUpdates={"US": {"ProtectStatus": "BLOCK"}},
        )


@pytest.mark.rule(
    "protect-rules-capability", "protect-rules-update-merge", "protect-rules-update-capability"
)
@pytest.mark.rule("protect-rules-update-response")
@pytest.mark.parametrize("capability", CAPABILITIES)
def test_only_what_is_given_changes(sms, configuration, capability):
    """Only the countries given change, for the given capability; its rules are answered."""
    set_rules(sms, configuration, capability, US="BLOCK", ES="BLOCK")
    other = "VOICE" if capability == "SMS" else "SMS"

    answer = set_rules(sms, configuration, capability, ES="ALLOW", FR="BLOCK")

    expected = dict.fromkeys(SERVED_ISO_CODES, "ALLOW") | {"US": "BLOCK", "FR": "BLOCK"}
    assert rules(sms, configuration, capability) == expected
    assert set(rules(sms, configuration, other).values()) == {"ALLOW"}
    assert content(answer) == {
        "ProtectConfigurationArn": configuration.arn,
        "ProtectConfigurationId": configuration.id,
        "NumberCapability": capability,
        "CountryRuleSet": {code: {"ProtectStatus": each} for code, each in expected.items()},
    }


@pytest.mark.rule("protect-rules-update-status")
@pytest.mark.parametrize("status", ["ALLOW", "BLOCK", *LATER_STATUSES])
def test_statuses_that_can_be(sms, configuration, status):
    """ProtectStatus is ALLOW, BLOCK, MONITOR or FILTER."""
    set_rules(sms, configuration, US=status)

    assert rules(sms, configuration)["US"] == status


@pytest.mark.rule("protect-rules-update-status")
@pytest.mark.parametrize("status", ["DENY", "allow", ""])
def test_statuses_that_cannot_be(sms, configuration, refused, status):
    """Another status is refused."""
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["CountryRuleSetUpdates"]
    ):
        set_rules(sms, configuration, ES="BLOCK", US=status)


@pytest.mark.rule("protect-rules-update-size")
def test_all_countries_at_once(sms, configuration):
    """Up to 300 entries can be given, more than there are countries."""
    set_rules(sms, configuration, **dict.fromkeys(SERVED_ISO_CODES, "BLOCK"))

    assert set(rules(sms, configuration).values()) == {"BLOCK"}


@pytest.mark.rule("protect-rules-update-size")
@pytest.mark.parametrize(
    "codes",
    [
        [],
        ["us"],
        ["USA"],
        ["U"],
        [chr(65 + index // 26) + chr(65 + index % 26) for index in range(301)],
    ],
    ids=["none", "small", "long", "short", "301"],
)
def test_countries_that_cannot_be(sms, configuration, refused, codes):
    """The map has 1 to 300 entries keyed by two capital letters."""
    with refused(
        "ValidationException", "FIELD_VALIDATION_FAILED", fields=["CountryRuleSetUpdates"]
    ):
        set_rules(sms, configuration, **dict.fromkeys(codes, "BLOCK"))


@pytest.mark.rule("protect-rules-update-unsupported-country")
@pytest.mark.parametrize("code", ["ZZ", "XX", "KP"])
def test_countries_that_are_not_supported(sms, configuration, refused, code):
    """A code that is no supported country is refused."""
    with refused("ValidationException", "INVALID_PARAMETER", fields=["CountryRuleSetUpdates"]):
        set_rules(sms, configuration, US="BLOCK", **{code: "BLOCK"})


# What sending asks.


@pytest.fixture
def decide(account):
    """Decide about a text to a number."""

    def call(phone_number, capability="SMS", **which):
        found = protect_decision(account, find_destination(phone_number), capability, **which)
        return found.status, found.configuration, found.reason

    return call


def test_without_configuration_everything_is_allowed(decide):
    """Nothing is decided where no protect configuration applies."""
    assert decide(SEATTLE) == ("ALLOW", None, None)


def test_the_nearest_configuration_decides(sms, make, configuration_set, associate, decide):
    """The request's goes before the configuration set's, and that before the default."""
    default, of_set, of_request = make(), make(), make()
    sms.set_account_default_protect_configuration(ProtectConfigurationId=default.id)

    associate(of_set)

    sms.create_configuration_set(ConfigurationSetName="bare")
    named = {"protect_configuration_id": of_request.arn}
    assert decide(SEATTLE)[1] == default
    assert decide(SEATTLE, configuration_set=configuration_set)[1] == of_set
    assert decide(SEATTLE, configuration_set=configuration_set, **named)[1] == of_request
    with pytest.raises(ResourceNotFoundException):
        decide(SEATTLE, protect_configuration_id=UNKNOWN)


@pytest.mark.since("1.40")
def test_rules_are_of_a_country_and_a_capability(sms, configuration, decide):
    """The country's rule for the capability decides, and BLOCK has a Reason."""
    set_rules(sms, configuration, US="BLOCK", ES="FILTER", FR="MONITOR")
    here = {"protect_configuration_id": configuration.id}

    blocked = "DESTINATION_COUNTRY_BLOCKED_BY_PROTECT_CONFIGURATION"
    assert decide(SEATTLE, **here) == ("BLOCK", configuration, blocked)
    assert decide(SEATTLE, "VOICE", **here) == ("ALLOW", configuration, None)
    assert decide(MADRID, **here) == ("FILTER", configuration, None)
    assert decide("+33755512501", **here) == ("MONITOR", configuration, None)


@pytest.mark.since("1.44.5")
@pytest.mark.rule("protect-rcs")
@pytest.mark.parametrize(
    ("sms_rule", "rcs_rule", "decided"),
    [
        ("BLOCK", "ALLOW", "BLOCK"),
        ("ALLOW", "BLOCK", "BLOCK"),
        ("FILTER", "MONITOR", "FILTER"),
        ("MONITOR", "ALLOW", "MONITOR"),
        ("ALLOW", "ALLOW", "ALLOW"),
    ],
)
def test_an_rcs_message_is_under_the_stricter_rule(
    sms, configuration, decide, sms_rule, rcs_rule, decided
):
    """Of the rules for SMS and RCS the stricter one decides; texts are under that for SMS alone."""
    set_rules(sms, configuration, US=sms_rule)
    set_rules(sms, configuration, "RCS", US=rcs_rule)
    here = {"protect_configuration_id": configuration.id}

    assert decide(SEATTLE, "RCS", **here)[0] == decided
    assert decide(SEATTLE, **here)[0] == sms_rule


@OVERRIDES
def test_a_number_goes_before_its_country(sms, configuration, decide):
    """An override allows a number of a blocked country, and blocks one of an allowed country."""
    set_rules(sms, configuration, US="BLOCK")
    for number, action in ((SEATTLE, "ALLOW"), (MADRID, "BLOCK")):
        sms.put_protect_configuration_rule_set_number_override(
            ProtectConfigurationId=configuration.id, DestinationPhoneNumber=number, Action=action
        )
    here = {"protect_configuration_id": configuration.id}

    blocked = "DESTINATION_PHONE_NUMBER_BLOCKED_BY_PROTECT_NUMBER_OVERRIDE"
    assert decide(SEATTLE, **here) == ("ALLOW", configuration, None)
    assert decide(MADRID, **here) == ("BLOCK", configuration, blocked)


# What becomes of messages.


@pytest.fixture
def send(sms, number, configuration):
    """Send a text that the configuration protects."""

    def call(recipient):
        return sms.send_text_message(
            DestinationPhoneNumber=recipient,
            OriginationIdentity=number.id,
            MessageBody="Hello",
            ProtectConfigurationId=configuration.id,
        )["MessageId"]

    return call


@pytest.mark.rule("protect-monitor-filter-send", "protect-blocked-event")
@pytest.mark.since("1.40")
def test_monitored_and_filtered(sms, configuration, send, emulator):
    """MONITOR lets messages through; FILTER accepts them and drops them with an event."""
    set_rules(sms, configuration, US="MONITOR", ES="FILTER")
    monitored, filtered = send(SEATTLE), send(MADRID)

    types = {
        each: [event.record["eventType"] for event in emulator.events if event.message_id == each]
        for each in (monitored, filtered)
    }

    assert types == {
        monitored: ["TEXT_SUCCESSFUL", "TEXT_DELIVERED"],
        filtered: ["TEXT_PROTECT_BLOCKED"],
    }
    assert [each.status for each in emulator.messages] == ["DELIVERED", "PROTECT_BLOCKED"]


@pytest.mark.since("1.40")
@pytest.mark.pinpoint_sms(delivery_seconds=3600)
def test_what_is_filtered_costs_nothing(sms, configuration, send, emulator, account):
    """The price comes back to the month that it was booked in."""
    set_rules(sms, configuration, US="FILTER")
    now = emulator.clock.now()
    emulator.clock.freeze(dt.datetime(now.year + 1, 1, 31, 23, 59, tzinfo=dt.UTC))
    send(SEATTLE)
    before = spent_this_month(account, "TEXT")

    emulator.clock.advance(hours=2)

    assert before > 0
    assert spent_this_month(account, "TEXT") == 0
    assert [spent["TEXT"] for spent in account.spent.values()] == [0]
