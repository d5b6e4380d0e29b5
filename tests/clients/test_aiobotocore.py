"""aiobotocore's clients in process, with the oldest and newest versions that are supported.

Each pins a version of botocore, so tests/clients/install installs them separately.
"""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

pytestmark = [pytest.mark.needs("clients"), pytest.mark.timeout(600)]


@pytest.mark.parametrize("version", ["oldest", "newest"])
def test_aiobotocore_is_answered_in_process(version):
    """The tests in in_process pass in each version's environment."""
    python = ROOT / f".clients/aiobotocore-{version}/bin/python"
    # This suite's configuration is not used, as its plugins are not installed there.
    options = [
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        HERE / "in_process",
        "--noconftest",
        "-p",
        "no:cacheprovider",
    ]
    done = subprocess.run(
        [python, "-m", "pytest", *options, HERE / "in_process"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": "/nonexistent"},
    )

    assert done.returncode == 0, done.stdout
    assert "passed" in done.stdout
