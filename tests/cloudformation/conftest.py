"""Fixtures of the CloudFormation tests: deployed stacks, template files, and reading resources."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu import Emulator, mock_sms
from pinpoint_sms_emu.cloudformation.caller import Caller
from pinpoint_sms_emu.cloudformation.type_table import TYPES
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.service.stacks import StackResource
from tests.cloudformation import everything


@pytest.fixture
def stacked() -> Iterator[Emulator]:
    """An emulator with the whole template deployed."""
    with mock_sms(seed_file=everything.template(), seed=7) as sms:
        yield sms


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Write a template to a file."""

    def write(template: dict[str, Any] | str, name: str = "template.json") -> Path:
        file = tmp_path / name
        file.write_text(template if isinstance(template, str) else json.dumps(template), "utf-8")
        return file

    return write


def record(sms: Emulator, logical_id: str) -> tuple[StackResource, Caller]:
    """The stack's record of a resource, and its handler's caller."""
    stack = engine_of(sms).state.stack
    assert stack is not None
    [found] = [each for each in stack.resources if each.logical_id == logical_id]
    return found, Caller(engine_of(sms), stack.account_id, stack.region)


def read(sms: Emulator, logical_id: str) -> dict[str, Any]:
    """What a resource's read handler returns."""
    found, caller = record(sms, logical_id)
    return TYPES[found.type].read_resource(caller, found.attributes)


def properties(sms: Emulator, logical_id: str) -> dict[str, Any]:
    """A resource's properties in its template, without write-only ones."""
    found, _ = record(sms, logical_id)
    hidden = TYPES[found.type].schema.write_only
    return {name: each for name, each in found.properties.items() if name not in hidden}


def listed(wanted: dict[str, Any], is_read: dict[str, Any]) -> dict[str, Any]:
    """The read values of the properties in a template, in the template's order."""
    return {name: _like(each, is_read.get(name)) for name, each in wanted.items()}


def _like(wanted: Any, is_read: Any) -> Any:
    if isinstance(wanted, list) and isinstance(is_read, list):
        # The read handler returns a protect configuration's rules for every country.
        kept = (
            [each for each in is_read if each.get("ProtectStatus") != "ALLOW"]
            if (wanted and isinstance(wanted[0], dict))
            else is_read
        )
        return sorted(kept, key=lambda each: wanted.index(each) if each in wanted else len(wanted))
    if isinstance(wanted, dict) and isinstance(is_read, dict):
        return {name: _like(each, is_read.get(name)) for name, each in wanted.items()}
    return is_read


def changing(calls: list[Any]) -> list[str]:
    """The operations that change something."""
    return [
        each.operation
        for each in calls
        if not each.operation.startswith(("Describe", "Get", "List"))
    ]
