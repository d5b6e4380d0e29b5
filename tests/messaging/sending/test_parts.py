"""Message parts: encodings, lengths, and characters that must stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.messaging.sending.parts import Parts, segment

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = "^{}\\[]~|€"

gsm_texts = st.text(st.sampled_from(BASIC + EXTENDED), max_size=1600)
basic_texts = st.text(st.sampled_from(BASIC), max_size=1600)
texts = st.text(max_size=800)


@pytest.mark.rule("text-parts")
@pytest.mark.parametrize(
    ("length", "count"),
    [(0, 1), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (1530, 10), (1600, 11)],
)
def test_gsm_lengths(length, count):
    """GSM text holds 160 characters in one part and 153 in each of several."""
    assert segment("a" * length) == Parts("GSM", count)


@pytest.mark.rule("text-parts")
@pytest.mark.parametrize(
    ("length", "count"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (630, 10), (1600, 24)]
)
def test_unicode_lengths(length, count):
    """Other text holds 70 characters in one part and 67 in each of several."""
    assert segment("社" * length) == Parts("Unicode", count)


@pytest.mark.rule("text-encoding")
def test_all_of_the_gsm_alphabet_is_gsm():
    """Every character of the basic set takes one unit: two copies of 127 are two parts."""
    assert len(BASIC) == 127
    assert segment(BASIC) == Parts("GSM", 1)
    assert segment(BASIC + BASIC[:34]) == Parts("GSM", 2)


@pytest.mark.rule("text-encoding")
@pytest.mark.parametrize("character", EXTENDED)
def test_extended_characters_count_two(character):
    """An extension character takes two units: eighty fit into one part, not eighty-one."""
    assert segment(character * 80) == Parts("GSM", 1)
    assert segment(character * 80 + "a") == Parts("GSM", 2)


@pytest.mark.rule("text-encoding")
def test_an_escape_pair_is_not_split():
    """An extension character that meets the end of a part moves to the next one."""
    assert segment("a" * 152 + "a" + "a" * 153) == Parts("GSM", 2)
    assert segment("a" * 152 + "€" + "a" * 152) == Parts("GSM", 3)
    assert segment("a" * 151 + "€" + "a" * 153) == Parts("GSM", 2)


@pytest.mark.rule("text-encoding")
def test_a_surrogate_pair_is_not_split():
    """A character outside the basic plane takes two units, which stay in one part."""
    assert segment("😀" * 35) == Parts("Unicode", 1)
    assert segment("😀" * 36) == Parts("Unicode", 2)
    assert segment("😀" * 67) == Parts("Unicode", 3)


@pytest.mark.rule("text-encoding")
@pytest.mark.parametrize("character", ["\u2019", "ç", "`", "\t", "\f", "\x1b", "ё", "\ud83d"])
def test_one_character_outside_gsm_makes_a_text_unicode(character):
    """A single character outside GSM 03.38 makes the whole text Unicode."""
    assert segment("a" * 69 + character) == Parts("Unicode", 1)
    assert segment("a" * 70 + character) == Parts("Unicode", 2)


@pytest.mark.rule("text-encoding")
@given(gsm_texts)
def test_gsm_characters_stay_gsm(text):
    """A text of GSM characters only has the encoding GSM."""
    assert segment(text).encoding == "GSM"


@given(basic_texts)
def test_parts_of_a_text_without_extension_characters(text):
    """The length alone determines the number of parts."""
    expected = 1 if len(text) <= 160 else (len(text) + 152) // 153
    assert segment(text).number == expected


@given(texts)
def test_parts_are_full(text):
    """The parts hold all units, and no part wastes more than half of a pair."""
    parts = segment(text)
    single, each = (160, 153) if parts.encoding == "GSM" else (70, 67)
    if parts.encoding == "GSM":
        units = sum(2 if character in EXTENDED else 1 for character in text)
    else:
        units = len(text.encode("utf-16-le", "surrogatepass")) // 2

    if units <= single:
        assert parts.number == 1
    else:
        assert -(-units // each) <= parts.number <= -(-units // (each - 1))


@given(texts, texts)
def test_more_text_never_takes_fewer_parts(text, more):
    """A longer text never costs less."""
    assert segment(text + more).number >= segment(text).number
