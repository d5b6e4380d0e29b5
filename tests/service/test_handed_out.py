"""Returned objects are copies: every public name, whatever it returns."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from contextlib import suppress
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from pinpoint_sms_emu import Emulator, NotAnsweredError, Server, UndecidableError
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import (
    ApiError,
    InternalServerException,
    InvalidArnError,
    ResourceNotFoundException,
    ResourceReference,
    ThrottlingException,
)
from pinpoint_sms_emu.persistence.codec import DocumentError
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.sns.errors import SnsError

NUMBER, PERSON, REGISTRATION = "+12065550100", "+14255550100", "US_TOLL_FREE_REGISTRATION"
ROLE = "arn:aws:iam::123456789012:role/sms"

# Arguments for methods that need some; `made` has the ids of the created resources.
ARGUMENTS: dict[str, Any] = {
    "accept_invitation": lambda made: ((made["tester"],), {}),
    "add_number": lambda _made: (("+12065550101",), {"tags": {"a": "b"}}),
    "assert_allowed_by": lambda _made: ((ALLOW_ALL,), {}),
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
ALLOW_ALL = """{
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}
}"""
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


def handed_out(emulator: Emulator, sms: Any, made: dict[str, Any], name: str) -> Any:
    """What a public name is or returns; the arguments are changed afterwards."""
    sms.send_text_message(
        DestinationPhoneNumber=PERSON, OriginationIdentity=NUMBER, MessageBody="482913"
    )
    found = getattr(emulator, name)
    if callable(found):
        arguments, named = ARGUMENTS.get(name, lambda _made: ((), {}))(made)
        found = found(*arguments, **named)
        spoil((arguments, named), set())
    return found


@pytest.mark.rule("proto-copies")
@pytest.mark.parametrize("name", PUBLIC)
def test_returned_objects_are_copies(emulator: Emulator, sms: Any, made, name: str):
    """Changing returned lists and mappings does not change anything else."""
    found = handed_out(emulator, sms, made, name)
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


# Copies that users can make.

COPIED = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda each: pickle.loads(pickle.dumps(each)),  # noqa: S301  written a moment ago
}
# They act on the emulator, or are it.
LIVE = {"clock", "stack"}


def everything_in(value: Any, seen: dict[int, Any]) -> dict[int, Any]:
    """Every object in an object, also in attributes and properties, by its id."""
    if id(value) not in seen and not isinstance(value, type):
        seen[id(value)] = value
        for inner in _inside(value):
            everything_in(inner, seen)
    return seen


@pytest.mark.parametrize("name", sorted(set(PUBLIC) - LIVE))
def test_returned_objects_can_be_copied(emulator: Emulator, sms: Any, made, name: str):
    """A copy of a returned object, or of anything in it, equals it and looks like it."""
    with pytest.raises(ClientError):
        sms.delete_pool(PoolId="pool-unknown")
    found = handed_out(emulator, sms, made, name)

    for each in everything_in(found, {}).values():
        for way in COPIED.values():
            copied = way(each)
            assert copied == each
            assert repr(copied) == repr(each)


@pytest.mark.parametrize("way", COPIED.values(), ids=COPIED)
def test_settings_can_be_copied(tmp_path: Path, way: Callable[[Any], Any]):
    """Settings with a value each can be copied, and their copies can be changed."""
    keys = tmp_path / "keys"
    keys.write_text("KEY SECRET\n")
    template = {"Resources": {"P": {"Type": "AWS::SMSVOICE::OptOutList"}}}
    given = {
        "quotas": {"POOLS_PER_ACCOUNT": 1},
        "seed_file": template,
        "seed_parameters": {"Stage": "prod"},
        "signing_keys": keys,
        "policies": {"KEY": {"Version": "2012-10-17", "Statement": []}},
        "pass_through": ["http://localhost:4566"],
        "seed": 7,
    }
    settings = Settings.of(**given)

    copied = way(settings)

    assert copied == settings
    assert repr(copied) == repr(settings)
    assert dict(copied.quotas) == dict(settings.quotas)


@pytest.mark.parametrize("way", COPIED.values(), ids=COPIED)
def test_live_objects_cannot_be_copied(emulator: Emulator, way: Callable[[Any], Any]):
    """An emulator, its clock, its stack and its server say how to copy a state."""
    for each in (emulator, emulator.clock, emulator.stack, Server(emulator)):
        kind = type(each).__name__
        with pytest.raises(TypeError, match=rf"^{kind} cannot be copied or pickled: .*restore"):
            way(each)


def every_kind_of(error: type[Exception]) -> list[type[Exception]]:
    """The classes derived from a class of errors."""
    return [each for below in error.__subclasses__() for each in (below, *every_kind_of(below))]


ERRORS = [*every_kind_of(ApiError), NotAnsweredError, UndecidableError, DocumentError]
ERROR_ARGUMENTS: dict[type[Exception], tuple[Any, ...]] = {
    InternalServerException: (),
    InvalidArnError: ("arn:aws:x", "has no service"),
    ResourceNotFoundException: (ResourceReference("pool", "pool-1"),),
    SnsError: ("InvalidParameter", "Invalid parameter: Name", 400, [{"Name": "Name"}]),
    ThrottlingException: (),
}


@pytest.mark.parametrize("error", ERRORS, ids=lambda each: each.__name__)
def test_errors_can_be_copied(error: type[Exception]):
    """A copy of an error has its class, its text and its attributes: processes pass errors on."""
    raised = error(*ERROR_ARGUMENTS.get(error, ("WHY",)))

    for way in COPIED.values():
        copied = way(raised)
        assert type(copied) is error
        assert str(copied) == str(raised)
        assert vars(copied) == vars(raised)
        assert copied.args == raised.args
