"""Calls and values for the tests of pools."""

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
    """The request's members for an identity; the country was required in earlier models."""
    country = identity.iso_country_code
    return {"OriginationIdentity": identity.id} | ({"IsoCountryCode": country} if country else {})


def create(sms: Any, identity: Any, **members: Any) -> Any:
    """Create a pool with an identity; return the answer."""
    given = {"MessageType": "TRANSACTIONAL"} | named(identity) | members
    return without_metadata(sms.create_pool(**given))


def associate(sms: Any, pool: Any, identity: Any, **members: Any) -> Any:
    """Add an identity to a pool; return the answer."""
    return without_metadata(
        sms.associate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def disassociate(sms: Any, pool: Any, identity: Any, **members: Any) -> Any:
    """Remove an identity from a pool; return the answer."""
    return without_metadata(
        sms.disassociate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def described(sms: Any, pool: Any) -> Any:
    """Describe one pool."""
    (entry,) = sms.describe_pools(PoolIds=[pool.id])["Pools"]
    return entry


def number_described(sms: Any, number: Any) -> Any:
    """Describe one number."""
    (entry,) = sms.describe_phone_numbers(PhoneNumberIds=[number.id])["PhoneNumbers"]
    return entry


def identities(sms: Any, pool: Any, **members: Any) -> Any:
    """The result of ListPoolOriginationIdentities."""
    return sms.list_pool_origination_identities(PoolId=pool.id, **members)["OriginationIdentities"]


def ids(entries: Any) -> Any:
    """The ids of the listed entries."""
    return [entry["OriginationIdentity"] for entry in entries]


def without_metadata(answer: Any) -> Any:
    """An answer without boto3's metadata."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def customise(sms: Any, number: Any) -> Any:
    """Give a number its own list, two-way messaging, self-managed opt-outs and a keyword."""
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
