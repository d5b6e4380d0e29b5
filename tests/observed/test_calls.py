"""The emulator's answers equal those observed on AWS, call by call."""

from pathlib import Path

import pytest

import pinpoint_sms_emu
from observe.reading import observations
from tests.observed.answering import answer_differences, texts_in
from tests.observed.table import as_parameters, unexplained

PACKAGE = Path(pinpoint_sms_emu.__file__).parent
TEXTS = (".py", ".toml", ".json")

CALLS = [each for each in observations() if each.operation and each.request is not None]
WORDS = [each for each in observations() if each.operation and each.request is None]


@pytest.mark.since("1.44.5")
@pytest.mark.parametrize("observation", as_parameters(CALLS))
def test_answers_equal_the_observed_ones(observation):
    """The same call has the same answer, as far as AWS's is known."""
    remaining = unexplained(observation.name, answer_differences(observation))

    assert not remaining, "\n".join(remaining)


@pytest.mark.parametrize("observation", as_parameters(WORDS))
def test_listed_values_are_in_the_product(observation):
    """Values that AWS's texts list are in the product."""
    product = "".join(path.read_text() for path in PACKAGE.rglob("*.*") if path.suffix in TEXTS)

    missing = [word for word in texts_in(observation.answer) if word not in product]

    assert unexplained(observation.name, [f"{word}: is missing" for word in missing]) == []
