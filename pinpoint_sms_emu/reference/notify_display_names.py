"""The review of Notify display names, with lists of words in a data file."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from pinpoint_sms_emu.reference import data_files

_SEPARATORS: Final = re.compile(r"[ _-]+")


def reason_to_reject(display_name: str) -> str | None:
    """Return why a name is rejected, or None."""
    words = _words(display_name)
    if not words.isdisjoint(_listed("profanity")):
        return "The display name contains profanity."
    if not words.isdisjoint(_listed("url")):
        return "The display name contains a URL."
    return None


def is_of_a_brand(display_name: str) -> bool:
    """Return whether a name is that of a well-known brand, which must be verified."""
    whole = _SEPARATORS.sub("", display_name).lower()
    return not {*_words(display_name), whole}.isdisjoint(_listed("brands"))


def _words(display_name: str) -> set[str]:
    return set(_SEPARATORS.split(display_name.lower()))


@cache
def _listed(name: str) -> frozenset[str]:
    return frozenset(data_files.read("notify_display_names")[name])
