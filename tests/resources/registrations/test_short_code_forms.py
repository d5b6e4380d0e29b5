"""The forms of short codes are those of the pages of AWS's guide."""

from __future__ import annotations

import pytest

from tests.filling import ask, fill_in

pytestmark = pytest.mark.rule("regform-short-codes")

# AWS End User Messaging guide, the pages on short code registration: whether a field is REQUIRED,
# and the length of a text.
ALL_ALIKE = {
    "companyInfo.companyName": ("REQUIRED", 1, 100),
    "companyInfo.companyId": ("REQUIRED", 1, 30),
    "companyInfo.dbaName": ("OPTIONAL", 1, 100),
    "companyInfo.website": ("REQUIRED", 4, 100),
    "companyInfo.contactFirstName": ("REQUIRED", 1, 100),
    "companyInfo.contactLastName": ("REQUIRED", 1, 100),
    "companyInfo.contactEmailAddress": ("REQUIRED", 5, 100),
    "companyInfo.contactPhoneNumber": ("REQUIRED", 3, 30),
    "companyAddress.address1": ("REQUIRED", 1, 100),
    "companyAddress.address2": ("OPTIONAL", 1, 100),
    "companyAddress.city": ("REQUIRED", 1, 100),
    "companyAddress.state": ("REQUIRED", 1, 50),
    "companyAddress.zipCode": ("OPTIONAL", 1, 20),
    "companyAddress.isoCountryCode": ("REQUIRED", 2, 2),
    "messagingUseCase.serviceName": ("REQUIRED", 1, 100),
    "messagingUseCase.useCaseCategory": ("REQUIRED",),
    "messagingUseCase.useCaseDescription": ("REQUIRED", 1, 500),
    "messagingUseCase.monthlyMessageVolume": ("REQUIRED",),
    "messagingUseCase.monthlyInboundMessageVolume": ("REQUIRED",),
    "messagingUseCase.estimatedMonthlyContacts": ("REQUIRED", 1, 50),
    "messagingUseCase.peakVolumeHours": ("REQUIRED", 1, 100),
    "messagingUseCase.programDirection": ("REQUIRED",),
    "messagingUseCase.optInMethod": ("REQUIRED",),
    "messagingUseCase.optInMethodOther": ("CONDITIONAL", 1, 100),
    **{
        path: needed
        for number in (1, 2, 3)
        for path, needed in (
            (f"messagingUseCase.optInUserExperienceFlow{number}", ("OPTIONAL", 1, 1500)),
            (f"messagingUseCase.optInMockup{number}", ("OPTIONAL",)),
        )
    },
    "messagingUseCase.customerServiceEmailAddress": ("REQUIRED", 5, 100),
    "messagingUseCase.customerServicePhoneNumber": ("REQUIRED", 3, 30),
    "messagingUseCase.customerServiceHours": ("REQUIRED", 1, 100),
    "messageSamples.helpResponse": ("OPTIONAL", 1, 160),
    "messageSamples.stopResponse": ("OPTIONAL", 1, 160),
    "messageSamples.messageSample1": ("REQUIRED", 1, 306),
    "messageSamples.messageSample2": ("OPTIONAL", 1, 306),
    "messageSamples.messageSample3": ("OPTIONAL", 1, 306),
}
GERMANY = {
    "messagingUseCase.requiredUserInput": ("REQUIRED", 1, 1500),
    "messagingUseCase.serviceReplyLogic": ("REQUIRED", 1, 1500),
    "messagingUseCase.errorHandlingProcess": ("REQUIRED", 1, 1500),
    "messagingUseCase.advertisingChannels": ("REQUIRED",),
}
ABROAD = ["AE", "AR", "BR", "CL", "DE", "ES", "FI", "FR", "GB", "IN", "JP", "NL", "NZ", "PT"]
UNITED_STATES = "US_SHORT_CODE_REGISTRATION"


def type_of(code: str) -> str:
    """The registration type of a country's short codes."""
    return f"{code}_SHORT_CODE_REGISTRATION"


def summary(field):
    """Whether a field is required, and the length of a text."""
    rules = field.get("TextValidation")
    length = (rules["MinLength"], rules["MaxLength"]) if rules else ()
    return (field["FieldRequirement"], *length)


@pytest.mark.parametrize("code", ABROAD)
def test_forms_abroad_are_alike(sms, code):
    """Germany alone asks for more."""
    found = {each["FieldPath"]: summary(each) for each in ask(sms, type_of(code))}

    assert found == ALL_ALIKE | (GERMANY if code == "DE" else {})


def test_no_other_country_registers_short_codes(sms):
    """The pages, the list of registration times, and the United States are all."""
    pages = sms.get_paginator("describe_registration_type_definitions").paginate()
    found = {
        each["RegistrationType"] for page in pages for each in page["RegistrationTypeDefinitions"]
    }

    assert {each for each in found if each.endswith(type_of(""))} == {
        UNITED_STATES,
        *(type_of(code) for code in ABROAD),
    }


@pytest.mark.parametrize(("code", "is_taken"), [("GB", False), ("DE", True)])
def test_british_users_call_a_british_number(sms, register, code, is_taken):
    """Customer service of a short code of the United Kingdom has a number there."""
    registration = register(type_of(code))
    field = {
        "RegistrationId": registration.id,
        "FieldPath": "messagingUseCase.customerServicePhoneNumber",
    }

    if is_taken:
        sms.put_registration_field_value(**field, TextValue="+12065550142")
    else:
        with pytest.raises(sms.exceptions.ValidationException):
            sms.put_registration_field_value(**field, TextValue="+12065550142")
    sms.put_registration_field_value(**field, TextValue="+441632960142")


@pytest.mark.rule("regver-submit-missing-fields")
def test_an_isv_tells_about_the_company_it_sends_for(sms, register, refused):
    """Of the fields for ISVs, what the company itself may leave out is optional."""
    registration = register(UNITED_STATES)
    fill_in(sms, registration)
    sms.put_registration_field_value(
        RegistrationId=registration.id, FieldPath="companyInfo.isIsv", SelectChoices=["Yes"]
    )
    needed = [
        *(
            f"companyInfo.contentProvider{name}"
            for name in ("Name", "Id", "Website", "LegalEntityType")
        ),
        *(
            f"companyAddress.contentProvider{name}"
            for name in ("Address1", "City", "IsoCountryCode")
        ),
        *(f"contactInfo.contentProvider{name}" for name in ("Name", "EmailAddress", "PhoneNumber")),
    ]

    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=needed):
        sms.submit_registration_version(RegistrationId=registration.id)


def test_a_form_of_the_united_states_needs_terms_and_an_opt_in(sms):
    """The page marks the policy as optional, and the terms not."""
    needed = {
        each["FieldPath"]
        for each in ask(sms, UNITED_STATES)
        if each["FieldRequirement"] == "REQUIRED"
        and each["FieldPath"].startswith(("termsAndPolicyInfo.", "optIn", "complianceKeywords."))
    }

    assert needed == {
        "termsAndPolicyInfo.termsAndConditionsUrl",
        "optInWorkflow.optInType1",
        "optInWorkflow.optInUserExperienceFlow1",
        "optInWorkflow.optInMockup1",
        "optInWorkflow.doubleOptIn",
        "complianceKeywords.helpResponse",
        "complianceKeywords.stopResponse",
        "complianceKeywords.optInKeyword",
        "complianceKeywords.optInConfirmation",
    }
