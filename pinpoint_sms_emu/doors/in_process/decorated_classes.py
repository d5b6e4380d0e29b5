"""Test classes with `mock_sms`: each test method runs, with its set-up, in its own block.

A subclass or a mixin may have its own set-up and tear-down, which may or may not call those of the
decorated class. So the methods of every subclass of a decorated class are wrapped too. The
outermost wrapper of an object opens its block, the outermost tear-down closes it, and nested
wrappers only call the method.

`setup_class` and `setUpClass` run in a block of the class, and each test method starts with a copy
of its state.
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pinpoint_sms_emu.emulator import Emulator

MakeBlock = Callable[[], "AbstractContextManager[Emulator]"]

_METHOD_HOOKS = (("setup_method", "teardown_method"),)
_CLASS_HOOKS = (("setup_class", "teardown_class"), ("setUpClass", "tearDownClass"))
# The attribute of a decorated class with the function that makes its blocks.
_MAKE_BLOCK = "_pinpoint_sms_make_block"
_MARK = "_pinpoint_sms_wrapped"


@dataclass(slots=True)
class _Scope:
    """An object or a class with an open block. It is kept alive, so that its id stays unique."""

    owner: Any
    block: AbstractContextManager[Emulator]
    emulator: Emulator
    depth: int = 0


_scopes: dict[int, _Scope] = {}


def decorate(decorated: type, make_block: MakeBlock) -> type:
    """Let each test method of a class and its subclasses run in its own block."""
    setattr(decorated, _MAKE_BLOCK, staticmethod(make_block))
    if not _is_wrapped(decorated.__init_subclass__):
        _wrap_subclasses(decorated)
    _wrap_methods(decorated)
    return decorated


def _wrap_subclasses(decorated: type) -> None:
    own = vars(decorated).get("__init_subclass__")

    def __init_subclass__(cls: type[Any], /, **given: Any) -> None:  # noqa: N807  it is that method
        if own is not None:
            own.__func__(cls, **given)
        else:
            # Not always `decorated`, because a dataclass with slots is a copy of its class.
            owner: Any = next(each for each in cls.__mro__ if _has(each, __init_subclass__))
            super(owner, cls).__init_subclass__(**given)
        _wrap_methods(cls)

    _put(decorated, "__init_subclass__", classmethod(__init_subclass__))


def _has(cls: type, function: Any) -> bool:
    return getattr(vars(cls).get("__init_subclass__"), "__func__", None) is function


def _wrap_methods(cls: type) -> None:
    """Wrap the set-up, tear-down and test methods of a class."""
    is_test_case = _is_test_case(cls)
    for set_up, tear_down in _METHOD_HOOKS:
        # A test case is run as a whole; pytest calls these hooks before and after it.
        if not is_test_case or hasattr(cls, set_up) or hasattr(cls, tear_down):
            _wrap_hook(cls, set_up, _set_up_method)
            _wrap_hook(cls, tear_down, _tear_down_method)
    for set_up, tear_down in _CLASS_HOOKS:
        if _is_defined(cls, set_up) or _is_defined(cls, tear_down):
            _wrap_hook(cls, set_up, _set_up_class)
            _wrap_hook(cls, tear_down, _tear_down_class)
    names = [name for name in dir(cls) if name.startswith("test")]
    for name in [*names, *(("run", "debug") if is_test_case else ())]:
        method = inspect.getattr_static(cls, name)
        if inspect.isfunction(method) and not _is_wrapped(method):
            _put(cls, name, _in_block(method))


def _wrap_hook(cls: type, name: str, wrap: Callable[[Any], Any]) -> None:
    hook = inspect.getattr_static(cls, name, None)
    if not _is_wrapped(hook):
        _put(cls, name, wrap(hook))


def _put(cls: type, name: str, wrapper: Any) -> None:
    function = _function(wrapper)
    setattr(function, _MARK, function)
    setattr(cls, name, wrapper)


def _is_wrapped(method: Any) -> bool:
    # The mark's value is the wrapper itself, because functools.wraps copies marks.
    function = _function(method)
    return function is not None and getattr(function, _MARK, None) is function


def _is_defined(cls: type, name: str) -> bool:
    """Return whether this method is defined outside of unittest."""
    function = _function(inspect.getattr_static(cls, name, None))
    return function is not None and function.__module__ != "unittest.case"


def _function(method: Any) -> Any:
    """Return the function of a bound method or a classmethod."""
    return getattr(method, "__func__", method)


def _is_test_case(cls: type) -> bool:
    # Does not import unittest: a process with test cases has done so.
    unittest = sys.modules.get("unittest")
    return unittest is not None and issubclass(cls, unittest.TestCase)


# Blocks of objects and classes.


def _open(owner: Any, cls: type) -> _Scope:
    block: AbstractContextManager[Emulator] = getattr(cls, _MAKE_BLOCK)()
    emulator = block.__enter__()
    scope = _scopes[id(owner)] = _Scope(owner, block, emulator)
    return scope


def _open_for_method(instance: Any) -> None:
    of_class = _scopes.get(id(type(instance)))
    scope = _open(instance, type(instance))
    if of_class is not None:
        scope.emulator.restore(of_class.emulator.snapshot())


def _close(owner: Any) -> None:
    _scopes.pop(id(owner)).block.__exit__(None, None, None)


@contextmanager
def _block_of(instance: Any) -> Iterator[None]:
    """Provide the block of an object, which is already open if its set-up has run."""
    if id(instance) in _scopes:
        yield
        return
    _open_for_method(instance)
    try:
        yield
    finally:
        _close(instance)


def _in_block(method: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(method):

        @functools.wraps(method)
        async def call_async(self: Any, *args: Any, **given: Any) -> Any:
            with _block_of(self):
                return await method(self, *args, **given)

        return call_async

    @functools.wraps(method)
    def call(self: Any, *args: Any, **given: Any) -> Any:
        with _block_of(self):
            return method(self, *args, **given)

    return call


# Hooks.


def _set_up_method(hook: Any) -> Callable[..., None]:
    def setup_method(self: Any, method: Any = None) -> None:
        is_outermost = id(self) not in _scopes
        if is_outermost:
            _open_for_method(self)
        try:
            _call(hook, self, method)
        except BaseException:
            if is_outermost:
                _close(self)
            raise

    return setup_method


def _tear_down_method(hook: Any) -> Callable[..., None]:
    def teardown_method(self: Any, method: Any = None) -> None:
        with _closing(self):
            _call(hook, self, method)

    return teardown_method


def _set_up_class(hook: Any) -> Any:
    def set_up_class(cls: type) -> None:
        is_outermost = id(cls) not in _scopes
        if is_outermost:
            _open(cls, cls)
        try:
            _call(hook, cls)
        except BaseException:
            if is_outermost:
                _close(cls)
            raise

    return classmethod(set_up_class)


def _tear_down_class(hook: Any) -> Any:
    def tear_down_class(cls: type) -> None:
        with _closing(cls):
            _call(hook, cls)

    return classmethod(tear_down_class)


@contextmanager
def _closing(owner: Any) -> Iterator[None]:
    """Close the block of an object or class after its outermost tear-down."""
    scope = _scopes.get(id(owner))
    if scope is None:  # The set-up was not called.
        yield
        return
    scope.depth += 1
    try:
        yield
    finally:
        scope.depth -= 1
        if not scope.depth:
            _close(owner)


def _call(hook: Any, owner: Any, *arguments: Any) -> None:
    """Call a hook like pytest, with as many arguments as it has parameters."""
    if hook is None:
        return
    bound = _of_class(hook, owner) if isinstance(owner, type) else hook.__get__(owner)
    takes = len(inspect.signature(bound).parameters)
    bound(*arguments[:takes])


def _of_class(hook: Any, cls: type) -> Callable[..., Any]:
    if isinstance(hook, classmethod | staticmethod):
        bound: Callable[..., Any] = hook.__get__(None, cls)
        return bound
    # pytest treats a plain function as a class method.
    return functools.partial(hook, cls)
