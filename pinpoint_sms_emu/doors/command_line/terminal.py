"""What people see: colours on a terminal alone, tables, and nothing that steers the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence

GREEN, RED, YELLOW, BOLD = "32", "31", "33", "1"


def is_for_people() -> bool:
    """Tell whether standard output is a terminal."""
    return sys.stdout.isatty()


def has_colours() -> bool:
    """Tell whether colours are wanted: on a terminal, unless NO_COLOR says otherwise."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return is_for_people()


def coloured(text: str, colour: str | None) -> str:
    """The text in a colour, where there are colours."""
    return f"\033[{colour}m{text}\033[0m" if colour and has_colours() else text


def harmless(text: str) -> str:
    """The text on one line; what steers a terminal, or turns the writing round, is spelled out."""
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in text
    )


class Table:
    """Lines of columns, which grow with what stands in them; on a terminal the last one is cut."""

    def __init__(self, titles: Sequence[str], widths: Sequence[int]) -> None:
        self.titles = titles
        self.widths = list(widths)

    def measure(self, cells: Sequence[str]) -> None:
        """Make room for these cells, in this line and those to come."""
        for at in range(len(self.widths)):
            self.widths[at] = max(self.widths[at], len(cells[at]))

    def line(self, cells: Sequence[str], colours: Sequence[str | None]) -> str:
        """One line: every cell, in its colour."""
        self.measure(cells)
        room = None
        if is_for_people():
            used = sum(self.widths) + 2 * len(self.widths)
            room = max(shutil.get_terminal_size().columns - used, 10)
        *first, last = cells
        if room is not None and len(last) > room:
            last = f"{last[: room - 1]}…"
        padded = [cell.ljust(width) for cell, width in zip(first, self.widths, strict=True)]
        return "  ".join(map(coloured, [*padded, last], colours)).rstrip()

    def head(self) -> str:
        """The line of titles."""
        return self.line(self.titles, [BOLD] * len(self.titles))
