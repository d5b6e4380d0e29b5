"""What somebody who wrote a name that is not known may have meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: object, known: Iterable[str]) -> str:
    """Say which of the known names comes nearest, or which there are."""
    import difflib  # noqa: PLC0415 only where something is wrong

    names = sorted(known)
    close = difflib.get_close_matches(str(name), names, n=1)
    if close:
        return f"perhaps {close[0]} is meant"
    return f"there are {', '.join(names)}" if names else "there are none"
