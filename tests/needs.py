"""What some tests need besides Python: REQUIRE demands it, otherwise these tests are skipped."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec

import pytest

# Each need, with the programs or modules that it stands for.
PROGRAMS = {
    "browser": ("chromium",),
    "clients": ("node", "go", "aws"),
    "container": ("buildah", "podman", "runc", "mmdebstrap"),
    "haproxy": ("haproxy",),
    "localstack": (".localstack/localemu/bin/python", ".localstack/localstack/bin/python"),
    "shells": ("zsh", "fish"),
    # Its AWS provider comes from HashiCorp's registry, or from a mirror: not in CI.
    "terraform": ("terraform",),
    # Published ports of podman's network, which some machines block: not in CI.
    "testcontainers": ("buildah", "podman", "mmdebstrap", "node"),
}
MODULES = {
    "fuzzing": ("atheris",),
}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip the test if something is missing, or fail it if REQUIRE names it."""
    required = required_things()
    for mark in item.iter_markers("needs"):
        for thing in mark.args:
            if thing not in PROGRAMS | MODULES:
                known = ", ".join(PROGRAMS | MODULES)
                pytest.fail(f"nobody knows what {thing} is; there are {known}")
            if thing not in required:
                pytest.skip(f"needs {thing}: REQUIRE={thing} runs it")
            absent = [name for name in PROGRAMS.get(thing, ()) if shutil.which(name) is None]
            absent += [name for name in MODULES.get(thing, ()) if find_spec(name) is None]
            if absent:
                pytest.fail(f"{thing} is required, but there is no {' nor '.join(absent)}")


def required_things() -> set[str]:
    """Parse REQUIRE: needs, separated by commas."""
    return {part.strip() for part in os.environ.get("REQUIRE", "").split(",") if part.strip()}
