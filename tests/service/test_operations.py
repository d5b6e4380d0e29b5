"""The registry: a function is found by its name, and gets the arguments in its signature."""

import logging
from typing import TypedDict, Unpack

import pytest

from pinpoint_sms_emu.service.operations import OPERATIONS, operation


class Changes(TypedDict, total=False):
    """Settings that can be changed."""

    colour: str


class MoreChanges(Changes):
    """Settings that can be changed, and one that must be given."""

    size: int


@pytest.fixture(autouse=True)
def _as_before():
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


def test_a_name_is_the_registration():
    """The function delete_pool answers DeletePool."""

    @operation
    def paint(_account: str, *, colour: str | None = None) -> str | None:
        return colour

    assert OPERATIONS["paint"].function is paint
    assert OPERATIONS["paint"]("account", {"colour": "red"}) == "red"


def test_arguments_of_a_newer_model(caplog):
    """Unknown members are ignored with a warning."""

    @operation
    def paint(_account: str, *, colour: str | None = None) -> str | None:
        return colour

    with caplog.at_level(logging.WARNING, "pinpoint_sms_emu"):
        painted = OPERATIONS["paint"]("account", {"colour": "red", "shine": 5, "gloss": 1})

    assert painted == "red"
    assert caplog.messages == ["paint: not emulated: gloss, shine"]


def test_changes_of_a_newer_model(caplog):
    """A setting that a resource does not have does not reach it either."""

    @operation
    def update_wall(_account: str, *, wall_id: str, **changes: "Unpack[MoreChanges]"):
        return wall_id, changes

    arguments = {"wall_id": "wall-0", "colour": "red", "size": 5, "shine": 5}
    with caplog.at_level(logging.WARNING, "pinpoint_sms_emu"):
        changed = OPERATIONS["update_wall"]("account", arguments)

    assert changed == ("wall-0", {"colour": "red", "size": 5})
    assert caplog.messages == ["update_wall: not emulated: shine"]
