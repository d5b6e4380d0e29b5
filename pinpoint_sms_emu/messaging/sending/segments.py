"""`segments`: how a text is sent as SMS, for users who write texts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final, TypedDict

from pinpoint_sms_emu.messaging.sending import parts
from pinpoint_sms_emu.reference.countries import country as find_country
from pinpoint_sms_emu.reference.prices import text_price
from pinpoint_sms_emu.wording import quoted

# Replacements from the GSM alphabet for typographic characters.
_SUGGESTIONS: Final = {
    **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2022\u00b7", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
    "\u2026": "...",
    "\u00d7": "x",
    "\u2122": "TM",
    "\u00a9": "(c)",
    "\u00ae": "(R)",
}


class ForcingCharacter(TypedDict):
    """A character that is not in the GSM alphabet, so that the whole text needs Unicode."""

    character: str
    # The Unicode name.
    name: str
    # A similar character in the GSM alphabet, or None.
    suggestion: str | None


class Segments(TypedDict):
    """How a text is sent as SMS, and what it costs."""

    encoding: str
    parts: int
    # Septets of the GSM alphabet, or UTF-16 code units.
    units: int
    # The number of further characters of one unit that fit into the last part.
    characters_left: int
    forcing: list[ForcingCharacter]
    # The price of the whole text in US dollars, by country.
    prices: dict[str, float]


def segments(text: str, *, country: str | Iterable[str] | None = None) -> Segments:
    """Return how a text is sent as SMS: encoding, parts, and characters that force Unicode.

    `country` is an ISO code such as "US", or several: `prices` then has the price of the text in
    each, in US dollars. Raises a ValueError for a country without SMS.

        segments("Your code is 482913")["parts"]  # 1
        segments("30 °C")["forcing"]  # "°" is not in the GSM alphabet
    """
    if not isinstance(text, str):
        raise ValueError(f"text must be a text, not {quoted(text)}")
    codes: tuple[str, ...] = ()
    if isinstance(country, Iterable) and not isinstance(country, str):
        codes = tuple(country)
    elif country is not None:
        codes = (country,)
    for code in codes:
        _must_be_a_country(code)

    size = parts.measure(text)
    forcing = list(dict.fromkeys(each for each in text if not parts.is_gsm(each)))
    return Segments(
        encoding=size.encoding,
        parts=size.parts,
        units=size.units,
        characters_left=size.units_left,
        forcing=[_forcing(each) for each in forcing],
        prices={code: float(text_price(code).times(size.parts).total) for code in codes},
    )


def _must_be_a_country(code: object) -> None:
    place = find_country(code) if isinstance(code, str) else None
    if place is None or not place.served:
        raise ValueError(
            f"country must be the ISO code of a country with SMS, such as US, not {quoted(code)}"
        )


def _forcing(character: str) -> ForcingCharacter:
    name = unicodedata.name(character, f"U+{ord(character):04X}")
    return ForcingCharacter(character=character, name=name, suggestion=_suggestion(character))


def _suggestion(character: str) -> str | None:
    """Return a similar character of the GSM alphabet, such as the letter without its accent."""
    if character in _SUGGESTIONS:
        return _SUGGESTIONS[character]
    decomposed = unicodedata.normalize("NFKD", character)
    plain = "".join(each for each in decomposed if not unicodedata.combining(each))
    return plain if plain and all(map(parts.is_gsm, plain)) else None
