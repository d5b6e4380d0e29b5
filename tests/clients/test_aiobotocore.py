"""aiobotocore's clients in process, in both ends of the versions whose botocore we support.

Made ready by tests/clients/install, for each pins a botocore of its own.
"""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent

pytestmark = [pytest.mark.needs("clients"), pytest.mark.timeout(120)]


@pytest.mark.parametrize("version", ["oldest", "newest"])
def test_aiobotocore_is_answered_in_process(version):
    """Every test of the folder in_process passes in that version's own environment."""
    python = ROOT / f".clients/aiobotocore-{version}/bin/python"
    # Nothing of this suite's configuration: its plugins are not there.
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
