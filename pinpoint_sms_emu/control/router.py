"""Everything that is not a call of the API, as a WSGI application: JSON in, JSON out."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from pinpoint_sms_emu.control import access, arguments
from pinpoint_sms_emu.control.access import PAGE
from pinpoint_sms_emu.control.openapi import DESCRIBED
from pinpoint_sms_emu.control.page import PAGES
from pinpoint_sms_emu.control.routes import Route
from pinpoint_sms_emu.emulator import Emulator
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.resources.registrations.review import UndecidableError
from pinpoint_sms_emu.wire.body import LARGEST, read_body

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# A state of 100,000 messages with their events has about 200 MB.
LARGEST_STATE = 1024 * 1024 * 1024

logger = logging.getLogger("pinpoint_sms_emu")


class ControlRouter:
    """The routes under /_emulator, for those who may; what is wrong is said in one sentence."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        routes = (*DESCRIBED, *PAGES)
        rules = [Rule(each.path, endpoint=each, methods=[each.method]) for each in routes]
        self.routes = Map(rules, merge_slashes=False)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        headers: dict[str, str] = {}
        try:
            access.must_be_allowed(environ, self.emulator.settings)
            headers = access.cors_headers(environ)
            response = self._preflight(environ) or self._answer(environ)
        except HTTPException as error:
            response = _refusal(error)
        except Exception as error:
            logger.exception("a request broke the emulator")
            self.emulator.crashes.append(error)
            response = _json({"error": f"the emulator is broken: {error!r}"}, 500)
        response.headers.update(headers)
        return response(environ, start_response)

    def _preflight(self, environ: WSGIEnvironment) -> Response | None:
        if not access.is_preflight(environ):
            return None
        return Response(status=204, headers=access.preflight_headers(environ))

    def _answer(self, environ: WSGIEnvironment) -> Response:
        access.must_have_known_host(environ, self.emulator.settings)
        access.must_have_token(environ, self.emulator.settings)
        route, named = self._match(environ)
        try:
            answer = self._call(route, named, Request(environ))
        except ValueError as error:
            return _json({"error": str(error)}, 400)
        except LookupError as error:
            if isinstance(error, KeyError | IndexError):
                raise  # nobody's unknown id, but a mistake of ours
            return _json({"error": str(error)}, 404)
        except UndecidableError as error:
            return _json({"error": str(error)}, 409)
        except ApiError as error:
            return _json({"error": error.message}, error.status)
        return answer if isinstance(answer, Response) else _json(answer)

    def _match(self, environ: WSGIEnvironment) -> tuple[Route, Mapping[str, Any]]:
        """Find the route, and what its path names; at / there is also the API, at no route."""
        try:
            return self.routes.bind_to_environ(environ).match()
        except MethodNotAllowed as error:
            also = ["POST"] if environ["PATH_INFO"] == PAGE else []
            raise MethodNotAllowed(sorted([*(error.valid_methods or ()), *also])) from error

    def _call(self, route: Route, named: Mapping[str, Any], request: Request) -> Any:
        if route in PAGES:
            # Whoever leads a browser here may add to the address what he likes.
            return route.function(self.emulator, **named)
        if route.method in ("GET", "DELETE"):
            given = arguments.from_query(route.function, request.args.items(multi=True))
            return route.function(self.emulator, **named, **given)
        if route.takes_document:
            document = arguments.read_json(read_body(request.environ, LARGEST_STATE))
            return route.function(self.emulator, document)
        given = arguments.from_body(route.function, read_body(request.environ, LARGEST))
        return route.function(self.emulator, **named, **given)


def _json(answer: Any, status: int = 200) -> Response:
    body = json.dumps(answer, separators=(",", ":"))
    fresh = {"Cache-Control": "no-store"}
    return Response(body, status, mimetype="application/json", headers=fresh)


def _refusal(error: HTTPException) -> Response:
    match error:
        case NotFound():
            sentence = "there is nothing here; see /_emulator/openapi.json"
        case MethodNotAllowed():
            sentence = f"only {', '.join(error.valid_methods or ())} can be done here"
        case _:
            sentence = error.description or error.name
    response = _json({"error": sentence}, error.code or 500)
    headers = error.get_headers()
    response.headers.update((name, value) for name, value in headers if name != "Content-Type")
    return response
