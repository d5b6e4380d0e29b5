"""The OpenAPI document of the control plane, made from the routes."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

from pinpoint_sms_emu import __version__
from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.access import HEALTH
from pinpoint_sms_emu.control.formats import MIME_TYPES
from pinpoint_sms_emu.control.route import Route, Span
from pinpoint_sms_emu.control.routes import ROUTES
from pinpoint_sms_emu.emulator import Emulator

PATH = "/_emulator/openapi.json"

_NAMED = re.compile(r"<([a-z_]+)>")
_JSON = "application/json"
_HERE = {
    "name": "here",
    "in": "query",
    "required": False,
    "description": "Of several replicas, only the one that is asked; without effect on one alone.",
    "schema": {"type": "boolean"},
}
# The meaning of each status of a refusal.
_REFUSALS = {
    "400": "The request is wrong. If a send was refused, the sentence has AWS's error.",
    "401": "The access token is missing or wrong.",
    "403": "The request comes from a foreign web page, or its Host may be rebound.",
    "404": "There is no such route or entry.",
    "409": "The current state does not allow this.",
    "413": "The body is too large.",
    "502": "Another replica does not answer.",
    "503": "There are too many streams already.",
}


def show(_emulator: Emulator) -> Any:
    """Describe the routes under /_emulator, as this OpenAPI document."""
    return describe(DESCRIBED)


def show_index(_emulator: Emulator) -> Any:
    """List the routes under /_emulator, as a page for browsers."""
    routes = [
        {"method": each.method, "path": _NAMED.sub(r"{\1}", each.path), "summary": _summary(each)}
        for each in DESCRIBED
    ]
    return {"routes": routes, "openapi": PATH}


def _summary(route: Route) -> str:
    """Return the first sentence of a route's docstring."""
    return (inspect.getdoc(route.function) or "").partition("\n")[0]


def describe(routes: Iterable[Route]) -> dict[str, Any]:
    """Return the OpenAPI document of routes."""
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = _NAMED.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "pinpoint-sms-emu",
            "summary": "The control plane of the emulator, for tests and users.",
            "version": __version__,
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"bearer": []}, {"basic": []}],
        "paths": paths,
        "components": {
            "schemas": {
                "Refusal": {
                    "type": "object",
                    "properties": {
                        "error": {"type": "string", "description": "One sentence with the cause."}
                    },
                    "required": ["error"],
                    "additionalProperties": False,
                }
            },
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The access token, if the server has one.",
                },
                "basic": {
                    "type": "http",
                    "scheme": "basic",
                    "description": "The access token as the password.",
                },
            },
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": route.function.__name__,
        "summary": inspect.getdoc(route.function),
        "responses": _responses(route),
    }
    if route.path == HEALTH:
        described["security"] = [{}]
    if parameters := _parameters(route):
        described["parameters"] = parameters
    if not _has_query(route):
        described["requestBody"] = _request_body(route)
    return described


def _has_query(route: Route) -> bool:
    """Return whether the members of a route are in the query; otherwise they are in the body."""
    return route.method in ("GET", "DELETE")


def _parameters(route: Route) -> list[dict[str, Any]]:
    """Return the parts of the path, and the members in the query."""
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in _NAMED.findall(route.path)
    ]
    in_query = [
        {
            "name": each.name,
            "in": "query",
            "required": each.required,
            "schema": dict(each.kind.schema),
        }
        for each in arguments.parameters(route.function).values()
        if _has_query(route)
    ]
    here = [] if route.span is Span.HERE else [_HERE]
    return [*in_path, *in_query, *here]


def _request_body(route: Route) -> dict[str, Any]:
    members = arguments.parameters(route.function).values()
    required = [each.name for each in members if each.required]
    schema: dict[str, Any] = {"type": "object"}
    if not route.takes_document:
        schema["properties"] = {
            each.name: dict(each.kind.schema)
            if each.required
            else {"anyOf": [dict(each.kind.schema), {"type": "null"}]}
            for each in members
        }
        schema["additionalProperties"] = False
        if required:
            schema["required"] = required
    return {
        "required": bool(required) or route.takes_document,
        "content": {_JSON: {"schema": schema}},
    }


def _responses(route: Route) -> dict[str, Any]:
    schema = {"type": "object" if route.answers_with == _JSON else "string"}
    content = {route.answers_with: {"schema": schema}}
    if route.is_listing:
        content |= {each: {"schema": {"type": "string"}} for each in MIME_TYPES.values()}
    refused = {_JSON: {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    refusals = {
        status: {"description": meaning, "content": refused}
        for status, meaning in _REFUSALS.items()
    }
    return {"200": {"description": "Success.", "content": content}, **refusals}


INDEX = Route("GET", "/_emulator", show_index)
OPENAPI = Route("GET", PATH, show)
DESCRIBED = (INDEX, *ROUTES, OPENAPI)
