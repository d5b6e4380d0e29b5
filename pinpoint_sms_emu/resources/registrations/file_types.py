"""The types of files that forms take, and the size of images, read from their first bytes."""

from __future__ import annotations

from typing import Final

_BEGINNINGS: Final = {"PDF": b"%PDF-", "JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}

_MARKER: Final = 0xFF
# The segments of a JPEG file that have its size: SOF0 to SOF15 without DHT, JPG and DAC.
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def file_type_of(body: bytes) -> str | None:
    """Tell whether a file is a PDF, JPEG or PNG; None if it is none of them."""
    return next((name for name, start in _BEGINNINGS.items() if body.startswith(start)), None)


def image_size(body: bytes) -> tuple[int, int] | None:
    """Read width and height of an image in pixels; None if it does not tell them."""
    match file_type_of(body):
        case "PNG":
            return _png_size(body)
        case "JPEG":
            return _jpeg_size(body)
    return None


def _png_size(body: bytes) -> tuple[int, int] | None:
    width, height = body[16:20], body[20:24]
    if body[12:16] != b"IHDR" or not height:
        return None
    return int.from_bytes(width), int.from_bytes(height)


def _jpeg_size(body: bytes) -> tuple[int, int] | None:
    # After the first two bytes there are segments: a marker, its kind, its length and its content.
    start = 2
    while start + 9 <= len(body) and body[start] == _MARKER:
        if body[start + 1] in _SIZES:
            height, width = body[start + 5 : start + 7], body[start + 7 : start + 9]
            return int.from_bytes(width), int.from_bytes(height)
        start += 2 + int.from_bytes(body[start + 2 : start + 4])
    return None
