"""Long computations in steps, between which others can take the lock, or the event loop."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

T = TypeVar("T")

# A generator that yields between its steps, and returns the result.
Steps: TypeAlias = Generator[None, None, T]

# Most entries take a few microseconds, and those with the most work twenty.
ENTRIES_AT_ONCE: Final = 50


def finish(steps: Steps[T], pause: Callable[[], object] | None = None) -> T:
    """Compute everything, and return the result; with a pause between steps, if one is given."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result
        if pause is not None:
            pause()


def slices(entries: Sequence[T], at_once: int = ENTRIES_AT_ONCE) -> Iterator[Sequence[T]]:
    """Divide entries into slices, of which each is one step."""
    for start in range(0, len(entries), at_once):
        yield entries[start : start + at_once]


def for_each(parts: Iterable[T], work: Callable[[T], object]) -> Steps[None]:
    """Call a function with each part, as one step."""
    for number, part in enumerate(parts):
        if number:
            yield
        work(part)


def select_in_steps(entries: Sequence[T], fits: Callable[[T], bool]) -> Steps[list[T]]:
    """Return the entries that fit."""
    found: list[T] = []
    yield from for_each(slices(entries), lambda part: found.extend(filter(fits, part)))
    return found
