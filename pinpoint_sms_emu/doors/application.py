"""What answers a request of HTTP: AWS at POST /, the control plane under /_emulator, the page at /.

The control plane, and Werkzeug with it, is loaded by the first who asks for it: a server that only
SDKs talk to starts sooner without, and is smaller.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Coroutine, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote_to_bytes

from pinpoint_sms_emu.doors.http import HttpRequest
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import (
    InternalServerException,
    RequestEntityTooLargeException,
)
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.protocol import Request, Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as WerkzeugResponse

    from pinpoint_sms_emu.control.router import ControlRouter

# A registration attachment is the largest that the API takes: 6,990,508 bytes of base64.
LARGEST_BODY = 8 * 1024 * 1024
# A state of 100,000 messages with their events has about 200 MB.
LARGEST_STATE = 1024 * 1024 * 1024
# Calls that injected faults delay: each has a thread.
MOST_DELAYED = 64

logger = logging.getLogger("pinpoint_sms_emu")


class Answer(NamedTuple):
    """An answer on its way out: whole, or piece by piece; `cut` breaks it off in the middle."""

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes | Iterator[bytes] | AsyncIterator[bytes]
    cut: bool = False


class Application:
    """Answers requests for an emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self._delayed = 0

    def answer(self, request: HttpRequest) -> Answer | Coroutine[Any, Any, Answer]:
        """Answer a request, now or, where it waits for something, later."""
        if request.path != "/" or request.method != "POST":
            return self._control(request)
        headers = request.headers
        if "origin" in headers or "sec-fetch-site" in headers:  # an SDK says nothing of these
            return self._answer_browser(request)
        return self._answer_call(request, [])

    @staticmethod
    def largest_body(method: str, path: str) -> int:
        """How many bytes of a body are read."""
        return LARGEST_STATE if (method, path) == ("PUT", "/_emulator/state") else LARGEST_BODY

    # The API.

    def _answer_browser(self, request: HttpRequest) -> Answer | Coroutine[Any, Any, Answer]:
        from werkzeug.exceptions import Forbidden

        from pinpoint_sms_emu.control import access

        environ = _environ(request)
        try:
            access.must_be_allowed(environ, self.emulator.settings)
        except Forbidden:
            return self._control(request)
        return self._answer_call(request, list(access.cors_headers(environ).items()))

    def _answer_call(
        self, request: HttpRequest, cors: list[tuple[str, str]]
    ) -> Answer | Coroutine[Any, Any, Answer]:
        for fault in self.emulator.faults:
            if fault.delay_seconds:
                return self._answer_delayed(request, cors)
        return _as_answer(self._call(request), cors)

    async def _answer_delayed(self, request: HttpRequest, cors: list[tuple[str, str]]) -> Answer:
        """Let a thread wait as long as an injected fault has it."""
        if self._delayed >= MOST_DELAYED:
            body = b'{"error": "%d calls are delayed by faults already"}' % MOST_DELAYED
            return Answer(503, [("Content-Type", "application/json"), *cors], body)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Response] = loop.create_future()

        def call() -> None:
            response = self._call(request)
            if not loop.is_closed():
                loop.call_soon_threadsafe(_set_result, answered, response)

        self._delayed += 1
        try:
            threading.Thread(target=call, daemon=True).start()
            return _as_answer(await answered, cors)
        finally:
            self._delayed -= 1

    def _call(self, request: HttpRequest) -> Response:
        emulator = self.emulator
        if request.body is None:
            error = RequestEntityTooLargeException(f"A body has at most {LARGEST_BODY} bytes")
            return protocol.refusal(error, engine_of(emulator).new_request_id())
        try:
            return engine_of(emulator).handle(Request(request.headers, request.body))
        except Exception as error:
            logger.exception("a call broke the emulator")
            engine_of(emulator).crashes.append(error)
            request_id = engine_of(emulator).new_request_id()
            return protocol.refusal(InternalServerException(request_id), request_id)

    # The control plane.

    @cached_property
    def _router(self) -> ControlRouter:
        from pinpoint_sms_emu.control.router import ControlRouter

        return ControlRouter(self.emulator)

    def _control(self, request: HttpRequest) -> Answer | Coroutine[Any, Any, Answer]:
        environ = _environ(request)
        response = self._router.answer(environ, request.body)
        if isinstance(response, Coroutine):
            return _later(response, environ)
        return _from_werkzeug(response, environ)


def _as_answer(response: Response, cors: list[tuple[str, str]]) -> Answer:
    status, body, headers, cut = response
    return Answer(status, [*headers.items(), *cors], body, cut)


def _set_result(answered: asyncio.Future[Response], response: Response) -> None:
    if not answered.done():  # the client may have left
        answered.set_result(response)


def _environ(request: HttpRequest) -> dict[str, Any]:
    """Spell a request as WSGI does, which Werkzeug reads."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
    }
    for name, value in request.headers.items():
        # With an underscore it could pass for another that has a dash.
        if "_" not in name:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


async def _later(
    response: Coroutine[Any, Any, WerkzeugResponse], environ: dict[str, Any]
) -> Answer:
    return _from_werkzeug(await response, environ)


def _from_werkzeug(response: WerkzeugResponse, environ: dict[str, Any]) -> Answer:
    body = response.response
    headers = [
        (name, value)
        for name, value in response.get_wsgi_headers(environ)
        if name.lower() not in ("content-length", "x-content-type-options")
    ]
    if isinstance(body, AsyncIterator | Iterator) and environ["REQUEST_METHOD"] != "HEAD":
        return Answer(response.status_code, headers, body)
    whole = b"" if isinstance(body, AsyncIterator | Iterator) else response.get_data()
    return Answer(response.status_code, headers, whole)
