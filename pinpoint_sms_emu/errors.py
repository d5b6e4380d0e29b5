"""Every error that users can meet. Names with Exception are the wire's, those with Error are ours.

    ApiError                                  a refusal, as the caller of an operation gets it
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
    └── FrontEndError                         what AWS refuses before the service has the call
        ├── SerializationException
        ├── UnknownOperationException
        ├── MissingAuthenticationTokenException
        ├── IncompleteSignatureException
        ├── InvalidSignatureException
        ├── UnrecognizedClientException
        └── RequestEntityTooLargeException
    NotAnsweredError (RuntimeError)           a call was about to leave the process for AWS
    UndecidableError                          a registration allows no such decision now
    ValueError                                a wrong argument or setting
    └── DocumentError                         a state that cannot be read
    LookupError                               an unknown message, call, registration, fault, outcome
    AssertionError                            an assertion on calls that does not hold
    TimeoutError                              no message came in time

Users meet a DocumentError, and a mistake in a seed file, as a ValueError of one sentence.
"""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, NamedTuple, Protocol

from pinpoint_sms_emu.wire.model import field_name


class Identified(Protocol):
    """What an error can point at: a resource, or a Thing that stands for one."""

    @property
    def kind(self) -> str:
        """The wire's ResourceType."""

    @property
    def id(self) -> str:
        """The wire's ResourceId."""


class ResourceReference(NamedTuple):
    """Something that an error is about and that is no resource here: unknown, or elsewhere."""

    kind: str
    # Empty where nothing has a name yet, such as a number that is not to be had.
    id: str = ""


class NotAnsweredError(RuntimeError):
    """A call of this service was about to leave the process for AWS, and has been stopped."""


class UndecidableError(Exception):
    """A decision that cannot be made about a registration as it is; says why."""


class ApiError(Exception):
    """A refusal, as the caller gets it. `members` are what its error shape shows."""

    status: int = 400
    phrase: ClassVar[str]
    # What could have sent a message, and why it was not chosen; the wire does not show it.
    candidates: Sequence[tuple[str, str, str]] = ()

    def __init__(self, **members: Any) -> None:
        self.members = {name: value for name, value in members.items() if value is not None}
        super().__init__(self.members)

    @property
    def code(self) -> str:
        """The name on the wire."""
        return type(self).__name__

    @property
    def reason(self) -> str | None:
        """The Reason, where the error has one."""
        return self.members.get("Reason")

    @property
    def message(self) -> str:
        """The text: applications look for the Reason in it too, so every member is there."""
        described = " ".join(
            f'{name}="{_described(value)}"' for name, value in self.members.items()
        )
        return f"{self.phrase} - {described}" if described else self.phrase

    def __str__(self) -> str:
        return self.message

    def body(self) -> dict[str, Any]:
        """The answer's JSON: __type is the short name, since some SDKs misread the long one."""
        return {"__type": self.code, "Message": self.message, **self.members}


def _described(value: Any) -> str:
    if isinstance(value, list):
        return ",".join(entry["Name"] for entry in value)
    return str(value)


class AccessDeniedException(ApiError):
    """The account may not do this, whatever it asks for."""

    phrase = "Access denied"

    def __init__(self, reason: str | None = None) -> None:
        super().__init__(Reason=reason)


class NotAuthorizedError(AccessDeniedException):
    """A call that IAM denies: no Reason, and a text that names user, action and resource."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    @property
    def code(self) -> str:
        """On the wire it is an AccessDeniedException like any other."""
        return "AccessDeniedException"

    @property
    def message(self) -> str:
        """IAM's text."""
        return self.text


class ConflictException(ApiError):
    """What exists stands against the request."""

    phrase = "Conflict Occurred"

    def __init__(self, reason: str, about: Identified | None = None) -> None:
        super().__init__(
            Reason=reason,
            ResourceType=about.kind if about else None,
            ResourceId=about.id or None if about else None,
        )


class InternalServerException(ApiError):
    """Something broke inside; never a caller's mistake."""

    status = 500
    phrase = "Internal server error"

    def __init__(self, request_id: str | None = None) -> None:
        super().__init__(RequestId=request_id)


class NotWrittenError(InternalServerException):
    """A change that could not be written to the data folder, and so was not made."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    @property
    def code(self) -> str:
        """On the wire it is an InternalServerException like any other."""
        return "InternalServerException"

    @property
    def message(self) -> str:
        """Say what is wrong with the folder, since the caller may be able to correct that."""
        return f"{self.phrase} - nothing was changed: {self.why}"


class ResourceNotFoundException(ApiError):
    """What the request names does not exist."""

    phrase = "Resource not found"

    def __init__(self, about: Identified) -> None:
        super().__init__(ResourceType=about.kind, ResourceId=about.id or None)


class ServiceQuotaExceededException(ApiError):
    """One more would be more than the account may have."""

    phrase = "Service quota exceeded"

    def __init__(self, reason: str) -> None:
        super().__init__(Reason=reason)


class ThrottlingException(ApiError):
    """Too many requests in too short a time; clients may try again."""

    phrase = "Rate exceeded"


class ValidationException(ApiError):
    """The request is wrong in itself. Keywords are the arguments at fault, each with why."""

    phrase = "Validation failed"

    def __init__(self, reason: str, /, **fields: str) -> None:
        named = [{"Name": field_name(name), "Message": why} for name, why in fields.items()]
        super().__init__(Reason=reason, Fields=named or None)


class InvalidArnError(ValidationException):
    """An ARN that cannot be what is looked for; who passed it is found by `name_field`."""

    def __init__(self, arn: str, why: str) -> None:
        super().__init__("INVALID_ARN")
        self.arn = arn
        self.why = why

    @property
    def code(self) -> str:
        """On the wire it is a ValidationException like any other."""
        return "ValidationException"

    def name_field(self, arguments: Mapping[str, Any]) -> None:
        """Name the argument that holds the ARN: a table does not know where it came from."""
        for name, value in arguments.items():
            if _holds(value, self.arn):
                self.members["Fields"] = [{"Name": field_name(name), "Message": self.why}]
                return


def _holds(value: Any, text: str) -> bool:
    """Tell whether a text is an argument, or somewhere in it."""
    if isinstance(value, Mapping):
        value = list(value.values())
    return value == text or (isinstance(value, list) and any(_holds(each, text) for each in value))


# What the front end of AWS refuses before a call reaches the service: `message` in small letters.


class FrontEndError(ApiError):
    """A request that is not a well-formed call of a known operation."""

    def __init__(self, message: str) -> None:
        super().__init__()
        self._message = message

    @property
    def message(self) -> str:
        """The sentence that says what is wrong."""
        return self._message

    def body(self) -> dict[str, Any]:
        """The JSON as the front end of every AWS JSON service spells it."""
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
    """The signature is not the one that the key makes, or its time is over."""

    status: int = 403


class UnrecognizedClientException(FrontEndError):
    """The access key is not known."""

    status: int = 403


class RequestEntityTooLargeException(FrontEndError):
    """The body is larger than any call can be."""

    status: int = 413


# As much of what was sent as the message of an error repeats.
_QUOTED: Final = 80
# Where more names than these are possible an error does not list them.
_LISTED: Final = 12
_NEAREST: Final = 3


def quoted(value: object) -> str:
    """Quote what was sent, at most about 80 characters of it."""
    is_text = isinstance(value, str | bytes)
    text = repr(value[: _QUOTED + 1]) if is_text else reprlib.repr(value)  # type: ignore[index]
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def nearest(name: object, known: Iterable[str], where: str = "") -> str:
    """Say which known name is probably meant, or which there are.

    Of dozens the three nearest are named, and `where` all of them are listed.
    """
    import difflib  # noqa: PLC0415 only where something is wrong

    names = sorted(known)
    close = difflib.get_close_matches(str(name)[:_QUOTED], names, n=1)
    if close:
        return f"perhaps {close[0]} is meant"
    if not names:
        return "there are none"
    if len(names) <= _LISTED:
        return f"there are {', '.join(names)}"
    return f"the nearest are {_the_nearest(name, names, where)}"


def one_of(value: object, possible: Collection[str], where: str = "") -> str:
    """Say which values are possible; of dozens the three nearest, and `where` all are listed."""
    if len(possible) <= _LISTED:
        return f"must be one of {', '.join(possible)}"
    nearest_ones = _the_nearest(value, list(possible), where)
    return f"must be one of {len(possible)} values, the nearest are {nearest_ones}"


def _the_nearest(value: object, names: list[str], where: str) -> str:
    import difflib  # noqa: PLC0415 only where something is wrong

    folded = {name.casefold(): name for name in names}
    sent = str(value)[:_QUOTED].casefold()
    some = [folded[each] for each in difflib.get_close_matches(sent, folded, _NEAREST, cutoff=0)]
    return f"{', '.join(some)}{f'; all are listed in {where}' if where else ''}"
