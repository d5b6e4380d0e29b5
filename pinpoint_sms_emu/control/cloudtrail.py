"""Calls as CloudTrail records: user guide, "Logging API calls using CloudTrail"."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.permissions.resources import Accounts, named_by, origination_identity
from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION
from pinpoint_sms_emu.wire.sns_actions import ACTIONS, PUBLISH

_HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SECRET: Final = frozenset({"message", "messageBody", "oneTimePassword", "verificationCode"})
_READS: Final = ("Check", "Describe", "Get", "List")
_SENDS: Final = ("Send", PUBLISH)
# CloudTrail user guide, "Data events": the resource types are carrier lookups, configuration sets,
# messages, notify configurations and, for all that send, origination identities. Inferred: which
# operations these belong to.
_DATA: Final = (*_SENDS, "CarrierLookup", "PutMessageFeedback")
_IDENTITY: Final = "OriginationIdentity"
_OTHERS: Final = frozenset({"ConfigurationSet", "Message", "NotifyConfiguration"})
_COLONS_BEFORE_ACCOUNT: Final = 4


def record(call: Call, accounts: Accounts = MappingProxyType({})) -> dict[str, Any]:
    """Return the record of a call. Members about the network connection are fictitious.

    `accounts`: where the ids of named phone numbers are looked up.
    """
    operation = call.operation or ""
    account_id, error = call.account_id or DEFAULT_ACCOUNT, call.error
    region = call.region or DEFAULT_REGION
    is_data = operation.startswith(_DATA)
    source = "sns" if operation in ACTIONS else "sms-voice"
    document = {
        "eventVersion": "1.10",
        "userIdentity": {
            "type": "IAMUser",
            "accountId": account_id,
            "accessKeyId": call.access_key,
        },
        "eventTime": f"{call.at:%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": f"{source}.amazonaws.com",
        "eventName": operation,
        "awsRegion": region,
        "sourceIPAddress": call.source_ip,
        "userAgent": call.user_agent,
    }
    if error is not None:
        document |= {"errorCode": error["code"], "errorMessage": error["message"]}
    return document | {
        "requestParameters": _spelled(call.parameters) or None,
        "responseElements": _spelled(call.response) if call.response is not None else None,
        "requestID": call.request_id,
        "eventID": call.request_id,
        "readOnly": operation.startswith(_READS),
        **_resources(call, accounts, account_id, region),
        "eventType": "AwsApiCall",
        "managementEvent": not is_data,
        "recipientAccountId": account_id,
        "eventCategory": "Data" if is_data else "Management",
        "tlsDetails": {"clientProvidedHostHeader": f"{source}.{region}.amazonaws.com"},
    }


def _resources(
    call: Call, accounts: Accounts, account_id: str, region: str
) -> dict[str, list[dict[str, str]]]:
    """Return the member about the resources that a data event names, if any."""
    operation, place = call.operation or "", (account_id, region)
    if not operation.startswith(_DATA):
        return {}
    identity = origination_identity(accounts, place, call.parameters)
    named = {_IDENTITY: identity} if identity is not None else {}
    for resource in named_by(accounts, place, operation, call.parameters):
        if resource.type in _OTHERS:
            named[resource.type] = resource.arn
    resources = [
        {"accountId": _owner(arn, account_id), "type": f"AWS::SMSVoice::{kind}", "ARN": arn}
        for kind, arn in named.items()
    ]
    return {"resources": resources} if resources else {}


def _owner(arn: str, account_id: str) -> str:
    # An identity that another account shares belongs to that account.
    return arn.split(":")[4] if arn.count(":") > _COLONS_BEFORE_ACCOUNT else account_id


def _spelled(value: Any) -> Any:
    """Convert AWS's member names to CloudTrail's spelling, and hide sensitive values."""
    if isinstance(value, list):
        return [_spelled(each) for each in value]
    if not isinstance(value, dict):
        return value
    spelled = {name[:1].lower() + name[1:]: each for name, each in value.items()}
    return {name: _HIDDEN if name in _SECRET else _spelled(each) for name, each in spelled.items()}
