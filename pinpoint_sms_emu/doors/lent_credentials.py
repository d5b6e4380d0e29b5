"""A Region and credentials, lent to clients and subprocesses where botocore would find none."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import botocore.session
from botocore.exceptions import BotoCoreError, PartialCredentialsError

from pinpoint_sms_emu.wire.protocol import DEFAULT_REGION

HARMLESS = "emulated"
CREDENTIALS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": HARMLESS,
    "AWS_SECRET_ACCESS_KEY": HARMLESS,
}
REGION: Mapping[str, str] = {"AWS_DEFAULT_REGION": DEFAULT_REGION}

# The providers of botocore that only read: no command, no HTTP, no token.
_READING_PROVIDERS = frozenset(
    {"env", "shared-credentials-file", "config-file", "ec2-credentials-file", "boto-config"}
)
# What these providers, and the Region, depend on.
_VARIABLES = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_DEFAULT_REGION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CREDENTIAL_FILE",
    "BOTO_CONFIG",
    "HOME",
    "USERPROFILE",
)
_FILES = (
    ("AWS_CONFIG_FILE", "~/.aws/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ("AWS_CREDENTIAL_FILE", ""),
    ("BOTO_CONFIG", "~/.boto"),
)

_lock = threading.Lock()
_lenders = 0
# What the variables that are lent had before.
_before: dict[str, str | None] = {}


def lend() -> None:
    """Put into the environment what is missing, until it is taken back as often as lent."""
    global _lenders  # noqa: PLW0603  the environment is the process's, too
    with _lock:
        if not _lenders:
            missing = _missing(_facts())
            _before.update({name: os.environ.get(name) for name in missing})
            os.environ.update(missing)
        _lenders += 1


def take_back() -> None:
    """Restore the environment, where nobody else has changed it meanwhile."""
    global _lenders  # noqa: PLW0603
    with _lock:
        _lenders -= 1
        if _lenders:
            return
        lent = {**CREDENTIALS, **REGION}
        for name, value in _before.items():
            if os.environ.get(name) != lent[name]:
                continue
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        if "AWS_ACCESS_KEY_ID" in _before:
            _let_boto3_look_again()
        _before.clear()


@contextmanager
def lent() -> Iterator[None]:
    """Lend until the end of the block."""
    lend()
    try:
        yield
    finally:
        take_back()


def renew_lock() -> None:
    """Have a free lock in a forked child: another thread of the parent may have held it."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


def _facts() -> tuple[Any, ...]:
    """Collect what decides what is missing: to ask botocore takes longer than all else here."""
    values = tuple(map(os.environ.get, _VARIABLES))
    return values, tuple(_stamp(os.environ.get(name) or usual) for name, usual in _FILES)


def _stamp(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(os.path.expanduser(path))
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


@lru_cache(maxsize=64)
def _missing(_facts: tuple[Any, ...]) -> Mapping[str, str]:
    """Ask botocore what it would find, but nothing that would make it run or call anything."""
    session = botocore.session.Session()
    try:
        region = {} if session.get_config_variable("region") else REGION
        return {**region, **({} if _has_credentials(session) else CREDENTIALS)}
    except BotoCoreError:
        return {}  # A file that cannot be read, or an unknown profile: each client says so.


def _has_credentials(session: Any) -> bool:
    providers = session.get_component("credential_provider").providers
    reading = [each for each in providers if each.METHOD in _READING_PROVIDERS]
    try:
        return any(each.load() is not None for each in reading)
    except PartialCredentialsError:
        return True  # Half of a pair: each client says so.


def _let_boto3_look_again() -> None:
    """Let boto3's default session not remember what it found while it was lent."""
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    botocore_session: Any = getattr(session, "_session", None)
    remembered = getattr(botocore_session, "_credentials", None)
    # A member, not the property of those that are refreshed: that would call out.
    if remembered is not None and vars(remembered).get("access_key") == HARMLESS:
        botocore_session._credentials = None  # noqa: SLF001
