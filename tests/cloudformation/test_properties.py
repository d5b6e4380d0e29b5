"""The properties of each type: values that the schema does not allow are mistakes with a place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pinpoint_sms_emu.reference import cloudformation_schemas
from pinpoint_sms_emu.seed import seed_template
from pinpoint_sms_emu.wire.pattern_words import in_words
from tests.cloudformation import everything

SCHEMAS = cloudformation_schemas.types()
# For each property, a resource of the template that has it.
PLACES = {
    (f"AWS::SMSVOICE::{kind}", member): logical_id
    for logical_id, (kind, properties) in everything.RESOURCES.items()
    for member in properties
}
WRONG_KINDS = {"string": ["a list"], "boolean": "perhaps", "array": "text", "object": ["a list"]}


def nested(schema: dict[str, Any], path: tuple[Any, ...] = ()) -> Any:
    """Yield a schema and all schemas in it, with their paths."""
    yield path, schema
    for name, each in schema.get("properties", {}).items():
        yield from nested(each, (*path, name))
    if "items" in schema:
        yield from nested(schema["items"], (*path, 0))


def cases(wanted: str) -> list[tuple[str, str, tuple[Any, ...], dict[str, Any]]]:
    """All paths in all properties whose schema has a constraint."""
    return [
        (name, member, path, schema)
        for name, of in SCHEMAS.items()
        for member, property_schema in of.settable.items()
        for path, schema in nested(property_schema)
        if wanted in schema and has(name, member, path)
    ]


def has(name: str, member: str, path: tuple[Any, ...]) -> bool:
    """Whether the template has a value at a path."""
    value: Any = everything.RESOURCES[PLACES[name, member]][1][member]
    for step in path:
        if isinstance(value, dict) and step not in value:
            return False
        value = value[step]
    return True


def with_value(name: str, member: str, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The template with another value at a path."""
    template = everything.template()
    inner = template["Resources"][PLACES[name, member]]["Properties"]
    way = (member, *path)
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return template


def place(name: str, member: str, path: tuple[Any, ...]) -> str:
    """The path as mistakes print it."""
    steps = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return f"Resources.{PLACES[name, member]}.Properties.{member}{steps}"


def mistakes(written: Any, template: dict[str, Any]) -> list[str]:
    """All mistakes of a template, without the file's name."""
    file = written(template)
    found = seed_template.find_mistakes(file, {})
    assert all(each.startswith(f"{file}, ") for each in found)
    return [each.removeprefix(f"{file}, ") for each in found]


def test_the_template_is_valid(written):
    """The unchanged template has no mistakes."""
    assert mistakes(written, everything.template()) == []


@pytest.mark.rule("cfn-schemas")
@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("type"))
def test_wrong_types_are_refused(written, name, member, path, schema):
    """A value of the wrong type is a mistake."""
    wrong = WRONG_KINDS[schema["type"]]

    found = mistakes(written, with_value(name, member, path, wrong))

    assert any(each.startswith(f"{place(name, member, path)}: must be ") for each in found)


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("enum"))
def test_values_outside_an_enum_are_refused(written, name, member, path, schema):
    """A value that is not in the enum is a mistake that lists the allowed values."""
    [found] = mistakes(written, with_value(name, member, path, "NONSENSE"))

    expected = f"{place(name, member, path)}: must be one of {', '.join(schema['enum'])}"
    assert found == f"{expected}, not 'NONSENSE'"


# A character that matches no pattern; a blank violates those that allow any character.
UNFIT = "§ \n"


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("pattern"))
def test_values_that_violate_a_pattern_are_refused(written, name, member, path, schema):
    """A value that does not match is a mistake; the pattern of keywords works in Python too."""
    broken = {"Keyword": "stop", "Message": " ", "ChannelArn": "\n"}.get((member, *path)[-1], UNFIT)
    if member == "Tags":
        broken = "two\nlines"

    found = mistakes(written, with_value(name, member, path, broken))

    assert f"{place(name, member, path)}: {in_words(schema['pattern'])}, not {broken!r}" in found


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("maxLength"))
def test_values_that_are_too_long_are_refused(written, name, member, path, schema):
    """A value that is too long is a mistake."""
    [found, *_] = [
        each
        for each in mistakes(written, with_value(name, member, path, "A" * 2100))
        if "at most" in each
    ]

    expected = f"{place(name, member, path)}: must have at most {schema['maxLength']} characters"
    assert found.startswith(expected)


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("uniqueItems"))
def test_duplicate_entries_are_refused(written, name, member, path, schema):
    """A list with unique entries must not have one twice."""
    [found, *_] = mistakes(written, with_value(name, member, path, ["x", "x"]))

    assert found == f"{place(name, member, path)}: must have no entry twice"


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("required"))
def test_missing_members_are_refused(written, name, member, path, schema):
    """A missing required member of a structure is named."""
    found = mistakes(written, with_value(name, member, path, {}))

    for each in schema["required"]:
        assert f"{place(name, member, path)}.{each}: is required" in found


@pytest.mark.parametrize(
    ("name", "member"), [(name, each) for name, of in SCHEMAS.items() for each in of.required]
)
def test_missing_properties_are_refused(written, name, member):
    """A missing required property is the only mistake reported."""
    logical_id = PLACES[name, member]
    template = everything.template(**{logical_id: {member: None}})

    assert mistakes(written, template) == [
        f"Resources.{logical_id}.Properties.{member}: is required"
    ]


@pytest.mark.parametrize(
    ("name", "member"), [(name, each) for name, of in SCHEMAS.items() for each in of.read_only]
)
def test_read_only_properties_are_refused(written, name, member):
    """A template cannot set read-only properties."""
    logical_id = next(each for (kind, _), each in PLACES.items() if kind == name)
    template = everything.template(**{logical_id: {member: "mine"}})

    assert mistakes(written, template) == [
        f"Resources.{logical_id}.Properties.{member}: is read-only"
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_unknown_properties_are_refused(written, name):
    """An unknown property is a mistake that names the one probably meant."""
    logical_id, member = next((each, of) for (kind, of), each in PLACES.items() if kind == name)
    template = everything.template(**{logical_id: {f"{member}x": "mine"}})

    [found] = mistakes(written, template)

    expected = f"Resources.{logical_id}.Properties.{member}x: is not known"
    assert found == f"{expected}; did you mean {member}?"


def test_an_event_destination_has_one_kind(written):
    """An event destination has exactly one of the three kinds."""
    both = everything.SINKS[0] | {"SnsDestination": {"TopicArn": everything.TOPIC}}

    [found] = mistakes(written, everything.template(Set={"EventDestinations": [both]}))

    assert found == (
        "Resources.Set.Properties.EventDestinations[0]: must have exactly one of "
        "CloudWatchLogsDestination or KinesisFirehoseDestination or SnsDestination"
    )


def test_booleans_and_numbers_may_be_strings():
    """Values are converted to the schema's type, as CloudFormation does."""
    template = everything.template(
        Pool={"SharedRoutesEnabled": "True"},
        List={"OptOutListName": 2026, "Tags": [{"Key": "On", "Value": True}]},
        Policy={"PolicyDocument": json.dumps(everything.POLICY)},
    )

    assert seed_template.find_mistakes(template, {}) == []
