"""Reads SQLite's write-ahead log, to detect transactions that SQLite would silently drop.

SQLite treats a damaged frame as the end of the log, and ignores everything after it.
Format: sqlite.org/fileformat2.html, "The Write-Ahead Log".
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Final

_HEADER: Final = struct.Struct(">8I")
_FRAME: Final = struct.Struct(">6I")
_MAGIC_BIG_ENDIAN: Final = 0x377F0683


def exists(database: Path) -> bool:
    """Return whether a database has a log: it was not closed."""
    log = Path(f"{database}-wal")
    return log.exists() and log.stat().st_size > 0


def committed_transactions(database: Path) -> int:
    """Count the committed transactions in the log of a database.

    Frames at the end without a commit were never acknowledged: the process was killed during the
    transaction. If such a frame is damaged, it may have been a commit, and is counted too.
    """
    try:
        log = Path(f"{database}-wal").read_bytes()
    except FileNotFoundError:
        return 0
    if len(log) < _HEADER.size:
        return 0
    magic, _, page_size, *_ = _HEADER.unpack_from(log)
    frame_size = _FRAME.size + page_size
    if not 512 <= page_size <= 65536:  # noqa: PLR2004  the possible page sizes
        return 1  # the header is damaged, so SQLite reads nothing: any higher number is an error
    starts = range(_HEADER.size, len(log) - frame_size + 1, frame_size)
    commits = [bool(_FRAME.unpack_from(log, start)[1]) for start in starts]
    committed = commits.count(True)
    last = max((place for place, commits_it in enumerate(commits) if commits_it), default=-1)
    order = ">" if magic == _MAGIC_BIG_ENDIAN else "<"
    for start in starts[last + 1 :]:
        before = log[start - frame_size + 16 : start - frame_size + 24]
        if start == _HEADER.size:
            before = log[24:32]
        if not _has_valid_checksum(log, start, page_size, struct.unpack(">2I", before), order):
            committed += 1
    return committed


def _has_valid_checksum(
    log: bytes, start: int, page_size: int, checksum: tuple[int, ...], order: str
) -> bool:
    first, second = checksum
    content = log[start : start + 8] + log[start + _FRAME.size : start + _FRAME.size + page_size]
    for even, odd in struct.iter_unpack(f"{order}2I", content):
        first = (first + even + second) & 0xFFFFFFFF
        second = (second + odd + first) & 0xFFFFFFFF
    return (first, second) == _FRAME.unpack_from(log, start)[4:]
