"""Documents with long lists are encoded a few entries at a time, and are the same documents."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.emulator import engine_of
from pinpoint_sms_emu.persistence import long_lists
from pinpoint_sms_emu.persistence.long_lists import LongList, LongObject
from tests.persistence.folders import state_in

# All texts that a state can have: of Unicode characters, without lone surrogates.
TEXTS = st.text()
DOCUMENTS = st.dictionaries(TEXTS, TEXTS | st.lists(TEXTS) | st.dictionaries(TEXTS, TEXTS))


def with_long_lists(document):
    """Return a document whose lists and inner objects are long ones."""
    return {
        name: LongList(value, str)
        if isinstance(value, list)
        else LongObject(value.items(), tuple)
        if isinstance(value, dict)
        else value
        for name, value in document.items()
    }


@given(DOCUMENTS)
def test_any_document(document):
    """Texts and names, whatever they are, do not change."""
    encoded = "".join(long_lists.encode_in_parts(with_long_lists(document)))

    assert json.loads(encoded) == document


@pytest.mark.parametrize("text", ["\U00010000", "\x00\x01\x02later0", r"\ud8000", '"\\ud8000"'])
def test_a_text_that_resembles_the_mark_of_a_list(kept, folder, text):
    """A text is never taken for the mark of a list, so the folder can be read again."""
    number = kept.add_number("+12065550100")
    engine_of(kept).call(
        "PutKeyword",
        {"OriginationIdentity": number.id, "Keyword": "YES", "KeywordMessage": text},
    )

    kept.close()

    [read] = state_in(folder)["accounts"][0]["phone_numbers"]
    assert read["keywords"]["YES"]["message"] == text
