"""A toll-free number, from the definitions of its registration to its first text."""

import pytest
from botocore.exceptions import ClientError

from tests.filling import answer, ask

pytestmark = pytest.mark.pinpoint_sms(registrations="required")

TYPE = "US_TOLL_FREE_REGISTRATION"
SEND = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Your code is 123456."}

# What the script of a small company puts; it does not know yet of what became required later.
COMPANY = {
    "companyInfo.businessType": ["PRIVATE_PROFIT"],
    "companyInfo.taxId": "12-3456789",
    "companyInfo.taxIdAuthority": ["EIN"],
    "companyInfo.taxIdCountry": "US",
}
FORGOTTEN = ("messagingUseCase.privacyPolicyUrl", "messagingUseCase.termsAndConditionsUrl")


@pytest.fixture
def number(sms):
    """A toll-free number, which waits for its registration."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="TOLL_FREE",
    )
    return leased["PhoneNumberId"]


@pytest.fixture
def registration(sms, number):
    """The registration of the number: created, then associated."""
    made = sms.create_registration(RegistrationType=TYPE)["RegistrationId"]
    sms.create_registration_association(RegistrationId=made, ResourceId=number)
    return made


@pytest.fixture
def put(sms, registration):
    """Set the value of a field: a text, or choices."""

    def give(path, value):
        member = "TextValue" if isinstance(value, str) else "SelectChoices"
        sms.put_registration_field_value(
            RegistrationId=registration, FieldPath=path, **{member: value}
        )

    return give


@pytest.fixture
def fill_in(sms, registration, put):
    """Set all required fields but some, as a script does that reads the definitions."""

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
    """A client that fills in all requested fields passes the review."""
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
    """A submission with gaps is denied by machine, the next one by a person, the third approved."""

    def status():
        """Return what a script polls."""
        (listed,) = sms.describe_registrations(RegistrationIds=[registration])["Registrations"]
        return listed["RegistrationStatus"], listed.get("LatestDeniedVersionNumber")

    def denied():
        """The fields to correct, and why."""
        values = sms.describe_registration_field_values(RegistrationId=registration)
        return {
            each["FieldPath"]: each["DeniedReason"]
            for each in values["RegistrationFieldValues"]
            if "DeniedReason" in each
        }

    # The first version lacks two links. It is taken, and denied a moment later.
    fill_in(but=FORGOTTEN)
    sms.submit_registration_version(RegistrationId=registration)
    assert status() == ("REQUIRES_UPDATES", 1)
    assert denied() == dict.fromkeys(FORGOTTEN, "MISSING_REQUIRED_FIELD")
    with pytest.raises(ClientError, match="EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED"):
        put(FORGOTTEN[0], "https://www.example.com/privacy")

    # The second begins empty. It is complete, and a reviewer wants a better sample.
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

    # The third is approved, and the number sends.
    sms.create_registration_version(RegistrationId=registration)
    fill_in()
    put(sample, "Example Corp: your one-time passcode is [code].")
    sms.submit_registration_version(RegistrationId=registration)
    emulator.review(registration, "COMPLETE")

    assert status() == ("COMPLETE", 2)
    sms.send_text_message(OriginationIdentity=number, **SEND)
    assert emulator.messages[-1].status == "DELIVERED"
