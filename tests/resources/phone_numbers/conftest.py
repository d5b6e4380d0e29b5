"""Fixtures of the tests of phone numbers."""

from typing import Any

import pytest

from tests.resources.phone_numbers.calls import FRIEND, LONG_CODE, ROLE, TOPIC


@pytest.fixture
def lease(sms: Any) -> Any:
    """Request a number; members override those of a usual request, None leaves one out."""

    def request(**changes: Any) -> Any:
        given = {name: value for name, value in (LONG_CODE | changes).items() if value is not None}
        return sms.request_phone_number(**given)

    return request


@pytest.fixture
def custom_pool(sms: Any, account: Any, number: Any) -> Any:
    """An ACTIVE pool with its own settings and keywords."""
    made = sms.create_pool(
        OriginationIdentity=number.id, IsoCountryCode="US", MessageType="TRANSACTIONAL"
    )
    sms.create_opt_out_list(OptOutListName="news")
    sms.update_pool(
        PoolId=made["PoolId"],
        OptOutListName="news",
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        SelfManagedOptOutsEnabled=True,
    )
    sms.put_keyword(
        OriginationIdentity=made["PoolId"], Keyword="INFO", KeywordMessage="All about us."
    )
    return account.pools[made["PoolId"]]


@pytest.fixture
def shared(emulator: Any) -> Any:
    """A number of another account."""
    return emulator.add_number("+12065550199", account_id=FRIEND)


@pytest.fixture
def toll_free(emulator: Any) -> Any:
    """A US toll-free number."""
    return emulator.add_number("+18335550100")
