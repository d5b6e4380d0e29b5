"""Calls and values that tests of pools share."""

from typing import Any

import pytest

TOPIC = "arn:aws:sns:us-east-1:123456789012:inbound"


ROLE = "arn:aws:iam::123456789012:role/inbound"


POOL_MEMBERS = {
    "PoolArn",
    "PoolId",
    "Status",
    "MessageType",
    "TwoWayEnabled",
    "SelfManagedOptOutsEnabled",
    "OptOutListName",
    "SharedRoutesEnabled",
    "CreatedTimestamp",
}


country_is_optional = has_agents = takes_an_empty_id = pytest.mark.since("1.43.11")


def named(identity: Any) -> Any:
    """An identity's id and country, as a request names it: the country was required once."""
    country = identity.iso_country_code
    return {"OriginationIdentity": identity.id} | ({"IsoCountryCode": country} if country else {})


def create(sms: Any, identity: Any, **members: Any) -> Any:
    """Make a pool of an identity; returns what the answer showed."""
    given = {"MessageType": "TRANSACTIONAL"} | named(identity) | members
    return without_metadata(sms.create_pool(**given))


def associate(sms: Any, pool: Any, identity: Any, **members: Any) -> Any:
    """Put an identity into a pool; returns what the answer showed."""
    return without_metadata(
        sms.associate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def disassociate(sms: Any, pool: Any, identity: Any, **members: Any) -> Any:
    """Take an identity out of a pool; returns what the answer showed."""
    return without_metadata(
        sms.disassociate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def described(sms: Any, pool: Any) -> Any:
    """What DescribePools shows of a pool."""
    (entry,) = sms.describe_pools(PoolIds=[pool.id])["Pools"]
    return entry


def number_described(sms: Any, number: Any) -> Any:
    """What DescribePhoneNumbers shows of a number."""
    (entry,) = sms.describe_phone_numbers(PhoneNumberIds=[number.id])["PhoneNumbers"]
    return entry


def identities(sms: Any, pool: Any, **members: Any) -> Any:
    """What ListPoolOriginationIdentities lists."""
    return sms.list_pool_origination_identities(PoolId=pool.id, **members)["OriginationIdentities"]


def ids(entries: Any) -> Any:
    """The ids of what was listed."""
    return [entry["OriginationIdentity"] for entry in entries]


def without_metadata(answer: Any) -> Any:
    """An answer without what boto3 adds."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def customise(sms: Any, number: Any) -> Any:
    """Give a number settings of its own: a list, two-way messaging, opt-outs, a keyword."""
    sms.create_opt_out_list(OptOutListName="Ours")
    sms.update_phone_number(
        PhoneNumberId=number.id,
        OptOutListName="Ours",
        TwoWayEnabled=True,
        TwoWayChannelArn=TOPIC,
        TwoWayChannelRole=ROLE,
        SelfManagedOptOutsEnabled=True,
    )
    sms.put_keyword(
        OriginationIdentity=number.id,
        Keyword="INFO",
        KeywordMessage="All about us",
        KeywordAction="OPT_IN",
    )
