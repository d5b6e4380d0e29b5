"""Finds one-time codes and links in messages.

AWS has neither. The rules are this project's own, and are tested with typical texts of services.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final, NamedTuple, TypeAlias

# The maximum distance of a code from a word such as "code", in characters.
_NEAR: Final = 60
_MAX_CODES: Final = 2
# Longer than any text message; only this many characters are searched.
_MAX_READ: Final = 2_000
# The usual length of a code: without a word such as "code", only numbers of this length count.
_USUAL_LENGTH: Final = 6
_SHORTEST: Final = 4

# Words that announce a code, in the most spoken languages. Chinese has no spaces between words.
_CODE_WORD: Final = re.compile(
    r"cod(?:e|es|ice|igo)\b|código|\bpins?\b|\botp\b|passcode|password|passwort|kennwort|verif|"
    r"token|\btan\b|kod|код|κωδικ|קוד|کد|รหัส|验证码|驗證碼|認証|コード|인증|رمز|कोड",
    re.IGNORECASE,
)
# The text between such a word and its code: "Your code is 482913".
_IS: Final = re.compile(
    r"(?:\b(?:is|are|est|ist|lautet|es|è|é)\s|[:\uff1a=]|\s[-\u2013\u2014]\s|は)\s*[\"'“„«(<\[]?$",
    re.IGNORECASE,
)
# The text after a code that comes first: "482913 is your code".
_IS_A_CODE: Final = re.compile(r"[\"'”“»)>\]]?\s*(?:is|est|ist|es|è|é)\s", re.IGNORECASE)
_SENTENCE_ENDS: Final = re.compile(r"[.!?;。]\s|\n")
# Words before numbers that are not codes.
_OTHER_NUMBER: Final = re.compile(
    r"(?:order|invoice|reference|ref|ticket|booking|reservation|flight|tracking|parcel|package|"
    r"customer|account|card|room|gate|table|bill|receipt|transaction|case|call|dial|text|zip|"
    r"ending(?: in)?|bestellung|rechnung|kunde|konto|commande|facture|pedido|factura|ordine|"
    r"fattura|zamówienie|заказ|заказа|订单|訂單|注文)"
    r"(?:\s?(?:number|nr|no|num|id|nummer|numéro|número|numero))?[.:]?\s?(?:n[.°º]\s?)?#?\s?$",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"(?:19|20)\d\d")

# The domain-bound format for browsers, "@example.com #123456", which is unambiguous.
_BOUND_TO_A_SITE: Final = re.compile(r"^@\S+ #(\w{4,10})\s*$", re.MULTILINE)
# Digits that are not part of a longer number, an amount, a date, a phone number or an address.
_DIGITS: Final = re.compile(
    r"(?<![A-Za-z\d])(?<![A-Za-z\d][-./])(?<!\d[ ,:])(?<![+$€£¥=&%])(?<![+$€£¥=&%] )"
    r"(?:\d{3}[- ]\d{3}|\d{2} \d{2} \d{2}|\d{4}[- ]\d{4}|\d{4,8})"
    r"(?![A-Za-z\d%]|[-.,:/ ]\d| ?[€£¥]|-[A-Za-z])"
)
# Digits that are spoken one by one: "4, 0, 9, 1, 7, 7", "4 0 9 1 7 7".
_ONE_BY_ONE: Final = re.compile(r"(?<!\d)\d(?:[,.]? \d|,\d){3,7}(?!\d)")
# Capital letters and digits, with or without dashes: G-123456, 7KX-Q2M, A1B2C3.
_LETTERS_AND_DIGITS: Final = re.compile(
    r"(?<![\w$€£¥=&%@/.+-])(?=[A-Z\d-]*\d)(?=[A-Z\d-]*[A-Z])[A-Z\d]+(?:-[A-Z\d]+){0,3}"
    r"(?![\w%@/-]|\.\w)"
)
# Only letters, which are a code only after such words: "Your code is KXQMZP".
_LETTERS: Final = re.compile(r"(?<![\w.@/-])[A-Z]{4,10}(?![\w@/-]|\.\w)")

# A web address, without punctuation that follows it.
_LINK: Final = re.compile(r"\bhttps?://[^\s<>\"]+[^\s<>\".,:;!?'()\[\]{}]", re.IGNORECASE)


# The start and end of a word.
_Span: TypeAlias = tuple[int, int]


class _Doubt(IntEnum):
    """The uncertainty that a part of a text is a code."""

    SAID = 0  # "Your code is 482913."
    BESIDE = 1  # "Use code 482913."
    NEAR = 2  # "Enter 482913 to verify your number."
    NONE_SAID = 3  # There is no word such as "code" near it.


class _Candidate(NamedTuple):
    """A part of a text that may be a code. The most likely one sorts first."""

    doubt: _Doubt
    distance: int
    start: int
    code: str


def find_links(text: str | None) -> list[str]:
    """Return the web addresses in a text, in order and without duplicates."""
    return list(dict.fromkeys(_LINK.findall(text or "")))


def find_codes(text: str | None) -> list[str]:
    """Return the one-time codes in a text as users type them, the most likely first.

    Separators between digits are removed; a code with letters keeps its dashes.
    """
    if not text:
        return []
    if bound := _BOUND_TO_A_SITE.search(text):
        return [bound[1]]
    # Addresses are replaced by slashes of the same length, so that positions do not change.
    text = _LINK.sub(lambda link: "/" * len(link[0]), text[:_MAX_READ])
    words = [(word.start(), word.end()) for word in _CODE_WORD.finditer(text)]
    candidates = sorted(_candidates(text, words))
    if not words:
        candidates = [each for each in candidates if len(each.code) == _USUAL_LENGTH]
    if not candidates:
        return []
    least = candidates[0].doubt
    likely = (each.code for each in candidates if each.doubt == least)
    return list(dict.fromkeys(likely))[:_MAX_CODES]


def _candidates(text: str, words: list[_Span]) -> Iterator[_Candidate]:
    taken: list[re.Match[str]] = []
    forms = (_LETTERS_AND_DIGITS, _DIGITS, _ONE_BY_ONE, _LETTERS) if words else (_DIGITS,)
    for form in forms:
        for match in form.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if _overlaps(match, taken) or _OTHER_NUMBER.search(before):
                continue
            doubt, distance = _doubt(text, words, match)
            if not _may_be_a_code(form, match[0], doubt):
                continue
            taken.append(match)
            is_digits = form in (_DIGITS, _ONE_BY_ONE)
            code = re.sub(r"\D", "", match[0]) if is_digits else match[0]
            yield _Candidate(doubt, distance, match.start(), code)


def _overlaps(match: re.Match[str], taken: list[re.Match[str]]) -> bool:
    return any(match.start() < each.end() and each.start() < match.end() for each in taken)


def _may_be_a_code(form: re.Pattern[str], piece: str, doubt: _Doubt) -> bool:
    """Return whether a part of this form can be a code, with this uncertainty."""
    if doubt is _Doubt.SAID:
        return True
    if form is _LETTERS:
        return False
    if form is _LETTERS_AND_DIGITS:
        return doubt is not _Doubt.NONE_SAID and len(piece) >= _SHORTEST
    return not _YEAR.fullmatch(piece)


def _doubt(text: str, words: list[_Span], match: re.Match[str]) -> tuple[_Doubt, int]:
    """Return the uncertainty that a match is a code, and the distance of the nearest word."""
    found = [(_Doubt.NONE_SAID, len(text))]
    for start, end in words:
        if end <= match.start() <= end + _NEAR:
            between = text[end : match.start()]
            is_said = _IS.search(between) is not None
        elif match.end() <= start <= match.end() + _NEAR:
            between = text[match.end() : start]
            is_said = _IS_A_CODE.match(between) is not None
        else:
            continue
        if _SENTENCE_ENDS.search(between):
            continue
        beside = _Doubt.NEAR if between.strip() else _Doubt.BESIDE
        found.append((_Doubt.SAID if is_said else beside, len(between)))
    return min(found)
