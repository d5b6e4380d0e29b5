"""Background work: delivering event records, and inspecting media files."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from pinpoint_sms_emu.messaging.delivery.media_files import MediaInspector
from pinpoint_sms_emu.messaging.events.dispatcher import EventDispatcher
from pinpoint_sms_emu.service.state import State, note_inspection, settle_delivery
from pinpoint_sms_emu.settings import Settings
from pinpoint_sms_emu.state.transactions import Transaction, Transactions


class BackgroundWork:
    """The background work of one state; each state has its own."""

    def __init__(
        self,
        transactions: Transactions[State],
        settings: Settings,
        is_served: Callable[[], bool],
    ) -> None:
        self._transactions = transactions
        self._state = state = transactions.state
        self._is_served = is_served
        self._delivering = threading.local()
        self.dispatcher = EventDispatcher(
            state.events,
            state.messages,
            settings.events_endpoint_url,
            transactions.lock,
            self._settle_delivery,
            is_served,
        )
        self.media_inspector = MediaInspector(
            state.media_files, state.messages, settings.s3_endpoint_url, self._note_inspection
        )

    def stop(self) -> None:
        """Stop the deliveries and inspections."""
        self.dispatcher.stop()
        self.media_inspector.stop()

    def _settle_delivery(self, *settled: Any) -> None:
        if not self._transactions.try_to_change(settle_delivery, *settled):
            # The record was delivered, but after a restart it may be delivered again.
            settle_delivery(self._transactions.state, *settled)

    def _note_inspection(self, message_id: str, problem: str | None) -> bool:
        with Transaction(self._transactions):
            if self._state is not self._transactions.state:
                return True  # the message is part of an earlier state
            return self._transactions.try_to_change(note_inspection, message_id, problem)

    def work_in_process(self) -> None:
        """Inspect files and deliver records before a call returns; servers use threads."""
        if not self.dispatcher.has_work and not self.media_inspector.has_work:
            return
        if self._is_served() or getattr(self._delivering, "is_busy", False):
            return
        self._delivering.is_busy = True
        try:
            self.media_inspector.inspect()
            self.dispatcher.deliver()
        finally:
            self._delivering.is_busy = False

    def work_on_threads(self) -> None:
        """Start threads that inspect files and deliver records."""
        self.media_inspector.inspect_in_background()
        self.dispatcher.deliver_in_background()
