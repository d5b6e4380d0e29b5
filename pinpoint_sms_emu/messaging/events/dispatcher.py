"""The dispatcher: sends event records to their destinations, in order, and notes what arrived.

Each destination has a queue of its own, and one that fails waits alone. In process a queue is
emptied on the caller's thread, after the lock was released: a test finds the record when its call
returns, and nothing is sent when the block is over. A server has a thread for each queue that has
something in it, so that no request waits.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from pinpoint_sms_emu.messaging.events.deliveries import (
    EVENT_BRIDGE,
    EventDeliveries,
    EventDelivery,
    PublishedRecord,
)
from pinpoint_sms_emu.messaging.events.sinks import Payload, Sinks
from pinpoint_sms_emu.messaging.message_store import Messages

# After so many failed attempts in a row a destination gets one attempt a record, until one
# arrives. With a server that is after six seconds.
ATTEMPTS: Final = 6

# How long an attempt may take: in process the caller waits for it.
SECONDS_IN_PROCESS: Final = 1.0
SECONDS_IN_BACKGROUND: Final = 10.0

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_PAUSE_WHILE_FLUSHING: Final = 0.05
_POLL_SECONDS: Final = 0.01

# A destination that does not answer takes none of the records that are removed meanwhile.
_LEAST_DROPPED: Final = 1_000

# What is left when a server stops has so long to be delivered: it is to end within a second.
_LAST_SECONDS: Final = 0.4

logger = logging.getLogger("pinpoint_sms_emu")

# Notes what became of a delivery: record id, position, status, attempts and error.
Settle = Callable[[str, int, str, int, "str | None"], None]


class Queue:
    """What waits for one destination, the oldest first."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[PublishedRecord, EventDelivery]] = deque()
        # So many may wait before those that are gone are dropped.
        self.most = _LEAST_DROPPED
        self.failures_in_a_row = 0
        # Whoever holds it sends.
        self.sending = threading.Lock()
        self.worker: threading.Thread | None = None

    def put(self, record: PublishedRecord, delivery: EventDelivery) -> None:
        """Let a delivery wait. It costs no memory for long when its record has been removed."""
        self.waiting.append((record, delivery))
        if len(self.waiting) > self.most:
            kept = [each for each in self.waiting if each[1].status == "pending"]
            self.waiting = deque(kept)
            self.most = max(_LEAST_DROPPED, 2 * len(kept))


class EventDispatcher:
    """Sends the pending deliveries of one state; another state has another dispatcher."""

    def __init__(
        self,
        deliveries: EventDeliveries,
        messages: Messages,
        endpoint_url: str | None,
        lock: threading.RLock,
        settle: Settle,
        is_served: Callable[[], bool],
    ) -> None:
        self._deliveries = deliveries
        self._messages = messages
        self._endpoint_url = endpoint_url
        self._lock = lock
        self._settle = settle
        self._is_served = is_served

        self._queues: dict[str, Queue] = {}
        # Those that have something in them.
        self._busy: dict[str, Queue] = {}
        self._sinks: dict[float, Sinks] = {}
        self._attempts_under_way = 0
        self._flushing = 0
        self._hurry = threading.Event()
        self._stopped = threading.Event()
        deliveries.on_pending = self._enqueue

    @property
    def has_work(self) -> bool:
        """Whether something waits to be sent."""
        return bool(self._busy)

    def resume(self) -> None:
        """Queue what was under way when the state was written."""
        with self._lock:
            for queue in self._queues.values():
                queue.waiting.clear()
            for record, delivery in self._deliveries.pending():
                self._enqueue(record, delivery)

    def _enqueue(self, record: PublishedRecord, delivery: EventDelivery) -> None:
        queue = self._queues.get(delivery.target)
        if queue is None:
            queue = self._queues[delivery.target] = Queue()
        queue.put(record, delivery)
        self._busy[delivery.target] = queue

    def deliver(self) -> None:
        """Deliver what waits, in process: one attempt a destination, on this thread."""
        if not self._busy or self._is_served() or self._stopped.is_set():
            return
        with self._lock:
            busy = list(self._busy.items())
        for target, queue in busy:
            # Another thread that is sending to it may take this along.
            if queue.sending.acquire(timeout=SECONDS_IN_PROCESS):
                try:
                    while self._send_first(target, queue):
                        pass
                finally:
                    queue.sending.release()

    def deliver_in_background(self) -> None:
        """Start a thread for each destination for which something waits."""
        if not self._busy or self._stopped.is_set():
            return
        with self._lock:
            for target, queue in self._busy.items():
                if queue.worker is None:
                    queue.worker = threading.Thread(
                        target=self._work, args=(target, queue), daemon=True
                    )
                    queue.worker.start()

    def _work(self, target: str, queue: Queue) -> None:
        """Empty a queue, with a pause after each failure."""
        try:
            while queue.waiting and self._may_send():
                with queue.sending:
                    delivered = self._send_first(target, queue)
                if not delivered and queue.waiting:
                    pause = _FIRST_PAUSE * 2 ** min(queue.failures_in_a_row - 1, 10)
                    self._hurry.wait(min(pause, _LONGEST_PAUSE))
                    self._stopped.wait(_PAUSE_WHILE_FLUSHING)
        finally:
            with self._lock:
                queue.worker = None
                self._drop_if_empty(target, queue)

    def _may_send(self) -> bool:
        return not self._stopped.is_set() and (self._is_served() or self._flushing > 0)

    def _send_first(self, target: str, queue: Queue) -> bool:
        """Try to deliver what has waited longest; False where that failed or nothing waits."""
        with self._lock:
            if self._stopped.is_set():
                return False
            payload = self._next_payload(queue)
            if payload is None:
                self._drop_if_empty(target, queue)
                return False
            record, delivery = queue.waiting[0]
            sinks = self._current_sinks()
            self._attempts_under_way += 1

        error = sinks.take(payload)

        with self._lock:
            self._attempts_under_way -= 1
            queue.failures_in_a_row = queue.failures_in_a_row + 1 if error else 0
            self._log_failure(target, error, queue)
            if self._stopped.is_set():
                self._close_sinks()
                return False
            self._note(record, delivery, error, queue)
            self._drop_if_empty(target, queue)
            return error is None

    def _next_payload(self, queue: Queue) -> Payload | None:
        """The first record that is still there; those that were removed meanwhile are skipped."""
        while queue.waiting:
            record, delivery = queue.waiting[0]
            if delivery.status == "pending" and (payload := self._payload(record, delivery)):
                return payload
            queue.waiting.popleft()
        return None

    def _payload(self, record: PublishedRecord, delivery: EventDelivery) -> Payload | None:
        from pinpoint_sms_emu.messaging.events import records

        if record.account_event is not None:
            detail = record.account_event.detail
            return Payload(
                delivery.sink,
                delivery.target,
                records.to_json(detail),
                delivery.label,
                records.resources_in(detail),
            )
        message = self._messages.get(record.message_id)
        if message is None:
            return None
        content = message.record(int(record.position))
        if delivery.sink == EVENT_BRIDGE:
            content = records.make_detail(content)
        return Payload(delivery.sink, delivery.target, records.to_json(content), delivery.label)

    def _note(
        self, record: PublishedRecord, delivery: EventDelivery, error: str | None, queue: Queue
    ) -> None:
        """Note what an attempt came to; the record may have been removed meanwhile."""
        if delivery.status == "lost":
            if error is None:
                self._deliveries.lost[delivery.target] -= 1
            return
        delivery.attempts += 1
        delivery.error = error
        if error is None:
            status = "delivered"
        elif queue.failures_in_a_row >= ATTEMPTS or delivery.sink == EVENT_BRIDGE:
            status = "failed"
        else:
            return
        if queue.waiting and queue.waiting[0][1] is delivery:
            queue.waiting.popleft()
        position = next(i for i, each in enumerate(record.deliveries) if each is delivery)
        self._settle(record.id, position, status, delivery.attempts, error)

    def _drop_if_empty(self, target: str, queue: Queue) -> None:
        """Drop a queue with nothing in it, unless failures are to be remembered."""
        if queue.waiting:
            return
        if self._busy.get(target) is queue:
            del self._busy[target]
        is_done = queue.worker is None and not queue.failures_in_a_row
        if is_done and self._queues.get(target) is queue:
            del self._queues[target]

    def _current_sinks(self) -> Sinks:
        seconds = SECONDS_IN_BACKGROUND if self._is_served() else SECONDS_IN_PROCESS
        sinks = self._sinks.get(seconds)
        if sinks is None:
            sinks = self._sinks[seconds] = Sinks(self._endpoint_url or "", seconds)
        return sinks

    def _log_failure(self, target: str, error: str | None, queue: Queue) -> None:
        if error and queue.failures_in_a_row == 1:
            logger.warning("%s does not take event records: %s", target, error)
        if error and queue.failures_in_a_row == ATTEMPTS:
            logger.warning("%s is given up after %d attempts", target, ATTEMPTS)

    def flush(self, seconds: float) -> bool:
        """Deliver all that is pending; False if something is still pending when time is up.

        Deliveries that were pending when a state was restored are sent too.
        """
        self.resume()
        with self._lock:
            self._flushing += 1
            self._hurry.set()
        while self._busy and seconds > 0 and not self._stopped.is_set():
            self.deliver_in_background()
            self._stopped.wait(_POLL_SECONDS)
            seconds -= _POLL_SECONDS
        with self._lock:
            self._flushing -= 1
            if not self._flushing:
                self._hurry.clear()
            workers = [each.worker for each in self._queues.values() if each.worker]
        if not self._is_served():
            # In process nothing is sent after the call has returned.
            for worker in workers:
                worker.join()
        return not self._busy

    def close(self) -> None:
        """Stop; a server first delivers what can be delivered at once, and names the rest."""
        if self._is_served():
            self.flush(_LAST_SECONDS)
        with self._lock:
            left = [(target, len(queue.waiting)) for target, queue in self._busy.items()]
        for target, count in left:
            logger.warning("%d event records were not sent to %s", count, target)
        self.stop()

    def stop(self) -> None:
        """Send nothing any more: attempts under way end by themselves, and are not noted."""
        self._stopped.set()
        with self._lock:
            self._close_sinks()

    def _close_sinks(self) -> None:
        if not self._attempts_under_way:
            for sinks in self._sinks.values():
                sinks.close()
