"""AWS JSON 1.0: parses target, scope and body of requests, and writes answers and errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from pinpoint_sms_emu.errors import (
    ApiError,
    IncompleteSignatureException,
    MissingAuthenticationTokenException,
    SerializationException,
    UnknownOperationException,
)
from pinpoint_sms_emu.wire import json_text
from pinpoint_sms_emu.wire.model import SIGNING_NAME, TARGET_PREFIX
from pinpoint_sms_emu.wording import quoted

CONTENT_TYPE = "application/x-amz-json-1.0"
DEFAULT_ACCOUNT = "123456789012"
DEFAULT_REGION = "us-east-1"
# Signs requests where there are no credentials; as an access key, it has the default account.
DUMMY_KEY = "emulated"
# In process there is no network.
LOCAL_ADDRESS = "127.0.0.1"

# The format of an account id, and of a Region.
ACCOUNT_ID = re.compile(r"[0-9]{12}", re.ASCII)
REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-[0-9]+", re.ASCII)


class Request(NamedTuple):
    """The headers and body of a call, however it arrived. Header names are in lower case."""

    headers: Mapping[str, str]
    body: bytes
    # The caller's account, if the access key is a known one.
    account_id: str | None = None
    # Made by the emulator in AWS's place, such as a call of CloudFormation: it is not signed, and
    # policies do not apply to it.
    is_ours: bool = False
    # The address of the connection's other end.
    source_ip: str = LOCAL_ADDRESS
    # Calls of SNS can have their parameters in the URL, and be a GET.
    method: str = "POST"
    query: str = ""


class Response(NamedTuple):
    """An answer. With `cut`, the connection is closed in the middle of it."""

    status: int
    body: bytes
    headers: dict[str, str]
    cut: bool = False
    # Why a call was refused, in one line.
    why: str | None = None


class OperationRequest(NamedTuple):
    """The operation, the caller and the members of a request."""

    operation: str
    account_id: str
    region: str
    body: dict[str, Any]


class Wire(NamedTuple):
    """How the calls of a service are read, answered and refused; `JSON` is for this service."""

    signing_name: str
    # The headers that a signature must cover, so that the call cannot be changed to another.
    signed_headers: tuple[str, ...]
    read: Callable[[Request], OperationRequest]
    # The operation of a call that cannot be read, if it can be recognized.
    operation_in: Callable[[Request], str | None]
    # The operation's name, the members of the answer, the request id, and whether it is cut.
    answer: Callable[[str, dict[str, Any], str, bool], Response]
    # The error, the request id, whether the answer is cut, and why the call was refused.
    refusal: Callable[[ApiError, str, bool, str | None], Response]
    # Translates an error of the shared code to the error that the service's clients expect.
    translated: Callable[[ApiError], ApiError]
    # Whether the bodies of requests and answers are their members in JSON.
    is_json: bool = False


def read(request: Request) -> OperationRequest:
    """Parse a request; refuse a malformed one as AWS does."""
    operation = _operation(request.headers.get("x-amz-target", ""))
    account_id, region = scope(request.headers)
    return OperationRequest(
        operation, request.account_id or account_id, region, _members(request.body)
    )


def _operation(target: str) -> str:
    prefix, _, operation = target.partition(".")
    if prefix != TARGET_PREFIX or not operation:
        others = "; `serve --with-moto` answers for other services" if operation else ""
        raise UnknownOperationException(
            f"X-Amz-Target must be {TARGET_PREFIX}.OperationName, not {quoted(target)}{others}"
        )
    return operation


_SCHEME = "AWS4-HMAC-SHA256"
_CREDENTIAL = re.compile(r"([^/\s]+)/(\d{8})/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request", re.ASCII)


class Authorization(NamedTuple):
    """The contents of an Authorization header."""

    access_key: str
    date: str
    region: str
    service: str
    signed_headers: str
    signature: str


# The format of nearly all headers; others are parsed by `authorization`.
_USUAL_SCOPE = re.compile(
    _SCHEME
    + r" Credential=([^/\s,]+)/\d{8}/([a-z0-9-]+)/[a-z0-9-]+/aws4_request,"
    + r" SignedHeaders=[^,\s=]+, Signature=[^,\s=]+",
    re.ASCII,
)


def scope(headers: Mapping[str, str]) -> tuple[str, str]:
    """Return account and Region: an access key of 12 digits is the account's id."""
    usual = _USUAL_SCOPE.fullmatch(headers.get("authorization", ""))
    if usual:
        key, region = usual.groups()
    else:
        caller = authorization(headers)
        key, region = caller.access_key, caller.region
    return key if ACCOUNT_ID.fullmatch(key) else DEFAULT_ACCOUNT, region


# As signatures of the versions 4 and 2 name it, in the header and in the query.
_ACCESS_KEY = re.compile(r"(?:\bCredential=|^AWS |\bAWSAccessKeyId=)([A-Za-z0-9]+)")


def access_key(authorization: str, query: str = "") -> str:
    """Return the access key that signed a request of any service; empty if it is unsigned."""
    found = _ACCESS_KEY.search(authorization) or _ACCESS_KEY.search(unquote(query))
    return found[1] if found else ""


def authorization(headers: Mapping[str, str]) -> Authorization:
    """Parse the Authorization header with its SigV4 scope."""
    header = headers.get("authorization", "")
    if not header:
        raise MissingAuthenticationTokenException("Missing Authentication Token")
    scheme, _, rest = header.partition(" ")
    # Some clients omit the spaces after the commas.
    parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
    scope = _CREDENTIAL.fullmatch(parts.get("Credential", ""))
    if scheme != _SCHEME or not scope:
        raise IncompleteSignatureException(
            f"Authorization must be {_SCHEME} with Credential=KEY/DATE/REGION/SERVICE/aws4_request"
        )
    key, date, region, service = scope.groups()
    signed, signature = parts.get("SignedHeaders", ""), parts.get("Signature", "")
    missing = [
        f"Authorization header requires '{name}' parameter."
        for name, value in (("Signature", signature), ("SignedHeaders", signed))
        if not value
    ]
    if missing:
        raise IncompleteSignatureException(" ".join(missing))
    return Authorization(key, date, region, service, signed, signature)


def _members(body: bytes) -> dict[str, Any]:
    try:
        members = json_text.read_request_body(body)
    except (ValueError, RecursionError) as error:
        raise SerializationException(
            f"The body is not JSON: {json_text.why_not_json(error)}"
        ) from error
    if not isinstance(members, dict):
        raise SerializationException("The body is not a JSON object")
    return members


# Members are never circular.
_write = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def encode(members: dict[str, Any]) -> bytes:
    """Write members as JSON."""
    return _write(members).encode()


def answer(
    _operation: str,
    body: dict[str, Any],
    request_id: str,
    cut: bool,  # noqa: FBT001  the same for every wire
) -> Response:
    """Write the answer of a successful call."""
    return encoded_answer(encode(body), request_id, cut)


def encoded_answer(body: bytes, request_id: str, cut: bool) -> Response:  # noqa: FBT001  as above
    """Write the answer of a successful call, whose members are written already."""
    return Response(200, body, _headers(request_id), cut)


def refusal(
    error: ApiError,
    request_id: str,
    cut: bool = False,  # noqa: FBT001, FBT002  as above
    why: str | None = None,
) -> Response:
    """Write the answer of a refused call."""
    return Response(error.status, encode(error.body()), _headers(request_id), cut, why)


def _headers(request_id: str) -> dict[str, str]:
    return {"Content-Type": CONTENT_TYPE, "x-amzn-RequestId": request_id}


_TARGET = re.compile(r"[^.]*\.(\w{1,100})", re.ASCII)


def operation_in(request: Request) -> str | None:
    """The operation that a target names, as far as it can be read."""
    found = _TARGET.fullmatch(request.headers.get("x-amz-target", ""))
    return found[1] if found else None


def _as_it_is(error: ApiError) -> ApiError:
    return error


JSON = Wire(
    SIGNING_NAME,
    ("host", "x-amz-target"),
    read,
    operation_in,
    answer,
    refusal,
    _as_it_is,
    is_json=True,
)
