"""Forks: a forked child has a copy of every emulator, but none of its parent's threads.

A fork waits until no other thread of the parent changes a state; otherwise, the copy would be
incomplete, and its lock would never be released. What threads of the parent hold besides, such as
the connections of a delivery, is made anew in the child.
"""

from __future__ import annotations

import os
import threading
from typing import Final, Protocol
from weakref import WeakSet

# How long a fork waits for each emulator, in seconds. The parent may wait for its own child.
_WAIT_SECONDS: Final = 2.0


class Copied(Protocol):
    """What a forked child gets a copy of."""

    lock: threading.RLock

    def begin_in_child(self) -> None:
        """Make anew what threads of the parent use; the lock is held."""


_copied: WeakSet[Copied] = WeakSet()
# The locks that the forking thread holds, so that no other thread has them in the child.
_held: list[threading.RLock] = []


def prepare(copied: Copied) -> None:
    """Let forked children have an intact copy of an object."""
    _copied.add(copied)


def _hold_locks() -> None:
    locks = [each.lock for each in sorted(_copied, key=id)]
    _held.extend(lock for lock in locks if lock.acquire(timeout=_WAIT_SECONDS))


def _release_locks() -> None:
    while _held:
        _held.pop().release()


def _begin_in_child() -> None:
    for each in list(_copied):
        each.begin_in_child()
    _release_locks()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_hold_locks, after_in_parent=_release_locks, after_in_child=_begin_in_child
    )
