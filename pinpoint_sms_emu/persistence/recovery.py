"""Opens a data folder, and repeats its changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import document, version_1
from pinpoint_sms_emu.persistence.change_line import position_of
from pinpoint_sms_emu.persistence.compaction import compact
from pinpoint_sms_emu.persistence.data_folder import DataFolder
from pinpoint_sms_emu.persistence.database import damaged
from pinpoint_sms_emu.persistence.version_1 import RandomSourceOfVersion1
from pinpoint_sms_emu.service import (
    arrangements,  # noqa: F401  registers changes
    dispatch,
)
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state import collection
from pinpoint_sms_emu.state.random_source import RandomSource
from pinpoint_sms_emu.state.transactions import CHANGES

logger = logging.getLogger("pinpoint_sms_emu")


def open_folder(engine: Engine, folder: Path, first_state: Callable[[], State]) -> None:
    """Continue with the state in a folder, or with a first state if the folder is new."""
    data_folder = DataFolder(folder, engine.settings.durability)
    data_folder.attach(lambda: engine.state, lambda: compact(engine, data_folder), engine.lock)
    dispatch.load_service()
    try:
        with collection.paused():
            loaded = data_folder.load()
            former = None if loaded else version_1.load(data_folder.folder)
            if loaded:
                state = replay(data_folder, *loaded)
            elif former:
                state = replay(data_folder, *former, source=RandomSourceOfVersion1)
            else:
                state = first_state()
        if engine.settings.seed_file and (loaded or former):
            logger.warning(
                "%s has a state already: the seed file is used only by the next reset", folder
            )
        engine.transactions.journal = data_folder
        is_written = loaded is not None and data_folder.is_as_written(loaded[0], engine.settings)
        engine.adopt(state, is_written=is_written)
        engine.dispatcher.resume()
    except NotWrittenError as error:
        data_folder.release()
        raise OSError(error.why) from error
    except BaseException:
        data_folder.release()
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
    """Read the state, and repeat the changes that were made since it was written."""
    try:
        # The changes are repeated with the settings that they were made with.
        state = State(Settings.of(**head["settings"]))
        document.read(head["state"], state)
        # Ids are generated as in the version that made the changes.
        state.random_source.__class__ = source
    except (ValueError, KeyError, TypeError) as error:
        raise damaged(folder.path, str(error)) from error
    for number, change in enumerate(changes, 1):
        if not _matches(change["position"], position_of(state)):
            raise ValueError(
                f"{folder.path}: repeating change {number} had another result; if version "
                f"{head['made_by']} made it, start that version again, and let it stop in its time"
            )
        if change["change"] not in CHANGES:
            raise damaged(folder.path, f"change {number} is unknown: {change['change']:.80}")
        _repeat(state, change)
    state.random_source.__class__ = RandomSource
    return state


def _matches(expected: list[int | None], actual: list[int]) -> bool:
    return all(each in (None, now) for each, now in zip(expected, actual, strict=True))


def _repeat(state: State, change: dict[str, Any]) -> None:
    function = CHANGES[change["change"]]
    state.clock.hold(datetime.fromisoformat(change["at"]))
    try:
        # A change that was refused, or that failed, does so again.
        with suppress(Exception):
            function(state, *change["arguments"], **change["given"])
    finally:
        state.clock.release()
