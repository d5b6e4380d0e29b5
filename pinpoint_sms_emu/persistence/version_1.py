"""Data folders of version 1: a file with a state in the first line, and a change in each other."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from pinpoint_sms_emu.state.random_source import RandomSource


class RandomSourceOfVersion1(RandomSource):
    """Generates ids as version 1 did, so that repeated changes create the same ids."""

    def identifier(self) -> str:
        """Return 32 random hexadecimal digits."""
        return self.hexadecimal(32)


FILE: Final = "journal.jsonl"
FORMAT: Final = "pinpoint-sms-emu journal"

# The current names of its changes.
_NEW_NAMES: Final = {
    "_answer_again": "answer_call",
    "_do_what_is_due": "run_due_jobs",
    "_make_account": "make_account",
    "fail": "add_fault",
    "files_were_looked_at": "note_inspection",
    "forget_messages": "clear_messages",
    "forget_outcomes": "clear_outcomes",
    "mend": "clear_faults",
    "outcome": "add_outcome",
    "review": "review_registration",
    "settle": "settle_delivery",
}
# Arguments that were optional in version 1 and are now required.
_DEFAULTS: Final[dict[str, dict[str, Any]]] = {
    "add_number": {"account_id": "123456789012", "region": "us-east-1"},
    "add_outcome": {"times": None, "account_id": None, "region": None},
    "clear_faults": {"fault_id": None},
    "clear_outcomes": {"outcome_id": None},
    "receive": {"account_id": None, "region": None},
    "review_registration": {"reason": None, "fields": {}, "account_id": None, "region": None},
}


def load(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Read the head with the state, and the changes; return None if there is no such file."""
    path = folder / FILE
    if not path.exists():
        return None
    lines = list(_lines(path))
    head, changes = lines[0], lines[1:]
    if (head.get("format"), head.get("version")) != (FORMAT, 1):
        raise damaged(path, 1, "this is not a journal of version 1")
    return head, [_renamed(change) for change in changes]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Iterate over the lines; skip an unfinished last line, which was never answered."""
    checksum = number = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            is_whole = line.endswith(b"\n")
            checksum = zlib.crc32(line[9:-1], checksum)
            if line[:9] == b"%08x " % checksum:
                if not is_whole:
                    raise damaged(path, number, "its end is damaged")
                yield json.loads(line[9:-1])
            elif is_whole or number == 1:
                raise damaged(path, number, "its checksum is wrong")
    if not number:
        raise damaged(path, 1, "it is empty")


def damaged(path: Path, number: int, why: str) -> ValueError:
    """Return the error for a file that cannot be read; the file is not changed."""
    return ValueError(f"{path}, line {number}: {why}; the file was not changed")


def _renamed(change: dict[str, Any]) -> dict[str, Any]:
    name = _NEW_NAMES.get(change["do"], change["do"])
    arguments, given = list(change["with"]), dict(change["given"])
    defaults = _DEFAULTS.get(name, {})
    if name in ("clear_faults", "clear_outcomes"):
        argument = next(iter(defaults))
        arguments = [given.pop(argument, arguments[0] if arguments else None)]
        defaults = {}
    random_position, sequence, messages = change["made"]
    return {
        "at": change["at"],
        # Version 1 did not record how many random values faults had used.
        "position": [random_position, None, sequence, messages],
        "change": name,
        "arguments": arguments,
        "given": {**defaults, **given},
    }
