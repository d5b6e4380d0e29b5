"""Reads the data files of this package, which begin with their sources."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).with_name("data")


def names(folder: str) -> list[str]:
    """List the names of the data files in a folder, without the suffix."""
    return sorted(path.stem for path in (_FOLDER / folder).glob("*.toml"))


def read(name: str) -> dict[str, Any]:
    """Read a data file by its name without the suffix, such as `notify_templates`."""
    import tomllib  # noqa: PLC0415  takes milliseconds, and most processes need no TOML file

    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


def read_json(name: str) -> Any:
    """Read a JSON data file, for data that every process needs, since JSON is read faster."""
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
