"""Detects the types of files that forms accept, and the size of images."""

from __future__ import annotations

from typing import Final

_BEGINNINGS: Final = {"PDF": b"%PDF-", "JPEG": b"\xff\xd8\xff", "PNG": b"\x89PNG\r\n\x1a\n"}

_MARKER: Final = 0xFF
# The segments of a JPEG file that contain its size: SOF0 to SOF15 without DHT, JPG and DAC.
_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def file_type_of(body: bytes) -> str | None:
    """Return PDF, JPEG or PNG by the first bytes of a file, or None."""
    return next((name for name, start in _BEGINNINGS.items() if body.startswith(start)), None)


def image_size(body: bytes) -> tuple[int, int] | None:
    """Return width and height of an image in pixels, or None if they cannot be read."""
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
    # The first two bytes are followed by segments: a marker, its kind, its length and its content.
    start = 2
    while start + 9 <= len(body) and body[start] == _MARKER:
        if body[start + 1] in _SIZES:
            height, width = body[start + 5 : start + 7], body[start + 7 : start + 9]
            return int.from_bytes(width), int.from_bytes(height)
        start += 2 + int.from_bytes(body[start + 2 : start + 4])
    return None
