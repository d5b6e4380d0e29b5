"""Every public method refuses a value of any wrong type with one sentence, and changes nothing."""

from __future__ import annotations

import datetime as dt
import inspect
import json
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, segments
from pinpoint_sms_emu.api.permissions import PolicyFilters
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.messaging.inbound import Interactions
from pinpoint_sms_emu.messaging.message_queries import FiltersBesideRecipient, MessageQuery
from pinpoint_sms_emu.resources.added_numbers import NumberSettings
from pinpoint_sms_emu.service.calls import CallQuery
from pinpoint_sms_emu.service.opt_outs import OptOutQuery

NUMBER, PERSON = "+12065550100", "+14255550100"

ODD: list[Any] = [
    *(True, 0, -1, 10**400, float("nan"), float("inf"), "", "x", "\0", "x" * 5_000, "9" * 5_000),
    *("\ud800", ["\ud800"], {"a": "\ud800"}, {"\ud800": "a"}),
    *(
        [],
        {},
        [[]],
        {1: 2},
        {"a": None},
        b"x",
        object(),
        dt.datetime.max.replace(tzinfo=dt.UTC),
        dt.timedelta.max,
        2j,
    ),
]

# Arguments that a method needs beside the odd one.
NEEDED: dict[str, dict[str, Any]] = {
    "accept_invitation": {"tester": PERSON},
    "add_number": {"phone_number": "+12065550101"},
    "assert_allowed_by": {"policy": {"Version": "2012-10-17", "Statement": []}},
    "assert_called": {"operation": "SendTextMessage"},
    "assert_last_called_with": {"operation": "SendTextMessage"},
    "assert_not_called": {"operation": "SendTextMessage"},
    "fail": {"operation": "CreatePool", "error": "ThrottlingException"},
    "outcome": {"event": "TEXT_BLOCKED"},
    "read_media": {"message_id": "x"},
    "receive": {"body": "Hello", "sender": PERSON, "recipient": NUMBER},
    "restore": {"state": {}},
    "review": {"registration_id": "registration-x", "decision": "COMPLETE"},
    "segments": {"text": "Hello"},
    "wait_for": {"timeout": 0},
    "wait_for_code": {"recipient": PERSON, "timeout": 0},
    "find_messages": {"wait_seconds": 0},
}


def parameters() -> list[tuple[str, str]]:
    """Every named parameter of every public method, of the clock, and of `segments`."""
    found = []
    methods = {name: each for name, each in vars_of(Emulator).items() if name != "close"}
    methods |= {f"clock.{name}": getattr(Emulator().clock, name) for name in CLOCK}
    for name, method in (methods | {"segments": segments}).items():
        for each in inspect.signature(method).parameters.values():
            if each.kind is each.VAR_KEYWORD:
                further = FURTHER.get(str(each.annotation), [])
                found += [(name, member) for member in further]
            elif each.name != "self":
                found.append((name, each.name))
    return found


# The members of the arguments that several methods share, by the annotation.
FURTHER = {
    f"Unpack[{each.__name__}]": sorted(each.__annotations__)
    for each in (
        CallQuery,
        FiltersBesideRecipient,
        Interactions,
        MessageQuery,
        NumberSettings,
        OptOutQuery,
        PolicyFilters,
    )
}


def test_shared_arguments_are_known():
    """The generated cases have the arguments that are not in the signature of a method."""
    shared = {
        str(each.annotation)
        for method in vars_of(Emulator).values()
        for each in inspect.signature(method).parameters.values()
        if each.kind is each.VAR_KEYWORD
    }
    # Of assertions, they are parameters of a call; settings have tests of their own.
    assert shared - {"Any", "object", "Unpack[SettingsArguments]"} == set(FURTHER)


CLOCK = ("advance", "freeze", "set")


def vars_of(of: type) -> dict[str, Any]:
    """The public methods of a class."""
    names = [name for name in dir(of) if not name.startswith("_")]
    return {name: getattr(of, name) for name in names if callable(getattr(of, name))}


@pytest.fixture(name="filled")
def filled_emulator(emulator: Emulator) -> Emulator:
    """An emulator with a number, a message and a tester."""
    emulator.add_number(NUMBER)
    call = engine_of(emulator).call
    call("SendTextMessage", {"DestinationPhoneNumber": PERSON, "MessageBody": "Hello"})
    agent = call("CreateRcsAgent", {})["RcsAgentId"]
    call("CreateVerifiedDestinationNumber", {"DestinationPhoneNumber": PERSON, "RcsAgentId": agent})
    made = call("CreateRegistration", {"RegistrationType": "GB_SENDER_ID_REGISTRATION"})
    registration = (
        engine_of(emulator)
        .account("123456789012", "us-east-1")
        .registrations[made["RegistrationId"]]
    )
    registration.current.enter("SUBMITTED", emulator.clock.now())
    return emulator


@pytest.mark.parametrize(("name", "parameter"), parameters())
def test_a_wrong_argument_is_a_sentence(filled: Emulator, name: str, parameter: str):
    """What is refused is a ValueError, a LookupError or a failed assertion, and changes nothing."""
    for odd in ODD:
        owner: Any = filled.clock if name.startswith("clock.") else filled
        method = segments if name == "segments" else getattr(owner, name.rpartition(".")[2])
        before = filled.snapshot()
        given = {**NEEDED.get(name, {}), parameter: odd}
        if name == "review" and parameter != "registration_id":
            given["registration_id"] = submitted(filled)
            given["decision"] = odd if parameter == "decision" else "REQUIRES_UPDATES"
        first = [given.pop(parameter)] if takes_position(method, parameter) else []
        try:
            method(*first, **given)
        except (ValueError, LookupError, AssertionError, TimeoutError) as error:
            refused: Exception | None = error
        else:
            refused = None
        if refused is None:
            # Whatever is accepted can be saved and read again.
            Emulator().restore(json.loads(json.dumps(filled.snapshot(), allow_nan=False)))
        else:
            assert not isinstance(refused, KeyError | IndexError)
            assert len(str(refused)) < 600
            assert filled.snapshot() == before


def submitted(emulator: Emulator) -> str:
    """The id of the registration that can be reviewed."""
    [registration] = engine_of(emulator).account("123456789012", "us-east-1").registrations
    return registration.id


def takes_position(method: Any, parameter: str) -> bool:
    """Whether it is the first parameter, which may be given without its name."""
    first = next(iter(inspect.signature(method).parameters.values()))
    return first.name == parameter and first.kind is not first.KEYWORD_ONLY
