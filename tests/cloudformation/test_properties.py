"""Each property of each type: what its schema does not allow is a mistake, at its place."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pinpoint_sms_emu.reference import cloudformation_schemas
from pinpoint_sms_emu.seed import seed_template
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
    """Go through a schema and all that are inside it, with the way there in a value."""
    yield path, schema
    for name, each in schema.get("properties", {}).items():
        yield from nested(each, (*path, name))
    if "items" in schema:
        yield from nested(schema["items"], (*path, 0))


def cases(wanted: str) -> list[tuple[str, str, tuple[Any, ...], dict[str, Any]]]:
    """All places in all properties whose schema says something."""
    return [
        (name, member, path, schema)
        for name, of in SCHEMAS.items()
        for member, property_schema in of.settable.items()
        for path, schema in nested(property_schema)
        if wanted in schema and has(name, member, path)
    ]


def has(name: str, member: str, path: tuple[Any, ...]) -> bool:
    """Tell whether the template has a value there."""
    value: Any = everything.RESOURCES[PLACES[name, member]][1][member]
    for step in path:
        if isinstance(value, dict) and step not in value:
            return False
        value = value[step]
    return True


def with_value(name: str, member: str, path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The template with another value at a place."""
    template = everything.template()
    inner = template["Resources"][PLACES[name, member]]["Properties"]
    way = (member, *path)
    for step in way[:-1]:
        inner = inner[step]
    inner[way[-1]] = value
    return template


def place(name: str, member: str, path: tuple[Any, ...]) -> str:
    """How a mistake names the place."""
    steps = "".join(f"[{each}]" if isinstance(each, int) else f".{each}" for each in path)
    return f"Resources.{PLACES[name, member]}.Properties.{member}{steps}"


def mistakes(written: Any, template: dict[str, Any]) -> list[str]:
    """All mistakes of a template, without the name of its file."""
    file = written(template)
    found = seed_template.find_mistakes(file, {})
    assert all(each.startswith(f"{file}, ") for each in found)
    return [each.removeprefix(f"{file}, ") for each in found]


def test_nothing_is_wrong(written):
    """The template itself has no mistake."""
    assert mistakes(written, everything.template()) == []


@pytest.mark.rule("cfn-schemas")
@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("type"))
def test_kinds(written, name, member, path, schema):
    """A value of another kind is refused."""
    wrong = WRONG_KINDS[schema["type"]]

    found = mistakes(written, with_value(name, member, path, wrong))

    assert any(each.startswith(f"{place(name, member, path)}: must be ") for each in found)


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("enum"))
def test_enums(written, name, member, path, schema):
    """A value that the enum does not have is refused, and those that it has are named."""
    [found] = mistakes(written, with_value(name, member, path, "NONSENSE"))

    expected = f"{place(name, member, path)}: must be one of {', '.join(schema['enum'])}"
    assert found == f"{expected}, not 'NONSENSE'"


# A character that no pattern has; a blank text breaks those that take anything else.
UNFIT = "§ \n"


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("pattern"))
def test_patterns(written, name, member, path, schema):
    """A value that does not match is refused; the pattern of keywords is one for Python too."""
    broken = {"Keyword": "stop", "Message": " ", "ChannelArn": "\n"}.get((member, *path)[-1], UNFIT)
    if member == "Tags":
        broken = "two\nlines"

    found = mistakes(written, with_value(name, member, path, broken))

    assert f"{place(name, member, path)}: must match {schema['pattern']}, not {broken!r}" in found


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("maxLength"))
def test_lengths(written, name, member, path, schema):
    """A value that is too long is refused."""
    [found, *_] = [
        each
        for each in mistakes(written, with_value(name, member, path, "A" * 2100))
        if "at most" in each
    ]

    expected = f"{place(name, member, path)}: must have at most {schema['maxLength']} characters"
    assert found.startswith(expected)


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("uniqueItems"))
def test_entries_that_are_twice(written, name, member, path, schema):
    """A list has no entry twice."""
    [found, *_] = mistakes(written, with_value(name, member, path, ["x", "x"]))

    assert found == f"{place(name, member, path)}: must have no entry twice"


@pytest.mark.parametrize(("name", "member", "path", "schema"), cases("required"))
def test_members_that_are_required(written, name, member, path, schema):
    """What is left out of a structure is named."""
    found = mistakes(written, with_value(name, member, path, {}))

    for each in schema["required"]:
        assert f"{place(name, member, path)}.{each}: is required" in found


@pytest.mark.parametrize(
    ("name", "member"), [(name, each) for name, of in SCHEMAS.items() for each in of.required]
)
def test_properties_that_are_required(written, name, member):
    """A property that must be there is named, and nothing else."""
    logical_id = PLACES[name, member]
    template = everything.template(**{logical_id: {member: None}})

    assert mistakes(written, template) == [
        f"Resources.{logical_id}.Properties.{member}: is required"
    ]


@pytest.mark.parametrize(
    ("name", "member"), [(name, each) for name, of in SCHEMAS.items() for each in of.read_only]
)
def test_properties_that_are_read_only(written, name, member):
    """A template sets nothing that only AWS sets."""
    logical_id = next(each for (kind, _), each in PLACES.items() if kind == name)
    template = everything.template(**{logical_id: {member: "mine"}})

    assert mistakes(written, template) == [
        f"Resources.{logical_id}.Properties.{member}: is read-only"
    ]


@pytest.mark.parametrize("name", SCHEMAS)
def test_properties_that_are_unknown(written, name):
    """A property that the type does not have is refused, with the one that is meant."""
    logical_id, member = next((each, of) for (kind, of), each in PLACES.items() if kind == name)
    template = everything.template(**{logical_id: {f"{member}x": "mine"}})

    [found] = mistakes(written, template)

    expected = f"Resources.{logical_id}.Properties.{member}x: is not known"
    assert found == f"{expected}; perhaps {member} is meant"


def test_one_destination_of_several(written):
    """An event destination has exactly one of the three kinds."""
    both = everything.SINKS[0] | {"SnsDestination": {"TopicArn": everything.TOPIC}}

    [found] = mistakes(written, everything.template(Set={"EventDestinations": [both]}))

    assert found == (
        "Resources.Set.Properties.EventDestinations[0]: must have exactly one of "
        "CloudWatchLogsDestination or KinesisFirehoseDestination or SnsDestination"
    )


def test_flags_and_numbers_as_text():
    """CloudFormation makes of each value what the schema wants."""
    template = everything.template(
        Pool={"SharedRoutesEnabled": "True"},
        List={"OptOutListName": 2026, "Tags": [{"Key": "On", "Value": True}]},
        Policy={"PolicyDocument": json.dumps(everything.POLICY)},
    )

    assert seed_template.find_mistakes(template, {}) == []
