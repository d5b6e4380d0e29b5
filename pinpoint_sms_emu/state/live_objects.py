"""Objects that belong to a running emulator, such as its clock."""

from __future__ import annotations

from typing import Any


class LiveObject:
    """An object of a running emulator: a copy would share half of it, so there are none."""

    __slots__ = ()

    def __reduce_ex__(self, protocol: Any) -> Any:
        # copy, deepcopy and pickle all call it.
        raise TypeError(
            f"{type(self).__name__} cannot be copied or pickled: pass what snapshot() returns"
            " to the restore() of another Emulator"
        )
