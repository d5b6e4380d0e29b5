"""A lock on a folder, for the moments in which its database is opened or replaced.

SQLite locks a file. Between two files, another process could take the folder, or replace the new
file by the former one.
"""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import Any, Final

# Windows does not have it; there, an open file cannot be replaced either.
fcntl: Any = None
with suppress(ImportError):
    fcntl = import_module("fcntl")

_BETWEEN_TRIES: Final = 0.01  # in seconds
# Five seconds in all, longer than SQLite waits for the lock of the file.
_TRIES: Final = 500


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Lock a folder; raise an OSError if another process does not release it in time.

    File systems without such locks are used without one.
    """
    opened = None
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
    if fcntl is None or opened is None:
        yield
        return
    try:
        _lock(opened, folder)
        yield
    finally:
        # Explicitly, because a forked process may have inherited the file.
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_UN)
        os.close(opened)


def must_have_locks(path: Path) -> None:
    """Refuse a file that cannot be locked: SQLite then says that another process has locked it.

    No database of this process may be open at the path: it would lose its lock.
    """
    if fcntl is None:
        return
    try:
        with path.open("rb+") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in (errno.EACCES, errno.EAGAIN):
            raise OSError(
                f"data_dir {path.parent} cannot be used: its file system has no locks; "
                "choose a folder on a local disk"
            ) from error


def _lock(opened: int, folder: Path) -> None:
    pause = threading.Event()
    for _ in range(_TRIES):
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pause.wait(_BETWEEN_TRIES)
        except OSError:
            return
        else:
            return
    raise OSError(f"data_dir {folder} is in use by another process")
