"""Phrases that the texts of errors share: quoted values, hints for wrong ones, kinds in words."""

from __future__ import annotations

import reprlib
from collections.abc import Collection, Iterable, Mapping
from typing import Final

# The maximum length of a value in an error's message.
_MAX_QUOTED: Final = 80
# The maximum number of names that an error lists; of more, it lists the most similar ones.
_MAX_LISTED: Final = 20
_MOST_SIMILAR: Final = 3
# How similar a name must be to be the one that was meant, from 0 to 1.
_MIN_SIMILARITY: Final = 0.7

# How a phone number is added: in Python, over HTTP and on the command line.
WITH_ADD_NUMBER: Final = "with sms.add_number, POST /_emulator/numbers or the command `numbers add`"
# How AWS's guides write the kinds whose name is not their words.
_SPELLED: Final[Mapping[str, str]] = {
    "opt-out-list": "opt-out list",
    "opted-out-number": "opted-out number",
    "rcs-agent": "RCS agent",
    "sender-id": "sender ID",
}


def kind_in_words(kind: object) -> str:
    """Write a ResourceType in words, such as `phone number` or `RCS agent`."""
    return _SPELLED.get(str(kind), str(kind).replace("-", " "))


def quoted(value: object) -> str:
    """Quote a value, at most about 80 characters of it."""
    is_text = isinstance(value, str | bytes)
    text = repr(value[: _MAX_QUOTED + 1]) if is_text else reprlib.repr(value)  # type: ignore[index]
    return text if len(text) <= _MAX_QUOTED else f"{text[:_MAX_QUOTED]}…"


def one_line(text: object) -> str:
    """Return a text on one line, with control and bidirectional characters escaped.

    Nobody's text can forge a line of a log, or give commands to a terminal.
    """
    found = str(text)
    if found.isprintable():
        return found
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in found
    )


def nearest(name: object, known: Iterable[str], where: str = "") -> str:
    """Return a hint for an unknown name: the known names that may be meant, or all of them.

    If there are many, it has the three most similar ones, and `where` to find the others.
    """
    import difflib  # noqa: PLC0415 only where something is wrong

    names = sorted(known)
    folded = {each.casefold(): each for each in names}
    sent = str(name)[:_MAX_QUOTED].casefold()
    meant = [each for each in folded if sent and each.startswith(sent)]
    if len(meant) != 1:
        meant = [each for each in folded if _words(sent) <= _words(each)]
    if not meant:
        meant = difflib.get_close_matches(sent, folded, 1, _MIN_SIMILARITY)
    if len(meant) == 1:
        return f"did you mean {folded[meant[0]]}?"
    if 1 < len(meant) < min(len(names), _MOST_SIMILAR + 1):
        *others, last = [folded[each] for each in meant]
        return f"did you mean {', '.join(others)} or {last}?"
    if not names:
        return "there are none"
    if len(names) <= _MAX_LISTED:
        return f"choose from {', '.join(names)}"
    return f"the most similar are {_most_similar(name, names, where)}"


def one_of(value: object, possible: Collection[str], where: str = "") -> str:
    """Return a hint for a wrong value: all possible ones, or the three most similar of many."""
    if len(possible) <= _MAX_LISTED:
        return f"must be one of {', '.join(possible)}"
    similar = _most_similar(value, list(possible), where)
    return f"must be one of {len(possible)} values, the most similar are {similar}"


def _most_similar(value: object, names: list[str], where: str) -> str:
    """List the names that have the most words and letters in common with a value."""
    import difflib  # noqa: PLC0415 only where something is wrong

    sent = str(value)[:_MAX_QUOTED].casefold()
    words = _words(sent)

    def similarity(name: str) -> float:
        letters = difflib.SequenceMatcher(None, sent, name.casefold()).ratio()
        others = _words(name.casefold())
        return letters + len(words & others) / len(words | others)

    some = sorted(names, key=similarity, reverse=True)[:_MOST_SIMILAR]
    return f"{', '.join(some)}{f' (see {where} for all)' if where else ''}"


def _words(name: str) -> set[str]:
    return set(name.replace("-", "_").split("_"))
