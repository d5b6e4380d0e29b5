"""The long tests have the time they need."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each of these tests an hour, where all of it is asked for."""
    for item in items:
        is_ours = Path(__file__).parent in item.path.parents
        if os.environ.get("SOAK") and is_ours and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(3600))
