"""Print one table of ratios; `python -m benchmarks in_process paging` measures some of them."""

from __future__ import annotations

import sys
from importlib import import_module

from benchmarks.clients import bare_environment

PARTS = ("in_process", "paging", "dead_destination")


def main(parts: list[str]) -> int:
    """Measure, print as it goes, and fail if a gate is not kept."""
    unknown = [part for part in parts if part not in PARTS]
    if unknown:
        print(f"There is no part {unknown[0]}; there are {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    bare_environment()
    kept = True
    print(f"{'what':66} {'is':>9}  {'gate':>6} {'goal':>6}")
    for part in parts or PARTS:
        for row in import_module(f"benchmarks.{part}").measure():
            kept &= row.holds
            told = "" if row.holds else "  NOT KEPT"
            print(
                f"{row.what:66} {row.value:7.3f}{row.unit:2}  {row.gate:6} {row.goal:6}{told}",
                flush=True,
            )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
