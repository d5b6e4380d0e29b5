"""Changes and their journal."""

from __future__ import annotations

from typing import Any

import pytest

from pinpoint_sms_emu import Emulator
from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.state.transactions import Transactions


class NotedChanges:
    """A journal that keeps what is appended."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, tuple[Any, ...], dict[str, Any]]] = []

    def append(self, name: str, arguments: tuple[Any, ...], given: dict[str, Any]) -> None:
        """Keep a change."""
        self.lines.append((name, arguments, given))

    def compact_if_needed(self) -> None:
        """Do nothing."""


@pytest.fixture
def transactions() -> Transactions[Any]:
    """Transactions of an emulator, with a journal."""
    made: Transactions[Any] = engine_of(Emulator()).transactions
    made.journal = NotedChanges()  # type: ignore[assignment]  only these are called
    return made


def test_a_change_is_written_without_those_inside_it(transactions):
    """Repeating the outer change repeats them; the next change is written again."""
    done = []

    def inner(_state: Any, value: int) -> int:
        done.append(value)
        return value

    def outer(_state: Any, value: int, *, more: int) -> int:
        return transactions.change(inner, value) + transactions.change(inner, more)

    assert transactions.change(outer, 1, more=2) == 3
    assert transactions.change(inner, 4) == 4
    assert done == [1, 2, 4]
    assert transactions.journal.lines == [("outer", (1,), {"more": 2}), ("inner", (4,), {})]


def test_the_change_after_one_that_failed_is_written(transactions):
    """A change that fails does so again when it is repeated; it does not hide the next one."""

    def fail(_state: Any) -> None:
        raise LookupError("planted")

    def succeed(_state: Any) -> None:
        """Change nothing."""

    with pytest.raises(LookupError, match="planted"):
        transactions.change(fail)
    transactions.change(succeed)

    assert [name for name, *_ in transactions.journal.lines] == ["fail", "succeed"]
