"""The SQLite database of a data folder, which only one process at a time can open."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from pinpoint_sms_emu.persistence import folder_lock, next_file

# How long to wait for a killed process, which releases the database when it has ended.
_WAIT_SECONDS: Final = 2.0


def open_alone(path: Path, *, is_synced: bool) -> sqlite3.Connection:
    """Open a database; other connections are refused until this one is closed.

    `is_synced`: whether a commit also survives a power cut. Raises an OSError if another process
    has opened the database, and a ValueError if it is damaged.
    """
    database = sqlite3.connect(
        path, timeout=_WAIT_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        database.execute(next_file.SMALL_PAGES)
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        # The log is emptied only when the whole state is written, so it has all changes since.
        database.execute("PRAGMA wal_autocheckpoint = 0")
        database.execute(f"PRAGMA synchronous = {'FULL' if is_synced else 'NORMAL'}")
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")
    except sqlite3.Error as error:
        database.close()
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            folder_lock.must_have_locks(path)
            raise in_use(path.parent) from error
        if isinstance(error, sqlite3.OperationalError):
            raise
        raise damaged(path, str(error)) from error
    return database


def in_use(folder: Path) -> OSError:
    """Return the error for a folder that another process has opened."""
    return OSError(f"data_dir {folder} is in use by another process")


def damaged(path: Path, why: str) -> ValueError:
    """Return the error for a database that cannot be read; it is not changed."""
    return ValueError(f"{path} is damaged: {why}; the file was not changed")
