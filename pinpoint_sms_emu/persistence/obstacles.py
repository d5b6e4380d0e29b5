"""Says why a data folder cannot be used or written, and what to do about it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

# Not enough room: of the disk, or of the user.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Raise an OSError with one sentence if a folder cannot be used in the block."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if getattr(error, "errno", errno.EIO) is None:
            raise  # this has a sentence already
        raise OSError(f"data_dir {folder} cannot be used: {reason(folder, error)}") from error


def reason(folder: Path, error: Exception) -> str:
    """Return what is wrong with a folder and how to mend it, or else the text of the error.

    SQLite's own texts, such as "disk I/O error", often do not say it.
    """
    if os.name == "posix":
        with suppress(OSError):
            if obstacle := _obstacle(folder):
                return obstacle
    text = getattr(error, "strerror", None) or str(error)
    is_full = getattr(error, "sqlite_errorname", "") == "SQLITE_FULL"
    return f"{text}; make room" if is_full or getattr(error, "errno", None) in _FULL else text


def _obstacle(folder: Path) -> str | None:
    if not os.path.isdir(folder.parent):  # noqa: PTH112  a Path raises an error without permission
        return f"there is no folder {folder.parent}; create it first"
    is_there = os.path.lexists(folder)
    if is_there and not os.path.isdir(folder):  # noqa: PTH112
        return "it is not a folder; choose another path"
    used = folder if is_there else folder.parent
    system = os.statvfs(used)
    if system.f_flag & os.ST_RDONLY:
        return "its file system is read-only; make it writable, or choose another folder"
    return _forbidden(used, os.X_OK) or _unusable_file(folder) or _shortage(system)


def _forbidden(place: Path, more: int = 0) -> str | None:
    if os.access(place, os.R_OK | os.W_OK | more):
        return None
    owner = place.stat().st_uid
    return (
        f"user {os.getuid()} may not read and write {place}, which belongs to user {owner}; "
        "change its owner or its permissions"
    )


def _unusable_file(folder: Path) -> str | None:
    for place in sorted(folder.glob("*.sqlite3*")):
        if not place.is_file():
            return f"{place} is not a file; remove it, or choose another folder"
        if forbidden := _forbidden(place):
            return forbidden
    return None


def _shortage(system: os.statvfs_result) -> str | None:
    # File systems without a limit, such as /proc, have none of either.
    if system.f_blocks and not system.f_bavail:
        return "its disk is full; make room"
    if system.f_files and not system.f_favail:
        return "its file system has room for no more files (inodes); delete some"
    return None
