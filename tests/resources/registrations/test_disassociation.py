"""The end of associations: how resources leave their registrations, and the consequences."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from tests.filling import fill_in

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
LONG_CODE = "ZZ_LONG_CODE_REGISTRATION"
RCS = "US_RCS_LAUNCH_REGISTRATION"
VETTING = "US_TEN_DLC_BRAND_VETTING"


required = pytest.mark.pinpoint_sms(registrations="required")


@required
@pytest.mark.rule("phone-release-registered")
def test_a_number_under_review_cannot_be_released(sms, toll_free, submit, account, refused):
    """A number stays while its registration is under review."""
    (number,) = account.phone_numbers
    submit(toll_free)
    sms.describe_registrations()

    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION", about=number):
        sms.release_phone_number(PhoneNumberId=number.id)


@required
@pytest.mark.rule("reg-disassociate-not-allowed")
@pytest.mark.parametrize(
    "status", ["SUBMITTED", "AWS_REVIEWING", "REVIEWING", "REQUIRES_AUTHENTICATION"]
)
def test_a_sender_id_under_review_cannot_be_released(
    sms, emulator, registered_sender, refused, status
):
    """A sender ID stays from the submission until the decision."""
    registration, sender = registered_sender
    sms.create_registration_version(RegistrationId=registration.id)
    fill_in(sms, registration)
    engine_of(emulator).state.settings = emulator.settings.of(transition_seconds=60)
    sms.submit_registration_version(RegistrationId=registration.id)
    if status != "SUBMITTED":
        emulator.review(registration.id, status)
    assert registration.current.status == status

    with refused("ConflictException", "DISASSOCIATE_REGISTRATION_NOT_ALLOWED", about=registration):
        sms.release_sender_id(SenderId=sender.id, IsoCountryCode="GB")


@pytest.mark.rule("reg-disassociate-not-allowed")
@pytest.mark.parametrize("registration_type", [CAMPAIGN, VETTING])
def test_a_brand_in_use_cannot_be_deleted(sms, register, associate, refused, registration_type):
    """A brand can be deleted after its campaigns and vettings."""
    brand = register(BRAND)
    associate(register(registration_type), brand)
    with refused("ConflictException", "DISASSOCIATE_REGISTRATION_NOT_ALLOWED", about=brand):
        sms.delete_registration(RegistrationId=brand.id)


@pytest.mark.rule("reg-toll-free-closes", "reg-disassociate-closes")
@pytest.mark.parametrize("is_submitted", [False, True])
def test_releasing_the_last_toll_free_number_closes_its_registration(
    sms, toll_free, submit, account, status_of, is_submitted
):
    """It is CLOSED, and can then be deleted."""
    (number,) = account.phone_numbers
    if is_submitted:
        submit(toll_free)

    sms.release_phone_number(PhoneNumberId=number.id)

    assert status_of(toll_free) == "CLOSED"
    sms.delete_registration(RegistrationId=toll_free.id)


@pytest.mark.rule("regassoc-create-closed")
def test_a_closed_registration_takes_nothing(sms, toll_free, account, refused):
    """Another number does not open it again: it can only be deleted."""
    sms.release_phone_number(PhoneNumberId=next(iter(account.phone_numbers)).id)
    another = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="TOLL_FREE",
    )["PhoneNumberId"]

    with refused("ConflictException", "RESOURCE_MODIFICATION_NOT_ALLOWED", about=toll_free):
        sms.create_registration_association(RegistrationId=toll_free.id, ResourceId=another)


@pytest.mark.rule("reg-disassociate-closes", "sender-release-registered")
def test_releasing_the_last_sender_id_closes_its_registration(sms, registered_sender, status_of):
    """If the type says so, it is CLOSED, and can then be deleted."""
    registration, sender = registered_sender

    sms.release_sender_id(SenderId=sender.id, IsoCountryCode="GB")

    assert status_of(registration) == "CLOSED"
    sms.delete_registration(RegistrationId=registration.id)


@pytest.mark.rule("reg-disassociate-closes")
def test_releasing_one_of_two_sender_ids_does_not_close(
    sms, registered_sender, sender_id, associate, status_of
):
    """A registration stays COMPLETE as long as it has a sender ID."""
    registration, sender = registered_sender
    associate(registration, sender_id)

    sms.release_sender_id(SenderId=sender.id, IsoCountryCode="GB")
    assert status_of(registration) == "COMPLETE"

    sms.release_sender_id(SenderId=sender_id.id, IsoCountryCode="GB")
    assert status_of(registration) == "CLOSED"


@pytest.mark.rule("reg-disassociate-closes")
def test_releasing_the_last_10dlc_number_does_not_close(sms, complete, lease, status_of):
    """Only some types of registrations are closed."""
    registration = complete(LONG_CODE)
    number = lease(RegistrationId=registration.id)

    sms.release_phone_number(PhoneNumberId=number.id)
    sms.describe_phone_numbers()

    assert status_of(registration) == "COMPLETE"


@pytest.mark.rule("reg-delete-associated")
def test_a_registration_with_identities_cannot_be_deleted(
    sms, toll_free, registered_sender, refused
):
    """This holds for types that require disassociation first."""
    for registration in (toll_free, registered_sender[0]):
        with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=registration):
            sms.delete_registration(RegistrationId=registration.id)


@required
@pytest.mark.rule("reg-delete-disassociates")
def test_deletion_disassociates(sms, register, submit, associate, agent):
    """For types that say so, an agent loses its launch, and a brand its campaign."""
    launch, campaign, brand = register(RCS), register(CAMPAIGN), register(BRAND)
    associate(launch, agent)
    associate(campaign, brand)
    submit(launch)

    sms.discard_registration_version(RegistrationId=launch.id)
    sms.delete_registration(RegistrationId=launch.id)
    sms.delete_registration(RegistrationId=campaign.id)

    assert agent.launches == {}
    sms.delete_registration(RegistrationId=brand.id)


@pytest.mark.rule("reg-delete-campaign-number")
def test_a_campaign_with_a_number_cannot_be_deleted(
    sms, register, submit, associate, lease, emulator, account, refused
):
    """Its number must be released first, as there is no other way to disassociate it."""
    campaign = register(CAMPAIGN)
    associate(campaign, register(BRAND))
    submit(campaign)
    emulator.review(campaign.id, "COMPLETE")
    number = lease(NumberType="TEN_DLC", RegistrationId=campaign.id)

    with refused("ConflictException", "RESOURCE_NOT_EMPTY", about=campaign):
        sms.delete_registration(RegistrationId=campaign.id)

    sms.release_phone_number(PhoneNumberId=number.id)
    sms.describe_phone_numbers()
    sms.delete_registration(RegistrationId=campaign.id)
    sms.describe_registrations()
    assert campaign.id not in account.registrations


@pytest.mark.rule("tag-taggable-later")
def test_registrations_and_attachments_can_be_tagged(sms, registration, attachment):
    """TagResource accepts both."""
    for resource in (registration, attachment):
        sms.tag_resource(ResourceArn=resource.arn, Tags=[{"Key": "team", "Value": "shop"}])

        answer = sms.list_tags_for_resource(ResourceArn=resource.arn)
        assert answer["Tags"] == [{"Key": "team", "Value": "shop"}]
