"""The data files of this package: facts about the world, each with its sources on top."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

_FOLDER: Final = Path(__file__).with_name("data")


def names(folder: str) -> list[str]:
    """List the data files in a folder, by their names without the suffix."""
    return sorted(path.stem for path in (_FOLDER / folder).glob("*.toml"))


def read(name: str) -> dict[str, Any]:
    """Read a data file by its name without the suffix, such as `notify_templates`."""
    import tomllib  # noqa: PLC0415  takes milliseconds, and most processes need no data file

    return tomllib.loads((_FOLDER / f"{name}.toml").read_text("utf-8"))


def read_json(name: str) -> Any:
    """Read a data file that every process needs, such as `countries`: JSON is read faster."""
    return json.loads((_FOLDER / f"{name}.json").read_text("utf-8"))
