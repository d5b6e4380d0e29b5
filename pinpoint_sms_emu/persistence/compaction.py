"""Compaction: writes the whole state in place of the changes, while calls are answered."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from typing import Any

from pinpoint_sms_emu.errors import NotWrittenError
from pinpoint_sms_emu.persistence import long_lists
from pinpoint_sms_emu.persistence.data_folder import DataFolder
from pinpoint_sms_emu.persistence.gradual import GradualWriter, encoded_message
from pinpoint_sms_emu.service.engine import Engine

logger = logging.getLogger("pinpoint_sms_emu")


def compact(engine: Engine, folder: DataFolder) -> None:
    """Write the whole state into a new file, then the changes made since, and switch to it.

    Only the moment of the state and the switch hold the lock for more than a millisecond. It ends
    early when the emulator is closed, or if its state is replaced.
    """
    failed = True
    try:
        if not engine.closing.is_set():
            _compact(engine, folder)
        failed = False
    except (NotWrittenError, sqlite3.Error, OSError) as error:
        logger.warning("The data folder keeps growing: %s", error)
    except Exception as error:
        engine.crashes.append(error)
        logger.exception("The data folder keeps growing, which is a defect of the emulator")
    finally:
        with engine.lock:
            folder.end_compaction(failed=failed)


def _compact(engine: Engine, folder: DataFolder) -> None:
    with GradualWriter(engine, encoded_message) as writer:
        if not _finish_unless_closed(engine, writer.slices()):
            return
        with engine.transaction():
            if engine.closing.is_set():
                return
            document = writer.begin_document()
            next_file = folder.begin_compaction(engine.state.settings)
        try:
            if not _finish_unless_closed(
                engine, next_file.write_state(long_lists.encode_in_parts(document))
            ):
                return
            # Others wait for the last changes, so there must be few.
            next_file.write_changes()
            next_file.sync()
            with engine.lock:
                former = folder.switch_to(next_file)
        finally:
            with engine.lock:
                next_file.discard()
    # Only now the operating system deletes the former file, which may take long.
    former.close()


def _finish_unless_closed(engine: Engine, steps: Iterator[Any]) -> bool:
    """Work in steps; return False if the emulator is closed meanwhile."""
    return all(not engine.pause() for _ in steps)
