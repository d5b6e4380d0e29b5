"""Recognizes requests of SNS about texts; all others are for moto.

Used before the package `sns` is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Final
from urllib.parse import parse_qsl

from pinpoint_sms_emu.wire.model import SNS, ServiceModel, model_of, service_model

PUBLISH: Final = "Publish"

# The operations that are emulated. A Publish is about a text if it has a PhoneNumber.
ACTIONS: Final = (
    "CheckIfPhoneNumberIsOptedOut",
    "CreateSMSSandboxPhoneNumber",
    "DeleteSMSSandboxPhoneNumber",
    "GetSMSAttributes",
    "GetSMSSandboxAccountStatus",
    "ListOriginationNumbers",
    "ListPhoneNumbersOptedOut",
    "ListSMSSandboxPhoneNumbers",
    "OptInPhoneNumber",
    PUBLISH,
    "SetSMSAttributes",
    "VerifySMSSandboxPhoneNumber",
)

_FORM: Final = "application/x-www-form-urlencoded"
_SCOPE: Final = re.compile(r"Credential=[^/\s,]+/\d{8}/[a-z0-9-]+/([a-z0-9-]+)/", re.ASCII)


def known_operations() -> tuple[str, ...]:
    """Return the names of this service's operations, and of the emulated ones of SNS."""
    return (*service_model().operations, *ACTIONS)


def model_with(operation: str) -> ServiceModel:
    """Return the model of the service that has an operation."""
    return model_of(SNS) if operation in ACTIONS else service_model()


def is_sms_action(action: str, parameters: Container[str]) -> bool:
    """Return whether an operation of SNS with these parameters is about texts."""
    return action in ACTIONS and (action != PUBLISH or "PhoneNumber" in parameters)


def is_query(headers: Mapping[str, str]) -> bool:
    """Return whether a request has the query protocol; header names are in lower case."""
    return "x-amz-target" not in headers and headers.get("content-type", "").startswith(_FORM)


def is_sms_request(headers: Mapping[str, str], body: bytes) -> bool:
    """Return whether an HTTP request is a call of SNS about texts."""
    scope = _SCOPE.search(headers.get("authorization", ""))
    if not is_query(headers) or (scope is not None and scope[1] != "sns"):
        return False
    parameters = dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    return is_sms_action(parameters.get("Action", ""), parameters)
