"""The registry of operations: `@operation` registers a function under its name."""

from __future__ import annotations

import inspect
import logging
import sys
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger("pinpoint_sms_emu")


class Operation(NamedTuple):
    """The function of an operation, and the arguments it accepts."""

    function: Callable[..., Any]
    parameters: frozenset[str]

    def __call__(self, account: Any, arguments: Mapping[str, Any]) -> Any:
        """Call the function; leave out arguments that only a newer botocore has."""
        unknown = arguments.keys() - self.parameters
        if not unknown:
            return self.function(account, **arguments)
        logger.warning("%s: not emulated: %s", self.function.__name__, ", ".join(sorted(unknown)))
        known = {name: value for name, value in arguments.items() if name in self.parameters}
        return self.function(account, **known)


OPERATIONS: dict[str, Operation] = {}


def registrar(operations: dict[str, Operation]) -> Callable[[F], F]:
    """Return a decorator that registers the functions of a service's operations."""

    def operation(function: F) -> F:
        """Register the function of an operation: `delete_pool` answers DeletePool."""
        operations[function.__name__] = Operation(function, frozenset(_arguments(function)))
        return function

    return operation


operation = registrar(OPERATIONS)


def _arguments(function: Callable[..., Any]) -> set[str]:
    names = set()
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY:
            names.add(parameter.name)
        elif parameter.kind is parameter.VAR_KEYWORD:
            # The annotation is parsed as text, "Unpack[PoolChanges]", because other annotations
            # are imported only for type checking and cannot be resolved.
            changes = parameter.annotation.removeprefix("Unpack[").removesuffix("]")
            known = getattr(sys.modules[function.__module__], changes)
            names |= known.__required_keys__ | known.__optional_keys__
    return names
