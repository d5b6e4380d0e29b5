"""The parts of the table, each measured in a process of its own."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from importlib import import_module
from multiprocessing.connection import Connection

from benchmarks.measuring import Row

PARTS = (
    "in_process",
    "starting",
    "over_http",
    "long_reads",
    "memory",
    "paging",
    "data_folder",
    "growth",
    "sending",
    "dead_destination",
)


def in_its_own_process(part: str) -> Iterator[Row]:
    """Measure a part in a new process, and yield its rows when they are ready."""
    context = multiprocessing.get_context("spawn")
    rows, result = context.Pipe(duplex=False)
    process = context.Process(target=_measure, args=(part, result))
    process.start()
    result.close()
    try:
        while True:
            yield rows.recv()
    except EOFError:
        process.join()
    if process.exitcode:
        sys.exit(f"The part {part} could not be measured.")


def _measure(part: str, result: Connection) -> None:
    for row in import_module(f"benchmarks.{part}").measure():
        result.send(row)
