"""Whether a call is signed with a key that is known: SigV4, verified where keys are configured."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from pinpoint_sms_emu.errors import (
    IncompleteSignatureException,
    InvalidSignatureException,
    UnrecognizedClientException,
    quoted,
)
from pinpoint_sms_emu.wire.model import SIGNING_NAME
from pinpoint_sms_emu.wire.protocol import Authorization, Request, authorization

# How far the date of a signature may be from now, either way.
_TOLERANCE = timedelta(minutes=5)
_DATE = "%Y%m%dT%H%M%SZ"


def read_keys(file: Path) -> dict[str, str]:
    """Read key pairs, one 'KEY SECRET' a line; empty lines and those that begin with # are not."""
    keys = {}
    try:
        text = file.read_text()
    except OSError as error:
        raise OSError(f"signing_keys {file} cannot be read: {error.strerror}") from error
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        if len(parts) != 2:  # noqa: PLR2004 a pair
            raise ValueError(f"{file}, line {number}: a key and its secret, and nothing else")
        keys[parts[0]] = parts[1]
    if not keys:
        raise ValueError(f"{file}: there is no key pair in it, so every call would be refused")
    return keys


def must_be_genuine(request: Request, keys: Mapping[str, str], now: datetime) -> None:
    """Refuse a call that is not signed with one of the keys, for this service, just now."""
    signed = authorization(request.headers)
    sent = request.headers.get("x-amz-date") or request.headers.get("date") or ""

    _must_be_complete(signed, sent)
    if signed.access_key not in keys:
        raise UnrecognizedClientException("The security token included in the request is invalid.")
    _must_be_of_now(signed, sent, now)
    if signed.service != SIGNING_NAME:
        raise InvalidSignatureException(
            f"Credential should be scoped to correct service: '{SIGNING_NAME}'."
        )
    expected = _signature(request, signed, sent, keys)
    if not hmac.compare_digest(signed.signature.encode(), expected.encode()):
        raise InvalidSignatureException(
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method. "
            "Consult the service documentation for details."
        )


def _must_be_complete(signed: Authorization, sent: str) -> None:
    if not sent:
        raise IncompleteSignatureException(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    # Else others could send the call on as another one. (The text is known for the host only.)
    for name in ("host", "x-amz-target"):
        if name not in signed.signed_headers.split(";"):
            raise InvalidSignatureException(
                f"'{name}' must be a 'SignedHeader' in the AWS Authorization."
            )


def _must_be_of_now(signed: Authorization, sent: str, now: datetime) -> None:
    try:
        at = datetime.strptime(sent, _DATE).replace(tzinfo=UTC)
    except ValueError as error:
        raise IncompleteSignatureException(
            f"Date must be in ISO-8601 'basic format'. Got {quoted(sent)}. "
            "See http://en.wikipedia.org/wiki/ISO_8601"
        ) from error
    if signed.date != sent[:8]:
        raise InvalidSignatureException(
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date "
            f"from HTTP: '{signed.date}' != '{sent[:8]}', from '{sent}'."
        )
    earliest, latest = now - _TOLERANCE, now + _TOLERANCE
    if at < earliest:
        raise InvalidSignatureException(
            f"Signature expired: {sent} is now earlier than {earliest:{_DATE}} "
            f"({now:{_DATE}} - 5 min.)"
        )
    if at > latest:
        raise InvalidSignatureException(
            f"Signature not yet current: {sent} is still later than {latest:{_DATE}} "
            f"({now:{_DATE}} + 5 min.)"
        )


def _signature(request: Request, signed: Authorization, sent: str, keys: Mapping[str, str]) -> str:
    """Sign the call again as its sender should have."""
    # Only who configures keys pays for the import.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    credentials = Credentials(signed.access_key, keys[signed.access_key])
    signer = SigV4Auth(credentials, signed.service, signed.region)
    again = AWSRequest(method="POST", url="/")
    again.context["timestamp"] = sent
    return str(signer.signature(signer.string_to_sign(again, _canonical(request, signed)), again))


def _canonical(request: Request, signed: Authorization) -> str:
    """Write the request down as it is signed: every call is a POST to / without a query."""
    names = signed.signed_headers.split(";")
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names]
    payload = sha256(request.body).hexdigest()
    return "\n".join(["POST", "/", "", *headers, "", signed.signed_headers, payload])
