"""What a route of the control plane is, and a request to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator


class Span(Enum):
    """Which replicas a request concerns, where there are several."""

    # The one that is asked.
    HERE = auto()
    # All, or with an `account_id` the one that has the account: each does what is asked.
    ALL = auto()
    # All, or with an `account_id` the one that has the account: each gives a part of the answer.
    MERGED = auto()
    # The one that has what the request names.
    FOUND = auto()
    # The one that has the account, which is the default account where none is given.
    OWNER = auto()
    # The one that has the account, which must be given.
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
    """A request to a route: what its path names, and what its query or body gives."""

    route: Route
    path: str
    named: Mapping[str, Any]
    given: Mapping[str, Any]
    authorization: str | None = None

    def answer(self, emulator: Emulator) -> Any:
        """Let the route's function answer."""
        return self.route.function(emulator, **self.named, **self.given)

    def giving(self, given: Mapping[str, Any]) -> Self:
        """Make the same request that gives something else."""
        return replace(self, given=given)
