"""The data files: each says where its facts come from, and which of them are inferred."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.reference import data_files

FOLDER = Path(data_files.__file__).with_name("data")
NAMES = sorted(path.stem for path in FOLDER.iterdir())


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """Go through every table of a file, at any depth."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from entries(each)
    elif isinstance(value, list):
        for each in value:
            yield from entries(each)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_begins_with_its_sources(name):
    """The comment on top lists the sources, and says what is inferred."""
    comment = (FOLDER / f"{name}.toml").read_text().partition("\n\n")[0]

    assert all(line.startswith("#") for line in comment.splitlines())
    assert "# Sources:\n# - " in comment
    assert "nferred" in comment


@pytest.mark.parametrize("name", NAMES)
def test_inferred_members_are_members(name):
    """What an entry lists as inferred is a member of that entry, or one that it leaves out."""
    data = data_files.read(name)
    listed = {member for entry in entries(data) for member in entry.get("inferred", ())}
    members = {member for entry in entries(data) for member in entry}

    assert listed <= members
