"""Calls as CloudTrail records: user guide, "Logging API calls using CloudTrail"."""

from __future__ import annotations

from typing import Any, Final

from pinpoint_sms_emu.service.calls import Call
from pinpoint_sms_emu.wire.protocol import DEFAULT_ACCOUNT, DEFAULT_REGION
from pinpoint_sms_emu.wire.sns_actions import ACTIONS, PUBLISH

_HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
_SECRET: Final = frozenset({"message", "messageBody", "oneTimePassword", "verificationCode"})
_READS: Final = ("Check", "Describe", "Get", "List")
_SENDS: Final = ("Send", PUBLISH)


def record(call: Call) -> dict[str, Any]:
    """Return the record of a call. Members about the network connection are fictitious."""
    operation = call.operation or ""
    account_id, error = call.account_id or DEFAULT_ACCOUNT, call.error
    is_data = operation.startswith(_SENDS)
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
        "awsRegion": call.region or DEFAULT_REGION,
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
        "eventType": "AwsApiCall",
        "managementEvent": not is_data,
        "recipientAccountId": account_id,
        "eventCategory": "Data" if is_data else "Management",
    }


def _spelled(value: Any) -> Any:
    """Convert AWS's member names to CloudTrail's spelling, and hide sensitive values."""
    if isinstance(value, list):
        return [_spelled(each) for each in value]
    if not isinstance(value, dict):
        return value
    spelled = {name[:1].lower() + name[1:]: each for name, each in value.items()}
    return {name: _HIDDEN if name in _SECRET else _spelled(each) for name, each in spelled.items()}
