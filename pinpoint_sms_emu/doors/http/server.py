"""Serves the application over HTTP: on a thread of a test process, or as the command `serve`.

It has one event loop. Calls are answered on its thread, and requests that wait are coroutines.
More threads would be slower, because only one can run Python code: see docs/speed.md.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import threading
import traceback
import warnings
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pinpoint_sms_emu.doors import endpoints
from pinpoint_sms_emu.doors.http.application import Application
from pinpoint_sms_emu.doors.http.connections import Connections
from pinpoint_sms_emu.doors.http.stopping import LAST_SECONDS, Stop
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.state.live_objects import LiveObject
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from types import TracebackType

    from pinpoint_sms_emu.doors.moto.application import Moto
    from pinpoint_sms_emu.emulator import Emulator

TICK_SECONDS = 0.1
CHECK_SECONDS = 1.0
# After the request to stop, open requests have this time to be answered: the process must end
# within a second, even with slow clients.
LAST_ANSWERS_SECONDS = 0.5
BACKLOG = 1024
# With Python's default of 700, garbage collections take a tenth of a call's time and find little,
# as calls leave few cycles. A collection of this many objects takes less than a millisecond.
NEW_OBJECTS_PER_COLLECTION = 20_000

logger = logging.getLogger(__name__)


class Server(LiveObject):
    """Serves an emulator over HTTP, on a thread of this process; a context manager.

    Port 0 means any free port. Scheduled jobs also run without requests.

    `with_moto`: moto answers for all other AWS services at the same URL. Event records and media
    files are sent to it, unless the settings specify other endpoints, and a reset of the emulator
    resets moto too. Moto's resources are global in the process: all such servers, and `mock_aws`,
    share them. An ImportError names the extra to install if moto is missing.

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
        self._process = os.getpid()
        self._stop: Callable[[], object]

    @property
    def url(self) -> str:
        """The server's URL, after it has started."""
        return _url(self.host, self.port)

    def start(self) -> Self:
        """Start to listen and answer. An OSError is raised if the port is in use."""
        if self._thread is not None:
            raise RuntimeError(f"The server at {self.url} has been started already.")
        listener = _bind(self.host, self.port)
        self.port = listener.getsockname()[1]
        self._process = os.getpid()
        is_ready = threading.Event()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listener, is_ready)), daemon=True
        )
        self._thread.start()
        is_ready.wait()
        endpoints.add(self.url)
        if self._moto is not None:
            engine_of(self.emulator).use_default_endpoint(_own_url(self.host, self.port))
        return self

    async def _serve(self, listener: socket.socket, is_ready: threading.Event) -> None:
        service = Service(self.emulator, self._moto)
        stop = asyncio.Event()
        self._stop = partial(asyncio.get_running_loop().call_soon_threadsafe, stop.set)
        await service.start(listener)
        is_ready.set()
        await stop.wait()
        await service.stop_listening()
        service.connections.abort()

    def stop(self) -> None:
        """Stop listening, and close all connections, including streams and slow requests.

        In a forked child this does nothing: the server still belongs to the parent.
        """
        if self._thread is None or self._process != os.getpid():
            return
        endpoints.remove(self.url)
        if self._moto is not None:
            engine_of(self.emulator).use_default_endpoint(None)
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
    """Listener, connections and periodic tasks of an emulator, on the running event loop."""

    def __init__(self, emulator: Emulator, moto: Moto | None = None) -> None:
        self.emulator = emulator
        self._moto = moto
        self.connections = Connections(Application(emulator, moto))
        self._tasks: list[asyncio.Task[None]] = []
        self._listener: asyncio.Server

    async def start(self, listener: socket.socket) -> None:
        """Accept connections on a bound socket."""
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
        self.connections.listeners = self._listener.sockets
        self._tasks = [
            loop.create_task(_repeat(TICK_SECONDS, engine.tick)),
            loop.create_task(_repeat(CHECK_SECONDS, self.connections.check)),
        ]

    async def stop_listening(self) -> None:
        """Accept no more connections, and stop the periodic tasks."""
        for each in self._listener.sockets:
            asyncio.get_running_loop().remove_reader(each.fileno())
        # What was just accepted takes two turns of the event loop to become a connection; a server
        # that is closed meanwhile loses it, and leaves its socket open.
        for _ in range(2):
            await asyncio.sleep(0)
        self._listener.close()
        for task in self._tasks:
            task.cancel()
        if self._moto is not None:
            engine = engine_of(self.emulator)
            engine.reset_listeners.remove(self._moto.reset)
            self._moto.stop_texting()
            engine.account_of_key = None


async def _repeat(seconds: float, function: Callable[[], None]) -> None:
    logged: object = None
    while True:
        await asyncio.sleep(seconds)
        try:
            function()
            logged = None
        except Exception as error:
            # A failure that lasts, such as that no thread can be started, is logged once. Its text
            # may have a number that changes.
            *_, (frame, line) = traceback.walk_tb(error.__traceback__)
            failure = type(error), frame.f_code, line
            if failure != logged:
                logger.exception("A periodic task failed")
            logged = failure


def serve(
    host: str,
    port: int,
    options: Mapping[str, Any],
    *,
    log_level: str = "warning",
    with_moto: bool = False,
) -> int:
    """Serve until SIGTERM or SIGINT, and return the exit status; OSError if the port is in use."""
    # Modules are never garbage.
    gc.disable()
    stop = Stop()
    listener = _bind(host, port)
    _raise_file_limit()
    # Imported here, so that the error for a port that is in use is printed at once.
    from pinpoint_sms_emu.doors.http.log import Log
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.service import modules  # noqa: F401  not during the first call

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
        raise OSError(str(error)) from error  # such as a seed file with a mistake
    if logger.isEnabledFor(logging.INFO):
        engine_of(emulator).log_call = log.note
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_PER_COLLECTION)
    gc.enable()
    service = Service(emulator, moto)
    asyncio.run(_serve(service, listener, _url(host, listener.getsockname()[1]), stop))
    log.flush(LAST_SECONDS - LAST_ANSWERS_SECONDS)
    stop.ignore_signals()
    return 0


async def _serve(service: Service, listener: socket.socket, url: str, stop: Stop) -> None:
    stop_requested = stop.prepare(engine_of(service.emulator))
    await service.start(listener)
    _announce(url)
    await stop_requested.wait()
    await service.stop_listening()
    # Meanwhile, open requests are answered and the last events delivered.
    closing = threading.Thread(target=service.emulator.close, daemon=True)
    closing.start()
    try:
        async with asyncio.timeout(LAST_ANSWERS_SECONDS):
            await service.connections.finish()
    except TimeoutError:
        service.connections.abort()
    closing.join()


def _load_moto() -> Moto:
    """Load moto. If it is missing, the error says what to install."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # moto warns about missing packages
            from pinpoint_sms_emu.doors.moto.application import Moto
    except ImportError as error:
        raise ImportError(
            f"with_moto needs moto and its server: pip install 'moto[server]' ({error})"
        ) from error
    return Moto()


def _announce(url: str) -> None:
    try:
        print(f"Listening on {url}", flush=True)  # noqa: T201 - scripts wait for this line
    except OSError:
        logger.info("Listening on %s", url)  # standard output is not read


def _bind(host: str, port: int) -> socket.socket:
    """Bind a socket to an address; raise an OSError with the reason if that fails."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"there is no address {quoted(host)}: {error.strerror}") from error
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


def _raise_file_limit() -> None:
    """Raise the process's limit of open files to the maximum."""
    if os.name == "posix":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _own_url(host: str, port: int) -> str:
    """Return the server's URL for this process: loopback, if it listens on all interfaces."""
    return _url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)  # noqa: S104


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
