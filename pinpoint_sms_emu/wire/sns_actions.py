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

# How SNS throttles: the error of its model, which is not declared for Publish, and the one that is
# seen in answers.
SNS_THROTTLING: Final = frozenset({"ThrottledException", "ThrottlingException"})

_FORM: Final = "application/x-www-form-urlencoded"
_ACTION_IN_URL: Final = re.compile(r"(?:^|&)Action=")
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


def signed_service(headers: Mapping[str, str]) -> str | None:
    """Return the service that a request is signed for, as its Authorization header names it."""
    scope = _SCOPE.search(headers.get("authorization", ""))
    return scope[1] if scope else None


def is_query(headers: Mapping[str, str], query: str = "") -> bool:
    """Return whether a request has the query protocol; header names are in lower case."""
    if "x-amz-target" in headers:
        return False
    return headers.get("content-type", "").startswith(_FORM) or is_query_in_url(headers, query)


def is_query_in_url(headers: Mapping[str, str], query: str) -> bool:
    """Return whether the URL of a request names an action, and the request is signed for SNS."""
    return _ACTION_IN_URL.search(query) is not None and signed_service(headers) == "sns"


def form_of(query: str, body: bytes, errors: str = "strict") -> dict[str, str]:
    """Parse the parameters of the query protocol, which are in the body, the URL or both."""
    form = f"{query}&{body.decode(errors=errors)}".strip("&")
    return dict(parse_qsl(form, keep_blank_values=True, errors=errors, max_num_fields=2_000))


def is_sms_request(headers: Mapping[str, str], body: bytes, query: str = "") -> bool:
    """Return whether an HTTP request is a call of SNS about texts."""
    if not is_query(headers, query) or signed_service(headers) not in (None, "sns"):
        return False
    try:
        parameters = form_of(query, body, "replace")
    except ValueError:  # more parameters than a call has
        return False
    return is_sms_action(parameters.get("Action", ""), parameters)
