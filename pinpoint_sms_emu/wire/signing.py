"""Verifies SigV4 signatures, if signing keys are configured."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from pinpoint_sms_emu.errors import (
    IncompleteSignatureException,
    InvalidSignatureException,
    UnrecognizedClientException,
)
from pinpoint_sms_emu.setting_files import read_text
from pinpoint_sms_emu.wire.protocol import (
    ACCOUNT_ID,
    Authorization,
    Request,
    Wire,
    authorization,
)
from pinpoint_sms_emu.wording import quoted

# The maximum difference between a signature's date and the current time, in both directions.
_TOLERANCE = timedelta(minutes=5)
_DATE = "%Y%m%dT%H%M%SZ"


class Key(NamedTuple):
    """The secret of an access key, and its account, if the key file names one."""

    secret: str
    account_id: str | None = None


def read_keys(file: Path) -> dict[str, Key]:
    """Read keys, one 'KEY SECRET' or 'KEY SECRET ACCOUNT' a line.

    Skip empty lines and those that begin with #.
    """
    keys = {}
    text = read_text(file, f"signing_keys {file}")
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split()
        if not parts or parts[0].startswith("#"):
            continue
        key, *rest = parts
        if len(rest) not in (1, 2):
            raise ValueError(
                f"{file}, line {number}: must be a key and its secret, and optionally its account"
            )
        if key in keys:
            raise ValueError(f"{file}, line {number}: the key {key} is there already")
        keys[key] = Key(*rest)
        if keys[key].account_id is not None:
            _must_be_its_account(f"{file}, line {number}", key, rest[1])
    if not keys:
        raise ValueError(f"{file}: has no key pair, so every call would be refused")
    return keys


def _must_be_its_account(where: str, key: str, account_id: str) -> None:
    """Refuse what is no account, and another account than that of a key of 12 digits."""
    if not ACCOUNT_ID.fullmatch(account_id):
        raise ValueError(f"{where}: an account has 12 digits, not {quoted(account_id)}")
    if ACCOUNT_ID.fullmatch(key) and key != account_id:
        raise ValueError(f"{where}: a key of 12 digits is the id of its account")


def must_have_valid_signature(
    request: Request, wire: Wire, keys: Mapping[str, Key], now: datetime
) -> Request:
    """Refuse a call without a current signature by one of the keys for its service.

    Returns the request, in the account of its key.
    """
    signed = authorization(request.headers)
    sent = request.headers.get("x-amz-date") or request.headers.get("date") or ""

    _must_be_complete(signed, sent, wire)
    if signed.access_key not in keys:
        raise UnrecognizedClientException(
            "The security token included in the request is invalid.",
            f"The access key {signed.access_key:.80} is unknown",
        )
    _must_be_current(signed, sent, now)
    if signed.service != wire.signing_name:
        raise InvalidSignatureException(
            f"Credential should be scoped to correct service: '{wire.signing_name}'."
        )
    expected = _signature(request, signed, sent, keys)
    if not hmac.compare_digest(signed.signature.encode(), expected.encode()):
        raise InvalidSignatureException(
            "The request signature we calculated does not match the signature you provided. "
            "Check your AWS Secret Access Key and signing method. "
            "Consult the service documentation for details.",
            f"The call is not signed with the secret of {signed.access_key}, or was changed "
            "on its way",
        )
    return request._replace(account_id=keys[signed.access_key].account_id or request.account_id)


def _must_be_complete(signed: Authorization, sent: str, wire: Wire) -> None:
    if not sent:
        raise IncompleteSignatureException(
            "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
        )
    # An unsigned header could be changed by others. (AWS's text is known for the host only.)
    for name in wire.signed_headers:
        if name not in signed.signed_headers.split(";"):
            raise InvalidSignatureException(
                f"'{name}' must be a 'SignedHeader' in the AWS Authorization."
            )


def _must_be_current(signed: Authorization, sent: str, now: datetime) -> None:
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


def _signature(request: Request, signed: Authorization, sent: str, keys: Mapping[str, Key]) -> str:
    """Compute the signature that the call should have."""
    # Imported here, because only emulators with keys need botocore's signers.
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials

    credentials = Credentials(signed.access_key, keys[signed.access_key].secret)
    signer = SigV4Auth(credentials, signed.service, signed.region)
    again = AWSRequest(method=request.method, url=f"/?{request.query}")
    again.context["timestamp"] = sent
    canonical = _canonical(request, signed, signer.canonical_query_string(again))
    return str(signer.signature(signer.string_to_sign(again, canonical), again))


def _canonical(request: Request, signed: Authorization, query: str) -> str:
    """Return the canonical request: every call is one of the path /."""
    names = signed.signed_headers.split(";")
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names]
    payload = sha256(request.body).hexdigest()
    return "\n".join([request.method, "/", query, *headers, "", signed.signed_headers, payload])
