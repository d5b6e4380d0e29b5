"""Answers calls of other AWS services with moto's server application.

Loaded only with `with_moto`. Some of its operations wait, so each request has a thread, and calls
of this service do not wait for it. Moto's state is process-wide.
"""

from __future__ import annotations

import logging
import sys
import threading
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING, Any, TypeAlias

from moto.iam.models import get_account_id_from
from moto.moto_api._internal.models import moto_api_backend
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.wrappers import Response

from pinpoint_sms_emu.doors.http.parsing import HttpRequest
from pinpoint_sms_emu.doors.moto import topics
from pinpoint_sms_emu.doors.replacements import Replacement
from pinpoint_sms_emu.doors.threads import on_a_thread
from pinpoint_sms_emu.wire.protocol import ACCOUNT_ID, access_key

if TYPE_CHECKING:
    from pinpoint_sms_emu.service.engine import Engine

Environ: TypeAlias = dict[str, Any]

_ACCOUNT = "HTTP_X_MOTO_ACCOUNT_ID"
# The original spelling of headers, because underscores are significant for S3.
_SPELLINGS = "moto.preserved_header_names"
_METADATA = "x-amz-meta-"

logger = logging.getLogger("pinpoint_sms_emu")


class Moto:
    """Moto's application, with the functions that the server needs."""

    def __init__(self) -> None:
        self._application = DomainDispatcherApplication(create_backend_app)
        # The server's engine, in which moto's stacks create resources and moto's topics send texts.
        self.engine: Engine | None = None
        self._replacements: list[Replacement] = []
        self._lock = threading.Lock()

    async def answer(self, request: HttpRequest, environ: Environ) -> Response:
        """Answer a request on a thread; `environ` has its method, path, query and headers."""
        environ |= _more_of(request)
        return await on_a_thread(partial(self._respond, environ))

    def _respond(self, environ: Environ) -> Response:
        try:
            with self._stacks(environ):
                response = Response.from_app(self._application, environ, buffered=True)
        except Exception:
            logger.exception("moto broke over %s", environ["PATH_INFO"])
            return Response("moto could not answer; the server's log says why\n", 500)
        for name in ("Connection", "Date", "Transfer-Encoding"):
            response.headers.pop(name, None)
        with self._lock:
            # The first request of SNS has loaded its topics. After the end, nothing is replaced.
            if self.engine is not None:
                topics.replace(lambda: self.engine, self._replacements)
        return response

    def stop_texting(self) -> None:
        """Stop sending texts for topics."""
        self.engine = None
        with self._lock:
            while self._replacements:
                self._replacements.pop().restore()

    def _stacks(self, environ: Environ) -> AbstractContextManager[None]:
        """Let a call of CloudFormation change this emulator."""
        if self.engine is None or "/cloudformation/" not in environ.get("HTTP_AUTHORIZATION", ""):
            return nullcontext()
        from pinpoint_sms_emu.doors.moto import stacks  # noqa: PLC0415  only with stacks of moto

        return stacks.acting_on(self.engine)

    @staticmethod
    def reset() -> None:
        """Reset all of moto's accounts and Regions."""
        moto_api_backend.reset()

    @staticmethod
    def account_of_key(key: str) -> str:
        """Return the account of an access key, which may come from moto's IAM or STS."""
        return key if ACCOUNT_ID.fullmatch(key) else get_account_id_from(key)


def _more_of(request: HttpRequest) -> Environ:
    """Return the WSGI variables that moto needs in addition to the control plane."""
    headers, body = request.headers, request.body or b""
    more: Environ = {
        "RAW_URI": request.path,
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        _SPELLINGS: {},
    }
    if "content-type" in headers:
        more["CONTENT_TYPE"] = headers["content-type"]
    for name, value in headers.items():
        if "_" in name and name.startswith(_METADATA):
            key = f"HTTP_{name.upper().replace('-', '_')}"
            more[key], more[_SPELLINGS][key] = value, name
    key = access_key(headers.get("authorization", ""), request.query)
    if ACCOUNT_ID.fullmatch(key) and "x-moto-account-id" not in headers:
        more[_ACCOUNT] = key
    return more
