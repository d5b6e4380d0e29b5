"""The control plane: a thin JSON skin over Emulator's methods."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.emulator import Emulator


class ControlPlane:
    """The routes under /_emulator, as a WSGI application."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.routes = Map([Rule("/_emulator/health", endpoint=self.health, methods=["GET"])])

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        """Answer a request; what is wrong with it is said in one sentence."""
        try:
            endpoint, values = self.routes.bind_to_environ(environ).match()
            body, status = endpoint(Request(environ), **values), 200
        except HTTPException as error:
            body, status = {"error": error.description}, error.code or 500
        response = Response(json.dumps(body), status, mimetype="application/json")
        return response(environ, start_response)

    def health(self, _request: Request) -> dict[str, Any]:
        """Tell that it is up."""
        return {"status": "ok", "version": __version__}
