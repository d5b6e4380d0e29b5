"""Associations of registrations with numbers, sender IDs, agents and brands."""

import pytest

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.dispatch import emulated_operations

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
LONG_CODE = "ZZ_LONG_CODE_REGISTRATION"
RCS = "US_RCS_LAUNCH_REGISTRATION"
SENDER_ID = "GB_SENDER_ID_REGISTRATION"
TESTING = "TEST_RCS_LAUNCH_REGISTRATION"
TOLL_FREE = "US_TOLL_FREE_REGISTRATION"
VETTING = "US_TEN_DLC_BRAND_VETTING"

required = pytest.mark.pinpoint_sms(registrations="required")


def own(answer):
    """An answer without its metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Associate.


@pytest.mark.rule("regassoc-create", "regassoc-create-response", "regassoc-resource-type")
def test_a_number_is_associated(sms, register, lease, associate):
    """The answer has ARN, id and type of both; the number has the RegistrationId."""
    registration, number = register(TOLL_FREE), lease(NumberType="TOLL_FREE")

    answer = associate(registration, number)

    association = {
        "ResourceArn": number.arn,
        "ResourceId": number.id,
        "ResourceType": "TOLL_FREE",
        "IsoCountryCode": "US",
        "PhoneNumber": number.phone_number,
    }
    head = {
        "RegistrationArn": registration.arn,
        "RegistrationId": registration.id,
        "RegistrationType": TOLL_FREE,
    }
    assert own(answer) == head | association
    listed = sms.list_registration_associations(RegistrationId=registration.id)
    assert own(listed) == head | {"RegistrationAssociations": [association]}
    (described,) = sms.describe_phone_numbers()["PhoneNumbers"]
    # Older models do not show it.
    assert described.get("RegistrationId", registration.id) == registration.id


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regassoc-create", "regassoc-create-response", "regassoc-resource-type")
def test_members_of_other_associations(register, associate, agent, sender_id):
    """Agents and brands have no country, and only numbers have a phone number."""
    brand = register(BRAND)
    for registration_type, resource, resource_type, country in (
        (CAMPAIGN, brand, BRAND, None),
        (VETTING, brand, BRAND, None),
        (RCS, agent, "RCS_AGENT", None),
        (TESTING, agent, "RCS_AGENT", None),
        (SENDER_ID, sender_id, "SENDER_ID", "GB"),
    ):
        answer = associate(register(registration_type), resource)

        assert answer["ResourceArn"] == resource.arn
        assert answer["ResourceType"] == resource_type
        assert answer.get("IsoCountryCode") == country
        assert "PhoneNumber" not in answer
    assert list(agent.launches) == ["US"]
    assert sender_id.registration_id


@pytest.mark.rule("phone-request-toll-free-alone")
@pytest.mark.parametrize("status", ["CREATED", "SUBMITTED", "COMPLETE"])
def test_a_toll_free_number_is_requested_without_its_registration(
    register, submit, associate, emulator, lease, refused, status
):
    """It is associated afterwards; RegistrationId is refused in any state of the registration."""
    engine_of(emulator).state.settings = emulator.settings.of(registrations="required")
    registration = register(TOLL_FREE)
    if status != "CREATED":
        associate(registration, lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS"]))
        submit(registration)
    if status == "COMPLETE":
        emulator.review(registration.id, "COMPLETE")

    with refused("ValidationException", "INVALID_PARAMETER", fields=["RegistrationId"]):
        lease(NumberType="TOLL_FREE", RegistrationId=registration.id)


@pytest.mark.rule("phone-request-registration-at-launch")
@pytest.mark.parametrize("attribute", ["id", "arn"])
def test_a_number_is_requested_with_its_registration(sms, complete, lease, attribute):
    """RegistrationId, an id or ARN, creates the association."""
    registration = complete(LONG_CODE)

    number = lease(RegistrationId=getattr(registration, attribute))

    assert number.registration_id == registration.id
    listed = sms.list_registration_associations(RegistrationId=registration.id)
    assert [each["ResourceId"] for each in listed["RegistrationAssociations"]] == [number.id]


@pytest.mark.rule("regassoc-create-unsupported")
def test_a_number_of_another_type_cannot_be_requested_with_it(register, lease, refused):
    """A registration for toll-free numbers does not accept a long code."""
    registration = register(TOLL_FREE)

    with refused(
        "ValidationException", "INVALID_REGISTRATION_ASSOCIATION", fields=["RegistrationId"]
    ):
        lease(RegistrationId=registration.id)


@pytest.mark.parametrize("registrations", ["automatic", "required"])
@pytest.mark.rule("phone-request-registration-not-complete")
def test_a_10dlc_number_needs_a_complete_campaign(
    register, submit, associate, emulator, lease, refused, registrations
):
    """Numbers of this type are associated after completion, so the campaign must be COMPLETE."""
    engine_of(emulator).state.settings = emulator.settings.of(registrations=registrations)
    campaign = register(CAMPAIGN)
    associate(campaign, register(BRAND))
    with refused("ConflictException", "REGISTRATION_NOT_COMPLETE", about=campaign):
        lease(NumberType="TEN_DLC", RegistrationId=campaign.id)

    submit(campaign)
    emulator.review(campaign.id, "COMPLETE")

    number = lease(NumberType="TEN_DLC", RegistrationId=campaign.id)
    assert (number.status, number.registration_id) == ("ACTIVE", campaign.id)


@pytest.mark.pinpoint_sms(quotas={"PHONE_NUMBERS_PER_REGISTRATION": 1})
@pytest.mark.rule("phone-request-registration-quota")
def test_the_numbers_of_a_registration_are_limited(complete, lease, associate, refused):
    """One number too many is refused, whether it is requested or associated."""
    registration, other = complete(LONG_CODE), lease()
    lease(RegistrationId=registration.id)

    with refused("ServiceQuotaExceededException", "PHONE_NUMBERS_PER_REGISTRATION"):
        lease(RegistrationId=registration.id)
    with refused("ServiceQuotaExceededException", "PHONE_NUMBERS_PER_REGISTRATION"):
        associate(registration, other)


@pytest.mark.pinpoint_sms(quotas={"ASSOCIATIONS_PER_REGISTRATION": 1})
@pytest.mark.rule("regassoc-create-quota")
def test_the_number_of_associations_is_limited(toll_free, lease, associate, refused):
    """One association more than a registration may have is refused."""
    number = lease(NumberType="TOLL_FREE")

    with refused("ServiceQuotaExceededException", "ASSOCIATIONS_PER_REGISTRATION"):
        associate(toll_free, number)


@pytest.mark.rule("regassoc-create-twice")
def test_an_identity_is_associated_once(toll_free, register, account, associate, refused):
    """An associated identity is refused, also by another registration."""
    (number,) = account.phone_numbers
    other = register(TOLL_FREE)

    with refused("ConflictException", "RESOURCE_ALREADY_ASSOCIATED", about=toll_free):
        associate(toll_free, number)
    with refused("ConflictException", "PHONE_NUMBER_ASSOCIATED_TO_REGISTRATION", about=number):
        associate(other, number)


@pytest.mark.rule("regassoc-create-unsupported")
@pytest.mark.parametrize("registration_type", [BRAND, TOLL_FREE, RCS, SENDER_ID, CAMPAIGN])
def test_unsupported_resource_types_are_refused(
    register, number, associate, refused, registration_type
):
    """None of these types supports long codes."""
    registration = register(registration_type)

    with refused("ValidationException", "INVALID_REGISTRATION_ASSOCIATION", fields=["ResourceId"]):
        associate(registration, number)


@pytest.mark.rule("regassoc-create-unsupported")
def test_unsupported_countries_are_refused(sms, register, sender_id, refused):
    """A British sender ID cannot be registered in Singapore."""
    registration = register("SG_SENDER_ID_REGISTRATION")

    with refused("ValidationException", "INVALID_REGISTRATION_ASSOCIATION", fields=["ResourceId"]):
        sms.create_registration_association(
            RegistrationId=registration.id, ResourceId=sender_id.arn
        )


@pytest.mark.rule("regassoc-create-too-early")
def test_association_before_completion_is_refused(complete, register, number, associate, refused):
    """For types that associate numbers after completion, the registration must be COMPLETE."""
    registration = register(LONG_CODE)
    with refused("ConflictException", "REGISTRATION_NOT_COMPLETE", about=registration):
        associate(registration, number)

    associate(complete(LONG_CODE), number)


@pytest.mark.rule("regassoc-create-unknown-resource")
def test_an_unknown_resource_is_refused(sms, toll_free, refused):
    """An unknown ResourceId is rejected."""
    arn = "arn:aws:sms-voice:us-east-1:123456789012:phone-number/phone-000000"
    for name in ("phone-000000", arn):
        with refused("ResourceNotFoundException", about=("phone-number", "phone-000000")):
            sms.create_registration_association(RegistrationId=toll_free.id, ResourceId=name)


@pytest.mark.rule("regassoc-own")
def test_a_shared_resource_cannot_be_registered(client, emulator, lease, sender_id, refused):
    """It is found by its ARN, but only its owner can register it."""
    policy = '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sms-voice:*"}]}'
    other, state = client("210987654321"), emulator.snapshot
    for registration_type, shared in (
        (TOLL_FREE, lease(NumberType="TOLL_FREE", NumberCapabilities=["SMS"])),
        (SENDER_ID, sender_id),
    ):
        client().put_resource_policy(ResourceArn=shared.arn, Policy=policy)
        theirs = other.create_registration(RegistrationType=registration_type)["RegistrationId"]

        with refused("ResourceNotFoundException", about=(shared.kind, shared.key)):
            other.create_registration_association(RegistrationId=theirs, ResourceId=shared.arn)

        other.delete_registration(RegistrationId=theirs)
        assert shared.registration_id is None
    emulator.restore(state())


@pytest.mark.rule("phone-request-registration-region")
def test_a_registration_of_another_region_is_refused(sms, toll_free, account, refused):
    """A number cannot be associated with a registration of another Region."""
    (number,) = account.phone_numbers
    names = {"RegistrationId": toll_free.arn, "ResourceId": number.arn}
    for member, arn in names.items():
        elsewhere = names | {member: arn.replace("us-east-1", "eu-west-1")}
        with refused("ConflictException", "PHONE_NUMBER_NOT_IN_REGISTRATION_REGION", about=number):
            sms.create_registration_association(**elsewhere)


@pytest.mark.since("1.44.5")
@pytest.mark.rule("regassoc-create-rcs-type")
def test_an_agent_has_one_registration_of_a_type(register, associate, agent, refused):
    """A second registration of the same type is refused."""
    associate(register(RCS), agent)
    other = register(RCS)

    with refused(
        "ConflictException", "RCS_AGENT_ALREADY_ASSOCIATED_TO_REGISTRATION_TYPE", about=agent
    ):
        associate(other, agent)


@pytest.mark.rule("regassoc-list")
def test_associations_by_type_and_country(sms, complete, lease, register, associate):
    """Filters ignore letter case; each page names the registration."""
    campaign, brand = register(CAMPAIGN), register(BRAND)
    associate(campaign, brand)
    sms.describe_registrations()
    campaign.status = "COMPLETE"
    number = lease(NumberType="TEN_DLC", RegistrationId=campaign.id)

    def listed(**members):
        answer = sms.list_registration_associations(RegistrationId=campaign.id, **members)
        assert (
            answer["RegistrationArn"],
            answer["RegistrationId"],
            answer["RegistrationType"],
        ) == (
            campaign.arn,
            campaign.id,
            CAMPAIGN,
        )
        found = [each["ResourceId"] for each in answer["RegistrationAssociations"]]
        return found, answer.get("NextToken")

    def by(name, value):
        return listed(Filters=[{"Name": name, "Values": [value]}])[0]

    assert listed()[0] == [brand.id, number.id]
    assert by("resource-type", "ten_dlc") == [number.id]
    assert by("resource-type", BRAND) == [brand.id]
    assert by("iso-country-code", "us") == [number.id]
    first, token = listed(MaxResults=1)
    assert first + listed(MaxResults=1, NextToken=token)[0] == [brand.id, number.id]


@pytest.mark.rule("regassoc-no-delete-operation")
def test_associations_end_with_their_identity_or_registration(
    sms, emulator, toll_free, account, complete, lease
):
    """No operation removes an association; releasing or deleting either side does."""
    assert not [
        name for name in emulated_operations() if name.endswith("RegistrationAssociation")
        and not name.startswith("Create")
    ]  # fmt: skip
    (number,) = account.phone_numbers
    sms.release_phone_number(PhoneNumberId=number.id)
    assert not sms.list_registration_associations(RegistrationId=toll_free.id)[
        "RegistrationAssociations"
    ]
    registration = complete(LONG_CODE)
    kept = lease(RegistrationId=registration.id)
    sms.delete_registration(RegistrationId=registration.id)
    assert kept.registration_id is None


# Submit and approve.


@pytest.mark.rule("regver-submit-association-first")
@pytest.mark.parametrize("registration_type", [TOLL_FREE, CAMPAIGN, VETTING, RCS, TESTING])
def test_an_identity_must_be_associated_before_submission(
    register, refused, sms, registration_type
):
    """Types with ASSOCIATE_BEFORE_SUBMIT require it."""
    registration = register(registration_type)

    with refused(
        "ConflictException", "SUBMIT_REGISTRATION_VERSION_NOT_ALLOWED", about=registration
    ):
        sms.submit_registration_version(RegistrationId=registration.id)


@required
@pytest.mark.rule("reg-status-complete", "reg-status-closed")
def test_a_number_follows_its_registration(sms, emulator, toll_free, submit, account, status_of):
    """It is PENDING until the registration is COMPLETE, and again when it is CLOSED."""
    (number,) = account.phone_numbers
    submit(toll_free)
    assert number.status == "PENDING"

    emulator.review(toll_free.id, "COMPLETE")

    (described,) = sms.describe_registrations()["Registrations"]
    assert (described["RegistrationStatus"], described["ApprovedVersionNumber"]) == ("COMPLETE", 1)
    assert number.status == "ACTIVE"
    emulator.review(toll_free.id, "CLOSED")
    assert (status_of(toll_free), number.status) == ("CLOSED", "PENDING")
    sms.release_phone_number(PhoneNumberId=number.id)
    sms.describe_phone_numbers()
    sms.delete_registration(RegistrationId=toll_free.id)


@required
@pytest.mark.rule("regdef-association-on-approval")
def test_approval_creates_the_sender_id(sms, register, submit, emulator):
    """It has Registered true and its RegistrationId."""
    registration = register(SENDER_ID)
    submit(registration)
    assert sms.describe_sender_ids()["SenderIds"] == []

    emulator.review(registration.id, "COMPLETE")

    (sender,) = sms.describe_sender_ids()["SenderIds"]
    assert (sender["IsoCountryCode"], sender["Registered"]) == ("GB", True)
    assert sender["RegistrationId"] == registration.id
    listed = sms.list_registration_associations(RegistrationId=registration.id)
    assert [each["ResourceId"] for each in listed["RegistrationAssociations"]] == [
        sender["SenderId"]
    ]
    emulator.review(registration.id, "CLOSED")
    assert sms.describe_sender_ids()["SenderIds"][0]["Registered"] is False


@required
@pytest.mark.pinpoint_sms(quotas={"SENDER_IDS_PER_ACCOUNT": 0})
def test_a_registration_waits_for_the_sender_id_quota(complete, status_of):
    """The registration is PROVISIONING as long as its sender ID cannot be created."""
    assert status_of(complete(SENDER_ID)) == "PROVISIONING"


@required
@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-launch-entry")
def test_an_agents_launch_follows_its_registration(
    sms, emulator, register, submit, account, associate
):
    """Each country has a status, a registration and a list of carrier statuses."""
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    registration = register(RCS)
    associate(registration, agent)

    def result():
        answer = sms.describe_rcs_agent_country_launch_status(RcsAgentId=agent.id)
        (launch,) = answer["CountryLaunchStatus"]
        carriers = {each["Status"] for each in launch["CarrierStatus"]}
        assert (launch["IsoCountryCode"], launch["RegistrationId"]) == ("US", registration.id)
        return agent.status, launch["Status"], *carriers

    assert result() == ("CREATED", "CREATED", "PENDING")
    submit(registration)
    assert result() == ("PENDING", "PENDING", "PENDING")
    emulator.review(registration.id, "REQUIRES_UPDATES")
    assert result() == ("CREATED", "REJECTED", "REJECTED")
    emulator.review(registration.id, "COMPLETE")
    assert result() == ("ACTIVE", "ACTIVE", "ACTIVE")
    sms.delete_registration(RegistrationId=registration.id)
    assert (agent.status, agent.launches) == ("CREATED", {})


@required
@pytest.mark.since("1.44.5")
@pytest.mark.rule("rcs-launch-status")
def test_launches_by_country_and_status(sms, register, account, associate, refused):
    """Country codes (at most 300) and a filter restrict them.

    The answer has the agent's id and ARN.
    """
    agent = account.rcs_agents[sms.create_rcs_agent()["RcsAgentId"]]
    associate(register(RCS), agent)

    def countries(**members):
        answer = sms.describe_rcs_agent_country_launch_status(RcsAgentId=agent.id, **members)
        assert (answer["RcsAgentId"], answer["RcsAgentArn"]) == (agent.id, agent.arn)
        return [each["IsoCountryCode"] for each in answer["CountryLaunchStatus"]]

    def with_status(status):
        return countries(Filters=[{"Name": "country-launch-status", "Values": [status]}])

    assert countries() == ["US"]
    assert countries(IsoCountryCodes=["US", "GB"]) == ["US"]
    assert countries(IsoCountryCodes=["GB"]) == []
    assert (with_status("CREATED"), with_status("ACTIVE")) == (["US"], [])
    with refused("ValidationException", "FIELD_VALIDATION_FAILED", fields=["IsoCountryCodes"]):
        countries(IsoCountryCodes=["US"] * 301)


@required
@pytest.mark.rule("reg-status-closed", "phone-request-status")
@pytest.mark.parametrize("is_new", [True, False])
def test_the_number_of_a_closed_registration_does_not_become_active(
    sms, emulator, register, complete, associate, submit, lease, account, is_new
):
    """A number is PENDING if its registration is CLOSED while it is set up or joins a pool."""
    registration = register(CAMPAIGN)
    associate(registration, complete(BRAND))
    submit(registration)
    emulator.review(registration.id, "COMPLETE")
    number = lease(NumberType="TEN_DLC", NumberCapabilities=["SMS"], RegistrationId=registration.id)
    other = lease(NumberCapabilities=["SMS"])
    engine_of(emulator).state.settings = emulator.settings.of(transition_seconds=60)
    if is_new:
        made = sms.request_phone_number(
            IsoCountryCode="US",
            MessageType="TRANSACTIONAL",
            NumberCapabilities=["SMS"],
            NumberType="TEN_DLC",
            RegistrationId=registration.id,
        )
        number = account.phone_numbers[made["PhoneNumberId"]]
    else:
        pool = sms.create_pool(OriginationIdentity=other.id, MessageType="TRANSACTIONAL")
        emulator.clock.advance(minutes=1)
        sms.associate_origination_identity(PoolId=pool["PoolId"], OriginationIdentity=number.id)
    emulator.review(registration.id, "CLOSED")

    emulator.clock.advance(minutes=1)

    assert number.status == "PENDING"
