"""Message parts: the number of short messages that a text needs, in GSM 03.38 or in UCS-2.

The characters and lengths are those of the user guide's page "SMS character limits". 3GPP TS
23.040: a character of two units is never split between parts.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

# "each of these characters is counted as two characters because it also includes an invisible
# escape character". GSM 03.38 has a form feed here too; the user guide does not list it.
_EXTENDED: Final = frozenset("^{}\\[]~|€")

_GSM: Final = _BASIC | _EXTENDED

_GSM_SINGLE: Final = 160
_GSM_EACH: Final = 153
_UNICODE_SINGLE: Final = 70
_UNICODE_EACH: Final = 67
_MAX_PARTS: Final = 10
_MAX_UNICODE: Final = 630
# User guide, "United States pricing model": RCS messages "are metered per 160-character segment".
_RCS_EACH: Final = 160
_LAST_OF_ONE_UNIT: Final = "\uffff"


class Parts(NamedTuple):
    """The encoding of a text, with AWS's names, and the number of its parts."""

    encoding: str
    number: int


def segment(body: str) -> Parts:
    """Return the encoding and the number of parts of a text."""
    if _BASIC.issuperset(body):
        return Parts("GSM", _count(len(body), _GSM_SINGLE, _GSM_EACH))
    if _GSM.issuperset(body):
        doubled = [character in _EXTENDED for character in body]
        return Parts("GSM", _count_whole(doubled, _GSM_SINGLE, _GSM_EACH))
    doubled = [character > _LAST_OF_ONE_UNIT for character in body]
    return Parts("Unicode", _count_whole(doubled, _UNICODE_SINGLE, _UNICODE_EACH))


class Size(NamedTuple):
    """The encoding, parts and units of a text, and the free units of its last part."""

    encoding: str
    parts: int
    units: int
    units_left: int


def measure(body: str) -> Size:
    """Return the size of a text; `segment` returns less, but is faster."""
    if _GSM.issuperset(body):
        encoding, single, each = "GSM", _GSM_SINGLE, _GSM_EACH
        doubled = [character in _EXTENDED for character in body]
    else:
        encoding, single, each = "Unicode", _UNICODE_SINGLE, _UNICODE_EACH
        doubled = [character > _LAST_OF_ONE_UNIT for character in body]
    units = len(doubled) + sum(doubled)
    if units <= single:
        return Size(encoding, 1, units, single - units)
    count, used = _fill(doubled, each)
    return Size(encoding, count, units, each - used)


def is_gsm(character: str) -> bool:
    """Return whether the GSM alphabet has a character, with or without an escape."""
    return character in _GSM


def is_too_long(body: str, parts: Parts) -> bool:
    """Return whether a text is too long to be delivered, although it can be sent.

    User guide, "SMS character limits": "The maximum supported size of any message is 1530 GSM
    characters or 630 non-GSM characters".
    """
    if parts.number > _MAX_PARTS:
        return True
    is_unicode = parts.encoding == "Unicode"
    return is_unicode and parts.number == _MAX_PARTS and _units(body) > _MAX_UNICODE


def _units(body: str) -> int:
    """Return the number of UCS-2 units of a text."""
    return len(body) + sum(character > _LAST_OF_ONE_UNIT for character in body)


def rcs_segments(text: str, iso_country_code: str) -> int:
    """Return the number of billed segments of an RCS text: one outside of the United States."""
    return max(1, -(-len(text) // _RCS_EACH)) if iso_country_code == "US" else 1


def _count(units: int, single: int, each: int) -> int:
    """Return the number of parts of a text with one unit per character."""
    # An empty text is sent as one message.
    return 1 if units <= single else -(-units // each)


def _count_whole(doubled: list[bool], single: int, each: int) -> int:
    """Return the number of parts of a text in which some characters have two units."""
    units = len(doubled) + sum(doubled)
    if units <= single or not any(doubled):
        return _count(units, single, each)

    return _fill(doubled, each)[0]


def _fill(doubled: list[bool], each: int) -> tuple[int, int]:
    """Fill parts with `each` units; return their number, and the units in the last part."""
    count, used = 1, 0
    for takes_two in doubled:
        width = 2 if takes_two else 1
        if used + width > each:
            count, used = count + 1, 0
        used += width
    return count, used
