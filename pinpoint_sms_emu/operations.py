"""@operation: the registry. The name of a function is its registration."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

logger = logging.getLogger("pinpoint_sms_emu")


@dataclass(frozen=True, slots=True)
class Operation:
    """A function that answers an operation, and the arguments it knows."""

    function: Callable[..., Any]
    parameters: frozenset[str]
    takes_any: bool

    def __call__(self, account: Any, arguments: Mapping[str, Any]) -> Any:
        """Call with the arguments it knows; what a newer botocore has added is left out."""
        if self.takes_any or arguments.keys() <= self.parameters:
            return self.function(account, **arguments)
        unknown = arguments.keys() - self.parameters
        logger.warning("%s: not emulated: %s", self.function.__name__, ", ".join(sorted(unknown)))
        known = {name: value for name, value in arguments.items() if name in self.parameters}
        return self.function(account, **known)


OPERATIONS: dict[str, Operation] = {}


def operation(function: F) -> F:
    """Register what answers an operation: `delete_pool` answers DeletePool."""
    parameters = inspect.signature(function).parameters.values()
    OPERATIONS[function.__name__] = Operation(
        function,
        frozenset(each.name for each in parameters if each.kind is each.KEYWORD_ONLY),
        any(each.kind is each.VAR_KEYWORD for each in parameters),
    )
    return function
