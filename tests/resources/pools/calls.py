"""Calls and values that tests of pools share."""

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


def named(identity):
    """An identity's id and country, as a request names it: the country was required once."""
    country = identity.iso_country_code
    return {"OriginationIdentity": identity.id} | ({"IsoCountryCode": country} if country else {})


def create(sms, identity, **members):
    """Make a pool of an identity; returns what the answer showed."""
    given = {"MessageType": "TRANSACTIONAL"} | named(identity) | members
    return without_metadata(sms.create_pool(**given))


def associate(sms, pool, identity, **members):
    """Put an identity into a pool; returns what the answer showed."""
    return without_metadata(
        sms.associate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def disassociate(sms, pool, identity, **members):
    """Take an identity out of a pool; returns what the answer showed."""
    return without_metadata(
        sms.disassociate_origination_identity(PoolId=pool.id, **named(identity), **members)
    )


def described(sms, pool):
    """What DescribePools shows of a pool."""
    (entry,) = sms.describe_pools(PoolIds=[pool.id])["Pools"]
    return entry


def number_described(sms, number):
    """What DescribePhoneNumbers shows of a number."""
    (entry,) = sms.describe_phone_numbers(PhoneNumberIds=[number.id])["PhoneNumbers"]
    return entry


def identities(sms, pool, **members):
    """What ListPoolOriginationIdentities lists."""
    return sms.list_pool_origination_identities(PoolId=pool.id, **members)["OriginationIdentities"]


def ids(entries):
    """The ids of what was listed."""
    return [entry["OriginationIdentity"] for entry in entries]


def without_metadata(answer):
    """An answer without what boto3 adds."""
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def customise(sms, number):
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
