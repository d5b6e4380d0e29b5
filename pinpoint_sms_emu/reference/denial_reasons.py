"""The reasons for which registrations are denied, read from their data file on first use."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from pinpoint_sms_emu.reference import data_files

_GUIDE: Final = "https://docs.aws.amazon.com/sms-voice/latest/userguide/"
_TITLES: Final = {
    "understanding-rejection-reasons": "Understanding rejection reasons",
    "rcs-compliance-denial-reasons": "RCS registration denial reasons",
}
_DEFAULT_PAGE: Final = "understanding-rejection-reasons"


def describe(reason: str) -> dict[str, str]:
    """Describe a reason as DeniedReasons does: one by its code or title, or any other text."""
    entries = _reasons()
    entry = entries.get(reason) or next(
        (each for each in entries.values() if each["title"] == reason), None
    )
    if entry is None:
        entry = {
            "title": reason,
            "short_description": reason,
            "long_description": f"{reason} Create a new version with corrections, and submit it.",
            "page": _DEFAULT_PAGE,
        }
    return {
        "reason": entry["title"],
        "short_description": entry["short_description"],
        "long_description": entry["long_description"],
        "documentation_title": _TITLES[entry["page"]],
        "documentation_link": f"{_GUIDE}{entry['page']}.html",
    }


@cache
def _reasons() -> Mapping[str, dict[str, str]]:
    entries: Mapping[str, dict[str, str]] = data_files.read("denial_reasons")["reasons"]
    return entries
