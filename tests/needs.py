"""What some tests need beyond Python: they run where REQUIRE names it, and there it must be."""

from __future__ import annotations

import os
import shutil

import pytest

# Each need, and the programs that it comes down to.
PROGRAMS = {
    "browser": ("chromium",),
    "clients": ("node", "go", "aws"),
    "container": ("buildah", "podman", "runc", "mmdebstrap"),
    "shells": ("zsh", "fish"),
}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Leave the test out, and name it, unless what it needs is required; then fail without it."""
    required = required_things()
    for mark in item.iter_markers("needs"):
        for thing in mark.args:
            if thing not in PROGRAMS:
                pytest.fail(f"nobody knows what {thing} is; there are {', '.join(PROGRAMS)}")
            if thing not in required:
                pytest.skip(f"needs {thing}: REQUIRE={thing} runs it")
            absent = [name for name in PROGRAMS[thing] if shutil.which(name) is None]
            if absent:
                pytest.fail(f"{thing} is required, but there is no {' nor '.join(absent)}")


def required_things() -> set[str]:
    """Read REQUIRE: what must be there, parted by commas."""
    return {part.strip() for part in os.environ.get("REQUIRE", "").split(",") if part.strip()}
