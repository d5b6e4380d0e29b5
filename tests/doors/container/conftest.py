"""The image is built once, for all that is tried with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.doors.container.containers import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """An engine that has built the image; CONTAINER_FOLDER keeps what it made between runs."""
    kept = os.environ.get("CONTAINER_FOLDER")
    made = Engine(Path(kept) if kept else tmp_path_factory.mktemp("containers"))
    made.build()
    return made
