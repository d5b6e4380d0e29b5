"""CloudFormation's schemas of this service's types: properties, attributes, and handlers' calls."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pinpoint_sms_emu.reference import data_files


class TypeSchema(NamedTuple):
    """What the schema of a type says; names are those of properties."""

    # A JSON schema for each.
    properties: dict[str, dict[str, Any]]
    required: list[str]
    # What Ref gives, joined by a bar where it is several.
    identifier: list[str]
    read_only: list[str]
    create_only: list[str]
    write_only: list[str]
    # The operations that each handler calls: create, read, update, delete, list.
    handlers: dict[str, list[str]]

    @property
    def settable(self) -> dict[str, dict[str, Any]]:
        """The properties that a template can have."""
        return {name: each for name, each in self.properties.items() if name not in self.read_only}


@cache
def types() -> dict[str, TypeSchema]:
    """The types of this service, by name, such as `AWS::SMSVOICE::Pool`."""
    data = data_files.read_json("cloudformation")
    return {name: TypeSchema(**schema) for name, schema in data["types"].items()}
