"""The dispatcher: sends event records to their destinations in order, and records the results.

Each destination has its own queue, so a failing destination does not delay others. In process, the
queues are emptied on the caller's thread after the lock was released, so that records are delivered
when a call returns, and nothing is sent after the end of a block. A server uses a thread for each
queue that is not empty, so that requests do not wait.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from typing import Final

from pinpoint_sms_emu.messaging.events.deliveries import (
    EVENT_BRIDGE,
    SMS_LOGS,
    EventDeliveries,
    EventDelivery,
    PublishedRecord,
)
from pinpoint_sms_emu.messaging.events.sinks import Payload, Sinks
from pinpoint_sms_emu.messaging.message_store import Messages
from pinpoint_sms_emu.state.transactions import is_held_here

# After this many failed attempts in a row, each record gets only one attempt, until one succeeds.
# With a server, this happens after six seconds.
ATTEMPTS: Final = 6

# The timeout of an attempt; in process, the caller waits for it.
SECONDS_IN_PROCESS: Final = 1.0
SECONDS_IN_BACKGROUND: Final = 10.0

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_PAUSE_WHILE_FLUSHING: Final = 0.05
_POLL_SECONDS: Final = 0.01

# The least length of a queue at which it drops the deliveries of removed records.
_LEAST_DROPPED: Final = 1_000

# The time to deliver the remaining records when a server stops, which must end within a second.
_LAST_SECONDS: Final = 0.4

logger = logging.getLogger("pinpoint_sms_emu")

# Records the result of a delivery: record id, position, status, attempts and error.
Settle = Callable[[str, int, str, int, "str | None"], None]


class Queue:
    """The pending deliveries to one destination, oldest first."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[PublishedRecord, EventDelivery]] = deque()
        # At a greater length, the deliveries of removed records are dropped.
        self.max_length = _LEAST_DROPPED
        self.failures_in_a_row = 0
        # Held by the thread that sends.
        self.sending = threading.Lock()
        self.worker: threading.Thread | None = None

    def put(self, record: PublishedRecord, delivery: EventDelivery) -> None:
        """Add a delivery. Drop the deliveries of removed records if there are many."""
        self.waiting.append((record, delivery))
        if len(self.waiting) > self.max_length:
            kept = [each for each in self.waiting if each[1].status == "pending"]
            self.waiting = deque(kept)
            self.max_length = max(_LEAST_DROPPED, 2 * len(kept))


class EventDispatcher:
    """Sends the pending deliveries of one state."""

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
        # The queues that are not empty.
        self._busy: dict[str, Queue] = {}
        self._sinks: dict[float, Sinks] = {}
        self._flushing = 0
        self._skip_pauses = threading.Event()
        self._stopped = threading.Event()
        deliveries.on_pending = self._enqueue

    @property
    def has_work(self) -> bool:
        """Whether there are pending deliveries."""
        return bool(self._busy)

    def resume(self) -> None:
        """Queue the deliveries that were pending when the state was written."""
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
        """Make one attempt for each destination, on this thread."""
        if not self._busy or self._is_served() or self._stopped.is_set():
            return
        with self._lock:
            busy = list(self._busy.items())
        for target, queue in busy:
            # Another thread may be sending to it, and then sends these too.
            if queue.sending.acquire(timeout=SECONDS_IN_PROCESS):
                try:
                    while self._send_first(target, queue):
                        pass
                finally:
                    queue.sending.release()

    def deliver_in_background(self) -> None:
        """Start a thread for each destination with pending deliveries."""
        if not self._busy or self._stopped.is_set():
            return
        with self._lock:
            for target, queue in self._busy.items():
                if queue.worker is None:
                    worker = threading.Thread(target=self._work, args=(target, queue), daemon=True)
                    worker.start()
                    # Only now: a thread that cannot be started is tried again.
                    queue.worker = worker

    def _work(self, target: str, queue: Queue) -> None:
        """Empty a queue, and pause after each failure."""
        try:
            while queue.waiting and self._may_send():
                with queue.sending:
                    delivered = self._send_first(target, queue)
                if not delivered and queue.waiting:
                    pause = _FIRST_PAUSE * 2 ** min(queue.failures_in_a_row - 1, 10)
                    self._skip_pauses.wait(min(pause, _LONGEST_PAUSE))
                    self._stopped.wait(_PAUSE_WHILE_FLUSHING)
        finally:
            with self._lock:
                queue.worker = None
                self._drop_if_empty(target, queue)

    def _may_send(self) -> bool:
        return not self._stopped.is_set() and (self._is_served() or self._flushing > 0)

    def _send_first(self, target: str, queue: Queue) -> bool:
        """Try to deliver the oldest record; return False if that failed or the queue is empty."""
        with self._lock:
            if self._stopped.is_set():
                return False
            payload = self._next_payload(queue)
            if payload is None:
                self._drop_if_empty(target, queue)
                return False
            record, delivery = queue.waiting[0]
            sinks = self._current_sinks()

        error = sinks.deliver(payload)

        with self._lock:
            queue.failures_in_a_row = queue.failures_in_a_row + 1 if error else 0
            self._log_failure(target, error, queue)
            if self._stopped.is_set():
                return False
            self._record_result(record, delivery, error, queue)
            self._drop_if_empty(target, queue)
            return error is None

    def _next_payload(self, queue: Queue) -> Payload | None:
        """Return the payload of the first record, and skip records that were removed."""
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
        if delivery.sink == SMS_LOGS:
            from pinpoint_sms_emu.messaging.events import sms_logs

            content = sms_logs.make_entry(message, int(record.position))
        else:
            content = message.record(int(record.position))
        if delivery.sink == EVENT_BRIDGE:
            content = records.make_detail(content)
        return Payload(delivery.sink, delivery.target, records.to_json(content), delivery.label)

    def _record_result(
        self, record: PublishedRecord, delivery: EventDelivery, error: str | None, queue: Queue
    ) -> None:
        """Record the result of an attempt, unless the record was removed meanwhile."""
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
        """Drop an empty queue, unless it has failures to remember."""
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
            logger.warning("%s does not accept event records: %s", target, error)
        if error and queue.failures_in_a_row == ATTEMPTS:
            logger.warning("%s is given up after %d attempts", target, ATTEMPTS)

    def flush(self, seconds: float) -> bool:
        """Deliver all pending records; return False if some are still pending after `seconds`.

        This includes records that were pending when a state was restored.
        """
        self.resume()
        with self._lock:
            self._flushing += 1
            self._skip_pauses.set()
        try:
            while self._busy and seconds > 0 and not self._stopped.is_set():
                self.deliver_in_background()
                self._stopped.wait(_POLL_SECONDS)
                seconds -= _POLL_SECONDS
        finally:
            with self._lock:
                self._flushing -= 1
                if not self._flushing and not self._stopped.is_set():
                    self._skip_pauses.clear()
                workers = [each.worker for each in self._queues.values() if each.worker]
        if not self._is_served() and not is_held_here(self._lock):
            # In process, nothing is sent after the call has returned.
            for worker in workers:
                worker.join()
        return not self._busy

    def close(self) -> None:
        """Stop. A server first tries to deliver pending records, and logs those that remain."""
        if self._is_served():
            self.flush(_LAST_SECONDS)
        with self._lock:
            left = [(target, len(queue.waiting)) for target, queue in self._busy.items()]
        for target, count in left:
            logger.warning("%d event records were not sent to %s", count, target)
        self.stop()

    def stop(self) -> None:
        """Stop sending. Attempts in progress are not interrupted, and are not recorded."""
        self._stopped.set()
        with self._lock:
            self._skip_pauses.set()  # ends pauses
            for sinks in self._sinks.values():
                sinks.close()
