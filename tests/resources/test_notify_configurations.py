"""Notify configurations, templates and countries."""

import pytest

from pinpoint_sms_emu.resources.notify_configurations import NotifyConfiguration

pytestmark = pytest.mark.since("1.43.11")

ENGLISH = "notify-code-verification-english-001"
EXPIRING = "notify-code-verification-english-002"
SPOKEN = "notify-code-verification-voice-english-001"
REQUIRED = {"DisplayName": "Acme", "UseCase": "CODE_VERIFICATION", "EnabledChannels": ["SMS"]}
BROKEN = ("ValidationException", "FIELD_VALIDATION_FAILED")
WRONG = ("ValidationException", "INVALID_PARAMETER")


@pytest.fixture
def notify(sms, account):
    """Create an ACTIVE configuration."""

    def make(**members) -> NotifyConfiguration:
        made = sms.create_notify_configuration(**(REQUIRED | members))
        sms.describe_notify_configurations()
        return account.notify_configurations[made["NotifyConfigurationId"]]

    return make


def as_dict(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Create.


@pytest.mark.rule("notify-create")
@pytest.mark.parametrize("name", REQUIRED)
def test_required_members(sms, refused, name):
    """DisplayName, UseCase and EnabledChannels are required, and sufficient."""
    given = {other: value for other, value in REQUIRED.items() if other != name}

    assert sms.create_notify_configuration(**REQUIRED)["DisplayName"] == "Acme"
    with refused("ValidationException", "MISSING_PARAMETER", fields=[name]):
        sms.create_notify_configuration(**given)


@pytest.mark.rule("notify-create-name")
def test_display_names(notify, refused):
    """A name has 1 to 15 letters, digits, underscores, spaces or hyphens."""
    for name in ("a", "Acme_1 -2", "a" * 15):
        assert notify(DisplayName=name).display_name == name
    for name in ("", "a" * 16, "Acme!", "Äcme"):
        with refused(*BROKEN, fields=["DisplayName"]):
            notify(DisplayName=name)


@pytest.mark.rule("notify-create-use-case")
def test_the_only_use_case(sms, refused):
    """There is one use case."""
    assert sms.meta.service_model.shape_for("NotifyConfigurationUseCase").enum == [
        "CODE_VERIFICATION"
    ]
    with refused(*BROKEN, fields=["UseCase"]):
        sms.create_notify_configuration(**REQUIRED | {"UseCase": "MARKETING"})


@pytest.mark.rule("notify-create-channels")
def test_channels(sms, notify, refused):
    """EnabledChannels has 1 to 4 entries, SMS or VOICE."""
    for channels in (["SMS"], ["VOICE"], ["SMS", "VOICE"], ["SMS", "VOICE", "SMS", "VOICE"]):
        assert notify(EnabledChannels=channels).enabled_channels == channels
    made = notify()
    for channels in ([], ["SMS"] * 5):
        with refused(*BROKEN, fields=["EnabledChannels"]):
            notify(EnabledChannels=channels)
    with refused(*WRONG, fields=["EnabledChannels"]):
        notify(EnabledChannels=["SMS", "MMS"])
    with refused(*WRONG, fields=["EnabledChannels"]):
        sms.update_notify_configuration(NotifyConfigurationId=made.id, EnabledChannels=["MMS"])


@pytest.mark.rule("notify-create-defaults")
def test_defaults(sms, account):
    """By default a configuration is not protected, and its tier is BASIC."""
    made = sms.create_notify_configuration(**REQUIRED)

    [resource] = account.notify_configurations
    assert resource.id.startswith("notify-")
    assert as_dict(made) == {
        "NotifyConfigurationArn": resource.arn,
        "NotifyConfigurationId": resource.id,
        "DisplayName": "Acme",
        "UseCase": "CODE_VERIFICATION",
        "EnabledChannels": ["SMS"],
        "Tier": "BASIC",
        "TierUpgradeStatus": "BASIC",
        "Status": "PENDING",
        "DeletionProtectionEnabled": False,
        "Tags": [],
        "CreatedTimestamp": made["CreatedTimestamp"],
    }


@pytest.mark.rule("notify-create-references")
def test_unknown_pools_and_templates_are_refused(sms, notify, refused):
    """Neither operation accepts them."""
    made = notify()
    for operation, given in (
        (sms.create_notify_configuration, REQUIRED),
        (sms.update_notify_configuration, {"NotifyConfigurationId": made.id}),
    ):
        with refused("ResourceNotFoundException", about=("notify-template", "none")):
            operation(**given, DefaultTemplateId="none")
        with refused("ResourceNotFoundException", about=("pool", "pool-none")):
            operation(**given, PoolId="pool-none")


@pytest.mark.rule("pool-id-empty-string")
def test_an_empty_pool_id_is_ignored(notify):
    """An empty PoolId is the same as none."""
    assert notify(PoolId="").pool_id is None


@pytest.mark.rule("notify-create-countries")
def test_unsupported_countries_are_refused(notify, refused):
    """Only Notify's countries can be enabled."""
    assert notify(EnabledCountries=["DE"]).enabled_countries == ["DE"]
    with refused(*WRONG, fields=["EnabledCountries"]):
        notify(EnabledCountries=["DE", "CU"])


@pytest.mark.rule("notify-create-quota")
def test_an_account_has_at_most_25_configurations(notify, refused):
    """An account has 25 configurations."""
    for _ in range(25):
        notify()
    with refused("ServiceQuotaExceededException", "NOTIFY_CONFIGURATIONS_PER_ACCOUNT"):
        notify()


@pytest.mark.rule("notify-create-idempotent")
def test_the_same_token_creates_one_configuration(sms, account):
    """The same token makes one configuration."""
    answers = [
        sms.create_notify_configuration(**REQUIRED, ClientToken="same")["NotifyConfigurationId"]
        for _ in range(2)
    ]

    assert answers == [each.id for each in account.notify_configurations] * 2


@pytest.mark.rule("notify-status")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_statuses(sms, emulator, account):
    """A configuration is PENDING, then ACTIVE; a rejected one has the reason."""

    def status():
        [result] = sms.describe_notify_configurations()["NotifyConfigurations"]
        return result["Status"], result.get("RejectionReason")

    sms.create_notify_configuration(**REQUIRED)
    assert status() == ("PENDING", None)
    emulator.clock.advance(seconds=60)
    assert status() == ("ACTIVE", None)

    [resource] = account.notify_configurations
    resource.status, resource.rejection_reason = "REJECTED", "A name of somebody else"
    assert status() == ("REJECTED", "A name of somebody else")
    resource.status, resource.rejection_reason = "REQUIRES_VERIFICATION", None
    assert status() == ("REQUIRES_VERIFICATION", None)


@pytest.mark.rule("notify-unset-template-elsewhere")
def test_unset_default_template_is_for_updates_only(sms, notify, refused):
    """Only an update takes UNSET_DEFAULT_TEMPLATE."""
    made = notify()
    sms.update_notify_configuration(
        NotifyConfigurationId=made.id, DefaultTemplateId="UNSET_DEFAULT_TEMPLATE"
    )

    with refused(*WRONG, fields=["DefaultTemplateId"]):
        notify(DefaultTemplateId="UNSET_DEFAULT_TEMPLATE")
    with refused(*WRONG, fields=["TemplateId"]):
        sms.send_notify_text_message(
            NotifyConfigurationId=made.id,
            DestinationPhoneNumber="+14255550100",
            TemplateId="UNSET_DEFAULT_TEMPLATE",
            TemplateVariables={"code": "123456"},
        )


# Update and delete.


@pytest.mark.rule("notify-update", "notify-delete-response")
def test_update(sms, notify, pool):
    """Template, pool, channels, countries and protection can change; name and use case cannot."""
    made = notify(Tags=[{"Key": "team", "Value": "login"}])
    changes = {
        "DefaultTemplateId": ENGLISH,
        "PoolId": pool.id,
        "EnabledCountries": ["DE", "FR"],
        "EnabledChannels": ["SMS", "VOICE"],
        "DeletionProtectionEnabled": True,
    }
    members = sms.meta.service_model.operation_model("UpdateNotifyConfiguration").input_shape

    answer = sms.update_notify_configuration(NotifyConfigurationId=made.arn, **changes)

    [result] = sms.describe_notify_configurations()["NotifyConfigurations"]
    assert as_dict(answer) == result
    assert result == {
        "NotifyConfigurationArn": made.arn,
        "NotifyConfigurationId": made.id,
        "DisplayName": "Acme",
        "UseCase": "CODE_VERIFICATION",
        "Tier": "BASIC",
        "TierUpgradeStatus": "BASIC",
        "Status": "ACTIVE",
        "CreatedTimestamp": result["CreatedTimestamp"],
        **changes,
    }
    assert members.members.keys() == {"NotifyConfigurationId", *changes}


@pytest.mark.rule("notify-update")
def test_only_given_members_change(sms, notify):
    """An update of one setting keeps the others."""
    made = notify(DefaultTemplateId=ENGLISH, EnabledCountries=["DE"])

    sms.update_notify_configuration(NotifyConfigurationId=made.id, EnabledChannels=["VOICE"])

    assert (made.default_template_id, made.enabled_countries) == (ENGLISH, ["DE"])


@pytest.mark.rule("notify-update-unset")
def test_template_and_pool_are_unset(sms, notify, pool):
    """Special values clear template and pool."""
    made = notify(DefaultTemplateId=ENGLISH, PoolId=pool.arn)
    assert (made.default_template_id, made.pool_id) == (ENGLISH, pool.id)

    one = sms.update_notify_configuration(
        NotifyConfigurationId=made.id, DefaultTemplateId="UNSET_DEFAULT_TEMPLATE"
    )
    both = sms.update_notify_configuration(
        NotifyConfigurationId=made.id, PoolId="UNSET_DEFAULT_POOL_FOR_NOTIFY"
    )

    assert "DefaultTemplateId" not in one
    assert one["PoolId"] == pool.id
    assert "PoolId" not in both


@pytest.mark.rule("notify-delete-protected")
def test_deletion_protection(sms, notify, refused):
    """A protected configuration cannot be deleted."""
    made = notify(DeletionProtectionEnabled=True)

    with refused("ConflictException", "DELETION_PROTECTION_ENABLED", about=made):
        sms.delete_notify_configuration(NotifyConfigurationId=made.id)
    sms.update_notify_configuration(NotifyConfigurationId=made.id, DeletionProtectionEnabled=False)
    assert sms.delete_notify_configuration(NotifyConfigurationId=made.id)


@pytest.mark.rule("notify-delete-response")
def test_delete(sms, notify):
    """The answer has the deleted configuration, without tags; afterwards it is unknown."""
    made = notify(Tags=[{"Key": "team", "Value": "login"}], DefaultTemplateId=ENGLISH)
    [result] = sms.describe_notify_configurations()["NotifyConfigurations"]

    answer = sms.delete_notify_configuration(NotifyConfigurationId=made.id)

    assert as_dict(answer) == result
    assert "Tags" not in answer
    assert sms.describe_notify_configurations()["NotifyConfigurations"] == []


@pytest.mark.rule("notify-unknown")
@pytest.mark.parametrize(
    ("operation", "given"),
    [
        ("update_notify_configuration", {}),
        ("delete_notify_configuration", {}),
        *(
            (
                f"send_notify_{channel}_message",
                {"DestinationPhoneNumber": "+14255550100", "TemplateVariables": {}},
            )
            for channel in ("text", "voice")
        ),
    ],
)
def test_unknown_configurations_are_refused(sms, refused, operation, given):
    """A configuration that is not there is not found."""
    with refused("ResourceNotFoundException", about=("notify-configuration", "notify-none")):
        getattr(sms, operation)(NotifyConfigurationId="notify-none", **given)
    with refused("ResourceNotFoundException", about=("notify-configuration", "notify-none")):
        sms.describe_notify_configurations(NotifyConfigurationIds=["notify-none"])


@pytest.mark.rule("notify-pool-in-use", "pool-delete-notify-in-use")
def test_a_configurations_pool_cannot_be_deleted(sms, notify, pool, refused):
    """A pool is not deleted while a configuration names it."""
    made = notify(PoolId=pool.id)

    with refused("ConflictException", "POOL_ASSOCIATED_TO_NOTIFY_CONFIGURATION", about=pool):
        sms.delete_pool(PoolId=pool.id)
    sms.update_notify_configuration(
        NotifyConfigurationId=made.id, PoolId="UNSET_DEFAULT_POOL_FOR_NOTIFY"
    )
    assert sms.delete_pool(PoolId=pool.id)["Status"] == "DELETING"


def test_tags(sms, notify):
    """A configuration can have tags."""
    made = notify()

    sms.tag_resource(ResourceArn=made.arn, Tags=[{"Key": "team", "Value": "login"}])

    answer = sms.list_tags_for_resource(ResourceArn=made.arn)
    assert answer["Tags"] == [{"Key": "team", "Value": "login"}]


# Describe.


@pytest.mark.rule("notify-filters")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("display-name", "Other"),
        ("enabled-countries", "FR"),
        ("enabled-channels", "VOICE"),
        ("default-template", ENGLISH),
        ("default-pool", "POOL"),
        ("use-case", None),
        ("status", "PENDING"),
        ("deletion-protection-enabled", "true"),
        ("tier-upgrade-status", "PENDING_UPGRADE"),
    ],
)
def test_filters(sms, notify, pool, name, value):
    """Each filter finds the matching configuration; all have the only use case."""
    plain = notify()
    special = notify(
        DisplayName="Other",
        EnabledCountries=["DE", "FR"],
        EnabledChannels=["SMS", "VOICE"],
        DefaultTemplateId=ENGLISH,
        PoolId=pool.id,
        DeletionProtectionEnabled=True,
    )
    special.status, special.tier_upgrade_status = "PENDING", "PENDING_UPGRADE"
    wanted = {None: "CODE_VERIFICATION", "POOL": pool.id}.get(value, value)

    found = sms.describe_notify_configurations(Filters=[{"Name": name, "Values": [wanted]}])

    ids = [each["NotifyConfigurationId"] for each in found["NotifyConfigurations"]]
    assert ids == ([special.id] if value else [plain.id, special.id])


@pytest.mark.rule("notify-filters")
def test_ids(sms, notify, refused):
    """At most 5 ids or ARNs are accepted; unknown filters are refused."""
    made = [notify() for _ in range(6)]
    names = [made[0].arn, *(each.id for each in made[1:])]

    found = sms.describe_notify_configurations(NotifyConfigurationIds=names[:5])

    assert [each["NotifyConfigurationId"] for each in found["NotifyConfigurations"]] == [
        each.id for each in made[:5]
    ]
    with refused(*BROKEN, fields=["NotifyConfigurationIds"]):
        sms.describe_notify_configurations(NotifyConfigurationIds=names)
    with refused(*BROKEN, fields=["Filters"]):
        sms.describe_notify_configurations(Filters=[{"Name": "tier", "Values": ["BASIC"]}])


@pytest.mark.rule("notify-describe-empty")
def test_no_configurations(sms):
    """Without a match, the list is empty."""
    assert sms.describe_notify_configurations()["NotifyConfigurations"] == []


@pytest.mark.rule("notify-templates", "notify-message-template-type")
def test_templates(sms, refused):
    """Templates always exist, and are found by id; an unknown one fails the call."""
    every = sms.describe_notify_templates()["NotifyTemplates"]
    two = sms.describe_notify_templates(TemplateIds=[SPOKEN, ENGLISH])["NotifyTemplates"]
    narrowed = sms.describe_notify_templates(
        TemplateIds=[SPOKEN, EXPIRING], Filters=[{"Name": "channels", "Values": ["VOICE"]}]
    )

    assert len(every) > 10
    assert [each["TemplateId"] for each in two] == [ENGLISH, SPOKEN]
    assert [each["TemplateId"] for each in narrowed["NotifyTemplates"]] == [SPOKEN]
    for wrong in ([], [f"template-{nth}" for nth in range(11)]):
        with refused(*BROKEN, fields=["TemplateIds"]):
            sms.describe_notify_templates(TemplateIds=wrong)
    with refused("ResourceNotFoundException", about=("notify-template", "none")):
        sms.describe_notify_templates(TemplateIds=[ENGLISH, "none"])


@pytest.mark.rule("notify-template-filters")
@pytest.mark.parametrize(
    ("name", "member", "value"),
    [
        ("template-type", "TemplateType", "OTP_VERIFICATION"),
        ("channels", "Channels", "VOICE"),
        ("tier-access", "TierAccess", "BASIC"),
        ("supported-countries", "SupportedCountries", "US"),
        ("language-code", "LanguageCode", "fr"),
        ("supported-voice-ids", "SupportedVoiceIds", "JOANNA"),
    ],
)
def test_template_filters(sms, name, member, value):
    """Each filter finds the matching templates."""
    every = sms.describe_notify_templates()["NotifyTemplates"]

    found = sms.describe_notify_templates(Filters=[{"Name": name, "Values": [value]}])

    def has(template):
        result = template.get(member, [])
        return value in result if isinstance(result, list) else value == result

    assert found["NotifyTemplates"] == [each for each in every if has(each)] != []


@pytest.mark.rule("notify-template-filter-type")
def test_code_verification_is_another_name_of_a_template_type(sms):
    """CODE_VERIFICATION finds the templates of type OTP_VERIFICATION."""
    every = sms.describe_notify_templates()["NotifyTemplates"]

    found = sms.describe_notify_templates(
        Filters=[{"Name": "template-type", "Values": ["CODE_VERIFICATION"]}]
    )

    assert found["NotifyTemplates"] == every


@pytest.mark.rule("notify-template-filter-case")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language-code", "EN"),
        ("language-code", "english"),
        ("supported-countries", "us"),
        ("channels", "sms"),
        ("tier-access", "basic"),
        ("template-type", "otp_verification"),
        ("supported-voice-ids", "joanna"),
    ],
)
def test_impossible_filter_values_are_refused(sms, refused, name, value):
    """A value that no template could have is refused."""
    with refused("ValidationException", "INVALID_FILTER_VALUES", fields=["Filters"]):
        sms.describe_notify_templates(Filters=[{"Name": name, "Values": [value]}])


@pytest.mark.rule("notify-countries")
def test_countries(sms):
    """Channels, use cases and a tier restrict the countries; there are no filters."""

    def codes(**query):
        pages = sms.get_paginator("list_notify_countries").paginate(**query)
        return {each["IsoCountryCode"] for page in pages for each in page["NotifyCountries"]}

    every = codes()
    assert codes(UseCases=["CODE_VERIFICATION"]) == codes(Channels=["SMS"]) == every
    assert codes(Channels=["SMS", "VOICE"]) == codes(Tier="ADVANCED") == every
    assert "CN" in every - codes(Channels=["VOICE"])
    assert len(codes(Tier="BASIC")) == 30
    assert codes(Tier="BASIC", Channels=["VOICE"]) == codes(Tier="BASIC") & codes(
        Channels=["VOICE"]
    )
    members = sms.meta.service_model.operation_model("ListNotifyCountries").input_shape.members
    assert "Filters" not in members
