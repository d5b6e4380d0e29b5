"""An application that uses many operations, for generating the policy that it needs."""

from __future__ import annotations

from typing import Any

import boto3

KEY = "AKIAIOSFODNN7EXAMPLE"
ACCOUNT = "123456789012"
PERSON = "+14255550100"


def client_of(key: str = KEY, region: str = "us-east-1") -> Any:
    """Return a client with this access key."""
    return boto3.client(
        "pinpoint-sms-voice-v2",
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key="any",
    )


def run(sms: Any) -> None:
    """Request a number, create a pool, a set and a list; send, describe, tag; delete everything."""
    number = sms.request_phone_number(
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
        NumberCapabilities=["SMS", "VOICE"],
        NumberType="LONG_CODE",
        Tags=[{"Key": "team", "Value": "a"}],
    )
    pool = sms.create_pool(
        OriginationIdentity=number["PhoneNumberArn"],
        IsoCountryCode="US",
        MessageType="TRANSACTIONAL",
    )
    sms.create_configuration_set(ConfigurationSetName="receipts")
    sms.create_opt_out_list(OptOutListName="shop")
    sms.request_sender_id(SenderId="SHOP", IsoCountryCode="GB")
    sms.put_opted_out_number(OptOutListName="shop", OptedOutNumber="+14255550199")
    sms.tag_resource(ResourceArn=pool["PoolArn"], Tags=[{"Key": "team", "Value": "a"}])
    sent = sms.send_text_message(
        DestinationPhoneNumber=PERSON,
        OriginationIdentity=number["PhoneNumber"],
        MessageBody="Hello",
        ConfigurationSetName="receipts",
        MessageFeedbackEnabled=True,
    )
    sms.put_message_feedback(MessageId=sent["MessageId"], MessageFeedbackStatus="RECEIVED")
    sms.send_text_message(
        DestinationPhoneNumber="+447700900123", OriginationIdentity="Shop", MessageBody="Hello"
    )
    sms.send_voice_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=pool["PoolId"], MessageBody="Hello"
    )
    sms.describe_pools(PoolIds=[pool["PoolId"]])
    sms.describe_sender_ids(SenderIds=[{"SenderId": "SHOP", "IsoCountryCode": "GB"}])
    sms.describe_account_limits()
    sms.untag_resource(ResourceArn=pool["PoolArn"], TagKeys=["team"])
    sms.delete_pool(PoolId=pool["PoolId"])
    sms.release_phone_number(PhoneNumberId=number["PhoneNumberId"])
