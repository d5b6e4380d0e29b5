"""Edited states: a value that no operation could have stored is refused, with its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.wire.model import service_model

SOAK = bool(os.environ.get("SOAK"))
OWNER = ("123456789012", "us-east-1")

# Members that have an enumeration or a country everywhere.
ENUMERATIONS = {
    "action",
    "attachment_upload_error_reason",
    "direction",
    "enabled_channels",
    "enabled_countries",
    "iso_country_code",
    "matching_event_types",
    "message_type",
    "message_types",
    "number_capabilities",
    "number_type",
    "registration_type",
    "tier",
    "tier_upgrade_status",
    "use_case",
    "voice_id",
}


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield all places of a document that have a single value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*path, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path


def edited(document: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """Copy a document with another value in one place."""
    copy = deepcopy(document)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return copy


def spelled(path: tuple[Any, ...]) -> str:
    """Format a place as errors do."""
    return "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)[1:]


def value_at(document: Any, path: tuple[Any, ...]) -> Any:
    """Return the value at a path."""
    for step in path:
        document = document[step]
    return document


@pytest.fixture
def document(everything: Emulator) -> dict[str, Any]:
    """The document of a state with every kind of resource."""
    return everything.snapshot()


def is_enumeration(path: tuple[Any, ...]) -> bool:
    """Whether a place has one of a few values."""
    name = next(each for each in reversed(path) if isinstance(each, str))
    of_resource = name == "status" and path[0] == "accounts"
    return path[0] in ("accounts", "messages") and (of_resource or name in ENUMERATIONS)


def test_unknown_enumeration_values_are_refused(document):
    """In an enumeration or a country of the service, any other value is refused."""
    places = [
        path
        for path in leaves(document)
        if is_enumeration(path) and value_at(document, path) is not None
    ]
    names = {next(each for each in reversed(path) if isinstance(each, str)) for path in places}
    assert names >= ENUMERATIONS - {"attachment_upload_error_reason", "enabled_countries"}

    for path in places:
        for word in ("x", ""):
            with pytest.raises(ValueError, match="cannot be read") as raised:
                Emulator().restore(edited(document, path, word))

            # The country of a sender ID is part of its ARN.
            is_in_arn = path[-3:-2] == ("sender_ids",) and path[-1] == "iso_country_code"
            assert spelled(path[:-1] if is_in_arn else path) in str(raised.value)


@pytest.mark.parametrize(
    ("table", "name", "value", "words"),
    [
        ("phone_numbers", "status", "VERIFIED", "status must be one of PENDING, ACTIVE"),
        ("pools", "status", "ASSOCIATING", "status must be one of CREATING, ACTIVE"),
        ("opt_out_lists", "status", "PENDING", "status must not be 'PENDING'"),
        ("phone_numbers", "opt_out_list_name", "", "must have 1 to 64 characters"),
        ("phone_numbers", "two_way_channel_arn", "x", "must have 20 to 2048 characters"),
        ("phone_numbers", "phone_number", "five", "must match"),
        ("notify_configurations", "enabled_countries", ["US", "ZZ"], "is not a country: 'ZZ'"),
        (
            "protect_configurations",
            "country_rules",
            {"SMS": {"FR": "PERHAPS"}},
            "country_rules.SMS.FR must not be 'PERHAPS'",
        ),
        (
            "protect_configurations",
            "country_rules",
            {"SMS": {"France": "BLOCK"}},
            "country_rules.SMS is not a country: 'France'",
        ),
        ("protect_configurations", "country_rules", {"FAX": {}}, "must not be 'FAX'"),
        ("rcs_agents", "testing_agent", {"status": "x"}, "testing_agent.status must be one of"),
        (
            "rcs_agents",
            "launches",
            {"ZZ": {"id": "ZZ", "sequence": 1, "registration_id": "r", "status": "ACTIVE"}},
            "launches",
        ),
    ],
)
def test_values_that_operations_would_refuse_are_refused(document, table, name, value, words):
    """A value of another enumeration, or a reference to a missing resource, is refused."""
    if name == "launches":
        value["ZZ"] |= {"rcs_platform_id": None, "carriers": {}}

    with pytest.raises(ValueError, match="cannot be read") as raised:
        Emulator().restore(edited(document, ("accounts", 0, table, 0, name), value))

    assert f"accounts[0].{table}[0].{name}" in str(raised.value)
    assert words in str(raised.value)


@pytest.mark.parametrize(
    ("name", "account_id", "words"),
    [
        ("opt_out_list_account_id", "x", "opt_out_list_name names opt-out-list Marketing"),
        ("pool_account_id", "210987654321", "pool_id names pool pool-"),
    ],
)
def test_references_are_resolved_in_their_account(document, name, account_id, words):
    """A number's list and pool must exist in the account that it names."""
    place = ("accounts", 0, "phone_numbers", 0, name)

    with pytest.raises(ValueError, match=f"{words}.*, which does not exist"):
        Emulator().restore(edited(document, place, account_id))


@pytest.mark.parametrize(
    "path",
    [
        ("sequence",),
        ("messages", "sequence"),
        ("events", "made"),
        ("scheduler", "sequence"),
        ("faults", "made"),
        ("outcomes", "made"),
    ],
)
def test_counters_that_are_behind_are_refused(document, path):
    """The next resource would have the position or the id of an existing one."""
    with pytest.raises(ValueError, match=r"must not be less than \d+, which is used") as raised:
        Emulator().restore(edited(document, path, 0))

    assert spelled(path) in str(raised.value)


ODD = {
    str: ["x", "", "0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"],
    int: [-5, 10**30],
    float: [-1.0, 1e300],
    bool: [True, False],
    type(None): ["x"],
}

# Listing operations that need no arguments.
LISTING = [
    model.name
    for model in service_model().operations.values()
    if model.name.startswith(("Describe", "List"))
    and not service_model().shapes[model.input_shape].get("required")
]


@pytest.mark.timeout(1200 if SOAK else 60)
def test_any_edit_is_refused_or_works(document):
    """Any edited value is refused, or every operation continues to work."""
    accepted = 0
    for number, path in enumerate(leaves(document)):
        if not SOAK and number % 19:
            continue
        for odd in ODD[type(value_at(document, path))]:
            emulator = Emulator()
            try:
                emulator.restore(edited(document, path, odd))
            except ValueError:
                continue
            use(emulator)
            accepted += 1
    assert accepted > 10


def use(emulator: Emulator) -> None:
    """Read everything, send from everything, advance the clock, and write the state."""
    engine = engine_of(emulator)
    for account_id, region in list(engine.state.accounts):
        for operation in LISTING:
            engine.call(operation, {}, account_id, region)
    assert emulator.resources()
    assert all(message.as_dict() for message in emulator.messages)
    if OWNER in engine.state.accounts:
        account = engine.account(*OWNER)
        origins = [*account.pools, *account.phone_numbers, *account.sender_ids]
        for origin in origins:
            send(emulator, origin.id)
    emulator.clock.advance(days=40)
    state = emulator.snapshot()
    elsewhere = Emulator()
    elsewhere.restore(json.loads(json.dumps(state)))
    assert elsewhere.snapshot() == state


def send(emulator: Emulator, origin: str) -> None:
    """Send a message of each kind; each may be refused."""
    for channel in ("Text", "Media", "Voice"):
        members = {
            "DestinationPhoneNumber": "+14255550109",
            "OriginationIdentity": origin,
            "MessageBody": "Hello",
        }
        if channel == "Media":
            members["MediaUrls"] = ["s3://bucket/key.png"]  # type: ignore[assignment]
        try:
            engine_of(emulator).call(f"Send{channel}Message", members, *OWNER)
        except ApiError as refusal:
            assert refusal.status == 400  # noqa: PT017  a refusal of the service, and no crash
