"""A template with all properties of all types of this service, and a change of each property."""

from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any, Final

Properties = dict[str, Any]

TOPIC: Final = "arn:aws:sns:us-east-1:123456789012:answers"
ROLE: Final = "arn:aws:iam::123456789012:role/answers"
TAGS: Final = [{"Key": "Team", "Value": "billing"}, {"Key": "Stage", "Value": "dev"}]
OTHER_TAGS: Final = [{"Key": "Team", "Value": "sales"}, {"Key": "Name", "Value": "ACME"}]
KEYWORDS: Final = {"HELP": {"Message": "Call us."}, "STOP": {"Message": "Goodbye."}}
OTHER_KEYWORDS: Final = {"HELP": {"Message": "Write to us."}, "STOP": {"Message": "Goodbye."}}
OPTIONAL: Final = [
    {"Keyword": "INFO", "Message": "We are open.", "Action": "AUTOMATIC_RESPONSE"},
    {"Keyword": "END", "Message": "It ends.", "Action": "OPT_OUT"},
]
OTHER_OPTIONAL: Final = [
    {"Keyword": "INFO", "Message": "We are closed.", "Action": "AUTOMATIC_RESPONSE"},
    {"Keyword": "JOIN", "Message": "Welcome.", "Action": "OPT_IN"},
]
SINKS: Final[list[Properties]] = [
    {
        "EventDestinationName": "log",
        "Enabled": True,
        "MatchingEventTypes": ["TEXT_DELIVERED"],
        "CloudWatchLogsDestination": {
            "IamRoleArn": ROLE,
            "LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:sms:*",
        },
    },
    {
        "EventDestinationName": "stream",
        "Enabled": True,
        "MatchingEventTypes": ["TEXT_ALL"],
        "KinesisFirehoseDestination": {
            "IamRoleArn": ROLE,
            "DeliveryStreamArn": "arn:aws:firehose:us-east-1:123456789012:deliverystream/sms",
        },
    },
    {
        "EventDestinationName": "topic",
        "Enabled": False,
        "MatchingEventTypes": ["ALL"],
        "SnsDestination": {"TopicArn": TOPIC},
    },
]
OTHER_SINKS: Final[list[Properties]] = [
    # One destination of another kind, one changed, and one new; the topic's is removed.
    SINKS[0] | {"CloudWatchLogsDestination": None, "SnsDestination": {"TopicArn": TOPIC}},
    SINKS[1] | {"MatchingEventTypes": ["VOICE_ALL"], "Enabled": False},
    SINKS[2] | {"EventDestinationName": "another"},
]
del OTHER_SINKS[0]["CloudWatchLogsDestination"]
STATEMENT: Final = {
    "Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::210987654321:root"},
    "Action": ["sms-voice:SendTextMessage"],
    "Resource": "*",
}
POLICY: Final = {"Version": "2012-10-17", "Statement": [STATEMENT]}
OTHER_POLICY: Final = {
    "Version": "2012-10-17",
    "Statement": [{**STATEMENT, "Action": ["sms-voice:DescribePools"]}],
}


def ref(name: str) -> Any:
    """Refer to a resource."""
    return {"Ref": name}


def arn(name: str, attribute: str = "Arn") -> Any:
    """Refer to the ARN of a resource, in JSON form."""
    return {"Fn::GetAtt": [name, attribute]}


# The resources by logical id (the last part of the type), with all their properties.
RESOURCES: Final[dict[str, tuple[str, Properties]]] = {
    "List": ("OptOutList", {"OptOutListName": "Marketing", "Tags": TAGS}),
    "Protect": (
        "ProtectConfiguration",
        {
            "CountryRuleSet": {
                "SMS": [
                    {"CountryCode": "FR", "ProtectStatus": "BLOCK"},
                    {"CountryCode": "DE", "ProtectStatus": "MONITOR"},
                ],
                "VOICE": [{"CountryCode": "FR", "ProtectStatus": "BLOCK"}],
            },
            "DeletionProtectionEnabled": False,
            "Tags": TAGS,
        },
    ),
    "Registration": (
        "Registration",
        {"RegistrationType": "US_TOLL_FREE_REGISTRATION", "Tags": TAGS},
    ),
    "Attachment": (
        "RegistrationAttachment",
        {"AttachmentUrl": "s3://files/opt-in.png", "Tags": TAGS},
    ),
    "File": (
        "RegistrationAttachment",
        {"AttachmentBody": base64.b64encode(b"%PDF-1.7 an opt-in form").decode()},
    ),
    "Number": (
        "PhoneNumber",
        {
            "IsoCountryCode": "US",
            "NumberCapabilities": ["SMS", "VOICE"],
            "NumberType": "TOLL_FREE",
            "OptOutListName": ref("List"),
            "SelfManagedOptOutsEnabled": True,
            "TwoWay": {"Enabled": True, "ChannelArn": TOPIC, "ChannelRole": ROLE},
            "DeletionProtectionEnabled": False,
            "MandatoryKeywords": KEYWORDS,
            "OptionalKeywords": OPTIONAL[:1],
            "Tags": TAGS,
        },
    ),
    "Alone": (
        "PhoneNumber",
        {
            "IsoCountryCode": "US",
            "NumberCapabilities": ["SMS"],
            "NumberType": "SIMULATOR",
            "OptOutListName": ref("List"),
            "SelfManagedOptOutsEnabled": True,
            "TwoWay": {"Enabled": True, "ChannelArn": TOPIC, "ChannelRole": ROLE},
            "DeletionProtectionEnabled": False,
            "MandatoryKeywords": KEYWORDS,
            "OptionalKeywords": OPTIONAL,
            "Tags": TAGS,
        },
    ),
    "Sender": (
        "SenderId",
        {
            "SenderId": "ACME",
            "IsoCountryCode": "GB",
            "DeletionProtectionEnabled": False,
            "Tags": TAGS,
        },
    ),
    "Agent": (
        "RcsAgent",
        {
            "DeletionProtectionEnabled": False,
            "OptOutListName": ref("List"),
            "SelfManagedOptOutsEnabled": True,
            "TwoWayEnabled": True,
            "TwoWayChannelArn": TOPIC,
            "TwoWayChannelRole": ROLE,
            "TwoWayMediaS3BucketName": "answers",
            "TwoWayMediaS3KeyPrefix": "rcs/",
            "TwoWayMediaS3Role": ROLE,
            "TwoWayRcsEventsEnabled": ["TEXT_MESSAGE"],
            "Tags": TAGS,
        },
    ),
    "Pool": (
        "Pool",
        {
            "OriginationIdentities": [arn("Number"), arn("Sender")],
            "OptOutListName": ref("List"),
            "SelfManagedOptOutsEnabled": True,
            "SharedRoutesEnabled": True,
            "TwoWay": {"Enabled": True, "ChannelArn": TOPIC, "ChannelRole": ROLE},
            "DeletionProtectionEnabled": False,
            "MandatoryKeywords": OTHER_KEYWORDS,
            "OptionalKeywords": OPTIONAL[:1],
            "Tags": TAGS,
        },
    ),
    "Notify": (
        "NotifyConfiguration",
        {
            "DisplayName": "ACME",
            "UseCase": "CODE_VERIFICATION",
            "EnabledChannels": ["SMS"],
            "EnabledCountries": ["US", "CA"],
            "DefaultTemplateId": "notify-code-verification-english-001",
            "PoolId": ref("Pool"),
            "DeletionProtectionEnabled": False,
            "Tags": TAGS,
        },
    ),
    "Set": (
        "ConfigurationSet",
        {
            "ConfigurationSetName": "Default",
            "DefaultSenderId": "ACME",
            "MessageFeedbackEnabled": True,
            "ProtectConfigurationId": ref("Protect"),
            "EventDestinations": SINKS,
            "Tags": TAGS,
        },
    ),
    "Verified": (
        "VerifiedDestinationNumber",
        {"DestinationPhoneNumber": "+14255550100", "Tags": TAGS},
    ),
    "Policy": ("ResourcePolicy", {"ResourceArn": arn("Pool"), "PolicyDocument": POLICY}),
}

_TWO_WAY_OFF: Final = {"Enabled": False}
# Another value for each property of each resource, with the changes that it requires.
CHANGES: Final[dict[tuple[str, str], Properties]] = {
    ("List", "OptOutListName"): {"OptOutListName": "Others"},
    ("Protect", "CountryRuleSet"): {
        "CountryRuleSet": {
            "SMS": [
                {"CountryCode": "DE", "ProtectStatus": "BLOCK"},
                {"CountryCode": "IT", "ProtectStatus": "FILTER"},
            ],
            "MMS": [{"CountryCode": "CA", "ProtectStatus": "BLOCK"}],
        }
    },
    ("Registration", "RegistrationType"): {"RegistrationType": "US_TEN_DLC_BRAND_REGISTRATION"},
    ("Attachment", "AttachmentUrl"): {"AttachmentUrl": "s3://files/other.png"},
    ("File", "AttachmentBody"): {
        "AttachmentBody": base64.b64encode(b"%PDF-1.7 another form").decode()
    },
    ("Alone", "IsoCountryCode"): {"IsoCountryCode": "CA", "NumberType": "LONG_CODE"},
    ("Alone", "NumberCapabilities"): {
        "NumberCapabilities": ["SMS", "VOICE"],
        "NumberType": "TOLL_FREE",
        "OptionalKeywords": OPTIONAL[:1],
    },
    ("Alone", "NumberType"): {"NumberType": "TOLL_FREE", "OptionalKeywords": OPTIONAL[:1]},
    ("Alone", "OptOutListName"): {"OptOutListName": "Default"},
    ("Alone", "SelfManagedOptOutsEnabled"): {"SelfManagedOptOutsEnabled": False},
    ("Alone", "TwoWay"): {"TwoWay": _TWO_WAY_OFF, "SelfManagedOptOutsEnabled": False},
    ("Alone", "MandatoryKeywords"): {"MandatoryKeywords": OTHER_KEYWORDS},
    ("Alone", "OptionalKeywords"): {"OptionalKeywords": OTHER_OPTIONAL},
    ("Sender", "SenderId"): {"SenderId": "OTHER"},
    ("Sender", "IsoCountryCode"): {"IsoCountryCode": "DE"},
    ("Agent", "OptOutListName"): {"OptOutListName": "Default"},
    ("Agent", "SelfManagedOptOutsEnabled"): {"SelfManagedOptOutsEnabled": False},
    ("Agent", "TwoWayEnabled"): {
        "TwoWayEnabled": False,
        "SelfManagedOptOutsEnabled": False,
        "TwoWayChannelArn": None,
        "TwoWayChannelRole": None,
        "TwoWayMediaS3BucketName": None,
        "TwoWayMediaS3KeyPrefix": None,
        "TwoWayMediaS3Role": None,
    },
    ("Agent", "TwoWayChannelArn"): {"TwoWayChannelArn": f"{TOPIC}-2"},
    ("Agent", "TwoWayChannelRole"): {"TwoWayChannelRole": f"{ROLE}-2"},
    ("Agent", "TwoWayMediaS3BucketName"): {"TwoWayMediaS3BucketName": "others"},
    ("Agent", "TwoWayMediaS3KeyPrefix"): {"TwoWayMediaS3KeyPrefix": "others/"},
    ("Agent", "TwoWayMediaS3Role"): {"TwoWayMediaS3Role": f"{ROLE}-2"},
    ("Agent", "TwoWayRcsEventsEnabled"): {"TwoWayRcsEventsEnabled": ["ALL"]},
    ("Pool", "OriginationIdentities"): {"OriginationIdentities": [arn("Number")]},
    ("Pool", "OptOutListName"): {"OptOutListName": "Default"},
    ("Pool", "SelfManagedOptOutsEnabled"): {"SelfManagedOptOutsEnabled": False},
    ("Pool", "SharedRoutesEnabled"): {"SharedRoutesEnabled": False},
    ("Pool", "TwoWay"): {"TwoWay": _TWO_WAY_OFF, "SelfManagedOptOutsEnabled": False},
    ("Pool", "MandatoryKeywords"): {"MandatoryKeywords": KEYWORDS},
    ("Pool", "OptionalKeywords"): {"OptionalKeywords": OTHER_OPTIONAL[:1]},
    ("Notify", "DisplayName"): {"DisplayName": "Other"},
    ("Notify", "EnabledChannels"): {"EnabledChannels": ["SMS", "VOICE"]},
    ("Notify", "EnabledCountries"): {"EnabledCountries": ["US"]},
    ("Notify", "DefaultTemplateId"): {"DefaultTemplateId": "notify-code-verification-english-002"},
    ("Set", "ConfigurationSetName"): {"ConfigurationSetName": "Others"},
    ("Set", "DefaultSenderId"): {"DefaultSenderId": "OTHER"},
    ("Set", "MessageFeedbackEnabled"): {"MessageFeedbackEnabled": False},
    ("Set", "EventDestinations"): {"EventDestinations": OTHER_SINKS},
    ("Policy", "PolicyDocument"): {"PolicyDocument": OTHER_POLICY},
    ("Policy", "ResourceArn"): {"ResourceArn": arn("List")},
    ("Verified", "DestinationPhoneNumber"): {"DestinationPhoneNumber": "+14255550101"},
}
# Optional properties that can be removed from a resource.
REMOVED: Final = (
    ("Protect", "CountryRuleSet"),
    ("Alone", "OptionalKeywords"),
    ("Alone", "OptOutListName"),
    ("Agent", "OptOutListName"),
    ("Notify", "PoolId"),
    ("Notify", "DefaultTemplateId"),
    ("Set", "DefaultSenderId"),
    ("Set", "MessageFeedbackEnabled"),
    ("Set", "ProtectConfigurationId"),
    ("Set", "EventDestinations"),
    ("Pool", "SharedRoutesEnabled"),
)


def template(**changed: Properties) -> dict[str, Any]:
    """Return the template with changes by logical id; properties that are None are left out."""
    resources = {}
    for logical_id, (kind, properties) in RESOURCES.items():
        own = properties | changed.get(logical_id, {})
        resources[logical_id] = {
            "Type": f"AWS::SMSVOICE::{kind}",
            "Properties": {name: deepcopy(each) for name, each in own.items() if each is not None},
        }
    return {"Resources": resources}


for _logical_id, (_kind, _properties) in RESOURCES.items():
    if "Tags" in _properties:
        CHANGES[_logical_id, "Tags"] = {"Tags": OTHER_TAGS}
    if "DeletionProtectionEnabled" in _properties:
        CHANGES[_logical_id, "DeletionProtectionEnabled"] = {"DeletionProtectionEnabled": True}
