"""Reads the files of tests/observed: requests or events of AWS, with the answers or records."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "tests" / "observed"
# A description in words instead of a value, such as an id, a time or a text.
_WORDS = re.compile(
    r"(an? |the |of an? |of the |right after )\S.*|.* not kept|.*…|message id"
    r"|text|reference|carrier|signature|bytes|bucket|.* or [A-Z]+"
)
# The note of a file whose answer has all its members.
_WHOLE = re.compile(r"[Tt]he whole output|these .* members only")


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One file: a call with its answer, or a record or payload that AWS sent."""

    name: str
    # The name of an operation, or of an event.
    operation: str | None
    event: str | None
    # None if it is not about a single call.
    request: dict[str, Any] | None
    answer: dict[str, Any]
    # Whether AWS really sent it; otherwise it is a published example.
    real: bool
    note: str
    # The calls before it, if `make observe` wrote the file: then the request is complete, and
    # refers to their answers. None in files that were written by hand.
    before: list[dict[str, Any]] | None = None

    @cached_property
    def is_whole(self) -> bool:
        """Return whether the answer has all its members."""
        if self.event is not None:
            return self.real
        return bool(_WHOLE.search(self.note))

    @property
    def is_in_order(self) -> bool:
        """Return whether the words of a list are in AWS's order."""
        return "Told in words" not in self.note

    @property
    def region(self) -> str:
        """The Region of an ARN in the answer, or the default one."""
        found = re.search(r"arn:aws:sms-voice:([\w-]+):", json.dumps(self.answer))
        return found[1] if found else "us-east-1"


def is_words(value: object) -> bool:
    """Return whether a value is a description in words."""
    return isinstance(value, str) and bool(_WORDS.fullmatch(value))


def read(path: Path) -> Observation:
    """Read one file."""
    result = json.loads(path.read_text())
    return Observation(
        name=path.stem,
        operation=result.get("operation"),
        event=result.get("event"),
        request=result.get("request"),
        answer=result["answer"],
        real=result["real"],
        note=result.get("note", ""),
        before=result.get("before"),
    )


def observations(folder: Path = FOLDER) -> list[Observation]:
    """Read every file, in the order of their names."""
    return [read(path) for path in sorted(folder.glob("*.json"))]
