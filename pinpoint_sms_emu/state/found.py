"""What a search returns: a sequence of what it found, with totals."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Found(Sequence[T]):
    """A sequence of the entries that were found, so that it is false if there are none.

    Its length is the number of entries that it has, which a limit may have reduced.
    """

    __slots__ = ()

    @property
    @abstractmethod
    def _entries(self) -> list[T]:
        """The entries that were found."""

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self._entries[index]

    def __len__(self) -> int:
        return len(self._entries)
