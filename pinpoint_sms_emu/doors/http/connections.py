"""The open connections of a server."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING
from weakref import WeakSet

from pinpoint_sms_emu.doors.http.connection import Connection

if TYPE_CHECKING:
    import socket
    from asyncio.trsock import TransportSocket

    from pinpoint_sms_emu.doors.http.application import Application

# The number of other files that a process has open.
_OTHER_FILES = 64


class Connections:
    """The connections of a server, up to the process's limit of open files."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._most = _most_files() - _OTHER_FILES
        # In the order in which they were opened.
        self._open: dict[Connection, None] = {}
        # The sockets that accept them.
        self.listeners: Sequence[socket.socket] = ()
        _of_this_process.add(self)

    def make(self) -> Connection:
        """Create the protocol of a new connection."""
        return Connection(self._application, self._add, self._discard)

    def _add(self, connection: Connection) -> None:
        """Add an open connection; if there are too many, close an idle one."""
        self._open[connection] = None
        if len(self._open) > self._most:
            idle = (each for each in self._open if not each.is_answering)
            next(idle, connection).abort()

    def _discard(self, connection: Connection) -> None:
        """Remove a closed connection."""
        self._open.pop(connection, None)

    def check(self) -> None:
        """Close the connections of clients that are too slow."""
        for connection in list(self._open):
            connection.must_be_in_time()

    async def finish(self) -> None:
        """Wait until all open requests are answered, and close all connections."""
        for connection in list(self._open):
            if not connection.is_answering:
                connection.close()
        while self._open:
            await asyncio.sleep(0.005)
            for connection in list(self._open):
                if not connection.is_answering:
                    connection.close()

    def abort(self) -> None:
        """Close all connections at once."""
        for connection in list(self._open):
            connection.abort()

    def close_in_child(self) -> None:
        """Close the copies of all sockets that a forked child has."""
        for listener in self.listeners:
            _close_copy(listener)
        for connection in self._open:
            _close_copy(connection.socket)


_of_this_process: WeakSet[Connections] = WeakSet()


def _close_in_child() -> None:
    """Let the parent close its sockets alone.

    Otherwise, clients of a stopped server would wait for the end of the child.
    """
    for connections in list(_of_this_process):
        connections.close_in_child()


def _close_copy(copied: socket.socket | TransportSocket) -> None:
    """Close a copy of a socket, but keep its number for the object that has it."""
    number = copied.fileno()
    if number >= 0:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, number, inheritable=False)
        os.close(nothing)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_close_in_child)


def _most_files() -> int:
    """Return the maximum number of open files of the process."""
    if os.name != "posix":
        return 4096
    import resource  # noqa: PLC0415  only POSIX has it

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
