"""Writes whole files: if that fails, for example on a full disk, the former content stays."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path


def write_file(file: Path, content: bytes) -> None:
    """Replace the content of a file; an OSError names the file, and leaves the former content."""
    try:
        if _can_be_replaced(file):
            _replace(file.resolve(), content)
        else:
            file.write_bytes(content)
    except OSError as error:
        # A failed write names no file.
        raise OSError(error.errno, error.strerror, str(file)) from error


def _can_be_replaced(file: Path) -> bool:
    """Return whether another file can take the place of this one, which may be a pipe."""
    is_writable = file.is_file() and os.access(file, os.W_OK)
    return (is_writable or not file.exists()) and os.access(file.resolve().parent, os.W_OK)


def _replace(file: Path, content: bytes) -> None:
    new = file.with_name(f".{file.name}.{os.getpid()}"[-100:])
    try:
        with new.open("xb") as opened:
            opened.write(content)
        if file.exists():
            shutil.copymode(file, new)
        new.replace(file)
    except OSError as error:
        # A file that is mounted into a container can be written, but not replaced.
        if error.errno != errno.EBUSY:
            raise
        file.write_bytes(content)
    finally:
        new.unlink(missing_ok=True)
