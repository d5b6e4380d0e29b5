"""The data folder: a database with a whole state, and all changes made since.

A change is committed before it is made and answered. All ids come from the state, and time does not
pass in a transaction, so repeating the changes leads to the same state. With
`durability="process"`, a commit survives the end of the process; with `"machine"`, it also survives
a power cut.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import sqlite3
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from weakref import WeakSet

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import (
    change_line,
    document,
    folder_lock,
    kept_settings,
    long_lists,
    next_file,
    obstacles,
    write_ahead_log,
)
from pinpoint_sms_emu.persistence.database import damaged, in_use, open_alone
from pinpoint_sms_emu.persistence.next_file import NextFile
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.transactions import is_held_here

FILE: Final = "state.sqlite3"
# The whole state is written again after this many bytes of changes, and as many as it has itself.
MIN_BYTES: Final = 8 * 1024 * 1024

logger = logging.getLogger("pinpoint_sms_emu")

# The folders that this process has open and still references.
_open_folders: WeakSet[DataFolder] = WeakSet()


class DataFolder:
    """The database of a data folder, which only one process at a time can open."""

    def __init__(self, folder: Path, durability: str = "process") -> None:
        self.folder = folder.absolute()
        self.path = self.folder / FILE
        self._process = os.getpid()
        # The lock of the emulator.
        self.lock = threading.RLock()
        # The size of the state, and of the changes since it was last written, in bytes.
        self._state_bytes = self._changed_bytes = 0
        # The size of the changes when a compaction failed.
        self._failed_bytes = 0
        # A checksum over the state and all changes, which detects changes that are missing.
        self._checksum = 0
        # The thread that closes it. From then on, others can write nothing.
        self._closer: int | None = None
        self._closing = threading.Lock()
        # The file of a compaction, and its thread.
        self._next: NextFile | None = None
        self._compacting: threading.Thread | None = None
        self._durability = durability
        self._database: sqlite3.Connection | None = None
        with obstacles.explained(self.folder):
            self.folder.mkdir(exist_ok=True)
            with folder_lock.locked(self.folder):
                self._take()

    def _take(self) -> None:
        if any(each.is_open_at(self.path) for each in _open_folders):
            raise OSError(f"data_dir {self.folder} is in use by another emulator of this process")
        self._committed = write_ahead_log.committed_transactions(self.path)
        self._has_log = write_ahead_log.exists(self.path)
        self._database = self._open_first()
        _open_folders.add(self)

    def is_open_at(self, path: Path) -> bool:
        """Return whether this process has the database open, even by another path."""
        is_ours = self._database is not None and os.getpid() == self._process
        return is_ours and path.exists() and path.samefile(self.path)

    def _open_first(self) -> sqlite3.Connection:
        """Open the file; if a killed process has not quite replaced it, replace it first."""
        self.path.touch()
        file = self.path.stat().st_ino
        database = self._open()
        try:
            self._must_still_be(file)
            if self.path.with_name(next_file.COMPLETE).exists():
                next_file.take_place(self.path)
                database.close()
                database, self._committed = self._open(), 0
            next_file.delete_parts(self.folder)
        except BaseException:
            database.close()
            raise
        return database

    def _must_still_be(self, file: int) -> None:
        """Refuse another file than the one with this inode: another process has replaced it."""
        if not self.path.exists() or self.path.stat().st_ino != file:
            raise in_use(self.folder)

    def _open(self) -> sqlite3.Connection:
        return open_alone(self.path, is_synced=self._is_synced)

    @property
    def _is_synced(self) -> bool:
        return self._durability == "machine"

    # Reading.

    def load(self) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
        """Read the head with the state, and the changes; return None for a new folder."""
        try:
            return self._load()
        except sqlite3.DatabaseError as error:
            raise damaged(self.path, str(error)) from error

    def _load(self) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
        database = self._database
        assert database is not None, "the constructor opens it"  # noqa: S101
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema")}
        if "head" not in tables:
            if tables or self._committed:
                raise damaged(self.path, "it is another database")
            return None
        [(problem,), *_] = database.execute("PRAGMA integrity_check(1)")
        if problem != "ok":
            raise damaged(self.path, problem)
        head: dict[str, Any] = dict(database.execute("SELECT name, value FROM head"))
        if head.get("format") != next_file.FORMAT:
            raise damaged(self.path, "its format is unknown")
        if (version := head.get("version")) != str(next_file.VERSION):
            raise ValueError(
                f"{self.path} has version {version}, but must have {next_file.VERSION}: "
                f"use version {head.get('made_by')} of the emulator, which has written it"
            )
        pieces = [text for (text,) in database.execute("SELECT text FROM state ORDER BY piece")]
        self._checksum = next_file.checksum_of_head(head)
        for piece in pieces:
            self._checksum = zlib.crc32(piece.encode(), self._checksum)
        if head.get("checksum") != str(self._checksum):
            raise damaged(self.path, "the checksum of the state is wrong")
        head["settings"] = json.loads(head["settings"])
        self._committed += int(head.get("changes", 0))
        head["state"] = json.loads("".join(pieces))
        self._state_bytes = sum(map(len, pieces))
        return head, list(self._load_changes(database))

    def is_as_written(self, head: Mapping[str, Any], settings: Settings) -> bool:
        """Return whether the state that was loaded need not be written again.

        It was closed by this version, and changes from now on are made with the same settings.
        """
        return (
            not self._has_log
            and not self._changed_bytes
            and head["made_by"] == __version__
            and head["settings"] == json.loads(json.dumps(kept_settings.of(settings)))
        )

    def _load_changes(self, database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
        query = "SELECT number, line, checksum FROM changes ORDER BY number"
        number = 0
        for number, line, checksum in database.execute(query):
            self._checksum = zlib.crc32(line.encode(), self._checksum)
            if checksum != self._checksum:
                raise damaged(self.path, f"the checksum of change {number} is wrong")
            self._changed_bytes += len(line)
            yield json.loads(line)
        if number < self._committed:
            raise damaged(self.path, f"the last {self._committed - number} changes cannot be read")

    # Writing.

    def attach(
        self, state: Callable[[], State], compact: Callable[[], None], lock: threading.RLock
    ) -> None:
        """Set the state whose changes are written, and how the folder is compacted on a thread."""
        self._current_state, self._compact, self.lock = state, compact, lock

    def append(self, name: str, arguments: tuple[Any, ...], given: dict[str, Any]) -> None:
        """Write a change before it is made, or raise and write nothing."""
        state = self._current_state()
        line = change_line.to_json(
            {
                "at": state.now().isoformat(),
                "position": change_line.position_of(state),
                "change": name,
                "arguments": arguments,
                "given": given,
            }
        )
        checksum = zlib.crc32(line.encode(), self._checksum)
        database = self._writable()
        try:
            database.execute(next_file.INSERT_CHANGE, (line, checksum))
        except sqlite3.Error as error:
            raise self._not_written(error) from error
        self._checksum = checksum
        self._changed_bytes += len(line)
        if self._next is not None:
            self._next.lines.append(line)

    def prepare(self, state: State) -> NextFile:
        """Write a whole state into a new file, which `start_over` takes; this takes long."""
        prepared = self._begin(state.settings)
        try:
            with self.lock:  # a call that only reads may have added its account for its duration
                parts = long_lists.encode_in_parts(document.begin(state))
            for _ in prepared.write_state(parts):
                pass
        except BaseException as error:
            prepared.discard()
            if isinstance(error, sqlite3.Error):
                raise self._not_written(error) from error
            raise
        return prepared

    def _begin(self, settings: Settings) -> NextFile:
        with self.lock:  # while another state takes the place of the file, there is no database
            self._writable()
        try:
            return NextFile(self.folder, kept_settings.of(settings), is_synced=self._is_synced)
        except (sqlite3.Error, OSError) as error:
            raise self._not_written(error) from error

    def start_over(self, prepared: NextFile) -> None:
        """Continue with another state in place of everything that was written."""
        self._next = prepared
        self.switch_to(prepared).close()

    # Compaction.

    def compact_if_needed(self) -> None:
        """Compact the folder on a thread if there are enough changes."""
        new_bytes = self._changed_bytes - self._failed_bytes
        is_closed = self._closer is not None or self._database is None
        if is_closed or self._compacting or new_bytes <= max(MIN_BYTES, self._state_bytes):
            return
        thread = threading.Thread(target=self._compact, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            # The system has too many threads, or the interpreter ends.
            logger.warning("The data folder keeps growing: %s", error)
            self.end_compaction(failed=True)
        else:
            self._compacting = thread

    def begin_compaction(self, settings: Settings) -> NextFile:
        """Begin a file with the state of this moment, which also gets the changes from now on."""
        self._next = self._begin(settings)
        return self._next

    def switch_to(self, written: NextFile) -> sqlite3.Connection:
        """Complete a file, and continue with it, unless another state was written meanwhile.

        Return the connection that is to be closed.
        """
        if self._next is not written:
            written.discard()
            return written.database
        self._next = None
        try:
            # No other process can take the folder while the locked file is replaced.
            with folder_lock.locked(self.folder):
                former = self._replace_by(written)
        except (sqlite3.Error, OSError) as error:
            raise self._not_written(error) from error
        finally:
            written.discard()
        self._checksum = written.checksum
        self._state_bytes, self._changed_bytes = written.state_bytes, written.changed_bytes
        self._failed_bytes = 0
        return former

    def _replace_by(self, written: NextFile) -> sqlite3.Connection:
        former = self._writable()
        written.complete()
        # From now on the former file does not count: if anything fails, nothing more is written.
        self._database = None
        try:
            next_file.take_place(self.path)
            self._database = self._open()
        except (sqlite3.Error, OSError, ValueError) as error:
            former.close()
            raise self._not_written(error) from error
        return former

    def end_compaction(self, *, failed: bool) -> None:
        """Note that the thread ends; if it has failed, it is repeated after as many changes."""
        if failed:
            self._failed_bytes = self._changed_bytes
        self._next = self._compacting = None

    def wait(self) -> None:
        """Wait until the folder is compacted; the caller must not hold the lock."""
        if compacting := self._compacting:
            compacting.join()

    @property
    def is_closing(self) -> bool:
        """Whether the last state is being written."""
        return self._closer is not None and self._database is not None

    def close(self) -> None:
        """Write the whole state, which later versions can read too, and close the database.

        Changes are refused from now on, so this does not take the lock, and calls that only read
        are answered meanwhile. A caller who holds the lock waits for no other thread.
        """
        has_lock = is_held_here(self.lock)
        if os.getpid() != self._process or self._closer == threading.get_ident():
            return
        if not self._closing.acquire(blocking=not has_lock):
            return
        try:
            with self.lock:
                self._closer = threading.get_ident()
            if not has_lock:
                self.wait()
            if self._database is not None and self._changed_bytes:
                self._write_last_state()
        finally:
            self.release()
            self._closer = None
            self._closing.release()

    def _write_last_state(self) -> None:
        try:
            prepared = self.prepare(self._current_state())
            with self.lock:
                self.start_over(prepared)
        except NotWrittenError as error:
            logger.warning("%s; the next start repeats the changes instead", error.why)

    def release(self) -> None:
        """Close the database as it is."""
        with self.lock:
            if self._database is not None and os.getpid() == self._process:
                self._database.close()
                self._database = None

    def _writable(self) -> sqlite3.Connection:
        closer = self._closer
        if self._database is None or (closer is not None and closer != threading.get_ident()):
            raise NotWrittenError("the emulator has been closed")
        if os.getpid() != self._process:
            raise NotWrittenError(f"{self.path} belongs to the process that made the emulator")
        return self._database

    def _not_written(self, error: Exception) -> NotWrittenError:
        why = obstacles.reason(self.folder, error)
        return NotWrittenError(f"{self.path} cannot be written: {why}")

    def keep_open_in_child(self) -> None:
        """Keep connections open in a forked process: closing would change the parent's files."""
        for database in (self._database, self._next and self._next.database):
            if database is not None:
                ctypes.pythonapi.Py_IncRef(ctypes.py_object(database))


def _keep_open_in_child() -> None:
    for folder in list(_open_folders):
        folder.keep_open_in_child()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_keep_open_in_child)
