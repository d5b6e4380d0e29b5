"""The emulator in this process, without a socket: `mock_sms`."""

from __future__ import annotations

import functools
import inspect
import os
import threading
from collections.abc import Callable
from dataclasses import fields
from types import TracebackType
from typing import Any, TypeVar, Unpack, overload

from pinpoint_sms_emu.doors import blocks, client_calls, lent_credentials
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.settings import Settings, SettingsArguments

F = TypeVar("F", bound=Callable[..., Any])

# Held while a block is entered or left.
_lock = threading.Lock()


def _renew_locks() -> None:
    """Have free locks in a forked child: another thread of the parent may have held them."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    lent_credentials.renew_lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_locks)


class Block:
    """A stretch of code in which calls of this service are answered here: `with mock_sms():`."""

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

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with _lock:
            block = blocks.innermost(self._entered)
            self._entered.remove(block)
            blocks.leave(block)
            client_calls.stop_intercepting()
            lent_credentials.take_back()
        # In a forked child the emulator is still the parent's, with its data folder and its locks.
        if block.process == os.getpid():
            block.engine.close()

    def __call__(self, decorated: F) -> F:
        """Decorate a function, an async function or a test class; nothing is passed in."""
        settings = self._settings
        if isinstance(decorated, type):
            from pinpoint_sms_emu.doors import decorated_classes

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
    """Answer every call of this service in this process: a context manager and a decorator.

    Inside the block each client of the service is answered by an emulator of the block's own,
    whether boto3, botocore or aiobotocore made it, before the block or inside it, and whatever
    endpoint it has. Only clients of a `Server` of this process, and of the endpoints in the setting
    `pass_through`, are left alone. Functions, async functions and test classes can be decorated; of
    a class each test method runs, with its set-up, in a fresh block.

    Parameters: the settings of `Emulator`, by name.
    Returns: a context manager that gives the `Emulator`, or what was decorated.
    Raises: ValueError where a setting is wrong; TypeError for a generator function.

        with mock_sms(account_tier="SANDBOX") as sms:
            boto3.client("pinpoint-sms-voice-v2").describe_account_attributes()
    """
    if decorated is not None and not callable(decorated):
        raise ValueError(
            f"mock_sms takes settings by name, not {decorated!r}: "
            f"mock_sms({named(decorated)}) is meant"
        )
    block = Block(settings)
    return block if decorated is None else block(decorated)


def named(value: Any) -> str:
    """Spell a value that was given without a name as the setting that must be meant."""
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
