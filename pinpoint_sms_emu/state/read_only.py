"""Lists and mappings that cannot be changed, for parts of the state that users can read."""

from __future__ import annotations

from typing import Any, Final, TypeVar

K = TypeVar("K")
V = TypeVar("V")


def _refuse(*_arguments: Any, **_named: Any) -> Any:
    raise TypeError("this belongs to the emulator, and cannot be changed: copy it first")


class ReadOnlyDict(dict[K, V]):
    """A mapping that cannot be changed. Copies of it can."""

    __setitem__: Any = _refuse
    __delitem__: Any = _refuse
    __ior__: Any = _refuse
    clear: Any = _refuse
    pop: Any = _refuse
    popitem: Any = _refuse
    setdefault: Any = _refuse
    update: Any = _refuse

    def __reduce__(self) -> tuple[type[dict[K, V]], tuple[dict[K, V]]]:
        return dict, (dict(self),)


class ReadOnlyList(list[V]):
    """A list that cannot be changed. Copies of it can."""

    __setitem__: Any = _refuse
    __delitem__: Any = _refuse
    __iadd__: Any = _refuse
    __imul__: Any = _refuse
    append: Any = _refuse
    clear: Any = _refuse
    extend: Any = _refuse
    insert: Any = _refuse
    pop: Any = _refuse
    remove: Any = _refuse
    reverse: Any = _refuse
    sort: Any = _refuse

    def __reduce__(self) -> tuple[type[list[V]], tuple[list[V]]]:
        return list, (list(self),)

    def copy(self) -> list[V]:
        """Return a list that can be changed."""
        return list(self)


# Messages have several that are empty: sharing them saves time, memory and garbage collection.
_EMPTY_DICT: Final[ReadOnlyDict[Any, Any]] = ReadOnlyDict()
_EMPTY_LIST: Final[ReadOnlyList[Any]] = ReadOnlyList()


def empty_dict() -> ReadOnlyDict[Any, Any]:
    """Return a mapping without entries."""
    return _EMPTY_DICT


def empty_list() -> ReadOnlyList[Any]:
    """Return a list without entries."""
    return _EMPTY_LIST


def read_only(value: Any) -> Any:
    """Return a value whose lists and mappings, inner ones too, cannot be changed."""
    if isinstance(value, dict):
        if not value:
            return _EMPTY_DICT
        return ReadOnlyDict((name, read_only(inner)) for name, inner in value.items())
    if isinstance(value, list):
        return ReadOnlyList(map(read_only, value)) if value else _EMPTY_LIST
    return value
