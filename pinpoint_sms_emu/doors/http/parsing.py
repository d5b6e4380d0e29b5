"""Parses HTTP/1.1 requests from bytes, without a socket.

It refuses requests that another parser could read differently (RFC 9112, 11.2): with two lengths,
a folded header, a line that ends in a bare line feed, a transfer coding other than `chunked`, or
one with HTTP/1.0; and requests of HTTP/1.1 without a Host (RFC 9112, 3.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

MAX_HEAD_BYTES = 64 * 1024
# A body that is too large is read and dropped up to this size, because a client that is still
# sending does not read the answer. The connection of a larger one is closed.
MAX_DROPPED_BYTES = 64 * 1024 * 1024

_TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_REQUEST_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) (HTTP/\d\.\d)")
_DIGITS = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")
_PRINTABLE = bytes([0x09, *range(0x20, 0x7F), *range(0x80, 0x100)])
_TLS_HANDSHAKE = b"\x16\x03"
_ABSOLUTE = re.compile(r"https?://[^/?#]*", re.IGNORECASE)
# The longest line of a chunk's size, and of a trailer.
_MAX_LINE_BYTES = 4096
# Longer headers are not cached.
_SHORT_HEADER = 512
# Joining these takes less than a millisecond.
_JOINED_AT_ONCE = 1024 * 1024


@dataclass(slots=True)
class HttpRequest:
    """A complete request; the body is None if it was too large."""

    method: str
    path: str
    query: str
    is_1_1: bool
    headers: dict[str, str]
    keeps_connection: bool
    body: bytes | bytearray | None = b""


class HttpError(Exception):
    """The bytes are not a valid request; the connection is closed after the answer."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


class RequestReader:
    r"""Parses the requests of one connection.

    `largest(request)` returns the maximum size of a body, by the head of the request. After each
    `feed`, `is_incomplete` is true if a request is, `expects_continue` if its client waits
    for "100 Continue", and `error` is the error that ends the connection.

    >>> reader = RequestReader(lambda request: 100)
    >>> reader.feed(b"GET /x HTTP/1.1\r\nHost: a\r\n\r\n")[0].path
    '/x'
    """

    def __init__(self, largest: Callable[[HttpRequest], int]) -> None:
        self.expects_continue = False
        self.error: HttpError | None = None
        self._largest = largest
        self._buffer = b""
        # The request whose head has been read, and the rest of its body.
        self._request: HttpRequest | None = None
        self._body: _Body | _ChunkedBody

    @property
    def is_incomplete(self) -> bool:
        """Return whether a request is incomplete."""
        return bool(self._buffer) or self._request is not None

    def feed(self, data: bytes) -> list[HttpRequest]:
        """Parse more bytes, and return the requests that are complete; after an error, none is."""
        if self.error:
            return []
        requests: list[HttpRequest] = []
        self.expects_continue = False
        self._buffer = self._buffer + data if self._buffer else data
        try:
            while request := self._read():
                requests.append(request)
        except HttpError as error:
            self.error, self._buffer = error, b""
        return requests

    def _read(self) -> HttpRequest | None:
        request = self._request
        if request is None:
            request = self._read_head()
            if request is None or self._request is None:
                return request
        self._buffer = self._body.read(self._buffer)
        if not self._body.is_whole:
            return None
        request.body, self._request = self._body.content, None
        self.expects_continue = False
        return request

    def _read_head(self) -> HttpRequest | None:
        """Parse a head, if it is complete. A request with a body is stored until it is complete."""
        # A client may send an empty line after a body (RFC 9112, 2.2).
        while self._buffer.startswith(b"\r\n"):
            self._buffer = self._buffer[2:]
        end = self._buffer.find(b"\r\n\r\n")
        if (end if end >= 0 else len(self._buffer)) > MAX_HEAD_BYTES:
            raise HttpError(431, f"the head of a request has at most {MAX_HEAD_BYTES} bytes")
        if end < 0:
            _must_be_the_beginning_of_a_head(self._buffer)
            return None
        request = _parse_head(self._buffer[:end])
        self._buffer = self._buffer[end + 4 :]
        headers = request.headers
        is_chunked = "transfer-encoding" in headers
        size = int(headers.get("content-length", "0"))
        if not size and not is_chunked:
            return request
        largest = self._largest(request)
        if 0 < size <= min(len(self._buffer), largest):
            # Usually, the body has come with the head.
            request.body, self._buffer = self._buffer[:size], self._buffer[size:]
            return request
        self._request = request
        self._body = _ChunkedBody(largest) if is_chunked else _Body(size, largest)
        self.expects_continue = (
            request.is_1_1 and headers.get("expect", "").lower() == "100-continue"
        )
        return request


def _must_be_the_beginning_of_a_head(data: bytes) -> None:
    """Refuse at once what can never be a request, so that its client does not wait in vain."""
    if data.startswith(_TLS_HANDSHAKE):
        raise HttpError(400, "this server speaks HTTP without TLS: use a URL with http://")
    controls = data.translate(None, _PRINTABLE)
    if controls.replace(b"\r\n", b"").rstrip(b"\r"):
        raise HttpError(400, "the head of a request has a control character")


def _parse_head(head: bytes) -> HttpRequest:
    lines = head.decode("latin-1").split("\r\n")
    # Only the ends of lines may be control characters, and no bare line feed.
    if head.translate(None, _PRINTABLE) != b"\r\n" * (len(lines) - 1):
        raise HttpError(400, "the head of a request has a control character")
    method, path, query, is_1_1 = _parse_request_line(lines[0])
    headers = _parse_headers(lines)
    if is_1_1 and "host" not in headers:
        raise HttpError(400, "a request with HTTP/1.1 has the header Host")
    _must_have_one_length(headers, is_1_1=is_1_1)
    connection = headers.get("connection")
    if connection is None:
        keeps = is_1_1
    else:
        keeps = "close" not in connection.lower() if is_1_1 else "keep-alive" in connection.lower()
    return HttpRequest(method, path, query, is_1_1, headers, keeps)


@lru_cache(maxsize=32)
def _parse_request_line(line: str) -> tuple[str, str, str, bool]:
    """Parse method, path, query, and whether the version is 1.1; cached, as lines recur."""
    found = _REQUEST_LINE.fullmatch(line)
    if not found:
        raise HttpError(400, "this is not an HTTP/1.1 request")
    method, target, version = found.groups()
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise HttpError(505, "this server speaks HTTP/1.1 and HTTP/1.0")
    path, query = _parse_target(target)
    return method, path, query, version == "HTTP/1.1"


def _parse_headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines[1:]:
        parse = _parse_short_header if len(line) <= _SHORT_HEADER else _parse_header
        name, value = parse(line)
        if name not in headers:
            headers[name] = value
        elif name in ("content-length", "host", "transfer-encoding"):
            raise HttpError(400, f"the header {line.partition(':')[0]} occurs twice")
        else:
            headers[name] += f", {value.strip()}"
    return headers


def _parse_header(line: str) -> tuple[str, str]:
    """Parse a header's name, in lower case, and its value."""
    name, colon, value = line.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        raise HttpError(400, "a header has a name, a colon and a value")
    return name.lower(), value.strip(" \t")


# Cached, because most lines recur.
_parse_short_header = lru_cache(maxsize=256)(_parse_header)


def _must_have_one_length(headers: dict[str, str], *, is_1_1: bool) -> None:
    length, coding = headers.get("content-length"), headers.get("transfer-encoding")
    if length is not None and not _DIGITS.fullmatch(length):
        raise HttpError(400, "Content-Length must be a number of bytes")
    if coding is not None:
        if length is not None:
            raise HttpError(400, "a body has a Content-Length or a Transfer-Encoding, not both")
        if not is_1_1:
            raise HttpError(400, "HTTP/1.0 has no Transfer-Encoding")
        if coding.lower() != "chunked":
            raise HttpError(501, "the only supported Transfer-Encoding is chunked")


def _parse_target(target: str) -> tuple[str, str]:
    """Split a target into path and query, also in a proxy's absolute form (RFC 9112, 3.2.2)."""
    if not target.startswith("/"):
        found = _ABSOLUTE.match(target)
        if target != "*" and not found:
            raise HttpError(400, "the target of a request begins with a slash")
        target = target[found.end() :] if found else target
    path, _, query = target.partition("?")
    return path or "/", query


class _Content:
    """The content of a body. A large one is joined while it arrives: at the end it takes long."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._size = 0
        self._joined: bytearray | None = None

    def add(self, piece: bytes) -> None:
        """Add a piece."""
        self._pieces.append(piece)
        self._size += len(piece)
        if self._size > _JOINED_AT_ONCE:
            self._join()

    def _join(self) -> bytearray:
        self._joined = self._joined or bytearray()
        self._joined += b"".join(self._pieces)
        self._pieces, self._size = [], 0
        return self._joined

    def whole(self) -> bytes | bytearray:
        """Return the whole content."""
        return b"".join(self._pieces) if self._joined is None else self._join()


class _Body:
    """A body of a known length."""

    def __init__(self, length: int, largest: int) -> None:
        if length > largest + MAX_DROPPED_BYTES:
            raise HttpError(413, f"a body has at most {largest} bytes here")
        self._missing = length
        self._content = _Content() if length <= largest else None

    @property
    def is_whole(self) -> bool:
        return not self._missing

    @property
    def content(self) -> bytes | bytearray | None:
        """The body, or None if it is too large."""
        return None if self._content is None else self._content.whole()

    def read(self, data: bytes) -> bytes:
        """Read the bytes of the body, and return the rest."""
        piece, rest = data[: self._missing], data[self._missing :]
        self._missing -= len(piece)
        if self._content is not None:
            self._content.add(piece)
        return rest


class _ChunkedBody:
    """A body in chunks (RFC 9112, 7.1); its trailers are read and dropped."""

    def __init__(self, largest: int) -> None:
        self.is_whole = False
        self._largest = largest
        self._size = 0
        self._content: _Content | None = _Content()
        # Reads the next line; None within the content of a chunk.
        self._read_line: Callable[[bytes], None] | None = self._read_size
        self._missing = 0

    @property
    def content(self) -> bytes | bytearray | None:
        """The body, or None if it is too large."""
        return None if self._content is None else self._content.whole()

    def read(self, data: bytes) -> bytes:
        """Read the bytes of the body, and return the rest, or the beginning of a line."""
        while not self.is_whole:
            if self._read_line is None:
                if not data:
                    break
                data = self._read_content(data)
                continue
            line, end, rest = data.partition(b"\r\n")
            if len(line) > _MAX_LINE_BYTES:
                raise HttpError(400, "a line between chunks is too long")
            if not end:
                break
            data = rest
            self._read_line(line)
        return data

    def _read_size(self, line: bytes) -> None:
        found = _CHUNK_SIZE.fullmatch(line)
        if not found:
            raise HttpError(400, "a chunk begins with its size")
        self._missing = int(found[1], 16)
        self._read_line = None if self._missing else self._read_trailer
        self._size += self._missing
        if self._size > self._largest:
            self._content = None
        if self._size > self._largest + MAX_DROPPED_BYTES:
            raise HttpError(413, f"a body has at most {self._largest} bytes here")

    def _read_content(self, data: bytes) -> bytes:
        piece, rest = data[: self._missing], data[self._missing :]
        self._missing -= len(piece)
        if not self._missing:
            self._read_line = self._read_end_of_chunk
        if self._content is not None:
            self._content.add(piece)
        return rest

    def _read_end_of_chunk(self, line: bytes) -> None:
        if line:
            raise HttpError(400, "a chunk is longer than its size")
        self._read_line = self._read_size

    def _read_trailer(self, line: bytes) -> None:
        self.is_whole = not line
