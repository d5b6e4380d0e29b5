"""The application behind a socket: on a thread of a test process, or as the command serves it.

One event loop does everything: what computes takes turns on its thread, what waits is a coroutine.
Threads that fight for the interpreter would cost more than all the rest: see docs/speed.md.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pinpoint_sms_emu.doors import endpoints
from pinpoint_sms_emu.doors.application import Application
from pinpoint_sms_emu.doors.connection import Connection
from pinpoint_sms_emu.emulator import engine_of

if TYPE_CHECKING:
    from types import TracebackType

    from pinpoint_sms_emu.doors.moto import Moto
    from pinpoint_sms_emu.emulator import Emulator

TICK_SECONDS = 0.1
CHECK_SECONDS = 1.0
# Requests under way get this long to be answered once the server is asked to stop: the whole
# process is to be gone within a second, whatever a slow client still owes it.
LAST_ANSWERS_SECONDS = 0.5
LAST_SECONDS = 0.9
BACKLOG = 1024
# Files that a process has open beside its connections.
_OTHER_FILES = 64

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
HANGUP = signal.SIGHUP if os.name == "posix" else None

logger = logging.getLogger(__name__)


class Server:
    """The emulator behind HTTP, on a thread of this process; use it in a `with`.

    Port 0 picks a free one. Scheduled jobs run also when no request comes.

    `with_moto`: moto answers for all other services of AWS at the same URL; event records and
    media files go to it where the settings name no other place, and a reset of the emulator resets
    it too. An ImportError names the extra where moto is not installed. Moto's resources are those
    of the process: every such server, and `mock_aws`, has the same.

    >>> with Server(Emulator()) as server:
    ...     client = boto3.client("pinpoint-sms-voice-v2", endpoint_url=server.url)
    """

    def __init__(
        self,
        emulator: Emulator,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        with_moto: bool = False,
    ) -> None:
        self.emulator = emulator
        self.host = host
        self.port = port
        self._moto = _load_moto() if with_moto else None
        self._thread: threading.Thread | None = None
        self._stop: Callable[[], object]

    @property
    def url(self) -> str:
        """Where clients find it, once it has started."""
        return _url(self.host, self.port)

    def start(self) -> Self:
        """Listen, and answer from now on; an OSError where the port is taken."""
        if self._thread is not None:
            raise RuntimeError(f"The server at {self.url} has been started already.")
        listener = _bind(self.host, self.port)
        self.port = listener.getsockname()[1]
        is_ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, is_ready)), daemon=True
        )
        self._thread.start()
        is_ready.wait()
        endpoints.add(self.url)
        if self._moto is not None:
            engine_of(self.emulator).use_neighbours(_own_url(self.host, self.port))
        return self

    async def _serve(self, listener: socket.socket, is_ready: threading.Event) -> None:
        service = Service(self.emulator, self._moto)
        stop = asyncio.Event()
        self._stop = partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set)
        await service.start(listener)
        is_ready.set()
        await stop.wait()
        service.stop_listening()
        service.connections.abort()

    def stop(self) -> None:
        """Stop listening, and break off what is still open: streams, slow requests."""
        if self._thread is None:
            return
        endpoints.remove(self.url)
        if self._moto is not None:
            engine_of(self.emulator).use_neighbours(None)
        self._stop()
        self._thread.join()
        self._thread = None
        engine_of(self.emulator).servers -= 1

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


class Service:
    """An emulator's listener, its connections and its ticks, on the event loop that runs."""

    def __init__(self, emulator: Emulator, moto: Moto | None = None) -> None:
        self.emulator = emulator
        self._moto = moto
        self.connections = Connections(Application(emulator, moto))
        self._tasks: list[asyncio.Task[None]] = []
        self._listener: asyncio.Server

    async def start(self, listener: socket.socket) -> None:
        """Answer whoever connects to a bound socket."""
        loop = asyncio.get_running_loop()
        engine = engine_of(self.emulator)
        engine.servers += 1
        if self._moto is not None:
            self._moto.engine = engine
            engine.reset_listeners.append(self._moto.reset)
            engine.account_of_key = self._moto.account_of_key
        self._listener = await loop.create_server(
            self.connections.make, sock=listener, backlog=BACKLOG
        )
        self._tasks = [
            loop.create_task(_repeat(TICK_SECONDS, engine.tick)),
            loop.create_task(_repeat(CHECK_SECONDS, self.connections.check)),
        ]

    def stop_listening(self) -> None:
        """Take no more connections, and let nothing more happen by itself."""
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        if self._moto is not None:
            engine = engine_of(self.emulator)
            engine.reset_listeners.remove(self._moto.reset)
            engine.account_of_key = None


async def _repeat(seconds: float, function: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            function()
        except Exception:
            logger.exception("What was due could not be done")


class Connections:
    """The connections of a server, as many as the process may have open."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._most = _most_files() - _OTHER_FILES
        # In the order in which they were made.
        self._open: dict[Connection, None] = {}

    def make(self) -> Connection:
        """Make what reads from a new connection."""
        return Connection(self._application, self._add, self._discard)

    def _add(self, connection: Connection) -> None:
        """Note an open connection; where there are too many, one that does nothing ends."""
        self._open[connection] = None
        if len(self._open) > self._most:
            idle = (each for each in self._open if not each.is_answering)
            next(idle, connection).abort()

    def _discard(self, connection: Connection) -> None:
        """Note that a connection has ended."""
        self._open.pop(connection, None)

    def check(self) -> None:
        """End the connections of clients that keep the server waiting."""
        for connection in list(self._open):
            connection.must_be_in_time()

    async def finish(self) -> None:
        """Wait until what is under way has been answered, and close all connections."""
        for connection in list(self._open):
            if not connection.is_answering:
                connection.close()
        while self._open:
            await asyncio.sleep(0.005)
            for connection in list(self._open):
                if not connection.is_answering:
                    connection.close()

    def abort(self) -> None:
        """Break all connections off."""
        for connection in list(self._open):
            connection.abort()


def serve(
    host: str,
    port: int,
    options: Mapping[str, Any],
    *,
    log_level: str = "warning",
    with_moto: bool = False,
) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit status; OSError if the port is taken."""
    # Nothing of what is loaded is garbage, now or later.
    gc.disable()
    stop = _Stop()
    listener = _bind(host, port)
    _raise_file_limit()
    # Imported here, for a port that is taken should be said at once.
    from pinpoint_sms_emu.doors.log import Log
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.service import modules  # noqa: F401  now, so that the first call need not

    log = Log()
    logging.basicConfig(level=log_level.upper(), handlers=[log.handler])
    moto = None
    if with_moto:
        try:
            moto = _load_moto()
        except ImportError as error:
            raise OSError(str(error)) from error
        own_url = _own_url(host, listener.getsockname()[1])
        options = {"events_endpoint_url": own_url, "s3_endpoint_url": own_url, **options}
    try:
        emulator = Emulator(**options)
    except (ValueError, LookupError) as error:
        raise OSError(str(error)) from error  # the settings are well-formed, what they name is not
    if logger.isEnabledFor(logging.INFO):
        engine_of(emulator).log_call = log.note
    gc.freeze()
    gc.enable()
    service = Service(emulator, moto)
    asyncio.run(_serve(service, listener, _url(host, listener.getsockname()[1]), stop))
    log.flush(LAST_SECONDS - LAST_ANSWERS_SECONDS)
    return 0


async def _serve(service: Service, listener: socket.socket, url: str, stop: _Stop) -> None:
    await service.start(listener)
    _announce(url)
    await stop.wait()
    service.stop_listening()
    # At the same time: what is under way is answered, and what is left is delivered.
    closing = threading.Thread(target=service.emulator.close, daemon=True)
    closing.start()
    try:
        async with asyncio.timeout(LAST_ANSWERS_SECONDS):
            await service.connections.finish()
    except TimeoutError:
        service.connections.abort()
    closing.join()


class _Stop:
    """The end, as signals ask for it from the first line of `serve` on; the second asks in vain."""

    def __init__(self) -> None:
        self._wake: Callable[[], object] | None = None
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive)
        # As nohup wants it.
        if HANGUP is not None and signal.getsignal(HANGUP) != signal.SIG_IGN:
            signal.signal(HANGUP, self._receive)

    def _receive(self, _number: int, _frame: object) -> None:
        for number in STOP_SIGNALS:
            # Else the interpreter, when it ends, would let them kill the process.
            signal.signal(number, signal.SIG_IGN)
        if self._wake is None:
            raise SystemExit(0)
        # Whatever hangs does not keep the process.
        timer = threading.Timer(LAST_SECONDS, os._exit, (0,))
        timer.daemon = True
        timer.start()
        self._wake()

    async def wait(self) -> None:
        """Wait until the server is told to stop."""
        stop_requested = asyncio.Event()
        self._wake = partial(asyncio.get_running_loop().call_soon_threadsafe, stop_requested.set)
        await stop_requested.wait()


def _load_moto() -> Moto:
    """Load moto; where it cannot be, one sentence says what to install."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # moto says at length what is missing
            from pinpoint_sms_emu.doors.moto import Moto
    except ImportError as error:
        raise ImportError(
            f"with_moto needs moto and its server: pip install 'pinpoint-sms-emu[moto]' ({error})"
        ) from error
    return Moto()


def _announce(url: str) -> None:
    try:
        print(f"Listening on {url}", flush=True)  # noqa: T201 - the contract with whoever waits
    except OSError:
        logger.info("Listening on %s", url)  # standard output is not read


def _bind(host: str, port: int) -> socket.socket:
    """Bind a socket to an address; a port that is taken is an OSError that says so."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"there is no address {host}: {error.strerror}") from error
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise OSError(
            f"cannot listen on {_url(host, port)}: {error.strerror}; port 0 picks a free one"
        ) from error
    return listener


def _most_files() -> int:
    """How many files the process may have open."""
    if os.name != "posix":
        return 4096
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]


def _raise_file_limit() -> None:
    """Let the process have as many connections open as it may."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _own_url(host: str, port: int) -> str:
    """Where this process finds itself: who listens everywhere does so on loopback, too."""
    return _url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
