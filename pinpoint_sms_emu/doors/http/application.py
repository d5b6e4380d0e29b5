"""Answers HTTP requests: AWS's calls at POST /, the control plane at /_emulator, the page at /.

With moto, all other requests are moto's.

The control plane and Werkzeug are loaded with its first request: a server that is only called by
SDKs starts faster and needs less memory.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Iterator
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote, unquote_to_bytes

from pinpoint_sms_emu.doors.http.parsing import HttpRequest
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import (
    ApiError,
    InternalServerException,
    RequestEntityTooLargeException,
    UnknownOperationException,
)
from pinpoint_sms_emu.service.exchange import Delayed
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.model import SIGNING_NAME, SNS, TARGET_PREFIX
from pinpoint_sms_emu.wire.protocol import JSON, LOCAL_ADDRESS, Request, Response, Wire
from pinpoint_sms_emu.wire.sns_actions import (
    is_query,
    is_query_in_url,
    is_sms_request,
    signed_service,
)

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as WerkzeugResponse

    from pinpoint_sms_emu.control.router import ControlRouter
    from pinpoint_sms_emu.doors.moto.application import Moto

# A registration attachment is the largest that the API takes: 6,990,508 bytes of base64.
LARGEST_BODY = 8 * 1024 * 1024
# A state of 100,000 messages with their events has about 200 MB; S3 takes large files.
LARGEST_STATE = LARGEST_FILE = 1024 * 1024 * 1024

Answered = TypeVar("Answered")

# The code of a refused call of a service that is not emulated.
_NOT_EMULATED = "UnknownOperationException"
_TARGET = f"{TARGET_PREFIX}."
# Moto's control plane.
_MOTO_CONTROL = "/moto-api"
# The access key in the query of a presigned URL, of signature version 4 or 2.
_SIGNED_QUERY = re.compile(r"(?:^|&)(?:X-Amz-Credential|AWSAccessKeyId)=")

# The characters that need no quoting in a header.
_PRINTABLE = "".join(chr(code) for code in range(32, 127) if chr(code) != "%")

logger = logging.getLogger("pinpoint_sms_emu")


class Answer(NamedTuple):
    """An answer to be sent, at once or in pieces; `cut` closes the connection in the middle.

    `length` is the Content-Length for a HEAD request, whose answer has no body.
    """

    status: int
    headers: Iterable[tuple[str, str]]
    body: bytes | Iterator[bytes] | AsyncIterator[bytes]
    cut: bool = False
    length: int | None = None


class Application:
    """Answers requests for an emulator, and with moto for all other services."""

    def __init__(self, emulator: Emulator, moto: Moto | None = None) -> None:
        self.emulator = emulator
        self._engine = engine_of(emulator)
        self._moto = moto

    def answer(
        self, request: HttpRequest, peer: str = LOCAL_ADDRESS
    ) -> Answer | Coroutine[Any, Any, Answer]:
        """Answer a request at once, or return a coroutine if the request has to wait."""
        if self._moto is not None and not self._is_ours(request):
            return self._answer_by_moto(self._moto, request)
        if not _is_call(request):
            other = _other_service(request)
            return _not_emulated(other) if other else self._control(request)
        headers = request.headers
        if "origin" in headers or "sec-fetch-site" in headers:  # SDKs do not send these
            return self._answer_browser(request, peer)
        return self._answer_call(request, peer, [])

    def largest_body(self, request: HttpRequest) -> int:
        """Return the maximum size of a request's body in bytes."""
        if self._moto is not None and not self._is_ours(request):
            return LARGEST_FILE
        is_state = (request.method, request.path) == ("PUT", "/_emulator/state")
        return LARGEST_STATE if is_state else LARGEST_BODY

    # The API.

    def _answer_browser(
        self, request: HttpRequest, peer: str
    ) -> Answer | Coroutine[Any, Any, Answer]:
        from werkzeug.exceptions import Forbidden

        from pinpoint_sms_emu.control import access

        environ = _environ(request)
        try:
            access.must_be_allowed(environ, self.emulator.settings)
        except Forbidden:
            return self._control(request)
        return self._answer_call(request, peer, list(access.cors_headers(environ).items()))

    def _answer_call(
        self, request: HttpRequest, peer: str, cors: list[tuple[str, str]]
    ) -> Answer | Coroutine[Any, Any, Answer]:
        wire = _query() if is_query(request.headers, request.query) else JSON
        error: ApiError | None = None
        if request.body is None:
            error = RequestEntityTooLargeException(f"A body has at most {LARGEST_BODY} bytes")
        elif wire is not JSON and not self.emulator.settings.sns_sms:
            error = UnknownOperationException("SNS is not emulated: the setting sns_sms is false")
        if error:
            refused = self._engine.refuse(Request(request.headers, b""), error, wire)
            return _as_answer(refused, cors)
        call = Request(request.headers, bytes(request.body or b""), source_ip=peer)
        if wire is not JSON:
            call = call._replace(method=request.method, query=request.query)
        if account_of_key := self._engine.account_of_key:
            key = protocol.access_key(request.headers.get("authorization", ""))
            call = call._replace(account_id=account_of_key(key))
        response = self._guarded(wire, self._engine.begin, call, wire)
        if isinstance(response, Delayed):
            return self._wait(response, wire, cors)
        return _as_answer(response, cors)

    async def _wait(self, delayed: Delayed, wire: Wire, cors: list[tuple[str, str]]) -> Answer:
        """Answer after an injected delay, or when the server stops."""
        from pinpoint_sms_emu.control.stream import MESSAGES, Unread, has_room

        if not has_room(self.emulator):
            body = b'{"error": "too many clients wait already"}'
            return Answer(503, [("Content-Type", "application/json"), *cors], body)
        loop = asyncio.get_running_loop()
        end = loop.time() + delayed.seconds
        with Unread(self.emulator, MESSAGES, lambda _message: False) as unread:
            while not self._engine.closing.is_set() and await unread.wait(end - loop.time()):
                unread.take()
        return _as_answer(self._guarded(wire, delayed.go_on), cors)

    def _guarded(
        self, wire: Wire, answer: Callable[..., Answered], *arguments: Any
    ) -> Answered | Response:
        """Answer a call. An unexpected exception is a 500, and is stored for the test's report."""
        try:
            return answer(*arguments)
        except Exception as error:
            logger.exception("a call raised an unexpected exception")
            self._engine.crashes.append(error)
            request_id = self._engine.new_request_id()
            return wire.refusal(InternalServerException(request_id), request_id, False, None)

    # The control plane.

    @cached_property
    def _router(self) -> ControlRouter:
        from pinpoint_sms_emu.control.router import ControlRouter

        return ControlRouter(self.emulator)

    def _control(self, request: HttpRequest) -> Answer | Coroutine[Any, Any, Answer]:
        environ = _environ(request)
        return _answered(self._router.answer(environ, request.body), environ)

    # Other services.

    def _is_ours(self, request: HttpRequest) -> bool:
        """Return whether a request is for this service or about texts, not for moto."""
        if _is_of_this_service(request):
            return True
        if not self.emulator.settings.sns_sms or not _is_call(request):
            return False
        return is_sms_request(request.headers, bytes(request.body or b""), request.query)

    def _answer_by_moto(
        self, moto: Moto, request: HttpRequest
    ) -> Answer | Coroutine[Any, Any, Answer]:
        """Let moto answer an allowed request; moto's control plane needs the access token too."""
        environ = _environ(request)
        response = self._router.guard(
            environ,
            partial(moto.answer, request, environ),
            needs_token=request.path.startswith(_MOTO_CONTROL),
        )
        return _answered(response, environ)


def _is_call(request: HttpRequest) -> bool:
    """Return whether a request is an AWS call; SNS also has calls in a URL."""
    if request.path != "/":
        return False
    if request.method == "POST":
        return True
    return request.method == "GET" and is_query_in_url(request.headers, request.query)


def _other_service(request: HttpRequest) -> str | None:
    """Return the service that a call is signed for, if it is none of those that are emulated."""
    if request.path.startswith("/_emulator"):
        return None
    service = signed_service(request.headers)
    return None if service in (SIGNING_NAME, SNS) else service


def _not_emulated(service: str) -> Answer:
    """Refuse a call of another service in XML, such as S3 has; SDKs read it and do not retry."""
    text = (
        f"{service} is not emulated: start the server with `serve --with-moto` for other services"
    )
    xml = f"<Error><Code>{_NOT_EMULATED}</Code><Message>{text}</Message></Error>"
    # Services with JSON have the code in a header.
    headers = [("Content-Type", "application/xml"), ("x-amzn-ErrorType", _NOT_EMULATED)]
    return Answer(400, headers, xml.encode())


def _is_of_this_service(request: HttpRequest) -> bool:
    """Return whether a request is for this service, its control plane or its page."""
    path, headers = request.path, request.headers
    if path != "/":
        return path.startswith("/_emulator")
    if request.method == "POST":
        return headers.get("x-amz-target", "").startswith(_TARGET)
    # A signed request is for S3: ListBuckets, or a bucket in the host's name.
    return not _is_signed(headers.get("authorization", ""), request.query)


def _is_signed(authorization: str, query: str) -> bool:
    return authorization.startswith("AWS") or _SIGNED_QUERY.search(query) is not None


def _query() -> Wire:
    """Return the query protocol of SNS, which reads and answers its calls."""
    from pinpoint_sms_emu.sns.protocol import QUERY

    return QUERY


def _as_answer(response: Response, cors: list[tuple[str, str]]) -> Answer:
    status, body, headers, cut, why = response
    explained = [("X-Emulator-Why", quote(why, safe=_PRINTABLE))] if why else []
    return Answer(status, [*headers.items(), *cors, *explained], body, cut)


def _environ(request: HttpRequest) -> dict[str, Any]:
    """Convert a request to WSGI's environ for Werkzeug."""
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
        # With an underscore it could be mistaken for one with a dash.
        if "_" not in name:
            environ[f"HTTP_{name.upper().replace('-', '_')}"] = value
    return environ


def _answered(
    response: WerkzeugResponse | Coroutine[Any, Any, WerkzeugResponse], environ: dict[str, Any]
) -> Answer | Coroutine[Any, Any, Answer]:
    if isinstance(response, Coroutine):
        return _later(response, environ)
    return _from_werkzeug(response, environ)


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
    # Moto's answer to HEAD has no body, but the length of GET's.
    length = response.content_length if environ["REQUEST_METHOD"] == "HEAD" else None
    return Answer(response.status_code, headers, whole, length=length)
