"""Start-up times: of a server until its first answer, and of the import in tests."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Row, median_ratio, show_progress
from benchmarks.processes import MOTO, OURS, printed_by, running, seconds_of, write_bytecode

PAIRS = 15
BOTOCORE = "import botocore.session"

# The first block loads the modules that the import does not.
ADDED = """
import time, boto3
start = time.perf_counter()
from pinpoint_sms_emu import mock_sms
with mock_sms():
    pass
print(time.perf_counter() - start)
"""
COMPARED = f"""
import time
start = time.perf_counter()
{BOTOCORE}
print(time.perf_counter() - start)
"""


def measure() -> Iterator[Row]:
    """Measure many processes, one after the other."""
    write_bytecode()
    yield from _first_answer()
    yield _import()


def _first_answer() -> Iterator[Row]:
    ours, botocore, moto = [], [], []
    members = {kind: kind.listing() for kind in (OURS, MOTO)}
    for pair in range(PAIRS + 1):
        compared = seconds_of(BOTOCORE)
        with running(OURS, first=members[OURS]) as server:
            answered = server.seconds_to_answer
        with running(MOTO, first=members[MOTO]) as server:
            peer_answered = server.seconds_to_answer
        show_progress(pair, PAIRS)
        # The first run reads files that are not cached yet.
        if pair:
            ours.append(answered)
            botocore.append(compared)
            moto.append(peer_answered)
    what = "process start to first answer"
    yield Row(f"{what}, over `python -c '{BOTOCORE}'`", median_ratio(ours, botocore), 0.9, 0.7)
    yield Row(f"{what}, over moto_server's", median_ratio(ours, moto), 1.0, 0.5)


def _import() -> Row:
    printed_by(ADDED)
    pairs = [(printed_by(ADDED), printed_by(COMPARED)) for _ in range(PAIRS)]
    ratio = median_ratio(*zip(*pairs, strict=True))
    what = f"import and a first empty block beside boto3, over `{BOTOCORE}`"
    return Row(what, ratio, 0.25, 0.15)
