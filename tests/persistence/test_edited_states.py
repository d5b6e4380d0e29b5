"""Edited states: a value that no operation could have stored is refused, with its place."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.control.administration import export_seed, export_template
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.errors import ApiError
from pinpoint_sms_emu.state.scheduler import JOBS
from pinpoint_sms_emu.wire.model import service_model

SOAK = bool(os.environ.get("SOAK"))
OWNER = ("123456789012", "us-east-1")
# Bytes as a state has them.
BYTES = {"__bytes__": "AA=="}

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
        ("phone_numbers", "phone_number", "five", "must be a phone number in E.164 form"),
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


@pytest.mark.since("1.43.11")
def test_the_agent_of_a_tester_must_exist(emulator):
    """Otherwise, the tester could not accept the invitation."""
    call = engine_of(emulator).call
    agent = call("CreateRcsAgent", {})["RcsAgentId"]
    members = {"DestinationPhoneNumber": "+14255550100", "RcsAgentId": agent}
    call("CreateVerifiedDestinationNumber", members)
    place = ("accounts", 0, "verified_destination_numbers", 0, "rcs_agent_id")

    with pytest.raises(ValueError, match="names rcs-agent rcs-nobody, which does not exist"):
        Emulator().restore(edited(emulator.snapshot(), place, "rcs-nobody"))


@pytest.mark.parametrize(
    "place", [("template", "Metadata"), ("resources", 0, "attributes", "OptOutListArn")]
)
def test_a_stack_is_json(place):
    """A template and attributes are answered as JSON."""
    resources = {"List": {"Type": "AWS::SMSVOICE::OptOutList", "Properties": {}}}
    state = Emulator(seed_file={"Resources": resources}).snapshot()

    with pytest.raises(ValueError, match=f"stack.*{place[-2]} must be JSON"):
        Emulator().restore(edited(state, ("stack", *place), BYTES))


@pytest.mark.pinpoint_sms(transition_seconds=60)
@pytest.mark.parametrize("job", sorted(JOBS))
def test_a_job_for_another_kind_is_refused(emulator, job):
    """A job that is for no pools would break every call when it is due."""
    call = engine_of(emulator).call
    number = emulator.add_number("+12065550100").id
    call("CreatePool", {"OriginationIdentity": number, "MessageType": "TRANSACTIONAL"})
    state = edited(emulator.snapshot(), ("scheduler", "entries", 0, "job"), job)
    other = Emulator()

    if job in {"activate", "remove_deleted"}:
        other.restore(state)
        other.clock.advance(seconds=61)
        assert other.snapshot()["scheduler"]["entries"] == []
    else:
        with pytest.raises(ValueError, match=f"cannot run: {job}"):
            other.restore(state)


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


SINK = ("event_destinations", "topic", "sns_destination")


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("accounts", 0, "opt_out_lists", 0), None, "opt_out_lists lacks the list Default"),
        (("accounts", 0, "phone_numbers", 0, "keywords", "HELP"), None, "keywords lacks HELP"),
        (("accounts", 0, "pools", 0, "keywords", "STOP"), None, "keywords lacks STOP"),
        (
            ("accounts", 0, "pools", 0, "keywords", "STOP", "sequence"),
            0,
            "keywords.STOP.sequence must be at least 1",
        ),
        (("accounts", 0, "registrations", 0, "versions"), [], "versions must have a version"),
        (
            ("accounts", 0, "registrations", 0, "versions", 0, "sequence"),
            2,
            "versions[0].sequence must be 1",
        ),
        (
            ("accounts", 0, "configuration_sets", 0, *SINK),
            {},
            "sns_destination lacks topic_arn",
        ),
        (
            ("accounts", 0, "configuration_sets", 0, *SINK),
            "null",
            "must have one of cloud_watch_logs_destination",
        ),
        (("accounts", 0, "within_a_day", "window"), 0, "within_a_day.window must be 86400 seconds"),
        (("accounts", 0, "within_a_day", "times", "x"), [], "times.x must have a time"),
        (
            ("accounts", 0, "within_a_day", "times", "x"),
            ["2030-01-01T00:00:00+00:00", "2029-01-01T00:00:00+00:00"],
            "times.x must be in the order of time",
        ),
        (("accounts", 0, "phone_numbers", 0, "policy"), "x", "policy is not a resource policy"),
        (("accounts", 0, "spend_limit_overrides", "FAX"), 1, "is not a kind of messages: 'FAX'"),
        (("accounts", 0, "spend_limit_overrides", "TEXT"), -1, "TEXT must be at least 0"),
        (("accounts", 0, "sns_attributes", "Unknown"), "a", "Unknown is not an attribute of SNS"),
        (
            ("accounts", 0, "sns_attributes", "DeliveryStatusSuccessSamplingRate"),
            "many",
            "with a possible value: 'many'",
        ),
        (("messages", "kept", 0, "parts"), 0, "kept[0].parts must be at least 1"),
        (("messages", "kept", 0, "parts"), 10**400, "kept[0].parts must be a smaller number"),
        (("messages", "kept", 0, "two_way_payload"), {}, "is only for inbound messages"),
        (
            ("messages", "kept", 2, "pending_events"),
            ["TEXT_DELIVERED"],
            "is only for outbound messages",
        ),
        (("messages", "kept", 0, "rcs_content"), {}, "rcs_content Content is required"),
        (("messages", "kept", 0, "rcs_content"), {"x": 1}, "has the unknown member 'x'"),
        (("messages", "kept", 0, "rcs_content"), {"content": 5}, "Content is not of type"),
        (
            ("messages", "kept", 0, "rcs_content"),
            {"content": {"rich_card": {"card_orientation": "X", "card_content": {"title": "x"}}}},
            "CardOrientation must be one of",
        ),
        (("messages", "kept", 0, "price"), float("nan"), "price must be a number, not nan"),
        (("messages", "kept", 0, "context"), {"a": "\ud800"}, "must be Unicode characters"),
        (("messages", "kept", 0, "context"), {1: "a"}, "context must be a text, not 1"),
        (("messages", "kept", 2, "two_way_payload", "x"), {1: 2}, "must be a text, not 1"),
        (("messages", "kept", 2, "two_way_payload", "x"), float("inf"), "must be a number"),
        (
            ("messages", "kept", 2, "two_way_payload", "x"),
            BYTES,
            "kept[2].two_way_payload must be JSON",
        ),
        (
            ("events", "published", 0, "account_event", "detail", "x"),
            {"__time__": "2030-01-01T00:00:00+00:00"},
            "published[0].account_event.detail must be JSON",
        ),
        (
            ("tokens", 0, "answers", "CreatePool x"),
            {"fingerprint": "", "at": "2030-01-01T00:00:00+00:00", "answer": {"x": BYTES}},
            "tokens[0].answers.CreatePool x.answer must be JSON",
        ),
        (("messages", "kept", 2, "interaction"), {"x": BYTES}, "interaction must be JSON"),
        (("events", "published", 0, "deliveries"), [], "published[0].deliveries must have a"),
        (("events", "published", 0, "deliveries", 0, "status"), "x", "status must not be 'x'"),
        (
            ("accounts", 0, "pools", 0, "created_timestamp"),
            "9999-12-31T23:59:59-14:00",
            "created_timestamp must be an ISO 8601 time",
        ),
    ],
)
def test_what_operations_rely_on(document, path, value, words):
    """Entries that always exist cannot be left out, and attributes fit each other."""
    broken = edited(document, path, None if value == "null" else value)
    if value is None:
        del value_at(broken, path[:-1])[path[-1]]

    emulator = Emulator()
    before = emulator.snapshot()
    with pytest.raises(ValueError, match=re.escape(words)) as refused:
        emulator.restore(broken)

    assert len(str(refused.value)) < 300
    assert emulator.snapshot() == before


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


def nodes(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Go through all places of a document: single values, lists and objects."""
    inside = enumerate(value) if isinstance(value, list) else ()
    for name, inner in value.items() if isinstance(value, dict) else inside:
        yield (*path, name)
        yield from nodes(inner, (*path, name))


DROPPED, DOUBLED = object(), object()

# Values of every type, for every place.
ANY = [
    *(None, True, 0, -1, 10**400, float("nan"), 1e300, "", "x", "\0", "\ud800"),
    *([], {}, [[]], [{}], {"": None}, {1: 2}, {"__time__": "x"}, object(), b"x", (1, 2)),
]


@pytest.mark.timeout(2400)
def test_any_place_may_be_lost_doubled_or_another_type(document):
    """An edited list, object or value is refused, or everything continues to work."""
    accepted = 0
    for number, path in enumerate(nodes(document)):
        for odd, value in enumerate((DROPPED, DOUBLED, *ANY)):
            if not SOAK and (number + odd) % 97:
                continue
            copy = edited(document, path, value)
            place = value_at(copy, path[:-1])
            if value is DROPPED:
                del place[path[-1]]
            elif value is DOUBLED and isinstance(place, list):
                place[path[-1]] = value_at(document, path)
                place.insert(path[-1], value_at(document, path))
            emulator = Emulator()
            before = emulator.snapshot()
            try:
                emulator.restore(copy)
            except ValueError:
                assert emulator.snapshot() == before
                continue
            use(emulator)
            accepted += 1
    assert accepted > 10


def test_records_have_places_of_their_own():
    """Two event records cannot have the same place in the order of all."""
    emulator = Emulator()
    emulator.add_number("+12065550100")
    for recipient in ("+14255550100", "+14255550101"):
        engine_of(emulator).call(
            "SendTextMessage", {"DestinationPhoneNumber": recipient, "MessageBody": "Hello"}
        )
    document = emulator.snapshot()
    path = ("messages", "kept", 1, "history", 0, "sequence")

    with pytest.raises(ValueError, match=re.escape(f"{spelled(path)} occurs twice: 1")):
        Emulator().restore(edited(document, path, 1))


@pytest.mark.timeout(1200)
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
    assert emulator.report()
    assert export_seed(emulator).data
    for account_id, region in list(engine.state.accounts):
        assert asyncio.run(export_template(emulator, account_id=account_id, region=region))
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
