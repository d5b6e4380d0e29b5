"""The recorded runs, each a line of JSON, to compare a change with."""

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
    """Return all recorded runs, oldest first."""
    return [json.loads(line) for line in FILE.read_text().splitlines()] if FILE.exists() else []


def last_values() -> dict[str, float]:
    """Return the last recorded value of each row."""
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
    """Return the measured commit; empty for an unpacked archive."""
    command = ["git", "-C", str(FILE.parent), "describe", "--always", "--dirty"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    return result.stdout.strip()
