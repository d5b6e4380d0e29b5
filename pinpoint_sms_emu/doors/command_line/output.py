"""Output of commands: tables for users, JSON and CSV for programs.

rich is loaded by the first table or colour, but not for plain text or JSON.
"""

from __future__ import annotations

import codecs
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pinpoint_sms_emu.wording import one_line

if TYPE_CHECKING:
    from rich.console import Console

GOOD, BAD, WAITING = "green", "red", "yellow"

# Characters other than printable ASCII and line feeds, which may have to be escaped.
_SUSPECT = re.compile(r"[^\x20-\x7e\n]")
# What standard output does by default with a character that its encoding does not have.
_GIVING_UP: Final = ("strict", "surrogateescape")
# The name of the error handler that escapes it.
_ESCAPING: Final = "pinpoint_sms_emu.escaping"
# The width of output that is not for a terminal.
_NO_LIMIT = 1_000_000


def escape_what_cannot_be_encoded() -> None:
    r"""Let standard output escape characters that its encoding does not have, such as \u20ac.

    Otherwise output would end at the first one, for example of a text with an emoji on Windows.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in _GIVING_UP:
        codecs.register_error(_ESCAPING, _escape)
        sys.stdout.reconfigure(errors=_ESCAPING)


def _escape(error: UnicodeError) -> tuple[str, int]:
    """Escape characters as in JSON, so that JSON stays JSON."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return json.dumps(error.object[error.start : error.end])[1:-1], error.end


def print_file(text: str) -> None:
    """Print what could be the content of a file, in the encoding of files."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    print_listing(text)


def is_for_people() -> bool:
    """Return whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def terminal_width() -> int:
    """Return the width of the terminal in columns."""
    return shutil.get_terminal_size().columns


def to_json(document: Any, *, indent: int | None = 2) -> str:
    """Return JSON in which everything that is not printable is escaped."""
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    return _SUSPECT.sub(lambda each: each[0] if each[0].isprintable() else _escaped(each), text)


def _escaped(character: re.Match[str]) -> str:
    return json.dumps(character[0])[1:-1]


def print_json(document: Any, *, indent: int | None = 2) -> None:
    """Print a document as JSON."""
    print(to_json(document, indent=indent), flush=True)


def print_listing(text: str) -> None:
    """Print CSV or lines of JSON, and escape everything that is not printable."""
    escaped = (each if each.isprintable() or each in "\r\n" else one_line(each) for each in text)
    print("".join(escaped), end="", flush=True)


def local_time(text: str | None) -> str:
    """Return a time of the server in the local time zone."""
    if text is None:
        return ""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z").rstrip()


def print_coloured(text: str, colour: str, rest: str) -> None:
    """Print a line that begins with a coloured text."""
    if not _has_colours():
        print(f"{text}{rest}", flush=True)
        return
    from rich.text import Text

    line = Text.assemble((text, colour), rest)
    _console().print(line, soft_wrap=True)


def print_cut(text: str) -> None:
    """Print a line, which is cut at the width of the terminal."""
    if not is_for_people():
        print(text, flush=True)
        return
    from rich.text import Text

    _console().print(Text(text), no_wrap=True, overflow="ellipsis", crop=True)


class Table:
    """A table with columns as wide as their cells; on a terminal, the last column is cut."""

    def __init__(self, titles: Sequence[str], widths: Sequence[int] = ()) -> None:
        self.titles = titles
        # The minimum width of each column; the last one has none.
        self.widths = list(widths) or [0] * (len(titles) - 1)
        self._has_titles = False

    def print(
        self,
        rows: Iterable[Sequence[object]],
        *,
        colour: Callable[[Sequence[object]], Sequence[str | None]] | None = None,
    ) -> None:
        """Print rows, the first ones with titles; `colour` gives the colours of a row's cells."""
        from rich.cells import cell_len
        from rich.table import Table as RichTable
        from rich.text import Text

        console = _console()
        texts = [[one_line("" if each is None else each) for each in row] for row in rows]
        *others, last = zip(self.titles, *texts, strict=True)
        widths = [max(map(cell_len, column)) for column in others]
        self.widths = list(map(max, self.widths, widths))

        needs_titles, self._has_titles = not self._has_titles, True
        table = RichTable(box=None, show_header=needs_titles, pad_edge=False, padding=(0, 2, 0, 0))
        for column, width in zip(others, self.widths, strict=True):
            table.add_column(column[0], no_wrap=True, width=width)
        room = max(console.width - sum(self.widths) - 2 * len(self.widths), 10)
        table.add_column(last[0], no_wrap=True, overflow="ellipsis", max_width=room)
        for row in texts:
            colours = colour(row) if colour else [None] * len(row)
            table.add_row(*(Text(text, of or "") for text, of in zip(row, colours, strict=True)))
        with console.capture() as captured:
            console.print(table)
        # Removes the padding at the end of lines.
        for line in captured.get().splitlines():
            print(line.rstrip(), flush=True)


def _console() -> Console:
    from rich.console import Console

    return Console(
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=_has_colours(),
        color_system="standard" if _has_colours() else None,
        width=terminal_width() if is_for_people() else _NO_LIMIT,
    )


def _has_colours() -> bool:
    """Return whether to print colours: on a terminal, unless NO_COLOR is set."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_for_people()
