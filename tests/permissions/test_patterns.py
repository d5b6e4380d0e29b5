"""Patterns with wildcards, compared with those of file names."""

from __future__ import annotations

from fnmatch import fnmatchcase

from hypothesis import example, given
from hypothesis import strategies as st

from pinpoint_sms_emu.permissions import patterns


@given(st.text("*?ab", max_size=12), st.text("ab\n", max_size=12))
@example("**", "")
@example("a*?", "a")
def test_any_pattern(pattern, text):
    """A pattern of * and ? matches the same texts as that of a file's name."""
    assert patterns.matches(pattern, text) is fnmatchcase(text, pattern)


def test_many_wildcards_are_matched_quickly():
    """Without an answer, the call that is checked, and all others, would wait for minutes."""
    pattern = "*a" * 30 + "*b"

    assert not patterns.matches(pattern, "a" * 300)
    assert patterns.matches(pattern, "a" * 300 + "b")
