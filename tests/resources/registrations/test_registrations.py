"""Registrations: created, described and deleted; and the definitions."""

import pytest

from pinpoint_sms_emu.reference.registration_forms import registration_types
from pinpoint_sms_emu.wire.model import service_model
from tests.filling import ask

TOLL_FREE = "US_TOLL_FREE_REGISTRATION"
BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
SENDER_ID = "GB_SENDER_ID_REGISTRATION"

required = pytest.mark.pinpoint_sms(registrations="required")


def own(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def types_in(answer):
    """The registration types in an answer."""
    return [each["RegistrationType"] for each in answer["RegistrationTypeDefinitions"]]


# Definitions.


@pytest.mark.rule("regdef-types")
def test_type_definitions(sms, refused):
    """RegistrationTypes restrict the definitions; an unknown one is refused."""
    pages = sms.get_paginator("describe_registration_type_definitions").paginate()
    every = [each for page in pages for each in types_in(page)]
    some = sms.describe_registration_type_definitions(RegistrationTypes=[BRAND, TOLL_FREE])

    assert every == list(registration_types())
    assert all(each.startswith("US_") for each in every[:5])
    assert sorted(types_in(some)) == [BRAND, TOLL_FREE]
    with refused("ValidationException", "UNKNOWN_REGISTRATION_TYPE", fields=["RegistrationTypes"]):
        sms.describe_registration_type_definitions(RegistrationTypes=[BRAND, "NONE"])
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["RegistrationTypes"]):
        sms.describe_registration_type_definitions(RegistrationTypes=[BRAND] * 6)


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        pytest.param(
            "supported-association-resource-type",
            "us_ten_dlc_brand_registration",
            ["US_TEN_DLC_BRAND_VETTING", CAMPAIGN],
            marks=pytest.mark.rule("regdef-filter-resource"),
        ),
        ("supported-association-resource-type", "toll_free", [TOLL_FREE]),
        pytest.param(
            "supported-association-iso-country-code",
            "GB",
            [
                SENDER_ID,
                "GB_LONG_CODE_REGISTRATION",
                "GB_RCS_LAUNCH_REGISTRATION",
                "GB_SHORT_CODE_REGISTRATION",
            ],
            marks=pytest.mark.rule("regdef-filter-country"),
        ),
    ],
)
def test_type_definitions_by_association(sms, name, value, found):
    """A filter matches the resource types of the supported associations, in any letter case."""
    answer = sms.describe_registration_type_definitions(Filters=[{"Name": name, "Values": [value]}])

    assert types_in(answer) == found


# User guide, "Registration forms"; AWS End User Messaging guide, the pages on registration.
SENDER_ID_COUNTRIES = (
    "AE AT AU BY EG ES FI GB ID IE IN JO KE KW KZ LK PH QA RU SA SG TH TR VN ZM"
    " BD BG BJ CM CZ ET GH KH LB MA MX NG OM RO SS TW TZ"
)


@pytest.mark.rule("regdef-types-known")
def test_the_registration_types(sms):
    """There is a form for every type that the guide and live accounts list, and no other."""
    pages = sms.get_paginator("describe_registration_type_definitions").paginate()
    found = {each for page in pages for each in types_in(page)}

    sender_ids = {f"{code}_SENDER_ID_REGISTRATION" for code in SENDER_ID_COUNTRIES.split()}
    assert {each for each in found if each.endswith("_SENDER_ID_REGISTRATION")} == sender_ids
    assert found > sender_ids | {
        "TEST_RCS_LAUNCH_REGISTRATION",
        "US_TEN_DLC_BRAND_VETTING",
        "NOTIFY_TIER_UPGRADE_REGISTRATION",
        "MANAGED_ROUTES_BRAND_VERIFICATION",
        "GB_LONG_CODE_REGISTRATION",
        "DE_SHORT_CODE_REGISTRATION",
    }
    assert "US_RCS_REGISTRATION" not in found


@pytest.mark.parametrize(
    "registration_type", [f"{code}_SENDER_ID_REGISTRATION" for code in SENDER_ID_COUNTRIES.split()]
)
@pytest.mark.rule("regdef-association-on-approval")
def test_sender_id_types_create_their_sender_id(sms, register, submit, registration_type):
    """Where RequestSenderId requires a registration, its approval creates the sender ID."""
    registration = register(registration_type)
    submit(registration)

    (sender,) = sms.describe_sender_ids()["SenderIds"]
    assert (sender["IsoCountryCode"], sender["Registered"]) == (registration_type[:2], True)


@pytest.mark.rule("regdef-sections")
def test_section_definitions(sms, refused):
    """SectionPaths restrict a type's sections; the type is required and returned."""
    answer = sms.describe_registration_section_definitions(
        RegistrationType=TOLL_FREE, SectionPaths=["contactInfo"]
    )

    assert answer["RegistrationType"] == TOLL_FREE
    (section,) = answer["RegistrationSectionDefinitions"]
    assert section["SectionPath"] == "contactInfo"
    assert section["DisplayHints"]["Title"]
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["SectionPaths"]):
        sms.describe_registration_section_definitions(
            RegistrationType=TOLL_FREE, SectionPaths=["contactInfo"] * 6
        )
    with refused("ValidationException", "MISSING_PARAMETER", fields=["RegistrationType"]):
        sms.describe_registration_section_definitions()


@pytest.mark.rule("regdef-fields")
def test_field_definitions(sms):
    """SectionPath and FieldPaths restrict a type's fields; the type is returned."""

    def paths(**members):
        answer = sms.describe_registration_field_definitions(RegistrationType=TOLL_FREE, **members)
        assert answer["RegistrationType"] == TOLL_FREE
        return [each["FieldPath"] for each in answer["RegistrationFieldDefinitions"]]

    assert paths(SectionPath="messageSamples") == [
        f"messageSamples.messageSample{number}" for number in (1, 2, 3)
    ]
    assert paths(FieldPaths=["contactInfo.lastName"]) == ["contactInfo.lastName"]
    assert paths(SectionPath="messageSamples", FieldPaths=["contactInfo.lastName"]) == []


@pytest.mark.rule("regdef-field-members")
@pytest.mark.parametrize("form", registration_types())
def test_members_of_field_definitions(sms, form):
    """Each has section, path, type, requirement and hints.

    SELECT and TEXT have their validation.
    """
    fields = ask(sms, form)

    assert bool(fields) == (form != "US_TEN_DLC_BRAND_VETTING")
    for field in fields:
        assert field["FieldPath"].startswith(f"{field['SectionPath']}.")
        assert field["FieldRequirement"] in ("REQUIRED", "CONDITIONAL", "OPTIONAL")
        assert field["DisplayHints"]["Title"]
        assert ("SelectValidation" in field) == (field["FieldType"] == "SELECT")
        assert ("TextValidation" in field) == (field["FieldType"] == "TEXT")


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regfield-conditional-only")
@pytest.mark.parametrize("form", registration_types())
def test_conditional_behavior(sms, form):
    """Only fields whose requirement is CONDITIONAL have it."""
    fields = ask(sms, form)

    assert bool(fields) == (form != "US_TEN_DLC_BRAND_VETTING")
    for field in fields:
        assert "ConditionalBehavior" not in field or field["FieldRequirement"] == "CONDITIONAL"


@pytest.mark.rule("regdef-readonly")
def test_definitions_are_fixed(sms, register):
    """Definitions are the service's own, and their operations declare no not-found error."""
    before = sms.describe_registration_type_definitions()
    register(TOLL_FREE)

    assert own(sms.describe_registration_type_definitions()) == own(before)
    described = [
        each
        for name, each in service_model().operations.items()
        if name.startswith("DescribeRegistration") and name.endswith("Definitions")
    ]
    assert len(described) == 3
    assert not any("ResourceNotFoundException" in each.errors for each in described)


@pytest.mark.rule("regfield-describe-unknown-section")
def test_an_unknown_section_is_refused(sms, registration, refused):
    """A section that the type does not define is refused."""
    for ask_for, member in (
        (lambda: sms.describe_registration_field_definitions(
            RegistrationType=BRAND, SectionPath="none"), "SectionPath"),
        (lambda: sms.describe_registration_section_definitions(
            RegistrationType=BRAND, SectionPaths=["none"]), "SectionPaths"),
        (lambda: sms.describe_registration_field_values(
            RegistrationId=registration.id, SectionPath="none"), "SectionPath"),
    ):  # fmt: skip
        with refused("ValidationException", "UNKNOWN_REGISTRATION_SECTION", fields=[member]):
            ask_for()


# Create.


@pytest.mark.rule("reg-create", "reg-create-response", "reg-additional-attributes")
def test_a_new_registration(sms, account):
    """It is CREATED with version 1 in DRAFT; no type here has AdditionalAttributes."""
    tags = [{"Key": "team", "Value": "shop"}]

    made = sms.create_registration(RegistrationType=BRAND, Tags=tags)

    (registration,) = account.registrations
    assert own(made) == {
        "RegistrationArn": registration.arn,
        "RegistrationId": registration.id,
        "RegistrationType": BRAND,
        "RegistrationStatus": "CREATED",
        "CurrentVersionNumber": 1,
        "Tags": tags,
        "CreatedTimestamp": made["CreatedTimestamp"],
    }
    (described,) = sms.describe_registrations()["Registrations"]
    assert described == {name: value for name, value in own(made).items() if name != "Tags"}
    (version,) = sms.describe_registration_versions(RegistrationId=registration.id)[
        "RegistrationVersions"
    ]
    assert (version["VersionNumber"], version["RegistrationVersionStatus"]) == (1, "DRAFT")
    shape = service_model().shapes["RegistrationInformation"]["members"]["AdditionalAttributes"]
    attributes = service_model().shapes[shape["shape"]]
    assert attributes["type"] == "map"
    assert service_model().shapes[attributes["value"]["shape"]]["type"] == "string"


@pytest.mark.rule("reg-create-unknown-type")
@pytest.mark.parametrize(
    "operation",
    [
        "create_registration",
        "describe_registration_field_definitions",
        "describe_registration_section_definitions",
    ],
)
def test_an_unknown_type_is_refused(sms, refused, operation):
    """A type that is not among the definitions is refused."""
    with refused("ValidationException", "UNKNOWN_REGISTRATION_TYPE", fields=["RegistrationType"]):
        getattr(sms, operation)(RegistrationType="NONE")


@pytest.mark.rule("reg-create-type-format")
@pytest.mark.parametrize("name", ["", "A" * 65, "US-TOLL-FREE"])
def test_the_format_of_a_type(sms, refused, name):
    """A type has 1 to 64 letters, digits or underscores."""
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["RegistrationType"]):
        sms.create_registration(RegistrationType=name)


@pytest.mark.pinpoint_sms(quotas={"REGISTRATIONS_PER_ACCOUNT": 1})
@pytest.mark.rule("reg-create-quota")
def test_the_number_of_registrations_is_limited(register, refused):
    """One more than the account may have is refused."""
    register()

    with refused("ServiceQuotaExceededException", "REGISTRATIONS_PER_ACCOUNT"):
        register()


@pytest.mark.rule("reg-create-idempotent")
def test_the_same_token_returns_the_first_result(sms, account):
    """This holds for registrations and attachments."""
    for create, given in (
        (sms.create_registration, {"RegistrationType": BRAND}),
        (sms.create_registration_attachment, {"AttachmentBody": b"%PDF-1.7"}),
    ):
        first, again = (own(create(**given, ClientToken="once")) for _ in range(2))
        assert first == again

    assert (len(account.registrations), len(account.registration_attachments)) == (1, 1)


# Describe.


@pytest.mark.rule("reg-describe-by-id")
def test_registrations_by_id(sms, register, refused):
    """Ids or ARNs (at most five) restrict the result; an unknown one fails the call."""
    one, two, _three = register(), register(), register()

    found = sms.describe_registrations(RegistrationIds=[two.arn, one.id])["Registrations"]

    assert [each["RegistrationId"] for each in found] == [one.id, two.id]
    with refused("ResourceNotFoundException", about=("registration", "registration-0")):
        sms.describe_registrations(RegistrationIds=[one.id, "registration-0"])
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["RegistrationIds"]):
        sms.describe_registrations(RegistrationIds=[one.id] * 6)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("registration-type", BRAND, marks=pytest.mark.rule("reg-filter-type")),
        pytest.param(
            "registration-status", "COMPLETE", marks=pytest.mark.rule("reg-filter-status")
        ),
    ],
)
def test_registrations_by_filter(sms, register, submit, name, value):
    """A filter matches the type or the status."""
    brand = register()
    submit(brand)
    register(TOLL_FREE)

    answer = sms.describe_registrations(Filters=[{"Name": name, "Values": [value]}])

    assert [each["RegistrationId"] for each in answer["Registrations"]] == [brand.id]


@pytest.mark.rule("reg-unknown")
@pytest.mark.parametrize(
    ("operation", "members"),
    [
        ("create_registration_association", {"ResourceId": "phone-1"}),
        ("create_registration_version", {}),
        ("delete_registration", {}),
        ("delete_registration_field_value", {"FieldPath": "companyInfo.city"}),
        ("describe_registration_field_values", {}),
        ("describe_registration_versions", {}),
        ("discard_registration_version", {}),
        ("list_registration_associations", {}),
        ("put_registration_field_value", {"FieldPath": "companyInfo.city", "TextValue": "x"}),
        ("submit_registration_version", {}),
    ],
)
def test_an_unknown_registration_is_refused(sms, refused, operation, members):
    """An id or ARN that names no registration is rejected."""
    arn = "arn:aws:sms-voice:us-east-1:123456789012:registration/registration-0"
    for name in ("registration-0", arn):
        with refused("ResourceNotFoundException", about=("registration", "registration-0")):
            getattr(sms, operation)(RegistrationId=name, **members)


# Delete.


@pytest.mark.rule("reg-delete", "reg-status-deleted", "reg-delete-response")
def test_a_deleted_registration_is_gone(sms, register, submit, refused):
    """The answer has its last state and version numbers with DELETED, without tags."""
    registration = register(Tags=[{"Key": "team", "Value": "shop"}])
    submit(registration)
    (before,) = sms.describe_registrations()["Registrations"]

    deleted = own(sms.delete_registration(RegistrationId=registration.id))

    assert deleted == before | {"RegistrationStatus": "DELETED"}
    assert deleted["ApprovedVersionNumber"] == 1
    assert sms.describe_registrations()["Registrations"] == []
    for operation in (
        sms.describe_registration_versions,
        sms.describe_registration_field_values,
    ):
        with refused("ResourceNotFoundException", about=("registration", registration.id)):
            operation(RegistrationId=registration.id)


@required
@pytest.mark.rule("reg-delete-in-review")
@pytest.mark.parametrize("decision", [None, "AWS_REVIEWING", "REQUIRES_AUTHENTICATION"])
def test_a_registration_under_review_cannot_be_deleted(
    sms, emulator, registration, submit, refused, decision
):
    """A registration under review cannot be deleted."""
    submit(registration)
    if decision:
        emulator.review(registration.id, decision)
    sms.describe_registrations()

    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=registration):
        sms.delete_registration(RegistrationId=registration.id)


def test_registrations_are_in_a_snapshot(emulator, sms, registration, submit):
    """A registration with its versions, values and associations is restored."""
    submit(registration)
    sms.describe_registrations()
    state = emulator.snapshot()

    emulator.restore(state)

    assert emulator.snapshot() == state
    assert sms.describe_registrations()["Registrations"][0]["RegistrationStatus"] == "COMPLETE"
