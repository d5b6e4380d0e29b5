"""Errors of SNS: a code and a text, which its clients read from XML."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError, FrontEndError
from pinpoint_sms_emu.wire.model import SNS, model_of


class SnsError(ApiError):
    """A refusal of SNS. `members` are what its shape shows beside the text."""

    def __init__(self, code: str, text: str, status: int = 400, **members: Any) -> None:
        super().__init__(**members)
        self._code = code
        self._text = text
        self.status = status

    @property
    def code(self) -> str:
        """The code on the wire, which the model has for each of its shapes."""
        return self._code

    @property
    def message(self) -> str:
        """The text."""
        return self._text


def of_shape(shape: str, text: str, **members: Any) -> SnsError:
    """Make the error of a shape of the model, which has its code and HTTP status."""
    described = model_of(SNS).shapes[shape].get("error", {})
    code, status = described.get("code", shape), described.get("httpStatusCode", 400)
    return SnsError(code, text, status, **members)


def invalid_parameter(text: str) -> SnsError:
    """A parameter cannot be as it is."""
    return of_shape("InvalidParameterException", text)


def invalid_attribute(text: str) -> SnsError:
    """A message attribute cannot be as it is."""
    return of_shape("InvalidParameterValueException", text)


def not_there(text: str) -> SnsError:
    """What the request names does not exist."""
    return of_shape("ResourceNotFoundException", text)


def not_possible(text: str) -> SnsError:
    """The request cannot be fulfilled as things are."""
    return of_shape("UserErrorException", text)


# What the machinery of all operations refuses with.


def translated(error: ApiError) -> ApiError:
    """Say in SNS's words what machinery has refused that is shared with the other service."""
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


# Services with the query protocol have other names for the same.
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
    """Observed of SNS: the members are counted, and each is named."""
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
