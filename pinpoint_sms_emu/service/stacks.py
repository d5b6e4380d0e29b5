"""The CloudFormation stack of an emulator, which is part of the state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class StackResource:
    """A resource of a stack."""

    logical_id: str
    type: str
    # The value of Ref.
    ref: str
    # The identifier, and the read-only properties.
    attributes: dict[str, Any]
    properties: dict[str, Any]
    # Whether it is kept when it is removed from the stack, or replaced.
    is_retained: bool = False
    is_retained_when_replaced: bool = False


@dataclass(slots=True, kw_only=True)
class Stack:
    """A stack in an account and Region, with resources in the order of their creation."""

    name: str
    account_id: str
    region: str
    template: dict[str, Any] = field(default_factory=dict)
    parameters: dict[str, str] = field(default_factory=dict)
    resources: list[StackResource] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
