"""Pools: several identities behind one id."""

import pytest


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.rule("pool-delete-not-active")
def test_a_pool_that_is_being_made_stays(sms, emulator, account, refused):
    """A pool whose Status is CREATING or DELETING cannot be deleted."""
    leased = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS"],
        NumberType="LONG_CODE",
    )
    emulator.clock.advance(seconds=60)
    made = sms.create_pool(OriginationIdentity=leased["PhoneNumberId"], MessageType="TRANSACTIONAL")
    pool = account.pools[made["PoolId"]]

    with refused("ConflictException", "RESOURCE_NOT_ACTIVE", about=pool):
        sms.delete_pool(PoolId=pool.id)
