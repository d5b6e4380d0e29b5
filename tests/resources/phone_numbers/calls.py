"""Calls and values for the tests of phone numbers."""

from typing import Any

import pytest

newer = pytest.mark.since("1.43.11")


TOPIC = "arn:aws:sns:us-east-1:123456789012:answers"


ARN = "arn:aws:sms-voice:us-east-1:123456789012:"


ROLE = "arn:aws:iam::123456789012:role/answers"


FRIEND = "210987654321"


LONG_CODE = {
    "IsoCountryCode": "US",
    "MessageType": "TRANSACTIONAL",
    "NumberCapabilities": ["SMS", "VOICE"],
    "NumberType": "LONG_CODE",
}


def described(sms: Any, **members: Any) -> Any:
    """Describe the requested numbers."""
    return sms.describe_phone_numbers(**members)["PhoneNumbers"]


ALWAYS = {
    "PhoneNumberArn",
    "PhoneNumberId",
    "PhoneNumber",
    "Status",
    "IsoCountryCode",
    "MessageType",
    "NumberCapabilities",
    "NumberType",
    "MonthlyLeasingPrice",
    "TwoWayEnabled",
    "SelfManagedOptOutsEnabled",
    "OptOutListName",
    "DeletionProtectionEnabled",
    "CreatedTimestamp",
}


LATER = {"InternationalSendingEnabled", "MessagingLimits", "PricingTier"}
