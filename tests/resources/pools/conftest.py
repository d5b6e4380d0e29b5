"""Fixtures of the tests of pools."""

from typing import Any

import pytest

from tests.resources.pools.calls import create, customise, without_metadata


@pytest.fixture
def pools(sms: Any, account: Any, lease: Any) -> Any:
    """Four pools that differ in their settings."""
    plain, two_way, promotional, protected = (
        lease(),
        lease(),
        lease(MessageType="PROMOTIONAL"),
        lease(),
    )
    customise(sms, two_way)
    made = [
        create(sms, plain),
        create(sms, two_way),
        create(sms, promotional, MessageType="PROMOTIONAL"),
        create(sms, protected, DeletionProtectionEnabled=True),
    ]
    sms.update_pool(PoolId=made[0]["PoolId"], SharedRoutesEnabled=True)
    return [account.pools[each["PoolId"]] for each in made]


@pytest.fixture(params=["pool", "number"])
def update(request: Any, sms: Any, lease: Any) -> Any:
    """UpdatePool or UpdatePhoneNumber, with the id of the resource."""
    number = lease()
    if request.param == "number":
        return lambda **members: without_metadata(
            sms.update_phone_number(PhoneNumberId=number.id, **members)
        )
    made = create(sms, number)["PoolId"]
    sms.describe_pools()
    return lambda **members: without_metadata(sms.update_pool(PoolId=made, **members))
