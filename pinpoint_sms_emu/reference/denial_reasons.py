"""The reasons of denied registrations, read from their data file on first use."""

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
    """Return the members of DeniedReasons for a reason: a code, a title, or any other text."""
    entries = _reasons()
    entry = entries.get(reason) or next(
        (each for each in entries.values() if each["title"] == reason), _without_description(reason)
    )
    return {
        "reason": entry["title"],
        "short_description": entry["short_description"],
        "long_description": entry["long_description"],
        "documentation_title": _TITLES[entry["page"]],
        "documentation_link": f"{_GUIDE}{entry['page']}.html",
    }


def _without_description(title: str) -> dict[str, str]:
    sentence = title if title.endswith(".") else f"{title}."
    return {
        "title": title,
        "short_description": title,
        "long_description": f"{sentence} Create a new version with corrections, and submit it.",
        "page": _DEFAULT_PAGE,
    }


@cache
def _reasons() -> Mapping[str, dict[str, str]]:
    data = data_files.read("denial_reasons")
    described: dict[str, dict[str, str]] = data["reasons"]
    titles: dict[str, str] = data["titles"]
    return {code: _without_description(title) for code, title in titles.items()} | described
