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
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
# The files that they read: the variable that names one, and where it is without.
_FILES = (
    ("AWS_CONFIG_FILE", "~/.aws/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ("AWS_CREDENTIAL_FILE", ""),
    ("BOTO_CONFIG", "~/.boto"),
    ("BOTO_CONFIG", "/etc/boto.cfg"),
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
            _restore()
            missing = _missing()
            _before.update({name: os.environ.get(name) for name in missing})
            os.environ.update(missing)
        _lenders += 1


def take_back() -> None:
    """Restore the environment, where no other code has changed it meanwhile."""
    global _lenders  # noqa: PLW0603
    with _lock:
        _lenders -= 1
        if _lenders:
            return
        if "AWS_ACCESS_KEY_ID" in _before:
            _let_boto3_look_again()
        _restore()


@contextmanager
def lent() -> Iterator[None]:
    """Lend until the end of the block."""
    lend()
    try:
        yield
    finally:
        take_back()


def _restore() -> None:
    """Restore what still has the value that was lent.

    What other code has changed meanwhile stays. But moto, if it is left later, puts back the
    credentials that were lent: they are looked for again when something is lent the next time.
    """
    lent_values = {**CREDENTIALS, **REGION}
    for name, value in list(_before.items()):
        is_theirs = os.environ.get(name) != lent_values[name]
        if is_theirs and name in CREDENTIALS:
            continue
        del _before[name]
        if is_theirs:
            continue
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


def renew_lock() -> None:
    """Have a free lock in a forked child: another thread of the parent may have held it."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


def _missing() -> Mapping[str, str]:
    """Find what is missing; botocore looks only where a file may hold it: that takes longest."""
    has_keys = bool(os.environ.get("AWS_ACCESS_KEY_ID"))
    has_region = bool(os.environ.get("AWS_DEFAULT_REGION"))
    if has_keys and has_region:
        return {}
    profiles = tuple(map(os.environ.get, _PROFILES))
    stamps = [_stamp(os.environ.get(name) or usual) for name, usual in _FILES]
    if any(profiles) or any(stamps):
        return _missing_for_botocore(has_keys, has_region, profiles, *stamps)
    return {**({} if has_keys else CREDENTIALS), **({} if has_region else REGION)}


def _stamp(path: str) -> tuple[str, int, int] | None:
    """Tell one state of a file from others; None is no file, or an empty one."""
    path = os.path.expanduser(path)
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (path, status.st_mtime_ns, status.st_size) if status.st_size else None


@lru_cache(maxsize=64)
def _missing_for_botocore(*_facts: Any) -> Mapping[str, str]:
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
