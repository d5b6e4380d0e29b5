"""What answers a request of HTTP: AWS at POST /, the control plane under /_emulator, the page at /.

The control plane, and Werkzeug with it, is loaded on its first request: a server that only
SDKs talk to starts sooner without, and is smaller.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote, unquote_to_bytes

from pinpoint_sms_emu.doors.http import HttpRequest
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import (
    InternalServerException,
    RequestEntityTooLargeException,
)
from pinpoint_sms_emu.service.exchange import Delayed
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.protocol import Request, Response

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as WerkzeugResponse

    from pinpoint_sms_emu.control.router import ControlRouter

# A registration attachment is the largest that the API takes: 6,990,508 bytes of base64.
LARGEST_BODY = 8 * 1024 * 1024
# A state of 100,000 messages with their events has about 200 MB.
LARGEST_STATE = 1024 * 1024 * 1024

Answered = TypeVar("Answered")

# What a header can have as it is; the percent sign quotes the rest.
_PRINTABLE = "".join(chr(code) for code in range(32, 127) if chr(code) != "%")

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
        self._engine = engine_of(emulator)

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
        if request.body is None:
            error = RequestEntityTooLargeException(f"A body has at most {LARGEST_BODY} bytes")
            return _as_answer(self._engine.refuse(Request(request.headers, b""), error), cors)
        response = self._guarded(self._engine.begin, Request(request.headers, request.body))
        if isinstance(response, Delayed):
            return self._wait(response, cors)
        return _as_answer(response, cors)

    async def _wait(self, delayed: Delayed, cors: list[tuple[str, str]]) -> Answer:
        """Answer when an injected delay is over, or cut short by the end."""
        from pinpoint_sms_emu.control.stream import Changes, has_room

        if not has_room(self.emulator):
            body = b'{"error": "too many wait already"}'
            return Answer(503, [("Content-Type", "application/json"), *cors], body)
        loop = asyncio.get_running_loop()
        end = loop.time() + delayed.seconds
        with Changes(self.emulator, lambda _message: False) as changes:
            while not self._engine.closing.is_set() and await changes.wait(end - loop.time()):
                changes.take()
        return _as_answer(self._guarded(delayed.go_on), cors)

    def _guarded(self, answer: Callable[..., Answered], *arguments: Any) -> Answered | Response:
        """Answer a call; what breaks the emulator is a 500, and kept for the test that hit it."""
        try:
            return answer(*arguments)
        except Exception as error:
            logger.exception("a call broke the emulator")
            self._engine.crashes.append(error)
            request_id = self._engine.new_request_id()
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
    status, body, headers, cut, why = response
    explained = [("X-Emulator-Why", quote(why, safe=_PRINTABLE))] if why else []
    return Answer(status, [*headers.items(), *cors, *explained], body, cut)


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
