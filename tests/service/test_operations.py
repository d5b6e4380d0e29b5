"""The registry: functions are found by name, and get the arguments in their signature."""

import logging
from typing import TypedDict, Unpack

import pytest

from pinpoint_sms_emu.service.operations import OPERATIONS, operation


class Changes(TypedDict, total=False):
    """Settings that can be changed."""

    colour: str


class MoreChanges(Changes):
    """Settings that can be changed, and one required setting."""

    size: int


@pytest.fixture(autouse=True)
def _as_before():
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


def test_functions_are_registered_by_name():
    """The function delete_pool answers DeletePool."""

    @operation
    def paint(_account: str, *, colour: str | None = None) -> str | None:
        return colour

    assert OPERATIONS["paint"].function is paint
    assert OPERATIONS["paint"]("account", {"colour": "red"}) == "red"


def test_unknown_arguments_are_ignored_with_a_warning(caplog):
    """Unknown members are ignored with a warning."""

    @operation
    def paint(_account: str, *, colour: str | None = None) -> str | None:
        return colour

    with caplog.at_level(logging.WARNING, "pinpoint_sms_emu"):
        painted = OPERATIONS["paint"]("account", {"colour": "red", "shine": 5, "gloss": 1})

    assert painted == "red"
    assert caplog.messages == ["paint: not emulated: gloss, shine"]


def test_unknown_settings_are_ignored_with_a_warning(caplog):
    """A setting that a resource does not have does not reach the function."""

    @operation
    def update_wall(_account: str, *, wall_id: str, **changes: "Unpack[MoreChanges]"):
        return wall_id, changes

    arguments = {"wall_id": "wall-0", "colour": "red", "size": 5, "shine": 5}
    with caplog.at_level(logging.WARNING, "pinpoint_sms_emu"):
        changed = OPERATIONS["update_wall"]("account", arguments)

    assert changed == ("wall-0", {"colour": "red", "size": 5})
    assert caplog.messages == ["update_wall: not emulated: shine"]
