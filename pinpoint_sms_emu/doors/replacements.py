"""Replaces functions of other packages for a time, even if other code replaces them too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]

_MARK = "_pinpoint_sms_replacement"


class Replacement:
    """A function of a class or module that is replaced by our wrapper until it is restored."""

    def __init__(self, owner: Any, name: str, wrap: Callable[[Function], Function]) -> None:
        self._owner = owner
        self._name = name
        self._found = _without_leftovers(owner, name)
        self._wrapper = wrap(self._found)
        setattr(self._wrapper, _MARK, self)
        setattr(owner, name, self._wrapper)

    def restore(self) -> None:
        """Restore the original function, unless other code has replaced our wrapper.

        In that case, the other code keeps calling our wrapper, which calls the original.
        """
        if vars(self._owner).get(self._name) is self._wrapper:
            setattr(self._owner, self._name, self._found)

    def is_of(self, owner: Any, name: str) -> bool:
        """Return whether it replaces this function of this class or module."""
        return self._owner is owner and self._name == name

    def is_behind(self, function: Function) -> bool:
        """Return whether a function is its wrapper, not a copy by functools.wraps."""
        return function is self._wrapper

    @property
    def found(self) -> Function:
        """The original function."""
        return self._found


def is_replaced(function: Function) -> bool:
    """Return whether a function is one of our wrappers."""
    replacement = getattr(function, _MARK, None)
    # A mock has every attribute.
    return isinstance(replacement, Replacement) and replacement.is_behind(function)


def is_as_defined(function: Any, owner: type) -> bool:
    """Return whether a method is the one in the class's source code."""
    return (
        getattr(function, "__module__", None) == owner.__module__
        and not hasattr(function, "__wrapped__")
        and not is_replaced(function)
    )


def _without_leftovers(owner: Any, name: str) -> Function:
    """Return the current function, without old wrappers of ours that other code has restored."""
    function: Function = vars(owner)[name]
    while is_replaced(function):
        function = getattr(function, _MARK).found
    return function
