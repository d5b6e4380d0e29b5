"""Writes what the package ships of the catalogue: the rules that name an error.

python -m tests.rules_data
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.wire.model import service_model
from tests import catalogue

FILE = Path(__file__).parent.parent / "pinpoint_sms_emu/reference/data/rules.json"


def rules() -> list[dict[str, Any]]:
    """The rules that a refusal can enforce, in the order of the catalogue."""
    return [
        {
            "id": entry["id"],
            "text": entry["rule"],
            "source": entry["source"],
            "basis": entry["condition_basis"],
            "operations": _operations(entry["operations"]),
            "error": entry["error"],
        }
        for family in catalogue.families().values()
        for entry in family
        if "error" in entry and "not_emulated" not in entry
    ]


def _operations(named: list[str]) -> list[str]:
    return sorted(service_model().operations) if named == ["*"] else named


def text() -> str:
    """One rule a line, so that a change of one is a change of one."""
    lines = (json.dumps(rule, ensure_ascii=False, separators=(",", ":")) for rule in rules())
    return "[\n" + ",\n".join(lines) + "\n]\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
