"""What users read of messages and of the events about them."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, Unpack

from pinpoint_sms_emu.messaging.messages import FoundMessages, Message, MessageQuery, Query
from pinpoint_sms_emu.service.state import clear_messages

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.events.deliveries import Event, FoundEvents
    from pinpoint_sms_emu.service.engine import Engine


class MessagesApi:
    """Messages and events of an emulator."""

    _engine: Engine

    @property
    def messages(self) -> list[Message]:
        """Every message that is kept, oldest first."""
        with self._engine.transaction():
            return list(self._engine.state.messages)

    def find_messages(
        self, *, wait_seconds: float = 0, **query: Unpack[MessageQuery]
    ) -> FoundMessages:
        """Find messages, oldest first.

        `wait_seconds`: where no message matches, wait so long in real time for one to arrive or to
        change. All else that is given must match: `recipient`, `sender`, `channel`, `direction`,
        `contains`, `status`, `account_id`, `region`; `after` is the id of a message, and `limit`
        how many to return at most.

        Returns an object with `messages`, `total` (without the limit) and `forgotten` (how many
        have left). Raises a ValueError for wrong arguments, a LookupError for an unknown `after`.

            found = sms.find_messages(recipient="+14255550100", contains="code")
            assert found.total == 1
        """
        wanted = Query.of(**query)
        must_be_seconds("wait_seconds", wait_seconds)
        engine, fits, changed = self._engine, wanted.test(), threading.Event()

        def listen(message: Message) -> None:
            if fits(message):
                changed.set()

        with engine.transaction():
            found = engine.state.messages.find(wanted)
            if found.total or not wait_seconds:
                return found
            engine.message_listeners.append(listen)
        try:
            left: float = wait_seconds
            while left > 0 and not engine.closing.is_set():
                left = engine.wait(changed, left)
                changed.clear()
                with engine.transaction():
                    found = engine.state.messages.find(wanted)
                if found.total:
                    break
        finally:
            with engine.lock:
                engine.message_listeners.remove(listen)
        return found

    def wait_for(self, *, timeout: float = 5, **query: Unpack[MessageQuery]) -> Message:
        """Wait until a message matches, and return the latest that does.

        `timeout`: how many seconds to wait in real time. The other arguments are those of
        `find_messages`. Raises a TimeoutError when the time is up.

            message = sms.wait_for(recipient="+14255550100", timeout=5)
            assert "code" in message.body
        """
        must_be_seconds("timeout", timeout)
        found = self.find_messages(wait_seconds=timeout, **query)
        if not found.messages:
            described = ", ".join(f"{name}={value!r}" for name, value in query.items())
            raise TimeoutError(f"no message with {described or 'anything'} within {timeout} s")
        return found.messages[-1]

    def clear_messages(self, **query: Unpack[MessageQuery]) -> None:
        """Remove the messages that match, or all; they count as those that have left.

        The arguments are those of `find_messages`, with the same errors.

            sms.clear_messages(recipient="+14255550100")
            assert sms.find_messages(recipient="+14255550100").total == 0
        """
        Query.of(**query)
        with self._engine.transaction():
            self._engine.change(clear_messages, **query)
            self._engine.begin_generation()

    @property
    def events(self) -> list[Event]:
        """The event records of all messages that are kept, in the order they were made."""
        with self._engine.transaction():
            return self._engine.state.events.events()

    def find_events(
        self,
        *,
        message_id: str | None = None,
        account_id: str | None = None,
        region: str | None = None,
        limit: int | None = None,
    ) -> FoundEvents:
        """Find event records, and what two-way channels got, in the order they were made.

        `message_id`, `account_id`, `region`: whose records; `limit`: how many at most. Returns an
        object with `events`, `total`, `inbound`, `registrations` and `lost`. Raises a ValueError
        for wrong arguments.

            for event in sms.find_events(message_id=message.message_id).events:
                print(event.record["eventType"])
        """
        with self._engine.transaction():
            return self._engine.state.events.find(message_id, account_id, region, limit)

    def flush(self, timeout: float = 10) -> bool:
        """Deliver all event records that are pending, and wait until that is done.

        `timeout`: how many seconds to wait in real time. Returns False if the time was up before.

            sms.flush()
            assert queue.receive_messages()
        """
        must_be_seconds("timeout", timeout)
        return self._engine.dispatcher.flush(timeout)


def must_be_seconds(name: str, value: object) -> None:
    """Refuse what is not a number of seconds to wait."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise ValueError(f"{name} must be a number of seconds, not below zero, not {value!r:.80}")
