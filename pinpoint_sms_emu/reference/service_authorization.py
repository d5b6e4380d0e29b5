"""The Service Authorization Reference: the resource types on which operations are checked."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pinpoint_sms_emu.reference import data_files

# Callers choose the names of these; AWS chooses the ids of all other resources.
NAMED_BY_CALLERS: Final = ("ConfigurationSet", "OptOutList", "SenderId")


@cache
def _data() -> dict[str, Any]:
    return data_files.read("service_authorization")


def operations() -> dict[str, list[str]]:
    """Return the resource types on which each operation is checked; many have none."""
    known: dict[str, list[str]] = _data()["operations"]
    return known


@cache
def resource_types() -> dict[str, str]:
    """Return the kind in the ARNs of each type: PhoneNumber is phone-number."""
    return {name: path.partition("/")[0] for name, path in _data()["resource_types"].items()}


def checks_tags(operation: str) -> bool:
    """Return whether the tags of an operation's request are condition keys."""
    return operation in _data()["condition_keys"]["aws:TagKeys"]
