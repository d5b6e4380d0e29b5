"""@operation: the registry. The name of a function is its registration."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger("pinpoint_sms_emu")


class Operation(NamedTuple):
    """A function that answers an operation, and the arguments it knows."""

    function: Callable[..., Any]
    parameters: frozenset[str]

    def __call__(self, account: Any, arguments: Mapping[str, Any]) -> Any:
        """Call with the arguments it knows; what a newer botocore has added is left out."""
        unknown = arguments.keys() - self.parameters
        if not unknown:
            return self.function(account, **arguments)
        logger.warning("%s: not emulated: %s", self.function.__name__, ", ".join(sorted(unknown)))
        known = {name: value for name, value in arguments.items() if name in self.parameters}
        return self.function(account, **known)


OPERATIONS: dict[str, Operation] = {}


def operation(function: F) -> F:
    """Register what answers an operation: `delete_pool` answers DeletePool."""
    OPERATIONS[function.__name__] = Operation(function, frozenset(_arguments(function)))
    return function


def _arguments(function: Callable[..., Any]) -> set[str]:
    names = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            names.add(parameter.name)
        elif parameter.kind is parameter.VAR_KEYWORD:
            # Only read as text, "Unpack[PoolChanges]": much else in a signature is there for
            # type checking alone and cannot be resolved.
            changes = parameter.annotation.removeprefix("Unpack[").removesuffix("]")
            known = getattr(sys.modules[function.__module__], changes)
            names |= known.__required_keys__ | known.__optional_keys__
    return names
