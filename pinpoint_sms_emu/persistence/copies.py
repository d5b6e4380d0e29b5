"""Copies of an engine, to try out on them what should change everything or nothing."""

from __future__ import annotations

from dataclasses import replace

from pinpoint_sms_emu.persistence import document
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State


def copy_of(engine: Engine) -> Engine:
    """Make an engine with the same state that publishes nothing, logs nothing and records no calls.

    Nothing takes time in it: rates are not limited, no fault is injected, and whatever is created
    is active with the next call.
    """
    settings = replace(
        engine.settings,
        data_dir=None,
        events_endpoint_url=None,
        max_calls=0,
        s3_endpoint_url=None,
        seed_file=None,
        throttling=False,
        transition_seconds=0.0,
    )
    with engine.transaction():
        written = document.write(engine.state)
    state = State(settings)
    document.read(written, state)
    state.faults.clear(None)
    copy = Engine(settings)
    copy.adopt(state, settings)
    copy.log_call = lambda _line: None
    return copy
