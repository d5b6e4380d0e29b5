"""A toll-free number, from the definitions of its registration to its first text."""

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu.emulator import engine_of
from tests.filling import answer, ask

pytestmark = pytest.mark.pinpoint_sms(registrations="required")

TYPE = "US_TOLL_FREE_REGISTRATION"


def test_from_the_definitions_to_the_first_text(sms, emulator):
    """A client that reads what is asked for and fills it in gets through its review."""
    number = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="TOLL_FREE",
    )["PhoneNumberId"]
    send = {"DestinationPhoneNumber": "+14255550100", "MessageBody": "Your code is 123456."}
    with pytest.raises(ClientError, match="RESOURCE_NOT_ACTIVE"):
        sms.send_text_message(OriginationIdentity=number, **send)

    # What there is to be registered, and what comes with it.
    (definition,) = sms.describe_registration_type_definitions(
        Filters=[{"Name": "supported-association-resource-type", "Values": ["TOLL_FREE"]}]
    )["RegistrationTypeDefinitions"]
    assert definition["RegistrationType"] == TYPE
    (supported,) = definition["SupportedAssociations"]
    assert supported["AssociationBehavior"] == "ASSOCIATE_BEFORE_SUBMIT"

    registration = sms.create_registration(RegistrationType=TYPE)["RegistrationId"]
    sms.create_registration_association(RegistrationId=registration, ResourceId=number)
    for field in ask(sms, TYPE):
        if field["FieldRequirement"] == "REQUIRED":
            sms.put_registration_field_value(
                RegistrationId=registration, FieldPath=field["FieldPath"], **answer(sms, field)
            )
    sms.submit_registration_version(RegistrationId=registration)

    # The reviewer wants a better sample; a new version begins empty.
    emulator.review(
        registration,
        "REQUIRES_UPDATES",
        reason="A sample does not say who writes.",
        fields={"messageSamples.messageSample1": "Name your company."},
    )
    sms.create_registration_version(RegistrationId=registration)
    for field in ask(sms, TYPE):
        if field["FieldRequirement"] == "REQUIRED":
            sms.put_registration_field_value(
                RegistrationId=registration, FieldPath=field["FieldPath"], **answer(sms, field)
            )
    sms.submit_registration_version(RegistrationId=registration)
    emulator.review(registration, "COMPLETE")

    (described,) = sms.describe_phone_numbers(PhoneNumberIds=[number])["PhoneNumbers"]
    assert described["Status"] == "ACTIVE"
    sent = sms.send_text_message(OriginationIdentity=number, **send)
    assert engine_of(emulator).state.messages[sent["MessageId"]].status == "DELIVERED"
