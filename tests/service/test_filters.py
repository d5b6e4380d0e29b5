"""A value of a filter that nothing can ever match is refused, at every door, for every filter.

The parameters are those of all public methods that find, wait for, count or clear, of all routes
that read or delete, and of all options of the command line.
"""

from __future__ import annotations

import argparse
import inspect
from collections.abc import Iterator
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, Server
from pinpoint_sms_emu.api.permissions import PolicyFilters
from pinpoint_sms_emu.control.arguments import parameters as parameters_of
from pinpoint_sms_emu.control.route import Route
from pinpoint_sms_emu.control.routes import ROUTES
from pinpoint_sms_emu.doors.command_line.main import build_parser, main
from pinpoint_sms_emu.messaging.message_queries import FiltersBesideRecipient, MessageQuery
from pinpoint_sms_emu.service.calls import CallQuery
from pinpoint_sms_emu.service.opt_outs import OptOutQuery
from tests.control.http import Control

PERSON = "+14255550100"

# Texts that nothing can match, by parameter.
IMPOSSIBLE: dict[str, tuple[str, ...]] = {
    "access_key": ("",),
    "account_id": ("", "1", "12", "1234567890123", "me", "12345678901a"),
    "after": ("", "nowhere"),
    "as": ("", "json"),
    "channel": ("", "sms", "TEXT"),
    "contains": ("",),
    "country": ("", "ZZ", "usa"),
    "direction": ("", "out"),
    "events": ("", "yes"),
    "format": ("", "xml"),
    "has_code": ("", "yes"),
    "kind": ("", "pools"),
    "length": ("", "0", "-1", "six"),
    "limit": ("", "-1", "1.5", "ten"),
    "message_id": ("",),
    "operation": ("", "SendText", "sendTextMessage"),
    "order": ("", "latest"),
    "recipient": ("", " ", "+1 425 555 0100", "(425) 555-0100", "+", "+1425555010x", "4255550100"),
    "refused": ("", "yes"),
    "region": ("", "US-EAST-1", "us_east_1", "us east 1", "*"),
    "sender": ("", " ", "+1 206 555 0100", "My Shop", "2065550100"),
    "status": ("", "delivered", "UNKNOWABLE"),
    "timeout": ("-1", "soon"),
    "times": ("", "-1", "1.5", "twice"),
    "url": ("", "nowhere"),
    "user_agent": ("",),
    "wait_seconds": ("", "-1", "soon", "nan"),
    "widen": ("", "yes"),
}
# The text to count is no filter.
NO_FILTERS = {"text"}
NUMBERS = {"length", "limit", "timeout", "times", "wait_seconds"}

FINDERS = (
    "assert_called",
    "assert_last_called_with",
    "assert_not_called",
    "clear_messages",
    "find_calls",
    "find_events",
    "find_messages",
    "find_numbers",
    "find_opt_outs",
    "policy",
    "report",
    "resources",
    "wait_for",
    "wait_for_code",
)
QUERIES = {
    f"Unpack[{each.__name__}]": each
    for each in (CallQuery, FiltersBesideRecipient, MessageQuery, OptOutQuery, PolicyFilters)
}
# What a method needs beside the parameter.
NEEDED = {
    "assert_called": {"operation": "SendTextMessage"},
    "wait_for": {"timeout": 0},
    "wait_for_code": {"recipient": PERSON, "timeout": 0},
}


def test_every_finder_is_known():
    """Every public method that finds, waits, counts or asserts is in the list."""
    found = {
        name
        for name in dir(Emulator)
        if name.startswith(("find_", "wait_for", "assert_")) and name != "assert_allowed_by"
    }

    assert found <= set(FINDERS)


def in_python() -> Iterator[tuple[str, str, Any]]:
    """Every finder, each of its parameters, and each value that can match nothing."""
    for name in FINDERS:
        for parameter in filters_of(getattr(Emulator, name)):
            for value in IMPOSSIBLE[parameter]:
                yield name, parameter, value
                if parameter in NUMBERS and value.strip("-").isdigit():
                    yield name, parameter, int(value)
            yield name, parameter, object()


def filters_of(method: Any) -> Iterator[str]:
    """The names of a method's parameters, with those of its typed dictionary."""
    for each in inspect.signature(method).parameters.values():
        if each.annotation in QUERIES:
            yield from QUERIES[each.annotation].__annotations__
        elif each.kind is not each.VAR_KEYWORD and each.name != "self":
            yield each.name


@pytest.fixture(name="filled", scope="module")
def emulator_with_a_message() -> Iterator[Emulator]:
    """An emulator with a number and a message."""
    emulator = Emulator(seed=7)
    emulator.add_number("+12065550100")
    emulator.receive("Hello", sender=PERSON, recipient="+12065550100")
    yield emulator
    emulator.close()


@pytest.mark.parametrize(("name", "parameter", "value"), list(in_python()))
def test_in_python(filled: Emulator, name: str, parameter: str, value: Any):
    """It is a ValueError, or for an unknown id a LookupError, which names the parameter."""
    given = {**NEEDED.get(name, {}), parameter: value}
    kept = filled.find_messages().total

    with pytest.raises((ValueError, LookupError)) as refused:
        getattr(filled, name)(**given)

    assert_it_is_a_sentence(str(refused.value), parameter)
    assert filled.find_messages().total == kept


def over_http() -> Iterator[tuple[Route, str, str]]:
    """Every route that is asked with a query, and each value of it that can match nothing."""
    for route in ROUTES:
        if route.method in ("GET", "DELETE"):
            for parameter in parameters_of(route.function).keys() - NO_FILTERS:
                for value in IMPOSSIBLE[parameter]:
                    yield route, parameter, value


@pytest.fixture(name="control", scope="module")
def control_plane(filled: Emulator) -> Iterator[Control]:
    """The control plane of the emulator."""
    with Server(filled) as server:
        yield Control(server.url)


@pytest.mark.parametrize(
    ("route", "parameter", "value"),
    [
        pytest.param(*each, id=f"{each[0].method} {each[0].path} {each[1]}={each[2]}")
        for each in sorted(over_http(), key=lambda each: (each[0].path, each[0].method, *each[1:]))
    ],
)
def test_over_http(filled: Emulator, control: Control, route: Route, parameter: str, value: str):
    """It is a 400, or for an unknown id a 404, with one sentence that names the parameter."""
    message_id, path = filled.messages[0].message_id, route.path
    for name in ("message_id", "request_id", "fault_id", "outcome_id"):
        path = path.replace(f"<{name}>", message_id)
    needed = {"text": "Hello"} if "text" in parameters_of(route.function) else {}

    answer = control.query(route.method, path, **needed, **{parameter: value})

    assert answer.status in (400, 404)
    assert_it_is_a_sentence(answer.error, parameter)


def on_the_command_line() -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Every command that reads or clears, and each value of an option that can match nothing."""
    for words, parser in commands(build_parser()):
        if words and words[-1] in ("add", "review", "set", "serve", "inbound", "send", "accept"):
            continue
        for action in parser._actions:
            name = action.dest
            if action.option_strings and action.nargs != 0 and name in IMPOSSIBLE:
                for value in IMPOSSIBLE[name] if name != "url" else ():
                    yield words, action.option_strings[-1], value


def commands(
    parser: argparse.ArgumentParser, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """All commands with their subcommands."""
    yield words, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from commands(each, (*words, name))


# The arguments that a command cannot do without.
POSITIONAL = {("segments",): ("Hello",), ("invitations",): (PERSON,)}


@pytest.mark.parametrize(("words", "option", "value"), list(on_the_command_line()))
def test_on_the_command_line(
    control: Control,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    option: str,
    value: str,
):
    """The command fails, with one sentence that names the option or the member."""
    given = [*words, *POSITIONAL.get(words, ()), f"{option}={value}"]
    if words != ("segments",):
        given += ["--url", f"http://{control.place}"]

    try:
        status = main(given)
    except SystemExit as ended:
        status = int(str(ended.code))

    printed = capsys.readouterr()
    assert (status in (1, 2), printed.out) == (True, "")
    assert len(printed.err.splitlines()) == 1
    assert_it_is_a_sentence(printed.err, option.removeprefix("--").replace("-", "_"))


def assert_it_is_a_sentence(text: str, parameter: str) -> None:
    """One sentence of moderate length, which says in words what it is about."""
    named = {"after": "no (call|message)", "url": "file|message|url"}.get(parameter)
    words = (parameter, parameter.replace("_", "-"), parameter.replace("_", " "))
    assert "\n" not in text.strip()
    assert len(text) < 300
    assert any(word in text for word in words) or named, text
