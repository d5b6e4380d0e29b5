"""Routes of the control plane, and requests to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator


class Span(Enum):
    """Which of several replicas a request concerns."""

    # The one that gets the request.
    HERE = auto()
    # All, or with an `account_id` the one that has the account: each executes the request.
    ALL = auto()
    # All, or with an `account_id` the one that has the account: their answers are merged.
    MERGED = auto()
    # The one that has the entry in the request.
    FOUND = auto()
    # The one that has the account, by default the default account.
    OWNER = auto()
    # The one that has the account, which is required.
    ACCOUNT = auto()


@dataclass(frozen=True, slots=True)
class Route:
    """A method and a path, and the function that answers them."""

    method: str
    path: str
    function: Callable[..., Any]
    span: Span = Span.HERE
    # The body is one document, not separate members.
    takes_document: bool = False
    answers_with: str = "application/json"
    # The answer can also be CSV or lines of JSON.
    is_listing: bool = False


@dataclass(frozen=True, slots=True)
class ControlRequest:
    """A request to a route: the values in its path, and those in its query or body."""

    route: Route
    path: str
    named: Mapping[str, Any]
    given: Mapping[str, Any]
    authorization: str | None = None

    def answer(self, emulator: Emulator) -> Any:
        """Call the route's function."""
        return self.route.function(emulator, **self.named, **self.given)

    def giving(self, given: Mapping[str, Any]) -> Self:
        """Return the same request with other values in its query or body."""
        return replace(self, given=given)
