"""The WSGI application: AWS at POST /, the control plane under /_emulator, the page at GET /."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pinpoint_sms_emu.control.routes import ControlPlane
from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import InternalServerException
from pinpoint_sms_emu.wire import protocol
from pinpoint_sms_emu.wire.errors import RequestEntityTooLargeException
from pinpoint_sms_emu.wire.protocol import Request, Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# A registration attachment is the largest that the API takes: 6,990,508 bytes of base64.
LARGEST_BODY = 8 * 1024 * 1024

_REASONS = {200: "OK", 400: "Bad Request", 403: "Forbidden", 413: "Payload Too Large"}

logger = logging.getLogger("pinpoint_sms_emu")


def create_app(emulator: Emulator) -> WSGIApplication:
    """Make the application that serves an emulator."""
    control_plane = ControlPlane(emulator)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] in ("/", "") and environ["REQUEST_METHOD"] == "POST":
            # Read and written by hand: Werkzeug's Request and Response cost more than the call.
            response = _call(emulator, environ)
            status = f"{response.status} {_REASONS.get(response.status, 'Internal Server Error')}"
            length = ("Content-Length", str(len(response.body)))
            start_response(status, [*response.headers.items(), length])
            return [response.body]
        return control_plane(environ, start_response)

    return app


def _call(emulator: Emulator, environ: dict[str, Any]) -> Response:
    body = read_body(environ)
    if body is None:
        too_large = RequestEntityTooLargeException(f"A body has at most {LARGEST_BODY} bytes")
        return protocol.refusal(too_large, "")
    headers = {
        name[5:].replace("_", "-").lower(): value
        for name, value in environ.items()
        if name.startswith("HTTP_")
    }
    try:
        return emulator.handle(Request(headers, body))
    except Exception as error:
        logger.exception("a call broke the emulator")
        emulator.crashes.append(error)
        return protocol.refusal(InternalServerException("broken"), "broken")


def read_body(environ: dict[str, Any]) -> bytes | None:
    """Read the whole body, so that the connection can be kept; None if it is too large."""
    source = environ["wsgi.input"]
    length = environ.get("CONTENT_LENGTH")
    if length:
        return source.read(int(length)) if int(length) <= LARGEST_BODY else None
    if environ.get("wsgi.input_terminated"):
        body: bytes = source.read(LARGEST_BODY + 1)
        return body if len(body) <= LARGEST_BODY else None
    return b""
