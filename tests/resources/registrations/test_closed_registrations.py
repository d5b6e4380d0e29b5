"""Closed registrations, which can only be deleted."""

import pytest

from pinpoint_sms_emu.wire.model import service_model, snake
from tests.filling import fill_in

# What each operation that changes a registration is called with, and the Reason of its refusal.
CHANGES = {
    "CreateRegistrationAssociation": (
        {"ResourceId": "EXAMPLE"},
        "RESOURCE_MODIFICATION_NOT_ALLOWED",
    ),
    "CreateRegistrationVersion": ({}, "CREATE_REGISTRATION_VERSION_NOT_ALLOWED"),
    "DeleteRegistrationFieldValue": (
        {"FieldPath": "senderIdInfo.senderId"},
        "EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED",
    ),
    "DiscardRegistrationVersion": ({}, "DISCARD_REGISTRATION_VERSION_NOT_ALLOWED"),
    "PutRegistrationFieldValue": (
        {"FieldPath": "senderIdInfo.senderId", "TextValue": "EXAMPLE"},
        "EDIT_REGISTRATION_FIELD_VALUES_NOT_ALLOWED",
    ),
    "SubmitRegistrationVersion": ({}, "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED"),
}


@pytest.fixture
def closed(sms, registered_sender, sender_id):
    """A registration with a filled-in draft that was closed because its sender ID was released.

    Another sender ID could be associated with it.
    """
    registration, sender = registered_sender
    sms.create_registration_version(RegistrationId=registration.id)
    fill_in(sms, registration)
    sms.release_sender_id(SenderId=sender.id, IsoCountryCode="GB")
    assert registration.status == "CLOSED"
    return registration


def test_all_changes_of_registrations_are_listed():
    """Every operation with a RegistrationId reads, deletes or is in the list."""
    named = {
        name
        for name, operation in service_model().operations.items()
        if "RegistrationId" in service_model().shapes[operation.input_shape]["members"]
        and not name.startswith(("Describe", "List"))
    }
    assert named - {"DeleteRegistration", "RequestPhoneNumber"} == set(CHANGES)


@pytest.mark.rule(
    "regassoc-create-closed",
    "regfield-put-closed",
    "regver-create-not-allowed",
    "regver-discard-closed",
    "regver-submit-closed",
)
@pytest.mark.parametrize("operation", CHANGES)
def test_a_closed_registration_cannot_be_changed(sms, closed, refused, operation):
    """Its draft can be neither edited nor submitted nor discarded. It can be deleted."""
    members, reason = CHANGES[operation]
    with refused("ConflictException", reason, about=closed):
        getattr(sms, snake(operation))(RegistrationId=closed.id, **members)

    sms.delete_registration(RegistrationId=closed.id)


@pytest.mark.rule("regver-submit-closed")
def test_the_explanation_says_that_it_is_closed(sms, emulator, closed, refused):
    """A draft of a closed registration lacks nothing."""
    with refused("ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=closed):
        sms.submit_registration_version(RegistrationId=closed.id)

    assert f"{closed.id} is CLOSED" in emulator.calls[-1].why["state"]


@pytest.mark.pinpoint_sms(registrations="required")
@pytest.mark.rule("regver-status-denied", "reg-status-closed")
def test_a_review_ends_when_the_registration_is_closed(sms, emulator, registered_sender, submit):
    """The version under review is REVOKED too, so that everything can be deleted."""
    registration, sender = registered_sender
    sms.create_registration_version(RegistrationId=registration.id)
    submit(registration)

    emulator.review(registration.id, "CLOSED")

    assert [each.status for each in registration.versions] == ["REVOKED", "REVOKED"]
    sms.release_sender_id(SenderId=sender.id, IsoCountryCode="GB")
    assert registration.status == "CLOSED"
    sms.delete_registration(RegistrationId=registration.id)


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("regver-submit-association-first")
def test_a_number_that_is_being_released_does_not_count(
    sms, emulator, lease, register, associate, refused
):
    """A toll-free registration whose number is leaving cannot be submitted."""
    registration = register("US_TOLL_FREE_REGISTRATION")
    number = lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS"])
    associate(registration, number)
    sms.release_phone_number(PhoneNumberId=number.id)

    with refused(
        "ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.submit_registration_version(RegistrationId=registration.id)

    emulator.clock.advance(seconds=60)
    assert registration.status == "CLOSED"
