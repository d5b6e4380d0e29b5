"""The catalogue of rules in tests/rules: reading it and checking its form."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "rules"

REQUIRED = {"id", "rule", "operations", "source", "condition_basis"}
OPTIONAL = {
    "error",  # exception, reason, resource_type and fields of the error
    "error_basis",  # documented, or best-fit if the documentation does not name the error
    "kind",
    "launch",  # only for the operations of the first release
    "note",
    "not_emulated",  # why there is no test
    "observed",  # observed on the real service
    "reason_since",  # the Reason was added later
    "since",  # needs a model at least as new as this
}
CHOICES = {
    "condition_basis": {"observed", "documented", "partly", "inferred"},
    "error_basis": {"observed", "documented", "best-fit"},
}
ERROR = {"exception", "reason", "resource_type", "fields"}


# Users read the texts, so they must not refer to internal sources.
PRIVATE = re.compile(r"\b(API text|seed \d|launch (text|enum)|public provider|model [A-Z]\w+)\b")


class _Loader(yaml.SafeLoader):
    """YAML in which a key written twice is a mistake, not the last one wins."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 yaml's own
        keys = [self.construct_object(key) for key, _value in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.YAMLError(f"{', '.join(map(str, twice))} is written twice {node.start_mark}")
        return super().construct_mapping(node, deep)


def families() -> dict[str, list[dict[str, Any]]]:
    """Read the entries of every family."""
    return {file.stem: _read(file) for file in sorted(FOLDER.glob("*.yaml"))}


def _read(file: Path) -> list[dict[str, Any]]:
    entries = yaml.load(file.read_text(), _Loader)  # noqa: S506 it is a SafeLoader
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise ValueError(f"{file.name} is not a list of entries")
    return entries


def mistakes(entry: dict[str, Any]) -> Iterator[str]:
    """Return all mistakes in the form of an entry."""
    named = entry.get("id", f"an entry without id ({str(entry)[:60]}…)")
    for key in sorted(REQUIRED - entry.keys()):
        yield f"{named}: {key} is missing"
    for key in sorted(entry.keys() - REQUIRED - OPTIONAL):
        yield f"{named}: {key} is no key of an entry"
    for key in ("id", "rule", "source", "not_emulated", "note"):
        if key in entry and (not isinstance(entry[key], str) or not entry[key].strip()):
            yield f"{named}: {key} must be a text"
        elif private := PRIVATE.search(entry.get(key, "")):
            yield f"{named}: {key} says {private[0]}, which users do not understand"
    for key, choices in CHOICES.items():
        if key in entry and entry[key] not in choices:
            yield f"{named}: {key} must be one of {', '.join(sorted(choices))}"
    operations = entry.get("operations", [""])
    if not isinstance(operations, list) or not operations:
        yield f"{named}: operations must be a list"
    error = entry.get("error", {"exception": ""})
    if not isinstance(error, dict) or "exception" not in error or error.keys() - ERROR:
        yield f"{named}: error has an exception, and maybe reason, resource_type and fields"
