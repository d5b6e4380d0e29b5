"""The WSGI application: AWS at POST /, the control plane under /_emulator, the page at GET /.

The control plane, and Werkzeug with it, is loaded by the first who asks for it: a server that only
SDKs talk to starts sooner without, and is smaller.
"""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import ApiError, InternalServerException
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.body import read_body
from pinpoint_sms_emu.wire.protocol import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    from pinpoint_sms_emu.control.router import ControlRouter

_STATUS_LINES = {
    200: "200 OK",
    400: "400 Bad Request",
    403: "403 Forbidden",
    413: "413 Payload Too Large",
}

logger = logging.getLogger("pinpoint_sms_emu")


def create_app(emulator: Emulator) -> WSGIApplication:
    """Make the application that serves an emulator."""

    @cache
    def control_plane() -> ControlRouter:
        from pinpoint_sms_emu.control.router import ControlRouter

        return ControlRouter(emulator)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] not in ("/", "") or environ["REQUEST_METHOD"] != "POST":
            return control_plane()(environ, start_response)
        cors = {}
        if _is_from_a_browser(environ):
            from werkzeug.exceptions import Forbidden

            from pinpoint_sms_emu.control import access

            try:
                access.must_be_allowed(environ, emulator.settings)
            except Forbidden:
                return control_plane()(environ, start_response)
            cors = access.cors_headers(environ)

        # Read and written by hand: Werkzeug's Request and Response cost more than the call.
        code, body, headers, cut = _call(emulator, environ)
        status = _STATUS_LINES.get(code) or f"{code} Internal Server Error"
        told = [*headers.items(), *cors.items()]
        if cut:
            return _cut(environ, start_response, status, told, body)
        told.append(("Content-Length", str(len(body))))
        start_response(status, told)
        return [body]

    return app


def _is_from_a_browser(environ: WSGIEnvironment) -> bool:
    """Tell whether a browser has sent this: an SDK says nothing of where it comes from."""
    return "HTTP_ORIGIN" in environ or "HTTP_SEC_FETCH_SITE" in environ


def _headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Take what every call is read by."""
    return {
        "x-amz-target": environ.get("HTTP_X_AMZ_TARGET", ""),
        "authorization": environ.get("HTTP_AUTHORIZATION", ""),
    }


def _all_headers(environ: Mapping[str, Any]) -> dict[str, str]:
    """Take whatever may be signed."""
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    # WSGI has these two under names of their own.
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    headers["content-length"] = environ.get("CONTENT_LENGTH", "")
    return headers


def _call(emulator: Emulator, environ: dict[str, Any]) -> Response:
    try:
        headers = _all_headers(environ) if emulator.signing_keys else _headers(environ)
        return emulator.handle(Request(headers, read_body(environ)))
    except ApiError as error:
        return protocol.refusal(error, emulator.new_request_id())
    except Exception as error:
        logger.exception("a call broke the emulator")
        emulator.crashes.append(error)
        request_id = emulator.new_request_id()
        return protocol.refusal(InternalServerException(request_id), request_id)


def _cut(
    environ: WSGIEnvironment,
    start_response: StartResponse,
    status: str,
    headers: list[tuple[str, str]],
    body: bytes,
) -> Iterable[bytes]:
    """Break the connection, so that every client notices: to botocore, half a body is a body."""
    connection: socket.socket | None = environ.get("werkzeug.socket")
    if connection is None:
        # An answer with two lengths cannot be sent: granian, which ends broken-off ones in order,
        # closes the connection.
        headers += [("Content-Length", str(len(body))), ("Transfer-Encoding", "chunked")]
        start_response(status, headers)
        return [body]
    start_response(status, headers)
    return _send_half(body, connection)


def _send_half(body: bytes, connection: socket.socket) -> Iterator[bytes]:
    """Send a chunk with half of an answer; the last chunk never comes."""
    yield body[: len(body) // 2]
    connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError("cut in the middle of an answer, as was asked for")
