"""Segments of a text: its size, characters that need Unicode, replacements, and price."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.messaging.sending.parts import segment
from pinpoint_sms_emu.messaging.sending.segments import segments


@pytest.mark.parametrize(
    ("text", "encoding", "parts", "units", "left"),
    [
        ("", "GSM", 1, 0, 160),
        ("a" * 160, "GSM", 1, 160, 0),
        ("a" * 161, "GSM", 2, 161, 145),
        ("€" * 80, "GSM", 1, 160, 0),
        # An escape pair does not cross the end of a part: 76 pairs fill 152 of 153 units.
        ("€" * 81, "GSM", 2, 162, 143),
        ("社" * 70, "Unicode", 1, 70, 0),
        ("社" * 71, "Unicode", 2, 71, 63),
        ("😀" * 35, "Unicode", 1, 70, 0),
    ],
)
def test_the_size_of_a_text(text, encoding, parts, units, left):
    """A text is measured in the units of its encoding, with the room that its last part has."""
    found = segments(text)

    assert found["encoding"] == encoding
    assert (found["parts"], found["units"], found["characters_left"]) == (parts, units, left)


@given(st.text(max_size=400))
def test_the_size_is_what_is_sent(text):
    """A message with this text has the same size, and what is left fits into its last part."""
    found = segments(text)
    sent = segment(text)

    assert (found["encoding"], found["parts"]) == (sent.encoding, sent.number)
    assert segment(text + "a" * found["characters_left"]).number == found["parts"]
    assert segment(text + "a" * (found["characters_left"] + 1)).number == found["parts"] + 1


def test_characters_that_force_unicode():
    """Each character that the GSM alphabet lacks is listed once, with a possible replacement."""
    found = segments("“It\u2019s” — it\u2019s 社, ça va…")["forcing"]

    assert [(each["character"], each["suggestion"]) for each in found] == [
        ("“", '"'),
        ("\u2019", "'"),
        ("”", '"'),
        ("—", "-"),
        ("社", None),
        ("ç", "c"),
        ("…", "..."),
    ]
    assert found[0]["name"] == "LEFT DOUBLE QUOTATION MARK"


def test_prices():
    """The price of the whole text is returned for the requested countries, in US dollars."""
    assert segments("a" * 161)["prices"] == {}
    assert segments("a" * 161, country="US")["prices"] == {"US": 0.02362}
    assert segments("a", country=["US", "ES"])["prices"] == {"US": 0.01181, "ES": 0.06087}


@pytest.mark.parametrize("country", ["CU", "XX", "us", "", 1, ["US", "XX"]])
def test_countries_that_sms_does_not_reach(country):
    """A country that does not exist, or without SMS, is a ValueError."""
    with pytest.raises(ValueError, match="country must be the ISO code"):
        segments("a", country=country if country != 1 else [1])


def test_a_text_is_text():
    """A value that is not a text is a ValueError."""
    with pytest.raises(ValueError, match="text must be a text"):
        segments(b"abc")
