"""What the Service Authorization Reference says: on which resources each operation is checked."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pinpoint_sms_emu.reference import data_files

# The caller chooses their names; the ids of all other resources are AWS's choice.
NAMED_BY_CALLERS: Final = ("ConfigurationSet", "OptOutList", "SenderId")


@cache
def _data() -> dict[str, Any]:
    return data_files.read("service_authorization")


def operations() -> dict[str, list[str]]:
    """The types of resource that each operation is checked on; of many operations none."""
    known: dict[str, list[str]] = _data()["operations"]
    return known


@cache
def resource_types() -> dict[str, str]:
    """What stands before the name in the ARNs of each type: PhoneNumber is phone-number."""
    return {name: path.partition("/")[0] for name, path in _data()["resource_types"].items()}


def checks_tags(operation: str) -> bool:
    """Tell whether an operation has the tags of its request as condition keys."""
    return operation in _data()["condition_keys"]["aws:TagKeys"]
