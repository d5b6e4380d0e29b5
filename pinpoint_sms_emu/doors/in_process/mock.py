"""`mock_sms`: the emulator in process, without a socket."""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, Unpack, overload

from pinpoint_sms_emu.doors.in_process import blocks, client_calls, lent_credentials
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.settings import Settings, SettingsArguments

F = TypeVar("F", bound=Callable[..., Any])

# Held while a block is entered or exited.
_lock = threading.Lock()


def _renew_locks() -> None:
    """Replace the locks in a forked child, because threads of the parent may hold them."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    lent_credentials.renew_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)


class Block:
    """The context manager and decorator that `mock_sms()` returns."""

    def __init__(self, settings: SettingsArguments) -> None:
        Settings.of(**settings)
        self._settings = settings
        self._entered: list[blocks.OpenBlock] = []

    def __enter__(self) -> Emulator:
        emulator = Emulator(**self._settings)
        with _lock:
            client_calls.intercept()
            lent_credentials.lend()
            self._entered.append(blocks.enter(engine_of(emulator)))
        return emulator

    def __exit__(self, *_error: object) -> None:
        with _lock:
            if not self._entered:
                raise RuntimeError("this block of mock_sms() has been left already")
            block = blocks.innermost(self._entered)
            self._entered.remove(block)
            blocks.leave(block)
            client_calls.stop_intercepting()
            lent_credentials.take_back()
        # In a forked child, the emulator still belongs to the parent.
        if block.process == os.getpid():
            block.engine.close()

    if not TYPE_CHECKING:  # Type checkers report unknown attributes themselves.

        def __getattr__(self, name: str) -> NoReturn:
            raise AttributeError(
                f"mock_sms() has no {name}; to get the emulator, enter the block: "
                "with mock_sms() as sms:"
            )

    def __call__(self, decorated: F) -> F:
        """Decorate a function, an async function or a test class, without changing parameters."""
        settings = self._settings
        if isinstance(decorated, type):
            from pinpoint_sms_emu.doors.in_process import decorated_classes

            return decorated_classes.decorate(  # type: ignore[return-value]
                decorated, functools.partial(Block, settings)
            )
        if inspect.isgeneratorfunction(decorated) or inspect.isasyncgenfunction(decorated):
            raise TypeError(
                f"mock_sms cannot decorate the generator {decorated.__name__}: "
                "use `with mock_sms():` inside it"
            )
        if inspect.iscoroutinefunction(decorated):

            @functools.wraps(decorated)
            async def in_block_async(*args: Any, **given: Any) -> Any:
                with Block(settings):
                    return await decorated(*args, **given)

            return in_block_async  # type: ignore[return-value]

        @functools.wraps(decorated)
        def in_block(*args: Any, **given: Any) -> Any:
            with Block(settings):
                return decorated(*args, **given)

        return in_block  # type: ignore[return-value]


@overload
def mock_sms(decorated: F, /) -> F: ...


@overload
def mock_sms(**settings: Unpack[SettingsArguments]) -> Block: ...


def mock_sms(decorated: Any = None, /, **settings: Unpack[SettingsArguments]) -> Any:
    """Answer all calls of this service in process, as a context manager or decorator.

    Each block has its own emulator, which answers all clients of the service: of boto3, botocore
    and aiobotocore, created before or in the block, with any endpoint. Only clients of a `Server`
    of this process, and of the endpoints in the setting `pass_through`, are not intercepted.
    Functions, async functions and test classes can be decorated; each test method of a class runs,
    with its set-up, in its own block.

    Parameters: the settings of `Emulator`, by name.
    Returns: a context manager that provides the `Emulator`, or the decorated object.
    Raises: ValueError for a wrong setting; TypeError for a generator function.

        with mock_sms(account_tier="SANDBOX") as sms:
            boto3.client("pinpoint-sms-voice-v2").describe_account_attributes()
    """
    if decorated is not None and not callable(decorated):
        raise ValueError(
            f"mock_sms takes settings by name, not {decorated!r}: "
            f"did you mean mock_sms({named(decorated)})?"
        )
    block = Block(settings)
    return block if decorated is None else block(decorated)


def named(value: Any) -> str:
    """Return a positional value as a keyword argument of the setting that it fits, for an error."""
    if isinstance(value, str):
        for each in fields(Settings):
            default = getattr(Settings(), each.name)
            if isinstance(default, str) and _is_one_of(value, each.metadata["parse"]):
                return f"{each.name}={value!r}"
    if isinstance(value, dict):
        return "**settings"
    return f"seed={value!r}" if isinstance(value, int) else 'account_tier="SANDBOX"'


def _is_one_of(value: str, read: Callable[[Any], Any]) -> bool:
    try:
        return bool(read(value) == value)
    except ValueError:
        return False
