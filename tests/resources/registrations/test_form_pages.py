"""What the guide's pages of the forms say about their fields."""

import pytest

from pinpoint_sms_emu.reference.registration_forms import registration_types
from pinpoint_sms_emu.resources.registrations.attachments import largest
from pinpoint_sms_emu.resources.registrations.automatic_review import find_denials
from tests.filling import PDF, fill_in, png

FORMS = registration_types()
BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
DEDICATED = ("_SENDER_ID_REGISTRATION", "_LONG_CODE_REGISTRATION", "_SHORT_CODE_REGISTRATION")

# "State/Province (optional)" and "Zip Code/Postal code".
NEEDS_POSTAL_CODE = {"GB_SENDER_ID_REGISTRATION", "SG_SENDER_ID_REGISTRATION"}
# The address of Austria is one field, and Finland has none.
HAS_NO_STATE = {"AT_SENDER_ID_REGISTRATION", "FI_SENDER_ID_REGISTRATION"}
SHORT_CODE = "_SHORT_CODE_REGISTRATION"


# Addresses.


def address_fields(form):
    """The requirement of the state and of the postal code of a form's address."""
    return {
        path.partition(".")[2]: field.field_requirement
        for path, field in form.fields.items()
        if path.endswith((".state", ".zipCode"))
    }


@pytest.mark.rule("regform-optional-address")
@pytest.mark.parametrize(
    "registration_type",
    [each for each in FORMS if each.endswith(DEDICATED) and each not in HAS_NO_STATE],
)
def test_the_state_of_an_address_is_optional(registration_type):
    """So is the postal code, except for GB and SG sender IDs; short codes abroad need a state."""
    needs_postal_code = registration_type in NEEDS_POSTAL_CODE
    needs_state = registration_type.endswith(SHORT_CODE) and not registration_type.startswith("US")

    assert address_fields(FORMS[registration_type]) == {
        "state": "REQUIRED" if needs_state else "OPTIONAL",
        "zipCode": "REQUIRED" if needs_postal_code else "OPTIONAL",
    }


@pytest.mark.rule("regform-optional-address")
@pytest.mark.parametrize("code", ["GB", "ID", "IN", "SG"])
def test_a_sender_id_is_registered_without_a_state(sms, register, code):
    """The required fields are enough, and the state is none of them."""
    registration = register(f"{code}_SENDER_ID_REGISTRATION")
    fill_in(sms, registration)
    assert not any(path.endswith(".state") for path in registration.current.values)

    answer = sms.submit_registration_version(RegistrationId=registration.id)

    assert answer["RegistrationVersionStatus"] == "SUBMITTED"


# Files.

FILES = {"PDF": PDF, "PNG": png(640, 480), "JPEG": bytes.fromhex("ffd8ffe0")}
# The images of agents have reasons of their own.
LIMITED = {
    registration_type: limited
    for registration_type, form in FORMS.items()
    if (
        limited := {
            path: field.attachment_validation
            for path, field in form.fields.items()
            if field.attachment_validation and not field.attachment_validation.pixels
        }
    )
}


@pytest.fixture
def judge(sms, register, account):
    """Put the same file into these fields of a form, and return the reasons of their denials."""

    def give(registration_type, paths, body):
        registration = register(registration_type)
        made = sms.create_registration_attachment(AttachmentBody=body)
        for path in paths:
            sms.put_registration_field_value(
                RegistrationId=registration.id,
                FieldPath=path,
                RegistrationAttachmentId=made["RegistrationAttachmentId"],
            )
        denials = find_denials(account, registration, registration.current)
        return {path: denials[path] for path in paths if path in denials}

    return give


@pytest.mark.rule("regver-files-denied")
@pytest.mark.parametrize("registration_type", LIMITED)
@pytest.mark.parametrize("file_type", FILES)
def test_files_have_the_types_of_their_form(judge, registration_type, file_type):
    """Exactly the fields that do not list the type are denied."""
    limited = LIMITED[registration_type]

    assert judge(registration_type, limited, FILES[file_type]) == {
        path: "INVALID_FIELD_VALUE"
        for path, rules in limited.items()
        if file_type not in rules.file_types
    }


@pytest.mark.rule("regver-files-denied")
@pytest.mark.parametrize("registration_type", LIMITED)
def test_files_have_the_sizes_of_their_form(judge, registration_type):
    """A file of the maximum size is taken; one of a byte more is denied or cannot be uploaded."""
    for path, rules in LIMITED[registration_type].items():
        body = FILES["PNG"].ljust(rules.max_bytes)

        assert judge(registration_type, [path], body) == {}
        if rules.max_bytes < largest():
            assert judge(registration_type, [path], body + b" ") == {path: "INVALID_FIELD_VALUE"}


@pytest.mark.rule("regver-files-denied")
@pytest.mark.parametrize(
    ("registration_type", "path", "file_types", "kilobytes"),
    [
        ("SG_SENDER_ID_REGISTRATION", "senderIdInfo.letterOfAuthorization", {"PNG"}, 400),
        ("GB_SENDER_ID_REGISTRATION", "senderIdInfo.letterOfAuthorization", set(FILES), 400),
        *(
            ("US_TEN_DLC_CAMPAIGN_REGISTRATION", f"campaignInfo.{name}", set(FILES), 500)
            for name in ("optInScreenshot", "termsAndConditionsFile", "privacyPolicyFile")
        ),
        *(
            (
                "US_TEN_DLC_CAMPAIGN_REGISTRATION",
                f"mmsFileSamples.mmsFileSample{number}",
                {"GIF", "JPEG", "PNG"},
                500,
            )
            for number in range(1, 6)
        ),
    ],
)
def test_the_pages_tell_types_and_sizes(registration_type, path, file_types, kilobytes):
    """The types and the maximum size of a file are those of the page of the form."""
    rules = LIMITED[registration_type][path]

    assert (set(rules.file_types), rules.max_bytes) == (file_types, kilobytes * 1024)


# Brands.


@pytest.fixture
def denials_of_a_brand(sms, register, account):
    """Fill in a brand, and return the reasons of its denial with these texts and legal type."""

    def judge(legal_type="PRIVATE_PROFIT", **texts):
        brand = register(BRAND)
        fill_in(sms, brand)
        values = {name: {"TextValue": text} for name, text in texts.items()}
        for name, value in (values | {"legalType": {"SelectChoices": [legal_type]}}).items():
            sms.put_registration_field_value(
                RegistrationId=brand.id, FieldPath=f"companyInfo.{name}", **value
            )
        return find_denials(account, brand, brand.current)

    return judge


@pytest.mark.rule("regform-ein-nine-digits")
@pytest.mark.parametrize(
    ("country", "number", "is_denied"),
    [
        ("US", "123456789", False),
        ("US", "12345678", True),
        ("US", "1234567890", True),
        ("US", "12345678A", True),
        ("GB", "1234567890", False),
        ("CA", "BC1234567", False),
    ],
)
def test_an_ein_has_nine_digits(denials_of_a_brand, country, number, is_denied):
    """Only tax IDs of the United States have a form of their own."""
    denials = denials_of_a_brand(taxIdIssuingCountry=country, taxId=number)

    assert denials == ({"companyInfo.taxId": "INVALID_FIELD_VALUE"} if is_denied else {})


@pytest.mark.rule("regform-brand-us-legal-types")
@pytest.mark.parametrize("legal_type", ["PRIVATE_PROFIT", "NON_PROFIT", "GOVERNMENT"])
@pytest.mark.parametrize(("country", "is_american"), [("US", True), ("PR", True), ("GB", False)])
def test_other_countries_brands_are_for_profit(
    denials_of_a_brand, legal_type, country, is_american
):
    """Elsewhere an organization registers as private for-profit, whatever it is."""
    denials = denials_of_a_brand(legal_type, isoCountryCode=country)

    is_denied = legal_type != "PRIVATE_PROFIT" and not is_american
    assert denials == ({"companyInfo.legalType": "INVALID_FIELD_VALUE"} if is_denied else {})


# Agents.


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regform-rcs-volume")
@pytest.mark.parametrize(
    "registration_type", ["TEST_RCS_LAUNCH_REGISTRATION", "GB_RCS_LAUNCH_REGISTRATION"]
)
def test_the_monthly_volume_of_an_agent(sms, register, refused, registration_type):
    """It is 1 to 100000, though six digits fit."""
    registration = register(registration_type)
    field = {"RegistrationId": registration.id, "FieldPath": "agentDetails.monthlyRcsVolume"}

    for volume in ("1", "100000"):
        sms.put_registration_field_value(**field, TextValue=volume)
    for volume in ("0", "100001", "999999", "1,000"):
        with refused("ValidationException", "INVALID_PARAMETER", fields=["TextValue"]):
            sms.put_registration_field_value(**field, TextValue=volume)
