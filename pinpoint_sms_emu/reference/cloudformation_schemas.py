"""CloudFormation's schemas of this service's types: properties, attributes, and handlers' calls."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pinpoint_sms_emu.reference import data_files


class TypeSchema(NamedTuple):
    """The schema of a type. Names are those of properties."""

    # The JSON schema of each property.
    properties: dict[str, dict[str, Any]]
    required: list[str]
    # The properties of Ref, which are joined by a bar.
    identifier: list[str]
    read_only: list[str]
    create_only: list[str]
    write_only: list[str]
    # The operations that each handler calls: create, read, update, delete, list.
    handlers: dict[str, list[str]]

    @property
    def settable(self) -> dict[str, dict[str, Any]]:
        """The properties that a template can set."""
        return {name: each for name, each in self.properties.items() if name not in self.read_only}


@cache
def types() -> dict[str, TypeSchema]:
    """Return the types of this service, by names such as `AWS::SMSVOICE::Pool`."""
    data = data_files.read_json("cloudformation")
    return {name: TypeSchema(**schema) for name, schema in data["types"].items()}
