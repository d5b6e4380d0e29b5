"""The data files: each has its sources, and marks its inferred entries."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pinpoint_sms_emu.reference import data_files

FOLDER = Path(data_files.__file__).with_name("data")
NAMES = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.toml"))


def entries(value: Any) -> Iterator[dict[str, Any]]:
    """Yield every table in a file, at any depth."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from entries(each)
    elif isinstance(value, list):
        for each in value:
            yield from entries(each)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_begins_with_its_sources(name):
    """The first comment has the sources, and says which parts are inferred."""
    comment = (FOLDER / f"{name}.toml").read_text().partition("\n\n")[0]

    assert all(line.startswith("#") for line in comment.splitlines())
    assert "# Sources:\n# - " in comment
    assert "nferred" in comment


@pytest.mark.parametrize("name", NAMES)
def test_inferred_members_exist(name):
    """Members that an entry marks as inferred are in it."""
    for entry in entries(data_files.read(name)):
        inferred = entry.get("inferred", ())
        assert set(inferred) - {"path"} <= entry.keys() - {"inferred"}, entry
        assert len(set(inferred)) == len(inferred)


def test_the_table_of_countries_begins_with_its_sources():
    """The file is JSON, which has no comments, so its first member has the sources."""
    table = data_files.read_json("countries")

    assert list(table) == ["sources", "inferred", "only_protect_rules", "countries"]
    assert all(isinstance(each, str) and each for each in (*table["sources"], *table["inferred"]))
