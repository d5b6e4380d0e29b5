"""Sets credentials and a Region in the environment for a time, if botocore would find none."""

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

from pinpoint_sms_emu.wire.protocol import DEFAULT_REGION, DUMMY_KEY

CREDENTIALS: Mapping[str, str] = {
    "AWS_ACCESS_KEY_ID": DUMMY_KEY,
    "AWS_SECRET_ACCESS_KEY": DUMMY_KEY,
}
REGION: Mapping[str, str] = {"AWS_DEFAULT_REGION": DEFAULT_REGION}

# The credential providers of botocore that only read variables and files.
_READING_PROVIDERS = frozenset(
    {"env", "shared-credentials-file", "config-file", "ec2-credentials-file", "boto-config"}
)
_PROFILES = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
# The files that they read: the variable with the path, and the default path.
_FILES = (
    ("AWS_CONFIG_FILE", "~/.aws/config"),
    ("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
    ("AWS_CREDENTIAL_FILE", ""),
    ("BOTO_CONFIG", "~/.boto"),
    ("BOTO_CONFIG", "/etc/boto.cfg"),
)

_lock = threading.Lock()
_lenders = 0
# The former values of the variables that were set.
_before: dict[str, str | None] = {}


def lend() -> None:
    """Set the missing variables, until `take_back` is called as often as `lend`."""
    global _lenders  # noqa: PLW0603  the environment is process-wide, too
    with _lock:
        if not _lenders:
            _restore()
            missing = _missing()
            _before.update({name: os.environ.get(name) for name in missing})
            os.environ.update(missing)
        _lenders += 1


def take_back() -> None:
    """Restore the environment, except for values that other code has changed."""
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
    """Set the missing variables during a block."""
    lend()
    try:
        yield
    finally:
        take_back()


def _restore() -> None:
    """Restore the variables that still have the value that was set.

    Values that other code has changed are kept. If moto's block ends later, it sets our credentials
    again; they are recognized at the next `lend`.
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
    """Replace the lock in a forked child, because a thread of the parent may hold it."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()


def _missing() -> Mapping[str, str]:
    """Return the missing variables. botocore is asked only if a file may have them, for speed."""
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
    """Return a fingerprint of a file, or None if it does not exist or is empty."""
    path = os.path.expanduser(path)
    try:
        status = os.stat(path)
    except OSError:
        return None
    return (path, status.st_mtime_ns, status.st_size) if status.st_size else None


@lru_cache(maxsize=64)
def _missing_for_botocore(*_facts: Any) -> Mapping[str, str]:
    """Return the variables that botocore misses, without running commands or calling services."""
    session = botocore.session.Session()
    try:
        region = {} if session.get_config_variable("region") else REGION
        return {**region, **({} if _has_credentials(session) else CREDENTIALS)}
    except BotoCoreError:
        return {}  # an unreadable file or an unknown profile: each client reports it


def _has_credentials(session: Any) -> bool:
    providers = session.get_component("credential_provider").providers
    reading = [each for each in providers if each.METHOD in _READING_PROVIDERS]
    try:
        return any(each.load() is not None for each in reading)
    except PartialCredentialsError:
        return True  # an incomplete key pair: each client reports it


def _let_boto3_look_again() -> None:
    """Remove our credentials from the cache of boto3's default session."""
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    botocore_session: Any = getattr(session, "_session", None)
    remembered = getattr(botocore_session, "_credentials", None)
    # The attribute, because the property of refreshable credentials would call a service.
    if remembered is not None and vars(remembered).get("access_key") == DUMMY_KEY:
        botocore_session._credentials = None  # noqa: SLF001
