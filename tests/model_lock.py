"""A checksum of each operation's shapes: `python -m tests.model_lock` accepts today's."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.wire.model import service_model

FILE = Path(__file__).parent / "model.lock"


def checksums() -> dict[str, str]:
    """Compute the checksum of every operation of the installed model."""
    return {name: _checksum(name) for name in sorted(service_model().operations)}


def _checksum(operation: str) -> str:
    model = service_model().operations[operation]
    names = [model.input_shape, model.output_shape, *sorted(model.errors)]
    tree = json.dumps([_tree(name) for name in names], sort_keys=True)
    return sha256(tree.encode()).hexdigest()[:16]


def _tree(name: str) -> Any:
    shape = service_model().shapes[name]
    inner = {key: value for key, value in shape.items() if key != "documentation"}
    if "members" in inner:
        inner["members"] = [
            {**_bare(of), "name": member, "shape": _tree(of["shape"])}
            for member, of in inner["members"].items()
        ]
    for key in ("member", "key", "value"):
        if key in inner:
            inner[key] = _tree(inner[key]["shape"])
    return inner


def _bare(member: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in member.items() if key != "documentation"}


def locked() -> dict[str, str]:
    """Read the accepted checksums of the operations."""
    lines = FILE.read_text().splitlines()
    return dict(line.split() for line in lines if line and not line.startswith("#"))


if __name__ == "__main__":
    head = (
        "# The shapes that were last looked at, by operation. Made by: python -m tests.model_lock\n"
    )
    FILE.write_text(head + "".join(f"{name} {sum_}\n" for name, sum_ in checksums().items()))
