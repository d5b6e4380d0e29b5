"""A toll-free number is requested and registered, and sends its first text."""

import pytest
from botocore.exceptions import ClientError

from tests.filling import answer, ask

pytestmark = pytest.mark.pinpoint_sms(registrations="required")

TYPE = "US_TOLL_FREE_REGISTRATION"
SEND = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Your code is 123456."}

# What a small company says about itself.
COMPANY = {
    "companyInfo.businessType": ["PRIVATE_PROFIT"],
    "companyInfo.taxId": "12-3456789",
    "companyInfo.taxIdAuthority": ["EIN"],
    "companyInfo.taxIdCountry": "US",
}
LEFT_OUT = ("messagingUseCase.privacyPolicyUrl", "messagingUseCase.termsAndConditionsUrl")


@pytest.fixture
def number(sms):
    """A toll-free number, which is PENDING until its registration is complete."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="TOLL_FREE",
    )
    return leased["PhoneNumberId"]


@pytest.fixture
def registration(sms, number):
    """A registration that is associated with the number."""
    made = sms.create_registration(RegistrationType=TYPE)["RegistrationId"]
    sms.create_registration_association(RegistrationId=made, ResourceId=number)
    return made


@pytest.fixture
def put(sms, registration):
    """A function that sets the value of a field: a text, or a list of choices."""

    def give(path, value):
        member = "TextValue" if isinstance(value, str) else "SelectChoices"
        sms.put_registration_field_value(
            RegistrationId=registration, FieldPath=path, **{member: value}
        )

    return give


@pytest.fixture
def fill_in(sms, registration, put):
    """A function that reads the field definitions, and fills in what is required, except `but`."""

    def give(but=()):
        for field in ask(sms, TYPE):
            if field["FieldRequirement"] == "REQUIRED" and field["FieldPath"] not in but:
                sms.put_registration_field_value(
                    RegistrationId=registration, FieldPath=field["FieldPath"], **answer(sms, field)
                )
        for path, value in COMPANY.items():
            put(path, value)

    return give


def test_from_the_definitions_to_the_first_text(sms, emulator, number, registration, fill_in):
    """The number cannot send until its form is filled in, submitted and approved."""
    with pytest.raises(ClientError, match="RESOURCE_NOT_ACTIVE"):
        sms.send_text_message(OriginationIdentity=number, **SEND)
    (definition,) = sms.describe_registration_type_definitions(
        Filters=[{"Name": "supported-association-resource-type", "Values": ["TOLL_FREE"]}]
    )["RegistrationTypeDefinitions"]
    assert definition["RegistrationType"] == TYPE
    assert definition["SupportedAssociations"] == [
        {
            "ResourceType": "TOLL_FREE",
            "IsoCountryCode": "US",
            "AssociationBehavior": "ASSOCIATE_BEFORE_SUBMIT",
            "DisassociationBehavior": "DISASSOCIATE_ALL_CLOSES_REGISTRATION",
        }
    ]

    fill_in()
    sms.submit_registration_version(RegistrationId=registration)
    emulator.review(registration, "COMPLETE")

    (described,) = sms.describe_phone_numbers(PhoneNumberIds=[number])["PhoneNumbers"]
    assert described["Status"] == "ACTIVE"
    sms.send_text_message(OriginationIdentity=number, **SEND)
    assert emulator.messages[-1].status == "DELIVERED"


def test_denied_corrected_and_approved(sms, emulator, number, registration, put, fill_in):
    """Version 1 lacks fields, a reviewer denies version 2, and version 3 is approved."""

    def status():
        """Return the status, and the number of the latest denied version."""
        (listed,) = sms.describe_registrations(RegistrationIds=[registration])["Registrations"]
        return listed["RegistrationStatus"], listed.get("LatestDeniedVersionNumber")

    def denied():
        """Return the denied fields of the current version, and the reasons."""
        values = sms.describe_registration_field_values(RegistrationId=registration)
        return {
            each["FieldPath"]: each["DeniedReason"]
            for each in values["RegistrationFieldValues"]
            if "DeniedReason" in each
        }

    # Version 1 lacks two required links: it is accepted, and denied a moment later.
    fill_in(but=LEFT_OUT)
    sms.submit_registration_version(RegistrationId=registration)
    assert status() == ("REQUIRES_UPDATES", 1)
    assert denied() == dict.fromkeys(LEFT_OUT, "MISSING_REQUIRED_FIELD")
    with pytest.raises(ClientError, match="EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED"):
        put(LEFT_OUT[0], "https://www.example.com/privacy")

    # Version 2 begins without values. It is complete, but a reviewer denies a sample message.
    sms.create_registration_version(RegistrationId=registration)
    assert denied() == {}
    fill_in()
    sms.submit_registration_version(RegistrationId=registration)
    assert status() == ("REVIEWING", 1)
    sample = "messageSamples.messageSample1"
    emulator.review(
        registration,
        "REQUIRES_UPDATES",
        reason="Message Use Case Mismatch",
        fields={sample: "INVALID_FIELD_VALUE"},
    )
    assert status() == ("REQUIRES_UPDATES", 2)
    assert denied() == {sample: "INVALID_FIELD_VALUE"}
    versions = sms.describe_registration_versions(RegistrationId=registration)
    assert [each["DeniedReasons"][0]["Reason"] for each in versions["RegistrationVersions"]] == [
        "Missing required field",
        "Message Use Case Mismatch",
    ]

    # Version 3 is approved, and the number can send.
    sms.create_registration_version(RegistrationId=registration)
    fill_in()
    put(sample, "Example Corp: your one-time passcode is [code].")
    sms.submit_registration_version(RegistrationId=registration)
    emulator.review(registration, "COMPLETE")

    assert status() == ("COMPLETE", 2)
    sms.send_text_message(OriginationIdentity=number, **SEND)
    assert emulator.messages[-1].status == "DELIVERED"
