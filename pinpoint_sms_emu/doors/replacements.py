"""Functions of other packages that are replaced for a while, whatever others replace meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Function = Callable[..., Any]

_MARK = "_pinpoint_sms_replacement"


class Replacement:
    """A function of a class or module that stands behind a wrapper of ours until it is restored."""

    def __init__(self, owner: Any, name: str, wrap: Callable[[Function], Function]) -> None:
        self._owner = owner
        self._name = name
        self._found = _without_leftovers(owner, name)
        self._wrapper = wrap(self._found)
        setattr(self._wrapper, _MARK, self)
        setattr(owner, name, self._wrapper)

    def restore(self) -> None:
        """Put back what was found, unless other code has replaced ours since.

        Theirs goes on calling our wrapper then, which answers nothing and calls what it found.
        """
        if vars(self._owner).get(self._name) is self._wrapper:
            setattr(self._owner, self._name, self._found)

    def is_of(self, owner: Any, name: str) -> bool:
        """Tell whether it stands for this function of this class or module."""
        return self._owner is owner and self._name == name

    def is_behind(self, function: Function) -> bool:
        """Tell whether a function is its wrapper; functools.wraps copies the mark to others."""
        return function is self._wrapper

    @property
    def found(self) -> Function:
        """What stood there before."""
        return self._found


def is_replaced(function: Function) -> bool:
    """Tell whether a function is a wrapper of ours."""
    replacement = getattr(function, _MARK, None)
    # A mock has every attribute.
    return isinstance(replacement, Replacement) and replacement.is_behind(function)


def is_as_defined(function: Any, owner: type) -> bool:
    """Tell whether a method is the one that its class was written with."""
    return (
        getattr(function, "__module__", None) == owner.__module__
        and not hasattr(function, "__wrapped__")
        and not is_replaced(function)
    )


def _without_leftovers(owner: Any, name: str) -> Function:
    """Find what is there, behind wrappers that were put back by code that had found ours."""
    function: Function = vars(owner)[name]
    while is_replaced(function):
        function = getattr(function, _MARK).found
    return function
