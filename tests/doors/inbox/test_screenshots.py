"""The pictures of the page in the documentation can be taken anew."""

from __future__ import annotations

import runpy
import struct
from pathlib import Path

import pytest

from tests.doors.inbox.page import IN_BROWSER

pytestmark = IN_BROWSER

DOCS = Path(__file__).parents[3] / "docs"
KEPT = sorted(each.name for each in (DOCS / "images").glob("*.png"))


@pytest.fixture(scope="module")
def taken(tmp_path_factory):
    """The folder with the pictures that the script takes."""
    folder = tmp_path_factory.mktemp("images")
    runpy.run_path(str(DOCS / "screenshots.py"))["main"](folder)
    return folder


def test_all_pictures_are_taken(taken):
    """The script takes the pictures that the documentation has, and no others."""
    assert sorted(each.name for each in taken.iterdir()) == KEPT


@pytest.mark.parametrize("name", KEPT)
def test_a_picture_has_its_size(taken, name):
    """A new picture is as large as the one that is kept, and small enough for a repository."""
    old, new = (DOCS / "images" / name).read_bytes(), (taken / name).read_bytes()

    assert struct.unpack(">II", new[16:24]) == struct.unpack(">II", old[16:24]) == (1440, 820)
    assert len(new) < 256 * 1024
