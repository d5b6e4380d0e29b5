"""Errors of SNS, which have a code and a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Final

from pinpoint_sms_emu.errors import ApiError, FrontEndError
from pinpoint_sms_emu.wire.model import SNS, model_of


class SnsError(ApiError):
    """A refusal of SNS: its code and text, and further members of its shape.

    `Fields` names the invalid parameters, as errors of the other service do. Clients of SNS do not
    get them; recorded calls and explanations have them.
    """

    def __init__(
        self,
        code: str,
        text: str,
        status: int = 400,
        fields: list[dict[str, str]] | None = None,
        **further_members: str,
    ) -> None:
        super().__init__(Fields=fields)
        self._code = code
        self._text = text
        self.status = status
        self.further_members = further_members

    @property
    def code(self) -> str:
        """The code in answers, which is in the model of the error's shape."""
        return self._code

    @property
    def message(self) -> str:
        """The text."""
        return self._text


def of_shape(shape: str, text: str, field: str | None = None, **further_members: str) -> SnsError:
    """Return an error with the code and HTTP status of a shape of the model."""
    described = model_of(SNS).shapes[shape].get("error", {})
    code, status = described.get("code", shape), described.get("httpStatusCode", 400)
    why = text.rpartition("Reason: ")[2].removeprefix("Invalid parameter: ")
    fields = [{"Name": field, "Message": why}] if field else None
    return SnsError(code, text, status, fields, **further_members)


def invalid_parameter(field: str, text: str) -> SnsError:
    """Return the error for an invalid parameter."""
    return of_shape("InvalidParameterException", text, field)


def invalid_attribute(text: str) -> SnsError:
    """Return the error for an invalid message attribute."""
    return of_shape("InvalidParameterValueException", text, "messageAttributes")


def not_there(text: str) -> SnsError:
    """Return the error for a number that does not exist."""
    return of_shape("ResourceNotFoundException", text, "phoneNumber")


def not_possible(text: str) -> SnsError:
    """Return the error for a request that the current state does not allow."""
    return of_shape("UserErrorException", text, "phoneNumber")


# Errors of code that both services share.


def translated(error: ApiError) -> SnsError:
    """Convert an error of code that both services share to an SNS error."""
    if isinstance(error, SnsError):
        return error
    fields = error.members.get("Fields")
    if error.reason == "MISSING_PARAMETER":
        return SnsError("ValidationError", _missing(error.members), fields=fields)
    if error.code == "ValidationException":
        return SnsError("InvalidParameter", _wrong(error.members), fields=fields)
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


@contextmanager
def errors_of_sns() -> Iterator[None]:
    """Convert the errors of code that both services share, in a block or a decorated function."""
    try:
        yield
    except SnsError:
        raise
    except ApiError as error:
        raise translated(error) from error


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
