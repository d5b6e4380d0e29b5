"""The memory of a server, in all its processes, compared with moto_server."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import Row, show_progress
from benchmarks.processes import MOTO, OURS, Connection, Kind, Running, running, write_bytecode

REQUESTS = 20_000


def measure() -> Iterator[Row]:
    """Measure idle servers, and servers after many requests that store nothing."""
    write_bytecode()
    with running(OURS) as ours, running(MOTO) as moto:
        yield Row("memory (Pss) idle, over moto_server", ours.memory() / moto.memory(), 0.55, 0.4)
        _ask(OURS, ours)
        _ask(MOTO, moto)
        ratio = ours.memory() / moto.memory()
        what = f"memory (Pss) after {REQUESTS:,} requests that store nothing, over moto_server"
        yield Row(what, ratio, 0.6, 0.4)


def _ask(kind: Kind, server: Running) -> None:
    connection, request = Connection(server.port), kind.listing().on_the_wire
    for done in range(REQUESTS):
        connection.ask(request)
        if done % 1000 == 0:
            show_progress(done, REQUESTS)
    show_progress(REQUESTS, REQUESTS)
