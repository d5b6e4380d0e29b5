"""The text of files that settings name: seeds, templates, keys and policies."""

from __future__ import annotations

import os
from pathlib import Path


def read_text(file: Path, what: str) -> str:
    """Read a file in UTF-8; raise a ValueError that says what cannot be read, and why."""
    try:
        return file.read_text("utf-8-sig")
    except PermissionError as error:
        # In a container, the user is not the one who wrote the file.
        user = f"user {os.getuid()}" if hasattr(os, "getuid") else "this user"
        raise ValueError(f"{what} cannot be read: {user} may not read it") from error
    except OSError as error:
        raise ValueError(f"{what} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ValueError(f"{what} cannot be read: it is not UTF-8") from error
