"""The application behind a socket: on a thread of a test process, or as the command serves it."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Self

from pinpoint_sms_emu.doors import endpoints
from pinpoint_sms_emu.doors.log import Log

if TYPE_CHECKING:
    from types import TracebackType

    from werkzeug.serving import BaseWSGIServer

    from pinpoint_sms_emu.emulator import Emulator

TICK_SECONDS = 0.1
# Requests under way get this long to be answered once the end has been asked for: the whole
# process is to be gone within a second, whatever a slow client still owes it.
LAST_ANSWERS_SECONDS = 0.5
ON_LINUX: bool = sys.platform == "linux"
# There, granian's worker is no process but a thread.
FREE_THREADED: bool = not getattr(sys, "_is_gil_enabled", lambda: True)()
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
# The terminal has been closed: to granian this means a new worker, whose state would be empty.
HANGUP = signal.SIGHUP if os.name == "posix" else None

logger = logging.getLogger(__name__)

# Those that run in this process: an emulator is served until its last one has stopped.
_running: list[Server] = []


class Server:
    """The emulator on a thread of this process, with a ticking agenda; use it in a `with`."""

    def __init__(self, emulator: Emulator, host: str = "127.0.0.1", port: int = 0) -> None:
        self.emulator = emulator
        self.host = host
        self.port = port
        self._listener: BaseWSGIServer | None = None
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def url(self) -> str:
        """Where clients find it, once it has started."""
        return _url(self.host, self.port)

    def start(self) -> Self:
        """Listen, and answer from now on; port 0 becomes the port that was free."""
        if self._listener is not None:
            raise RuntimeError(f"The server at {self.url} has been started already.")
        self._listener = _listener(self.emulator, self.host, self.port)
        self.port = self._listener.port
        self._stopping.clear()
        endpoints.add(self.url)
        _running.append(self)
        self.emulator.served = True
        # A short poll, since `shutdown` waits for the next one.
        answer = partial(self._listener.serve_forever, poll_interval=0.02)
        tick = partial(_tick_until, self._stopping.wait, self.emulator.tick)
        self._threads = [threading.Thread(target=each, daemon=True) for each in (answer, tick)]
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """Stop listening, and break off what is still open: streams, slow requests."""
        if self._listener is None:
            return
        endpoints.remove(self.url)
        _running.remove(self)
        self._stopping.set()
        self._listener.shutdown()
        self._listener.server_close()
        self._listener = None
        for thread in self._threads:
            thread.join()
        self.emulator.served = any(other.emulator is self.emulator for other in _running)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def _listener(emulator: Emulator, host: str, port: int) -> BaseWSGIServer:
    # Imported here: the command line's server answers without werkzeug's.
    from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

    from pinpoint_sms_emu.doors.wsgi import create_app

    class Handler(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"
        # Head and body of an answer leave in one segment: else Nagle's algorithm waits for
        # the client's delayed acknowledgement.
        disable_nagle_algorithm = True
        wbufsize = -1

        # What is no HTTP is refused as JSON too.
        error_message_format = '{"error": "%(message)s"}\n'
        error_content_type = "application/json"

        def parse_request(self) -> bool:
            """Refuse a length that is none: granian does, so applications rely on it."""
            if not super().parse_request():
                return False
            if self.headers.get("Content-Length", "0").isdecimal():
                return True
            self.send_error(400, "Content-Length must be a number")
            return False

        def handle_expect_100(self) -> bool:
            """Let the client go on at once: in the buffer it would wait for the answer."""
            del self.headers["Expect"]
            super().handle_expect_100()
            self.wfile.flush()
            return True

        def finish(self) -> None:
            """Let go of the connection, also where the client has left amid an answer."""
            with self.rfile:
                super().finish()

        def log(self, type: str, message: str, *args: Any) -> None:
            """Say little: the emulator logs each call, in words of its own."""
            logger.debug("%s: %s", type, message % args)

    class Listener(ThreadedWSGIServer):
        daemon_threads = True
        multithread = True

        def __init__(self) -> None:
            self.open: set[Any] = set()
            # Bound here, since werkzeug ends the process where a port is taken.
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            with socket.create_server((host, port), family=family, backlog=128) as bound:
                app = create_app(emulator)
                super().__init__(host, port, app, handler=Handler, fd=bound.fileno())

        def process_request(self, request: Any, client_address: Any) -> None:
            self.open.add(request)
            super().process_request(request, client_address)

        def shutdown_request(self, request: Any) -> None:
            self.open.discard(request)
            super().shutdown_request(request)

        def server_close(self) -> None:
            super().server_close()
            for request in list(self.open):
                try:
                    request.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # it ended by itself meanwhile

        def handle_error(self, _request: Any, client_address: Any) -> None:
            """Say little: a client that has gone is no crash."""
            logger.debug("The connection of %s broke: %r", client_address, sys.exception())

    return Listener()


def serve(host: str, port: int, options: Mapping[str, Any], *, log_level: str = "warning") -> int:
    """Serve until SIGTERM or SIGINT, and return the exit status; OSError if the port is taken."""
    # Nothing of what is loaded is garbage, now or later: see _load.
    gc.disable()
    stop = _Stop()
    with _reserved(host, port) as (address, free_port):
        # Imported here, for a port that is taken should be said at once.
        import multiprocessing

        from granian import Granian
        from granian.constants import HTTPModes, Interfaces

        if ON_LINUX:
            # Shares what is loaded already. Nothing runs beside this thread yet.
            multiprocessing.set_start_method("fork", force=True)
        told, stop.tell = multiprocessing.Pipe(duplex=False)
        server = Granian(
            "pinpoint_sms_emu",
            address=address,
            port=free_port,
            interface=Interfaces.WSGI,
            http=HTTPModes.http1,
            websockets=False,
            workers=1,  # the state is one process's
            workers_kill_timeout=1,  # the last resort: the worker leaves by itself before
            log_enabled=False,
        )
        stop.server = server
        # Granian sets handlers of its own when it starts; ours come after them.
        server.on_startup(stop.listen)
        url = _url(host, free_port)
        loader = partial(_load, told, stop.tell, address, free_port, url, options, log_level)
        try:
            server.serve(target_loader=loader, wrap_loader=False)
        except SystemExit:
            # A worker that ended before it was told to: it crashed, or has said why it cannot
            # start; or the terminal's Ctrl-C has reached it before it has reached us.
            return 0 if stop.asked else 1
        if FREE_THREADED:
            # Granian's threads abort when the interpreter ends under them: `_attend` ends it all.
            threading.Event().wait()
    return 0


class _Stop:
    """What happens when it is to end: the worker is told, then granian."""

    def __init__(self) -> None:
        self.asked = False
        self.server: Any = None
        self.tell: Connection | None = None
        # As nohup wants it.
        self.outlives_terminal = HANGUP is None or signal.getsignal(HANGUP) == signal.SIG_IGN
        self.listen()

    def listen(self) -> None:
        """Take the signals, again after whoever has taken them meanwhile."""
        for number in STOP_SIGNALS:
            signal.signal(number, self._receive)
        if HANGUP is not None:
            signal.signal(HANGUP, signal.SIG_IGN if self.outlives_terminal else self._receive)

    def _receive(self, _number: int, _frame: object) -> None:
        self.asked = True
        if self.server is None:
            raise SystemExit(0)
        if self.tell is not None:
            self.tell.close()
            self.tell = None
        self.server.signal_handler_interrupt()


def _load(
    told: Connection,
    tell: Connection,
    address: str,
    port: int,
    url: str,
    options: Mapping[str, Any],
    log_level: str,
) -> Callable[..., Any]:
    """Make the application, in granian's worker, and the thread that looks after it."""
    if not FREE_THREADED:
        for number in STOP_SIGNALS:
            signal.signal(number, signal.SIG_DFL)  # granian sets its own as soon as this returns
        if HANGUP is not None:
            signal.signal(HANGUP, signal.SIG_IGN)  # the parent decides what becomes of that
        tell.close()  # the parent's end: once that is closed, by hand or by death, it is over

    log = Log()
    logging.basicConfig(level=log_level.upper(), handlers=[log])

    from pinpoint_sms_emu.doors.wsgi import create_app
    from pinpoint_sms_emu.emulator import Emulator
    from pinpoint_sms_emu.service import modules  # noqa: F401  now, so that the first call need not

    try:
        emulator = Emulator(**options)
    except (ValueError, LookupError, OSError) as error:
        print(f"pinpoint-sms-emu serve: {error}", file=sys.stderr, flush=True)  # noqa: T201 - cli
        sys.exit(1)
    emulator.served = True
    if logger.isEnabledFor(logging.INFO):
        emulator.log_call = log.note
    gc.freeze()
    gc.enable()
    arguments = (told, emulator, log, address, port, url)
    threading.Thread(target=_attend, args=arguments, daemon=True).start()
    return create_app(emulator)


def _attend(
    told: Connection, emulator: Emulator, log: Log, address: str, port: int, url: str
) -> None:
    """Announce the server, tick until the end is asked for, and see to it that it comes."""
    while not told.poll(0.005):
        if _answers(address, port):
            _announce(url)
            _tick_until(told.poll, emulator.tick, log.flush)
            break
    # At the same time: what is under way is answered, and what is left is delivered.
    threading.Thread(target=emulator.close, daemon=True).start()
    emulator.closing.wait(LAST_ANSWERS_SECONDS)
    log.flush()
    os.kill(os.getpid(), signal.SIGTERM)  # for the parent may be gone without a word
    threading.Event().wait(LAST_ANSWERS_SECONDS)
    log.flush()
    os._exit(0)


def _tick_until(ended: Callable[[float], bool], *ticks: Callable[[], None]) -> None:
    while not ended(TICK_SECONDS):
        for tick in ticks:
            try:
                tick()
            except Exception:
                logger.exception("What was due could not be done")


def _answers(address: str, port: int) -> bool:
    """Whether there is an answer, be it a refusal; any address means that loopback does.

    What is no HTTP is refused by granian, which listens when the application has been loaded.
    """
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - it is looked for, not bound
    try:
        with socket.create_connection((anywhere.get(address, address), port), timeout=1) as probe:
            probe.sendall(b"Hello?\r\n\r\n")
            return probe.recv(64).startswith(b"HTTP/1.1 400")
    except OSError:
        return False


def _announce(url: str) -> None:
    try:
        print(f"Listening on {url}", flush=True)  # noqa: T201 - the contract with whoever waits
    except OSError:
        logger.info("Listening on %s", url)  # nobody reads standard output


@contextmanager
def _reserved(host: str, port: int) -> Iterator[tuple[str, int]]:
    """Find the address, refuse a port that is taken, and keep a free one from everybody else."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise OSError(f"there is no address {host}: {error.strerror}") from error
    family, kind, protocol, _, wanted = found[0]
    with socket.socket(family, kind, protocol) as holder:
        if os.name == "posix":
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            holder.bind(wanted)
        except OSError as error:
            reason = error.strerror
            raise OSError(
                f"cannot listen on {_url(host, port)}: {reason}; port 0 picks a free one"
            ) from error
        address, port = holder.getsockname()[:2]
        if ON_LINUX:
            # Set after binding: a port with another server is refused, but granian shares ours.
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            yield address, port
            return
    yield address, port


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
