"""All errors that users can get. Names ending in Exception are AWS's, those in Error are our own.

    ApiError                                  a refused call
    ├── AccessDeniedException
    │   └── NotAuthorizedError                an IAM policy denies the call
    ├── ConflictException
    ├── InternalServerException
    │   └── NotWrittenError                   the data folder cannot be written
    ├── ResourceNotFoundException
    ├── ServiceQuotaExceededException
    ├── ThrottlingException
    ├── ValidationException
    │   └── InvalidArnError
    ├── SnsError                              a refusal of SNS, with the code that SNS has for it
    └── FrontEndError                         refused by AWS's front end, before the service
        ├── SerializationException
        ├── UnknownOperationException
        ├── MissingAuthenticationTokenException
        ├── IncompleteSignatureException
        ├── InvalidSignatureException
        ├── UnrecognizedClientException
        └── RequestEntityTooLargeException
    NotAnsweredError (RuntimeError)           a call that would have been sent to AWS was stopped
    UndecidableError                          a registration does not allow a decision now
    ValueError                                a wrong argument or setting
    └── DocumentError                         a state that cannot be read
    LookupError                               an unknown message, call, registration, fault, outcome
    AssertionError                            an assertion about calls failed
    TimeoutError                              no message arrived in time

Users get a DocumentError, and a mistake in a seed file, as a ValueError with one sentence.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple, Protocol

from pinpoint_sms_emu.wire.model import field_name


class Identified(Protocol):
    """What an error can name: a resource, or a `ResourceReference`."""

    @property
    def kind(self) -> str:
        """The ResourceType in the error."""

    @property
    def id(self) -> str:
        """The ResourceId in the error."""


class ResourceReference(NamedTuple):
    """A reference to something that is not a resource object, such as an unknown id."""

    kind: str
    # Empty if there is no id, such as for a phone number that is not available.
    id: str = ""


class NotAnsweredError(RuntimeError):
    """A call of this service would have been sent to AWS, and was stopped."""


class UndecidableError(Exception):
    """A decision that the current state of a registration does not allow."""


class ApiError(Exception):
    """A refused call. `members` are the members of the error's shape."""

    status: int = 400
    phrase: ClassVar[str]
    # The identities that were considered for a message, and why not chosen; not part of the answer.
    candidates: Sequence[tuple[str, str, str]] = ()

    def __init__(self, **members: Any) -> None:
        self.members = {name: value for name, value in members.items() if value is not None}
        super().__init__(self.members)

    @property
    def code(self) -> str:
        """The name of the error in answers."""
        return type(self).__name__

    @property
    def reason(self) -> str | None:
        """The Reason, if the error has one."""
        return self.members.get("Reason")

    @property
    def message(self) -> str:
        """The text, with all members, because some applications search it for the Reason."""
        described = " ".join(
            f'{name}="{_described(value)}"' for name, value in self.members.items()
        )
        return f"{self.phrase} - {described}" if described else self.phrase

    def __str__(self) -> str:
        return self.message

    def __reduce__(self) -> tuple[Any, ...]:
        # The arguments of each class differ: copy and pickle take what they were turned into.
        return copyreg.__newobj__, (type(self), *self.args), vars(self)  # type: ignore[attr-defined]

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON. Some SDKs misread a long __type, so it is the short name."""
        return {"__type": self.code, "Message": self.message, **self.members}


def _described(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(entry["Name"] for entry in value)
    return str(value)


class AccessDeniedException(ApiError):
    """The account is not allowed to do this."""

    phrase = "Access denied"

    def __init__(self, reason: str | None = None) -> None:
        super().__init__(Reason=reason)


class NotAuthorizedError(AccessDeniedException):
    """IAM denies the call: no Reason, but a text with user, action and resource."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    @property
    def code(self) -> str:
        """An AccessDeniedException in answers."""
        return "AccessDeniedException"

    @property
    def message(self) -> str:
        """The text of IAM."""
        return self.text


class ConflictException(ApiError):
    """The current state of a resource conflicts with the request."""

    phrase = "Conflict Occurred"

    def __init__(self, reason: str, about: Identified | None = None) -> None:
        super().__init__(
            Reason=reason,
            ResourceType=about.kind if about else None,
            ResourceId=about.id or None if about else None,
        )


class InternalServerException(ApiError):
    """An internal error, which is never the caller's mistake."""

    status = 500
    phrase = "Internal server error"

    def __init__(self, request_id: str | None = None) -> None:
        super().__init__(RequestId=request_id)


class NotWrittenError(InternalServerException):
    """A change could not be written to the data folder, and was not made."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    @property
    def code(self) -> str:
        """An InternalServerException in answers."""
        return "InternalServerException"

    @property
    def message(self) -> str:
        """The text, with the cause, because the caller may be able to correct it."""
        return f"{self.phrase} - nothing was changed: {self.why}"


class ResourceNotFoundException(ApiError):
    """A resource in the request does not exist."""

    phrase = "Resource not found"

    def __init__(self, about: Identified) -> None:
        super().__init__(ResourceType=about.kind, ResourceId=about.id or None)


class ServiceQuotaExceededException(ApiError):
    """The request would exceed a quota."""

    phrase = "Service quota exceeded"

    def __init__(self, reason: str) -> None:
        super().__init__(Reason=reason)


class ThrottlingException(ApiError):
    """The request rate is too high; clients may retry."""

    phrase = "Rate exceeded"


class ValidationException(ApiError):
    """The request is invalid. Keywords are the invalid arguments, with the reasons."""

    phrase = "Validation failed"

    def __init__(self, reason: str, /, **fields: str) -> None:
        named = [{"Name": field_name(name), "Message": why} for name, why in fields.items()]
        super().__init__(Reason=reason, Fields=named or None)


class InvalidArnError(ValidationException):
    """An ARN of another kind or Region; `name_field` adds the argument that contains it."""

    def __init__(self, arn: str, why: str) -> None:
        super().__init__("INVALID_ARN")
        self.arn = arn
        self.why = why

    @property
    def code(self) -> str:
        """A ValidationException in answers."""
        return "ValidationException"

    def name_field(self, arguments: Mapping[str, Any]) -> None:
        """Add the argument that contains the ARN, which a table does not know."""
        for name, value in arguments.items():
            if _holds(value, self.arn):
                self.members["Fields"] = [{"Name": field_name(name), "Message": self.why}]
                return


def _holds(value: Any, text: str) -> bool:
    """Return whether a text equals an argument, or is contained in it."""
    if isinstance(value, Mapping):
        value = list(value.values())
    return value == text or (isinstance(value, list) and any(_holds(each, text) for each in value))


# Errors of AWS's front end, before a call reaches the service: `message` is in lower case.


class FrontEndError(ApiError):
    """A request that is not a well-formed call of a known operation."""

    # What caused it, if the text does not say so; not part of the answer.
    cause: str = ""

    def __init__(self, message: str, cause: str = "") -> None:
        super().__init__()
        self._message = message
        self.cause = cause

    @property
    def message(self) -> str:
        """The text."""
        return self._message

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON, in the spelling of AWS's front end."""
        return {"__type": self.code, "message": self.message}


class SerializationException(FrontEndError):
    """The body is not JSON, not an object, or a member has the wrong JSON type."""


class UnknownOperationException(FrontEndError):
    """The target names no operation, or one that is not emulated."""


class MissingAuthenticationTokenException(FrontEndError):
    """The request is not signed."""

    status: int = 403


class IncompleteSignatureException(FrontEndError):
    """The Authorization header cannot be read."""

    status: int = 403


class InvalidSignatureException(FrontEndError):
    """The signature is wrong or expired."""

    status: int = 403


class UnrecognizedClientException(FrontEndError):
    """The access key is unknown."""

    status: int = 403


class RequestEntityTooLargeException(FrontEndError):
    """The body is larger than any call can be."""

    status: int = 413
