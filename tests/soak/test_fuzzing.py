"""Inputs of atheris, guided by code coverage: each is answered or refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import deque

import pytest

from tests.soak.fuzz_seeds import something_of_everything, write_seeds

SECONDS = 600 if os.environ.get("SOAK") else 60

pytestmark = [pytest.mark.needs("fuzzing"), pytest.mark.timeout(SECONDS + 120)]

OPTIONS = (
    f"-max_total_time={SECONDS}",
    "-max_len=4096",
    "-len_control=0",
    "-timeout=20",  # seconds for one input
    # All modules, instrumented, with the seeds take up to 460 MB before the first input.
    "-rss_limit_mb=700",
)


def test_any_bytes_are_answered_or_refused(tmp_path, tell):
    """No head and body crash the emulator, take much time or memory, or change unrelated state.

    The failing input is in the failure as hex; `python -m tests.soak.fuzz_reader FILE` repeats it.
    """
    seeds, found = tmp_path / "seeds", tmp_path / "found"
    seeds.mkdir()
    found.mkdir()
    write_seeds(something_of_everything(), seeds)

    end: deque[str] = deque(maxlen=40)
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.soak.fuzz_reader", *OPTIONS),
            *(f"-artifact_prefix={tmp_path}/", str(found), str(seeds)),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as fuzzing:
        assert fuzzing.stdout
        for line in fuzzing.stdout:
            end.append(line)
            if "pulse" in line:
                tell(line.strip())

    wounds = [path for path in tmp_path.iterdir() if path.is_file()]
    result = "".join(f"{path.name}: {path.read_bytes().hex()}\n" for path in wounds)
    assert (fuzzing.returncode, result) == (0, ""), "".join(end)
    reached = re.findall(r"DONE +cov: (\d+)", "".join(end))
    assert [int(each) > 1000 for each in reached] == [True], "it must reach into the operations"
