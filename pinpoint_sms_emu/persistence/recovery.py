"""How an engine goes on where its data folder was left."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import document, version_1
from pinpoint_sms_emu.persistence.data_folder import DataFolder, position_of
from pinpoint_sms_emu.persistence.version_1 import RandomSourceOfVersion1
from pinpoint_sms_emu.service import (
    arrangements,  # noqa: F401  registers changes that a folder can name
    dispatch,
)
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.transactions import CHANGES


def open_folder(engine: Engine, folder: Path, first_state: Callable[[], State]) -> None:
    """Go on with the state that a folder holds; a new folder begins with a state that is made."""
    data_folder = DataFolder(folder, engine.settings.durability)
    data_folder.attach(lambda: engine.state)
    dispatch.load_service()
    try:
        loaded = data_folder.load()
        former = None if loaded else version_1.load(data_folder.folder)
        if loaded:
            state = replay(data_folder, *loaded)
        elif former:
            state = replay(data_folder, *former, source=RandomSourceOfVersion1)
        else:
            state = first_state()
        engine.transactions.journal = data_folder
        engine.adopt(state)
        engine.dispatcher.resume()
    except NotWrittenError as error:
        data_folder.close()
        raise OSError(error.why) from error
    except BaseException:
        data_folder.close()
        raise
    if former:
        old = data_folder.folder / version_1.FILE
        old.rename(old.with_suffix(".version-1"))


def replay(
    folder: DataFolder,
    head: dict[str, Any],
    changes: list[dict[str, Any]],
    source: type[RandomSource] = RandomSource,
) -> State:
    """Repeat the changes that were made since the state was written."""
    try:
        # With the settings it was made under; the present ones hold from now on.
        state = State(Settings.of(**head["settings"]))
        document.read(head["state"], state)
        # Ids are drawn as they were when the changes were made.
        state.random_source.__class__ = source
    except (ValueError, KeyError, TypeError) as error:
        raise folder.damaged(str(error)) from error
    for number, change in enumerate(changes, 1):
        if not _fits(change["position"], position_of(state)):
            raise ValueError(
                f"{folder.path}: change {number} does not follow from those before it; where "
                f"version {head['made_by']} made it, start that once more and stop it in order"
            )
        if change["change"] not in CHANGES:
            raise folder.damaged(f"change {number} is unknown: {change['change']:.80}")
        _repeat(state, change)
    state.random_source.__class__ = RandomSource
    return state


def _fits(expected: list[int | None], actual: list[int]) -> bool:
    return all(each in (None, now) for each, now in zip(expected, actual, strict=True))


def _repeat(state: State, change: dict[str, Any]) -> None:
    function = CHANGES[change["change"]]
    state.clock.hold(datetime.fromisoformat(change["at"]))
    try:
        # What was refused, or broke, does so again.
        with suppress(Exception):
            function(state, *change["arguments"], **change["given"])
    finally:
        state.clock.release()
