"""What AWS's front end refuses before a call reaches the service: lower-case `message`."""

from __future__ import annotations

from typing import Any, ClassVar

from pinpoint_sms_emu.errors import ApiError


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

    status: ClassVar[int] = 403


class IncompleteSignatureException(FrontEndError):
    """The Authorization header cannot be read."""

    status: ClassVar[int] = 403


class InvalidSignatureException(FrontEndError):
    """The signature is not the one that the key makes, or its time is over."""

    status: ClassVar[int] = 403


class UnrecognizedClientException(FrontEndError):
    """The access key is not known."""

    status: ClassVar[int] = 403


class RequestEntityTooLargeException(FrontEndError):
    """The body is larger than any call can be."""

    status: ClassVar[int] = 413
