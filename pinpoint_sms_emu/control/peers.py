"""A client of the other replicas' control planes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn
from urllib.parse import urlencode, urlsplit

from werkzeug.exceptions import BadGateway, HTTPException

from pinpoint_sms_emu.control.access import HEALTH

# The timeout of an answer, in addition to `wait_seconds`.
ANSWER_SECONDS = 30.0
# Long, because on a busy machine this replica itself may be late to notice the connection.
CONNECT_SECONDS = 10.0
# Streams have comments at shorter intervals.
SILENCE_SECONDS = 30.0

_JSON = "application/json"
# The content types of answers that no emulator gives, but other servers do.
_NOT_OURS = ("", "text/html", "text/plain")
# The headers of an answer that are passed on.
_HEADERS = ("content-type", "content-disposition", "content-security-policy", "cache-control")
# The end of an event in a stream.
_END = b"\n\n"
_MAX_EVENT_BYTES = 8 * 1024 * 1024


class Reply(NamedTuple):
    """The answer of a replica."""

    status: int
    # The JSON document, or the bytes of another type.
    document: Any
    headers: Mapping[str, str] = MappingProxyType({"content-type": _JSON})


@dataclass(frozen=True, slots=True)
class Peer:
    """Another replica. If it does not answer, the request is refused with 502.

    Requests are HTTP/1.0, each with its own connection: an answer ends with the connection, and a
    cancelled request closes it.
    """

    name: str
    url: str
    authorization: str | None = None
    answer_seconds: float = ANSWER_SECONDS

    async def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
        *,
        wait_seconds: float = 0,
    ) -> Reply:
        """Send a request, and read the JSON answer."""
        try:
            async with asyncio.timeout(self.answer_seconds + wait_seconds):
                async with self._request(method, path, query, body) as (status, headers, stream):
                    body_read = await stream.read()
            kind = headers.get("content-type", "").partition(";")[0]
            reply = Reply(status, json.loads(body_read) if kind == _JSON else body_read, headers)
        except (OSError, EOFError, ValueError) as error:  # a timeout is an OSError
            self._refuse(error)
        if kind not in _NOT_OURS and status in (HTTPStatus.OK, HTTPStatus.NOT_FOUND):
            return reply
        if not isinstance(reply.document, dict) or "error" not in reply.document:
            self._refuse(OSError(f"status {status}"))
        refusal = HTTPException(f"replica {self.name}: {reply.document['error']}")
        refusal.code = status
        raise refusal

    async def must_answer(self) -> None:
        """Refuse the request if this replica does not answer, or has another number."""
        found = (await self.ask("GET", HEALTH, {})).document.get("replica")
        if found != self.name:
            raise BadGateway(f"peers has {self.url} as replica {self.name}, but it is {found}")

    async def follow(self, path: str, query: Mapping[str, str]) -> AsyncGenerator[bytes]:
        """Follow a stream of server-sent events, including comments, until the peer ends it."""
        try:
            async with AsyncExitStack() as opened:
                async with asyncio.timeout(self.answer_seconds):
                    request = self._request("GET", path, query)
                    status, _, stream = await opened.enter_async_context(request)
                while status == HTTPStatus.OK:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        event = await stream.readuntil(_END)
                    yield event
            self._refuse(OSError(f"status {status}"))
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            self._refuse(error)

    @asynccontextmanager
    async def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str],
        body: Mapping[str, Any] | None = None,
    ) -> AsyncIterator[tuple[int, Mapping[str, str], asyncio.StreamReader]]:
        """Send a request; provide the status, the headers, and a reader of the body."""
        parts = urlsplit(self.url)
        is_secure = parts.scheme == "https"
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                parts.hostname,
                parts.port or (443 if is_secure else 80),
                ssl=is_secure or None,
                limit=_MAX_EVENT_BYTES,
            )
        try:
            writer.write(self._head(method, f"{path}?{urlencode(query)}", parts.netloc, body))
            status, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            parts_of_lines = (line.partition(": ")[::2] for line in lines)
            headers = {name.lower(): value for name, value in parts_of_lines}
            kept = {name: headers[name] for name in _HEADERS if name in headers}
            yield int(status.split()[1]), kept, reader
        finally:
            writer.close()

    def _head(
        self, method: str, target: str, host: str, members: Mapping[str, Any] | None
    ) -> bytes:
        body = b"" if members is None else json.dumps(members).encode()
        lines = [
            f"{method} {target} HTTP/1.0",
            f"Host: {host}",
            "Accept: application/json",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        if self.authorization:
            lines.append(f"Authorization: {self.authorization}")
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    def _refuse(self, error: Exception) -> NoReturn:
        reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise BadGateway(
            f"replica {self.name} at {self.url} does not answer ({reason:.120}); "
            "here=true asks this one alone"
        ) from error
