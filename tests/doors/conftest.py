"""A bare machine; and who has not installed the browser's client runs everything else."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import boto3
import pytest

from tests.needs import required_things

collect_ignore = []
if find_spec("playwright") is None and "browser" not in required_things():
    collect_ignore += ["inbox"]


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine without credentials, Region, config or default session."""
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
