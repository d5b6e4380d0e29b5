"""The data folder: what changes the state is written down before it is done, and answered after.

One file: its first line is the whole state, each further line one change since. The emulator draws
all chance from its state, and sees one time a turn, so the same changes at the same times lead to
the same state again. A line is handed to the operating system before its change is made: it
survives the death of the process, but not always that of the machine.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.errors import InternalServerException, SerializationException
from pinpoint_sms_emu.settings import Settings

if TYPE_CHECKING:
    from pinpoint_sms_emu.emulator import Emulator

FORMAT: Final = "pinpoint-sms-emu journal"
VERSION: Final = 1

# Changes of so many bytes are kept, or of as many as the state itself has, before it is written
# anew: that costs as much as all the changes together.
LEAST_BYTES: Final = 8 * 1024 * 1024

# A server that was killed lets go of its folder when its last process has noticed.
_WAITS_FOR_LOCK: Final = 40
_WAIT_SECONDS: Final = 0.05

# What is deeper might be written here, and not be readable where the stack is higher already.
_DEEPEST: Final = 200

# What it runs with but what changes no state; secrets do not belong on the disk.
_NOT_KEPT: Final = frozenset(
    {
        "access_token",
        "allowed_hosts",
        "data_dir",
        "durability",
        "explain",
        "max_calls",
        "pass_through",
        "policies",
        "policies_mode",
        "seed_file",
        "seed_parameters",
        "signing_keys",
    }
)

logger = logging.getLogger("pinpoint_sms_emu")

F = TypeVar("F", bound=Callable[..., Any])

# What can stand in a line, by name: functions of an emulator.
CHANGES: dict[str, Callable[..., Any]] = {}


class NotWrittenError(InternalServerException):
    """A change that could not be written down, and so was not made."""

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why

    @property
    def code(self) -> str:
        """On the wire it is an InternalServerException like any other."""
        return "InternalServerException"

    @property
    def message(self) -> str:
        """Say what is wrong with the folder: whoever calls can mend it."""
        return f"{self.phrase} - nothing was changed: {self.why}"


def change(function: F) -> F:
    """Register what a line can name."""
    CHANGES[function.__name__] = function
    return function


def recorded(method: F) -> F:
    """Write a method's name and arguments down before it changes the state."""
    change(method)

    @wraps(method)
    def written(emulator: Emulator, *arguments: Any, **given: Any) -> Any:
        with emulator.turn(), emulator.change(method.__name__, *arguments, **given):
            return method(emulator, *arguments, **given)

    return cast("F", written)


class Journal:
    """The file of a data folder, which one process at a time may have."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "journal.jsonl"
        # Where the next line goes, the end of the first one, and what has been checked so far.
        self._size = self._head = self._check = 0
        # Where the changes began that have been made since it was, or should have been, renewed.
        self._renewed = 0
        self._file: int | None = None
        self._lock: int | None = None
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise OSError(f"data_dir {folder} cannot be used: {error.strerror}") from error
        try:
            _must_be_ours_alone(lock, folder)
        except BaseException:
            os.close(lock)
            raise
        self._lock = lock

    # Out.

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Read line by line; one that was not finished was never answered, and is left out."""
        try:
            file = self.path.open("rb")
        except FileNotFoundError:
            return
        with file:
            check = number = 0
            for number, line in enumerate(file, 1):
                whole = line.endswith(b"\n")
                check = zlib.crc32(line[9:-1], check)
                if line[:9] == b"%08x " % check:
                    if not whole:
                        raise self.damaged(number, "its end is another than was written")
                    yield number, json.loads(line[9:-1])
                elif whole or number == 1:
                    raise self.damaged(number, "this is not what was written")
            if not number:
                raise self.damaged(1, "it is empty")

    def damaged(self, number: int, why: str) -> ValueError:
        """Say that the file cannot be read, and where; nobody but its owner may change that."""
        return ValueError(f"{self.path}, line {number}: {why}; the file is left as it is")

    # In.

    def append(self, members: Mapping[str, Any]) -> None:
        """Add a line, or raise and have added nothing."""
        if self._file is None:
            raise NotWrittenError("the emulator has been closed")
        line, check = _spelled(members, self._check)
        if line.count(b"[") + line.count(b"{") > _DEEPEST and _is_too_deep(members):
            raise _too_deep()
        try:
            _write(self._file, line, self._size)
        except OSError as error:
            # Should this fail too, the next line takes the place of what was half written.
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise NotWrittenError(f"{self.path} takes no more: {error.strerror}") from error
        self._size += len(line)
        self._check = check

    def start_over(self, emulator: Emulator) -> None:
        """Begin a new file with the state as it is; the old one stays until that is complete."""
        line, check = _spelled(_head_of(emulator), 0)
        new = self.path.with_suffix(".new")
        try:
            file = os.open(new, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            try:
                _write(file, line, 0)
                os.fsync(file)
                new.replace(self.path)
            except OSError:
                os.close(file)
                with suppress(OSError):
                    new.unlink()
                raise
        except OSError as error:
            raise NotWrittenError(f"{self.path} cannot be written: {error.strerror}") from error
        if self._file is not None:
            os.close(self._file)
        self._file, self._check = file, check
        self._size = self._head = self._renewed = len(line)
        _sync_folder(self.path.parent)

    def renew(self, emulator: Emulator) -> None:
        """Start over when so much has been changed that it is worth it."""
        if self._size - self._renewed <= max(LEAST_BYTES, self._head):
            return
        try:
            self.start_over(emulator)
        except NotWrittenError as error:
            self._renewed = self._size  # tried again when there is as much once more
            logger.warning("The journal grows on: %s", error.why)

    def end(self, emulator: Emulator) -> None:
        """Leave nothing but a state, for a later version to read; a server may still answer."""
        if self._file is not None and self._size > self._head:
            with suppress(NotWrittenError):
                self.start_over(emulator)
        if not emulator.served:
            self.close()

    def close(self) -> None:
        """Let go of the folder."""
        for handle in (self._file, self._lock):
            if handle is not None:
                os.close(handle)
        self._file = self._lock = None


def _must_be_ours_alone(lock: int, folder: Path) -> None:
    try:
        import fcntl  # Windows has none, and may run without a data folder
    except ImportError as error:
        raise OSError(f"data_dir {folder}: this system cannot lock files") from error
    for _ in range(_WAITS_FOR_LOCK):
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        threading.Event().wait(_WAIT_SECONDS)
    raise OSError(f"data_dir {folder} is in use by another process")


def _spelled(members: Mapping[str, Any], check: int) -> tuple[bytes, int]:
    """Spell a line, with a check of it and of all before it: none can go, come, or change place."""
    try:
        text = json.dumps(members, separators=(",", ":")).encode()
    except TypeError as error:
        raise ValueError(f"with data_dir, everything must be possible in JSON: {error}") from error
    except RecursionError as error:
        raise _too_deep() from error
    check = zlib.crc32(text, check)
    return b"%08x %s\n" % (check, text), check


def _too_deep() -> SerializationException:
    return SerializationException("The body is nested too deeply to be kept")


def _is_too_deep(members: Any) -> bool:
    level, depth = [members], 0
    while level and depth <= _DEEPEST:
        inside = [list(each.values()) if isinstance(each, dict) else each for each in level]
        level = [each for part in inside if isinstance(part, list | tuple) for each in part]
        depth += 1
    return bool(level)


def _write(file: int, line: bytes, at: int) -> None:
    rest = memoryview(line)
    while rest:
        written = os.pwrite(file, rest, at)
        rest, at = rest[written:], at + written


def _sync_folder(folder: Path) -> None:
    # Some file systems cannot; the file itself has been synced.
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


# What an emulator asks for.


def line_of(emulator: Emulator, name: str, arguments: Any, given: Any) -> dict[str, Any]:
    """Make the line of a change that is about to be made."""
    return {
        "at": emulator.clock.now().isoformat(),
        # How far the state has come: whatever else a replay does differently shows here.
        "made": _made(emulator),
        "do": name,
        "with": arguments,
        "given": given,
    }


def _made(emulator: Emulator) -> list[int]:
    return [emulator.random_source.position, emulator.sequence, emulator.message_store.sequence]


def _head_of(emulator: Emulator) -> dict[str, Any]:
    from pinpoint_sms_emu.persistence import document

    settings = {
        each.name: getattr(emulator.settings, each.name)
        for each in fields(Settings)
        if each.name not in _NOT_KEPT
    }
    settings["quotas"] = dict(emulator.settings.quotas)
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_by": __version__,
        "settings": settings,
        "state": document.write(emulator),
    }


def recover(emulator: Emulator, journal: Journal) -> dict[str, Any] | None:
    """Find the state that a folder holds, None in a new one; what is damaged is a ValueError."""
    from pinpoint_sms_emu.persistence import document

    lines = journal.lines()
    _, head = next(lines, (0, None))
    if head is None:
        return None
    if (head.get("format"), head.get("version")) != (FORMAT, VERSION):
        raise journal.damaged(1, f"only version {VERSION} of a journal is read, and this is none")
    try:
        # Replayed with what it was made under; what holds now holds from now on.
        former = type(emulator)(**head["settings"])
        document.read(head["state"], former)
    except (ValueError, KeyError, TypeError) as error:
        raise journal.damaged(1, str(error)) from error
    for number, line in lines:
        if head["made_by"] != __version__:
            why = f"version {head['made_by']} was killed: start it again, and stop it in order"
            raise journal.damaged(number, why)
        if line["made"] != _made(former):
            raise journal.damaged(number, "it does not go on from the line before")
        _repeat(former, line)
    return document.write(former)


def _repeat(emulator: Emulator, line: Mapping[str, Any]) -> None:
    clock = emulator.clock
    clock.hold(datetime.fromisoformat(line["at"]))
    try:
        # What was refused, or broke, does so again.
        with suppress(Exception):
            CHANGES[line["do"]](emulator, *line["with"], **line["given"])
    finally:
        clock.let_go()


@change
def settle(
    emulator: Emulator, published: str, delivery: int, status: str, attempts: int, error: str | None
) -> None:
    """Know what became of a record that was under way."""
    emulator.post.settle(published, delivery, status, attempts, error)


@change
def move_clock(emulator: Emulator, microseconds: int, frozen_at: str | None, now: str) -> None:
    """Move time, as it was moved."""
    emulator.clock.put(
        timedelta(microseconds=microseconds),
        datetime.fromisoformat(frozen_at) if frozen_at else None,
        datetime.fromisoformat(now),
    )
