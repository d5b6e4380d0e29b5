"""Members for any operation: valid by the model, and about resources that exist, or did."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.tables import Resource
from pinpoint_sms_emu.wire.model import ServiceModel, service_model
from pinpoint_sms_emu.wire.sns_actions import model_with
from tests.contract import samples

Draw = Callable[[st.SearchStrategy[Any]], Any]

PEOPLE = ("+14255550100", "+14255550101", "+4915112345678")
NAMES = ("A", "B", "Default")
# Of whoever sends: numbers, pools, sender IDs and agents.
SENDERS = ("phone-number", "pool", "sender-id", "rcs-agent")

# The kinds of resources that a member names by id or ARN.
KINDS = {
    "ConfigurationSetName": ("configuration-set",),
    "NotifyConfigurationId": ("notify-configuration",),
    "OptOutListName": ("opt-out-list",),
    "OriginationIdentity": SENDERS,
    "PhoneNumberId": ("phone-number",),
    "PoolId": ("pool",),
    "ProtectConfigurationId": ("protect-configuration",),
    "RcsAgentId": ("rcs-agent",),
    "RegistrationAttachmentId": ("registration-attachment",),
    "RegistrationId": ("registration",),
    "ResourceId": SENDERS,
    "SenderId": ("sender-id",),
    "VerifiedDestinationNumberId": ("verified-destination-number",),
}
# The kinds with which one operation is answered.
KINDS_OF = {("SendRcsMessage", "OriginationIdentity"): ("pool", "rcs-agent")}
# The kinds that have ARNs.
RESOURCES = tuple(sorted({kind for kinds in KINDS.values() for kind in kinds}))
ARN = "arn:aws:{}:us-east-1:123456789012:{}"
POLICY = json.dumps(
    {
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": ["123456789012", "210987654321"]},
                "Action": "sms-voice:*",
            }
        ]
    }
)
# Values of members that are no resources; the others are made from the model.
VALUES: dict[str, tuple[Any, ...]] = {
    "AttachmentBody": ("JVBERi0xLjQ=",),
    "AttachmentUrl": ("s3://files/one.pdf",),
    "ConfigurationSetName": NAMES,
    "CountryRuleSetUpdates": (
        {"FR": {"ProtectStatus": "BLOCK"}},
        {"US": {"ProtectStatus": "ALLOW"}},
    ),
    "DeliveryStreamArn": (ARN.format("firehose", "deliverystream/events"),),
    "DestinationCountryCode": ("US", "DE", "GB"),
    "DestinationPhoneNumber": (*PEOPLE, "+33612345678"),
    "EventDestinationName": NAMES,
    "FieldPath": (
        "companyInfo.companyName",
        "companyInfo.website",
        "messagingUseCase.useCaseDetails",
    ),
    "IamRoleArn": (ARN.format("iam", "role/sms").replace("us-east-1", ""),),
    "IsoCountryCode": ("US", "DE", "GB"),
    # The last two are longer in upper case.
    "Keyword": ("YES", "STOP", "HELP", "JOIN", "straße", "ß" * 30),
    "LogGroupArn": (ARN.format("logs", "log-group:events"),),
    "MatchingEventTypes": (["ALL"], ["TEXT_ALL"], ["VOICE_ALL", "MEDIA_ALL"]),
    "MediaUrls": (["s3://files/one.png"],),
    "MessageBody": ("Hello", "Hällo 💬", "x" * 400),
    "NumberCapabilities": (["SMS"], ["SMS", "VOICE"], ["SMS", "MMS"]),
    "OptedOutNumber": PEOPLE,
    "OptOutListName": NAMES,
    "PhoneNumber": PEOPLE,
    "phoneNumber": PEOPLE,
    "TemplateId": ("notify-code-verification-english-001",),
    "TemplateVariables": ({"code": "123456"},),
    "Policy": (POLICY,),
    "RcsMessageContent": ({"Content": {"TextMessage": {"Body": "Hello"}}},),
    "RegistrationType": ("US_TOLL_FREE_REGISTRATION", "US_TEN_DLC_BRAND_REGISTRATION"),
    "SenderId": ("ACME", "SHOP"),
    "TagKeys": (["a"], ["b", "c"]),
    "Tags": ([{"Key": "a", "Value": "1"}], [{"Key": "b", "Value": "2"}]),
    "TextValue": ("Example", "https://example.com"),
    "TopicArn": (ARN.format("sns", "topic"),),
    "TwoWayChannelArn": (ARN.format("sns", "topic"),),
    "TwoWayChannelRole": (ARN.format("iam", "role/sms").replace("us-east-1", ""),),
    "VersionNumber": (1, 2),
    "attributes": ({"DefaultSMSType": "Promotional"}, {"DefaultSenderID": "ACME"}),
}
# Members that most calls need, though the model does not require them.
NEEDED = {
    "SendMediaMessage": {"OriginationIdentity", "MediaUrls"},
    "SendNotifyTextMessage": {"TemplateId", "TemplateVariables"},
    "SendNotifyVoiceMessage": {"TemplateId", "TemplateVariables"},
    "SendRcsMessage": {"RcsMessageContent"},
    "SendTextMessage": {"MessageBody"},
    "SendVoiceMessage": {"MessageBody"},
}
# Of these, a call has exactly one.
ALTERNATIVES = (
    {"AttachmentBody", "AttachmentUrl"},
    {"CloudWatchLogsDestination", "KinesisFirehoseDestination", "SnsDestination"},
    {"SelectChoices", "TextValue", "RegistrationAttachmentId"},
)
# Operations whose users choose a name.
NAMED_BY = {
    "CreateConfigurationSet": "ConfigurationSetName",
    "CreateOptOutList": "OptOutListName",
    "RequestSenderId": "SenderId",
}
# Pages, calls that change nothing, and what few values go with are left out.
SKIPPED = {"DryRun", "MessageTrafficType", "NextToken", "VoiceId", "nextToken"}


class Members:
    """Draws the members of calls, from the resources of a state."""

    def __init__(self, draw: Draw, state: State, account_id: str = "123456789012") -> None:
        self._draw = draw
        self._state = state
        self._account_id = account_id
        self._operation = ""

    def of(self, operation: str) -> dict[str, Any]:
        """Draw the members of an operation: those that are required, and a few others."""
        self._operation = operation
        model = model_with(operation)
        return self._structure(model, model.operations[operation].input_shape, most=6)

    def _structure(self, model: ServiceModel, name: str, most: int = 2) -> dict[str, Any]:
        shape = model.shapes[name]
        names = sorted(shape["members"])
        if shape.get("union"):
            chosen = [self._draw(st.sampled_from(names))]
        else:
            required = set(shape.get("required", ())) | NEEDED.get(self._operation, set()) & set(
                names
            )
            for alternatives in ALTERNATIVES:
                if alternatives <= set(names):
                    names = [each for each in names if each not in alternatives]
                    required.add(self._draw(st.sampled_from(sorted(alternatives))))
            optional = [each for each in names if each not in required | SKIPPED]
            others = st.lists(st.sampled_from(optional), max_size=most, unique=True)
            chosen = sorted(required | set(self._draw(others) if optional else ()))
        return {each: self._value(model, each, shape["members"][each]["shape"]) for each in chosen}

    def _value(self, model: ServiceModel, member: str, name: str) -> Any:
        shape = model.shapes[name]
        found = self.known(member)
        if found:
            return self._draw(st.sampled_from(found))
        match shape["type"]:
            case "structure":
                return self._structure(model, name)
            case "list":
                inner = shape["member"]["shape"]
                one = member.removesuffix("s")
                size = self._draw(st.integers(max(1, shape.get("min", 0)), 2))
                return [self._value(model, one, inner) for _ in range(size)]
            case "map":
                key = self._value(model, "", shape["key"]["shape"])
                return {key: self._value(model, "", shape["value"]["shape"])}
            case "boolean":
                return self._draw(st.booleans())
            case "integer" | "long":
                least = shape.get("min", 0)
                return self._draw(st.integers(least, min(shape.get("max", 100), least + 100)))
            case "string" if "enum" in shape:
                return self._draw(st.sampled_from(shape["enum"]))
            case _:
                return samples.sample(name) if model is service_model() else "Hello"

    def known(self, member: str) -> list[Any]:
        """What is known for a member: values, or the ids and ARNs of resources."""
        if member == "MessageId":
            return [each.id for each in self._state.messages][-5:] or ["none"]
        if member in ("OneTimePassword", "VerificationCode"):
            tables = [each.verified_destination_numbers for each in self._state.accounts.values()]
            codes = [each.verification_code for table in tables for each in table]
            return [*filter(None, codes), "123456"]
        if member == "ResourceArn":
            return [each.arn for each in self._resources(RESOURCES)]
        if member == "EventDestinationName":
            return [*VALUES[member], *self._event_destinations()]
        if member not in KINDS or NAMED_BY.get(self._operation) == member:
            return list(VALUES.get(member, ()))
        kinds = KINDS_OF.get((self._operation, member), KINDS[member])
        found = list(self._resources(kinds))
        own = [each.id for each in found if each.account_id == self._account_id]
        # Those of others are found by their ARN, if at all.
        return [*own, *own, *(each.arn for each in found)] or ["none-0"]

    def _event_destinations(self) -> Iterator[str]:
        for account in self._state.accounts.values():
            for configuration_set in account.configuration_sets:
                yield from configuration_set.event_destinations

    def _resources(self, kinds: tuple[str, ...]) -> Iterator[Resource]:
        for account in self._state.accounts.values():
            for kind in kinds:
                yield from account.tables[kind]
