"""The stack of an emulator: what a template has made, part of the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class StackResource:
    """A resource of a stack, as it was made."""

    logical_id: str
    type: str
    # What Ref gives.
    ref: str
    # What identifies it, and its read-only properties.
    attributes: dict[str, Any]
    properties: dict[str, Any]
    # Whether it stays where the stack, or the template's resource, goes.
    is_retained: bool = False
    is_retained_when_replaced: bool = False


@dataclass(slots=True, kw_only=True)
class Stack:
    """What a template has made in an account and Region; resources in the order of their making."""

    name: str
    account_id: str
    region: str
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    resources: list[StackResource] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
