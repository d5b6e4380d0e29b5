"""Print one table of ratios; `python -m benchmarks in_process paging` measures some of them."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import history
from benchmarks.clients import bare_environment
from benchmarks.measuring import Row
from benchmarks.parts import PARTS, in_its_own_process


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print each row when it is ready, and fail if a gate is exceeded."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--record", action="store_true", help="append the run to history.jsonl")
    chosen = parser.parse_args(arguments)
    for part in chosen.parts:
        if part not in PARTS:
            parser.error(f"there is no part {part}; there are {', '.join(PARTS)}")

    bare_environment()
    last = history.last_values()
    print(f"{'what':84} {'is':>9} {'last':>9}  {'must be':>7} {'goal':>5}")
    rows = []
    for part in chosen.parts or PARTS:
        for row in in_its_own_process(part):
            rows.append(row)
            print(_line(row, last.get(row.what)), flush=True)
    if chosen.record:
        history.record(rows)
    return 0 if all(row.holds for row in rows) else 1


def _line(row: Row, last: float | None) -> str:
    before = "" if last is None else f"{last:.3f}{row.unit}"
    result = "" if row.holds else "  NOT HELD"
    value = f"{row.value:.3f}{row.unit}"
    return f"{row.what:84} {value:>9} {before:>9}  {row.must_be:>7} {row.goal:5g}{result}"


if __name__ == "__main__":
    sys.exit(main())
