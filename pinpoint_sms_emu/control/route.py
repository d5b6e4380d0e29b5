"""What a route of the control plane is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Route:
    """The function that answers a method at a path."""

    method: str
    path: str
    function: Callable[..., Any]
    # The body is one document, not members.
    takes_document: bool = False
    answers_with: str = "application/json"
    # A listing can be CSV or lines of JSON too.
    is_listing: bool = False
