"""Errors of SNS, which have a code and a text."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError, FrontEndError
from pinpoint_sms_emu.wire.model import SNS, model_of


class SnsError(ApiError):
    """A refusal of SNS. `members` are the members of its shape other than the text."""

    def __init__(self, code: str, text: str, status: int = 400, **members: Any) -> None:
        super().__init__(**members)
        self._code = code
        self._text = text
        self.status = status

    @property
    def code(self) -> str:
        """The code in answers, which is in the model of the error's shape."""
        return self._code

    @property
    def message(self) -> str:
        """The text."""
        return self._text


def of_shape(shape: str, text: str, **members: Any) -> SnsError:
    """Return an error with the code and HTTP status of a shape of the model."""
    described = model_of(SNS).shapes[shape].get("error", {})
    code, status = described.get("code", shape), described.get("httpStatusCode", 400)
    return SnsError(code, text, status, **members)


def invalid_parameter(text: str) -> SnsError:
    """Return the error for an invalid parameter."""
    return of_shape("InvalidParameterException", text)


def invalid_attribute(text: str) -> SnsError:
    """Return the error for an invalid message attribute."""
    return of_shape("InvalidParameterValueException", text)


def not_there(text: str) -> SnsError:
    """Return the error for a resource that does not exist."""
    return of_shape("ResourceNotFoundException", text)


def not_possible(text: str) -> SnsError:
    """Return the error for a request that the current state does not allow."""
    return of_shape("UserErrorException", text)


# Errors of code that both services share.


def translated(error: ApiError) -> ApiError:
    """Convert an error of code that both services share to an SNS error."""
    if isinstance(error, SnsError):
        return error
    if error.reason == "MISSING_PARAMETER":
        return SnsError("ValidationError", _missing(error.members))
    if error.code == "ValidationException":
        return invalid_parameter(_wrong(error.members))
    if error.code == "InternalServerException":
        return of_shape("InternalErrorException", error.message)
    if error.code == "AccessDeniedException":
        return of_shape("AuthorizationErrorException", error.message)
    if error.code == "ResourceNotFoundException":
        return not_there(error.message)
    if error.code == "ThrottlingException":
        # AWS re:Post shows it for these operations, though the model has Throttled.
        return SnsError(error.code, error.phrase)
    if isinstance(error, FrontEndError):
        return SnsError(_FRONT_END.get(error.code, error.code), error.message, error.status)
    return not_possible(error.message)


# Services with the query protocol have other names for these errors.
_FRONT_END: Final[Mapping[str, str]] = MappingProxyType(
    {
        "IncompleteSignatureException": "IncompleteSignature",
        "InvalidSignatureException": "SignatureDoesNotMatch",
        "MissingAuthenticationTokenException": "MissingAuthenticationToken",
        "SerializationException": "MalformedQueryString",
        "UnknownOperationException": "InvalidAction",
        "UnrecognizedClientException": "InvalidClientTokenId",
    }
)


def _missing(members: Mapping[str, Any]) -> str:
    """Return the text about missing members. Observed: they are counted and listed."""
    names = [field["Name"] for field in members["Fields"]]
    each = "; ".join(
        f"Value null at '{name}' failed to satisfy constraint: Member must not be null"
        for name in names
    )
    errors = "error" if len(names) == 1 else "errors"
    return f"{len(names)} validation {errors} detected: {each}"


def _wrong(members: Mapping[str, Any]) -> str:
    described = "; ".join(
        f"{field['Name'][:1].upper()}{field['Name'][1:]} Reason: {field['Message']}"
        for field in members.get("Fields") or ()
    )
    return f"Invalid parameter: {described}" if described else f"Invalid parameter: {members}"
