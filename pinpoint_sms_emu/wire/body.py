"""The body of a WSGI request, whole, so that the connection can be kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pinpoint_sms_emu.errors import RequestEntityTooLargeException, SerializationException

# A registration attachment is the largest that the API takes: 6,990,508 bytes of base64.
LARGEST = 8 * 1024 * 1024
# So much of a body that is too large is taken off the line: a client that is still sending does
# not hear the answer.
_DRAINED = 64 * 1024 * 1024
_CHUNK = 1024 * 1024

_LENGTH = re.compile(r"[0-9]{1,18}")


def read_body(environ: Mapping[str, Any], largest: int = LARGEST) -> bytes:
    """Read the whole body; one that is too large, or has no proper length, is refused."""
    source, length = environ["wsgi.input"], environ.get("CONTENT_LENGTH")
    if length:
        if not _LENGTH.fullmatch(length):
            raise SerializationException(f"Content-Length is no number of bytes: {length}")
        size = int(length)
    elif environ.get("wsgi.input_terminated"):
        size = largest + 1
    else:
        return b""
    try:
        body: bytes = source.read(min(size, largest + 1))
        if len(body) <= largest:
            return body
        _drain(source, size - len(body) if length else _DRAINED)
    except OSError as error:  # chunks that are none, or a caller who has gone: no crash of ours
        raise SerializationException(f"The body breaks off: {error}") from error
    raise RequestEntityTooLargeException(f"A body has at most {largest} bytes")


def _drain(source: Any, size: int) -> None:
    size = min(size, _DRAINED)
    while size > 0 and (chunk := source.read(min(size, _CHUNK))):
        size -= len(chunk)
