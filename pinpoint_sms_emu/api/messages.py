"""The public methods to read messages and event records."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final, TypeVar, Unpack

from pinpoint_sms_emu.messaging.message_queries import (
    FiltersBesideRecipient,
    MessageQuery,
    Query,
    must_be_arguments,
)
from pinpoint_sms_emu.messaging.message_store import FoundMessages
from pinpoint_sms_emu.messaging.messages import Message
from pinpoint_sms_emu.service.filters import must_be_a_text, must_be_seconds
from pinpoint_sms_emu.service.state import discard_messages
from pinpoint_sms_emu.state.steps import Steps, finish, for_each, slices
from pinpoint_sms_emu.wording import quoted

if TYPE_CHECKING:
    from pinpoint_sms_emu.messaging.delivery.media_files import MediaFile
    from pinpoint_sms_emu.messaging.events.deliveries import Event, FoundEvents
    from pinpoint_sms_emu.messaging.report import Report
    from pinpoint_sms_emu.service.engine import Engine


T = TypeVar("T")

# The number of messages that an error quotes.
_LATEST: Final = 5

# Removing these takes two milliseconds.
_CLEARED_AT_ONCE: Final = 200

# The prefix of the operations that send messages.
_SENDING: Final = ("Send", "Publish")


class MessagesApi:
    """Messages and events of an emulator."""

    _engine: Engine

    @property
    def messages(self) -> list[Message]:
        """All messages that are kept, oldest first."""
        with self._engine.transaction():
            return list(self._engine.state.messages)

    def find_messages(
        self, *, wait_seconds: float = 0, **query: Unpack[MessageQuery]
    ) -> FoundMessages:
        """Find messages, oldest first unless `order` is "newest".

        `wait_seconds`: if no message matches, how long to wait for one, in seconds of real time.
        All given filters must match: `recipient`, `sender`, `channel`, `direction`, `contains`,
        `status`, `has_code`, `account_id`, `region`. `after`: the id of the message after which
        the list begins; `limit`: the maximum number.

        Returns a sequence of the messages, with `messages`, `total` (without the limit) and
        `forgotten` (the number of removed messages). Raises a ValueError for wrong arguments, and
        a LookupError for an unknown `after`.

            [message] = sms.find_messages(recipient="+14255550100", contains="code")
            assert message.status == "DELIVERED"
        """
        must_be_arguments(query, "wait_seconds")
        criteria = Query.of(**query)
        must_be_seconds("wait_seconds", wait_seconds)

        def look() -> tuple[FoundMessages, bool]:
            found = finish(search_in_steps(self._engine, criteria))
            return found, found.total > 0

        return self._look_or_wait(look, criteria, wait_seconds)

    def _look_or_wait(
        self, look: Callable[[], tuple[T, bool]], criteria: Query, seconds: float
    ) -> T:
        """Call `look` until it succeeds, again after each change of a matching message.

        `look` returns a result, and whether it succeeded.
        """
        if not seconds:
            return look()[0]
        engine, fits, changed = self._engine, criteria.test(), threading.Event()

        def listen(message: Message) -> None:
            if fits(message):
                changed.set()

        with engine.lock:
            engine.message_listeners.append(listen)
        try:
            found, is_there = look()
            while seconds > 0 and not engine.closing.is_set() and not is_there:
                seconds = engine.wait(changed, seconds)
                changed.clear()
                found, is_there = look()
        finally:
            with engine.lock:
                engine.message_listeners.remove(listen)
        return found

    def wait_for(self, *, timeout: float = 5, **query: Unpack[MessageQuery]) -> Message:
        """Wait until a message matches, and return the latest matching message.

        `timeout`: in seconds of real time. The other arguments are those of `find_messages`.
        Raises a TimeoutError if no message matches in time.

            message = sms.wait_for(recipient="+14255550100", timeout=5)
            assert "code" in message.body
        """
        must_be_arguments(query, "timeout")
        must_be_seconds("timeout", timeout)
        found = self.find_messages(wait_seconds=timeout, **query)
        if not found.messages:
            described = ", ".join(f"{name}={quoted(value)}" for name, value in query.items())
            raise TimeoutError(
                f"no message with {described or 'anything'} within {timeout} s; "
                f"{self._describe_latest(query.get('recipient'))}{self._describe_refusals()}"
            )
        return found.messages[-1]

    def wait_for_code(
        self,
        *,
        recipient: str,
        length: int | None = None,
        timeout: float = 5,
        **filters: Unpack[FiltersBesideRecipient],
    ) -> str:
        """Wait for a one-time code, and return the one of the latest message that has one.

        `recipient`: the recipient of the message. `length`: the length of the code in characters
        (default: any). `timeout`: in seconds of real time. The other arguments are those of
        `find_messages`.

        Returns the code as users type it. Raises a TimeoutError if there is none in time, and a
        ValueError for wrong arguments.

            code = sms.wait_for_code(recipient="+14255550100", length=6)
            page.get_by_label("Code").fill(code)
        """
        must_be_arguments(filters, "length", "timeout")
        criteria = Query.of(recipient=recipient, has_code=True, order="newest", **filters)
        must_be_seconds("timeout", timeout)
        if not isinstance(recipient, str):
            raise ValueError(f"recipient must be a phone number, not {quoted(recipient)}")
        if length is not None and (type(length) is not int or length < 1):
            raise ValueError(f"length must be a whole number above zero, not {quoted(length)}")

        def look() -> tuple[str | None, bool]:
            messages = finish(search_in_steps(self._engine, criteria)).messages
            codes = (code for message in messages for code in message.codes)
            found = next((code for code in codes if length in (None, len(code))), None)
            return found, found is not None

        code = self._look_or_wait(look, criteria, timeout)
        if code is None:
            size = "" if length is None else f" of {length} characters"
            raise TimeoutError(
                f"no message with a code{size} for {recipient:.80} within {timeout} s; "
                f"{self._describe_latest(recipient)}{self._describe_refusals()}"
            )
        return code

    def _describe_latest(self, recipient: str | None) -> str:
        """Describe the latest messages, to a recipient if one is given, for an error."""
        found = self.find_messages(recipient=recipient, order="newest", limit=_LATEST)
        place = "for this number" if recipient else "in all"
        if not found.total:
            others = self.find_messages(order="newest", limit=_LATEST).messages
            numbers = ", ".join(dict.fromkeys(message.recipient for message in others))
            hint = f"; the latest were to {numbers}" if numbers else ""
            return f"there are no messages {place}{hint}"
        bodies = ", ".join(f"{message.body or ''!r:.80}" for message in found.messages)
        which = "the only message" if found.total == 1 else f"the latest of {found.total} messages"
        return f"{which} {place}: {bodies}"

    def _describe_refusals(self) -> str:
        """Describe how many calls that send were refused, and why the last was, for an error."""
        refused = [
            call
            for call in self._engine.calls.all()
            if call.refused and (call.operation or "").startswith(_SENDING)
        ]
        if not refused:
            return ""
        last = refused[-1]
        reason = last.why["summary"] if last.why else (last.error or {}).get("code")
        times = f"{len(refused)} times, the last time" if len(refused) > 1 else "once"
        return f"; sending was refused {times} by {last.operation}: {reason}"

    def report(self, *, account_id: str | None = None, region: str | None = None) -> Report:
        """Sum up the cost of messages.

        `account_id`, `region`: limit the report to an account or a Region. Returns a dict with
        `rows`, each with `day`, `country`, `channel`, `number_type`, `messages`, `parts` and
        `price` in US dollars, and `total`. Raises a ValueError for wrong arguments.

            assert sms.report()["total"]["price"] < 0.05
        """
        from pinpoint_sms_emu.messaging.report import make_report

        found = self.find_messages(account_id=account_id, region=region)
        return finish(make_report(found.messages))

    def clear_messages(self, message_id: str | None = None, **query: Unpack[MessageQuery]) -> None:
        """Remove one message, the matching messages, or all; they count as `forgotten`.

        Many are removed in steps, between which calls of other threads are answered. Messages that
        these send stay.

        `message_id`: which one; an unknown id is a LookupError. Instead of it, the arguments are
        those of `find_messages`, with the same errors.

            sms.clear_messages(recipient="+14255550100")
            assert sms.find_messages(recipient="+14255550100").total == 0
        """
        finish(clear_in_steps(self._engine, message_id, **query), self._engine.pause)

    def read_media(self, message_id: str, url: str | None = None) -> MediaFile:
        """Read a file of a message from S3, through the setting `s3_endpoint_url`.

        `url`: which one of `media_urls`, or of an RCS message's files; without it the first.

        Returns an object with `url`, `content_type` and `content` (bytes). Raises a LookupError
        where there is no such message or file, or where it cannot be read.

            picture = sms.read_media(message.message_id)
            assert picture.content_type == "image/png"
        """
        must_be_a_text("message_id", message_id)
        with self._engine.transaction():
            message = self._engine.state.messages[message_id]
            inspector = self._engine.background.media_inspector
        return inspector.read(message, url)

    @property
    def events(self) -> list[Event]:
        """The event records of all messages, in the order of their creation."""
        return self.find_events().events

    def find_events(
        self,
        *,
        message_id: str | None = None,
        account_id: str | None = None,
        region: str | None = None,
        limit: int | None = None,
    ) -> FoundEvents:
        """Find event records and payloads of two-way channels, in the order of their creation.

        `message_id`, `account_id`, `region`: filters; `limit`: the maximum number. Returns a
        sequence of the events, with `events`, `total`, `inbound`, `registrations` and `forgotten`.
        Raises a ValueError for wrong arguments.

            for event in sms.find_events(message_id=message.message_id).events:
                print(event.record["eventType"])
        """
        with self._engine.transaction():
            events = self._engine.state.events
            found = events.find_records(message_id, account_id, region, limit)
        return events.render(finish(found))

    def flush(self, timeout: float = 10) -> bool:
        """Deliver all pending event records, and wait until they are delivered.

        `timeout`: in seconds of real time. Returns False if some are still pending after it.

            sms.flush()
            assert queue.receive_messages()
        """
        must_be_seconds("timeout", timeout)
        return self._engine.dispatcher.flush(timeout)


def search_in_steps(engine: Engine, criteria: Query) -> Steps[FoundMessages]:
    """Find messages in steps, which do not need the lock."""
    with engine.transaction():
        return engine.state.messages.search(criteria)


def clear_in_steps(
    engine: Engine, message_id: str | None = None, **query: Unpack[MessageQuery]
) -> Steps[None]:
    """Remove messages a few at a time, so that calls are answered meanwhile."""
    must_be_arguments(query, "message_id")
    criteria = Query.of(**query)
    must_be_a_text("message_id", message_id)
    if message_id is not None and query:
        raise ValueError(f"give a message_id or {next(iter(query))}, not both")
    state = engine.state
    if message_id is None:
        # The messages themselves are not kept: to free them all at the end takes long.
        message_ids = [each.id for each in (yield from search_in_steps(engine, criteria)).messages]
    else:
        message_ids = [state.messages[message_id].id]

    def discard(some: Sequence[str]) -> None:
        with engine.transaction():
            # A state that has replaced it may have messages with the same ids.
            if engine.state is state:
                engine.change(discard_messages, some)

    try:
        yield from for_each(slices(message_ids, _CLEARED_AT_ONCE), discard)
    finally:
        with engine.lock:
            engine.begin_generation()
