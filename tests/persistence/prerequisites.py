"""What operations need to succeed, besides a resource of every kind."""

from __future__ import annotations

from typing import Any

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from tests.filling import fill_in
from tests.raw import NUMBER

TESTER = "+14255550100"


def add_prerequisites(emulator: Emulator, sms: Any) -> None:
    """Create what can be changed, sent from, verified, submitted and deleted at once."""
    _add_senders(emulator, sms)
    _add_paperwork(emulator, sms)

    sms.create_opt_out_list(OptOutListName="Empty")
    sms.create_rcs_agent()
    unused = sms.create_protect_configuration()["ProtectConfigurationId"]
    sms.set_account_default_protect_configuration(ProtectConfigurationId=unused)
    sms.create_protect_configuration()
    sms.create_notify_configuration(
        DisplayName="Calls", UseCase="CODE_VERIFICATION", EnabledChannels=["SMS", "VOICE"]
    )


def _add_senders(emulator: Emulator, sms: Any) -> None:
    """Add a pool that a number can leave, keywords, and an agent that can text a tester."""
    first, second, other = (sms.request_phone_number(**NUMBER)["PhoneNumberId"] for _ in range(3))
    pool = sms.create_pool(OriginationIdentity=first, MessageType="TRANSACTIONAL")["PoolId"]
    sms.associate_origination_identity(PoolId=pool, OriginationIdentity=second, IsoCountryCode="US")
    for keyword in ("YES", "JOIN"):
        sms.put_keyword(OriginationIdentity=other, Keyword=keyword, KeywordMessage="Thank you")
    agent = sms.create_rcs_agent()["RcsAgentId"]
    testing = _register(emulator, sms, "TEST_RCS_LAUNCH_REGISTRATION", agent)
    emulator.review(testing, "COMPLETE")
    sms.create_verified_destination_number(DestinationPhoneNumber=TESTER, RcsAgentId=agent)
    emulator.accept_invitation(TESTER)


def _add_paperwork(emulator: Emulator, sms: Any) -> None:
    """Add registrations to submit and to correct, and a number with a code to verify it."""
    brand = "US_TEN_DLC_BRAND_REGISTRATION"
    emulator.review(_register(emulator, sms, brand), "REQUIRES_UPDATES", reason="Not readable")
    _register(emulator, sms, brand, is_submitted=False)
    # A verified number can be deleted after a day.
    emulator.clock.advance(hours=25)
    [number, *_] = sms.describe_verified_destination_numbers(
        DestinationPhoneNumbers=["+14255550102"]
    )["VerifiedDestinationNumbers"]
    sms.send_destination_number_verification_code(
        VerifiedDestinationNumberId=number["VerifiedDestinationNumberId"],
        VerificationChannel="TEXT",
    )


def _register(
    emulator: Emulator,
    sms: Any,
    registration_type: str,
    resource_id: str = "",
    *,
    is_submitted: bool = True,
) -> str:
    """Create a registration with its required fields; return its id."""
    made: str = sms.create_registration(RegistrationType=registration_type)["RegistrationId"]
    if resource_id:
        sms.create_registration_association(RegistrationId=made, ResourceId=resource_id)
    fill_in(sms, engine_of(emulator).account("123456789012", "us-east-1").registrations[made])
    if is_submitted:
        sms.submit_registration_version(RegistrationId=made)
    return made
