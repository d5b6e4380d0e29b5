"""Service models, read from the installed botocore's folder without importing botocore."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

SERVICE = "pinpoint-sms-voice-v2"
# The other service whose operations are emulated: those about texts.
SNS = "sns"
SIGNING_NAME = "sms-voice"
TARGET_PREFIX = "PinpointSMSVoiceV2"

# The page size if the model has no limit. SNS: "each page returns up to 100".
_PAGE_SIZE = 100


class OperationModel(NamedTuple):
    """An operation of the model: its shapes, and the members that need special handling."""

    service: str
    name: str
    input_shape: str
    output_shape: str
    errors: frozenset[str]
    token_member: str | None
    list_member: str | None
    # The shape of the list's entries.
    entry_shape: str
    # The maximum size of a list's page. AWS documents no default, so the default is the same.
    page_size: int


class ServiceModel:
    """The shapes and operations of a service, by name."""

    def __init__(self, service: str, description: dict[str, Any]) -> None:
        self.service = service
        self.shapes: dict[str, dict[str, Any]] = description["shapes"]
        self.operations = {
            name: self._operation(name, raw) for name, raw in description["operations"].items()
        }
        self.by_snake_name = {snake(name): name for name in self.operations}

    def _operation(self, name: str, raw: dict[str, Any]) -> OperationModel:
        # The answers of some operations of SNS have no members.
        input_shape, output_shape = raw["input"]["shape"], raw.get("output", {}).get("shape", "")
        taken = self.shapes[input_shape]["members"]
        members = self.shapes[output_shape]["members"] if output_shape else {}
        sizes = taken.get("MaxResults")
        tokens = [member for member, of in taken.items() if of.get("idempotencyToken")]
        lists = [member for member, of in members.items() if self.kind(of["shape"]) == "list"]
        # Every paginated operation answers with exactly one list.
        list_member = lists[0] if "next_token" in map(snake, taken) else None
        unlimited = _PAGE_SIZE if list_member else 0
        return OperationModel(
            service=self.service,
            name=name,
            input_shape=input_shape,
            output_shape=output_shape,
            errors=frozenset(error["shape"] for error in raw.get("errors", ())),
            token_member=tokens[0] if tokens else None,
            list_member=list_member,
            entry_shape=self.shapes[members[lists[0]]["shape"]]["member"]["shape"] if lists else "",
            page_size=self.shapes[sizes["shape"]]["max"] if sizes else unlimited,
        )

    def kind(self, shape: str) -> str:
        """Return the JSON kind of a shape: structure, list, map, string, integer."""
        return str(self.shapes[shape]["type"])

    def is_key_value_list(self, shape: str) -> bool:
        """Return whether a shape is a list of Key and Value, which is a mapping in Python."""
        if self.kind(shape) != "list":
            return False
        entry = self.shapes[self.shapes[shape]["member"]["shape"]]
        return set(entry.get("members", ())) == {"Key", "Value"}


@cache
def service_model() -> ServiceModel:
    """Return the model of this service."""
    return model_of(SERVICE)


@cache
def model_of(service: str) -> ServiceModel:
    """Read the newest API version of the installed botocore, and cache it."""
    import gzip  # noqa: PLC0415  a block without calls reads no model

    package = find_spec("botocore")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("botocore is not installed: pip install botocore")
    versions = Path(package.submodule_search_locations[0], "data", service)
    file = max(versions.glob("*/service-2.json.gz"))
    return ServiceModel(service, json.loads(gzip.decompress(file.read_bytes())))


_WORD_STARTS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@cache
def snake(wire_name: str) -> str:
    """Convert an AWS name to snake case: IsoCountryCode becomes iso_country_code."""
    return _WORD_STARTS.sub("_", wire_name).lower()


@cache
def field_name(python_name: str) -> str:
    """Convert an argument to the spelling in an error's Fields: isoCountryCode."""
    first, *rest = python_name.split("_")
    return first + "".join(word.capitalize() for word in rest)
