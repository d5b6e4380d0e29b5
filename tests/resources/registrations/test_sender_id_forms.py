"""The forms of sender IDs of Indonesia and India have the fields that AWS's scripts fill in."""

from __future__ import annotations

import pytest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)

COMPANY = {
    "companyInfo.companyId": "123456789",
    "companyInfo.companyName": "Example Corp",
    "companyInfo.website": "https://www.example.com",
    "companyInfo.areaOfBusiness": ["Other"],
    "companyAddress.address1": "123 Main Street",
    "companyAddress.city": "Any Town",
    "contactInfo.emailAddress": "ann@example.com",
    "contactInfo.phoneNumber": "+12605550100",
    "messagingUseCase.useCaseCategory": ["One-time passcodes"],
    "messagingUseCase.useCaseDescription": "Codes for users who sign in",
    "messagingUseCase.monthlyMessageVolume": ["10,000"],
    "messagingUseCase.optInDescription": "Users tick a box",
    "messageSamples.messageSample1": "Your code is 123456",
    "senderIdInfo.senderId": "DEMO",
}
INDIA = {
    "companyAddress.isoCountryCode": "IN",
    "inSidSpecificInfo.principalEntityId": "123",
    "inSidSpecificInfo.chainId1": "456",
    "inSidSpecificInfo.chainId2": "789",
    "inSidSpecificInfo.chainId3": "910",
    "inSidSpecificInfo.chainId5": "912",
    "inSidSpecificInfo.sendingParametersAcknowledgement": ["Yes"],
}
INDONESIA = {
    "companyAddress.isoCountryCode": "ID",
    "idSidSpecificInfo.letterOfAuthorization1": PNG,
    "idSidSpecificInfo.letterOfAuthorization2": PNG,
    "idSidSpecificInfo.letterOfAuthorization3": PNG,
    "idSidSpecificInfo.letterOfAuthorization4": PNG,
    "idSidSpecificInfo.regulatoryAgencyLicense": PNG,
    "idSidSpecificInfo.nomorPokokWajibPajakDocument": PNG,
    "idSidSpecificInfo.nomorIndukBerusahaDocument": PNG,
    "senderIdInfo.proofOfSenderIdConnection": PNG,
}


def put(sms, registration_id, path, value):
    """Put a text, choices or a file, as the scripts do."""
    match value:
        case bytes():
            made = sms.create_registration_attachment(AttachmentBody=value)
            members = {"RegistrationAttachmentId": made["RegistrationAttachmentId"]}
        case list():
            members = {"SelectChoices": value}
        case _:
            members = {"TextValue": value}
    sms.put_registration_field_value(RegistrationId=registration_id, FieldPath=path, **members)


def register(sms, registration_type, values):
    """Create, fill in and submit a registration; its status."""
    made = sms.create_registration(RegistrationType=registration_type)["RegistrationId"]
    for path, value in values.items():
        put(sms, made, path, value)
    sms.submit_registration_version(RegistrationId=made)
    [found] = sms.describe_registrations(RegistrationIds=[made])["Registrations"]
    return found["RegistrationStatus"]


@pytest.mark.rule("regform-sender-id-scripts")
@pytest.mark.parametrize(
    ("registration_type", "values"),
    [("IN_SENDER_ID_REGISTRATION", INDIA), ("ID_SENDER_ID_REGISTRATION", INDONESIA)],
)
def test_the_scripts_of_aws_register_a_sender_id(sms, registration_type, values):
    """Each field is taken, and the registration is approved."""
    assert register(sms, registration_type, COMPANY | values) == "COMPLETE"


@pytest.mark.rule("regform-sender-id-scripts")
def test_the_letter_for_xl_axiata_is_required(sms):
    """Without it, the submission of an Indonesian sender ID is refused or denied."""
    path = "idSidSpecificInfo.letterOfAuthorization3"
    values = {name: value for name, value in INDONESIA.items() if name != path}

    definitions = sms.describe_registration_field_definitions(
        RegistrationType="ID_SENDER_ID_REGISTRATION", FieldPaths=[path]
    )["RegistrationFieldDefinitions"]

    assert [each["FieldRequirement"] for each in definitions] == ["REQUIRED"]
    with pytest.raises(sms.exceptions.ValidationException) as refused:
        register(sms, "ID_SENDER_ID_REGISTRATION", COMPANY | values)
    assert refused.value.response["Reason"] == "FIELD_VALIDATION_FAILED"
