"""One client's connection to the server, on its event loop."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from functools import cache
from http import HTTPStatus
from time import time  # noqa: TID251  the header Date has the real time
from typing import TYPE_CHECKING, Any
from wsgiref.handlers import format_date_time  # email.utils takes longer to import

from pinpoint_sms_emu.doors.http.application import Answer, Application
from pinpoint_sms_emu.doors.http.parsing import HttpRequest, RequestReader
from pinpoint_sms_emu.wire.protocol import LOCAL_ADDRESS

if TYPE_CHECKING:
    from asyncio.trsock import TransportSocket

# The time for a request, after its first byte and after each further MiB of it.
REQUEST_SECONDS = 30.0
# A connection is closed if its client does not read an answer for this time.
UNREAD_SECONDS = 60.0
# The requests of one connection that can wait for an earlier one.
MAX_WAITING_REQUESTS = 100

_MIB = 1024 * 1024

logger = logging.getLogger(__name__)


class Connection(asyncio.Protocol):
    """Reads requests, and answers them in order.

    Most requests are answered at once. Those that wait, or have answers in many pieces, are tasks,
    which end when the client closes the connection.
    """

    def __init__(
        self,
        application: Application,
        opened: Callable[[Connection], None],
        closed: Callable[[Connection], None],
    ) -> None:
        self._application = application
        self._opened, self._closed = opened, closed
        self._loop = asyncio.get_running_loop()
        self._reader = RequestReader(application.largest_body)
        self._requests: deque[HttpRequest] = deque()
        self._task: asyncio.Task[None] | None = None
        self._can_write = asyncio.Event()
        self._can_write.set()
        # The time since which a request is incomplete, the bytes received since then, and the time
        # since which the client does not read.
        self._incomplete_since: float | None = None
        self._received = 0
        self._unread_since: float | None = None
        self._transport: asyncio.Transport
        self._peer: str

    @property
    def socket(self) -> TransportSocket:
        """The connection's socket."""
        found: TransportSocket = self._transport.get_extra_info("socket")
        return found

    @property
    def is_answering(self) -> bool:
        """Return whether a request is being answered."""
        return self._task is not None

    # Called by the event loop.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  TCP has no other
        self._transport = transport
        self._peer = _address_of(transport)
        self._opened(self)

    def connection_lost(self, _error: Exception | None) -> None:
        """Stop, because the client has closed the connection."""
        self._closed(self)
        self._requests.clear()
        if self._task is not None:
            self._task.cancel()

    def data_received(self, data: bytes) -> None:
        """Parse more bytes."""
        self._requests.extend(self._reader.feed(data))
        if self._reader.is_incomplete:
            self._note_progress(len(data))
        else:
            self._incomplete_since = None
        self._answer_requests()
        if len(self._requests) > MAX_WAITING_REQUESTS:
            self._transport.abort()

    def _note_progress(self, size: int) -> None:
        """Record that a request is incomplete, and ask for its body if the client waits."""
        self._received += size
        if self._incomplete_since is None or self._received >= _MIB:
            self._incomplete_since, self._received = self._loop.time(), 0
        if self._reader.expects_continue and not self.is_answering:
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def pause_writing(self) -> None:
        """Stop computing answers, because the client does not read."""
        self._can_write.clear()
        self._unread_since = self._loop.time()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Continue, because the client reads again."""
        self._can_write.set()
        self._unread_since = None
        self._transport.resume_reading()
        self._answer_requests()

    # Called by the server.

    def must_be_in_time(self) -> None:
        """Close the connection if its client is too slow."""
        now = self._loop.time()
        if self._unread_since is not None and now - self._unread_since > UNREAD_SECONDS:
            self._transport.abort()
        elif self._incomplete_since is not None and now - self._incomplete_since > REQUEST_SECONDS:
            self._refuse(408, f"a request must be complete within {REQUEST_SECONDS:g} seconds")

    def close(self) -> None:
        """Close the connection, after what has been written is sent."""
        self._transport.close()

    def abort(self) -> None:
        """Close the connection at once."""
        self._transport.abort()

    # Answers.

    def _answer_requests(self) -> None:
        while self._requests and self._task is None and self._can_write.is_set():
            request = self._requests.popleft()
            answer = self._application.answer(request, self._peer)
            if isinstance(answer, Answer) and isinstance(answer.body, bytes):
                self._write(request, answer, answer.body)
            else:
                self._task = self._loop.create_task(self._finish(request, answer))
        if self._reader.error and not self._requests and self._task is None:
            self._refuse(self._reader.error.status, self._reader.error.sentence)

    async def _finish(
        self, request: HttpRequest, answer: Answer | Coroutine[Any, Any, Answer]
    ) -> None:
        try:
            if not isinstance(answer, Answer):
                answer = await answer
            if isinstance(answer.body, bytes):
                self._write(request, answer, answer.body)
            else:
                await self._write_pieces(request, answer, answer.body)
        except Exception:
            # The client notices because the connection is closed.
            logger.exception("an answer could not be completed")
            self._transport.abort()
        finally:
            self._task = None
        self._answer_requests()

    def _write(self, request: HttpRequest, answer: Answer, body: bytes) -> None:
        if answer.cut:
            self._write_half(answer, body)
            return
        length = len(body) if answer.length is None else answer.length
        head = _head(request, answer, f"Content-Length: {length}\r\n")
        self._transport.write(head if request.method == "HEAD" else head + body)
        if not request.keeps_connection:
            self._transport.close()

    def _write_half(self, answer: Answer, body: bytes) -> None:
        """Send half of the answer as a chunk; clients notice that the last chunk is missing."""
        half = body[: len(body) // 2]
        head = _head(None, answer, "Transfer-Encoding: chunked\r\n")
        self._transport.write(head + _chunk(half))
        self._transport.close()

    async def _write_pieces(
        self, request: HttpRequest, answer: Answer, body: Iterator[bytes] | AsyncIterator[bytes]
    ) -> None:
        """Send an answer piece by piece, no faster than the client reads it."""
        is_chunked = request.is_1_1
        coding = "Transfer-Encoding: chunked\r\n" if is_chunked else ""
        self._transport.write(_head(request, answer, coding))
        pieces = body if isinstance(body, AsyncIterator) else _async_pieces(body)
        async for piece in pieces:
            if not piece:
                continue  # as a chunk it would end the answer
            self._transport.write(_chunk(piece) if is_chunked else piece)
            await self._can_write.wait()
        if is_chunked:
            self._transport.write(b"0\r\n\r\n")
        if not (is_chunked and request.keeps_connection):
            self._transport.close()

    def _refuse(self, status: int, sentence: str) -> None:
        """Answer an invalid request, and close the connection."""
        self._incomplete_since = None  # it is refused once
        body = json.dumps({"error": sentence}).encode()
        answer = Answer(status, [("Content-Type", "application/json")], body)
        self._transport.write(_head(None, answer, f"Content-Length: {len(body)}\r\n") + body)
        self._transport.close()


def _address_of(transport: asyncio.Transport) -> str:
    """The client's address; that of IPv4 also where a socket of IPv6 takes both."""
    peer = transport.get_extra_info("peername")
    return str(peer[0]).removeprefix("::ffff:") if peer else LOCAL_ADDRESS


async def _async_pieces(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces, and let the loop answer other requests between them."""
    for piece in pieces:
        yield piece
        await asyncio.sleep(0)


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(piece), piece)


def _head(request: HttpRequest | None, answer: Answer, length: str) -> bytes:
    """Write the head of an answer; without a request the connection is closed after it."""
    connection = ""
    if request is None or not request.keeps_connection:
        connection = "Connection: close\r\n"
    elif not request.is_1_1:
        connection = "Connection: keep-alive\r\n"
    headers = "".join([f"{name}: {value}\r\n" for name, value in answer.headers])
    return (
        f"HTTP/1.1 {_status(answer.status)}\r\n{headers}{length}{connection}"
        f"X-Content-Type-Options: nosniff\r\nDate: {_date(int(time()))}\r\n\r\n"
    ).encode("latin-1")


@cache
def _status(status: int) -> str:
    known = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase if known else ''}"


_dates: dict[int, str] = {}


def _date(second: int) -> str:
    """Format a time for HTTP; the text of the current second is reused."""
    date = _dates.get(second)
    if date is None:
        _dates.clear()
        date = _dates[second] = format_date_time(second)
    return date
