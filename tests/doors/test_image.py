"""`make image` takes Docker where it runs, else buildah, and the base that it is given."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("engine_runs", "build"),
    [(True, "docker build"), (False, "buildah build --format docker")],
)
def test_what_builds_the_image(tmp_path, engine_runs, build):
    """A Docker client without an engine builds nothing, so buildah does."""
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\nexit {0 if engine_runs else 1}\n")
    docker.chmod(0o755)

    shown = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "image", "BASE=mine:3.13", "IMAGE=sms:test"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
    )

    assert shown.stdout.strip() == f"{build} --build-arg BASE=mine:3.13 --tag sms:test ."
