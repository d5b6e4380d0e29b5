"""A 10DLC number: the brand, its vetting and a campaign are registered, one after the other."""

import pytest
from botocore.exceptions import ClientError

from tests.filling import answer, ask

pytestmark = pytest.mark.pinpoint_sms(registrations="required")

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
VETTING = "US_TEN_DLC_BRAND_VETTING"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"

PRIVATE_COMPANY = {"companyInfo.legalType": ["PRIVATE_PROFIT"], "companyInfo.taxId": "123456789"}


@pytest.fixture
def create(sms):
    """A function that creates a registration, associated with a brand if one is given."""

    def make(registration_type, brand=None):
        made = sms.create_registration(RegistrationType=registration_type)["RegistrationId"]
        if brand:
            sms.create_registration_association(RegistrationId=made, ResourceId=brand)
        return made

    return make


@pytest.fixture
def fill_in(sms):
    """A function that fills in the required fields of a registration, and those in `chosen`."""

    def give(registration, registration_type, **chosen):
        for field in ask(sms, registration_type):
            path = field["FieldPath"]
            if path in chosen:
                kind = "TextValue" if isinstance(chosen[path], str) else "SelectChoices"
                members = {kind: chosen[path]}
            elif field["FieldRequirement"] == "REQUIRED":
                members = answer(sms, field)
            else:
                continue
            sms.put_registration_field_value(RegistrationId=registration, FieldPath=path, **members)

    return give


@pytest.fixture
def status_of(sms):
    """A function that returns the status of a registration."""

    def poll(registration):
        (current,) = sms.describe_registrations(RegistrationIds=[registration])["Registrations"]
        return current["RegistrationStatus"]

    return poll


def test_brand_vetting_campaign_number(sms, emulator, create, fill_in, status_of):
    """Each registration needs the one before it, and the number needs a COMPLETE campaign."""
    # The brand is denied: only public companies give an authentication email.
    brand = create(BRAND)
    email = {"companyInfo.businessContactEmail": "janedoe@example.com"}
    fill_in(brand, BRAND, **PRIVATE_COMPANY, **email)
    sms.submit_registration_version(RegistrationId=brand)
    assert status_of(brand) == "REQUIRES_UPDATES"
    sms.create_registration_version(RegistrationId=brand)
    fill_in(brand, BRAND, **PRIVATE_COMPANY)
    sms.submit_registration_version(RegistrationId=brand)
    emulator.review(brand, "COMPLETE")

    # The vetting has no fields, but cannot be submitted before it is associated with its brand.
    vetting = create(VETTING)
    assert ask(sms, VETTING) == []
    with pytest.raises(ClientError, match="SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED"):
        sms.submit_registration_version(RegistrationId=vetting)
    sms.create_registration_association(RegistrationId=vetting, ResourceId=brand)
    sms.submit_registration_version(RegistrationId=vetting)
    emulator.review(vetting, "COMPLETE")

    # The campaign cannot be submitted without values.
    campaign = create(CAMPAIGN, brand)
    with pytest.raises(ClientError, match="SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED"):
        sms.submit_registration_version(RegistrationId=campaign)
    fill_in(campaign, CAMPAIGN)
    sms.submit_registration_version(RegistrationId=campaign)

    # The number cannot be requested before the campaign is approved.
    wanted = {
        "IsoCountryCode": "US",
        "MessageType": "TRANSACTIONAL",
        "NumberCapabilities": ["SMS"],
        "NumberType": "TEN_DLC",
        "RegistrationId": campaign,
    }
    with pytest.raises(ClientError, match="REGISTRATION_NOT_COMPLETE"):
        sms.request_phone_number(**wanted)
    emulator.review(campaign, "COMPLETE")
    number = sms.request_phone_number(**wanted)
    listed = sms.list_registration_associations(RegistrationId=campaign)
    assert [
        (each["ResourceType"], each["ResourceId"]) for each in listed["RegistrationAssociations"]
    ] == [(BRAND, brand), ("TEN_DLC", number["PhoneNumberId"])]
    sms.send_text_message(
        DestinationPhoneNumber="+14255550100",
        OriginationIdentity=number["PhoneNumberId"],
        MessageBody="Your code is 123456.",
    )
    assert emulator.messages[-1].status == "DELIVERED"

    # Nothing can be deleted while something else needs it.
    for needed in (campaign, brand):
        with pytest.raises(ClientError, match="ConflictException"):
            sms.delete_registration(RegistrationId=needed)
    sms.release_phone_number(PhoneNumberId=number["PhoneNumberId"])
    sms.describe_phone_numbers()
    for each in (campaign, vetting, brand):
        sms.delete_registration(RegistrationId=each)
    assert sms.describe_registrations()["Registrations"] == []
