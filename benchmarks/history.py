"""What was recorded before: one line of JSON a run, so that a change can be compared."""

from __future__ import annotations

import json
import platform
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from benchmarks.measuring import Row
from pinpoint_sms_emu import __version__

FILE = Path(__file__).with_name("history.jsonl")


def runs() -> list[dict[str, Any]]:
    """All runs that were recorded, the oldest first."""
    return [json.loads(line) for line in FILE.read_text().splitlines()] if FILE.exists() else []


def last_values() -> dict[str, float]:
    """What each row came to when it was last recorded."""
    return {row["what"]: row["value"] for run in runs() for row in run["rows"]}


def record(rows: Iterable[Row]) -> None:
    """Append a run."""
    run = {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "version": __version__,
        "commit": _commit(),
        "python": platform.python_version(),
        "rows": [_shown(row) for row in rows],
    }
    with FILE.open("a") as lines:
        lines.write(json.dumps(run, ensure_ascii=False) + "\n")


def _shown(row: Row) -> dict[str, Any]:
    value = round(row.value, 3)
    return {
        "what": row.what,
        "value": value,
        "unit": row.unit,
        "must_be": row.must_be,
        "goal": row.goal,
    }


def _commit() -> str:
    """The commit that was measured; an unpacked archive has none."""
    command = ["git", "-C", str(FILE.parent), "describe", "--always", "--dirty"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return result.stdout.strip()
