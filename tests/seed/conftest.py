"""Fixtures of the seed file tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """Write a seed file."""

    def write(text: str) -> Path:
        file = tmp_path / "seed.toml"
        file.write_text(text, "utf-8")
        return file

    return write
