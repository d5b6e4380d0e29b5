"""The table of this service's resource types, with the operations of their handlers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.cloudformation import (
    configuration_sets,
    keywords,
    pools,
    protect_configurations,
)
from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.resource_types import (
    Attributes,
    Properties,
    ResourceType,
    staying,
)
from pinpoint_sms_emu.resources.notify_configurations import UNSET_POOL, UNSET_TEMPLATE
from pinpoint_sms_emu.resources.opt_out_lists import DEFAULT_LIST
from pinpoint_sms_emu.resources.rcs_agents import UNSET_MEDIA

_UNPROTECTED: Final = {"DeletionProtectionEnabled": False}
_TWO_WAY: Final = {
    **_UNPROTECTED,
    "OptOutListName": DEFAULT_LIST,
    "SelfManagedOptOutsEnabled": False,
    "TwoWayEnabled": False,
}


class _Policies(ResourceType):
    """Resource policies, which are text in the API, and are found by the ARN of a resource."""

    def _described(self, call: Caller, attributes: Attributes) -> dict[str, Any]:
        return call(self.read, **self._named(attributes))

    def _properties(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "ResourceArn": answer["ResourceArn"],
            "PolicyDocument": json.loads(answer["Policy"]),
        }

    def _members_of(self, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG002
        spelled = dict(given)
        if "PolicyDocument" in given:
            spelled["Policy"] = json.dumps(spelled.pop("PolicyDocument"))
        return spelled

    def list_resources(self, call: Caller) -> Iterator[Attributes]:
        """List the policies of all resources that can have one."""
        for operation, listed, arn in _SHAREABLE:
            for described in staying(call, operation, listed):
                attributes = {self.id: described[arn]}
                if self._described(call, attributes)["Policy"] != "{}":
                    yield attributes


_SHAREABLE: Final = (
    ("DescribePhoneNumbers", "PhoneNumbers", "PhoneNumberArn"),
    ("DescribeSenderIds", "SenderIds", "SenderIdArn"),
    ("DescribePools", "Pools", "PoolArn"),
    ("DescribeOptOutLists", "OptOutLists", "OptOutListArn"),
)


def _transactional(_call: Caller, _properties: Properties) -> Mapping[str, Any]:
    """Return the message type, which is not a property. Inferred: it is TRANSACTIONAL."""
    return {"MessageType": "TRANSACTIONAL"}


def _country(attributes: Attributes) -> Mapping[str, Any]:
    return {"IsoCountryCode": attributes["IsoCountryCode"]}


_ALL: Final = (
    ResourceType(
        name="AWS::SMSVOICE::OptOutList",
        create="CreateOptOutList",
        read="DescribeOptOutLists",
        ids="OptOutListNames",
        listed="OptOutLists",
        delete="DeleteOptOutList",
        id="OptOutListName",
        members={"Arn": "OptOutListArn"},
    ),
    ResourceType(
        name="AWS::SMSVOICE::ProtectConfiguration",
        create="CreateProtectConfiguration",
        read="DescribeProtectConfigurations",
        ids="ProtectConfigurationIds",
        listed="ProtectConfigurations",
        update="UpdateProtectConfiguration",
        delete="DeleteProtectConfiguration",
        id="ProtectConfigurationId",
        members={"Arn": "ProtectConfigurationArn"},
        defaults=_UNPROTECTED,
        finish=protect_configurations.set_rules,
        also_read=protect_configurations.read_rules,
    ),
    ResourceType(
        name="AWS::SMSVOICE::Registration",
        create="CreateRegistration",
        read="DescribeRegistrations",
        ids="RegistrationIds",
        listed="Registrations",
        delete="DeleteRegistration",
        id="RegistrationId",
    ),
    ResourceType(
        name="AWS::SMSVOICE::RegistrationAttachment",
        create="CreateRegistrationAttachment",
        read="DescribeRegistrationAttachments",
        ids="RegistrationAttachmentIds",
        listed="RegistrationAttachments",
        delete="DeleteRegistrationAttachment",
        id="RegistrationAttachmentId",
        members={"UploadedAttachmentUrl": "AttachmentUrl"},
    ),
    ResourceType(
        name="AWS::SMSVOICE::PhoneNumber",
        create="RequestPhoneNumber",
        read="DescribePhoneNumbers",
        ids="PhoneNumberIds",
        listed="PhoneNumbers",
        update="UpdatePhoneNumber",
        delete="ReleasePhoneNumber",
        id="PhoneNumberId",
        members={"Arn": "PhoneNumberArn"},
        defaults=_TWO_WAY,
        also_create=_transactional,
        finish=keywords.set_keywords,
        also_read=keywords.read_keywords,
    ),
    ResourceType(
        name="AWS::SMSVOICE::SenderId",
        create="RequestSenderId",
        read="DescribeSenderIds",
        ids="SenderIds",
        listed="SenderIds",
        update="UpdateSenderId",
        delete="ReleaseSenderId",
        id="SenderId",
        members={"Arn": "SenderIdArn"},
        defaults=_UNPROTECTED,
        also_named=_country,
    ),
    ResourceType(
        name="AWS::SMSVOICE::RcsAgent",
        create="CreateRcsAgent",
        read="DescribeRcsAgents",
        ids="RcsAgentIds",
        listed="RcsAgents",
        update="UpdateRcsAgent",
        delete="DeleteRcsAgent",
        id="RcsAgentId",
        defaults={
            **_TWO_WAY,
            "TwoWayMediaS3BucketName": UNSET_MEDIA,
            "TwoWayMediaS3Role": UNSET_MEDIA,
            "TwoWayRcsEventsEnabled": [],
        },
        together=("TwoWayMediaS3BucketName", "TwoWayMediaS3Role"),
    ),
    ResourceType(
        name="AWS::SMSVOICE::Pool",
        create="CreatePool",
        read="DescribePools",
        ids="PoolIds",
        listed="Pools",
        update="UpdatePool",
        delete="DeletePool",
        id="PoolId",
        members={"Arn": "PoolArn"},
        defaults={**_TWO_WAY, "SharedRoutesEnabled": False},
        also_create=pools.first_identity,
        join=pools.set_identities,
        finish=keywords.set_keywords,
        before_delete=pools.leave_identities,
        also_read=pools.read,
    ),
    ResourceType(
        name="AWS::SMSVOICE::NotifyConfiguration",
        create="CreateNotifyConfiguration",
        read="DescribeNotifyConfigurations",
        ids="NotifyConfigurationIds",
        listed="NotifyConfigurations",
        update="UpdateNotifyConfiguration",
        delete="DeleteNotifyConfiguration",
        id="NotifyConfigurationId",
        defaults={**_UNPROTECTED, "PoolId": UNSET_POOL, "DefaultTemplateId": UNSET_TEMPLATE},
    ),
    ResourceType(
        name="AWS::SMSVOICE::ConfigurationSet",
        create="CreateConfigurationSet",
        read="DescribeConfigurationSets",
        ids="ConfigurationSetNames",
        listed="ConfigurationSets",
        delete="DeleteConfigurationSet",
        id="ConfigurationSetName",
        members={
            "Arn": "ConfigurationSetArn",
            "MessageFeedbackEnabled": "DefaultMessageFeedbackEnabled",
        },
        finish=configuration_sets.set_all,
    ),
    ResourceType(
        name="AWS::SMSVOICE::VerifiedDestinationNumber",
        create="CreateVerifiedDestinationNumber",
        read="DescribeVerifiedDestinationNumbers",
        ids="VerifiedDestinationNumberIds",
        listed="VerifiedDestinationNumbers",
        delete="DeleteVerifiedDestinationNumber",
        id="VerifiedDestinationNumberId",
    ),
    _Policies(
        name="AWS::SMSVOICE::ResourcePolicy",
        create="PutResourcePolicy",
        read="GetResourcePolicy",
        ids="",
        listed="",
        update="PutResourcePolicy",
        delete="DeleteResourcePolicy",
        id="ResourceArn",
    ),
)

# In the order of their possible dependencies.
TYPES: Final[Mapping[str, ResourceType]] = MappingProxyType({each.name: each for each in _ALL})
