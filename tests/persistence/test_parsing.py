"""Parsing large documents in steps, compared with Python's decoder."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pinpoint_sms_emu.persistence import parsing

names = st.sampled_from(["accounts", "messages", "kept", "", "é"])
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=30,
)


@given(values, st.sampled_from([None, 1, "\t"]))
def test_any_document(value, indent):
    """The result is that of Python's decoder, with any white space."""
    assert parsing.parse(f" {json.dumps(value, indent=indent)}\n") == value


@given(values.map(json.dumps), st.data())
def test_any_damaged_document(text, data):
    """A text is refused if and only if Python's decoder refuses it."""
    at = data.draw(st.integers(0, len(text)))
    damaged = (
        text[:at]
        + data.draw(st.sampled_from(["", ",", "]", "}", '"', ":", "["]))
        + text[at + data.draw(st.integers(0, 1)) :]
    )
    try:
        expected = json.loads(damaged)
    except ValueError:
        with pytest.raises(ValueError, match=r"line \d+ column \d+"):
            parsing.parse(damaged)
    else:
        assert parsing.parse(damaged) == expected


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_constants_are_refused(name):
    """Python's decoder takes names that are not JSON."""
    with pytest.raises(ValueError, match=f"{name} is not JSON"):
        parsing.parse(f'{{"messages": [{name}]}}')
