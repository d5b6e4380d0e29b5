"""10DLC brands: conditions for their campaigns, and quotas."""

import pytest

BRAND = "US_TEN_DLC_BRAND_REGISTRATION"
CAMPAIGN = "US_TEN_DLC_CAMPAIGN_REGISTRATION"
VETTING = "US_TEN_DLC_BRAND_VETTING"

required = pytest.mark.pinpoint_sms(registrations="required")


@pytest.fixture
def campaign_of(register, associate):
    """Create a campaign of a brand."""

    def make(brand):
        campaign = register(CAMPAIGN)
        associate(campaign, brand)
        return campaign

    return make


@pytest.fixture
def denied(sms, status_of):
    """Return a registration's status, and the reasons of a denial."""

    def tell(registration):
        [version] = sms.describe_registration_versions(RegistrationId=registration.id)[
            "RegistrationVersions"
        ]
        return status_of(registration), [
            each["Reason"] for each in version.get("DeniedReasons", [])
        ]

    return tell


@required
@pytest.mark.rule("regver-brand-unverified")
@pytest.mark.parametrize("is_submitted", [False, True])
def test_a_campaign_needs_a_registered_brand(register, submit, campaign_of, denied, is_submitted):
    """While its brand is a draft or under review, a campaign is denied."""
    brand = register(BRAND)
    if is_submitted:
        submit(brand)
    campaign = campaign_of(brand)

    submit(campaign)

    assert denied(campaign) == ("REQUIRES_UPDATES", ["Brand unverified"])


@required
@pytest.mark.rule("regver-brand-unverified")
@pytest.mark.parametrize("is_submitted", [False, True])
def test_a_vetting_needs_a_brand_that_is_registered(
    register, submit, associate, complete, denied, is_submitted
):
    """What is vetted is a registered brand; with one, the vetting can be submitted again."""
    brand, vetting = register(BRAND), register(VETTING)
    associate(vetting, brand)
    if is_submitted:
        submit(brand)

    submit(vetting)

    assert denied(vetting) == ("REQUIRES_UPDATES", ["Brand unverified"])


@required
@pytest.mark.rule("regver-vetting-under-review")
def test_a_campaign_needs_a_finished_vetting(
    emulator, sms, register, associate, submit, complete, campaign_of, denied, status_of
):
    """While its brand is vetted, a campaign is denied; afterwards it is reviewed."""
    brand = complete(BRAND)
    vetting = register(VETTING)
    associate(vetting, brand)
    sms.submit_registration_version(RegistrationId=vetting.id)
    campaign = campaign_of(brand)

    submit(campaign)
    assert denied(campaign) == ("REQUIRES_UPDATES", ["Wait to resubmit registration"])

    emulator.review(vetting.id, "COMPLETE")
    sms.create_registration_version(RegistrationId=campaign.id)
    submit(campaign)
    assert status_of(campaign) == "REVIEWING"


def test_a_campaign_can_follow_its_brand_at_once(register, submit, campaign_of, status_of):
    """With automatic approval, brand and campaign can be submitted one after the other."""
    brand = register(BRAND)
    submit(brand)
    campaign = campaign_of(brand)

    submit(campaign)

    assert status_of(campaign) == "COMPLETE"


@pytest.mark.pinpoint_sms(quotas={"TEN_DLC_BRANDS_PER_ACCOUNT": 1})
@pytest.mark.rule("reg-create-brand-quota")
def test_the_number_of_brands_is_limited(sms, register, refused):
    """Other registrations do not count, and a deleted brand frees its place."""
    brand = register(BRAND)
    register(CAMPAIGN)
    with refused("ServiceQuotaExceededException", "REGISTRATIONS_PER_ACCOUNT"):
        sms.create_registration(RegistrationType=BRAND)

    sms.delete_registration(RegistrationId=brand.id)

    assert sms.create_registration(RegistrationType=BRAND)["RegistrationStatus"] == "CREATED"


@pytest.mark.pinpoint_sms(quotas={"TEN_DLC_CAMPAIGNS_PER_BRAND": 1})
@pytest.mark.rule("regassoc-campaign-quota")
def test_the_number_of_campaigns_of_a_brand_is_limited(
    sms, register, associate, campaign_of, refused
):
    """Vettings do not count, and another brand has its own campaigns."""
    brand, other = register(BRAND), register(BRAND)
    campaign_of(brand)
    associate(register(VETTING), brand)
    campaign = register(CAMPAIGN)
    with refused("ServiceQuotaExceededException", "ASSOCIATIONS_PER_REGISTRATION"):
        sms.create_registration_association(RegistrationId=campaign.id, ResourceId=brand.id)

    assert associate(campaign, other)["ResourceId"] == other.id


def test_reasons_have_the_titles_of_the_guide(sms, emulator, registration, submit):
    """A reviewer gives the code of a reason; the answer has the guide's title."""
    submit(registration)
    emulator.review(registration.id, "REQUIRES_UPDATES", reason="BRAND_EMAIL_PUBLIC_DOMAIN")

    [version] = sms.describe_registration_versions(RegistrationId=registration.id)[
        "RegistrationVersions"
    ]
    [reason] = version["DeniedReasons"]
    assert (reason["Reason"], reason["ShortDescription"]) == ("Public email domain",) * 2
