"""Reviews of notify configurations by AWS: display names and tiers."""

import pytest

from pinpoint_sms_emu.resources.notify_configurations import (
    BRAND_VERIFICATION,
    TIER_UPGRADES,
    follow_registration,
)

pytestmark = pytest.mark.since("1.43.11")


@pytest.fixture
def create(sms):
    """Create a configuration; return the answer."""

    def call(name="Acme"):
        return sms.create_notify_configuration(
            DisplayName=name, UseCase="CODE_VERIFICATION", EnabledChannels=["SMS"]
        )

    return call


@pytest.fixture
def listed(sms):
    """Describe the only configuration."""

    def call():
        [entry] = sms.describe_notify_configurations()["NotifyConfigurations"]
        return entry

    return call


@pytest.mark.rule("notify-name-rejected")
@pytest.mark.parametrize("name", ["Shit happens", "FUCK-this", "www-acme", "https acme"])
def test_profanity_and_urls_are_rejected(sms, create, listed, name):
    """A name with profanity or a URL is REJECTED, and four answers have the reason."""
    made = create(name)
    named = {"NotifyConfigurationId": made["NotifyConfigurationId"]}

    described = listed()

    assert (made["Status"], described["Status"]) == ("PENDING", "REJECTED")
    assert described["RejectionReason"].startswith("The display name contains")
    for answer in (
        sms.update_notify_configuration(**named),
        sms.delete_notify_configuration(**named),
    ):
        assert answer["RejectionReason"] == described["RejectionReason"]


@pytest.mark.rule("notify-name-brand")
@pytest.mark.parametrize("name", ["Amazon", "amazon pay", "PayPal-login", "Coca Cola"])
def test_a_well_known_brand_requires_verification(create, listed, name):
    """The name of a well-known brand requires verification."""
    create(name)

    assert listed()["Status"] == "REQUIRES_VERIFICATION"
    assert "RejectionReason" not in listed()


@pytest.mark.parametrize("name", ["Scunthorpe", "Classic", "Amazonia", "Acme", "Applebee"])
def test_an_ordinary_name_is_active(create, listed, name):
    """Only whole words are compared."""
    create(name)

    assert listed()["Status"] == "ACTIVE"


@pytest.mark.rule("notify-tier-upgrade")
@pytest.mark.parametrize("registration_type", TIER_UPGRADES)
@pytest.mark.parametrize(
    ("status", "upgrade", "tier"),
    [
        ("CREATED", "BASIC", "BASIC"),
        ("SUBMITTED", "PENDING_UPGRADE", "BASIC"),
        ("REVIEWING", "PENDING_UPGRADE", "BASIC"),
        ("COMPLETE", "ADVANCED", "ADVANCED"),
        ("REQUIRES_UPDATES", "REJECTED", "BASIC"),
    ],
)
def test_the_tier_follows_its_registration(
    create, listed, account, registration_type, status, upgrade, tier
):
    """TierUpgradeStatus and Tier follow the registration that raises the tier."""
    create()

    follow_registration(account, registration_type, status)

    assert (listed()["TierUpgradeStatus"], listed()["Tier"]) == (upgrade, tier)


def test_an_advanced_tier_stays(create, listed, account):
    """A later registration does not lower the tier, and other types have no effect."""
    create()
    for registration_type, status in (
        ("US_TOLL_FREE_REGISTRATION", "SUBMITTED"),
        (TIER_UPGRADES[0], "COMPLETE"),
        (TIER_UPGRADES[1], "REQUIRES_UPDATES"),
    ):
        follow_registration(account, registration_type, status)

    assert (listed()["TierUpgradeStatus"], listed()["Tier"]) == ("ADVANCED", "ADVANCED")


@pytest.mark.rule("notify-tier-upgrade")
def test_a_later_configuration_is_basic(create, listed, account):
    """An upgrade is for the configurations that the account has when it is approved."""
    follow_registration(account, TIER_UPGRADES[0], "COMPLETE")

    create()

    assert (listed()["TierUpgradeStatus"], listed()["Tier"]) == ("BASIC", "BASIC")


@pytest.mark.rule("notify-name-verified")
def test_a_verified_brand_is_active(create, listed, account):
    """The registration of a brand makes its configuration ACTIVE."""
    create("Amazon")
    before = listed()["Status"]

    follow_registration(account, BRAND_VERIFICATION, "COMPLETE")

    assert (before, listed()["Status"]) == ("REQUIRES_VERIFICATION", "ACTIVE")
