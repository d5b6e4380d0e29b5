"""The router of the control plane and the page."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.routing import BaseConverter, Map, Rule
from werkzeug.wrappers import Request, Response

from pinpoint_sms_emu.control import access, arguments
from pinpoint_sms_emu.control.access import PAGE
from pinpoint_sms_emu.control.formats import encode, respond
from pinpoint_sms_emu.control.openapi import DESCRIBED, INDEX
from pinpoint_sms_emu.control.page import PAGES, index_page
from pinpoint_sms_emu.control.route import ControlRequest, Route, Span
from pinpoint_sms_emu.control.stream import answer_of
from pinpoint_sms_emu.emulator import Emulator, engine_of
from pinpoint_sms_emu.errors import ApiError, UndecidableError
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

    from pinpoint_sms_emu.control.fleet import Fleet

# The part of a long list that is rendered at once, while calls wait: half a millisecond.
ENTRIES_AT_ONCE = 5

logger = logging.getLogger("pinpoint_sms_emu")


class IdConverter(BaseConverter):
    """What a path names; never the names of routes at the same place, such as messages/stream."""

    regex = r"(?!(?:latest|stream)\Z)[^/]+"
    part_isolating = True


class ControlRouter:
    """Checks access, and calls the routes; errors are answered with one sentence."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        routes = (*DESCRIBED, *PAGES)
        rules = [Rule(each.path, endpoint=each, methods=[each.method]) for each in routes]
        self.routes = Map(rules, merge_slashes=False, converters={"default": IdConverter})

    def answer(
        self, environ: WSGIEnvironment, body: bytes | bytearray | None
    ) -> Response | Coroutine[Any, Any, Response]:
        """Return the answer to a request, or a coroutine if it waits for messages.

        `environ` has WSGI's keys; the body is None if it was too large.
        """
        return self.guard(environ, partial(self._answer, environ, body))

    def guard(
        self, environ: WSGIEnvironment, answer: Callable[[], Any], *, needs_token: bool = True
    ) -> Response | Coroutine[Any, Any, Response]:
        """Check access, then answer with a function's result, which may be a coroutine."""
        settings = self.emulator.settings
        headers: dict[str, str] = {}
        try:
            access.must_be_allowed(environ, settings)
            headers = access.cors_headers(environ)
            response = self._preflight(environ)
            if response is None:
                access.must_have_known_host(environ, settings)
                if needs_token:
                    access.must_have_token(environ, settings)
                answered = answer_of(answer())
                if isinstance(answered, Coroutine):
                    return self._wait(answered, headers)
                response = _response(answered)
        except Exception as error:  # noqa: BLE001  each kind has its answer
            response = self._refuse(error)
        response.headers.update(headers)
        return response

    async def _wait(self, waiting: Coroutine[Any, Any, Any], headers: dict[str, str]) -> Response:
        try:
            response = _response(await waiting)
        except Exception as error:  # noqa: BLE001  each kind has its answer
            response = self._refuse(error)
        response.headers.update(headers)
        return response

    def _refuse(self, error: Exception) -> Response:
        """Return the answer for an exception; an unexpected one is a defect of the emulator."""
        match error:
            case HTTPException():
                return _refusal(error)
            case KeyError() | IndexError():
                pass  # not an unknown id, but a defect of the emulator
            case ValueError():
                return _json({"error": str(error)}, 400)
            case LookupError():
                return _json({"error": str(error)}, 404)
            case UndecidableError():
                return _json({"error": str(error)}, 409)
            case ApiError():
                return _json({"error": error.message}, error.status)
        logger.error("a request raised an unexpected exception", exc_info=error)
        engine_of(self.emulator).crashes.append(error)
        return _json({"error": f"the emulator is broken: {error!r}"}, 500)

    def _preflight(self, environ: WSGIEnvironment) -> Response | None:
        if not access.is_preflight(environ):
            return None
        return Response(status=204, headers=access.preflight_headers(environ))

    def _answer(self, environ: WSGIEnvironment, body: bytes | bytearray | None) -> Any:
        route, named = self._match(environ)
        if route in PAGES:
            # Links to the page may have any query.
            return route.function(self.emulator, **named)
        query = list(Request(environ).args.items(multi=True))
        is_for_here = self._is_for_here(route, query)
        given = _given(route, query, body)
        if not is_for_here:
            authorization = environ.get("HTTP_AUTHORIZATION")
            return self._fleet.answer(
                ControlRequest(route, environ["PATH_INFO"], named, given, authorization)
            )
        answer = route.function(self.emulator, **named, **given)
        if route is INDEX and _prefers_html(Request(environ)):
            return index_page(answer)
        return answer

    def _is_for_here(self, route: Route, query: list[tuple[str, str]]) -> bool:
        """Return whether this replica answers alone; remove `here` from the query."""
        if route.span is Span.HERE:
            return True
        is_asked = arguments.take_flag(query, "here")
        return is_asked or not self.emulator.settings.peers

    @cached_property
    def _fleet(self) -> Fleet:
        from pinpoint_sms_emu.control.fleet import Fleet  # noqa: PLC0415  only replicas need it

        return Fleet(self.emulator)

    def _match(self, environ: WSGIEnvironment) -> tuple[Route, Mapping[str, Any]]:
        """Return the route, and the values in its path."""
        try:
            # A server may ignore a request to change to WebSocket: RFC 9110, section 7.8.
            return self.routes.bind_to_environ(environ).match(websocket=False)
        except MethodNotAllowed as error:
            also = ["POST"] if environ["PATH_INFO"] == PAGE else []
            raise MethodNotAllowed(sorted([*(error.valid_methods or ()), *also])) from error


def _given(
    route: Route, query: list[tuple[str, str]], body: bytes | bytearray | None
) -> dict[str, Any]:
    """Read the values of a request: its query, the members of its body, or a whole document."""
    if route.method in ("GET", "DELETE"):
        return arguments.from_query(route.function, query)
    if query:
        name, _ = query[0]
        raise ValueError(f"{route.method} reads the body, not the query, which has {quoted(name)}")
    if body is None:
        raise RequestEntityTooLarge("The body is too large")
    if route.takes_document:
        return {"document": body}
    return arguments.from_body(route.function, body)


def _prefers_html(request: Request) -> bool:
    """Return whether a client prefers HTML to JSON; clients that accept anything get JSON."""
    accepted = request.accept_mimetypes
    return accepted["text/html"] > accepted["application/json"]


def _response(answer: Any) -> Response:
    return answer if isinstance(answer, Response) else _json(answer)


def _json(answer: Any, status: int = 200) -> Response:
    return respond(_texts(answer, depth=2), "application/json", status)


def _texts(value: Any, depth: int) -> Iterator[str]:
    """Encode JSON incrementally; an iterator is a list whose entries are made one by one."""
    if isinstance(value, dict) and depth:
        yield "{"
        for number, (name, member) in enumerate(value.items()):
            yield f"{',' if number else ''}{encode(name)}:"
            yield from _texts(member, depth - 1)
        yield "}"
    elif isinstance(value, Iterator | list):
        yield "["
        comma, rest = "", iter(value)
        while entries := list(islice(rest, ENTRIES_AT_ONCE)):
            yield comma + ",".join(map(_entry, entries))
            comma = ","
        yield "]"
    else:
        yield encode(value)


def _entry(value: Any) -> str:
    """Encode an entry of a list; bytes are JSON already."""
    return value.decode() if isinstance(value, bytes) else encode(value)


def _refusal(error: HTTPException) -> Response:
    match error:
        case NotFound():
            sentence = "there is no such route; see /_emulator"
        case MethodNotAllowed():
            sentence = f"the methods of this route are {', '.join(error.valid_methods or ())}"
        case _:
            sentence = error.description or error.name
    response = _json({"error": sentence}, error.code or 500)
    headers = error.get_headers()
    response.headers.update((name, value) for name, value in headers if name != "Content-Type")
    return response
