"""Submissions with missing fields, with fields that do not apply, and with unsuitable files."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.filling import PDF, fill_in, png

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
LAUNCH = "GB_RCS_LAUNCH_REGISTRATION"
SENDER_ID = "IN_SENDER_ID_REGISTRATION"
TESTING = "TEST_RCS_LAUNCH_REGISTRATION"
TOLL_FREE = "US_TOLL_FREE_REGISTRATION"

required = pytest.mark.pinpoint_sms(registrations="required")


@pytest.fixture
def prepare(sms, register, lease, agent):
    """Create a registration of a type, with the associations that it needs before submission."""

    def make(registration_type):
        registration = register(registration_type)
        match registration_type:
            case "US_TOLL_FREE_REGISTRATION":
                resource = lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS"]).id
            case "US_TEN_DLC_CAMPAIGN_REGISTRATION":
                resource = register(BRAND).id
            case "TEST_RCS_LAUNCH_REGISTRATION" | "GB_RCS_LAUNCH_REGISTRATION":
                resource = agent.id
            case _:
                return registration
        sms.create_registration_association(RegistrationId=registration.id, ResourceId=resource)
        return registration

    return make


@pytest.fixture
def put(sms):
    """Set the value of a field, or of an attachment field with these bytes."""

    def give(registration, path, value):
        match value:
            case bytes():
                made = sms.create_registration_attachment(AttachmentBody=value)
                given = {"RegistrationAttachmentId": made["RegistrationAttachmentId"]}
            case list():
                given = {"SelectChoices": value}
            case _:
                given = {"TextValue": value}
        sms.put_registration_field_value(RegistrationId=registration.id, FieldPath=path, **given)

    return give


@pytest.fixture
def submit_as_it_is(sms):
    """Submit the current version; return the status a moment later, and the denied fields."""

    def submit(registration):
        sms.submit_registration_version(RegistrationId=registration.id)
        version = latest_version(sms, registration)
        values = sms.describe_registration_field_values(RegistrationId=registration.id)
        denied = {
            each["FieldPath"]: each["DeniedReason"]
            for each in values["RegistrationFieldValues"]
            if "DeniedReason" in each
        }
        return version["RegistrationVersionStatus"], denied

    return submit


def latest_version(sms, registration):
    """The latest version of a registration."""
    answer = sms.describe_registration_versions(RegistrationId=registration.id)
    return answer["RegistrationVersions"][-1]


def status_of(sms, registration):
    """The status of a registration."""
    answer = sms.describe_registrations(RegistrationIds=[registration.id])
    return answer["Registrations"][0]["RegistrationStatus"]


# Missing fields.


@pytest.mark.rule("regver-gaps-denied", "regfield-denied-without-value")
@pytest.mark.parametrize("registrations", ["automatic", "required"])
def test_missing_toll_free_fields_are_denied(
    sms, emulator, prepare, submit_as_it_is, registrations
):
    """A toll-free submission without values is accepted, then denied with each missing field."""
    engine_of(emulator).state.settings = emulator.settings.of(registrations=registrations)
    registration = prepare(TOLL_FREE)

    status, denied = submit_as_it_is(registration)

    needed = {
        path
        for path, field in registration.form.fields.items()
        if field.field_requirement == "REQUIRED"
    }
    assert status == "DENIED"
    assert denied == dict.fromkeys(needed, "MISSING_REQUIRED_FIELD")
    reasons = latest_version(sms, registration)["DeniedReasons"]
    assert [each["Reason"] for each in reasons] == ["Missing required field"]
    assert status_of(sms, registration) == "REQUIRES_UPDATES"
    values = sms.describe_registration_field_values(RegistrationId=registration.id)
    assert all(
        set(each) == {"FieldPath", "DeniedReason"} for each in values["RegistrationFieldValues"]
    )


@pytest.mark.rule("regver-gaps-denied", "regver-denied-descriptions")
def test_each_kind_of_error_has_one_denial_reason(sms, prepare, put, submit_as_it_is):
    """A reason has a title, two descriptions and a document, once for each kind."""
    registration = prepare(TOLL_FREE)
    fill_in(sms, registration)
    put(registration, "companyInfo.businessType", ["PRIVATE_PROFIT"])
    for path in ("companyInfo.city", "contactInfo.lastName"):
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=path)

    _status, denied = submit_as_it_is(registration)

    assert denied == {
        "companyInfo.city": "MISSING_REQUIRED_FIELD",
        "companyInfo.taxId": "MISSING_CONDITIONAL_FIELD",
        "companyInfo.taxIdAuthority": "MISSING_CONDITIONAL_FIELD",
        "companyInfo.taxIdCountry": "MISSING_CONDITIONAL_FIELD",
        "contactInfo.lastName": "MISSING_REQUIRED_FIELD",
    }
    reasons = latest_version(sms, registration)["DeniedReasons"]
    assert [each["Reason"] for each in reasons] == [
        "Missing required field",
        "Missing conditional field",
    ]
    for reason in reasons:
        assert reason["ShortDescription"] != reason["LongDescription"]
        assert reason["DocumentationTitle"]
        assert reason["DocumentationLink"].startswith("https://docs.aws.amazon.com/sms-voice/")


@required
@pytest.mark.rule("regver-gaps-denied")
@pytest.mark.pinpoint_sms(transition_seconds=3600)
def test_automatic_denial_takes_three_seconds(sms, emulator, prepare, submit_as_it_is):
    """It comes three seconds after the submission, whatever transition_seconds is."""
    registration = prepare(TOLL_FREE)
    assert submit_as_it_is(registration)[0] == "SUBMITTED"

    emulator.clock.advance(seconds=3)

    assert latest_version(sms, registration)["RegistrationVersionStatus"] == "DENIED"


@pytest.mark.rule("regver-gaps-not-allowed")
def test_a_campaign_with_missing_fields_is_refused(sms, prepare, refused):
    """Its version stays a draft, and can be submitted when it is complete."""
    campaign = prepare(CAMPAIGN)
    fill_in(sms, campaign)
    path = "campaignInfo.campaignName"
    value = campaign.current.values[path].text_value
    sms.delete_registration_field_value(RegistrationId=campaign.id, FieldPath=path)

    with refused("ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=campaign):
        sms.submit_registration_version(RegistrationId=campaign.id)

    sms.put_registration_field_value(RegistrationId=campaign.id, FieldPath=path, TextValue=value)
    sms.submit_registration_version(RegistrationId=campaign.id)


@pytest.mark.rule("regver-submit-missing-fields")
def test_other_types_with_missing_fields_are_refused(sms, prepare, refused):
    """The error about a sender ID's registration names the missing fields."""
    registration = prepare(SENDER_ID)
    fill_in(sms, registration)
    gaps = ["companyAddress.city", "messagingUseCase.useCaseCategory"]
    for path in gaps:
        sms.delete_registration_field_value(RegistrationId=registration.id, FieldPath=path)

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=gaps):
        sms.submit_registration_version(RegistrationId=registration.id)


# Fields that do not apply, and invalid values.


@pytest.mark.rule("regver-not-applicable-denied")
def test_a_field_that_does_not_apply_is_denied(sms, prepare, put, submit_as_it_is):
    """A private brand with the three fields of public ones is accepted, then denied."""
    brand = prepare(BRAND)
    fill_in(sms, brand)
    put(brand, "companyInfo.businessContactEmail", "janedoe@example.com")

    status, denied = submit_as_it_is(brand)

    assert (status, denied) == (
        "DENIED",
        {"companyInfo.businessContactEmail": "CONDITIONAL_FIELD_NOT_ALLOWED"},
    )
    (reason,) = latest_version(sms, brand)["DeniedReasons"]
    assert reason["Reason"] == "Conditional field not allowed"


@pytest.mark.rule("regform-ein-digits")
def test_the_ein_of_a_brand_has_no_dash(sms, prepare, put, refused):
    """A dash is refused at once; the toll-free form accepts the guide's format."""
    brand, toll_free = prepare(BRAND), prepare(TOLL_FREE)

    with refused("ValidationException", "INVALID_PARAMETER", fields=["TextValue"]):
        put(brand, "companyInfo.taxId", "12-3456789")
    put(brand, "companyInfo.taxId", "123456789")
    put(toll_free, "companyInfo.taxId", "12-3456789")


@pytest.mark.rule("regform-link-length")
def test_links_of_the_toll_free_form_are_long(prepare, put, refused):
    """Presigned S3 URLs fit: at most 500 characters."""
    registration = prepare(TOLL_FREE)
    for name in ("privacyPolicyUrl", "termsAndConditionsUrl"):
        put(registration, f"messagingUseCase.{name}", "https://example.com/".ljust(500, "a"))
        with refused("ValidationException", "INVALID_PARAMETER", fields=["TextValue"]):
            put(registration, f"messagingUseCase.{name}", "https://example.com/".ljust(501, "a"))


@pytest.mark.rule("regform-use-cases")
def test_the_use_cases_of_the_toll_free_form(sms):
    """They are those that the API returns, not those on the guide's page."""
    (field,) = sms.describe_registration_field_definitions(
        RegistrationType=TOLL_FREE, FieldPaths=["messagingUseCase.useCaseCategory"]
    )["RegistrationFieldDefinitions"]

    assert set(field["SelectValidation"]["Options"]) == {
        "ONE_TIME_PASSCODES",
        "ACCOUNT_NOTIFICATIONS",
        "DELIVERY_NOTIFICATIONS",
        "EVENT_NOTIFICATIONS",
        "APPOINTMENT",
        "CUSTOMER_CARE",
        "EDUCATION",
        "BOOKING",
        "FINANCIAL_TRANSACTIONS",
        "HEALTH_CARE",
        "PUBLIC_ANNOUNCEMENTS",
        "NON_PROFIT",
        "NON_POLITICAL_POLLING_AND_SURVEY",
        "PROMOTIONS_AND_MARKETING",
    }


# Files.


def jpeg(width, height):
    """Make the beginning of a JPEG file with these dimensions."""
    start = "ffd8ffe000104a46494600010100000100010000"
    return bytes.fromhex(f"{start}ffc0000b08{height:04x}{width:04x}01011100")


@pytest.mark.rule("regver-files-denied")
@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        (png(640, 480), True),
        (png(640, 480).ljust(400 * 1024), True),
        (png(640, 480).ljust(400 * 1024 + 1), False),
        (jpeg(640, 480), False),
        (PDF, False),
    ],
)
def test_the_image_of_the_toll_free_form(sms, prepare, put, submit_as_it_is, body, is_taken):
    """It is a PNG of at most 400 KB."""
    registration, path = prepare(TOLL_FREE), "messagingUseCase.optInImage"
    fill_in(sms, registration)
    put(registration, path, body)

    assert submit_as_it_is(registration) == (
        ("APPROVED", {}) if is_taken else ("DENIED", {path: "INVALID_FIELD_VALUE"})
    )


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regver-images-denied")
@pytest.mark.parametrize("registration_type", [TESTING, LAUNCH])
@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("logoImage", jpeg(224, 224), None),
        ("logoImage", png(224, 224).ljust(50 * 1024), None),
        ("logoImage", png(224, 224).ljust(50 * 1024 + 1), "IMAGE_SIZE_EXCEEDED"),
        ("logoImage", png(224, 225), "IMAGE_RESOLUTION_INVALID"),
        ("logoImage", jpeg(225, 224), "IMAGE_RESOLUTION_INVALID"),
        ("logoImage", PDF, "IMAGE_FORMAT_INVALID"),
        ("bannerImage", jpeg(1440, 448), None),
        ("bannerImage", png(1440, 448).ljust(200 * 1024 + 1), "IMAGE_SIZE_EXCEEDED"),
        ("bannerImage", png(448, 1440), "IMAGE_RESOLUTION_INVALID"),
    ],
)
def test_the_images_of_agents(
    sms, prepare, put, submit_as_it_is, registration_type, name, body, reason
):
    """Logo and banner have a format, dimensions and a maximum file size."""
    registration, path = prepare(registration_type), f"agentDetails.{name}"
    fill_in(sms, registration)
    put(registration, path, body)

    assert submit_as_it_is(registration) == (
        ("DENIED", {path: reason}) if reason else ("APPROVED", {})
    )


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regver-images-denied")
def test_a_file_in_s3_is_known_by_its_name(sms, prepare, submit_as_it_is):
    """The file is not read, so only its type can be wrong."""
    for name, expected in (
        ("logo.png", ("APPROVED", {})),
        ("logo.pdf", ("DENIED", {"agentDetails.logoImage": "IMAGE_FORMAT_INVALID"})),
    ):
        registration = prepare(LAUNCH if name == "logo.png" else TESTING)
        fill_in(sms, registration)
        made = sms.create_registration_attachment(AttachmentUrl=f"s3://bucket/{name}")
        sms.put_registration_field_value(
            RegistrationId=registration.id,
            FieldPath="agentDetails.logoImage",
            RegistrationAttachmentId=made["RegistrationAttachmentId"],
        )

        assert submit_as_it_is(registration) == expected


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regver-color-denied")
@pytest.mark.parametrize(
    ("color", "is_taken"),
    [
        ("#0D47A1", True),
        ("#1B5E20", True),
        ("#767676", True),
        ("#777777", False),
        ("#E65100", False),
    ],
)
def test_the_color_of_an_agent(sms, prepare, put, submit_as_it_is, color, is_taken):
    """It needs a contrast of 4.5:1 to white text."""
    registration, path = prepare(TESTING), "agentDetails.accentColor"
    fill_in(sms, registration)
    put(registration, path, color)

    assert submit_as_it_is(registration) == (
        ("APPROVED", {}) if is_taken else ("DENIED", {path: "ACCENT_COLOR_CONTRAST_INSUFFICIENT"})
    )


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regform-agent-contact")
@pytest.mark.parametrize(
    ("contact", "denied"),
    [
        ({}, {"contactWebsite", "contactWebsiteLabel"}),
        ({"contactEmailAddress": "help@example.com"}, {"contactEmailLabel"}),
        ({"contactPhoneLabel": "Call us"}, {"contactPhoneNumber", "contactWebsite"}),
        ({"contactPhoneNumber": "+12065550142", "contactPhoneLabel": "Call us"}, set()),
    ],
)
def test_an_agent_needs_a_contact(sms, prepare, put, submit_as_it_is, contact, denied):
    """One way of contact is required, with its label."""
    registration = prepare(TESTING)
    fill_in(sms, registration)
    for name in ("contactWebsite", "contactWebsiteLabel"):
        sms.delete_registration_field_value(
            RegistrationId=registration.id, FieldPath=f"agentDetails.{name}"
        )
    for name, value in contact.items():
        put(registration, f"agentDetails.{name}", value)

    _status, found = submit_as_it_is(registration)

    assert {path.removeprefix("agentDetails.") for path in found} >= denied
    assert bool(found) == bool(denied)
    assert set(found.values()) <= {"CONTACT_DETAILS_MISSING"}


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regver-keyword-answers-denied")
def test_keyword_replies_must_equal_the_agents(sms, agent, prepare, put, submit_as_it_is):
    """They must equal those set with PutKeyword; default replies are not compared."""
    path, answer = "complianceKeywords.stopResponse", "Example Corp: no more messages."
    registration = prepare(LAUNCH)
    fill_in(sms, registration)
    sms.put_keyword(OriginationIdentity=agent.id, Keyword="STOP", KeywordMessage=answer)
    put(registration, path, f"{answer} ")

    assert submit_as_it_is(registration) == ("DENIED", {path: "INVALID_FIELD_VALUE"})

    sms.create_registration_version(RegistrationId=registration.id)
    fill_in(sms, registration)
    put(registration, path, answer)
    assert submit_as_it_is(registration) == ("APPROVED", {})


# Attachments.


@pytest.mark.rule("regfield-put-attachment-uploading")
@pytest.mark.pinpoint_sms(transition_seconds=60)
def test_an_attachment_must_be_uploaded(sms, emulator, account, prepare, refused):
    """An attachment cannot be a value before its upload is complete, or if it has failed."""
    registration = prepare(SENDER_ID)
    for name in ("proof.pdf", "proof.docx"):
        sms.create_registration_attachment(AttachmentUrl=f"s3://bucket/{name}")
    complete, failed = account.registration_attachments

    def put(attachment):
        sms.put_registration_field_value(
            RegistrationId=registration.id,
            FieldPath="senderIdInfo.proofOfSenderIdConnection",
            RegistrationAttachmentId=attachment.id,
        )

    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=complete):
        put(complete)
    emulator.clock.advance(seconds=60)
    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=failed):
        put(failed)
    put(complete)


@pytest.mark.rule("regatt-id")
def test_the_id_of_an_attachment(attachment):
    """Its prefix is shorter than the resource type in its ARN."""
    assert attachment.id.startswith("attachment-")
    assert attachment.arn.endswith(f":registration-attachment/{attachment.id}")


@pytest.mark.rule("reg-delete-lag")
@pytest.mark.pinpoint_sms(transition_seconds=30)
def test_a_deleted_registration_is_described_for_a_while(
    sms, emulator, register, attachment, refused
):
    """It is described as DELETED but not found otherwise; its attachments cannot be deleted yet."""
    emulator.clock.advance(seconds=30)
    registration = register("GB_SENDER_ID_REGISTRATION")
    sms.put_registration_field_value(
        RegistrationId=registration.id,
        FieldPath="senderIdInfo.letterOfAuthorization",
        RegistrationAttachmentId=attachment.id,
    )
    sms.delete_registration(RegistrationId=registration.id)

    assert status_of(sms, registration) == "DELETED"
    with refused("ResourceNotFoundException", about=registration):
        sms.submit_registration_version(RegistrationId=registration.id)
    with refused("ResourceNotFoundException", about=registration):
        sms.delete_registration(RegistrationId=registration.id)
    with refused("ConflictException", "RESOURCE_DELETION_NOT_ALLOWED", about=attachment):
        sms.delete_registration_attachment(RegistrationAttachmentId=attachment.id)

    emulator.clock.advance(seconds=30)
    assert sms.describe_registrations()["Registrations"] == []
    sms.delete_registration_attachment(RegistrationAttachmentId=attachment.id)


def test_review_returns_a_copy(emulator, registration, submit):
    """Changing the returned registration does not change the state."""
    submit(registration)
    reviewed = emulator.review(registration.id, "COMPLETE")
    before = emulator.snapshot()

    reviewed.status = "CLOSED"
    reviewed.versions.clear()

    assert emulator.snapshot() == before
