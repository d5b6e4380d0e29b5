"""Errors quote at most about 80 characters of what was sent, at every route and every member."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.test import EnvironBuilder

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control import arguments
from pinpoint_sms_emu.control.openapi import DESCRIBED
from pinpoint_sms_emu.control.route import Route
from pinpoint_sms_emu.control.router import ControlRouter

LONG = "x" * 50_000
ENOUGH = {
    "sender": "+14255550100",
    "recipient": "+12065550100",
    "body": "Hello",
    "event": "TEXT_BLOCKED",
    "operation": "CreatePool",
    "phone_number": "+12065550101",
    "decision": "COMPLETE",
    "text": "Hello",
}


def members() -> Iterator[tuple[Route, str]]:
    """Every member of every route that takes one, and every part of a path."""
    for route in DESCRIBED:
        names = () if route.takes_document else arguments.parameters(route.function)
        yield from ((route, name) for name in names)
        if "<" in route.path:
            yield route, ""


def sent(
    router: ControlRouter, route: Route, members: dict[str, Any], part: str
) -> tuple[int, str]:
    """Send a request with members, and return its status and its error."""
    begin, _, rest = route.path.partition("<")
    path = begin + part + rest.partition(">")[2] if rest else begin
    is_query = route.method in ("GET", "DELETE")
    environ = EnvironBuilder(
        path=path,
        method=route.method,
        query_string=members if is_query else None,
        headers={"Host": "localhost"},
    ).get_environ()
    body = b"" if is_query else json.dumps(members).encode()
    answer = router.answer(environ, body)
    if inspect.iscoroutine(answer):
        answer = asyncio.run(answer)
    if answer.status_code < 400:
        return answer.status_code, ""
    return answer.status_code, json.loads(answer.get_data())["error"]


@pytest.mark.parametrize(
    ("route", "name"), list(members()), ids=lambda each: getattr(each, "path", each) or "path"
)
def test_a_long_value_is_quoted_in_part(emulator: Emulator, route: Route, name: str):
    """A refusal of 50,000 characters is one short sentence; a text without any is no crash."""
    emulator.add_number("+12065550100")
    router = ControlRouter(emulator)
    needed = () if route.takes_document else arguments.parameters(route.function).values()
    given = {each.name: ENOUGH[each.name] for each in needed if each.required}
    part = "x" if name else LONG

    for value in (LONG, "9" * 5_000, "é" * 50_000, "", "\0"):
        if name:
            given[name] = value
        status, error = sent(router, route, given, part)

        assert status < 500
        assert len(error) < 400
        assert "\n" not in error


@pytest.mark.parametrize("path", ["/_emulator/faults", "/_emulator/outcomes"])
@pytest.mark.parametrize("times", [0, -1, 10**9 + 1, 10**400])
def test_times_are_a_number_that_every_program_reads(emulator: Emulator, path: str, times: int):
    """A number of times that no test needs is refused, and the state can be restored."""
    route = next(each for each in DESCRIBED if (each.method, each.path) == ("POST", path))
    given = (
        {"operation": "CreatePool", "cut": True}
        if path.endswith("faults")
        else {"event": "TEXT_BLOCKED"}
    )
    before = emulator.snapshot()

    status, error = sent(ControlRouter(emulator), route, {**given, "times": times}, "")

    assert status == 400
    assert error.startswith("times must be a whole number from 1 to 1000000000, not ")
    assert len(error) < 200
    assert emulator.snapshot() == before
