"""The plan: free calls that send nothing, in groups, with the calls that undo them.

A text such as `{CreatePool.PoolId}` in a request stands for a member of an earlier answer of the
group, and `{name}` for a name that no resource of the account has.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final, NamedTuple

Request = Mapping[str, Any]


class Step(NamedTuple):
    """A call."""

    operation: str
    request: Request = MappingProxyType({})
    # The name by which other steps refer to its answer; by default the operation.
    label: str = ""
    # The call that undoes it, made at the end, even after failures.
    undo: tuple[str, Request] | None = None
    # Whether the answer is about the plan's own resources, or about no resource. Answers about
    # other resources of the account are written without a comparison.
    is_compared: bool = True
    # The entry of docs/decisions.md that the answer can confirm.
    decision: int | None = None

    @property
    def name(self) -> str:
        """The name by which other steps refer to its answer."""
        return self.label or self.operation


class Group(NamedTuple):
    """Steps that share their resources."""

    name: str
    steps: tuple[Step, ...]
    # Whether the account must have a phone number.
    needs_number: bool = False


_LIST: Final = {"OptOutListName": "{name}"}
_SET: Final = {"ConfigurationSetName": "{name}"}
_DESTINATION: Final = {**_SET, "EventDestinationName": "{name}"}
_PROTECT: Final = {"ProtectConfigurationId": "{CreateProtectConfiguration.ProtectConfigurationId}"}
_OVERRIDE: Final = {**_PROTECT, "DestinationPhoneNumber": "+14255550101"}
_REGISTRATION: Final = {"RegistrationId": "{CreateRegistration.RegistrationId}"}
_KEYWORD: Final = {"OriginationIdentity": "{number}", "Keyword": "OBSERVED"}
_TOPIC: Final = {"TopicArn": "arn:aws:sns:{region}:{account}:{name}"}
_TOKEN: Final = "{name}-token"

OPT_OUT_LISTS: Final = Group(
    "opt-out lists and numbers",
    (
        Step(
            "CreateOptOutList", {**_LIST, "ClientToken": _TOKEN}, undo=("DeleteOptOutList", _LIST)
        ),
        Step("CreateOptOutList", {**_LIST, "ClientToken": _TOKEN}, "the same token"),
        Step(
            "CreateOptOutList",
            {"OptOutListName": "{name}-2", "ClientToken": _TOKEN},
            "the token with other arguments",
            undo=("DeleteOptOutList", {"OptOutListName": "{name}-2"}),
            decision=4,
        ),
        Step("CreateOptOutList", _LIST, "a name that exists"),
        Step("CreateOptOutList", {"OptOutListName": "with space"}, "a name with a space"),
        Step("CreateOptOutList", {}, "no name", decision=2),
        Step("DescribeOptOutLists", {"OptOutListNames": ["{name}"]}),
        Step("DescribeOptOutLists", {"OptOutListNames": ["{name}-none"]}, "an unknown list"),
        Step(
            "DescribeOptOutLists",
            {"OptOutListNames": ["{name}"], "MaxResults": 1},
            "names with MaxResults",
        ),
        Step("DescribeOptOutLists", {"MaxResults": 0}, "MaxResults of 0"),
        Step("DescribeOptOutLists", {"NextToken": "none"}, "an unknown token"),
        Step("DescribeOptOutLists", {"MaxResults": 1}, "a page", is_compared=False, decision=49),
        Step("PutOptedOutNumber", {**_LIST, "OptedOutNumber": "+14255550101"}),
        Step("PutOptedOutNumber", {**_LIST, "OptedOutNumber": "+14255550101"}, "put twice"),
        Step("PutOptedOutNumber", {**_LIST, "OptedOutNumber": "+1425"}, "no number"),
        Step("DescribeOptedOutNumbers", _LIST),
        Step(
            "DescribeOptedOutNumbers",
            {**_LIST, "OptedOutNumbers": ["+14255550102"]},
            "a number that is not on it",
            decision=11,
        ),
        Step("DeleteOptedOutNumber", {**_LIST, "OptedOutNumber": "+14255550101"}),
        Step(
            "PutOptedOutNumber",
            {**_LIST, "OptedOutNumber": "+14255550101"},
            "put again after it was deleted",
        ),
        Step(
            "DeleteOptedOutNumber",
            {**_LIST, "OptedOutNumber": "+14255550101"},
            "deleted twice in a month",
            decision=43,
        ),
        Step("DeleteOptOutList", {"OptOutListName": "{name}-none"}, "delete an unknown list"),
    ),
)

TAGS: Final = Group(
    "tags",
    (
        Step(
            "CreateOptOutList",
            {**_LIST, "Tags": [{"Key": "Stage", "Value": "test"}]},
            undo=("DeleteOptOutList", _LIST),
        ),
        Step("ListTagsForResource", {"ResourceArn": "{CreateOptOutList.OptOutListArn}"}),
        Step(
            "TagResource",
            {
                "ResourceArn": "{CreateOptOutList.OptOutListArn}",
                "Tags": [{"Key": "Stage", "Value": "prod"}, {"Key": "a", "Value": ""}],
            },
        ),
        Step(
            "TagResource",
            {
                "ResourceArn": "{CreateOptOutList.OptOutListArn}",
                "Tags": [{"Key": "a", "Value": "a — b"}],
            },
            "an em dash",
        ),
        Step(
            "TagResource",
            {
                "ResourceArn": "{CreateOptOutList.OptOutListArn}",
                "Tags": [{"Key": "aws:a", "Value": "b"}],
            },
            "a key of AWS",
        ),
        Step(
            "ListTagsForResource",
            {"ResourceArn": "{CreateOptOutList.OptOutListArn}"},
            "tags that were changed",
        ),
        Step(
            "UntagResource",
            {"ResourceArn": "{CreateOptOutList.OptOutListArn}", "TagKeys": ["Stage", "none"]},
        ),
        Step("ListTagsForResource", {"ResourceArn": "none"}, "no ARN"),
    ),
)

CONFIGURATION_SETS: Final = Group(
    "configuration sets and event destinations",
    (
        Step("CreateConfigurationSet", _SET, undo=("DeleteConfigurationSet", _SET)),
        Step("CreateConfigurationSet", _SET, "a set that exists"),
        Step("SetDefaultMessageType", {**_SET, "MessageType": "TRANSACTIONAL"}),
        Step("SetDefaultMessageType", {**_SET, "MessageType": "none"}, "no message type"),
        Step("SetDefaultSenderId", {**_SET, "SenderId": "Observed"}, decision=14),
        Step("SetDefaultMessageFeedbackEnabled", {**_SET, "MessageFeedbackEnabled": True}),
        Step(
            "CreateEventDestination",
            {**_DESTINATION, "MatchingEventTypes": ["ALL"], "SnsDestination": _TOPIC},
            undo=("DeleteEventDestination", _DESTINATION),
        ),
        Step(
            "CreateEventDestination",
            {
                **_DESTINATION,
                "ConfigurationSetName": "{CreateConfigurationSet.ConfigurationSetArn}",
                "MatchingEventTypes": ["ALL"],
                "SnsDestination": _TOPIC,
            },
            "the set by its ARN",
            decision=9,
        ),
        Step(
            "CreateEventDestination",
            {**_DESTINATION, "MatchingEventTypes": ["ALL"]},
            "no destination",
        ),
        Step(
            "CreateEventDestination",
            {**_DESTINATION, "MatchingEventTypes": ["NONE"], "SnsDestination": _TOPIC},
            "an unknown type of event",
        ),
        Step("UpdateEventDestination", {**_DESTINATION, "Enabled": False}, decision=16),
        Step("DescribeConfigurationSets", {"ConfigurationSetNames": ["{name}"]}),
        Step(
            "DescribeConfigurationSets",
            {"ConfigurationSetNames": ["{CreateConfigurationSet.ConfigurationSetArn}"]},
            "by its ARN",
        ),
        Step(
            "DescribeConfigurationSets",
            {"Filters": [{"Name": "event-destination-name", "Values": ["{name}"]}]},
            "by a filter",
        ),
        Step(
            "DescribeConfigurationSets",
            {"Filters": [{"Name": "none", "Values": ["a"]}]},
            "an unknown filter",
        ),
        Step("DeleteDefaultSenderId", _SET),
        Step("DeleteDefaultMessageType", _SET),
        Step("DeleteConfigurationSet", {"ConfigurationSetName": "{name}-none"}, "an unknown set"),
    ),
)

PROTECT_CONFIGURATIONS: Final = Group(
    "protect configurations and rule sets",
    (
        Step("CreateProtectConfiguration", undo=("DeleteProtectConfiguration", _PROTECT)),
        Step(
            "UpdateProtectConfigurationCountryRuleSet",
            {
                **_PROTECT,
                "NumberCapability": "SMS",
                "CountryRuleSetUpdates": {"FR": {"ProtectStatus": "BLOCK"}},
            },
        ),
        Step(
            "UpdateProtectConfigurationCountryRuleSet",
            {
                **_PROTECT,
                "NumberCapability": "SMS",
                "CountryRuleSetUpdates": {"XX": {"ProtectStatus": "BLOCK"}},
            },
            "an unknown country",
        ),
        Step(
            "GetProtectConfigurationCountryRuleSet",
            {**_PROTECT, "NumberCapability": "SMS"},
        ),
        Step(
            "PutProtectConfigurationRuleSetNumberOverride",
            {**_OVERRIDE, "Action": "BLOCK", "ClientToken": _TOKEN},
            undo=("DeleteProtectConfigurationRuleSetNumberOverride", _OVERRIDE),
        ),
        Step("ListProtectConfigurationRuleSetNumberOverrides", _PROTECT),
        Step(
            "ListProtectConfigurationRuleSetNumberOverrides",
            {**_PROTECT, "Filters": [{"Name": "created-before", "Values": ["2030-01-01"]}]},
            "a filter of time",
            decision=40,
        ),
        Step(
            "DescribeProtectConfigurations",
            {"ProtectConfigurationIds": [_PROTECT["ProtectConfigurationId"]]},
        ),
        Step(
            "DescribeProtectConfigurations",
            {
                "Filters": [
                    {"Name": "account-default", "Values": ["false"]},
                    {"Name": "deletion-protection-enabled", "Values": ["true"]},
                ]
            },
            "two filters",
            is_compared=False,
            decision=22,
        ),
        Step("UpdateProtectConfiguration", {**_PROTECT, "DeletionProtectionEnabled": False}),
        Step(
            "DescribeProtectConfigurations",
            {"ProtectConfigurationIds": ["protect-00000000000000000000000000000000"]},
            "an unknown configuration",
        ),
        Step("GetResourcePolicy", {"ResourceArn": "none"}, "the policy of no ARN"),
    ),
)

KEYWORDS: Final = Group(
    "keywords of a number of one's own",
    (
        Step("DescribeKeywords", {"OriginationIdentity": "{number}"}, is_compared=False),
        Step(
            "PutKeyword",
            {**_KEYWORD, "KeywordMessage": "Observed"},
            undo=("DeleteKeyword", _KEYWORD),
            decision=12,
        ),
        Step(
            "DescribeKeywords",
            {"OriginationIdentity": "{number}", "Keywords": ["OBSERVED"]},
            "a keyword",
        ),
        Step("DeleteKeyword", {**_KEYWORD, "Keyword": "STOP"}, "delete STOP"),
        Step("DeleteKeyword", {**_KEYWORD, "Keyword": "NONE"}, "an unknown keyword"),
        Step(
            "DescribePhoneNumbers",
            {"PhoneNumberIds": ["{number}"], "MaxResults": 1},
            "ids with MaxResults",
        ),
    ),
    needs_number=True,
)

REGISTRATIONS: Final = Group(
    "drafts of registrations",
    (
        Step(
            "CreateRegistration",
            {"RegistrationType": "US_TOLL_FREE_REGISTRATION"},
            undo=("DeleteRegistration", _REGISTRATION),
        ),
        Step("CreateRegistration", {"RegistrationType": "NONE"}, "an unknown type"),
        Step(
            "PutRegistrationFieldValue",
            {**_REGISTRATION, "FieldPath": "companyInfo.companyName", "TextValue": "Example Corp"},
        ),
        Step(
            "PutRegistrationFieldValue",
            {**_REGISTRATION, "FieldPath": "companyInfo.none", "TextValue": "a"},
            "an unknown field",
        ),
        Step(
            "PutRegistrationFieldValue",
            {**_REGISTRATION, "FieldPath": "companyInfo.companyName", "TextValue": "a" * 2000},
            "a long value",
            decision=20,
        ),
        Step("DescribeRegistrationFieldValues", _REGISTRATION),
        Step("DescribeRegistrationVersions", _REGISTRATION),
        Step("DescribeRegistrations", {"RegistrationIds": [_REGISTRATION["RegistrationId"]]}),
        Step("ListRegistrationAssociations", _REGISTRATION),
        Step("CreateRegistrationVersion", _REGISTRATION, "a version beside a draft"),
        Step(
            "DeleteRegistrationFieldValue",
            {**_REGISTRATION, "FieldPath": "companyInfo.companyName"},
        ),
    ),
)

DEFINITIONS: Final = Group(
    "definitions of registrations",
    (
        Step("DescribeRegistrationTypeDefinitions", decision=29),
        *(
            Step(operation, {"RegistrationType": kind}, f"{operation} {kind}")
            for kind in (
                "US_TOLL_FREE_REGISTRATION",
                "US_TEN_DLC_BRAND_REGISTRATION",
                "US_TEN_DLC_BRAND_VETTING",
                "US_TEN_DLC_CAMPAIGN_REGISTRATION",
                "TEST_RCS_LAUNCH_REGISTRATION",
                "NOTIFY_TIER_UPGRADE_REGISTRATION",
                "GB_SENDER_ID_REGISTRATION",
            )
            for operation in (
                "DescribeRegistrationSectionDefinitions",
                "DescribeRegistrationFieldDefinitions",
            )
        ),
        Step("DescribeRegistrationFieldDefinitions", {"RegistrationType": "NONE"}, "no type"),
    ),
)

ACCOUNT: Final = Group(
    "what the account has",
    (
        *(
            Step(operation, is_compared=False)
            for operation in (
                "DescribeAccountAttributes",
                "DescribeAccountLimits",
                "DescribeSpendLimits",
                "DescribePhoneNumbers",
                "DescribePools",
                "DescribeSenderIds",
                "DescribeOptOutLists",
                "DescribeConfigurationSets",
                "DescribeProtectConfigurations",
                "DescribeRegistrations",
                "DescribeRegistrationAttachments",
                "DescribeVerifiedDestinationNumbers",
                "DescribeRcsAgents",
                "DescribeNotifyConfigurations",
            )
        ),
        Step("DescribeNotifyTemplates", decision=38),
        Step("ListNotifyCountries", decision=38),
        Step("DescribePhoneNumbers", {"Owner": "SHARED"}, "shared numbers", is_compared=False),
        Step("DescribePhoneNumbers", {"PhoneNumberIds": ["phone-0"]}, "an unknown number"),
        Step("DescribePools", {"PoolIds": ["pool-0"]}, "an unknown pool"),
        Step("DescribeKeywords", {"OriginationIdentity": "pool-0"}, "keywords of no pool"),
        Step("ListPoolOriginationIdentities", {"PoolId": "pool-0"}, "members of no pool"),
        Step("GetResourcePolicy", {"ResourceArn": "arn:aws:sns:us-east-1:1:a"}, "not ours"),
    ),
)

GROUPS: Final = (
    OPT_OUT_LISTS,
    TAGS,
    CONFIGURATION_SETS,
    PROTECT_CONFIGURATIONS,
    KEYWORDS,
    REGISTRATIONS,
    DEFINITIONS,
    ACCOUNT,
)
