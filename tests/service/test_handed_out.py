"""Returned objects are copies: every public name, whatever it returns."""

from __future__ import annotations

import copy
import json
import pickle
from contextlib import suppress
from dataclasses import fields, is_dataclass
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of

NUMBER, PERSON, REGISTRATION = "+12065550100", "+14255550100", "US_TOLL_FREE_REGISTRATION"
ROLE = "arn:aws:iam::123456789012:role/sms"

# Arguments for methods that need some; `made` has the ids of the created resources.
ARGUMENTS: dict[str, Any] = {
    "accept_invitation": lambda made: ((made["tester"],), {}),
    "add_number": lambda _made: (("+12065550101",), {"tags": {"a": "b"}}),
    "assert_allowed_by": lambda _made: (({"Version": "2012-10-17", "Statement": [ALLOW]},), {}),
    "assert_called": lambda _made: (("SendTextMessage",), {}),
    "assert_last_called_with": lambda _made: (("SendTextMessage",), {}),
    "assert_not_called": lambda _made: (("CreatePool",), {}),
    "fail": lambda _made: (("CreatePool", "ThrottlingException"), {"times": 3}),
    "outcome": lambda _made: (("TEXT_BLOCKED",), {"times": 3}),
    "receive": lambda _made: (("Hi",), {"sender": PERSON, "recipient": NUMBER}),
    "restore": lambda made: ((copy.deepcopy(made["state"]),), {}),
    "review": lambda made: ((made["registration"], "CLOSED"), {}),
    "wait_for_code": lambda _made: ((), {"recipient": PERSON}),
}
ALLOW = {"Effect": "Allow", "Action": "*", "Resource": "*"}
# It needs S3, and returns bytes.
WITHOUT_STATE = {"read_media"}
PUBLIC = sorted(
    name for name in dir(Emulator) if not name.startswith("_") and name not in WITHOUT_STATE
)


def spoil(value: Any, seen: set[int]) -> None:
    """Change every list and mapping in an object, also in attributes and properties."""
    if id(value) in seen or isinstance(value, type):
        return
    seen.add(id(value))
    for inner in _inside(value):
        spoil(inner, seen)
    with suppress(TypeError):
        if isinstance(value, dict):
            value["spoilt"] = "spoilt"
        elif isinstance(value, list):
            value.append("spoilt")
    with suppress(TypeError):
        if isinstance(value, dict | list):
            value.clear()


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    if isinstance(value, list | tuple | set):
        return list(value)
    if not is_dataclass(value):
        return []
    named = {each.name for each in fields(value)} | {
        name for name, each in vars(type(value)).items() if isinstance(each, property)
    }
    return [getattr(value, name) for name in named if not name.startswith("_")]


@pytest.fixture
def made(emulator: Emulator) -> dict[str, Any]:
    """Create an object of every returned kind, with lists and mappings in it."""
    call = engine_of(emulator).call
    emulator.clock.freeze()
    emulator.add_number(NUMBER, tags={"a": "b"})
    two_way = {"TwoWayEnabled": True, "TwoWayChannelArn": "arn:aws:sns:us-east-1:123456789012:t"}
    number = emulator.numbers[0].id
    call("UpdatePhoneNumber", {"PhoneNumberId": number, **two_way})
    call(
        "SendTextMessage",
        {
            "DestinationPhoneNumber": PERSON,
            "OriginationIdentity": NUMBER,
            "MessageBody": "Your code is 123456",
            "Context": {"a": "b"},
            "DestinationCountryParameters": {"IN_ENTITY_ID": "1"},
        },
    )
    agent = call("CreateRcsAgent", {})["RcsAgentId"]
    tester = {"DestinationPhoneNumber": PERSON, "RcsAgentId": agent}
    tester = call("CreateVerifiedDestinationNumber", tester)
    registration = call("CreateRegistration", {"RegistrationType": REGISTRATION})["RegistrationId"]
    toll_free = emulator.add_number("+18885550100", number_type="TOLL_FREE").id
    named = {"RegistrationId": registration}
    call("CreateRegistrationAssociation", {**named, "ResourceId": toll_free})
    call("SubmitRegistrationVersion", named)
    emulator.receive("HELP", sender=PERSON, recipient=NUMBER)
    emulator.fail("CreatePool", "ThrottlingException", times=3)
    emulator.outcome("TEXT_BLOCKED", times=3)
    return {
        "tester": tester["VerifiedDestinationNumberId"],
        "registration": registration,
        "state": emulator.snapshot(),
    }


def seen_by_all(emulator: Emulator) -> str:
    """Everything that can be read from an emulator."""
    parts = [emulator.snapshot(), [each.as_dict() for each in emulator.calls]]
    return json.dumps(parts) + repr(emulator.settings)


@pytest.mark.rule("proto-copies")
@pytest.mark.parametrize("name", PUBLIC)
def test_returned_objects_are_copies(emulator: Emulator, sms: Any, made, name: str):
    """Changing returned lists and mappings does not change anything else."""
    sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MessageBody="482913"
    )
    found = getattr(emulator, name)
    if callable(found):
        arguments, named = ARGUMENTS.get(name, lambda _made: ((), {}))(made)
        found = found(*arguments, **named)
        spoil((arguments, named), set())
    before = seen_by_all(emulator)

    spoil(found, set())

    assert seen_by_all(emulator) == before


def test_a_message_is_read_only_and_its_copies_are_not(emulator: Emulator, made):
    """The lists and mappings of a message behave like others, but are read-only."""
    message = emulator.find_messages(direction="outbound").messages[0]

    for change in (
        lambda: message.context.update(c="d"),
        lambda: message.context.pop("a"),
        lambda: message.media_urls.append("s3://bucket/key"),
    ):
        with pytest.raises(TypeError, match="copy it first"):
            change()
    assert message.context == {"a": "b"}
    assert json.dumps(message.context) == '{"a": "b"}'
    assert message.media_urls == []
    for copied in (
        copy.copy(message.context),
        copy.deepcopy(message.context),
        pickle.loads(pickle.dumps(message.context)),  # noqa: S301  what was written a moment ago
        message.context.copy(),
        message.as_dict()["context"],
    ):
        copied["c"] = "d"
        assert copied == {"a": "b", "c": "d"}
    for urls in (copy.copy(message.media_urls), message.media_urls.copy()):
        urls.append("s3://bucket/key")
        assert message.media_urls == []
