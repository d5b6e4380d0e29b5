"""The text of files that settings name: seeds, templates, keys and policies."""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO, AnyStr, Final

# In characters or bytes; a device such as /dev/zero never ends.
MIB: Final = 1024 * 1024
LARGEST_TEXT: Final = 64 * MIB


def read_text(file: Path, what: str) -> str:
    """Read a file in UTF-8; raise a ValueError that says what cannot be read, and why."""
    try:
        with file.open(encoding="utf-8-sig") as opened:
            return read_at_most(LARGEST_TEXT, opened)
    except PermissionError as error:
        # In a container, the user is not the one who wrote the file.
        user = f"user {os.getuid()}" if hasattr(os, "getuid") else "this user"
        raise ValueError(f"{what} cannot be read: {user} may not read it") from error
    except OSError as error:
        raise ValueError(f"{what} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{what} cannot be read: it is not UTF-8") from error
    except EOFError as error:
        raise ValueError(f"{what} cannot be read: {error}") from error


def read_at_most(size: int, file: IO[AnyStr]) -> AnyStr:
    """Read a file to its end; raise an EOFError with the reason if it is larger than a size."""
    content = file.read(size + 1)
    if len(content) > size:
        raise EOFError(f"it is larger than {size // MIB} MiB")
    return content
