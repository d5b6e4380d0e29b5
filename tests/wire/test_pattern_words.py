"""Every regular expression that a text must match is said in words, which are true of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import botocore.session
import pytest

from pinpoint_sms_emu.reference.notify_templates import notify_templates
from pinpoint_sms_emu.reference.registration_forms import registration_types
from pinpoint_sms_emu.wire.pattern_words import in_words


def patterns() -> Iterator[str]:
    """Those of both services, of CloudFormation's schemas, and of registration forms."""
    for service in ("pinpoint-sms-voice-v2", "sns"):
        model = botocore.session.get_session().get_service_model(service)
        shapes = [model.shape_for(name) for name in model.shape_names]
        yield from (each.metadata["pattern"] for each in shapes if "pattern" in each.metadata)
    schemas = files("pinpoint_sms_emu.reference").joinpath("data/cloudformation.json")
    yield from within(json.loads(schemas.read_text("utf-8")))
    for form in registration_types().values():
        yield from (
            each.text_validation.pattern for each in form.fields.values() if each.text_validation
        )
    for template in notify_templates().values():
        yield from (each.pattern for each in template.variables.values() if each.pattern)


def within(document: Any) -> Iterator[str]:
    """The values of the members `pattern` within a document."""
    if isinstance(document, list):
        for each in document:
            yield from within(each)
    elif isinstance(document, dict):
        if isinstance(document.get("pattern"), str):
            yield document["pattern"]
        for each in document.values():
            yield from within(each)


@pytest.mark.parametrize("pattern", sorted(set(patterns())))
def test_a_pattern_is_said_in_words(pattern: str):
    """No expression is shown, and an example in the words matches it."""
    words = in_words(pattern)

    assert words.startswith("must ")
    assert not re.search(r"[\\^$*\[(?]|\+[^1]", words.replace(" +", " plus")), words
    for example in re.findall(r"such as ([^\s,]+)", words):
        expression = pattern.replace("(?i)", "")
        assert re.fullmatch(expression, example, re.ASCII | re.IGNORECASE), example


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("[A-Za-z0-9_-]+", "must have only letters, digits, _ and -"),
        (r"^[/\.:A-Za-z0-9+_-]+$", "must have only letters, digits and the characters / . : + _ -"),
        (r"^\d{9}$", "must be 9 digits"),
        (r"^\d{4,8}$", "must be 4 to 8 digits"),
        ("^US$", "must be US"),
        ("[a-f]+", "must match [a-f]+"),
        ("(ab)+", "must match (ab)+"),
    ],
)
def test_sets_of_characters_are_translated(pattern: str, words: str):
    """Whatever is more than a set of characters, and is not known, is shown as it is."""
    assert in_words(pattern) == words
