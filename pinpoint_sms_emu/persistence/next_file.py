"""Writes a whole state into a new file, which then replaces the file of a data folder.

The new file counts from the moment when it gets its final name, and the former one until then: a
process can be killed at any moment.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

from pinpoint_sms_emu import __version__

FORMAT: Final = "pinpoint-sms-emu data folder"
# Version 1 was a text file, see `version_1`.
VERSION: Final = 2

# The name of a complete file that is about to replace the other one.
COMPLETE: Final = "next.sqlite3"
_PART: Final = "part.sqlite3"

_PIECE: Final = 256 * 1024

_SCHEMA: Final = """
    CREATE TABLE head (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
    CREATE TABLE state (piece INTEGER PRIMARY KEY, text TEXT);
    CREATE TABLE changes (number INTEGER PRIMARY KEY, line TEXT, checksum INTEGER);
"""
INSERT_CHANGE: Final = "INSERT INTO changes (line, checksum) VALUES (?, ?)"
# Each change writes at least one page: small ones cost less. Only new files have them.
SMALL_PAGES: Final = "PRAGMA page_size = 1024"

_numbers = count(1)


class NextFile:
    """A new file with a whole state, and the changes since. Errors are sqlite3.Error or OSError."""

    def __init__(self, folder: Path, settings: Mapping[str, Any], *, is_synced: bool) -> None:
        self._folder = folder
        self._path = folder / f"{next(_numbers)}-{_PART}"
        self._counts = False
        # Whether the order of the steps survives a power cut.
        self._is_synced = is_synced
        self._head = {
            "format": FORMAT,
            "version": str(VERSION),
            "made_by": __version__,
            "settings": json.dumps(settings, separators=(",", ":")),
        }
        # The changes that were made since the state was that of the document.
        self.lines: deque[str] = deque()
        self.state_bytes = self.changed_bytes = self._changes = 0
        self.checksum = checksum_of_head(self._head)
        self._path.unlink(missing_ok=True)
        self.database = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        try:
            self._begin()
        except BaseException:
            self.discard()
            raise

    def _begin(self) -> None:
        # An incomplete file is not read, so there is no need to roll it back.
        self.database.execute(SMALL_PAGES)
        self.database.execute("PRAGMA journal_mode = OFF")
        self.database.execute("PRAGMA synchronous = OFF")
        self.database.executescript(_SCHEMA)
        self.database.execute("BEGIN")

    def write_state(self, parts: Iterable[str]) -> Iterator[None]:
        """Write the parts of an encoded document, one in each step."""
        waiting: list[str] = []
        size = 0
        for part in parts:
            waiting.append(part)
            size += len(part)
            if size >= _PIECE:
                self._write_piece("".join(waiting))
                waiting, size = [], 0
            yield
        self._write_piece("".join(waiting))
        head = self._head | {"checksum": str(self.checksum)}
        self.database.executemany("INSERT INTO head VALUES (?, ?)", head.items())

    def _write_piece(self, text: str) -> None:
        self.database.execute("INSERT INTO state (text) VALUES (?)", (text,))
        self.checksum = zlib.crc32(text.encode(), self.checksum)
        self.state_bytes += len(text)

    def write_changes(self) -> None:
        """Write the changes that were made meanwhile."""
        for _ in range(len(self.lines)):
            line = self.lines.popleft()
            self.checksum = zlib.crc32(line.encode(), self.checksum)
            self.database.execute(INSERT_CHANGE, (line, self.checksum))
            self.changed_bytes += len(line)
            self._changes += 1

    def sync(self) -> None:
        """Let the operating system write the file, which takes long for a large one."""
        with self._path.open("rb+") as file:
            os.fsync(file.fileno())

    def complete(self) -> None:
        """Write the last changes, and give the file its final name; from now on it counts."""
        self.write_changes()
        # Later changes are counted in the log, see `write_ahead_log`.
        self.database.execute("INSERT INTO head VALUES ('changes', ?)", (str(self._changes),))
        self.database.execute("COMMIT")
        self.database.close()
        self.sync()
        self._path = self._path.replace(self._folder / COMPLETE)
        if self._is_synced:
            _sync_folder(self._folder)
        self._counts = True

    def discard(self) -> None:
        """Delete the file, unless it counts."""
        self.database.close()
        if not self._counts:
            with suppress(OSError):
                self._path.unlink(missing_ok=True)


def checksum_of_head(head: Mapping[str, Any]) -> int:
    """Return the checksum of a head, which continues over the state and all changes."""
    checksum = 0
    for name in ("format", "version", "made_by", "settings"):
        checksum = zlib.crc32(str(head.get(name)).encode(), checksum)
    return checksum


def take_place(path: Path) -> None:
    """Replace a file by the complete one; interrupted, this can be repeated.

    The former file is to be closed then: SQLite writes nothing into a file that was deleted.
    """
    # The log first: without its file, it would be that of the new one.
    Path(f"{path}-wal").unlink(missing_ok=True)
    path.unlink(missing_ok=True)
    path.with_name(COMPLETE).replace(path)


def delete_parts(folder: Path) -> None:
    """Delete incomplete files of processes that were killed."""
    for part in folder.glob(f"*-{_PART}*"):
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
