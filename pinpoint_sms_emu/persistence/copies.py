"""Copies of an engine, to try a change that must succeed completely or not be made at all."""

from __future__ import annotations

from dataclasses import replace

from pinpoint_sms_emu.persistence import document, long_lists
from pinpoint_sms_emu.service.engine import Engine
from pinpoint_sms_emu.service.state import State
from pinpoint_sms_emu.state.steps import finish


def copy_of(engine: Engine, *, with_messages: bool = True, with_delays: bool = False) -> Engine:
    """Create an engine with the same state, which sends no events, and logs and records no calls.

    No fault is injected.

    `with_messages`: whether to copy the messages, their event records, and the contacts with end
    users. `with_delays`: whether rates are limited, and new resources become active later.
    """
    settings = replace(
        engine.settings,
        data_dir=None,
        events_endpoint_url=None,
        max_calls=0,
        s3_endpoint_url=None,
        seed_file=None,
    )
    if not with_delays:
        settings = replace(settings, throttling=False, transition_seconds=0.0)
    with engine.transaction():
        written = document.begin(engine.state)
        if with_messages:
            written = finish(long_lists.complete(written))
        else:
            written["messages"]["kept"] = written["events"]["published"] = []
            for account in written["accounts"]:
                account["contacts"] = {"people": {}}
    state = State(settings)
    document.read(finish(long_lists.complete(written)), state)
    state.faults.clear(None)
    copy = Engine(settings)
    copy.adopt(state, settings)
    copy.log_call = lambda _line: None
    return copy
