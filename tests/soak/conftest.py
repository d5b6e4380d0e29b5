"""The long tests get the time they need, and print their progress."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give each of these tests an hour if the complete runs are requested."""
    for item in items:
        is_ours = Path(__file__).parent in item.path.parents
        if os.environ.get("SOAK") and is_ours and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(3600))


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Print the progress of a long test; short ones, and workers of xdist, print nothing."""
    reporter = request.config.pluginmanager.get_plugin("terminalreporter")
    capture = request.config.pluginmanager.get_plugin("capturemanager")

    def say(text: str) -> None:
        if os.environ.get("SOAK") and reporter and capture:
            with capture.global_and_fixture_disabled():
                reporter.write(f"\n    {text}", flush=True)

    return say
